"""Many variants of one example: the same program, other given numbers.

Fractions are kept exact variant by variant, for as long as they last; everything else is computed for all
variants at once, and a digit that this cannot prove is settled by FLINT for its variant alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

import numpy as np
from flint import arb, ctx, fmpq

from chalkgrad.derivation.model import DECIDED, Derivation, Kind
from chalkgrad.evaluation.floats import FloatBall, Floats, Wide, exponents, units
from chalkgrad.evaluation.fold import Compiled
from chalkgrad.evaluation.program import Program
from chalkgrad.evaluation.rounding import (
    SMALLEST_FIXED,
    TINY_DIGITS,
    Digits,
    Shown,
    fixed,
    scientific,
    show_exact,
    show_given,
)
from chalkgrad.evaluation.runner import ERROR_DIGITS, Event, Value, proven, refuse_blurred, show_at
from chalkgrad.evaluation.scalars import Balls, Rationals, Sign, exact_fraction, fraction
from chalkgrad.quantities import At, Quantity, Role

DOUBLE = Wide(2.0**-50)
"""A relative radius within which a midpoint is as good as the nearest float64."""

Given: TypeAlias = Mapping[At, Fraction]
"""The numbers that a variant has instead of the spec's."""


class Variants:
    """The digits of a chunk of variants: for each quantity a column with one entry a variant."""

    def __init__(
        self, program: Program, derivation: Derivation, digits: Digits, variants: Sequence[Given]
    ) -> None:
        self.program = program
        self.derivation = derivation
        self.digits = digits
        self.count = len(variants)
        self._varied = {program.register(at) for variant in variants for at in variant}
        self.given = [
            program.given | {program.register(at): v for at, v in variant.items()} for variant in variants
        ]
        with np.errstate(all="ignore"):
            self.balls = self._balls()
        self.exact, self.events = self._exact()
        self._exact_columns: dict[At, list[bool]] = {}
        self._columns: dict[At, list[Shown]] = {}
        self._doubles: dict[At, list[float]] = {}
        self._pulled_balls: dict[tuple[int, int], dict[int, arb]] = {}
        self._arb = Balls()
        self._makers = {instruction.register: instruction for instruction in program.instructions}
        self.settled = 0
        """How many numbers floating point could not settle."""

    def _exact(self) -> tuple[dict[int, list[fmpq | None]], list[list[Event]]]:
        """For each register that is a fraction in some variant, its column; None where it is no fraction.

        Instruction by instruction: whatever follows a transcendental function is passed over at once.
        """
        columns: dict[int, list[fmpq | None]] = {
            place: [exact_fraction(given[place]) for given in self.given] for place in self._varied
        }
        for place, number in self.program.given.items():
            if place not in columns:
                columns[place] = [exact_fraction(number)] * self.count
        events: list[list[Event]] = [[] for _ in self.given]
        nothing = {
            place: found
            for place, column in columns.items()
            if (found := {v for v, value in enumerate(column) if value is not None and value == 0})
        }
        arithmetic = Rationals()
        cost = self.program.register(At(self.derivation.network.batch_cost))
        for place, function, arguments, at, kind, copies, _ in self.program.instructions:
            column: list[fmpq | None] | None = None
            # the differences of a cost that is no fraction are none either
            idle = at is None and cost not in columns
            if copies:
                column = columns.get(arguments[0])
            elif kind in DECIDED and at is not None:
                rows = zip(*(self._with_signs(columns.get(i), i) for i in arguments), strict=True)
                local = at if kind is Kind.LOCAL else None
                column = self._fractions(function, rows if arguments else [()] * self.count, local, events)
            elif not idle and all(i in columns for i in arguments):
                rows = zip(*(columns[i] for i in arguments), strict=True)
                column = self._fractions(function, rows if arguments else [()] * self.count, None, events)
            for variant in set().union(*(nothing.get(i, ()) for i in arguments)):
                # what is multiplied by 0 need be no fraction
                column = column or [None] * self.count
                if column[variant] is None:
                    row = [self._with_sign(columns.get(i), i, variant) for i in arguments]
                    column[variant] = fraction(arithmetic, function, row)
                    if column[variant] is None and self._is_nothing(place, variant):
                        column[variant] = fmpq(0)
            if column is not None and any(value is not None for value in column):
                columns[place] = column
                if found := {v for v, value in enumerate(column) if value is not None and value == 0}:
                    nothing[place] = found
        return columns, events

    def _fractions(
        self,
        function: Compiled,
        rows: Iterable[tuple[fmpq | Sign | None, ...]],
        local: At | None,
        events: list[list[Event]],
    ) -> list[fmpq | None]:
        """A function's fractions in every variant, and the kinks that a local derivative met."""
        column = []
        arithmetic = Rationals()
        for variant, row in enumerate(rows):
            arithmetic.kinks = 0
            column.append(fraction(arithmetic, function, row))
            if arithmetic.kinks and local is not None:
                events[variant].append(Event("kink", *local))
        return column

    def _with_signs(self, column: list[fmpq | None] | None, place: int) -> Sequence[fmpq | Sign | None]:
        """A register's fractions, and the signs of what is none."""
        if column is not None and None not in column:
            return column
        ball = self.balls[place]
        assert ball is not None  # noqa: S101 (made before it is used)
        mid, rad = (np.broadcast_to(part, (self.count,)) for part in ball)
        signs = np.where(mid > rad, 1, np.where(mid < -rad, -1, 0)).tolist()
        known = column or [None] * self.count
        return [k if k is not None else Sign(s) if s else None for k, s in zip(known, signs, strict=True)]

    def _is_nothing(self, place: int, variant: int) -> bool:
        """Whether floating point knows a register to be exactly 0: 0 times a number of unknown sign."""
        ball = self.balls[place]
        assert ball is not None  # noqa: S101 (made before it is used)
        mid, rad = (np.broadcast_to(part, (self.count,))[variant] for part in ball)
        return bool(mid == 0 and rad == 0)

    def _with_sign(self, column: list[fmpq | None] | None, place: int, variant: int) -> fmpq | Sign | None:
        """A register's fraction in one variant, or the sign of what is none."""
        if column is not None and column[variant] is not None:
            return column[variant]
        ball = self.balls[place]
        assert ball is not None  # noqa: S101 (made before it is used)
        mid, rad = (np.broadcast_to(part, (self.count,))[variant] for part in ball)
        return Sign.POSITIVE if mid > rad else Sign.NEGATIVE if mid < -rad else None

    def _balls(self) -> list[FloatBall | None]:
        """All numbers of all variants, as float balls."""
        balls: list[FloatBall | None] = [None] * self.program.size
        for place in self.program.given:
            balls[place] = _enclosed([given[place] for given in self.given])
        floats = Floats()
        for place, function, arguments, *_ in self.program.instructions:
            balls[place] = function(floats, [balls[i] for i in arguments])
        return balls

    def column(self, at: At) -> list[Shown]:
        """The digits of a quantity in every variant."""
        found = self._columns.get(at)
        if found is None:
            found = self._columns[at] = self._column(at)
        return found

    def exact_column(self, at: At) -> list[bool]:
        """Where `=` may stand before the digits."""
        found = self._exact_columns.get(at)
        if found is None:
            found = self._exact_columns[at] = [shown.exact for shown in self.column(at)]
        return found

    def double_column(self, at: At) -> list[float]:
        """The float64 nearest to a quantity, one entry a variant."""
        found = self._doubles.get(at)
        if found is None:
            found = self._doubles[at] = self._double_column(at)
        return found

    def _double_column(self, at: At) -> list[float]:
        place = self.program.register(at)
        ball, exact = self.balls[place], self.exact.get(place)
        assert ball is not None  # noqa: S101 (every register is made by an instruction)
        mids, rads = _spread(ball, self.count)
        column: list[float] = mids.astype(float).tolist()
        proved = rads <= abs(mids) * DOUBLE
        if exact is None and proved.all():
            return column
        for i, sure in enumerate(proved.tolist()):
            value = exact[i] if exact else None
            if value is not None:
                column[i] = Value(value).as_float()
            elif not sure:
                column[i] = self._double(i, at)
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

    def is_zero(self, at: At) -> list[bool]:
        """Where a quantity is exactly 0."""
        column = self.exact.get(self.program.register(at))
        return [False] * self.count if column is None else [value == 0 for value in column]

    def is_finite(self, at: At) -> list[bool]:
        """Where floating point knows a quantity as a finite number."""
        ball = self.balls[self.program.register(at)]
        assert ball is not None  # noqa: S101 (every register is made by an instruction)
        flags: list[bool] = np.isfinite(_spread(ball, self.count).rad).tolist()
        return flags

    def each(self) -> Iterator[Variant]:
        """Each variant by itself."""
        return (Variant(self, i) for i in range(self.count))

    def _column(self, at: At) -> list[Shown]:
        place, quantity = self.program.register(at), at.quantity
        exact = self.exact.get(place)
        if place in self.program.given:
            given = [value for value in exact or () if value is not None]  # what is given is a fraction
            if place not in self._varied:
                return [show_given(given[0], self.digits)] * self.count
            # a grid of draws has few different numbers: each is written once
            numbers = [(int(value.p), int(value.q)) for value in given]
            written = {pq: show_given(fmpq(*pq), self.digits) for pq in set(numbers)}
            return [written[pq] for pq in numbers]
        is_error = isinstance(quantity, Quantity) and quantity.role is Role.DIFFERENCE_ERROR
        digits = ERROR_DIGITS if is_error else self.digits
        ball = self.balls[place]
        assert ball is not None  # noqa: S101 (every register is made by an instruction)
        shown: list[Shown | None] = [None] * self.count
        if exact is None or None in exact:
            with np.errstate(all="ignore"):
                shown = list(_shown(_spread(ball, self.count), digits))
        for i, value in enumerate(exact or ()):
            if value is not None:
                shown[i] = show_exact(value, digits)
        if None in shown:
            for i in [i for i, found in enumerate(shown) if found is None]:
                shown[i] = self._settle(i, at)
        return [found for found in shown if found is not None]  # no gap is left

    def _settle(self, variant: int, at: At) -> Shown:
        """One number of one variant, by FLINT: only what it is made from is computed."""
        self.settled += 1
        place = self.program.register(at)

        def show() -> Shown:
            return show_at(at, Value(None, self._pulled(variant, place)), self.digits, self.derivation)

        shown: Shown = proven(show)
        return shown

    def _pulled(self, variant: int, place: int) -> arb:
        """The ball of a register at the current precision."""
        known = self._pulled_balls.setdefault((variant, ctx.prec), {})
        waiting = [place]
        while waiting:  # a training run is deeper than Python calls may nest
            current = waiting[-1]
            column = self.exact.get(current)
            exact = column[variant] if column else None
            if current in known:
                waiting.pop()
            elif exact is not None:
                known[current] = arb(exact)
            else:
                _, function, arguments, *_ = self._makers[current]
                missing = [i for i in arguments if i not in known]
                waiting += missing
                if not missing:
                    found = function(self._arb, [known[i] for i in arguments])
                    refuse_blurred(found, (known[i] for i in arguments))
                    known[current] = found
        return known[place]


@dataclass(frozen=True)
class Variant:
    """The digits of one variant."""

    variants: Variants
    index: int

    def shown(self, at: At) -> Shown:
        """The digits of a quantity."""
        return self.variants.column(at)[self.index]

    def is_exact(self, at: At) -> bool:
        """Whether `=` may stand before them."""
        return self.shown(at).exact

    def double(self, at: At) -> float:
        """The float64 nearest to a quantity."""
        return self.variants.double_column(at)[self.index]


def _enclosed(values: Sequence[Fraction]) -> FloatBall:
    """Fractions as float balls."""
    first = values[0]
    if all(value == first for value in values):
        values = values[:1]
    mid = np.array([Wide(v.numerator) / Wide(v.denominator) for v in values], dtype=Wide)
    return FloatBall(mid, np.where(mid == 0, 0, abs(mid) * np.finfo(Wide).eps))


def _spread(ball: FloatBall, count: int) -> FloatBall:
    return FloatBall(np.broadcast_to(ball.mid, (count,)), np.broadcast_to(ball.rad, (count,)))


def _shown(ball: FloatBall, digits: Digits) -> Iterator[Shown | None]:
    """The digits of each variant; None where they are not proven, and for what is no finite number.

    None of these numbers is known to be a fraction, so none is a tie, and `≈` stands before each.
    """
    truncate = digits.rounding == "truncate"
    negative = (ball.mid < 0).tolist()
    if digits.decimals is None:
        assert digits.significant is not None  # noqa: S101 (exactly one of the two is set)
        return _significant(ball, digits.significant, negative, truncate=truncate)
    whole, sure = units(ball, Wide(10) ** digits.decimals, truncate=truncate)
    plain = sure & (whole > 0)
    if plain.all():
        unit, places = 10**digits.decimals, digits.decimals
        if not places:
            return (_fixed(n, 0, minus) for n, minus in zip(whole.tolist(), negative, strict=True))
        wholes, rests = (whole // unit).tolist(), (whole % unit).tolist()
        signs = ["-" if minus else "" for minus in negative]
        return (Shown(f"{sign}{w}.{r:0{places}d}", False) for sign, w, r in zip(signs, wholes, rests, strict=True))
    tiny = list(_significant(ball, TINY_DIGITS, negative, truncate=truncate, always_scientific=True))
    rows = zip(whole.tolist(), sure.tolist(), negative, tiny, strict=True)
    places = digits.decimals
    return (None if not is_sure else _fixed(n, places, minus) if n else small for n, is_sure, minus, small in rows)


def _fixed(n: int, decimals: int, negative: bool) -> Shown:
    return Shown(fixed(n, decimals, negative=negative), False)


def _significant(
    ball: FloatBall, count: int, negative: list[bool], *, truncate: bool, always_scientific: bool = False
) -> Iterator[Shown | None]:
    e, known = exponents(ball)
    whole, sure = units(ball, Wide(10) ** (count - 1 - e).astype(Wide), truncate=truncate)
    rows = zip(whole.tolist(), e.tolist(), (known & sure).tolist(), negative, strict=True)
    for n, exponent, is_sure, minus in rows:
        if not is_sure:
            yield None
            continue
        if n == 10**count:
            n, exponent = n // 10, exponent + 1  # noqa: PLW2901 (9.99… rounds up to the next power of ten)
        decimals = count - 1 - exponent
        if always_scientific or exponent < SMALLEST_FIXED or exponent >= max(count, 7):
            yield Shown(scientific(n, count, exponent, negative=minus), False)
        else:
            yield Shown(fixed(n, decimals, negative=minus), False)
