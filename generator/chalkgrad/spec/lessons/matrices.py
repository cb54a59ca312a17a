"""Gradients of matrices: samples times weights, and what arrives at the product."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from chalkgrad.messages import Message
from chalkgrad.spec.lessons.kind import Judged, Kind
from chalkgrad.spec.model import Lesson, Rows, ShowSpec
from chalkgrad.spec.readers import Field, ListOf, Matrix, Number, Record, Report, entry, item
from chalkgrad.spec.source import Node

MOST_PRODUCTS = 100_000


@dataclass(frozen=True)
class MatricesLesson(Lesson):
    """Samples times weights, plus biases: Y = XWᵀ + b."""

    x: Rows
    """A row a sample."""
    weights: Rows
    """A row a unit, a column an input."""
    bias: tuple[Fraction, ...] = ()
    """One a unit; empty where there is none."""
    upstream: Rows = ()
    """The derivative of the cost by each entry of the product, a row a sample; empty: the cost is their sum."""


MATRICES = Record(
    {
        "x": Field(
            Matrix(Message("inputs, a row a sample, such as [[0.05, 0.1]]")),
            Message("inputs, a row a sample"),
            required=True,
        ),
        "weights": Field(Matrix(), Message("a row for each unit, a column for each input"), required=True),
        "bias": Field(ListOf(Number(), what=Message("one bias a unit")), Message("one bias a unit"), default=()),
        "upstream": Field(
            Matrix(Message("derivatives, a row a sample, such as [[1, -0.5]]")),
            Message("the derivative of the cost by each output, a row a sample; left out, the cost is their sum"),
            default=(),
        ),
    },
    Message("a product of matrices"),
)


def _judge(values: Mapping[str, Any], _show: ShowSpec, root: Node, report: Report) -> Judged:
    matrices = values["matrices"]
    lesson = MatricesLesson(matrices["x"], matrices["weights"], matrices["bias"], matrices["upstream"])
    _shapes(lesson, entry(root, "matrices") or root, report)
    products = len(lesson.x) * len(lesson.weights) * len(lesson.weights[0])
    if products > MOST_PRODUCTS:
        report.add(
            (entry(root, "matrices") or root).place,
            Message("{work:,} weights × samples", work=products),
            Message("at most {most:,}", most=MOST_PRODUCTS),
            Message("take fewer samples or fewer units"),
        )
    return Judged(lesson)


def _shapes(lesson: MatricesLesson, node: Node, report: Report) -> None:
    """Whether the matrices fit each other."""
    samples, inputs, units = len(lesson.x), len(lesson.x[0]), len(lesson.weights)
    weights, bias, upstream = (entry(node, key) or node for key in ("weights", "bias", "upstream"))
    if len(lesson.weights[0]) != inputs:
        found = Message("{count} weight a row", many="{count} weights a row", count=len(lesson.weights[0]))
        report.add(
            (item(weights, 0) or weights).place, found, Message("{count}, one for each input", count=inputs)
        )
    if lesson.bias and len(lesson.bias) != units:
        found = Message("{count} bias", many="{count} biases", count=len(lesson.bias))
        report.add(bias.place, found, Message("{count}, one for each row of weights", count=units))
    if lesson.upstream and len(lesson.upstream) != samples:
        found = Message(
            "derivatives for {count} sample", many="derivatives for {count} samples", count=len(lesson.upstream)
        )
        report.add(upstream.place, found, Message("{count}, one row for each row of x", count=samples))
    if lesson.upstream and len(lesson.upstream[0]) != units:
        found = Message(
            "{count} derivative a sample", many="{count} derivatives a sample", count=len(lesson.upstream[0])
        )
        place = (item(upstream, 0) or upstream).place
        report.add(place, found, Message("{count}, one for each row of weights", count=units))


KIND = Kind(
    "matrices",
    {"matrices": Field(MATRICES, Message("the matrices that are multiplied"), required=True)},
    ("matrix",),
    _judge,
)
