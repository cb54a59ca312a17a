"""Single neurons: `neuron`, `data`, `train` and, where other starts or rates are tried, `compare`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from chalkgrad.catalogue import learning_rules, losses, optimizers
from chalkgrad.catalogue.learning_rules import LearningRule
from chalkgrad.messages import NOTHING, Message
from chalkgrad.spec.draws import Path
from chalkgrad.spec.lessons.kind import Judged, Kind
from chalkgrad.spec.model import Lesson, Rows, ShowSpec, TrainSpec
from chalkgrad.spec.readers import (
    INVALID,
    Choice,
    Field,
    ListOf,
    Matrix,
    Number,
    Reader,
    Record,
    Report,
    entry,
    item,
)
from chalkgrad.spec.source import Items, Node, described

MAX_EPOCHS = 1000
MAX_VISITS = 5000
"""Samples × epochs × runs up to which a page is made."""
MOST_RUNS = 6
"""More curves in one picture are not told apart."""


@dataclass(frozen=True)
class RunSpec:
    """Where a neuron starts, and how far it moves for an error of 1."""

    weights: tuple[Fraction, ...]
    bias: Fraction
    rate: Fraction


@dataclass(frozen=True)
class NeuronLesson(Lesson):
    """A single neuron that learns from some samples."""

    rule: LearningRule
    runs: tuple[RunSpec, ...]
    """The one that is worked; then those that it is compared with."""
    x: Rows
    """A row a sample."""
    y: tuple[Fraction, ...]
    epochs: int
    """The most that are run."""
    online: bool
    """Whether each sample corrects the weights at once; else all of them together."""


TARGETS = Message("targets, one a sample, such as [0, 0, 0, 1]")


class _Targets(Reader):
    """A target a sample: numbers, or rows of one number as larger networks have them."""

    def read(self, node: Node, report: Report) -> Any:
        """A tuple of `Fraction`."""
        if not (isinstance(node, Items) and node.items and isinstance(node.items[0], Items)):
            return ListOf(Number(), TARGETS).read(node, report)
        rows = Matrix(TARGETS).read(node, report)
        if rows is not INVALID and len(rows[0]) != 1:
            found = Message("{count} target a sample", many="{count} targets a sample", count=len(rows[0]))
            return report.add(node.items[0].place, found, Message("one: a neuron has one output"))
        return INVALID if rows is INVALID else tuple(value for (value,) in rows)

    def schema(self) -> dict[str, Any]:
        """An array of numbers, or of rows."""
        return {"anyOf": [ListOf(Number(), TARGETS).schema(), Matrix().schema()]}


_WEIGHTS = ListOf(Number(), Message("a list of weights, one for each input"))
_RATE = Number(Fraction(0), strict=True)

NEURON = Record(
    {
        "rule": Field(
            Choice(tuple(learning_rules.BY_NAME), Message("a learning rule")),
            Message("how it learns"),
            required=True,
        ),
        "weights": Field(_WEIGHTS, Message("where the weights start, one for each input"), required=True),
        "bias": Field(Number(), Message("where the bias starts"), required=True),
    },
    Message("a neuron"),
)

DATA = Record(
    {
        "x": Field(
            Matrix(Message("inputs, a row a sample, such as [[0.05, 0.1]]")),
            Message("inputs, a row a sample"),
            required=True,
        ),
        "y": Field(_Targets(), Message("targets, one a sample"), required=True),
    },
    Message("data"),
)

TRAIN = Record(
    {
        "learning_rate": Field(_RATE, Message("how far an error of 1 moves the weights"), required=True),
        "max_epochs": Field(
            Number(Fraction(1), whole=True, most=MAX_EPOCHS),
            Message("how often training goes through all samples, at most"),
            default=20,
        ),
        "order": Field(
            Choice(("online", "batch"), Message("an order of updates")),
            Message("after each sample, or after all of them"),
            default="online",
        ),
    },
    Message("train"),
)

COMPARE = ListOf(
    Record(
        {
            "weights": Field(_WEIGHTS, Message("where the weights start, one for each input")),
            "bias": Field(Number(), Message("where the bias starts")),
            "learning_rate": Field(_RATE, Message("how far an error of 1 moves the weights")),
        },
        Message("another start or rate"),
    ),
    Message("a list of other starts or rates, such as [{learning_rate: 0.1}]"),
)


def _judge(values: Mapping[str, Any], _show: ShowSpec, root: Node, report: Report) -> Judged:
    neuron, data, train = values["neuron"], values["data"], values["train"]
    own = RunSpec(neuron["weights"], neuron["bias"], train["learning_rate"])
    runs = (own, *(_other(own, wishes) for wishes in values["compare"]))
    rule = learning_rules.BY_NAME[neuron["rule"]]
    _shapes(runs, data, root, report)
    _targets(rule, data["y"], root, report)
    _size(len(data["x"]), train["max_epochs"], len(runs), root, report)
    online = train["order"] == "online"
    samples = range(1, len(data["x"]) + 1)
    batches = tuple((n,) for n in samples) if online and len(samples) > 1 else ()
    return Judged(
        NeuronLesson(rule, runs, data["x"], data["y"], train["max_epochs"], online),
        TrainSpec(
            optimizers.BY_NAME["sgd"],
            own.rate,
            steps=train["max_epochs"] * max(len(batches), 1),
            batches=batches,
        ),
    )


def _other(own: RunSpec, wishes: Mapping[str, Any]) -> RunSpec:
    """A run that differs from the one that is worked in what it says."""
    weights, bias, rate = (wishes[key] for key in ("weights", "bias", "learning_rate"))
    return RunSpec(
        own.weights if weights is None else weights,
        own.bias if bias is None else bias,
        own.rate if rate is None else rate,
    )


def _shapes(runs: Sequence[RunSpec], data: Mapping[str, Any], root: Node, report: Report) -> None:
    inputs = len(data["x"][0])
    compared = entry(root, "compare")
    for index, run in enumerate(runs):
        place = entry(root, "neuron") if index == 0 else item(compared, index - 1)
        weights = entry(place or root, "weights")
        if weights is not None and len(run.weights) != inputs:
            report.add(
                weights.place,
                Message("{count} weight", many="{count} weights", count=len(run.weights)),
                Message("{count}, one for each input", count=inputs),
            )
    x, y = (entry(entry(root, "data") or root, key) or root for key in ("x", "y"))
    if len(data["y"]) != len(data["x"]):
        report.add(
            y.place,
            Message("targets for {count} sample", many="targets for {count} samples", count=len(data["y"])),
            Message("{count}, one for each row of x", count=len(data["x"])),
            Message("x stands at line {line}", line=x.place.line) if x.place.line else NOTHING,
        )
    if len(runs) > MOST_RUNS:
        report.add(
            (compared or root).place,
            Message("{count} runs to compare with", count=len(runs) - 1),
            Message("at most {most}, so that their curves can be told apart", most=MOST_RUNS - 1),
        )


def _targets(rule: LearningRule, y: Sequence[Fraction], root: Node, report: Report) -> None:
    node = entry(entry(root, "data") or root, "y") or root
    for n, value in enumerate(y):
        row = item(node, n) or node
        target = item(row, 0) or row
        found = described(target)
        if not rule.descends:
            if value not in (0, 1):
                hint = Message("write the classes -1 and 1 as 0 and 1") if value == -1 else NOTHING
                report.add(target.place, found, Message("0 or 1, all that a step function gives"), hint)
        elif not (loss := losses.BY_NAME[rule.loss]).target(value):
            expected = Message("{domain}, as {loss} needs", domain=loss.domain, loss=loss.name)
            report.add(target.place, found, expected)


def _size(samples: int, epochs: int, runs: int, root: Node, report: Report) -> None:
    if samples * epochs * runs > MAX_VISITS:
        report.add(
            (entry(entry(root, "train") or root, "max_epochs") or root).place,
            Message("{work:,} samples × epochs × runs", work=samples * epochs * runs),
            Message("at most {most:,}", most=MAX_VISITS),
            Message("take fewer samples or fewer epochs"),
        )


def _drawn_shapes(root: Node) -> Mapping[Path, tuple[int, ...]]:
    """The number of weights, where the inputs are written out."""
    x = item(entry(entry(root, "data") or root, "x"), 0)
    return {("neuron", "weights"): (len(x.items),)} if isinstance(x, Items) else {}


KIND = Kind(
    "neuron",
    {
        "neuron": Field(NEURON, Message("its rule, and where it starts"), required=True),
        "data": Field(DATA, Message("inputs and targets"), required=True),
        "train": Field(TRAIN, Message("the rate, and for how long"), required=True),
        "compare": Field(COMPARE, Message("other starts or rates, drawn beside it"), default=()),
    },
    ("scalar",),
    _judge,
    shapes=_drawn_shapes,
)
