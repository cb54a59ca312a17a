"""Many variants of one example: the same program, other given numbers.

Whatever is asked for is computed for all variants at once: fractions exactly, for as long as they last, everything
else as float balls; a digit that these cannot prove is settled by FLINT for its variant alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
from flint import arb, ctx
from numpy.typing import NDArray

from chalkgrad.derivation.model import DECIDED, Derivation, Kind
from chalkgrad.evaluation.chosen import Variant
from chalkgrad.evaluation.columns import Columns
from chalkgrad.evaluation.digits import DigitsColumn, Writer
from chalkgrad.evaluation.exact import Exact, Exacts, settled, unknown
from chalkgrad.evaluation.floats import FloatBall, Floats, Wide
from chalkgrad.evaluation.program import Instruction, Program
from chalkgrad.evaluation.rounding import Digits, Shown, show_given
from chalkgrad.evaluation.runner import ERROR_DIGITS, Evaluation, Event, Value, proven, refuse_blurred, show_at
from chalkgrad.evaluation.scalars import Balls, exact_fraction
from chalkgrad.quantities import At, Quantity, Role

DOUBLE = Wide(2.0**-50)
"""A relative radius within which a midpoint is as good as the nearest float64."""


class Variants:
    """The numbers of a chunk of variants: for each quantity a column with one entry a variant.

    Nothing is computed before it is asked for.
    """

    def __init__(
        self, program: Program, derivation: Derivation, digits: Digits, columns: Columns, count: int
    ) -> None:
        self.program = program
        self.derivation = derivation
        self.count = count
        self.digits = digits
        self.columns = columns
        """The given numbers that vary."""
        self.given = {program.register(at): column for at, column in columns.items()}
        """The same, by register."""
        self.settled = 0
        """How many numbers floating point could not settle."""
        self._writers = {False: Writer(digits), True: Writer(ERROR_DIGITS)}
        self._makers = {instruction.register: instruction for instruction in program.instructions}
        self._balls: dict[int, FloatBall] = {}
        self._exact: dict[int, Exact | None] = {}
        self._kinks: dict[int, NDArray[np.bool_]] = {}
        self._columns: dict[At, DigitsColumn] = {}
        self._doubles: dict[At, list[float]] = {}
        self._pulled_balls: dict[tuple[int, int], dict[int, arb]] = {}
        self._cost = program.register(At(derivation.network.batch_cost))

    # ---- numbers ------------------------------------------------------------------------------------------

    def _missing(self, places: Sequence[int], known: Mapping[int, Any]) -> list[Instruction]:
        """The instructions that have to be carried out for some registers, in order."""
        found: set[int] = set()
        waiting = [place for place in places if place not in known]
        while waiting:
            place = waiting.pop()
            if place not in found and place in self._makers:
                found.add(place)
                waiting += [i for i in self._makers[place].arguments if i not in known]
        return [self._makers[place] for place in sorted(found)]  # a register is made after those it is made from

    def ball(self, place: int) -> FloatBall:
        """A register as a float ball, of one entry where it does not vary."""
        found = self._balls.get(place)
        if found is None:
            floats = Floats()
            with np.errstate(all="ignore"):
                for maker in self._missing([place], self._balls):
                    balls = [self._given_ball(i) for i in maker.arguments]
                    self._balls[maker.register] = maker.function(floats, balls)
            found = self._given_ball(place)
        return found

    def _given_ball(self, place: int) -> FloatBall:
        """What is known, or given."""
        found = self._balls.get(place)
        if found is None:
            column = self.given.get(place)
            values = column.table if column else (self.program.given[place],)
            mid = np.array([Wide(v.numerator) / Wide(v.denominator) for v in values], dtype=Wide)
            rad = np.where(mid == 0, 0, abs(mid) * np.finfo(Wide).eps)
            found = FloatBall(mid[column.picks], rad[column.picks]) if column else FloatBall(mid, rad)
            self._balls[place] = found
        return found

    def exact(self, place: int) -> Exact | None:
        """The fractions of a register; None where it is a fraction in no variant."""
        if place not in self._exact:
            for maker in self._missing([place], self._exact):
                self._exact[maker.register] = self._made(maker)
        return self._given_exact(place)

    def _given_exact(self, place: int) -> Exact | None:
        """What is known, or given."""
        if place not in self._exact:
            column = self.given.get(place)
            self._exact[place] = Exact.of(column) if column else Exact.one(self.program.given[place])
        return self._exact[place]

    def _made(self, maker: Instruction) -> Exact | None:
        """The fractions that an instruction makes.

        Signs of what is no fraction are asked for where they may help: a case is decided by one, and what is
        multiplied by 0 need be no fraction.
        """
        place, function, arguments, at, kind, copies, _ = maker
        known = [self._given_exact(i) for i in arguments]
        if copies:
            return known[0]
        decides = kind in DECIDED and at is not None
        nothing = [found.is_zero for found in known if found is not None]
        zero = np.logical_or.reduce(np.broadcast_arrays(*nothing)) if nothing else np.zeros(1, dtype=bool)
        idle = at is None and self.exact(self._cost) is None  # differences of a cost that is no fraction are none
        if not (decides or zero.any()) and (idle or None in known):
            return None
        values = [self._with_signs(found, i) for found, i in zip(known, arguments, strict=True)]
        exacts = Exacts()
        with np.errstate(all="ignore"):
            found = settled(function(exacts, values))
        if kind is Kind.LOCAL and exacts.kinks.any():
            self._kinks[place] = exacts.kinks
        if zero.any():
            ball = self.ball(place)
            zero = zero & (ball.mid == 0) & (ball.rad == 0)  # 0 times a number of unknown sign
            if zero.any():
                found = (found or unknown()).nothing_where(zero)
        return found

    def _with_signs(self, found: Exact | None, place: int) -> Exact:
        """A register's fractions, and the signs of what is none."""
        if found is not None and found.known.all():
            return found
        mid, rad = self.ball(place)
        signs = np.where(mid > rad, 1, np.where(mid < -rad, -1, 0)).astype(np.int8)
        return unknown(signs) if found is None else found.with_signs(signs)

    def value(self, variant: int, place: int) -> Any:
        """One number as one of FLINT's rationals; None where it is none."""
        found = self.exact(place)
        return None if found is None else found.value(variant)

    @cached_property
    def events(self) -> list[list[Event]]:
        """For each variant the kinks that its local derivatives met."""
        events: list[list[Event]] = [[] for _ in range(self.count)]
        for place, _, _, at, kind, *_ in self.program.instructions:
            if kind is Kind.LOCAL and at is not None:
                self.exact(place)
                if place in self._kinks:
                    for variant in np.flatnonzero(np.broadcast_to(self._kinks[place], (self.count,))).tolist():
                        events[variant].append(Event("kink", *at))
        return events

    def is_zero(self, at: At) -> NDArray[np.bool_]:
        """Where a quantity is exactly 0."""
        found = self.exact(self.program.register(at))
        return np.broadcast_to(np.zeros(1, dtype=bool) if found is None else found.is_zero, (self.count,))

    def is_finite(self, at: At) -> NDArray[np.bool_]:
        """Where floating point knows a quantity as a finite number."""
        return np.broadcast_to(np.isfinite(self.ball(self.program.register(at)).rad), (self.count,))

    # ---- digits -------------------------------------------------------------------------------------------

    def column(self, at: At) -> DigitsColumn:
        """The digits of a quantity in every variant."""
        found = self._columns.get(at)
        if found is None:
            found = self._columns[at] = self._column(at)
        return found

    def _column(self, at: At) -> DigitsColumn:
        place, quantity = self.program.register(at), at.quantity
        yes = np.ones(1, dtype=bool)
        if column := self.given.get(place):
            written = [show_given(exact_fraction(value), self.digits).text for value in column.table]
            return DigitsColumn([written[pick] for pick in column.picks.tolist()], yes)
        if place in self.program.given:
            shown = show_given(exact_fraction(self.program.given[place]), self.digits)
            return DigitsColumn([shown.text] * self.count, yes)
        writer = self._writers[isinstance(quantity, Quantity) and quantity.role is Role.DIFFERENCE_ERROR]
        exact = self.exact(place)
        if exact is not None and exact.known.all():
            numbers = writer.exact(exact)
            numbers = numbers if len(numbers) == self.count else numbers * self.count
            return DigitsColumn([n.text for n in numbers], np.array([n.exact for n in numbers]))
        with np.errstate(all="ignore"):
            texts = writer.rounded(_spread(self.ball(place), self.count))
        flags = np.zeros(self.count, dtype=bool)
        if exact is not None:
            for row in np.flatnonzero(np.broadcast_to(exact.known, (self.count,))).tolist():
                texts[row], flags[row] = show_at(at, Value(exact.value(row)), self.digits, self.derivation)
        if None in texts:
            for row in [row for row, text in enumerate(texts) if text is None]:
                texts[row], flags[row] = self._settle(row, at)
        return DigitsColumn([text for text in texts if text is not None], flags)  # no gap is left

    def _settle(self, variant: int, at: At) -> Shown:
        """One number of one variant, by FLINT: only what it is made from is computed."""
        self.settled += 1
        place = self.program.register(at)

        def show() -> Shown:
            return show_at(at, Value(None, self._pulled(variant, place)), self.digits, self.derivation)

        shown: Shown = proven(show)
        return shown

    def double_column(self, at: At) -> list[float]:
        """The float64 nearest to a quantity, one entry a variant."""
        found = self._doubles.get(at)
        if found is None:
            found = self._doubles[at] = self._double_column(at)
        return found

    def _double_column(self, at: At) -> list[float]:
        place = self.program.register(at)
        exact = self.exact(place)
        mids, rads = _spread(self.ball(place), self.count)
        column: list[float] = mids.astype(float).tolist()
        open_rows = ~(rads <= abs(mids) * DOUBLE)
        known = np.zeros(1, dtype=bool) if exact is None else exact.known
        for row in np.flatnonzero(open_rows | known).tolist():
            value = self.value(row, place)
            column[row] = self._double(row, at) if value is None else Value(value).as_float()
        return column

    def _double(self, variant: int, at: At) -> float:
        """One number of one variant by FLINT, as precise as its digits ask."""
        place = self.program.register(at)

        def make() -> float:
            value = Value(None, self._pulled(variant, place))
            show_at(at, value, self.digits, self.derivation)
            return value.as_float()

        found: float = proven(make)
        return found

    def sharp(self, variant: int, at: At) -> arb:
        """One number of one variant as FLINT's ball, at the current precision."""
        return self._pulled(variant, self.program.register(at))

    def _pulled(self, variant: int, place: int) -> arb:
        """The ball of a register at the current precision."""
        known = self._pulled_balls.setdefault((variant, ctx.prec), {})
        arithmetic = Balls()
        waiting = [place]
        while waiting:  # a training run is deeper than Python calls may nest
            current = waiting[-1]
            exact = None if current in known else self.value(variant, current)
            if current in known:
                waiting.pop()
            elif exact is not None:
                known[current] = arb(exact)
            else:
                _, function, arguments, *_ = self._makers[current]
                missing = [i for i in arguments if i not in known]
                waiting += missing
                if not missing:
                    found = function(arithmetic, [known[i] for i in arguments])
                    refuse_blurred(found, (known[i] for i in arguments))
                    known[current] = found
        return known[place]

    def each(self) -> Iterator[Variant]:
        """Each variant by itself."""
        return (Variant(self, i) for i in range(self.count))


class Carried(Variants):
    """Variants in which each step goes on from the digits shown: each is worked by itself, when asked for."""

    def __init__(
        self,
        program: Program,
        derivation: Derivation,
        digits: Digits,
        columns: Columns,
        count: int,
        work: Callable[[Mapping[At, Fraction]], Evaluation],
    ) -> None:
        super().__init__(program, derivation, digits, columns, count)
        self._work = work
        self._worked: dict[int, Evaluation] = {}

    def evaluation(self, variant: int) -> Evaluation:
        """The numbers of one variant."""
        found = self._worked.get(variant)
        if found is None:
            given = {at: column.table[column.picks[variant]] for at, column in self.columns.items()}
            found = self._worked[variant] = self._work(given)
        return found

    def _column(self, at: At) -> DigitsColumn:
        if self.program.register(at) in self.program.given:
            return super()._column(at)
        shown = [self.evaluation(variant).shown(at) for variant in range(self.count)]
        return DigitsColumn([one.text for one in shown], np.array([one.exact for one in shown]))


def _spread(ball: FloatBall, count: int) -> FloatBall:
    return FloatBall(np.broadcast_to(ball.mid, (count,)), np.broadcast_to(ball.rad, (count,)))
