"""Some variants of a chunk, and one of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from chalkgrad.evaluation.digits import DigitsColumn
from chalkgrad.evaluation.rounding import Shown
from chalkgrad.quantities import At


class Shows(Protocol):
    """The numbers of many variants, all of a chunk or some."""

    count: int

    def column(self, at: At) -> DigitsColumn:
        """The digits of a quantity."""

    def double_column(self, at: At) -> list[float]:
        """The nearest float64 of a quantity."""


class Chosen:
    """Some variants of a chunk."""

    def __init__(self, variants: Shows, rows: list[int]) -> None:
        self.variants, self.rows = variants, rows
        self.count = len(rows)
        self._columns: dict[At, DigitsColumn] = {}

    def column(self, at: At) -> DigitsColumn:
        """The digits of a quantity in each of them."""
        found = self._columns.get(at)
        if found is None:
            found = self._columns[at] = self.variants.column(at).chosen(self.rows)
        return found

    def double_column(self, at: At) -> list[float]:
        """The float64 nearest to a quantity in each of them."""
        column = self.variants.double_column(at)
        return [column[row] for row in self.rows]

    def each(self) -> Iterator[Variant]:
        """Each of them by itself."""
        return (Variant(self, i) for i in range(self.count))


@dataclass(frozen=True)
class Variant:
    """The digits of one variant."""

    variants: Shows
    index: int

    def shown(self, at: At) -> Shown:
        """The digits of a quantity."""
        return self.variants.column(at).shown(self.index)

    def is_exact(self, at: At) -> bool:
        """Whether `=` may stand before them."""
        return self.shown(at).exact

    def double(self, at: At) -> float:
        """The float64 nearest to a quantity."""
        return self.variants.double_column(at)[self.index]
