"""Sums and products in the order in which a teacher writes them.

SymPy sorts what it evaluates; `w*x + b` would become `b + w*x`.  Built without evaluation the order is kept,
and the printers of `markup/` never sort.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sympy as sp
from sympy import Expr


def _expr(value: Any) -> Expr:
    """A number or expression; text is refused, for SymPy would run it."""
    return sp.sympify(value, strict=True)


def add(*terms: Any) -> Expr:
    """The sum of the terms, in this order; a single term is itself."""
    return sp.Add(*map(_expr, terms), evaluate=False) if len(terms) > 1 else _expr(terms[0])


def mul(*factors: Any) -> Expr:
    """The product of the factors, in this order; a single factor is itself."""
    return sp.Mul(*map(_expr, factors), evaluate=False) if len(factors) > 1 else _expr(factors[0])


def minus(term: Any) -> Expr:
    """The negative of a term, kept as one term."""
    return sp.Mul(sp.Integer(-1), _expr(term), evaluate=False)


def power(base: Any, exponent: Any) -> Expr:
    """A power that is left as written: `(y - a)**2` is not expanded, `1/x` is not combined."""
    return sp.Pow(_expr(base), _expr(exponent), evaluate=False)


def call(function: Any, *arguments: Any) -> Expr:
    """A function of something, not looked into: SymPy would ask a hundred questions about its argument."""
    return function(*map(_expr, arguments), evaluate=False)


def cases(z: Expr, positive: Any, otherwise: Any) -> Expr:
    """One formula where z > 0, another where it is not."""
    condition = sp.StrictGreaterThan(z, sp.Integer(0), evaluate=False)
    return sp.Piecewise((_expr(positive), condition), (_expr(otherwise), True), evaluate=False)


def over(numerator: Any, denominator: Any) -> Expr:
    """A fraction as written."""
    return mul(numerator, power(denominator, -1))


def written(expression: Expr, kept: Collection[Expr] = ()) -> Expr:
    """An expression that SymPy computed, in the order in which SymPy would print it, and fixed there.

    What comes out of `diff` stands in an internal order that says nothing to a reader; this pins the order
    of terms and factors that SymPy's own printers choose, so that every printer prints the same.  What is `kept`
    has an order already.
    """
    if expression in kept:
        return expression
    if expression.is_Add:
        return add(*(written(term, kept) for term in expression.as_ordered_terms()))
    if expression.is_Mul:
        return mul(*(written(factor, kept) for factor in expression.as_ordered_factors()))
    if expression.is_Pow and not isinstance(expression, sp.exp):
        return power(written(expression.base, kept), expression.exp)
    if isinstance(expression, sp.Function) and not isinstance(expression, sp.Piecewise):
        return expression.func(*(written(argument, kept) for argument in expression.args), evaluate=False)
    return expression
