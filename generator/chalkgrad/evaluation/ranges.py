"""Intervals in floating point, for thousands of papers at a time: NumPy arrays of lower and upper ends.

Every operation rounds its ends outward, so what is computed with any numbers of the arguments lies within the
result.  (Underflow is not counted: who proves something with these ranges leaves room for it at the end.)

>>> third = inverted(point(3.0))
>>> bool(third.low < 1 / 3 < third.high)
True
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]
ULP = 2.0**-52
"""Twice the relative error of one operation: room for the rounding of the widening itself."""
LIBRARY = 2.0**-49
"""The same for library functions, which NumPy's own tests hold to 4 units in the last place."""


class Range(NamedTuple):
    """Lower and upper ends, one for each paper (or one for all)."""

    low: Array
    high: Array


def widened(low: Array, high: Array, by: float = ULP) -> Range:
    """Ends moved outward by a share of their size; 0 stays 0, which decides cases."""
    return Range(low - np.abs(low) * by, high + np.abs(high) * by)


def point(value: float) -> Range:
    """A float64, exactly."""
    return Range(np.asarray(value), np.asarray(value))


def rational(p: int, q: int) -> Range:
    """p/q."""
    mid = np.asarray(p / q)
    return Range(mid, mid) if q & (q - 1) == 0 and abs(p) < 2**53 else widened(mid, mid)


def added(a: Range, b: Range) -> Range:
    """a + b."""
    return widened(a.low + b.low, a.high + b.high)


def negated(a: Range) -> Range:
    """−a."""
    return Range(-a.high, -a.low)


def subtracted(a: Range, b: Range) -> Range:
    """a − b, for numbers that have nothing to do with each other."""
    return added(a, negated(b))


def multiplied(a: Range, b: Range) -> Range:
    """a · b; nothing times anything is nothing."""
    ends = (a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high)
    low = np.minimum(np.minimum(ends[0], ends[1]), np.minimum(ends[2], ends[3]))
    high = np.maximum(np.maximum(ends[0], ends[1]), np.maximum(ends[2], ends[3]))
    if np.isnan(low).any():  # 0 · ∞
        settled = is_zero(a) | is_zero(b)
        low = np.where(settled, 0.0, np.where(np.isnan(low), -np.inf, low))
        high = np.where(settled, 0.0, np.where(np.isnan(high), np.inf, high))
    return widened(low, high)


def scaled(a: Range, factor: float) -> Range:
    """a times a number."""
    return multiplied(a, point(factor))


def inverted(a: Range) -> Range:
    """1/a; everything where a may be 0."""
    crosses = (a.low <= 0) & (a.high >= 0)
    low, high = 1 / a.high, 1 / a.low
    if crosses.any():
        low, high = np.where(crosses, -np.inf, low), np.where(crosses, np.inf, high)
    return widened(low, high)


def hull(a: Range, b: Range) -> Range:
    """The smallest interval around both."""
    return Range(np.minimum(a.low, b.low), np.maximum(a.high, b.high))


def picked(mask: Array, a: Range, b: Range) -> Range:
    """a where the mask says so, else b."""
    return Range(np.where(mask, a.low, b.low), np.where(mask, a.high, b.high))


def is_zero(a: Range) -> Array:
    """Where there is nothing but 0."""
    return np.asarray((a.low == 0) & (a.high == 0))


def magnitude(a: Range) -> Array:
    """The greatest absolute value."""
    return np.maximum(np.abs(a.low), np.abs(a.high))


def least(a: Range) -> Array:
    """The smallest absolute value."""
    return np.maximum(np.maximum(a.low, -a.high), 0.0)


def root(a: Range, q: int) -> Range:
    """The q-th root."""
    if q == 2:
        return widened(np.sqrt(np.maximum(a.low, 0.0)), np.sqrt(a.high))
    return widened(np.maximum(a.low, 0.0) ** (1 / q), a.high ** (1 / q), LIBRARY)


def _rising(function: Callable[[Array], Any]) -> Callable[[Range], Range]:
    return lambda a: widened(np.asarray(function(a.low)), np.asarray(function(a.high)), LIBRARY)


def _wave(function: Callable[[Array], Any], rate: float) -> Callable[[Range], Range]:
    """A function between −1 and 1 that changes no faster than at a rate."""

    def bounds(a: Range) -> Range:
        mid, radius = (a.low + a.high) / 2, (a.high - a.low) / 2 * rate
        room = radius * (1 + LIBRARY) + (np.abs(mid) + 1) * LIBRARY * rate
        value = np.asarray(function(mid))
        return Range(np.maximum(value - room, -1.0), np.minimum(value + room, 1.0))

    return bounds


def _logarithm(a: Range) -> Range:
    low, high = np.log(np.maximum(a.low, 0.0)), np.log(a.high)
    return Range(low - (np.abs(low) + 1) * LIBRARY, high + (np.abs(high) + 1) * LIBRARY)


_erf = _rising(np.vectorize(math.erf, otypes=[float]))

FUNCTIONS: Mapping[str, Callable[[Range], Range]] = {
    "exp": _rising(np.exp),
    "log": _logarithm,
    "tanh": _rising(np.tanh),
    "atan": _rising(np.arctan),
    "erf": _erf,
    "sin": _wave(np.sin, 1.0),
    "cos": _wave(np.cos, 1.0),
    "cos_pi": _wave(lambda a: np.cos(np.pi * a), math.pi),
    "sqrt": lambda a: root(a, 2),
}


def _of_bell(a: Range) -> Range:
    """2/√π · e^(−u²), the slope of erf."""
    square = Range(least(a) ** 2, magnitude(a) ** 2)
    return scaled(FUNCTIONS["exp"](negated(widened(*square))), 2 / math.sqrt(math.pi) * (1 + 4 * ULP))


def _less_square(a: Range) -> Range:
    """1 − u²."""
    square = widened(least(a) ** 2, magnitude(a) ** 2)
    return added(point(1.0), negated(square))


def _arc(a: Range) -> Range:
    """1/(1 + u²)."""
    return inverted(added(point(1.0), widened(least(a) ** 2, magnitude(a) ** 2)))


SLOPES: Mapping[str, Callable[[Range], Range]] = {
    "exp": FUNCTIONS["exp"],
    "log": inverted,
    "tanh": lambda a: _less_square(FUNCTIONS["tanh"](a)),
    "atan": _arc,
    "erf": lambda a: hull(_of_bell(a), scaled(_of_bell(a), 1 - 16 * ULP)),
    "sin": FUNCTIONS["cos"],
    "cos": lambda a: negated(FUNCTIONS["sin"](a)),
    "cos_pi": lambda a: scaled(_wave(lambda u: np.sin(np.pi * u), math.pi)(a), -math.pi * (1 + 4 * ULP)),
    "sqrt": lambda a: inverted(scaled(root(a, 2), 2.0)),
}
"""The derivative of each function over an interval: any slope between two of its points lies within."""
