"""Exact numbers for a hundred thousand candidates at a time: whole numbers over whole numbers, all in int64.

What is drawn lies on a grid, and so does all that sums, products and quotients make of it: 0.3 · 1.5 + 0.2 is
65/100.  Whether a weighted sum is exactly 0 is then no question of digits.  Where numbers become too large, or are
fractions no more, they leave the grid; `exact.py` goes on with them one by one, which suits a thousand papers.

>>> one, two = (Grid.of([Fraction(n, 10) for n in row]) for row in ([1, 3], [2, -3]))
>>> Grids().add(one, two).numerators.tolist()
[3, 0]
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from chalkgrad.evaluation.floats import FloatBall
from chalkgrad.evaluation.fold import Compiled

LARGEST = 2**53
"""Whole numbers up to here are exact in a float64 too."""


class OffTheGrid(Exception):  # noqa: N818 (what a number is, not an error of the program)
    """No whole numbers over whole numbers, or too large ones."""


class Grid(NamedTuple):
    """Exact numbers, one a candidate (or one for all)."""

    numerators: NDArray[Any]
    denominators: int | NDArray[Any]
    """Above 0; one for all candidates where that is enough."""
    most: int
    """A bound of the numerators' size."""
    below: int
    """A bound of the denominators."""

    @classmethod
    def of(cls, values: Sequence[Fraction]) -> Grid:
        """Some fractions.  Raises `OffTheGrid` where they have no common denominator of ordinary size."""
        denominator = math.lcm(*(value.denominator for value in values))
        wholes = [int(value * denominator) for value in values]
        _refuse(most := max(map(abs, wholes)), denominator)
        return cls(np.array(wholes, dtype=np.int64), denominator, most, denominator)

    def ball(self) -> FloatBall:
        """The same in float64; what is exactly 0 stays so."""
        mid = self.numerators / np.asarray(self.denominators, dtype=np.float64)
        return FloatBall(mid, abs(mid) * 2.0**-51)

    def over(self, denominator: int) -> Grid:
        """The same over a multiple of the one denominator."""
        times = denominator // self.below
        _refuse(self.most * times, denominator)
        return Grid(self.numerators * times, denominator, self.most * times, denominator) if times > 1 else self


def _refuse(*bounds: int) -> None:
    """Bounds are looked at before anything is computed: what overflows is wrong without a word."""
    if max(bounds) > LARGEST:
        raise OffTheGrid


class Grids:
    """The arithmetic of numbers on grids.  Raises `OffTheGrid` for everything that leads away from them."""

    def rational(self, p: int, q: int) -> Grid:
        """p/q."""
        _refuse(abs(p), q)
        return Grid(np.asarray(p, dtype=np.int64), q, abs(p), q)

    def add(self, a: Grid, b: Grid) -> Grid:
        """a + b."""
        if _have_one(a, b):
            a, b = _alike(a, b)
            _refuse(a.most + b.most)
            return Grid(a.numerators + b.numerators, a.denominators, a.most + b.most, a.below)
        most, below = a.most * b.below + b.most * a.below, a.below * b.below
        _refuse(most, below)
        numerators = a.numerators * b.denominators + b.numerators * a.denominators
        return Grid(numerators, a.denominators * b.denominators, most, below)

    def mul(self, a: Grid, b: Grid) -> Grid:
        """a · b."""
        most, below = a.most * b.most, a.below * b.below
        _refuse(most, below)
        return Grid(a.numerators * b.numerators, a.denominators * b.denominators, most, below)

    def product(self, factors: Sequence[Compiled], values: Sequence[Grid]) -> Grid:
        """The product of all factors."""
        result: Grid = factors[0](self, values)
        for factor in factors[1:]:
            result = self.mul(result, factor(self, values))
        return result

    def power(self, a: Grid, p: int, q: int) -> Grid:
        """Whole powers; nothing is divided by 0."""
        if q != 1 or (p < 0 and not np.all(a.numerators)):
            raise OffTheGrid
        if p < 0:
            a = Grid(np.sign(a.numerators) * a.denominators, abs(a.numerators), a.below, a.most)
        result = self.rational(1, 1)
        for _ in range(abs(p)):
            result = self.mul(result, a)
        return result

    def raised(self, a: Grid, b: Grid) -> Grid:
        """A power that is itself a number of the program is left to others."""
        raise OffTheGrid

    def floor(self, a: Grid) -> Grid:
        """The whole part."""
        return Grid(np.asarray(a.numerators // a.denominators), 1, a.most + 1, 1)

    def function(self, name: str, a: Grid) -> Grid:
        """Leads off the grid."""
        raise OffTheGrid

    def pi(self) -> Grid:
        """Is on none."""
        raise OffTheGrid

    def choose(self, switch: Grid, cases: Sequence[Compiled], values: Sequence[Grid]) -> Grid:
        """The case that the sign of the switch picks."""
        above, at, below = (case(self, values) for case in cases)
        if _have_one(above, at, below):
            above, at = _alike(above, at)
            above, below = _alike(above, below)
            above, at = _alike(above, at)
            denominators = above.denominators
        else:
            denominators = _picked(switch, above.denominators, at.denominators, below.denominators)
        chosen = _picked(switch, above.numerators, at.numerators, below.numerators)
        ways = (above, at, below)
        return Grid(chosen, denominators, max(way.most for way in ways), max(way.below for way in ways))


def _picked(switch: Grid, above: Any, at: Any, below: Any) -> NDArray[Any]:
    rest = np.where(switch.numerators < 0, below, at)
    return np.asarray(np.where(switch.numerators > 0, above, rest))


def _have_one(*grids: Grid) -> bool:
    """Whether each has one denominator for all candidates."""
    return all(isinstance(grid.denominators, int) for grid in grids)


def _alike(a: Grid, b: Grid) -> tuple[Grid, Grid]:
    """The same numbers over a common denominator, where each has one."""
    common = math.lcm(a.below, b.below)
    return a.over(common), b.over(common)
