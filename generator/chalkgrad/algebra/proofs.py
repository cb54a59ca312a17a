"""Proofs that two forms of an expression are one and the same."""

from __future__ import annotations

from collections.abc import Iterable

import sympy as sp
from sympy import Expr, Symbol

from chalkgrad.algebra.functions import defined


def proved_equal(left: Expr, right: Expr, *, real: Iterable[Symbol] = (), positive: bool = False) -> bool:
    """Whether SymPy shows that the difference is zero for all real values of the symbols.

    `positive` asks for all positive values alone: there ln(a/b) = ln a − ln b.

    Piecewise expressions are compared on each of z > 0 and z < 0; at the kink itself a derivative is a
    convention, not a theorem.

    >>> z = Symbol("z")
    >>> proved_equal(sp.sin(z) ** 2, 1 - sp.cos(z) ** 2)
    True
    """
    difference = defined(sp.sympify(left, strict=True) - sp.sympify(right, strict=True)).doit()
    symbols = sorted(difference.free_symbols | set(real), key=str)
    kinked = difference.atoms(sp.Piecewise, sp.Abs)
    if not kinked:
        kind = {"positive": True} if positive else {"real": True}
        return _vanishes(difference.xreplace({s: Symbol(s.name, **kind) for s in symbols}))
    switches = {s for piece in kinked for s in piece.free_symbols if s.name.startswith("z")}
    return all(
        _vanishes(
            difference.xreplace(
                {
                    s: sign * Symbol(f"{s.name}_size", positive=True)
                    if s in switches
                    else Symbol(s.name, real=True)
                    for s in symbols
                }
            )
        )
        for sign in (1, -1)
    )


def _vanishes(difference: Expr) -> bool:
    simplified = sp.simplify(sp.piecewise_fold(difference))
    if simplified == 0:
        return True
    if sp.simplify(sp.expand(sp.expand_log(simplified))) == 0:
        return True
    return bool(sp.simplify(sp.expand(simplified.rewrite(sp.exp))) == 0)
