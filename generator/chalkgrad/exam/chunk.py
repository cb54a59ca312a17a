"""Some papers of an exam, worked: what pages, keys and reports are made from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from chalkgrad.exam.structure import Structure
from chalkgrad.exam.tally import Tally
from chalkgrad.exam.working import Worked, Working


@dataclass(frozen=True, eq=False)
class Part:
    """Some papers of one exercise that have one structure."""

    exercise: str
    """Its name."""
    working: Working
    rows: tuple[int, ...]
    """Which papers of the chunk."""
    worked: Worked
    tally: Tally
    """How many candidates were drawn for them."""

    @property
    def structure(self) -> Structure:
        """What they have in common."""
        return self.working.structure


@dataclass(frozen=True, eq=False)
class Chunk:
    """Some papers of an exam, worked."""

    papers: tuple[int, ...]
    parts: tuple[Part, ...]
    places: tuple[tuple[int, ...], ...]
    """For each part, as which exercise of its paper it stands there, counted from 1; one entry a row."""

    def of_paper(self, row: int) -> list[tuple[Part, int]]:
        """The parts of one paper in their order, each with the paper's place among its rows."""
        return self._of[row]

    @cached_property
    def _of(self) -> list[list[tuple[Part, int]]]:
        found: list[list[tuple[int, Part, int]]] = [[] for _ in self.papers]
        for part, places in zip(self.parts, self.places, strict=True):
            for i, (row, place) in enumerate(zip(part.rows, places, strict=True)):
                found[row].append((place, part, i))
        return [[(part, i) for _, part, i in sorted(of, key=lambda one: one[0])] for of in found]
