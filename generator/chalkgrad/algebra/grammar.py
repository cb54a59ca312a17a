"""The grammar of formulas: what a stranger writes is read sign by sign, and never runs as Python.

By rising strength: `+ -`, `* /`, unary `-`, `**` (or `^`, to the right), calls and parentheses.  What is made of
it is up to who reads: an expression of SymPy (`parsing.py`), a condition of an exam.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Generic, NamedTuple, TypeVar

from chalkgrad.errors import FormulaError
from chalkgrad.messages import Message

T = TypeVar("T")

MAX_LENGTH = 400
MAX_DEPTH = 40
MAX_EXPONENT = 20
MAX_DIGITS = 40

NUMBER = r"(?P<number>[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]{1,2})?|\.[0-9]+)"


class Token(NamedTuple):
    """A number, a name or a sign."""

    kind: str
    text: str
    offset: int


def tokens(
    text: str, pattern: re.Pattern[str], longest: Callable[[re.Match[str]], re.Match[str]] = lambda found: found
) -> list[Token]:
    """A formula cut up; the pattern has a group for each kind of token.  `longest` may lengthen what was found.

    Raises `FormulaError` for a text that is too long, and for a character that begins no token.
    """
    if len(text) > MAX_LENGTH:
        raise FormulaError(
            Message("a formula of {found} characters; at most {most} are read", found=len(text), most=MAX_LENGTH),
            MAX_LENGTH,
        )
    found, position = [], 0
    end = len(text.rstrip())
    while position < end:
        match = pattern.match(text, position)
        if match is None:
            start = position + len(text[position:]) - len(text[position:].lstrip())
            raise FormulaError(
                Message('the character "{character}" has no meaning in a formula', character=text[start]), start
            )
        match = longest(match)
        kind = str(match.lastgroup)
        found.append(Token(kind, match[kind], match.start(kind)))
        position = match.end()
    return [*found, Token("end", Message("the end"), end)]


class Grammar(ABC, Generic[T]):
    """Reads tokens from left to right; whoever extends it says what is made of sums, products and names."""

    def __init__(self, found: Sequence[Token]) -> None:
        self.tokens = found
        self.position = 0
        self.depth = 0

    @abstractmethod
    def number(self, value: Fraction) -> T:
        """A number as written."""

    @abstractmethod
    def added(self, terms: Sequence[T]) -> T:
        """A sum; a single term is itself."""

    @abstractmethod
    def negated(self, term: T) -> T:
        """The negative of a term."""

    @abstractmethod
    def multiplied(self, left: T, right: T) -> T:
        """A product."""

    @abstractmethod
    def divided(self, left: T, right: T) -> T:
        """A fraction."""

    @abstractmethod
    def raised_to(self, base: T, exponent: T, sign: Token, *, negative: bool) -> T:
        """A power; `sign` is where it was written."""

    @abstractmethod
    def named(self, token: Token) -> T:
        """What a name stands for; that of a function, with its arguments."""

    @property
    def token(self) -> Token:
        """The next token."""
        return self.tokens[self.position]

    def take(self, *texts: str, kind: str = "sign") -> Token | None:
        """The next token, if it is one of these."""
        token = self.token
        if token.kind == kind and token.text in texts:
            self.position += 1
            return token
        return None

    def expect(self, text: str) -> None:
        """Take a sign, or refuse what stands in its place."""
        if self.take(text) is None:
            message = Message('found "{found}" where "{sign}" was expected', found=self.token.text, sign=text)
            raise FormulaError(message, self.token.offset)

    def expect_end(self) -> None:
        """Refuse what stands after the end."""
        if self.token.kind != "end":
            message = Message('found "{found}" where the formula should end', found=self.token.text)
            raise FormulaError(message, self.token.offset)

    def deeper(self) -> None:
        """One level further in.  Raises `FormulaError` beyond what is read."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            message = Message("the formula is nested more than {most} deep", most=MAX_DEPTH)
            raise FormulaError(message, self.token.offset)

    def sum(self) -> T:
        """Terms with + and −."""
        self.deeper()
        terms = [self.product()]
        while sign := self.take("+", "-"):
            term = self.product()
            terms.append(self.negated(term) if sign.text == "-" else term)
        self.depth -= 1
        return self.added(terms)

    def product(self) -> T:
        """Factors with * and /."""
        result = self.unary()
        while sign := self.take("*", "/"):
            factor = self.unary()
            result = self.divided(result, factor) if sign.text == "/" else self.multiplied(result, factor)
        return result

    def unary(self) -> T:
        """A power, with or without a sign before it."""
        if self.take("-"):
            return self.negated(self.unary())
        self.take("+")
        return self.raised()

    def raised(self) -> T:
        """A power."""
        base = self.atom()
        sign = self.take("**", "^")
        if sign is None:
            return base
        negative = self.take("-") is not None
        return self.raised_to(base, self.raised(), sign, negative=negative)

    def atom(self) -> T:
        """A number, a name, or what stands in parentheses."""
        token = self.token
        self.position += 1
        if token.kind == "number":
            if len(token.text) > MAX_DIGITS:
                message = Message("a number of more than {most} characters", most=MAX_DIGITS)
                raise FormulaError(message, token.offset)
            return self.number(Fraction(token.text))
        if token.kind == "name":
            return self.named(token)
        if token.text == "(" and token.kind == "sign":
            inner = self.sum()
            self.expect(")")
            return inner
        raise FormulaError(
            Message('found "{found}" where a number, a name or "(" was expected', found=token.text), token.offset
        )

    def arguments(self) -> list[T]:
        """What stands in the parentheses after the name of a function."""
        self.expect("(")
        found = [self.sum()]
        while self.take(","):
            found.append(self.sum())
        self.expect(")")
        return found


def wrong_exponent(sign: Token) -> FormulaError:
    """An exponent that is no number, or too large a one."""
    return FormulaError(
        Message(
            "an exponent must be a number between -{most} and {most}; for a variable one write exp(…)",
            most=MAX_EXPONENT,
        ),
        sign.offset,
    )


def wrong_count(function: Token, expected: int, given: int) -> FormulaError:
    """A function with too many or too few arguments."""
    return FormulaError(
        Message(
            "{function} takes {count} argument, not {given}",
            many="{function} takes {count} arguments, not {given}",
            function=function.text,
            count=expected,
            given=given,
        ),
        function.offset,
    )
