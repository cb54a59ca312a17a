"""Losses of one sample: a row is the share of one output, and its textbook derivative.

The loss of a sample is the sum of its outputs' shares; the cost of a batch is the mean or sum of its samples'.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

import sympy as sp
from sympy import Expr

from chalkgrad.algebra.ops import Op, formal
from chalkgrad.algebra.order import add, call, minus, mul, over, power
from chalkgrad.messages import NOTHING, Message

A = formal("a")
Y = formal("y")
_MISS = add(Y, minus(A))
EXCESS = add(A, minus(Y))
TWICE_EXCESS = mul(2, EXCESS)


@dataclass(frozen=True)
class Loss:
    """What one output adds to the loss of a sample."""

    name: str
    share: Expr
    """In the output a and the target y."""
    derivative: Expr
    """By a, as teachers write it."""
    averaged: bool = False
    """Whether the sum over outputs is divided by their number m."""
    target: Callable[[Fraction], bool] = lambda _: True
    """Whether a target lies in the domain."""
    domain: Message = NOTHING
    """The domain in words, for messages; nothing where every number lies in it."""
    distribution: bool = False
    """Whether the targets of a sample must sum to 1."""
    note: str = ""


_PROBABILITY = Message("a number from 0 to 1")


def _is_probability(y: Fraction) -> bool:
    return 0 <= y <= 1


LOSSES: tuple[Loss, ...] = (
    Loss(
        "half_squared_error",
        mul(sp.Rational(1, 2), power(_MISS, 2)),
        EXCESS,
        note=Message("sum of (y - a)^2 / 2"),
    ),
    Loss("squared_error", power(_MISS, 2), TWICE_EXCESS, note=Message("sum of (y - a)^2")),
    Loss(
        "mean_squared_error",
        power(_MISS, 2),
        TWICE_EXCESS,
        averaged=True,
        note=Message("mean over the outputs of (y - a)^2"),
    ),
    Loss(
        "binary_cross_entropy",
        minus(add(mul(Y, call(sp.log, A)), mul(add(1, minus(Y)), call(sp.log, add(1, minus(A)))))),
        add(minus(over(Y, A)), over(add(1, minus(Y)), add(1, minus(A)))),
        target=_is_probability,
        domain=_PROBABILITY,
        note=Message("-sum of [y ln a + (1 - y) ln(1 - a)]"),
    ),
    Loss(
        "cross_entropy",
        minus(mul(Y, call(sp.log, A))),
        minus(over(Y, A)),
        target=_is_probability,
        domain=_PROBABILITY,
        distribution=True,
        note=Message("-sum of y ln a; the targets of a sample sum to 1"),
    ),
)

BY_NAME: dict[str, Loss] = {row.name: row for row in LOSSES}


@cache
def loss_op(row: Loss, outputs: int) -> Op:
    """The share of one of `outputs` outputs: inputs a and y."""
    if row.averaged and outputs > 1:
        part = sp.Rational(1, outputs)
        # 2/m is written as one fraction, as on a board
        slope = mul(2 * part, EXCESS) if row.derivative == TWICE_EXCESS else mul(part, row.derivative)
        return Op(row.name, (A, Y), mul(part, row.share), {A: slope}, output=formal("loss"))
    return Op(row.name, (A, Y), row.share, {A: row.derivative}, output=formal("loss"))


@dataclass(frozen=True)
class Collapse:
    """An activation and a loss whose product of derivatives is as short as can be.

    Sum over outputs i of dloss/da_i · da_i/dz_j = `form`; a test proves it with SymPy.
    """

    activation: str
    loss: str
    form: Expr


COLLAPSES: tuple[Collapse, ...] = (
    Collapse("softmax", "cross_entropy", EXCESS),
    Collapse("sigmoid", "binary_cross_entropy", EXCESS),
)


def collapse_op(activation: str, loss: str) -> Op | None:
    """The short form of the output delta, as an op of a and y; None where there is none."""
    for row in COLLAPSES:
        if (row.activation, row.loss) == (activation, loss):
            return _collapse_op(row)
    return None


@cache
def _collapse_op(row: Collapse) -> Op:
    return Op(f"{row.activation}_{row.loss}", (A, Y), row.form, output=formal("delta"))
