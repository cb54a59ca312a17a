"""How far an answer may lie from the truth when every number on the way may have been rounded.

Reverse accumulation on a worksheet, with slopes in the place of derivatives: whatever two values f has, written
and true, their difference is a slope between the two times the difference of the arguments.  So an answer is

    answer = true answer + sum over the numbers v of  s_v · e_v

with e_v what rounding moved v by, and s_v the slope of the answer by v.  Each e_v lies in an interval that is
known from the digits of v, each s_v in one that this pass finds; nothing is neglected.

Whether a number is rounded is open for each use of it.  Where all rounded numbers are multiples of one unit, a sum
of them needs no rounding: what rounds in a sum is a group of terms that were not rounded before.  A group of two
counts half for each of its terms.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from chalkgrad.evaluation.carrying import GROUP, NOTHING, Carrying
from chalkgrad.evaluation.ranges import (
    FUNCTIONS,
    SLOPES,
    Array,
    Range,
    added,
    inverted,
    is_zero,
    multiplied,
    negated,
    picked,
    point,
    root,
    scaled,
)
from chalkgrad.evaluation.worksheet import Choose, Function, Logistic, Product, Root, Sum, Worksheet, used_by
from chalkgrad.evaluation.written import Number

ROOM = 1e-11
"""The rounding of the sums below, and far more: relative to what is summed."""
ZERO = np.asarray(0.0)
ONCE = point(1.0)


@dataclass
class _Slope:
    """By how much an answer moves with a number."""

    all: Range = NOTHING
    """Where it moves in every use."""
    alone: Range = NOTHING
    """The sums of its negative and of its positive slopes, where each use may see it rounded or not."""
    grouped: Range = NOTHING
    """The same for its uses in sums of several rounded terms."""


@dataclass
class _Back:
    """One answer, from the end to the beginning."""

    sheet: Worksheet
    numbers: Mapping[int, Number]
    carrying: Carrying
    slopes: dict[int, _Slope] = field(default_factory=dict)
    low: Array = field(default_factory=lambda: ZERO)
    high: Array = field(default_factory=lambda: ZERO)

    def slope(self, place: int) -> _Slope:
        return self.slopes.setdefault(place, _Slope())

    def count(self, place: int, later: Array | None) -> None:
        """What the rounding of one number adds, but for the papers where it comes later."""
        number, slope = self.numbers[place], self.slopes[place]
        if number.error is not NOTHING:
            self._add(slope.alone, number.error if later is None else picked(later, NOTHING, number.error))
        if slope.grouped is not NOTHING and number.items.any():
            group = GROUP * self.carrying.half
            error = Range(
                np.minimum(number.error.low, number.inner.low - group),
                np.maximum(number.error.high, number.inner.high + group),
            )
            self._add(slope.grouped, picked(number.items > 0, error, NOTHING))

    def _add(self, slopes: Range, error: Range) -> None:
        """All positive slopes see one and the same error or none, and so do the negative ones."""
        self.high = self.high + np.maximum(slopes.high * error.high, slopes.low * error.low)
        self.low = self.low + np.minimum(slopes.high * error.low, slopes.low * error.high)

    def use(self, place: int, slope: Range) -> None:
        """A use of a number in a formula."""
        found = self.slope(place)
        found.all = added(found.all, slope)
        found.alone = Range(
            found.alone.low + np.minimum(slope.low, 0.0), found.alone.high + np.maximum(slope.high, 0.0)
        )

    def pass_on(self, place: int, own: _Slope, sign: int, grouped: Array | bool, mask: Array | bool) -> None:
        """A use that rounds nothing itself: as a term of a sum, or as the case that holds."""
        found = self.slope(place)

        def part(slopes: Range, where: Array | bool) -> Range:
            turned = slopes if sign > 0 else negated(slopes)
            return turned if where is True else picked(np.asarray(where), turned, NOTHING)

        found.all = added(found.all, part(own.all, mask))
        if grouped is False:
            found.alone = _both(found.alone, part(own.alone, mask))
        else:
            found.alone = _both(found.alone, part(own.alone, mask & ~np.asarray(grouped)))
            found.grouped = _both(found.grouped, part(own.alone, mask & np.asarray(grouped)))
        if own.grouped is not NOTHING:
            found.grouped = _both(found.grouped, part(own.grouped, mask))

    def through(self, place: int) -> None:
        """On to what a number was made from."""
        own = self.slopes[place]
        numbers = self.numbers
        match self.sheet.entries[place]:
            case Sum(terms):
                for sign, term in terms:
                    if self.carrying.on_grid:
                        items = numbers[place].items
                        grouped = items > 1
                        self.pass_on(term, own, sign, grouped if grouped.any() else False, True)
                        continue
                    # where it rounds nothing itself, its one rounded term does
                    closed = is_zero(numbers[place].error)
                    slope = own.all if sign > 0 else negated(own.all)
                    self.pass_on(term, own, sign, False, closed)
                    self.use(term, picked(closed, NOTHING, slope))
            case Product(factors):
                self._product(own, factors)
            case Function(name, argument):
                self.use(argument, multiplied(own.all, SLOPES[name](numbers[argument].value)))
            case Root(argument, q):
                value = numbers[argument].value
                self.use(argument, multiplied(own.all, multiplied(scaled(root(value, q), 1 / q), inverted(value))))
            case Logistic(w):
                self.use(w, multiplied(own.all, _logistic_slope(numbers[w].value)))
            case Choose(switch, above, at, below):
                by = numbers[switch].value
                for case, mask in ((above, by.low > 0), (at, is_zero(by)), (below, by.high < 0)):
                    if mask.any():
                        self.pass_on(case, own, 1, False, np.asarray(mask))

    def _product(self, own: _Slope, factors: Sequence[tuple[int, bool]]) -> None:
        values = [self.numbers[place].value for place, _ in factors]
        shares = [
            inverted(value) if divides else value for value, (_, divides) in zip(values, factors, strict=True)
        ]
        before = [own.all]
        for share in shares[:-1]:
            before.append(multiplied(before[-1], share))
        after = ONCE
        for i in range(len(factors) - 1, -1, -1):
            place, divides = factors[i]
            slope = multiplied(before[i], after) if i < len(factors) - 1 else before[i]
            if divides:
                slope = negated(multiplied(slope, multiplied(shares[i], shares[i])))
            self.use(place, slope)
            after = multiplied(after, shares[i]) if i < len(factors) - 1 else shares[i]


def _both(a: Range, b: Range) -> Range:
    """Both added; ends of one sign only, whose rounding is counted at the end."""
    return b if a is NOTHING else Range(a.low + b.low, a.high + b.high)


def _logistic_slope(w: Range) -> Range:
    """The slope of 1/(1 + e^w): −a(1 − a)."""
    power = FUNCTIONS["exp"](w)
    a = inverted(added(ONCE, power))
    rest = inverted(added(ONCE, FUNCTIONS["exp"](negated(w))))
    return negated(multiplied(a, rest))


def reach(
    sheet: Worksheet, places: Sequence[int], numbers: Mapping[int, Number], answer: int, carrying: Carrying
) -> tuple[Range, Array]:
    """How far an answer may lie below and above the truth before it is written itself, and in which papers it is
    still to be written (in others it is a sum of numbers that were); `places` are all that it needs, in order."""
    back = _Back(sheet, numbers, carrying)
    back.slopes[answer] = _Slope(ONCE, ONCE._replace(low=ZERO))
    lasts = dict(_written_last(sheet, places, numbers, answer, carrying))
    still_open: Array = np.asarray(False)
    for last, (sign, mask) in lasts.items():
        inner = picked(mask, numbers[last].inner if sign > 0 else negated(numbers[last].inner), NOTHING)
        back.low, back.high, still_open = back.low + inner.low, back.high + inner.high, still_open | mask
    for place in reversed(places):
        if place in back.slopes:
            back.count(place, lasts[place][1] if place in lasts else None)
            back.through(place)
            del back.slopes[place]
    room = (back.high - back.low) * ROOM
    low, high = back.low - room, back.high + room
    return Range(np.where(np.isnan(low), -np.inf, low), np.where(np.isnan(high), np.inf, high)), still_open


def _written_last(
    sheet: Worksheet, places: Sequence[int], numbers: Mapping[int, Number], answer: int, carrying: Carrying
) -> Iterator[tuple[int, tuple[int, Array]]]:
    """The numbers whose rounding is that of the answer, with their sign in it, and in which papers.

    It is the answer itself; or its only term that is rounded, when nothing else uses that: to round w − d is to
    round d where w is a multiple of the unit, and all have one unit.
    """
    uses = Counter(used for place in places for used in used_by(sheet.entries[place]))
    waiting = [(answer, 1, numbers[answer].items > 0)]
    while waiting:
        place, sign, mask = waiting.pop()
        entry = sheet.entries[place]
        if isinstance(entry, Sum):
            number = numbers[place]
            # of significant digits the term may have fewer than the sum: its rounding is counted for itself
            closed = mask & np.asarray(carrying.on_grid)
            for own, term in entry.terms:
                alone = closed & (numbers[term].items == number.items)
                if uses[term] == 1 and alone.any():
                    waiting.append((term, sign * own, alone))
            mask = mask & ~closed
        if not isinstance(entry, Choose) and mask.any():
            yield place, (sign, mask)
