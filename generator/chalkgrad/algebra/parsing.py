"""A safe reader of formulas: what a stranger writes becomes a SymPy expression and never runs as Python.

>>> parse("z*sigmoid(z)", ["z"])
z*sigmoid(z)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import sympy as sp
from sympy import Expr

from chalkgrad.algebra.functions import maximum, minimum, relu, sigmoid, softplus
from chalkgrad.algebra.grammar import MAX_EXPONENT, NUMBER, Grammar, Token, tokens, wrong_count, wrong_exponent
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

TOKEN = re.compile(rf"\s*(?:{NUMBER}|(?P<name>[A-Za-z_]\w*)|(?P<sign>\*\*|[-+*/^(),]))")


class _Formula(Grammar[Expr]):
    """Makes expressions, in written order."""

    def __init__(self, found: Sequence[Token], variables: Mapping[str, Expr]) -> None:
        super().__init__(found)
        self.known: dict[str, Expr] = {**CONSTANTS, **variables}

    def number(self, value: Fraction) -> Expr:
        return sp.Rational(value.numerator, value.denominator)

    def added(self, terms: Sequence[Expr]) -> Expr:
        return add(*terms)

    def negated(self, term: Expr) -> Expr:
        return minus(term)

    def multiplied(self, left: Expr, right: Expr) -> Expr:
        return mul(*_factors(left), right)

    def divided(self, left: Expr, right: Expr) -> Expr:
        return over(left, right)

    def raised_to(self, base: Expr, exponent: Expr, sign: Token, *, negative: bool) -> Expr:
        if not exponent.is_Rational or abs(exponent) > MAX_EXPONENT:
            raise wrong_exponent(sign)
        if not base.free_symbols and not base.is_Rational:
            raise FormulaError(Message("a power of a computed constant: write the number itself"), sign.offset)
        return power(base, -exponent if negative else exponent)

    def named(self, token: Token) -> Expr:
        name = token.text
        if name in FUNCTIONS:
            arity, function = FUNCTIONS[name]
            arguments = self.arguments()
            if len(arguments) != arity:
                raise wrong_count(token, arity, len(arguments))
            return function(*arguments)
        if name in self.known:
            return self.known[name]
        unknown = Message('"{name}" is neither a variable nor a function here', name=name)
        raise FormulaError(advised(unknown, did_you_mean(name, [*FUNCTIONS, *self.known])), token.offset)


def _factors(expression: Expr) -> tuple[Any, ...]:
    # Only a product without division is flattened: x/y*z must stay (x/y)*z.
    is_plain = expression.is_Mul and not any(f.is_Pow and f.exp.is_negative for f in expression.args)
    return tuple(expression.args) if is_plain else (expression,)


def parse(text: str, variables: Iterable[str]) -> Expr:
    """Read a formula in the given variables.

    Raises `FormulaError`, with the offset of the offending character, for everything that is not in the
    grammar: attribute access, indexing, comparisons, unknown names, towers of powers, endless input.
    """
    reader = _Formula(tokens(text, TOKEN), {name: formal(name) for name in variables})
    expression = reader.sum()
    reader.expect_end()
    return expression
