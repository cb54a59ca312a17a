"""What is demanded of answers as they are shown: enough digits, and no two alike."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from chalkgrad.derivation.model import Derivation
from chalkgrad.errors import Unproven
from chalkgrad.evaluation.alone import Alone
from chalkgrad.evaluation.floats import FloatBall, Wide, units
from chalkgrad.evaluation.grids import Grid
from chalkgrad.evaluation.rounding import Digits
from chalkgrad.evaluation.runner import proven, show_at
from chalkgrad.evaluation.screening import Chunk, Numbers, ball_of
from chalkgrad.exam.conditions.assembly import DIFFERENCE, Assembly
from chalkgrad.exam.conditions.truths import SLACK, Proof, Truth
from chalkgrad.quantities import At

SHORT = 2**31
"""The product of two such numbers is a machine integer."""


@dataclass(frozen=True)
class Fits(Truth):
    """A number has no more than some decimals, so that nothing is lost when it is rounded to them."""

    place: int
    decimals: int
    may_fit: bool
    """False for what is no fraction, but by chance."""

    def registers(self) -> Iterator[int]:
        """The one."""
        yield self.place

    def over(self, chunk: Chunk) -> Proof:
        """Where it is a fraction with such a denominator."""
        numbers = chunk.numbers[self.place]
        if isinstance(numbers, Grid):
            rest = numbers.denominators // np.gcd(numbers.denominators, 10**self.decimals)
            fits = np.asarray(numbers.numerators % rest == 0)
            return Proof(fits, ~fits)
        nowhere = np.zeros(np.shape(numbers.mid), dtype=bool)
        return Proof(nowhere, nowhere if self.may_fit else ~nowhere)

    def alone(self, one: Alone) -> bool | None:
        """Whether it is such a fraction."""
        if one.sign(self.place) is None:
            return None
        exact = one.value(self.place).exact
        return exact is not None and bool((exact * 10**self.decimals).q == 1)


@dataclass(frozen=True)
class Distinct(Truth):
    """No two of some numbers are the same, with the digits that are shown."""

    places: tuple[int, ...]
    ats: tuple[At, ...]
    """The quantity in each register."""
    digits: Digits
    derivation: Derivation

    def registers(self) -> Iterator[int]:
        """All of them."""
        return iter(self.places)

    def over(self, chunk: Chunk) -> Proof:
        """Numbers farther apart than one unit of the last digit; the few others are looked at more closely."""
        numbers = [chunk.numbers[place] for place in self.places]
        mids, rads = np.empty((2, len(numbers), chunk.size))
        for row, ball in enumerate(map(ball_of, numbers)):
            mids[row], rads[row] = ball.mid, ball.rad
        order = np.sort(mids, axis=0)
        unit: Any = 10.0 ** -(self.digits.decimals or 0)
        if self.digits.significant is not None:
            unit = np.maximum(abs(order[1:]), abs(order[:-1])) * 10.0 ** (1 - self.digits.significant)
        room = (order[1:] - order[:-1]) - 2 * SLACK * rads.max(axis=0)
        apart = np.all(room > SLACK * unit, axis=0)
        alike = np.zeros_like(apart)
        near = np.flatnonzero(~apart)
        if near.size:
            looks = [_look(number, self.digits, chunk.size, near) for number in numbers]
            apart[near], alike[near] = _compared(looks)
        return Proof(apart, alike)

    def alone(self, one: Alone) -> bool | None:
        """By the digits that are shown."""

        def show() -> list[object]:
            return [
                show_at(at, one.value(place), self.digits, self.derivation).value
                for at, place in zip(self.ats, self.places, strict=True)
            ]

        try:
            shown = proven(show)
        except Unproven:
            return None
        return None if None in shown else len({(int(v.p), int(v.q)) for v in shown}) == len(shown)


class Look(NamedTuple):
    """How a number looks in some candidates, as far as that is known."""

    units: NDArray[Any]
    """It is shown as so many units of the last decimal; where it is too small for one, 0."""
    is_known: NDArray[Any]
    """Where that is proven."""
    is_zero: NDArray[Any]
    """Where it is proven to be exactly 0."""
    exact: tuple[NDArray[Any], NDArray[Any]] | None
    """Numerators and denominators, where it is a fraction of ordinary size."""


def _look(numbers: Numbers, digits: Digits, size: int, rows: NDArray[Any]) -> Look:
    """One number of each of some candidates."""
    if isinstance(numbers, Grid):
        above, below = (
            np.broadcast_to(part, (size,))[rows] for part in (numbers.numerators, numbers.denominators)
        )
        exact = (above, below) if max(numbers.most, numbers.below) < SHORT else None
        ball, is_zero = numbers.ball(), above == 0
    else:
        exact, ball = None, numbers
        is_zero = np.broadcast_to((ball.mid == 0) & (ball.rad == 0), (size,))[rows]
    if digits.decimals is None:
        unknown = np.zeros(rows.shape, dtype=bool)
        return Look(np.zeros(rows.shape, dtype=np.int64), unknown, is_zero, exact)
    mid, rad = (np.broadcast_to(part, (size,))[rows] for part in ball)
    whole, is_known = units(
        FloatBall(mid, rad * SLACK), Wide(10) ** digits.decimals, truncate=digits.rounding == "truncate"
    )
    return Look(np.where(mid < 0, -whole, whole), is_known | is_zero, is_zero, exact)


def _compared(looks: Sequence[Look]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Where all look different for sure, and where two look alike for sure."""
    differ = np.ones_like(looks[0].is_known)
    alike = np.zeros_like(differ)
    for one, other in combinations(looks, 2):
        known, units_differ = one.is_known & other.is_known, one.units != other.units
        # two that are smaller than a unit are shown with digits of their own
        same = (one.is_zero & other.is_zero) | (known & ~units_differ & (one.units != 0))
        if one.exact is not None and other.exact is not None:
            same |= one.exact[0] * other.exact[1] == other.exact[0] * one.exact[1]
        alike |= same
        differ &= known & (units_differ | (one.is_zero ^ other.is_zero))
    return differ, alike


def independent(asked: Sequence[At], assembly: Assembly, drawn: Collection[At]) -> list[At]:
    """One of each set of answers that are the same number whatever is drawn: `delta2[1]` and `dJ/db2[1]`.

    They are told from those that are the same by chance by what they are for other numbers in the place of those
    drawn.
    """
    program = assembly.program
    kept: list[At] = []
    differences: list[list[int]] = []
    for at in asked:
        place = program.register(at)
        others = [program.register(other) for other in kept]
        if place not in others:
            kept.append(at)
            differences.append([assembly.applied(DIFFERENCE, (place, other)) for other in others])
    makers = {instruction.register: instruction for instruction in assembly.instructions}
    points = [Alone(given, makers) for given in _elsewhere(program.given, {program.register(at) for at in drawn})]
    rows = zip(kept, differences, strict=True)
    return [at for at, places in rows if not any(_vanishes(points, place) for place in places)]


def _vanishes(points: Sequence[Alone], difference: int) -> bool:
    signs = {point.sign(difference) for point in points} - {None}
    return signs == {0}


def _elsewhere(given: Mapping[int, Fraction], drawn: Collection[int]) -> Iterator[dict[int, Fraction]]:
    """Other numbers: some near those given, some far from them, none in any relation to another."""
    for point in range(6):
        reach = Fraction(1, 50) if point < 2 else Fraction(2)
        moved = {
            place: (given[place] if point < 2 else 0) + reach * _odd(point, number)
            for number, place in enumerate(sorted(drawn), 1)
        }
        yield {**given, **moved}


def _odd(point: int, number: int) -> Fraction:
    """A number between −1 and 1, other for each point and each number."""
    return Fraction((7919 * number * number + 104_729 * point + 1299 * number * point) % 2003 - 1001, 1009)
