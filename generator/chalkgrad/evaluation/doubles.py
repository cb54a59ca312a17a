"""Reading a program as a computer's own float64, to see whether a listing would find the numbers of the page.

It nearly always does.  It does not where 1 − a loses every digit, where 0 meets an infinite logarithm, or where a
weighted sum that is exactly 0 comes out as 10⁻¹⁷, on the wrong side of a kink.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chalkgrad.evaluation.columns import Columns
from chalkgrad.evaluation.fold import Compiled
from chalkgrad.evaluation.program import Program
from chalkgrad.quantities import At, Quantity, Role

CLOSE = 1e-11
"""How far a float64 may be off, absolute or of its size: a tenth of the last digit that a listing prints."""

Array = NDArray[np.float64]
_FUNCTIONS: Mapping[str, Callable[[Array], Any]] = {
    "exp": np.exp,
    "log": np.log,
    "tanh": np.tanh,
    "atan": np.arctan,
    "sin": np.sin,
    "cos": np.cos,
    "cos_pi": lambda a: np.cos(math.pi * a),
    "erf": np.vectorize(math.erf, otypes=[float]),
}


class Doubles:
    """The arithmetic of float64, an entry for each variant; nothing is settled by a 0."""

    def rational(self, p: int, q: int) -> Array:
        """p/q."""
        return np.asarray(p / q)

    def add(self, a: Array, b: Array) -> Array:
        """a + b."""
        return a + b

    def mul(self, a: Array, b: Array) -> Array:
        """a · b."""
        return a * b

    def product(self, factors: Sequence[Compiled], values: Sequence[Array]) -> Array:
        """The product of all factors, one after the other."""
        result: Array = factors[0](self, values)
        for factor in factors[1:]:
            result = result * factor(self, values)
        return result

    def power(self, a: Array, p: int, q: int) -> Array:
        """a to the power p/q."""
        return np.asarray(np.power(a, p / q))

    def raised(self, a: Array, b: Array) -> Array:
        """a to the power b, a whole number."""
        return np.asarray(np.power(a, b))

    def floor(self, a: Array) -> Array:
        """The whole part."""
        return np.asarray(np.floor(a))

    def function(self, name: str, a: Array) -> Array:
        """exp, log, tanh, atan, sin, cos or erf of a."""
        return np.asarray(_FUNCTIONS[name](a))

    def pi(self) -> Array:
        """π."""
        return np.asarray(math.pi)

    def choose(self, switch: Array, cases: Sequence[Compiled], values: Sequence[Array]) -> Array:
        """The case that the sign of the switch picks."""
        above, at, below = (case(self, values) for case in cases)
        chosen: Array = np.where(switch > 0, above, np.where(switch < 0, below, at))
        return chosen


def astray(program: Program, columns: Columns, count: int, true: Callable[[At], Sequence[float]]) -> list[bool]:
    """For each variant, whether float64 misses one of its numbers; `true` tells the nearest float64 of each."""
    registers: list[Any] = [None] * program.size
    for place, number in program.given.items():
        registers[place] = np.array([float(number)])
    for varied, (table, picks) in columns.items():
        registers[program.register(varied)] = np.array([float(value) for value in table])[picks]
    missed = np.zeros(count, dtype=bool)
    arithmetic = Doubles()
    with np.errstate(all="ignore"):
        for place, function, arguments, at, *_ in program.instructions:
            if at is None or _is_difference(at):
                continue
            found = registers[place] = function(arithmetic, [registers[i] for i in arguments])
            size = np.array(true(at))
            missed |= ~(abs(found - size) <= CLOSE * np.maximum(1, abs(size)))
    return [bool(flag) for flag in missed]


def _is_difference(at: At) -> bool:
    checks = (Role.DIFFERENCE, Role.DIFFERENCE_ERROR)
    return isinstance(at.quantity, Quantity) and at.quantity.role in checks
