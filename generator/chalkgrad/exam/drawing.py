"""The draws of an exercise at work: from the numbers of papers to what is drawn for them.

numbers ──choosing──> places ──space──> picks ──shapes──> columns ──conditions──> accepted or drawn again
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from itertools import product
from math import prod
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from chalkgrad.evaluation.columns import Columns
from chalkgrad.exam.bell import weights
from chalkgrad.exam.choosing import Chooser, Picks
from chalkgrad.exam.exercise import Exercise
from chalkgrad.exam.parameters import Slot
from chalkgrad.exam.seeding import Secret
from chalkgrad.exam.space import Space
from chalkgrad.exam.structure import Structure, varied
from chalkgrad.exam.symmetry import Symmetry
from chalkgrad.exam.tally import Verdicts
from chalkgrad.network.model import Network

CANONICAL_ORDER = "canonical_order"
"""The condition that lets one of several papers through that differ in the order of hidden units only."""
MOST_NETWORKS = 32
"""Of so many shapes it is looked up which draws ascend."""

Judge: TypeAlias = Callable[[Columns, int], Verdicts]
"""The conditions of a structure, asked of so many candidates; a verdict for all of them may be a single one."""


class Drawing:
    """What an exercise draws for its papers."""

    def __init__(
        self, exercise: Exercise, secret: Secret, judge_of: Callable[[Structure], Judge], *, canonical: bool = True
    ) -> None:
        self.exercise = exercise
        self.secret = secret
        self.canonical = canonical
        self._judge_of = judge_of
        self._judges: dict[int, tuple[Judge, Symmetry]] = {}

    @cached_property
    def chooser(self) -> Chooser:
        """Finds papers by their numbers, and tells how many there are."""
        return Chooser(self.space, self.verdicts)

    @cached_property
    def space(self) -> Space:
        """The draws and their places; follows from the secret, the exercise's name and its draws."""
        name = self.exercise.spec.name
        return Space(
            self.exercise.sizes,
            lambda purpose: self.secret.key("exercise", name, purpose),
            self._bells,
            self._ascending() if self.canonical else (),
        )

    @cached_property
    def _bells(self) -> Mapping[int, tuple[int, ...]]:
        """The weights of draws whose values are not equally likely."""
        return {
            number: weights([row[0] for row in numbers], draw.bell)
            for number, draw in enumerate(self.exercise.spec.draws)
            if draw.bell is not None and (numbers := draw.numbers()) is not None
        }

    def verdicts(self, picks: Picks) -> Verdicts:
        """For each condition, which candidates hold it."""
        found: dict[str, NDArray[np.bool_]] = {}
        for structure, rows in self.exercise.shapes(picks):
            judge, symmetry = self._of(structure)
            columns = structure.columns(picks[rows])
            own = dict(judge(columns, len(rows)))
            if not symmetry.is_trivial and self.canonical:
                own = {CANONICAL_ORDER: symmetry.holds(columns, len(rows)), **own}
            for name, held in own.items():
                found.setdefault(name, np.ones(len(picks), np.bool_))[rows] = held
        return found

    def _of(self, structure: Structure) -> tuple[Judge, Symmetry]:
        if id(structure) not in self._judges:
            slots = [Slot(v.at, v.table, v.draw) for v in structure.varied]
            symmetry = Symmetry(structure.example.network, slots, self._bells)
            self._judges[id(structure)] = self._judge_of(structure), symmetry
        return self._judges[id(structure)]

    def _ascending(self) -> tuple[tuple[int, ...], ...]:
        """Draws that ascend in every paper, whatever its shape."""
        exercise = self.exercise
        sizes = [exercise.sizes[draw] for draw in exercise.structural]
        if prod(sizes) > MOST_NETWORKS:
            return ()
        found = {self._ascending_in(exercise.network(key)) for key in product(*map(range, sizes))}
        return found.pop() if len(found) == 1 else ()

    def _ascending_in(self, network: Network) -> tuple[tuple[int, ...], ...]:
        slots = [Slot(v.at, v.table, v.draw) for v in varied(network, self.exercise.spec.draws)]
        return Symmetry(network, slots, self._bells).ascending
