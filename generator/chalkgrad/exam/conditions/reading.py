"""A safe reader of conditions: `0.1 < a2[1] < 0.9`, `all(abs(delta1[*]) > 0.01) and not z1[1] == 0`.

Below the grammar of formulas, by falling strength: comparisons in chains, `not`, `and`, `or`; `all(…)` and
`any(…)` over wildcards.  Names are ids; one with a slash is an id wherever a number has it, else a division.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from fractions import Fraction

import sympy as sp

from chalkgrad.algebra.functions import maximum, minimum
from chalkgrad.algebra.grammar import MAX_EXPONENT, NUMBER, Grammar, Token, tokens, wrong_count, wrong_exponent
from chalkgrad.algebra.order import add, minus, mul, over, power
from chalkgrad.algebra.parsing import CONSTANTS, FUNCTIONS
from chalkgrad.errors import FormulaError, advised
from chalkgrad.exam.conditions.assembly import U, V
from chalkgrad.exam.conditions.ids import DERIVATIVE, ID, Ids
from chalkgrad.exam.conditions.language import (
    Amount,
    Applied,
    Claim,
    Comparison,
    Constant,
    Denied,
    Extreme,
    Joined,
    Name,
    Quantified,
    at_least_one,
    both,
    cases,
)
from chalkgrad.exam.conditions.truths import Truth
from chalkgrad.messages import Message

SIGNS = {
    "<": frozenset({-1}),
    "<=": frozenset({-1, 0}),
    ">": frozenset({1}),
    ">=": frozenset({0, 1}),
    "==": frozenset({0}),
    "!=": frozenset({-1, 1}),
}
"""For each comparison the signs that left − right may have."""
JOINS: dict[str, Callable[..., Truth]] = {"all": both, "any": at_least_one}
EXTREMES = {"max": maximum(U, V), "min": minimum(U, V)}
LOGIC = ("and", "or", "not")

TOKEN = re.compile(rf"\s*(?:{NUMBER}|(?P<name>{ID})|(?P<sign>\*\*|[<>=!]=|[-+*/^(),<>=]))")
LONG = re.compile(rf"\s*(?P<name>{DERIVATIVE})")


def read_condition(text: str, ids: Ids) -> Claim:
    """Read a condition on an example's numbers.

    Raises `FormulaError`, with the offset of the offending character, for everything that is not in the grammar.
    """

    def longest(found: re.Match[str]) -> re.Match[str]:
        longer = LONG.match(text, found.start())
        return longer if longer and ids.matches(longer["name"]) else found

    reader = _Condition(text, tokens(text, TOKEN, longest), ids)
    claim = reader.either()
    reader.expect_end()
    for name in claim.names():
        if name.stars:
            message = Message("a * in {id}, with nothing to run over it: write all(…) or any(…)", id=name.text)
            raise FormulaError(message, name.offset)
    return claim


class _Condition(Grammar[Amount]):
    """Makes claims and amounts."""

    def __init__(self, text: str, found: Sequence[Token], ids: Ids) -> None:
        super().__init__(found)
        self.text = text
        self.ids = ids

    # --- claims ------------------------------------------------------------------------------------------------

    def either(self) -> Claim:
        """Claims with `or`."""
        self.deeper()
        parts = [self.several()]
        while self.take("or", kind="name"):
            parts.append(self.several())
        self.depth -= 1
        return Joined(at_least_one, tuple(parts)) if len(parts) > 1 else parts[0]

    def several(self) -> Claim:
        """Claims with `and`."""
        parts = [self.denied()]
        while self.take("and", kind="name"):
            parts.append(self.denied())
        return Joined(both, tuple(parts)) if len(parts) > 1 else parts[0]

    def denied(self) -> Claim:
        """A claim, or `not` one."""
        return Denied(self.denied()) if self.take("not", kind="name") else self.claim()

    def claim(self) -> Claim:
        """A comparison, a quantifier, or a claim in parentheses."""
        token = self.token
        if token.kind == "name" and token.text in JOINS:
            self.position += 1
            self.expect("(")
            inner = self.either()
            self.expect(")")
            cases(inner, token.offset)
            return Quantified(JOINS[token.text], inner)
        if token.text == "(" and token.kind == "sign" and self._encloses_a_claim():
            self.position += 1
            inner = self.either()
            self.expect(")")
            return inner
        return self.comparison()

    def _encloses_a_claim(self) -> bool:
        """Whether what follows the matching parenthesis goes on with neither arithmetic nor a comparison."""
        depth = 0
        for place, token in enumerate(self.tokens[self.position :], self.position):
            depth += {"(": 1, ")": -1}.get(token.text, 0) if token.kind == "sign" else 0
            if not depth:
                after = self.tokens[place + 1]
                return after.kind != "sign" or after.text in (")", ",")
        rest = {token.text for token in self.tokens[self.position :]}  # a parenthesis that nobody closed
        return not rest.isdisjoint((*SIGNS, *LOGIC))

    def comparison(self) -> Claim:
        """Amounts with `<` and the like between them: each with its neighbour."""
        amounts, signs = [self.sum()], []
        while sign := self.take(*SIGNS):
            signs.append(SIGNS[sign.text])
            amounts.append(self.sum())
        if not signs:
            message = Message('found "{found}" where a comparison such as < was expected', found=self.token.text)
            hint = Message("equality is written ==") if self.token.text == "=" else ""
            raise FormulaError(advised(message, hint), self.token.offset)
        pairs = [Comparison(*three) for three in zip(amounts, signs, amounts[1:], strict=False)]
        return Joined(both, tuple(pairs)) if len(pairs) > 1 else pairs[0]

    # --- amounts -----------------------------------------------------------------------------------------------

    def number(self, value: Fraction) -> Amount:
        return Constant(value)

    def added(self, terms: Sequence[Amount]) -> Amount:
        first, *rest = terms
        for term in rest:
            if isinstance(first, Constant) and isinstance(term, Constant):
                first = Constant(first.value + term.value)
            else:
                first = Applied(add(U, V), (first, term))
        return first

    def negated(self, term: Amount) -> Amount:
        return Constant(-term.value) if isinstance(term, Constant) else Applied(minus(U), (term,))

    def multiplied(self, left: Amount, right: Amount) -> Amount:
        if isinstance(left, Constant) and isinstance(right, Constant):
            return Constant(left.value * right.value)
        return Applied(mul(U, V), (left, right))

    def divided(self, left: Amount, right: Amount) -> Amount:
        if isinstance(right, Constant):
            return self.multiplied(left, Constant(1 / right.value)) if right.value else self._by_nothing()
        return Applied(over(U, V), (left, right))

    def _by_nothing(self) -> Amount:
        raise FormulaError(Message("a division by 0"), self.tokens[self.position - 1].offset)

    def raised_to(self, base: Amount, exponent: Amount, sign: Token, *, negative: bool) -> Amount:
        if not isinstance(exponent, Constant) or abs(exponent.value) > MAX_EXPONENT:
            raise wrong_exponent(sign)
        value = -exponent.value if negative else exponent.value
        if not value:
            return Constant(Fraction(1))
        return Applied(power(U, sp.Rational(value.numerator, value.denominator)), (base,))

    def named(self, token: Token) -> Amount:
        name = token.text
        if name in FUNCTIONS:
            return self._called(token)
        if name in (*JOINS, *LOGIC):
            raise FormulaError(
                Message('found "{found}" where a number, a name or "(" was expected', found=name), token.offset
            )
        if matches := self.ids.matches(name):
            return Name(name, token.offset, matches)
        if name in CONSTANTS:
            return Applied(CONSTANTS[name], ())
        derivative = LONG.match(self.text, token.offset)
        name = derivative["name"] if derivative else name
        unknown = Message('"{id}" is neither the id of a number nor a function', id=name)
        raise FormulaError(advised(unknown, self.ids.nearest(name, FUNCTIONS)), token.offset)

    def _called(self, token: Token) -> Amount:
        arity, function = FUNCTIONS[token.text]
        arguments = self.arguments()
        if token.text in EXTREMES:
            return self._extreme(token, arguments)
        if len(arguments) != arity:
            raise wrong_count(token, arity, len(arguments))
        return Applied(function(U), tuple(arguments))

    def _extreme(self, token: Token, arguments: Sequence[Amount]) -> Amount:
        formula = EXTREMES[token.text]
        first, *rest = arguments
        if not rest:
            if not any(name.stars for name in first.names()):
                raise wrong_count(token, 2, 1)
            cases(first, token.offset)
            return Extreme(formula, first)
        for argument in rest:
            first = Applied(formula, (first, argument))
        return first
