"""Sums and products in the order in which a teacher writes them.

SymPy sorts what it evaluates; `w*x + b` would become `b + w*x`.  Built without evaluation the order is kept,
and the printers of `markup/` never sort.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
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


def rebuilt(expression: Expr, leaf: Callable[[Expr], Expr | None]) -> Expr:
    """The same expression as written, with something else in the place of every part for which `leaf` has it.

    >>> x, h = sp.symbols("x h")
    >>> rebuilt(power(x, 2), lambda part: add(x, h) if part == x else None)
    (x + h)**2
    """
    found = leaf(expression)
    if found is not None:
        return found
    if not expression.args:
        return expression
    parts = [rebuilt(part, leaf) for part in expression.args]
    if expression.is_Add:  # a sum in the place of a term needs no parentheses
        parts = [term for part in parts for term in (part.args if part.is_Add else (part,))]
    return expression.func(*parts, evaluate=False)


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
        return _fraction(*(written(factor, kept) for factor in expression.as_ordered_factors()))
    if expression.is_Pow and not isinstance(expression, sp.exp):
        return power(written(expression.base, kept), expression.exp)
    if isinstance(expression, sp.Function) and not isinstance(expression, sp.Piecewise):
        return expression.func(*(written(argument, kept) for argument in expression.args), evaluate=False)
    return expression


def _flat(product: Expr) -> tuple[Expr, ...]:
    return product.args if product.is_Mul else (product,)


def _fraction(*factors: Expr) -> Expr:
    """A product; among divisors, its ½ is one of them: 1/(2√x)."""
    first, *rest = factors
    if first == -1 and rest:
        return mul(first, *_flat(_fraction(*rest)))
    below = [power(factor.base, -factor.exp) for factor in rest if factor.is_Pow and factor.exp.is_negative]
    if not (first.is_Rational and first.q != 1 and below):
        return mul(*factors)
    above = [factor for factor in rest if not (factor.is_Pow and factor.exp.is_negative)]
    above = above if above and first.p == 1 else [sp.Integer(first.p), *above]
    return over(mul(*above), mul(sp.Integer(first.q), *(f.base if f.exp == 1 else f for f in below)))
