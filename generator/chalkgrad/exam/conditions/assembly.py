"""What conditions compute beyond an example's own numbers: more instructions, each made once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import sympy as sp
from sympy import Expr, Symbol

from chalkgrad.algebra.ops import formal
from chalkgrad.algebra.order import add, minus
from chalkgrad.evaluation.fold import compiled
from chalkgrad.evaluation.program import Instruction, Program
from chalkgrad.exam.conditions.truths import Sign

U, V = formal("u"), formal("v")
DIFFERENCE = add(U, minus(V))


class Assembly:
    """A program, and instructions that go on from its registers."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.instructions: list[Instruction] = list(program.instructions)
        self._size = program.size
        self._made: dict[tuple[Expr, tuple[int, ...]], int] = {}

    def made(self, formula: Expr, places: Mapping[Symbol, int]) -> int:
        """The register of a formula whose symbols stand for registers."""
        if formula.is_Symbol:
            return places[formula]
        symbols = tuple(symbol for symbol in places if formula.has(symbol))
        arguments = tuple(places[symbol] for symbol in symbols)
        key = (formula, arguments)
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = self._size
            self._size += 1
            self.instructions.append(Instruction(found, compiled(formula, symbols), arguments, None, None))
        return found

    def applied(self, formula: Expr, arguments: Sequence[int]) -> int:
        """A formula in u, or in u and v, of these registers."""
        return self.made(formula, dict(zip((U, V), arguments, strict=False)))

    def constant(self, value: Fraction) -> int:
        """A number as written."""
        return self.made(sp.Rational(value.numerator, value.denominator), {})

    def compared(self, left: int, signs: frozenset[int], right: int | Fraction) -> Sign:
        """Whether left − right has one of these signs."""
        if isinstance(right, Fraction):
            if not right:
                return Sign(left, signs)
            right = self.constant(right)
        return Sign(self.applied(DIFFERENCE, (left, right)), signs)
