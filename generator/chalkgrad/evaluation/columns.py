"""A given number in many variants: few different values, and which of them each variant has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from chalkgrad.quantities import At


class Column(NamedTuple):
    """The values of one given number, one entry a variant.

    >>> Column((Fraction(1, 2), Fraction(1)), np.array([0, 1, 1])).values()
    [Fraction(1, 2), Fraction(1, 1), Fraction(1, 1)]
    """

    table: tuple[Fraction, ...]
    """Every value that it takes in some variant."""
    picks: NDArray[Any]
    """For each variant the place of its value in the table, counted from 0."""

    @classmethod
    def of(cls, values: Sequence[Fraction]) -> Column:
        """A column of these values."""
        table = tuple(dict.fromkeys(values))
        places = {value: place for place, value in enumerate(table)}
        return cls(table, np.array([places[value] for value in values], dtype=np.intp))

    def values(self) -> list[Fraction]:
        """The value of each variant."""
        return [self.table[pick] for pick in self.picks.tolist()]


Columns: TypeAlias = Mapping[At, Column]
"""The given numbers that vary; all columns are of one length."""
