"""Rounding by hand: how far a number may move when it is written with the digits that somebody carries.

Whoever carries four decimals may round to four, to more, or not at all, and to five before four: up to the h of
half a unit and all that finer roundings may add, h/10 + h/100 + … = h/9.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from chalkgrad.evaluation.ranges import LIBRARY, Array, Range, added, is_zero, least, magnitude, point, subtracted

UNENDING = 99
"""So many decimals has a number that has no end of them, or that may have been rounded."""
MOST_PLACES = 15
"""Numbers of no more decimals than these are kept exact."""
FINER = 0.1112
"""What roundings to more digits than those carried may add, as a share of h: 1/9, and some room, so that an end
may be off by a millionth of a unit where it is printed."""
GROUP = (0.5 + FINER) / (1 + FINER)
"""What a term that was not rounded may add in a group, as a share of a rounding and all finer ones: half of the
first, for a group of one term is that term rounded."""
TENS = 10.0 ** np.arange(UNENDING + 1)
NOTHING = point(0.0)


class Rounded(NamedTuple):
    """A number as somebody may have written it."""

    value: Range
    """Where it lies, rounded or not."""
    error: Range
    """How far it may lie from what its formula makes of the numbers that were written before it."""


@dataclass(frozen=True)
class Carrying:
    """The digits that somebody carries; where neither is set, all of them."""

    decimals: int | None = None
    significant: int | None = None

    @property
    def is_exact(self) -> bool:
        """Whether nothing is rounded."""
        return self.decimals is None and self.significant is None

    @property
    def on_grid(self) -> bool:
        """Whether all rounded numbers are multiples of one unit, so that their sums need no rounding."""
        return self.significant is None

    @property
    def half(self) -> float:
        """Half a unit of the last decimal, with finer roundings; 0 where all numbers have units of their own."""
        return 0.5 * 10.0**-self.decimals * (1 + FINER) * (1 + LIBRARY) if self.decimals is not None else 0.0

    @property
    def share(self) -> float:
        """The greatest relative error of a number of so many significant digits, with finer roundings."""
        return 0.5 * 10.0 ** (1 - self.significant) * (1 + FINER) * (1 + LIBRARY) if self.significant else 0.0

    def fits(self, size: Array, places: Array) -> Array:
        """Where a number up to a size, with no more than so many decimals, needs no rounding."""
        if self.significant is None:
            most = MOST_PLACES if self.decimals is None else min(self.decimals, MOST_PLACES)
            return np.asarray((places <= most) & (size * TENS[places] < 2.0**50))
        return np.asarray(
            (places <= MOST_PLACES) & (size * TENS[places] * (1 + LIBRARY) <= TENS[self.significant])
        )

    def exponents(self, found: Range) -> tuple[Array, Array]:
        """The least and the greatest power of ten by which numbers of an interval, rounded or not, may begin."""
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            bottom = np.floor(np.log10(least(found)) - 1e-9)
            # rounded to finer digits first, a number may reach the next power of ten
            return bottom, np.floor(np.log10(magnitude(found) * (1 + self.share)) + 1e-9)

    def last_exponent(self, places: Array) -> Array:
        """The power of ten by which a number begins whose last digit carried stands at that decimal place."""
        assert self.significant is not None  # noqa: S101 (told to the type checker)
        return np.asarray(self.significant - 1 - places)

    def rounded(self, core: Range, inner: Range = NOTHING) -> Rounded:
        """A number that was found with an error of its own, and then rounded or not."""
        if self.is_exact:
            return Rounded(core, NOTHING)
        found = core if inner is NOTHING else added(core, inner)
        half, unit = self._units(found)
        fine = half * FINER
        low, high = found.low - fine, found.high + fine
        with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
            steps_low, steps_high = low / unit, high / unit
            below = np.ceil(steps_low - np.abs(steps_low) * LIBRARY - 0.5) * unit
            above = np.floor(steps_high + np.abs(steps_high) * LIBRARY + 0.5) * unit
        slack = np.abs(below) * LIBRARY, np.abs(above) * LIBRARY
        most = half + fine
        value = Range(
            np.where(unit > 0, np.fmin(low, np.fmax(below - slack[0], low - most)), low - most),
            np.where(unit > 0, np.fmax(high, np.fmin(above + slack[1], high + most)), high + most),
        )
        free = Range(np.minimum(inner.low - most, 0.0), np.maximum(inner.high + most, 0.0))
        moved = subtracted(value, core)
        # the lowest that was written, less the highest that should have been; and the other way round
        error = Range(
            np.fmax(free.low, np.fmin(moved.low, 0.0)),
            np.fmin(free.high, np.fmax(moved.high, 0.0)),
        )
        return Rounded(value, error)

    def _units(self, found: Range) -> tuple[Array, Array]:
        """Half a unit at most, and the unit where it is the same for the whole interval, else 0."""
        if self.decimals is not None:
            unit = np.asarray(10.0**-self.decimals)
            return unit / 2 * (1 + LIBRARY), unit
        assert self.significant is not None  # noqa: S101 (one of the two is set)
        bottom, top = self.exponents(found)
        with np.errstate(invalid="ignore", over="ignore"):
            unit = 10.0 ** (top - self.significant + 1)
        unit = np.where(is_zero(found), 0.0, unit)
        return unit / 2 * (1 + LIBRARY), np.where(top == bottom, unit, 0.0)
