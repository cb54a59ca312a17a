"""The conditions of an exercise: read before anything is drawn, then asked of a hundred thousand candidates."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from chalkgrad.errors import FormulaError, Place, Problem, SpecError
from chalkgrad.evaluation.alone import Alone
from chalkgrad.evaluation.columns import Column, Columns
from chalkgrad.evaluation.rounding import Digits
from chalkgrad.evaluation.screening import Chunk, Screening
from chalkgrad.exam.conditions.assembly import Assembly
from chalkgrad.exam.conditions.builtin import BUILT_IN, Asked
from chalkgrad.exam.conditions.ids import Ids
from chalkgrad.exam.conditions.reading import read_condition
from chalkgrad.exam.conditions.truths import Truth
from chalkgrad.example import Example
from chalkgrad.messages import Message
from chalkgrad.quantities import At, Role
from chalkgrad.spec.conditions import Switches
from chalkgrad.spec.exam import Where


class Conditions:
    """What an example's numbers must fulfil to be those of a paper.

    `work` are the digits that a student carries, `drawn` the given numbers that vary from paper to paper (all of
    them where that is not said).  Raises `SpecError` with everything that is wrong in what the author wrote.
    """

    def __init__(
        self,
        example: Example,
        where: Sequence[Where],
        switches: Switches,
        asked: Sequence[At],
        work: Digits | None = None,
        drawn: Collection[At] | None = None,
    ) -> None:
        self.example = example
        assembly = Assembly(example.program)
        self.truths = _written(example, where, assembly)
        """What has to be true, by the author's text or the name of the built-in condition."""
        vary = tuple(_given(example) if drawn is None else drawn)
        ask = Asked(example, tuple(asked), assembly, switches, work or Digits(), vary)
        for name, build in BUILT_IN.items():
            truth = build(ask) if switches.is_on(name) else None
            if truth is not None:
                self.truths[name] = truth
        self._makers = {instruction.register: instruction for instruction in assembly.instructions}
        wanted = {place for truth in self.truths.values() for place in truth.registers()}
        self._screening = Screening(example.program.given, assembly.instructions, wanted)
        self.settled = 0
        """How often a candidate had to be asked by itself."""

    @property
    def names(self) -> tuple[str, ...]:
        """The conditions there are, in the order in which they are asked: the author's first."""
        return tuple(self.truths)

    def verdicts(self, columns: Columns) -> dict[str, NDArray[np.bool_]]:
        """For each condition, which of the candidates fulfil it; all columns have an entry a candidate.

        Every verdict is proven: what floating point leaves open is settled for its candidate alone.  Only of a
        candidate that another condition rejects it stays open, and counts as fulfilled.
        """
        program = self.example.program
        places = {program.register(at): column for at, column in columns.items()}
        count = len(next(iter(columns.values())).picks) if columns else 1
        found = {name: np.empty(count, dtype=bool) for name in self.truths}
        for chunk in self._screening.chunks(places, count):
            rows = slice(chunk.start, chunk.start + chunk.size)
            rejected = np.zeros(chunk.size, dtype=bool)
            is_open = {}
            for name, truth in self.truths.items():
                with np.errstate(all="ignore"):
                    proof = truth.over(chunk)
                rejected |= proof.false
                found[name][rows] = ~proof.false
                is_open[name] = ~(proof.true | proof.false)
            alone: dict[int, Alone] = {}
            for name, truth in self.truths.items():
                for row in np.flatnonzero(is_open[name] & ~rejected).tolist():
                    one = alone.get(row) or alone.setdefault(row, self._alone(places, chunk, row))
                    self.settled += 1
                    if truth.alone(one) is not True:
                        found[name][rows.start + row], rejected[row] = False, True
        return found

    def _alone(self, columns: Mapping[int, Column], chunk: Chunk, row: int) -> Alone:
        """One candidate by itself."""
        drawn = {place: column.table[int(column.picks[chunk.start + row])] for place, column in columns.items()}
        return Alone({**self.example.program.given, **drawn}, self._makers)


def _given(example: Example) -> Iterator[At]:
    """Every given number, but for what counts something."""
    for quantity, values in example.network.given.items():
        if quantity.role is not Role.COUNT:
            yield from (At(quantity, sample) for sample in range(1, len(values) + 1))


def _written(example: Example, where: Sequence[Where], assembly: Assembly) -> dict[str, Truth]:
    """The author's conditions, by their text."""
    ids, problems = Ids(example), []
    found: dict[str, Truth] = {}
    for one in where:
        try:
            found[" ".join(one.text.split())] = read_condition(one.text, ids).truth(assembly, ())
        except FormulaError as error:
            wrong = Message("a condition that does not read ({reason})", reason=error.message)
            expected = Message("a condition such as 0.1 < a2[1] < 0.9")
            problems.append(Problem(_inside(one.place, error.offset), wrong, expected))
    if problems:
        raise SpecError(problems, example.spec.show.language)
    return found


def _inside(place: Place, offset: int) -> Place:
    """The place of a character of a text that begins at a place."""
    if place.line is None or place.column is None:
        return place
    return Place(place.file, place.line, place.column + offset)
