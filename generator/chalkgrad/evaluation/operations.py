"""How much there is to work: operations that are not trivial, and negative numbers on the way, paper by paper.

Nothing multiplied by 0 or ±1 and nothing added to 0 is an operation; a power, a root, a division and a function
are one each.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from chalkgrad.evaluation.doubles import Doubles
from chalkgrad.evaluation.fold import Compiled
from chalkgrad.evaluation.variants import Variants
from chalkgrad.quantities import At

Counts: TypeAlias = NDArray[np.int64]
Array: TypeAlias = NDArray[np.float64]


class Work(NamedTuple):
    """What some numbers take to be worked, an entry a paper."""

    operations: Counts
    negatives: Counts
    """How many of the numbers on the way, given or worked, are negative."""


class Operations:
    """The arithmetic of float64, counting what is not trivial."""

    def __init__(self) -> None:
        self.count: Any = np.zeros(1, dtype=np.int64)
        self._numbers = Doubles()

    def _one(self, where: Any) -> None:
        self.count = self.count + np.asarray(where, dtype=np.int64)

    def rational(self, p: int, q: int) -> Array:
        """p/q."""
        return self._numbers.rational(p, q)

    def add(self, a: Array, b: Array) -> Array:
        """a + b."""
        self._one((a != 0) & (b != 0))
        return a + b

    def mul(self, a: Array, b: Array) -> Array:
        """a · b."""
        self._one(~(_is_trivial(a) | _is_trivial(b)))
        return a * b

    def product(self, factors: Sequence[Compiled], values: Sequence[Array]) -> Array:
        """The product; 0 settles it."""
        result: Array = factors[0](self, values)
        for factor in factors[1:]:
            result = self.mul(result, factor(self, values))
        return result

    def power(self, a: Array, p: int, q: int) -> Array:
        """a to the power p/q."""
        self._one(~_is_trivial(a))
        return self._numbers.power(a, p, q)

    def raised(self, a: Array, b: Array) -> Array:
        """a to the power b, a whole number."""
        self._one(~_is_trivial(a) & (b > 1))
        return self._numbers.raised(a, b)

    def floor(self, a: Array) -> Array:
        """The whole part."""
        return self._numbers.floor(a)

    def function(self, name: str, a: Array) -> Array:
        """exp, log, tanh, … of a."""
        self._one(np.ones_like(a, dtype=bool))
        return self._numbers.function(name, a)

    def pi(self) -> Array:
        """π."""
        return self._numbers.pi()

    def choose(self, switch: Array, cases: Sequence[Compiled], values: Sequence[Array]) -> Array:
        """The case that the sign of the switch picks, and what that case takes."""
        before, found = self.count, []
        for case in cases:
            self.count = before
            found.append((case(self, values), self.count))
        (above, some), (at, none), (below, other) = found
        self.count = np.where(switch > 0, some, np.where(switch < 0, other, none))
        chosen: Array = np.where(switch > 0, above, np.where(switch < 0, below, at))
        return chosen


def _is_trivial(a: Array) -> NDArray[np.bool_]:
    size = abs(a)
    trivial: NDArray[np.bool_] = (size == 0) | (size == 1)
    return trivial


def work(variants: Variants, asked: Iterable[At]) -> Work:
    """What the asked numbers take, each number on the way worked once."""
    program = variants.program
    needed = {program.register(at) for at in asked}
    way = []
    for instruction in reversed(program.instructions):
        if instruction.register in needed:
            needed.update(instruction.arguments)
            way.append(instruction)
    operations = np.zeros(variants.count, dtype=np.int64)
    negatives = np.zeros(variants.count, dtype=np.int64)
    numbers = {place: np.asarray(variants.ball(place).mid, dtype=float) for place in sorted(needed)}
    with np.errstate(all="ignore"):
        for instruction in reversed(way):
            if not instruction.copies:
                counting = Operations()
                instruction.function(counting, [numbers[i] for i in instruction.arguments])
                operations += counting.count
        copied = {instruction.register for instruction in way if instruction.copies}
        for place, number in numbers.items():
            if place not in copied:
                negatives += number < 0
    return Work(operations, negatives)
