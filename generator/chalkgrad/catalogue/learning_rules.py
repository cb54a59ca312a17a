"""Learning rules of a single neuron: what it gives, what it descends, and how its parameters move.

All of them correct a parameter by rate · error · what came in along it (1 for the bias).  For the perceptron that
is the rule itself, and no gradient; for the others it is a step of gradient descent: `slope` lets SymPy derive it.

Sources: the perceptron of Rosenblatt (1962); Adaline and its rule of Widrow and Hoff (1960); the logistic neuron
as in Bishop (2006), 4.3.2.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import sympy as sp
from sympy import Expr

from chalkgrad.algebra.ops import Op, formal
from chalkgrad.algebra.order import add, minus, mul
from chalkgrad.catalogue import activations, losses
from chalkgrad.messages import Message

W, X, RATE = formal("w"), formal("x"), formal("eta")
Y, OUTPUT, E = formal("y"), formal("yhat"), formal("e")

ERROR_OP = Op("error", (Y, OUTPUT), add(Y, minus(OUTPUT)), output=E)
"""The error of a sample: target minus output."""


@dataclass(frozen=True)
class LearningRule:
    """A kind of neuron: its activation, and the cost that its rule descends."""

    name: str
    activation: str
    """Its row in `activations.py`."""
    loss: str
    """Its row in `losses.py`."""
    mean: bool
    """Whether the cost, and the correction, of a batch is the mean over its samples; else their sum."""
    note: Message
    descends: bool = True
    """Whether the rule is a step down the gradient of the cost.  Where it is not, every target is 0 or 1, and so
    is the output; then the cost counts the samples that the neuron gets wrong."""


LEARNING_RULES: tuple[LearningRule, ...] = (
    LearningRule(
        "perceptron",
        "step",
        "squared_error",
        mean=False,
        note=Message("step function; w <- w + rate * error * x, no gradient"),
        descends=False,
    ),
    LearningRule(
        "adaline",
        "identity",
        "half_squared_error",
        mean=False,
        note=Message("identity; descends the sum of (y - yhat)^2 / 2"),
    ),
    LearningRule(
        "logistic",
        "sigmoid",
        "binary_cross_entropy",
        mean=True,
        note=Message("logistic function; descends the mean cross-entropy"),
    ),
)

BY_NAME: dict[str, LearningRule] = {row.name: row for row in LEARNING_RULES}


@cache
def correction(samples: int, *, mean: bool, bias: bool) -> Op:
    """How a parameter moves, given the errors and inputs of the samples it is corrected by.

    >>> correction(1, mean=False, bias=False).formula
    w + eta*e1*x1

    Of several samples the products are added (or their mean is taken) first; a bias has the input 1.
    """
    errors = sp.symbols(f"e1:{samples + 1}", real=True)
    inputs = () if bias else sp.symbols(f"x1:{samples + 1}", real=True)
    terms = [mul(*factors) for factors in zip(errors, inputs, strict=True)] if inputs else list(errors)
    share = [sp.Rational(1, samples)] if mean and samples > 1 else []
    shift = mul(*share, RATE, add(*terms)) if samples > 1 else mul(RATE, errors[0], *inputs)
    return Op("correction", (W, RATE, *errors, *inputs), add(W, shift), output=formal("w_new"))


def slope(rule: LearningRule) -> Expr:
    """The derivative of one sample's cost by a weight, in w, x, y and the output, as the chain rule has it: by the
    output, times the output's by the weighted sum, times that one's by the weight."""
    loss, activation = losses.BY_NAME[rule.loss], activations.BY_NAME[rule.activation]
    outer = losses.loss_op(loss, 1).partial(losses.A).xreplace({losses.A: OUTPUT})
    inner = activations.activation_op(activation).partial(activations.Z).xreplace({activations.A: OUTPUT})
    return mul(outer, inner, X)
