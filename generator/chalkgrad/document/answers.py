"""How a number that a reader is to find is called."""

from __future__ import annotations

from chalkgrad.derivation.model import Ref
from chalkgrad.document.model import Inline
from chalkgrad.document.scribe import Scribe
from chalkgrad.evaluation.program import difference_of
from chalkgrad.quantities import At, Quantity, Role

_CHECKS = {Role.DIFFERENCE: "table.difference", Role.DIFFERENCE_ERROR: "table.relative_error"}
"""What checks a gradient."""


def named(scribe: Scribe, at: At) -> Inline:
    """The quantity of an answer, with the moment where its name does not tell it."""
    quantity = at.quantity
    if isinstance(quantity, Quantity) and quantity.role in _CHECKS:
        gradients = map(scribe.derivation.gradient, scribe.network.parameters)
        gradient = next(gradient for gradient in gradients if quantity in difference_of(gradient))
        return (scribe.name(gradient), ", ", *scribe.say(_CHECKS[quantity.role]))
    steps = passes(scribe)
    ahead = int(
        at.time > 0
        and (quantity in scribe.derivation.moving or (quantity == scribe.network.batch_cost and steps == 1))
    )
    name = scribe.name(Ref(quantity, ahead), at.sample)
    if at.time == 0 or (ahead and steps == 1):
        return (name,)
    return (name, ", ", *scribe.say("fade.after", count=at.time))


def passes(scribe: Scribe) -> int:
    """How many forward passes the page works: the one after the last update is only a check."""
    return scribe.derivation.schedule.steps or 1
