"""What a page has to say because of its numbers: units that are dead, kinks that were hit, logarithms of 0.

Variants with the same outline share one rendered page; only their numbers differ.
"""

from __future__ import annotations

from dataclasses import dataclass

from chalkgrad.evaluation.runner import Evaluation, Event
from chalkgrad.evaluation.variants import Variants
from chalkgrad.quantities import AnyQuantity, At, Partial, Role


@dataclass(frozen=True)
class Outline:
    """Facts about the numbers that change what is said."""

    events: tuple[Event, ...] = ()
    dead: tuple[At, ...] = ()
    """Activations whose derivative is 0 for a sample, so that nothing flows back through them."""
    astray: bool = False
    """Whether a program that counts in float64 misses one of the numbers."""

    def having(self, kind: str, time: int) -> list[Event]:
        """The events of one kind at one moment."""
        return [event for event in self.events if event.kind == kind and event.time == time]


def outline_of(evaluation: Evaluation) -> Outline:
    """Read the outline off the numbers."""
    dead = [at for at, value in evaluation.values.items() if value.exact == 0 and _is_slope(at.quantity)]
    return Outline(evaluation.events, tuple(dead))


def outlines_of(variants: Variants) -> list[Outline | None]:
    """The outline of each variant; None where its numbers do not stay finite, and it has to be read by itself."""
    cost = At(variants.derivation.network.batch_cost)
    finite = variants.is_finite(cost)
    slopes = [at for at in variants.program.registers if _is_slope(at.quantity)]
    dead: list[list[At]] = [[] for _ in range(variants.count)]
    for at in slopes:
        for index, is_zero in enumerate(variants.is_zero(at)):
            if is_zero:
                dead[index].append(at)
    rows = zip(variants.events, dead, finite, strict=True)
    return [Outline(tuple(events), tuple(zeros)) if is_finite else None for events, zeros, is_finite in rows]


def _is_slope(quantity: AnyQuantity) -> bool:
    if not isinstance(quantity, Partial) or quantity.of.role is not Role.ACTIVATION:
        return False
    return quantity.by.role is Role.WEIGHTED_SUM and quantity.of.indices == quantity.by.indices
