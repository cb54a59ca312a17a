"""Whether a formula has a value, and a slope, for the numbers that are given: found before anything is shown.

Numbers are fractions as long as they can be; what a function makes of them is a float, which is good enough to see
on which side of 0 an argument lies.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, TypeAlias

import sympy as sp
from sympy import Expr, Symbol

from chalkgrad.algebra import functions
from chalkgrad.messages import Message

Number: TypeAlias = Fraction | float
LONGEST = 2_000
"""Bits of a fraction that are carried exactly."""
LARGEST = 1e300


class OutOfDomain(Exception):  # noqa: N818 (what a formula is, not an error of the program)
    """A formula has no value here, or no slope."""

    def __init__(self, reason: Message) -> None:
        super().__init__(reason)
        self.reason = reason


def value_of(e: Expr, known: Mapping[Symbol, Number]) -> Number:
    """The value of a formula.

    >>> value_of(sp.Symbol("a") ** -1, {sp.Symbol("a"): Fraction(4)})
    Fraction(1, 4)

    Raises `OutOfDomain` for a division by 0, the logarithm of a number that is not positive, the root of one that
    is negative (or 0, where a root has no slope), and numbers beyond floats.
    """
    try:
        value = _value(e, known)
        is_large = abs(float(value)) > LARGEST
    except OverflowError:
        is_large = True
    if is_large:
        raise OutOfDomain(Message("a number too large to be shown"))
    if isinstance(value, Fraction) and max(value.numerator.bit_length(), value.denominator.bit_length()) > LONGEST:
        return float(value)
    return value


def _value(e: Any, known: Mapping[Symbol, Number]) -> Number:
    if e.is_Symbol:
        return known[e]
    if e.is_Rational:
        return Fraction(int(e.p), int(e.q))
    if e is sp.pi:
        return math.pi
    arguments = [value_of(argument, known) for argument in e.args]
    if e.is_Add:
        return sum(arguments[1:], start=arguments[0])
    if e.is_Mul:
        product: Number = math.prod(arguments[1:], start=arguments[0])
        return product
    if e.is_Pow and not isinstance(e, sp.exp):
        return _power(arguments[0], e.exp)
    if e.func is sp.log and arguments[0] <= 0:
        raise OutOfDomain(Message("the logarithm of {number}", number=_shown(arguments[0])))
    result: Number = _FUNCTIONS[e.func](*arguments)
    return result


def _power(base: Number, exponent: Any) -> Number:
    p, q = int(exponent.p), int(exponent.q)
    if base == 0 and p < 0:
        raise OutOfDomain(Message("a division by 0"))
    if q == 1:
        power: Number = base**p
        return power
    if base < 0:
        raise OutOfDomain(Message("the root of {number}", number=_shown(base)))
    if base == 0 and p < q:
        raise OutOfDomain(Message("the root of 0, where it has no slope"))
    root: Number = float(base) ** (p / q)
    return root


def _shown(number: Number) -> str:
    """A number in a message."""
    return str(number) if isinstance(number, Fraction) and number.denominator < 1000 else f"{float(number):.6g}"


_FUNCTIONS: Mapping[Any, Callable[..., Number]] = {
    sp.exp: math.exp,
    sp.log: math.log,
    sp.sin: math.sin,
    sp.cos: math.cos,
    sp.tanh: math.tanh,
    sp.atan: math.atan,
    sp.erf: math.erf,
    sp.Abs: abs,
    functions.sigmoid: lambda u: 1 / (1 + math.exp(-u)),
    functions.softplus: lambda u: math.log1p(math.exp(u)),
    functions.relu: lambda u: max(u, Fraction(0)),
    functions.maximum: max,
    functions.minimum: min,
}
