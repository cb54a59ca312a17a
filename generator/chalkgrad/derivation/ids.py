"""By which ids a number is known, where training is told in epochs.

A network's moments are counted in updates: `W1[1,2]#3`.  A single neuron's are counted in epochs: `w[2]#3` after
the third, `w[2]@4#3` after sample 4 in it, `e@4#3` the error then; so the last of an epoch has two ids.
"""

from __future__ import annotations

from chalkgrad.derivation.model import Derivation
from chalkgrad.quantities import At, Quantity, Role

_OWN = {Role.BIAS: "b", Role.WEIGHTED_SUM: "z", Role.ACTIVATION: "yhat", Role.ERROR: "e"}
WITHIN = (Role.WEIGHTED_SUM, Role.ACTIVATION, Role.ERROR)
"""What is found for a sample on the way to an update."""


def ids_of(derivation: Derivation, at: At) -> tuple[str, ...]:
    """The ids of a number; none where it stands for nothing that is told, such as the output for a sample whose
    turn has not come."""
    if derivation.network.rule is None or not isinstance(at.quantity, Quantity):
        return (at.id(derivation.network.samples),)
    schedule = derivation.schedule
    epoch, updates = divmod(at.time, schedule.epoch)
    base, sample = _base(at.quantity), _sample(derivation, at.sample)
    if at.quantity in derivation.moving:
        whole = f"{base}{_moment(epoch)}"
        last = _sample(derivation, schedule.batch(at.time - 1)[-1]) if at.time and schedule.batches else ""
        if updates:
            return (f"{base}{last}{_moment(epoch + 1)}",)
        return (whole, f"{base}{last}{_moment(epoch)}") if last else (whole,)
    if not at.quantity.per_sample and at.quantity.role in WITHIN:
        return (base,)
    if at.quantity.role in WITHIN or (at.quantity.role is Role.COST and at.quantity.per_sample):
        told = at.sample in schedule.batch(at.time)
        return (f"{base}{sample}{_moment(epoch + 1)}",) if told else ()
    if at.quantity.role is Role.COST:
        part = bool(schedule.batches) and not at.quantity.name.endswith("all")
        return () if part else (f"{base}{_moment(epoch)}",)
    return (f"{base}{sample if at.quantity.per_sample else ''}",)


def id_of(derivation: Derivation, at: At) -> str:
    """The id by which a page knows a number."""
    return next(iter(ids_of(derivation, at)), at.id(derivation.network.samples))


def _base(quantity: Quantity) -> str:
    """`w[2]`, `b`, `z`, `yhat`, `e`, `J`; of another run `run2.w[2]`."""
    run = f"{name}." if (name := quantity.name.removesuffix("all").removesuffix(".")) else ""
    if quantity.role is Role.WEIGHT:
        return f"{run}w[{quantity.indices[-1]}]"
    if quantity.role is Role.COST:
        return f"{run}J"
    return f"{run}{_OWN[quantity.role]}" if quantity.role in _OWN else quantity.id


def _sample(derivation: Derivation, sample: int) -> str:
    return f"@{sample}" if derivation.network.samples > 1 else ""


def _moment(epoch: int) -> str:
    return {0: "", 1: "'"}.get(epoch, f"#{epoch}")
