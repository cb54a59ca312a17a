"""Marks in a formula, for the reader's eye: a term that cancels, a part that tends to something.

A mark changes nothing of what a formula is worth; `unmarked` takes them off.  Printers strike the one out and put
a brace below the other.

>>> x, h = Symbol("x"), Symbol("h")
>>> unmarked(struck(x) + h)
h + x
"""

from __future__ import annotations

from sympy import Expr, Function


class struck(Function):  # type: ignore[misc]  # noqa: N801 (stands in formulas, as functions do)
    """What cancels: x² in x² + 2xh + h² − x²."""

    nargs = 1


class tends(Function):  # type: ignore[misc]  # noqa: N801
    """What has a limit of its own, and that limit: (eʰ − 1)/h → 1."""

    nargs = 2


def unmarked(expression: Expr) -> Expr:
    """The same formula without marks, evaluated as SymPy does."""
    plain: Expr = expression.replace(struck, lambda term: term).replace(tends, lambda part, _: part)
    return plain.doit()


def arrived(expression: Expr) -> Expr:
    """The same formula with limits in the place of what tends to them: sums and products as SymPy sorts them.

    >>> x, h = Symbol("x"), Symbol("h")
    >>> arrived(x * tends((exp(h) - 1) / h, 1))
    x
    """
    there: Expr = expression.replace(tends, lambda _, limit: limit)
    return unmarked(there)
