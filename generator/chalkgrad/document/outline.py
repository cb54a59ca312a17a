"""What a page has to say because of its numbers: units that are dead, kinks that were hit, logarithms of 0.

Variants with the same outline share one rendered page; only their numbers differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from chalkgrad.derivation.ids import WITHIN
from chalkgrad.document.progress import Progress, progress_of, samples_of
from chalkgrad.document.turns import Turn
from chalkgrad.evaluation.program import difference_of
from chalkgrad.evaluation.runner import Evaluation, Event
from chalkgrad.evaluation.variants import Variants
from chalkgrad.network.neuron import run_of
from chalkgrad.network.training import Schedule
from chalkgrad.quantities import AnyQuantity, At, Partial, Quantity, Role


@dataclass(frozen=True)
class Outline:
    """Facts about the numbers that change what is said."""

    events: tuple[Event, ...] = ()
    dead: tuple[At, ...] = ()
    """Activations whose derivative is 0 for a sample, so that nothing flows back through them."""
    astray: bool = False
    """Whether a program that counts in float64 misses one of the numbers."""
    twins: tuple[At, ...] = ()
    """Later numbers with the digits of a forward pass: they would give away a worksheet that leaves it blank."""
    runs: tuple[Progress, ...] = ()
    """How each run of a single neuron went."""
    turns: tuple[Turn, ...] = ()
    """What the ways down a function meet."""
    samples: tuple[tuple[Fraction, ...], ...] = ()
    """What it learns from, a row a sample: inputs, then the target."""

    def having(self, kind: str, time: int) -> list[Event]:
        """The events of one kind at one moment."""
        return [event for event in self.events if event.kind == kind and event.time == time]

    def is_past(self, at: At, schedule: Schedule) -> bool:
        """Whether a number belongs to an epoch after training stopped."""
        if not self.runs or not isinstance(at.quantity, Quantity):
            return False
        run = self.runs[run_of(at.quantity) - 1]
        end = run.epochs * schedule.epoch
        is_made = run.has_settled and at.quantity.per_sample
        return at.time > end or (at.time == end and is_made)


def outline_of(evaluation: Evaluation, fade: str) -> Outline:
    """Read the outline off the numbers, for a page that fades so.

    What a worksheet would say because of its numbers would give them away; it says nothing.
    """
    runs, samples = progress_of(evaluation), samples_of(evaluation)
    if fade != "none":
        return Outline(twins=_twins(evaluation) if fade == "forward" else (), runs=runs, samples=samples)
    dead = [at for at, value in evaluation.values.items() if value.exact == 0 and _is_slope(at.quantity)]
    return Outline(evaluation.events, tuple(dead), runs=runs, samples=samples)


def _twins(evaluation: Evaluation) -> tuple[At, ...]:
    """With a target of 0, the derivative of the cost by an output shows the output's own digits."""
    answers: set[str] = set()
    for at in evaluation.values:
        if at.quantity in evaluation.derivation.network.given:
            continue
        if is_forward(at.quantity) and at.time < max(evaluation.updates, 1):
            answers.add(evaluation.shown(at).text.lstrip("-"))
    telling = {text for text in answers if not text.isdigit()}  # every page is full of 0 and 1
    twins = {
        at: None
        for at in evaluation.values
        if at.time or isinstance(at.quantity, Partial) or at.quantity.role is Role.DIFFERENCE
        if evaluation.shown(at).text.lstrip("-") in telling
    }
    alone = evaluation.derivation.network.samples == 1
    for at in list(twins):  # a difference stands beside the gradient of the batch's cost
        if isinstance(at.quantity, Partial) and at.time == 0 and at.quantity.per_sample == alone:
            difference = At(difference_of(at.quantity)[0])  # it has nearly all of the gradient's digits
            twins |= {difference: None} if difference in evaluation.values else {}
    return tuple(twins)


def outlines_of(variants: Variants, fade: str) -> list[Outline | None]:
    """The outline of each variant; None where it has to be read by itself: its numbers do not stay finite, or
    their digits decide what a worksheet leaves blank, or for how many epochs a neuron is trained."""
    network = variants.derivation.network
    is_a_descent = not network.layers and bool(variants.derivation.updates)
    if fade == "forward" or network.rule is not None or is_a_descent:
        return [None] * variants.count
    plain = Outline()
    finite = variants.is_finite(At(network.batch_cost)).tolist()
    if fade == "backward":
        return [plain if is_finite else None for is_finite in finite]
    dead: dict[int, list[At]] = {}
    for at in variants.program.registers:
        if _is_slope(at.quantity):
            for index in np.flatnonzero(variants.is_zero(at)).tolist():
                dead.setdefault(index, []).append(at)
    outlines: list[Outline | None] = []
    for index, (events, is_finite) in enumerate(zip(variants.events, finite, strict=True)):
        is_plain = not events and index not in dead
        outline = plain if is_plain else Outline(tuple(events), tuple(dead.get(index, ())))
        outlines.append(outline if is_finite else None)
    return outlines


def is_forward(quantity: AnyQuantity) -> bool:
    """Whether it belongs to the forward pass or the cost, unless it is given."""
    return isinstance(quantity, Quantity) and quantity.role in (*WITHIN, Role.COST, Role.WIRE)


def _is_slope(quantity: AnyQuantity) -> bool:
    if not isinstance(quantity, Partial) or quantity.of.role is not Role.ACTIVATION:
        return False
    return quantity.by.role is Role.WEIGHTED_SUM and quantity.of.indices == quantity.by.indices
