"""What may be true of a candidate's numbers: signs of registers, and what `and`, `or`, `not` make of them.

Of thousands of candidates at a time each is told where it is proven and where it is disproven; where it is
neither, the candidate is asked by itself.  What has no value is neither true nor false, and no condition holds for
it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from chalkgrad.evaluation.alone import Alone
from chalkgrad.evaluation.grids import Grid
from chalkgrad.evaluation.screening import Chunk, Numbers

SLACK = 1 + 1e-9
"""What the rounding of radii, in float64 themselves, may have taken from them."""

Bools = NDArray[Any]


class Proof(NamedTuple):
    """Where something is proven, and where its contrary is."""

    true: Bools
    false: Bools


class Truth(ABC):
    """Something that a candidate's numbers fulfil or not."""

    @abstractmethod
    def registers(self) -> Iterator[int]:
        """The registers it looks at."""

    @abstractmethod
    def over(self, chunk: Chunk) -> Proof:
        """Of which candidates of a chunk it is proven, and of which disproven."""

    @abstractmethod
    def alone(self, one: Alone) -> bool | None:
        """Whether it is true of one candidate; None where that cannot be said, for want of a value."""


@dataclass(frozen=True)
class Sign(Truth):
    """A number has one of some signs: −1, 0, 1."""

    place: int
    signs: frozenset[int]

    def registers(self) -> Iterator[int]:
        """The one."""
        yield self.place

    def over(self, chunk: Chunk) -> Proof:
        """By sign, where the ball is on one side of 0."""
        sides = signs_of(chunk.numbers[self.place])
        nowhere = np.zeros(sides[0].shape, dtype=bool)
        true, false = nowhere, nowhere
        for sign, side in sides.items():
            if sign in self.signs:
                true = true | side
            else:
                false = false | side
        return Proof(true, false)

    def alone(self, one: Alone) -> bool | None:
        """By its sign."""
        sign = one.sign(self.place)
        return None if sign is None else sign in self.signs


def signs_of(numbers: Numbers) -> dict[int, Bools]:
    """Where numbers are known to be below, at and above 0."""
    if isinstance(numbers, Grid):
        whole = numbers.numerators
        return {-1: whole < 0, 0: whole == 0, 1: whole > 0}
    mid, rad = numbers.mid, numbers.rad * SLACK
    return {-1: mid < -rad, 0: (mid == 0) & (rad == 0), 1: mid > rad}


@dataclass(frozen=True)
class Every(Truth):
    """All of several."""

    parts: tuple[Truth, ...]

    def registers(self) -> Iterator[int]:
        """Those of the parts."""
        for part in self.parts:
            yield from part.registers()

    def over(self, chunk: Chunk) -> Proof:
        """True where all are, false where one is."""
        true, false = self.parts[0].over(chunk)
        for part in self.parts[1:]:
            more = part.over(chunk)
            true, false = true & more.true, false | more.false
        return Proof(true, false)

    def alone(self, one: Alone) -> bool | None:
        """As Kleene (1952) has it."""
        found: bool | None = True
        for part in self.parts:
            is_true = part.alone(one)
            if is_true is False:
                return False
            if is_true is None:
                found = None
        return found


@dataclass(frozen=True)
class Not(Truth):
    """The contrary."""

    part: Truth

    def registers(self) -> Iterator[int]:
        """Those of what is denied."""
        return self.part.registers()

    def over(self, chunk: Chunk) -> Proof:
        """True where the part is false."""
        found = self.part.over(chunk)
        return Proof(found.false, found.true)

    def alone(self, one: Alone) -> bool | None:
        """The contrary, where there is one."""
        is_true = self.part.alone(one)
        return None if is_true is None else not is_true


def some(*parts: Truth) -> Truth:
    """At least one of several."""
    return Not(Every(tuple(Not(part) for part in parts)))
