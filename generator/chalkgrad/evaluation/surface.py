"""The cost as a surface over two parameters, all other numbers as they are: the same program, for many points."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sympy import Expr, Symbol

from chalkgrad.evaluation.doubles import Doubles
from chalkgrad.evaluation.program import Instruction, Program
from chalkgrad.evaluation.sampling import function
from chalkgrad.quantities import At

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Surface:
    """A quantity of a program over two of the numbers that are given to it."""

    program: Program
    height: At
    across: At
    up: At
    time: int = 0
    """The moment at which all other numbers are taken; the program is that of the first."""

    is_fixed = False
    """The other numbers of the page shape it."""

    def heights(self, values: Callable[[At], float], across: Array, up: Array) -> Array:
        """The quantity at each point: two arrays of one shape to an array of that shape."""
        program, arithmetic = self.program, Doubles()
        registers: list[Any] = [None] * program.size
        for at, place in program.registers.items():
            if at.time == 0 and place in self._needed and place in program.given:
                registers[place] = np.asarray(values(at._replace(time=self.time)))
        registers[program.register(self.across)] = across
        registers[program.register(self.up)] = up
        with np.errstate(all="ignore"):
            for place, run, arguments, *_ in self._instructions:
                registers[place] = run(arithmetic, [registers[i] for i in arguments])
        return np.broadcast_to(registers[program.register(self.height)], across.shape).astype(float)

    @cached_property
    def _needed(self) -> set[int]:
        """The registers that the quantity is made from, and its own."""
        needed = {self.program.register(self.height)}
        for instruction in reversed(self.program.instructions):
            if instruction.register in needed:
                needed.update(instruction.arguments)
        return needed

    @cached_property
    def _instructions(self) -> list[Instruction]:
        return [instruction for instruction in self.program.instructions if instruction.register in self._needed]


@dataclass(frozen=True)
class Graph:
    """A formula of two letters as a surface."""

    expression: Expr
    across: Symbol
    up: Symbol

    is_fixed = True
    """No number of a page changes it."""

    def heights(self, _: Callable[[At], float], across: Array, up: Array) -> Array:
        """The formula at each point: two arrays of one shape to an array of that shape."""
        return function(self.expression, (self.across, self.up))(across, up)
