"""Optimizers: how a parameter moves, given its gradient."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from sympy import Expr

from chalkgrad.algebra.ops import Op, formal
from chalkgrad.algebra.order import add, minus, mul
from chalkgrad.messages import Message

W = formal("w")
G = formal("g")
RATE = formal("eta")


@dataclass(frozen=True)
class Optimizer:
    """The new value of a parameter w from the old one, its gradient g and the learning rate."""

    name: str
    update: Expr
    pytorch: str
    """The class of `torch.optim` that does the same."""
    note: str = ""


OPTIMIZERS: tuple[Optimizer, ...] = (
    Optimizer(
        "sgd", add(W, minus(mul(RATE, G))), "SGD", note=Message("gradient descent: w <- w - rate * gradient")
    ),
)

BY_NAME: dict[str, Optimizer] = {row.name: row for row in OPTIMIZERS}


@cache
def update_op(row: Optimizer) -> Op:
    """The update as an op of w, the rate and g."""
    return Op(row.name, (W, RATE, G), row.update, output=formal("w_new"))
