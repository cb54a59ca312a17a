"""Learning-rate schedules: the rate of a step from the rate at the start and the number of the step.

Steps count from 1, and the first is made with the rate at the start, as by the schedulers of
`torch.optim.lr_scheduler` that take a step after each step of the optimizer.  The cosine is that of Loshchilov and
Hutter (2017), eq. 5, without restarts; inverse time that of Robbins and Monro (1951).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import sympy as sp
from sympy import Expr, Rational

from chalkgrad.algebra.functions import cos_pi, minimum
from chalkgrad.algebra.ops import formal
from chalkgrad.algebra.order import add, call, minus, mul, over, power
from chalkgrad.catalogue.optimizers import COUNT, START, Coefficient
from chalkgrad.messages import Message

_START, _LAST, _RATIO, _PERIOD, _SPAN, _SLOWING = map(formal, (START, "eta_end", "q", "p", "T", "r"))
_BEFORE = add(COUNT, Rational(-1))
"""How many steps were made before."""


@dataclass(frozen=True)
class RateSchedule:
    """How the learning rate changes from step to step."""

    name: str
    formula: Expr
    """The rate of a step, in eta_start, t and the coefficients."""
    coefficients: Mapping[str, Coefficient]
    pytorch: str
    """The scheduler of `torch.optim.lr_scheduler` that does the same, told by the names of the coefficients."""
    note: Message


_Q = Coefficient(Fraction(1, 2), Message("what the rate is multiplied by"), positive=True, key="ratio")
_P = Coefficient(
    Fraction(1), Message("after how many steps each time"), positive=True, below=None, whole=True, key="every"
)
_T = Coefficient(
    Fraction(10),
    Message("after how many steps the last rate is reached"),
    positive=True,
    below=None,
    whole=True,
    key="over",
)
_END = Coefficient(Fraction(0), Message("the rate that is reached in the end"), below=None, key="end")
_R = Coefficient(Fraction(1), Message("how fast the rate falls"), positive=True, below=None, key="decay")
_PROGRESS = over(_BEFORE, _SPAN)

SCHEDULES: tuple[RateSchedule, ...] = (
    RateSchedule(
        "step",
        mul(_START, power(_RATIO, call(sp.floor, over(_BEFORE, _PERIOD)))),
        {"q": _Q, "p": _P},
        "StepLR(optimizer, step_size=p, gamma=q)",
        Message("multiplied by a ratio after every so many steps"),
    ),
    RateSchedule(
        "exponential",
        mul(_START, power(_RATIO, _BEFORE)),
        {"q": _Q},
        "ExponentialLR(optimizer, gamma=q)",
        Message("multiplied by a ratio after every step"),
    ),
    RateSchedule(
        "cosine",
        add(_LAST, mul(Rational(1, 2), add(_START, minus(_LAST)), add(1, call(cos_pi, _PROGRESS)))),
        {"eta_end": _END, "T": _T},
        "CosineAnnealingLR(optimizer, T_max=T, eta_min=eta_end)",
        Message("falls along half a cosine to a last rate"),
    ),
    RateSchedule(
        "inverse_time",
        over(_START, add(1, mul(_SLOWING, _BEFORE))),
        {"r": _R},
        "LambdaLR(optimizer, lambda step: 1 / (1 + r * step))",
        Message("divided by 1 plus a multiple of the number of steps made"),
    ),
    RateSchedule(
        "linear",
        add(_START, mul(add(_LAST, minus(_START)), over(call(minimum, _BEFORE, _SPAN), _SPAN))),
        {"eta_end": _END, "T": _T},
        "LambdaLR(optimizer, lambda step: 1 + (eta_end / eta_0 - 1) * min(step, T) / T)",
        Message("falls in a straight line to a last rate"),
    ),
)

BY_NAME: dict[str, RateSchedule] = {row.name: row for row in SCHEDULES}
