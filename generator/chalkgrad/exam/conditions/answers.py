"""What is demanded of answers as they are shown: enough digits, and no two alike."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from chalkgrad.derivation.model import Derivation
from chalkgrad.errors import Unproven
from chalkgrad.evaluation.alone import Alone
from chalkgrad.evaluation.floats import FloatBall, Wide, units
from chalkgrad.evaluation.grids import Grid
from chalkgrad.evaluation.rounding import Digits
from chalkgrad.evaluation.runner import proven, show_at
from chalkgrad.evaluation.screening import Chunk, ball_of
from chalkgrad.exam.conditions.assembly import DIFFERENCE, Assembly
from chalkgrad.exam.conditions.truths import SLACK, Bools, Proof, Truth
from chalkgrad.network.model import Network
from chalkgrad.quantities import At, Role


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
            rest = numbers.denominator // math.gcd(numbers.denominator, 10**self.decimals)
            fits = numbers.numerators % rest == 0
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
        """Numbers farther apart than one unit of the last digit; the few others by their digits."""
        balls = [ball_of(chunk.numbers[place]) for place in self.places]
        shape = (len(balls), chunk.size)
        mids, rads = (np.empty(shape), np.empty(shape))
        for row, ball in enumerate(balls):
            mids[row], rads[row] = ball.mid, ball.rad
        order = np.sort(mids, axis=0)
        room = (order[1:] - order[:-1]) - 2 * SLACK * rads.max(axis=0)
        if self.digits.decimals is not None:
            apart = (room > SLACK * 10.0**-self.digits.decimals).all(axis=0)
            return self._by_digits(mids, rads, apart)
        assert self.digits.significant is not None  # noqa: S101 (exactly one of the two is set)
        size = np.maximum(abs(order[1:]), abs(order[:-1]))
        apart = (room > SLACK * size * 10.0 ** (1 - self.digits.significant)).all(axis=0)
        return Proof(apart, np.zeros_like(apart))

    def _by_digits(self, mids: Bools, rads: Bools, apart: Bools) -> Proof:
        """Where numbers lie near each other, whether they round to the same."""
        assert self.digits.decimals is not None  # noqa: S101 (what this is for)
        near = np.flatnonzero(~apart)
        ball = FloatBall(mids[:, near], rads[:, near] * SLACK)
        truncate = self.digits.rounding == "truncate"
        whole, sure = units(ball, Wide(10) ** self.digits.decimals, truncate=truncate)
        sure = np.all(sure & (whole > 0), axis=0)
        signed: Bools = np.sort(np.where(ball.mid < 0, -whole, whole), axis=0)
        differ: Bools = np.all(signed[1:] != signed[:-1], axis=0)
        alike = np.zeros_like(apart)
        apart[near], alike[near] = sure & differ, sure & ~differ
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


def independent(asked: Sequence[At], assembly: Assembly, network: Network) -> list[At]:
    """One of each set of answers that are the same number whatever is given: `delta2[1]` and `dJ/db2[1]`.

    They are told from those that are the same by chance by what they are for other given numbers.
    """
    program = assembly.program
    kept: list[At] = []
    others: list[dict[At, int]] = []
    for at in asked:
        place = program.register(at)
        if not any(place == program.register(other) for other in kept):
            kept.append(at)
            others.append(
                {other: assembly.applied(DIFFERENCE, (place, program.register(other))) for other in kept[:-1]}
            )
    makers = {instruction.register: instruction for instruction in assembly.instructions}
    points = [Alone(given, makers) for given in _elsewhere(program.given, _counts(assembly, network))]
    twins = {
        at
        for at, differences in zip(kept, others, strict=True)
        if any(_vanishes(points, difference) for difference in differences.values())
    }
    return [at for at in kept if at not in twins]


def _vanishes(points: Sequence[Alone], difference: int) -> bool:
    signs = {point.sign(difference) for point in points} - {None}
    return signs == {0}


def _counts(assembly: Assembly, network: Network) -> frozenset[int]:
    """Registers whose numbers count something, and cannot be others."""
    counts = [quantity for quantity in network.given if quantity.role is Role.COUNT]
    registers = assembly.program.registers
    return frozenset(place for at, place in registers.items() if at.quantity in counts)


def _elsewhere(given: dict[int, Fraction], kept: frozenset[int]) -> Iterator[dict[int, Fraction]]:
    """Other numbers: some near those given, some far from them, none in any relation to another."""
    for point in range(6):
        reach = Fraction(1, 50) if point < 2 else Fraction(2)
        yield {
            place: value if place in kept else (value if point < 2 else 0) + reach * _odd(point, number)
            for number, (place, value) in enumerate(given.items(), 1)
        }


def _odd(point: int, number: int) -> Fraction:
    """A number between −1 and 1, other for each point and each number."""
    return Fraction((7919 * number * number + 104_729 * point + 1299 * number * point) % 2003 - 1001, 1009)
