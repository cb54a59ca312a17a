"""Linear layers one after the other are one linear map: the lines that show it, in letters.

The letters stand for matrices, so their order counts: a column on the right of its matrix, or a row on its left.

>>> [str(move.result) for move in collapse((True, False), columns=True)][-1]
'M*x + c'
"""

from __future__ import annotations

from sympy import Expr, Symbol

from chalkgrad.algebra.differentiation import Move, Rule
from chalkgrad.algebra.ops import formal
from chalkgrad.algebra.order import add, mul

INPUT = formal("x")
MAP, SHIFT = formal("M"), formal("c")
"""The one matrix and the one vector that remain."""


def weight(layer: int) -> Symbol:
    """The weight matrix of a layer, as it is multiplied."""
    return formal(f"W{layer}")


def bias(layer: int) -> Symbol:
    """The biases of a layer."""
    return formal(f"b{layer}")


def weighted_sum(layer: int) -> Symbol:
    """What a layer makes of what it takes in."""
    return formal(f"z{layer}")


def collapse(biased: tuple[bool, ...], *, columns: bool) -> list[Move]:
    """What the last of the layers makes of the input, line by line; `biased` says which layers have biases."""
    last = len(biased)
    moves = [
        Move((Rule.INSERT,) if depth else (), _nested(biased, last, last - depth, columns=columns))
        for depth in range(last)
    ]
    terms = _terms(biased, last, columns=columns)
    if len(terms) > 1:
        moves.append(Move((Rule.EXPAND,), add(*terms)))
    if len(terms) > 2:
        moves.append(Move((Rule.GROUPED,), add(terms[0], add(*terms[1:]))))
    named = _product(MAP, INPUT, columns=columns)
    return [*moves, Move((Rule.NAMED,), add(named, SHIFT) if len(terms) > 1 else named)]


def remaining(biased: tuple[bool, ...], *, columns: bool) -> tuple[Expr, Expr | None]:
    """What the one matrix is, and the one vector, where there is one."""
    first, *rest = _terms(biased, len(biased), columns=columns)
    factors = first.args[:-1] if columns else first.args[1:]
    return mul(*factors), add(*rest) if rest else None


def _product(matrix: Expr, vector: Expr, *, columns: bool) -> Expr:
    return mul(matrix, vector) if columns else mul(vector, matrix)


def _nested(biased: tuple[bool, ...], layer: int, down_to: int, *, columns: bool) -> Expr:
    """The weighted sum of a layer, with those of the layers before it put in, down to one of them."""
    inner: Expr = INPUT if layer == 1 else weighted_sum(layer - 1)
    if layer > down_to:
        inner = _nested(biased, layer - 1, down_to, columns=columns)
    product = _product(weight(layer), inner, columns=columns)
    return add(product, bias(layer)) if biased[layer - 1] else product


def _terms(biased: tuple[bool, ...], layer: int, *, columns: bool) -> list[Expr]:
    """The same multiplied out: the product of all matrices with the input first."""
    if layer == 0:
        return [INPUT]
    before = _terms(biased, layer - 1, columns=columns)

    def applied(term: Expr) -> Expr:
        factors = term.args if term.is_Mul else (term,)
        return mul(weight(layer), *factors) if columns else mul(*factors, weight(layer))

    terms = [applied(term) for term in before]
    return [*terms, bias(layer)] if biased[layer - 1] else terms
