"""What a formula demands of its variables, to have a value at all: divisors that are not 0, logarithms of what is
positive."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import sympy as sp
from sympy import Expr


class Demand(NamedTuple):
    """A part of a formula, and the signs that it may have."""

    part: Expr
    signs: frozenset[int]


@cache
def demands(formula: Expr) -> tuple[Demand, ...]:
    """Everything that could go wrong.  What SymPy knows to be positive demands nothing: 1 + e⁻ᶻ may divide.

    >>> z = sp.Symbol("z", real=True)
    >>> demands(1 / (1 + sp.exp(-z))), demands(sp.log(z))
    ((), (Demand(part=z, signs=frozenset({1})),))
    """
    inner = tuple(demand for part in formula.args if isinstance(part, Expr) for demand in demands(part))
    if isinstance(formula, sp.Piecewise):
        inner = tuple(demand for case in formula.args for demand in demands(case.expr))
    signs = _signs(formula)
    return inner if signs is None else (Demand(formula.args[0], signs), *inner)


def _signs(formula: Expr) -> frozenset[int] | None:
    """The signs that its argument may have; None where it may have any, or has one of these for sure."""
    if formula.func is sp.log:
        return None if formula.args[0].is_positive else frozenset({1})
    if not formula.is_Pow or isinstance(formula, sp.exp) or not formula.exp.is_Rational:
        return None
    base, exponent = formula.base, formula.exp
    if exponent.q != 1:
        known = base.is_positive if exponent.p < 0 else base.is_nonnegative
        return None if known else frozenset({1} if exponent.p < 0 else {0, 1})
    return None if exponent.p >= 0 or base.is_nonzero else frozenset({-1, 1})
