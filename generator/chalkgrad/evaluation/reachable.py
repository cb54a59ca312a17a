"""The answers that can be reached by whoever carries so many digits, for many papers at once.

>>> # reachable = Reachable(program, derivation, asked, Carrying(decimals=4))
>>> # reachable.intervals(columns) is {at: Range}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

import numpy as np

from chalkgrad.derivation.model import Derivation
from chalkgrad.evaluation.carrying import Carrying
from chalkgrad.evaluation.columns import Column, Columns
from chalkgrad.evaluation.handwork import Inputs, decimals_of, worked
from chalkgrad.evaluation.program import Program
from chalkgrad.evaluation.ranges import Array, Range, added, hull, rational
from chalkgrad.evaluation.reach import reach
from chalkgrad.evaluation.ways import reached, routes
from chalkgrad.quantities import At

AT_ONCE = 2000
"""How many papers are worked at a time: few enough for a processor's cache."""
ALL_DIGITS = Carrying()


class Reachable:
    """The ways to some answers, written once; then filled with the numbers of papers."""

    def __init__(self, program: Program, derivation: Derivation, asked: Sequence[At], carrying: Carrying) -> None:
        self.program = program
        self.carrying = carrying
        self._routes = routes(program, derivation, tuple(dict.fromkeys(asked)))
        places = [place for found in self._routes.answers.values() for place in found]
        self._places = tuple(reached(self._routes.sheet, places))
        self._first = {at: found[0] for at, found in self._routes.answers.items()}
        self._needed = {place: tuple(reached(self._routes.sheet, [place])) for place in dict.fromkeys(places)}
        self._true = tuple(reached(self._routes.sheet, list(self._first.values())))

    def intervals(self, columns: Columns) -> dict[At, Range]:
        """Where each answer lies that can be reached; one entry a paper (one for all, where no number varies)."""
        count = len(next(iter(columns.values())).picks) if columns else 1
        tables = {self.program.register(at): (_table(column.table), column) for at, column in columns.items()}
        parts: dict[At, list[Range]] = {at: [] for at in self._first}
        with np.errstate(all="ignore"):
            for start in range(0, count, AT_ONCE):
                window = slice(start, min(start + AT_ONCE, count))
                for at, found in self._chunk(tables, window):
                    parts[at].append(found)
        return {at: Range(*map(np.concatenate, zip(*found, strict=True))) for at, found in parts.items()}

    def _chunk(self, tables: Mapping[int, tuple[Inputs, Column]], window: slice) -> Iterator[tuple[At, Range]]:
        given = {register: _inputs([value]) for register, value in self.program.given.items()}
        for register, (table, column) in tables.items():
            picks = column.picks[window]
            value = Range(table.value.low[picks], table.value.high[picks])
            given[register] = Inputs(value, table.places[picks])
        sheet = self._routes.sheet
        numbers = worked(sheet, self._places, given, self.carrying)
        true = worked(sheet, self._true, given, ALL_DIGITS)
        size = (window.stop - window.start,)
        for at, ends in self._routes.answers.items():
            center = true[self._first[at]].value
            found = None
            for place in ends:
                moved, is_open = reach(sheet, self._needed[place], numbers, place, self.carrying)
                one = added(center, moved)
                one = self.carrying.rounded(one).value if is_open else one
                one = _within(one, numbers[place].value)
                found = one if found is None else hull(found, one)
            assert found is not None  # noqa: S101 (there is a way to every answer)
            yield at, Range(np.broadcast_to(found.low, size), np.broadcast_to(found.high, size))


def _within(a: Range, b: Range) -> Range:
    """What both enclosures agree on."""
    return Range(np.fmax(a.low, b.low), np.fmin(a.high, b.high))


def _table(values: Sequence[Fraction]) -> Inputs:
    return _inputs(values)


def _inputs(values: Sequence[Fraction]) -> Inputs:
    """Given numbers, and how many decimals they have; a single one stands for all papers."""
    ranges = [rational(value.numerator, value.denominator) for value in values]
    places = [decimals_of(value.numerator, value.denominator) for value in values]

    def row(numbers: Sequence[float | Array], kind: type) -> Array:
        return (
            np.asarray([kind(number) for number in numbers]) if len(values) > 1 else np.asarray(kind(numbers[0]))
        )

    return Inputs(
        Range(row([r.low for r in ranges], float), row([r.high for r in ranges], float)), row(places, int)
    )
