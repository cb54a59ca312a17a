"""How parameters move: what a spec may say under `train`, where a gradient is followed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from chalkgrad.catalogue.optimizers import CLIP, DECAY, LASSO, OUTSIDE, START
from chalkgrad.messages import Message
from chalkgrad.spec.model import TrainSpec
from chalkgrad.spec.optimizer import ClipReader, OptimizerReader, ScheduleReader
from chalkgrad.spec.readers import Choice, Field, ListOf, Number, Record, Report, Text, entry
from chalkgrad.spec.source import Node

MAX_STEPS = 50
MAX_EPOCHS = 10_000


@dataclass(frozen=True)
class TrainWish:
    """What a spec says of training, before it is known how many samples there are."""

    spec: TrainSpec
    steps: int | None
    epochs: int | None
    batch_size: int | None

    def over(self, samples: int, node: Node, report: Report) -> TrainSpec:
        """Training with so many samples; `node` is what the spec says of it."""
        if self.steps is not None and self.epochs is not None:
            place = (entry(node, "epochs") or node).place
            report.add(place, Message("both steps and epochs"), Message("one of them"))
        size = self.batch_size or samples
        if size > samples:
            place = (entry(node, "batch_size") or node).place
            found = Message("a batch of {size}", size=size)
            report.add(place, found, Message("at most {most}, the number of samples", most=samples))
        if self.spec.sequential and any(rule.summed for rule in self.spec.optimizer.shared):
            place = (entry(node, "clip") or node).place
            report.add(
                place,
                Message("clip by norm where updates go layer by layer"),
                Message("every gradient before the first update, for the length of all of them"),
                Message("take {value: …}, or update: simultaneous"),
            )
        starts = range(1, samples + 1, size)
        batches = tuple(tuple(range(n, min(n + size, samples + 1))) for n in starts) if size < samples else ()
        updates = max(len(batches), 1)
        steps = self.epochs * updates if self.epochs is not None else self.steps or 1
        return replace(self.spec, steps=steps, epochs=self.epochs or 0, batches=batches)


def _train(**values: Any) -> TrainWish:
    row, rate, coefficients = values["optimizer"]
    penalties = {name: value for name, value in ((DECAY, values["weight_decay"]), (LASSO, values["l1"])) if value}
    row, coefficients = row.penalised(penalties), {**coefficients, **penalties}
    if values["clip"]:
        kind, bound = values["clip"]
        row, coefficients = row.clipped(by_norm=kind == "norm"), {**coefficients, CLIP: bound}
    if values["schedule"]:
        schedule, numbers = values["schedule"]
        row = row.scheduled(schedule.formula, schedule.coefficients, schedule.pytorch)
        coefficients = {START: rate, **numbers, **coefficients}
    sequential = values["update"] == "sequential"
    spec = TrainSpec(row, rate, coefficients, values["freeze"], sequential=sequential)
    return TrainWish(spec, values["steps"], values["epochs"], values["batch_size"])


TRAIN = Record(
    {
        "optimizer": Field(OptimizerReader(), Message("how the parameters move"), required=True),
        "weight_decay": Field(Number(Fraction(0), strict=True), OUTSIDE[DECAY].meaning),
        "l1": Field(Number(Fraction(0), strict=True), OUTSIDE[LASSO].meaning),
        "clip": Field(ClipReader(), Message("how far a gradient may go")),
        "schedule": Field(ScheduleReader(), Message("how the learning rate changes from step to step")),
        "freeze": Field(
            ListOf(Text(), least=0, what=Message("a list of parameters, such as [b1, b2]")),
            Message("what stays as it is"),
            default=(),
        ),
        "steps": Field(Number(Fraction(1), whole=True, most=MAX_STEPS), Message("how many optimisation steps")),
        "epochs": Field(
            Number(Fraction(1), whole=True, most=MAX_EPOCHS),
            Message("how often training goes through all samples"),
        ),
        "batch_size": Field(
            Number(Fraction(1), whole=True, most=MAX_EPOCHS),
            Message("how many samples an update uses (default: all)"),
        ),
        "update": Field(
            Choice(("simultaneous", "sequential"), Message("an order of updates")),
            Message("every gradient from the old parameters, or layer by layer from the last"),
            default="simultaneous",
        ),
    },
    Message("train"),
    _train,
)
