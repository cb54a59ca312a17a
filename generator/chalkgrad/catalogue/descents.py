"""Ways down a function besides the optimizers: Newton's method, and two that look around without any derivative.

Newton's step as in Nocedal and Wright (2006), eq. 3.30, the Hessian inverted by hand; the two searches as in the
notes of Stanford's CS231n on optimization.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from chalkgrad.catalogue.optimizers import Coefficient
from chalkgrad.messages import Message

NEWTON, RANDOM, LOCAL = "newton", "random_search", "random_local_search"
RATE, REACH = "learning_rate", "reach"


@dataclass(frozen=True)
class Way:
    """A way down that is no optimizer of `torch.optim`."""

    name: str
    coefficients: Mapping[str, Coefficient]
    note: Message


WAYS: tuple[Way, ...] = (
    Way(
        NEWTON,
        {
            RATE: Coefficient(
                Fraction(1), Message("the share of Newton's step that is taken"), positive=True, below=None
            )
        },
        Message("Newton's method: the gradient, divided by the curvature"),
    ),
    Way(RANDOM, {}, Message("random search: tries points anywhere, keeps the best")),
    Way(
        LOCAL,
        {
            REACH: Coefficient(
                Fraction(1), Message("how far a try may lie in each direction"), positive=True, below=None
            )
        },
        Message("random local search: tries a point near the best, moves where it is better"),
    ),
)

BY_NAME: dict[str, Way] = {row.name: row for row in WAYS}
