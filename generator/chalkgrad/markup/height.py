"""How high mathematics will be, in lines of text: what fits on a slide is decided before it is set.

>>> height(Fraction(Word("1"), Word("2")))
2.4
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sympy as sp
from sympy import Expr

from chalkgrad.algebra.marks import tends
from chalkgrad.markup import nodes
from chalkgrad.markup.nodes import Fraction, Math
from chalkgrad.quantities import Quantity

_BAR = 0.4
"""The room around the bar of a fraction, and what its parts rise with indices above and below."""
_BRACE = 0.5
_LINE = 0.3
"""Below a blank."""
_PRIME = 0.2
"""What the sign of a new parameter adds, beside the layer above and the indices below."""
_SMALL = 0.75
"""How much smaller labels and shapes are set."""
_LIMIT = 0.8
"""What stands below a Σ."""
_SIGMA = 1.6


def height(node: Math) -> float:
    """The height of a node where fractions are set at full size."""
    return _RULES[type(node)](node)


def _one(_: Any) -> float:
    return 1.0


def _name(node: nodes.Name) -> float:
    whole = isinstance(node.quantity, Quantity) or node.quantity.is_delta
    return 1.0 + _PRIME * (node.ahead > 0) if whole else 2.0 + _BAR


def _matrix_name(node: nodes.MatrixName) -> float:
    return 2.0 + _BAR if node.gradient else 1.0


def _body(node: Any) -> float:
    return height(node.body)


def _highest(parts: tuple[Math, ...]) -> float:
    return max((height(part) for part in parts), default=0.0)


def _fraction(node: Fraction) -> float:
    return height(node.above) + height(node.below) + _BAR


def _brace(node: nodes.Brace) -> float:
    return height(node.body) + _BRACE + _SMALL * height(node.label)


def _big_sum(node: nodes.BigSum) -> float:
    return max(_SIGMA, height(node.body)) + _LIMIT


def _limit(node: nodes.Limit) -> float:
    return max(1.0 + _LIMIT, height(node.body))


def _matrix(node: nodes.Matrix) -> float:
    rows = sum(max(1.0 if entry is None else height(entry) for entry in row) for row in node.rows)
    return rows + 0.15 + (0.65 if node.shape else 0.0)


def _formula(node: nodes.Formula) -> float:
    return _expression(node.expression, node.bindings)


def _expression(e: Expr, bindings: Mapping[sp.Symbol, Math]) -> float:
    """The same decisions as the printer of formulas takes: what becomes a fraction, what stands raised."""
    if e.is_Symbol:
        return height(bindings[e])
    if e.is_Rational:
        return 1.0 if e.q == 1 else 2.0 + _BAR
    if isinstance(e, sp.Piecewise):
        return sum(max(_expression(then, bindings), 1.0) for then, _ in e.args) + 0.3
    if isinstance(e, tends):
        return (
            sum(_expression(part, bindings) * size for part, size in zip(e.args, (1, _SMALL), strict=True))
            + _BRACE
        )
    if isinstance(e, sp.exp):
        return 0.7 + 0.5 * _expression(e.args[0], bindings)
    if e.is_Pow and not e.exp.is_Rational and not e.exp.is_Symbol:
        return 0.7 * _expression(e.base, bindings) + 0.5 * _expression(e.exp, bindings)
    if e.is_Pow and e.exp.is_Rational and e.exp < 0:
        return 1.0 + _BAR + _expression(e.base, bindings)
    if e.is_Mul and (below := [f for f in e.args if f.is_Pow and f.exp.is_Rational and f.exp < 0]):
        above = [_expression(f, bindings) for f in e.args if f not in below]
        return max(above, default=1.0) + _BAR + max(_expression(f.base, bindings) for f in below)
    return max((_expression(part, bindings) for part in e.args), default=1.0)


_RULES: Mapping[type, Callable[[Any], float]] = {
    nodes.Name: _name,
    nodes.MatrixName: _matrix_name,
    nodes.DeltaName: _one,
    nodes.Num: _one,
    nodes.Blank: lambda _: 1.0 + _LINE,
    nodes.Relation: _one,
    nodes.Branch: lambda node: _highest((node.positive, node.zero, node.negative)),
    nodes.Word: _one,
    nodes.Words: _one,
    nodes.Sign: _one,
    nodes.Row: lambda node: _highest(node.items),
    nodes.Product: lambda node: _highest(node.factors),
    nodes.Fraction: _fraction,
    nodes.Brace: _brace,
    nodes.Tint: _body,
    nodes.Struck: _body,
    nodes.Boxed: lambda node: height(node.body) + _BRACE,
    nodes.Limit: _limit,
    nodes.Paren: _body,
    nodes.Applied: lambda node: height(node.argument),
    nodes.BigSum: _big_sum,
    nodes.Matrix: _matrix,
    nodes.Shaped: lambda node: height(node.body) + _SMALL,
    nodes.Raised: lambda node: height(node.body) + 0.2,
    nodes.Formula: _formula,
    nodes.Continued: lambda node: height(node.sum),
    nodes.Uncovered: _body,
}
