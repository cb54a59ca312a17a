"""A safe reader of formulas: what a stranger writes becomes a SymPy expression and never runs as Python.

Grammar, by rising strength: `+ -`, `* /`, unary `-`, `**` (or `^`, to the right), calls and parentheses.

>>> parse("z*sigmoid(z)", ["z"])
z*sigmoid(z)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import sympy as sp
from sympy import Expr

from chalkgrad.algebra.functions import maximum, minimum, relu, sigmoid, softplus
from chalkgrad.algebra.ops import formal
from chalkgrad.algebra.order import add, minus, mul, over, power
from chalkgrad.errors import FormulaError, advised, did_you_mean
from chalkgrad.messages import Message

FUNCTIONS: dict[str, tuple[int, Callable[..., Expr]]] = {
    "sqrt": (1, lambda u: sp.Pow(u, sp.Rational(1, 2), evaluate=False)),
    "exp": (1, lambda u: sp.exp(u, evaluate=False)),
    "log": (1, lambda u: sp.log(u, evaluate=False)),
    "sin": (1, lambda u: sp.sin(u, evaluate=False)),
    "cos": (1, lambda u: sp.cos(u, evaluate=False)),
    "tanh": (1, lambda u: sp.tanh(u, evaluate=False)),
    "arctan": (1, lambda u: sp.atan(u, evaluate=False)),
    "erf": (1, lambda u: sp.erf(u, evaluate=False)),
    "abs": (1, lambda u: sp.Abs(u, evaluate=False)),
    "sigmoid": (1, sigmoid),
    "relu": (1, relu),
    "softplus": (1, softplus),
    "max": (2, maximum),
    "min": (2, minimum),
}
"""Every function a formula may call, with the number of its arguments."""

CONSTANTS = {"pi": sp.pi}

MAX_LENGTH = 400
MAX_DEPTH = 40
MAX_EXPONENT = 20
MAX_DIGITS = 40

TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]{1,2})?|\.[0-9]+)|(?P<name>[A-Za-z_]\w*)|(?P<sign>\*\*|[-+*/^(),]))"
)


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    offset: int


def _tokens(text: str) -> list[_Token]:
    found, position = [], 0
    end = len(text.rstrip())
    while position < end:
        match = TOKEN.match(text, position)
        if match is None:
            start = position + len(text[position:]) - len(text[position:].lstrip())
            raise FormulaError(
                Message('the character "{character}" has no meaning in a formula', character=text[start]), start
            )
        kind = str(match.lastgroup)
        found.append(_Token(kind, match[kind], match.start(kind)))
        position = match.end()
    return [*found, _Token("end", Message("the end"), end)]


@dataclass
class _Parser:
    tokens: list[_Token]
    variables: dict[str, Expr]
    position: int = 0
    depth: int = 0
    names: list[str] = field(default_factory=list)

    @property
    def token(self) -> _Token:
        return self.tokens[self.position]

    def take(self, *texts: str) -> _Token | None:
        token = self.token
        if token.kind == "sign" and token.text in texts:
            self.position += 1
            return token
        return None

    def expect(self, text: str) -> None:
        if self.take(text) is None:
            message = Message('found "{found}" where "{sign}" was expected', found=self.token.text, sign=text)
            raise FormulaError(message, self.token.offset)

    def sum(self) -> Expr:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            message = Message("the formula is nested more than {most} deep", most=MAX_DEPTH)
            raise FormulaError(message, self.token.offset)
        terms = [self.product()]
        while sign := self.take("+", "-"):
            term = self.product()
            terms.append(minus(term) if sign.text == "-" else term)
        self.depth -= 1
        return add(*terms)

    def product(self) -> Expr:
        result = self.unary()
        while sign := self.take("*", "/"):
            factor = self.unary()
            result = over(result, factor) if sign.text == "/" else mul(*_factors(result), factor)
        return result

    def unary(self) -> Expr:
        if self.take("-"):
            return minus(self.unary())
        self.take("+")
        return self.raised()

    def raised(self) -> Expr:
        base = self.atom()
        sign = self.take("**", "^")
        if sign is None:
            return base
        negative = self.take("-") is not None
        exponent = self.raised()
        if not exponent.is_Rational or abs(exponent) > MAX_EXPONENT:
            raise FormulaError(
                Message(
                    "an exponent must be a number between -{most} and {most}; for a variable one write exp(…)",
                    most=MAX_EXPONENT,
                ),
                sign.offset,
            )
        if not base.free_symbols and not base.is_Rational:
            raise FormulaError(Message("a power of a computed constant: write the number itself"), sign.offset)
        return power(base, -exponent if negative else exponent)

    def atom(self) -> Expr:
        token = self.token
        self.position += 1
        if token.kind == "number":
            if len(token.text) > MAX_DIGITS:
                message = Message("a number of more than {most} characters", most=MAX_DIGITS)
                raise FormulaError(message, token.offset)
            value = Fraction(token.text)
            return sp.Rational(value.numerator, value.denominator)
        if token.kind == "name":
            return self.named(token)
        if token.text == "(" and token.kind == "sign":
            inner = self.sum()
            self.expect(")")
            return inner
        raise FormulaError(
            Message('found "{found}" where a number, a name or "(" was expected', found=token.text), token.offset
        )

    def named(self, token: _Token) -> Expr:
        name = token.text
        if name in FUNCTIONS:
            arity, function = FUNCTIONS[name]
            self.expect("(")
            arguments = [self.sum()]
            while self.take(","):
                arguments.append(self.sum())
            self.expect(")")
            if len(arguments) != arity:
                raise FormulaError(
                    Message(
                        "{function} takes {count} argument, not {given}",
                        many="{function} takes {count} arguments, not {given}",
                        function=name,
                        count=arity,
                        given=len(arguments),
                    ),
                    token.offset,
                )
            return function(*arguments)
        known: dict[str, Expr] = {**CONSTANTS, **self.variables}
        if name in known:
            return known[name]
        unknown = Message('"{name}" is neither a variable nor a function here', name=name)
        raise FormulaError(advised(unknown, did_you_mean(name, [*FUNCTIONS, *known])), token.offset)


def _factors(expression: Expr) -> tuple[Any, ...]:
    # Only a product without division is flattened: x/y*z must stay (x/y)*z.
    is_plain = expression.is_Mul and not any(f.is_Pow and f.exp.is_negative for f in expression.args)
    return tuple(expression.args) if is_plain else (expression,)


def parse(text: str, variables: Iterable[str]) -> Expr:
    """Read a formula in the given variables.

    Raises `FormulaError`, with the offset of the offending character, for everything that is not in the
    grammar: attribute access, indexing, comparisons, unknown names, towers of powers, endless input.
    """
    if len(text) > MAX_LENGTH:
        raise FormulaError(
            Message("a formula of {found} characters; at most {most} are read", found=len(text), most=MAX_LENGTH),
            MAX_LENGTH,
        )
    parser = _Parser(_tokens(text), {name: formal(name) for name in variables})
    expression = parser.sum()
    if parser.token.kind != "end":
        raise FormulaError(
            Message('found "{found}" where the formula should end', found=parser.token.text), parser.token.offset
        )
    return expression
