"""From a number to the digits that are printed, each of them proven.

A tie is rounded half away from zero, or as the spec asks.  A number that fits is printed as it is; one that
is too small for its decimals goes to scientific notation, never to 0.

>>> show_exact(fmpq(75, 10000), Digits(decimals=3)).text
'0.008'
>>> show_exact(fmpq(21, 1000000), Digits(decimals=4)).text
'2.1e-5'
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

from flint import arb, fmpq

from chalkgrad.errors import Unproven
from chalkgrad.evaluation.scalars import vanishes
from chalkgrad.messages import Message

TINY_DIGITS = 2
"""Significant digits of a number that is too small for the decimals asked."""
LONGEST_WHOLE = 15
"""A whole number of up to so many digits is printed as it is."""
POWER_OF_TEN = 3
"""How many characters more than in `1e-8` scientific notation takes on a page, with its sign and its 10."""
SMALLEST_FIXED = -4
"""With significant digits, numbers below 10 to this power are printed in scientific notation."""


class Shown(NamedTuple):
    """A number as printed, before any language or markup."""

    text: str
    """`-0.0381`, `2.1e-5`, `1/3`, `inf`, `nan`."""
    exact: bool
    """Whether the text is the whole truth: `=` may stand before it, not `≈`."""

    @property
    def value(self) -> fmpq | None:
        """What the text says; None for what is no finite number."""
        return None if self.text.lstrip("-") in ("inf", "nan") else decimal_value(self.text)


@dataclass(frozen=True)
class Digits:
    """How many digits are printed, and what happens to the rest."""

    decimals: int | None = None
    significant: int | None = None
    rounding: str = "half_up"


INFINITE = Shown("inf", True)
MINUS_INFINITE = Shown("-inf", True)
UNDEFINED = Shown("nan", True)


def _floor(value: fmpq) -> int:
    return int(value.p // value.q)


def _rounded(magnitude: fmpq, rounding: str) -> int:
    """A non-negative number to a whole one."""
    whole = _floor(magnitude)
    rest = magnitude - whole
    half = fmpq(1, 2)
    if rounding == "truncate" or rest < half:
        return whole
    if rest > half or rounding == "half_up":
        return whole + 1
    return whole + whole % 2


def _exponent(magnitude: fmpq) -> int:
    """The e for which 10^e ≤ magnitude < 10^(e+1)."""
    e = len(str(int(magnitude.p))) - len(str(int(magnitude.q)))
    while fmpq(10) ** e > magnitude:
        e -= 1
    while fmpq(10) ** (e + 1) <= magnitude:
        e += 1
    return e


def fixed(units: int, decimals: int, *, negative: bool, trim: bool = False) -> str:
    """`units` · 10^−decimals in plain notation.

    >>> fixed(75, 4, negative=True)
    '-0.0075'
    """
    digits = str(units).rjust(decimals + 1, "0")
    text = digits if decimals <= 0 else f"{digits[:-decimals]}.{digits[-decimals:]}"
    if decimals < 0:
        text = str(units * 10**-decimals)
    if trim and "." in text:
        text = text.rstrip("0").rstrip(".")
    return f"-{text}" if negative else text


def scientific(units: int, digits: int, exponent: int, *, negative: bool, trim: bool = False) -> str:
    """`units` as a number of so many digits, times a power of ten: `2.1e-5`."""
    mantissa = fixed(units, digits - 1, negative=negative, trim=trim)
    return f"{mantissa}e{exponent}"


def show_exact(value: fmpq, digits: Digits) -> Shown:
    """An exact number, as it is where it fits, else rounded."""
    negative, magnitude = value < 0, abs(value)
    if value == 0 or (value.q == 1 and len(str(int(magnitude.p))) <= LONGEST_WHOLE):
        return Shown(str(int(value.p)), True)
    if digits.decimals is not None:
        scaled = magnitude * fmpq(10) ** digits.decimals
        if scaled.q == 1:
            text = fixed(int(scaled.p), digits.decimals, negative=negative, trim=True)
            return Shown(text, True)
        units = _rounded(scaled, digits.rounding)
        if units:
            return Shown(fixed(units, digits.decimals, negative=negative), False)
        return _exact_significant(value, TINY_DIGITS, digits.rounding, always_scientific=True)
    assert digits.significant is not None  # noqa: S101 (exactly one of the two is set)
    return _exact_significant(value, digits.significant, digits.rounding)


def _exact_significant(value: fmpq, count: int, rounding: str, *, always_scientific: bool = False) -> Shown:
    negative, magnitude = value < 0, abs(value)
    e = _exponent(magnitude)
    scaled = magnitude * fmpq(10) ** (count - 1 - e)
    units = _rounded(scaled, rounding)
    if units == 10**count:
        units, e = units // 10, e + 1
    exact = scaled.q == 1
    return Shown(_significant_text(units, count, e, negative, exact, always_scientific), exact)


def _significant_text(units: int, count: int, e: int, negative: bool, exact: bool, always_scientific: bool) -> str:
    if always_scientific or e < SMALLEST_FIXED or e >= max(count, 7):
        return scientific(units, count, e, negative=negative, trim=exact)
    return fixed(units, count - 1 - e, negative=negative, trim=exact)


def decimal_value(text: str) -> fmpq:
    """What a printed number says."""
    if "/" in text:
        above, _, below = text.partition("/")
        return fmpq(int(above), int(below))
    mantissa, _, exponent = text.partition("e")
    whole, _, fraction = mantissa.partition(".")
    value = fmpq(int(whole + fraction), 10 ** len(fraction))
    return value * fmpq(10) ** int(exponent or 0)


def show_given(value: fmpq, digits: Digits) -> Shown:
    """A number from the spec: all its decimals, or the fraction where these would never end; a small one in
    scientific notation where that is shorter.

    >>> [show_given(fmpq(1, 10**n), Digits(decimals=3)).text for n in (3, 5, 8)]
    ['0.001', '0.00001', '1e-8']
    """
    places, denominator = 0, int(value.q)
    while denominator != 1:  # each decimal takes a 2 and a 5 out of the denominator
        common = math.gcd(denominator, 10)
        if common == 1:
            return Shown(f"{value.p}/{value.q}", True)
        denominator //= common
        places += 1
    magnitude = abs(value)
    if places > 12 and magnitude < fmpq(1, 10**6):
        return show_exact(value, Digits(significant=LONGEST_WHOLE, rounding=digits.rounding))
    plain = fixed(int((magnitude * 10**places).p), places, negative=value < 0)
    if 0 < magnitude < fmpq(10) ** SMALLEST_FIXED:
        short = show_exact(value, Digits(significant=LONGEST_WHOLE, rounding=digits.rounding))
        if short.exact and len(short.text) + POWER_OF_TEN < len(plain):
            return short
    return Shown(plain, True)


def show_ball(value: arb, digits: Digits) -> Shown:
    """A number known up to a radius.  Raises `Unproven` where the radius leaves a digit open."""
    if not value.is_finite():
        if value.is_nan() or value.rad() > 0:
            return UNDEFINED
        return INFINITE if value > 0 else MINUS_INFINITE
    if value.is_exact():  # a dyadic fraction, which may be a tie
        mantissa, exponent = value.man_exp()
        return show_exact(fmpq(int(mantissa)) * fmpq(2) ** int(exponent), digits)
    if vanishes(value):
        return Shown("0", True)
    if not (value > 0 or value < 0):
        raise Unproven(Message("the sign of a number"))
    negative = bool(value < 0)
    magnitude = -value if negative else value
    if digits.decimals is not None:
        units = _ball_units(magnitude, digits.decimals, digits.rounding)
        if units:
            return Shown(fixed(units, digits.decimals, negative=negative), False)
        return _ball_significant(magnitude, TINY_DIGITS, digits.rounding, negative, always_scientific=True)
    assert digits.significant is not None  # noqa: S101 (exactly one of the two is set)
    return _ball_significant(magnitude, digits.significant, digits.rounding, negative)


def _ball_units(magnitude: arb, decimals: int, rounding: str) -> int:
    scaled = magnitude * arb(10) ** decimals
    # An irrational number is never a tie, so half_up and half_even agree.
    shifted = scaled if rounding == "truncate" else scaled + arb(0.5)
    units = shifted.floor().unique_fmpz()
    if units is not None:
        return int(units)
    halves = (scaled * 2 + arb(0.5)).floor().unique_fmpz()
    if halves is None or not vanishes(scaled * 2 - halves):
        raise Unproven(Message("the last digit of a number"))
    return _rounded(fmpq(int(halves), 2), rounding)


def _ball_significant(
    magnitude: arb, count: int, rounding: str, negative: bool, *, always_scientific: bool = False
) -> Shown:
    exponent = (magnitude.log() / arb.const_log10()).floor().unique_fmpz()
    if exponent is None:  # next to a power of ten
        nearest = (magnitude.log() / arb.const_log10() + arb(0.5)).floor().unique_fmpz()
        if nearest is None or not vanishes(magnitude / arb(10) ** int(nearest) - 1):
            raise Unproven(Message("the order of magnitude of a number"))
        exponent = nearest
    e = int(exponent)
    units = _ball_units(magnitude, count - 1 - e, rounding)
    if units == 10**count:
        units, e = units // 10, e + 1
    return Shown(
        _significant_text(units, count, e, negative, exact=False, always_scientific=always_scientific), False
    )
