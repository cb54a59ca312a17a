"""Some numbers of a program for a hundred thousand candidates: only what they need is computed.

Numbers that lie on a grid stay exact; all others are float64 balls.  Candidates come in chunks, so that memory
does not grow with their number.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from chalkgrad.evaluation.columns import Column
from chalkgrad.evaluation.floats import FloatBall, Floats
from chalkgrad.evaluation.grids import Grid, Grids, OffTheGrid
from chalkgrad.evaluation.program import Instruction

CHUNK = 1 << 13
"""How many candidates are computed at a time: what is made on the way stays in the processor's cache."""
MOST_KEPT = 1 << 22
"""How many numbers are kept at a time: where candidates have very many, a chunk has fewer of them."""
FEWEST = 1 << 8

Numbers: TypeAlias = Grid | FloatBall
"""A number of each candidate."""


class Chunk(NamedTuple):
    """Some candidates, one after the other, and what was computed for them."""

    start: int
    """The place of the first, counted from 0."""
    size: int
    numbers: Mapping[int, Numbers]
    """By register; of a number that all candidates share there is one."""


def needed(instructions: Sequence[Instruction], wanted: Iterable[int]) -> list[Instruction]:
    """The instructions by which some registers are made, in their order."""
    asked = set(wanted)
    kept = []
    for instruction in reversed(instructions):
        if instruction.register in asked:
            asked.update(instruction.arguments)
            kept.append(instruction)
    return kept[::-1]


class Screening:
    """Makes some registers of many candidates."""

    def __init__(
        self, given: Mapping[int, Fraction], instructions: Sequence[Instruction], wanted: Collection[int]
    ) -> None:
        self.instructions = needed(instructions, wanted)
        self.wanted = frozenset(wanted)
        used = {place for instruction in self.instructions for place in instruction.arguments} | self.wanted
        self.given = {place: value for place, value in given.items() if place in used}
        last = {place: i for i, one in enumerate(self.instructions) for place in one.arguments}
        self._done: list[list[int]] = [[] for _ in self.instructions]
        """What no later instruction uses."""
        for place, i in last.items():
            if place not in self.wanted:
                self._done[i].append(place)

    def chunks(self, columns: Mapping[int, Column], count: int) -> Iterator[Chunk]:
        """The wanted registers of `count` candidates; `columns` are the given numbers that vary, by register."""
        fixed = {place: _numbers([value])[0] for place, value in self.given.items() if place not in columns}
        tables = {place: _numbers(columns[place].table) for place in self.given if place in columns}
        size = max(FEWEST, min(CHUNK, MOST_KEPT // max(len(self.wanted), 1)))
        for start in range(0, count, size):
            rows = slice(start, min(start + size, count))
            drawn = {place: _picked(table, columns[place].picks[rows]) for place, (_, table) in tables.items()}
            with np.errstate(all="ignore"):
                yield Chunk(start, rows.stop - start, self._run(fixed | drawn))

    def _run(self, numbers: dict[int, Numbers]) -> dict[int, Numbers]:
        """What the instructions make of given numbers."""
        grids, floats = Grids(), Floats(np.float64)
        balls: dict[int, FloatBall] = {}
        for instruction, done in zip(self.instructions, self._done, strict=True):
            place, function, arguments, *_ = instruction
            values = [numbers[i] for i in arguments]
            if all(isinstance(value, Grid) for value in values):
                with suppress(OffTheGrid):
                    numbers[place] = function(grids, values)
            if place not in numbers:
                for i, value in zip(arguments, values, strict=True):
                    if i not in balls:
                        balls[i] = ball_of(value)
                numbers[place] = function(floats, [balls[i] for i in arguments])
            for i in done:
                del numbers[i]
                balls.pop(i, None)
        return numbers


def ball_of(numbers: Numbers) -> FloatBall:
    """Numbers as float balls, however they were kept."""
    return numbers.ball() if isinstance(numbers, Grid) else numbers


def _numbers(values: Sequence[Fraction]) -> tuple[Numbers, Numbers]:
    """The first of some fractions by itself, and all of them."""
    try:
        whole: Numbers = Grid.of(values)
    except OffTheGrid:
        mid = np.array([value.numerator / value.denominator for value in values])
        whole = FloatBall(mid, abs(mid) * 2.0**-51)
    return _picked(whole, np.zeros((), dtype=np.intp)), whole


def _picked(table: Numbers, picks: NDArray[Any]) -> Numbers:
    if isinstance(table, Grid):
        return Grid(table.numerators[picks], table.denominators, table.most, table.below)
    return FloatBall(table.mid[picks], table.rad[picks])
