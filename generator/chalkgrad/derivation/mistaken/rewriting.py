"""A derivation with some of its steps changed: what every misconception is made with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias

from sympy import Expr

from chalkgrad.algebra.ops import average
from chalkgrad.derivation.model import Derivation, Kind, Ref, Step
from chalkgrad.network.model import Network
from chalkgrad.quantities import AnyQuantity, Partial, Quantity, Role

Rewrite: TypeAlias = Callable[[Step], Step]
"""A step as it is done wrongly; the same object where it is done right."""

Slot: TypeAlias = tuple[AnyQuantity, int]
"""What a step makes: a quantity, now (0) or after the update (1)."""


def rewritten(derivation: Derivation, rewrite: Rewrite, *, network: Network | None = None) -> Iterator[Derivation]:
    """The derivation with every step rewritten; nothing where no step changes, or none of the changed ones can be
    worked: each would wait for another."""
    steps = derivation.steps
    changed = [rewrite(step) for step in steps]
    if all(new is old for new, old in zip(changed, steps, strict=True)):
        return
    ordered = in_order(changed)
    if ordered is None:
        return
    made = {(step.quantity, step.ahead): step for step in changed}
    going_forward = {(step.quantity, step.ahead) for step in derivation.forward}
    updates = {
        parameter: tuple(made[step.quantity, step.ahead] for step in moves)
        for parameter, moves in derivation.updates.items()
    }
    yield replace(
        derivation,
        network=network or derivation.network,
        forward=tuple(step for step in ordered if (step.quantity, step.ahead) in going_forward),
        backward=tuple(step for step in ordered if (step.quantity, step.ahead) not in going_forward),
        collapsed={},
        updates=updates,
        shared=tuple(made[step.quantity, step.ahead] for step in derivation.shared),
    )


def in_order(steps: Sequence[Step]) -> list[Step] | None:
    """The steps, each after those that make what it uses, and otherwise as they stood; None where two wait for
    each other."""
    makers = {(step.quantity, step.ahead): step for step in steps}
    done: set[Slot] = set()
    begun: set[Slot] = set()
    ordered: list[Step] = []
    for first in steps:
        waiting = [first]
        while waiting:
            step = waiting[-1]
            slot = (step.quantity, step.ahead)
            missing = [
                makers[used] for _, ref in step.bindings if (used := ref[:2]) in makers and used not in done
            ]
            if slot in done or not missing:
                waiting.pop()
                if slot not in done:
                    done.add(slot)
                    ordered.append(step)
            elif slot in begun:
                return None
            else:
                begun.add(slot)
                waiting += reversed(missing)
    return ordered


def constant(step: Step, value: Expr) -> Step:
    """The step with a number for its result; itself where that is its result anyway."""
    return step if step.expression == value else step._replace(expression=value, bindings=())


def bound(step: Step, change: Callable[[Ref], Ref]) -> Step:
    """The step with other quantities in the places of its letters."""
    bindings = tuple((symbol, change(ref)) for symbol, ref in step.bindings)
    return step if bindings == step.bindings else step._replace(bindings=bindings)


def partial_of(step: Step, of: Role, by: Role, kind: Kind = Kind.LOCAL) -> Partial | None:
    """The derivative that a step of a kind makes, where it is that of a role by a role."""
    quantity = step.quantity
    if step.kind is not kind or not isinstance(quantity, Partial):
        return None
    return quantity if (quantity.of.role, quantity.by.role) == (of, by) else None


def has_role(quantity: AnyQuantity, role: Role) -> bool:
    """Whether it is a quantity, no derivative, of this role."""
    return isinstance(quantity, Quantity) and quantity.role is role


def sum_of(ref: Ref) -> Ref:
    """The weighted sum in the place of an activation; anything else is itself."""
    quantity = ref.quantity
    if isinstance(quantity, Partial) or quantity.role is not Role.ACTIVATION:
        return ref
    return ref._replace(quantity=quantity._replace(role=Role.WEIGHTED_SUM))


def reduction(step: Step, *, mean: bool) -> Step:
    """A REDUCE step as the mean of its samples, or as their sum."""
    return step._replace(expression=average(len(step.bindings), mean=mean).formula)
