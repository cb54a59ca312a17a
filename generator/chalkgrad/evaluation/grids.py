"""Exact numbers for thousands of candidates at a time: whole numbers over one denominator.

What is drawn lies on a grid, and so does all that sums and products make of it: 0.3 · 1.5 + 0.2 is 65/100, with or
without a hundred thousand others beside it.  Whether a weighted sum is exactly 0 is then no question of digits.

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
    """No whole numbers over one denominator, or too large ones."""


class Grid(NamedTuple):
    """Exact numbers, one a candidate (or one for all)."""

    numerators: NDArray[Any]
    denominator: int
    most: int
    """A bound of the numerators' size."""

    @classmethod
    def of(cls, values: Sequence[Fraction]) -> Grid:
        """Some fractions.  Raises `OffTheGrid` where they have no common denominator of ordinary size."""
        denominator = math.lcm(*(value.denominator for value in values))
        wholes = [int(value * denominator) for value in values]
        _refuse(most := max(map(abs, wholes)), denominator)
        return cls(np.array(wholes, dtype=np.int64), denominator, most)

    def ball(self) -> FloatBall:
        """The same in float64; what is exactly 0 stays so."""
        mid = self.numerators / np.float64(self.denominator)
        return FloatBall(mid, abs(mid) * 2.0**-51)

    def over(self, denominator: int) -> Grid:
        """The same over a multiple of the denominator."""
        times = denominator // self.denominator
        _refuse(self.most * times, denominator)
        return Grid(self.numerators * times, denominator, self.most * times) if times > 1 else self


def _refuse(most: int, denominator: int) -> None:
    """Bounds are looked at before anything is computed: what overflows is wrong without a word."""
    if most > LARGEST or denominator > LARGEST:
        raise OffTheGrid


class Grids:
    """The arithmetic of numbers on grids.  Raises `OffTheGrid` for everything that leads away from them."""

    def rational(self, p: int, q: int) -> Grid:
        """p/q."""
        _refuse(abs(p), q)
        return Grid(np.asarray(p, dtype=np.int64), q, abs(p))

    def add(self, a: Grid, b: Grid) -> Grid:
        """a + b."""
        a, b = _alike(a, b)
        _refuse(a.most + b.most, a.denominator)
        return Grid(a.numerators + b.numerators, a.denominator, a.most + b.most)

    def mul(self, a: Grid, b: Grid) -> Grid:
        """a · b."""
        _refuse(a.most * b.most, a.denominator * b.denominator)
        return Grid(a.numerators * b.numerators, a.denominator * b.denominator, a.most * b.most)

    def product(self, factors: Sequence[Compiled], values: Sequence[Grid]) -> Grid:
        """The product of all factors."""
        result: Grid = factors[0](self, values)
        for factor in factors[1:]:
            result = self.mul(result, factor(self, values))
        return result

    def power(self, a: Grid, p: int, q: int) -> Grid:
        """Whole powers that divide by nothing."""
        if q != 1 or p < 0:
            raise OffTheGrid
        result = self.rational(1, 1)
        for _ in range(p):
            result = self.mul(result, a)
        return result

    def raised(self, a: Grid, b: Grid) -> Grid:
        """A power that may differ from candidate to candidate is left to others."""
        raise OffTheGrid

    def floor(self, a: Grid) -> Grid:
        """The whole part."""
        return Grid(a.numerators // a.denominator, 1, a.most // a.denominator + 1)

    def function(self, name: str, a: Grid) -> Grid:
        """Leads off the grid."""
        raise OffTheGrid

    def pi(self) -> Grid:
        """Is on none."""
        raise OffTheGrid

    def choose(self, switch: Grid, cases: Sequence[Compiled], values: Sequence[Grid]) -> Grid:
        """The case that the sign of the switch picks."""
        above, at, below = (case(self, values) for case in cases)
        above, at = _alike(above, at)
        above, below = _alike(above, below)
        above, at = _alike(above, at)
        rest = np.where(switch.numerators < 0, below.numerators, at.numerators)
        chosen = np.where(switch.numerators > 0, above.numerators, rest)
        return Grid(chosen, above.denominator, max(above.most, at.most, below.most))


def _alike(a: Grid, b: Grid) -> tuple[Grid, Grid]:
    """The same numbers over a common denominator."""
    common = math.lcm(a.denominator, b.denominator)
    return a.over(common), b.over(common)
