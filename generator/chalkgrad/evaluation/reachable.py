"""The answers that can be reached by whoever carries so many digits, for many papers at once.

`Reachable(program, derivation, asked, Carrying(decimals=4)).intervals(columns)` is an interval for each number
that is asked, with an entry a paper: it holds what comes out when numbers on the way are rounded correctly to four
decimals (or to more, or some of them not at all), in any of the usual orders (`ways.py`).  Given numbers are
exact; those that have more digits than are carried may be rounded too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import reduce

import numpy as np

from chalkgrad.derivation.model import Derivation
from chalkgrad.evaluation.carrying import Carrying
from chalkgrad.evaluation.columns import Column, Columns
from chalkgrad.evaluation.handwork import Hand
from chalkgrad.evaluation.program import Program
from chalkgrad.evaluation.ranges import Array, Range, added, hull, picked, rational
from chalkgrad.evaluation.reach import reach
from chalkgrad.evaluation.ways import reached, routes
from chalkgrad.evaluation.worksheet import Choose, Sum
from chalkgrad.evaluation.written import Inputs, decimals_of, within
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
        sheet, answers = self._routes
        self._ends = frozenset(place for found in answers.values() for place in found)
        self._places = tuple(reached(sheet, list(self._ends)))
        self._needed = {place: tuple(reached(sheet, [place])) for place in self._ends}

    def intervals(self, columns: Columns) -> dict[At, Range]:
        """Where each answer lies that can be reached; one entry a paper (one for all, where no number varies)."""
        count = len(next(iter(columns.values())).picks) if columns else 1
        tables = {self.program.register(at): (_inputs(column.table), column) for at, column in columns.items()}
        parts: dict[At, list[Range]] = {at: [] for at in self._routes.answers}
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
            low, high, places = map(np.atleast_1d, (*table.value, table.places))
            given[register] = Inputs(Range(low[picks], high[picks]), places[picks])
        sheet, answers = self._routes
        true, hand = Hand(given, ALL_DIGITS), Hand(given, self.carrying)
        found: dict[int, Range] = {}
        for place in self._places:
            entry = sheet.entries[place]
            true.work(place, entry)
            hand.work(place, entry)
            if place in self._ends:
                found[place] = self._answer(place, true.numbers[place].value, hand)
        size = (window.stop - window.start,)
        for at, ends in answers.items():
            all_ways = reduce(hull, (found[place] for place in ends))
            yield at, Range(*(np.broadcast_to(end, size) for end in all_ways))

    def _answer(self, place: int, truth: Range, hand: Hand) -> Range:
        """Where one answer lies; what comes after it knows that too."""
        moved, is_open = reach(self._routes.sheet, self._needed[place], hand.numbers, place, self.carrying)
        before = added(truth, moved)
        written = picked(is_open, self.carrying.rounded(before).value, before)
        if not isinstance(self._routes.sheet.entries[place], Sum | Choose):
            hand.sharpen(place, before, written)
        return within(written, hand.numbers[place].value)


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
