"""A formula taken apart into gates: operations on at most two quantities, in the order in which it is worked.

Sums and products of several things are worked from the left, as on a board.  A number is no quantity: it belongs
to the gate that uses it (`+ 1`, `2 ·`, `x²`).

>>> from itertools import count
>>> from chalkgrad.algebra.parsing import parse
>>> numbers = count(1)
>>> split(parse("(a*b + 1)**2", ["a", "b"]), "x", lambda: f"x{next(numbers)}")
[('x1', a*b), ('x2', x1 + 1), ('x', x2**2)]
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import sympy as sp
from sympy import Expr

from chalkgrad.algebra.ops import formal
from chalkgrad.algebra.order import add, minus, mul, over, power


def split(expression: Expr, name: str, fresh: Callable[[], str]) -> list[tuple[str, Expr]]:
    """The gates of an expression with the names of what they make; the last makes `name`, the others ask for a
    fresh one."""
    splitter = _Splitter(fresh)
    last = splitter.gate(expression)
    return [*splitter.gates, (name, last)]


def constant(expression: Expr) -> Expr | None:
    """An expression without variables, as one number where it is a fraction; None where it has variables."""
    if expression.free_symbols:
        return None
    number = expression.doit()
    return number if number.is_Rational else expression


@dataclass
class _Splitter:
    fresh: Callable[[], str]
    gates: list[tuple[str, Expr]] = field(default_factory=list)

    def operand(self, e: Expr) -> Expr:
        """What a gate can take in: a quantity or a number; anything else is made by gates of its own."""
        if e.is_Symbol:
            return e
        number = constant(e)
        return self.made(self.gate(e)) if number is None else number

    def made(self, gate: Expr) -> Expr:
        """The quantity that a gate makes; a gate without variables is a number."""
        if gate.is_Symbol:
            return gate
        number = constant(gate)
        if number is not None:
            return number
        name = self.fresh()
        self.gates.append((name, gate))
        return formal(name)

    def gate(self, e: Expr) -> Expr:
        """The last gate of an expression, after all those before it."""
        if e.is_Symbol or constant(e) is not None:
            return self.operand(e)
        if e.is_Add:
            return self._sum(e)
        if e.is_Mul:
            return self._product(e)
        if e.is_Pow and not isinstance(e, sp.exp):
            return power(self.operand(e.base), e.exp)
        return e.func(*map(self.operand, e.args), evaluate=False)

    def _sum(self, e: Expr) -> Expr:
        first, *rest = e.args
        result = self.operand(first)
        for i, term in enumerate(rest):
            before = self.made(result) if i else result
            body = _subtracted(term)
            if body is None:
                result = add(before, self.operand(term))
            else:
                taken = self.operand(body)
                result = add(before, -taken if taken.is_Rational else minus(taken))
        return result

    def _product(self, e: Expr) -> Expr:
        factors = _numbers_first(e)
        result = self.operand(factors[0]) if not _divides(factors[0]) else sp.Integer(1)
        for i, factor in enumerate(factors[not _divides(factors[0]) :]):
            before = self.made(result) if i else result
            if _divides(factor):
                divisor = self.operand(factor.base if factor.exp == -1 else power(factor.base, -factor.exp))
                result = power(divisor, -1) if before == 1 else over(before, divisor)
            else:
                result = mul(before, self.operand(factor))
        return result


def _subtracted(term: Expr) -> Expr | None:
    """What a term with a minus sign takes away; None for a term that is added."""
    if not term.is_Mul or term.args[0] != -1:
        return None
    rest = term.args[1:]
    return rest[0] if len(rest) == 1 else sp.Mul(*rest, evaluate=False)


def _numbers_first(product: Expr) -> list[Expr]:
    """The factors of a product, its numbers taken together and, unless they are 1, before the others."""
    coefficient: Expr = sp.Integer(1)
    others = []
    for factor in product.args:
        number = constant(factor)
        if number is not None and number.is_Rational:
            coefficient *= number
        else:
            others.append(factor)
    return others if coefficient == 1 and others else [coefficient, *others]


def _divides(factor: Expr) -> bool:
    return bool(factor.is_Pow and factor.exp.is_Rational and factor.exp < 0 and factor.free_symbols)
