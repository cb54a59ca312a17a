"""The graph of a function and of its derivative, with the points at which they are worked."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import sympy as sp
from sympy import Expr, Symbol

from chalkgrad.algebra.functions import defined
from chalkgrad.document.plot import Axis, Curve, Pen, Plot, Points, Spot
from chalkgrad.document.scribe import Scribe
from chalkgrad.markup.nodes import Math
from chalkgrad.quantities import AnyQuantity, At, Quantity

REACH = 5.0
"""How far the graphs go on either side of 0, and farther where a point lies there."""
STEPS = 160
"""Of how many pieces each is made."""
FUNCTION, SLOPE = Pen("loc", width="thick"), Pen("up", "dashed")


def graph(
    scribe: Scribe,
    name: str,
    title: str,
    variable: tuple[Symbol, Math, Quantity],
    curves: Sequence[tuple[Expr, Math, AnyQuantity]],
) -> Plot:
    """The function (and its derivative, where there is one) over the variable; each with its label and with the
    quantity that holds its numbers at the points."""
    symbol, letter, point = variable
    reach = max(REACH, *(abs(float(value)) * 1.1 for value in scribe.network.given[point]))
    parts: list[Curve | Points] = []
    for (expression, label, quantity), pen in zip(curves, (FUNCTION, SLOPE), strict=False):
        parts.append(Curve(tuple(_points(expression, symbol, reach)), pen, (label,), quantity.id))
        spots = tuple((At(point, n), At(quantity, n)) for n in scribe.samples)
        parts.append(Points(spots, pen=Pen(pen.colour)))
    return Plot(name, title, Axis((letter,), -reach, reach), Axis(()), tuple(parts), shape="low")


def _points(expression: Expr, symbol: Symbol, reach: float) -> Iterator[Spot]:
    """The graph on both sides of 0, interrupted there where the two do not meet."""
    plain = defined(expression).doit()
    sides = [_side(plain, sign) for sign in (-1, 1)]
    for sign, side in zip((-1, 1), sides, strict=True):
        value = sp.lambdify(symbol, side, "mpmath")
        for i in range(STEPS // 2 + 1):
            x = (i / (STEPS // 2) - (sign < 0)) * reach
            yield x, float(value(x))
        if sign < 0 and not sp.Eq(sides[0].subs(symbol, 0), sides[1].subs(symbol, 0)):
            yield 0.0, math.nan


def _side(plain: Expr, sign: int) -> Expr:
    if not isinstance(plain, sp.Piecewise):
        return plain
    return plain.args[0 if sign > 0 else 1][0]
