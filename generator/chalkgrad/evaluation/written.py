"""Numbers of a worksheet as they may have been written, for every paper."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from chalkgrad.evaluation.carrying import MOST_PLACES, NOTHING, TENS, UNENDING
from chalkgrad.evaluation.ranges import ULP, Array, Range, negated, picked, point

ONE = point(1.0)
EXACT = np.asarray(0)
ENDLESS = np.asarray(UNENDING)


class Number(NamedTuple):
    """A number of a worksheet, for every paper."""

    value: Range
    """Where it lies, however it was rounded."""
    error: Range
    """How far it may lie from what its formula makes of what was written before."""
    inner: Range
    """The part of that which comes from roundings on the way to it."""
    places: Array
    """How many decimals it has; `UNENDING` where it may have been rounded."""
    items: Array
    """Of how many numbers that may be rounded it is a sum: 1 for a rounded number, 0 for an exact one."""
    loose: Range
    """Where it lies with its share of a rounding that it has together with other terms of a sum."""


class Inputs(NamedTuple):
    """A given number, for every paper."""

    value: Range
    places: Array


def within(a: Range, b: Range) -> Range:
    """What both enclosures agree on."""
    return Range(np.fmax(a.low, b.low), np.fmin(a.high, b.high))


def around(a: Range) -> Range:
    """The interval, and 0."""
    return Range(np.minimum(a.low, 0.0), np.maximum(a.high, 0.0))


def signed(sign: int, value: Range) -> Range:
    """A term with its sign."""
    return value if sign > 0 else negated(value)


def fixed(value: Range, places: Array) -> Number:
    """A number that nobody needs to round."""
    return Number(value, NOTHING, NOTHING, places, EXACT, value)


def merged(mask: Array, a: Number, b: Number) -> Number:
    """One number where the mask says so, else another."""
    return Number(
        picked(mask, a.value, b.value),
        picked(mask, a.error, b.error),
        picked(mask, a.inner, b.inner),
        np.where(mask, a.places, b.places),
        np.where(mask, a.items, b.items),
        picked(mask, a.loose, b.loose),
    )


def exact_number(value: Range, places: Array) -> Number:
    """A number of so many decimals, as sharp as floating point has it (0 is 0), and the decimals that it needs."""
    places = np.minimum(places, MOST_PLACES)
    tens = TENS[places]
    with np.errstate(invalid="ignore"):
        units = np.rint((value.low + value.high) / 2 * tens)
        mid = units / tens
        while (longer := (places > 0) & (np.fmod(units, 10) == 0)).any():
            units, places = np.where(longer, units / 10, units), places - longer
    blur = np.where(places == 0, 0.0, np.abs(mid) * ULP)
    return fixed(Range(mid - blur, mid + blur), places)


def decimals_of(p: int, q: int) -> int:
    """How many decimals p/q has; `UNENDING` where they do not end, or are more than are kept.

    >>> decimals_of(3, 8), decimals_of(1, 3)
    (3, 99)
    """
    for places in range(MOST_PLACES + 1):
        if 10**places % q == 0:
            return places
    return UNENDING


def reciprocal_places(number: Number) -> Array:
    """The decimals of 1/v: none where v is 1 or −1; else those of the few numbers whose reciprocals are short."""
    low, high = np.abs(number.value.low), np.abs(number.value.high)
    same = (low == high) & (number.places < UNENDING)
    places = np.full(np.shape(low), UNENDING)
    for divisor, count in ((1, 0), (2, 1), (4, 2), (5, 1), (8, 3), (10, 1), (16, 4), (20, 2), (25, 2)):
        places = np.where(same & (low == divisor), count, places)
    return places
