"""Tidying up after a rule, as one does on a board: nothing added, nothing times one, minus minus.

Written order stays; nothing is expanded, combined or cancelled that a reader would want to see.

>>> tidied(add(mul(0, Z), minus(mul(-1, call(sp.exp, Z)))))
exp(z)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy as sp
from sympy import Expr

from chalkgrad.algebra.ops import formal
from chalkgrad.algebra.order import add, call, minus, mul, power

Z = formal("z")  # for the example above


def rebuilt(e: Expr, args: Sequence[Any]) -> Expr:
    """The same operation on other arguments, left as written."""
    if isinstance(e, sp.Piecewise):
        return sp.Piecewise(*args, evaluate=False)
    if e.is_Add:
        return add(*args)
    if e.is_Mul:
        return mul(*args)
    if e.is_Pow and not isinstance(e, sp.exp):
        return power(*args)
    return call(e.func, *args) if isinstance(e, sp.Function) else e.func(*args)


def replaced(e: Expr, old: Expr, new: Expr) -> Expr:
    """With `new` wherever `old` stands; everything else is left as written."""
    if e == old:
        return new
    if old not in sp.preorder_traversal(e):
        return e
    if isinstance(e, sp.Piecewise):
        return rebuilt(e, [(replaced(branch, old, new), condition) for branch, condition in e.args])
    return rebuilt(e, [replaced(part, old, new) for part in e.args])


def tidied(e: Expr) -> Expr:
    """Without zeros, ones and doubled signs; numbers multiplied and added."""
    if e.is_Add:
        return _sum([tidied(term) for term in e.args])
    if e.is_Mul:
        return _product([tidied(factor) for factor in e.args])
    if isinstance(e, sp.Piecewise):
        return rebuilt(e, [(tidied(branch), condition) for branch, condition in e.args])
    if e.is_Pow and not isinstance(e, sp.exp):
        return _power(tidied(e.base), e.exp)
    if isinstance(e, sp.Function):
        return rebuilt(e, [tidied(argument) for argument in e.args])
    return e


def _sum(terms: Sequence[Expr]) -> Expr:
    flat = [part for term in terms for part in (term.args if term.is_Add else (term,))]
    numbers = [term for term in flat if term.is_Rational]
    constant = sp.Add(*numbers)
    kept, said = [], constant == 0
    for term in flat:
        if not term.is_Rational:
            kept.append(term)
        elif not said:
            kept.append(constant)
            said = True
    return add(*kept) if kept else sp.Integer(0)


def _product(factors: Sequence[Expr]) -> Expr:
    flat = [part for factor in factors for part in factors_of(factor)]
    coefficient = sp.Mul(*(factor for factor in flat if factor.is_Rational))
    others = [factor for factor in flat if not factor.is_Rational]
    if coefficient == 0 or not others:
        return coefficient
    if coefficient == 1:
        # one over something keeps its one
        return mul(1, *others) if all(is_divisor(factor) for factor in others) else mul(*others)
    if coefficient == -1:
        return minus(_product(others))
    return mul(coefficient, *others)


def _power(base: Expr, exponent: Expr) -> Expr:
    if exponent == 1 or base == 1:
        return base
    if exponent == 0:
        return sp.Integer(1)
    if base.is_Rational and exponent.is_Integer:
        return base**exponent
    if base.is_Pow and not isinstance(base, sp.exp) and base.exp.is_Integer and exponent.is_Integer:
        return _power(base.base, base.exp * exponent)
    return power(base, exponent)


def is_divisor(e: Expr) -> bool:
    """Whether a factor stands below the line of a fraction."""
    return bool(e.is_Pow and not isinstance(e, sp.exp) and e.exp.is_Rational and e.exp < 0)


def factors_of(e: Expr) -> tuple[Expr, ...]:
    """What is multiplied, products inside products taken apart."""
    return tuple(part for factor in e.args for part in factors_of(factor)) if e.is_Mul else (e,)


def fraction_of(e: Expr) -> tuple[Expr, Expr]:
    """What stands above and below the line: 1 below where there is no line.

    >>> fraction_of(sp.Mul(2, 1 / Z, evaluate=False))
    (2, z)
    """
    factors = factors_of(e)
    above = [factor for factor in factors if not is_divisor(factor)]
    below = [_power(factor.base, -factor.exp) for factor in factors if is_divisor(factor)]
    return mul(*above) if above else sp.Integer(1), mul(*below) if below else sp.Integer(1)


def alike(left: Expr, right: Expr) -> bool:
    """Whether two expressions are the same but for the order of terms and factors."""
    return bool(_shape(tidied(left)) == _shape(tidied(right)))


def _shape(e: Expr) -> Any:
    if not e.args or isinstance(e, sp.Piecewise):
        return sp.srepr(e)
    if e.is_Add or e.is_Mul:
        parts = [part for arg in e.args for part in (arg.args if arg.func is e.func else (arg,))]
        return (str(e.func), tuple(sorted(map(str, map(_shape, (p for p in parts if not (e.is_Mul and p == 1)))))))
    return (str(e.func), tuple(map(_shape, e.args)))
