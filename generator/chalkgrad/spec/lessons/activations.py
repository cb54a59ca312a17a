"""Activation sheets: `activations`, the points `at` which they are worked, and sums for softmax."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from chalkgrad.catalogue import activations
from chalkgrad.catalogue.activations import ACTIVATIONS, Activation
from chalkgrad.messages import NOTHING, Message
from chalkgrad.spec.activation import ActivationReader
from chalkgrad.spec.lessons.kind import Judged, Kind
from chalkgrad.spec.model import Lesson, ShowSpec
from chalkgrad.spec.readers import ByShape, Choice, Field, ListOf, Number, Report, entry, item
from chalkgrad.spec.source import Node, quoted

ALL = "all"
MOST_POINTS = 12
MOST_SUMS = 6
"""A Jacobian of more rows is no example any more."""
FARTHEST = 100
"""Beyond this every function is as good as at its end."""


@dataclass(frozen=True)
class FunctionSpec:
    """An activation with its numbers."""

    row: Activation
    settings: Mapping[str, Fraction]


@dataclass(frozen=True)
class ActivationsLesson(Lesson):
    """A sheet for each of some activation functions."""

    functions: tuple[FunctionSpec, ...]
    """Those of one weighted sum, in the order asked for."""
    at: tuple[Fraction, ...]
    """The points at which they are worked."""
    softmax_at: tuple[Fraction, ...]
    """The weighted sums of the numeric example of softmax; none where there is no softmax."""


def _points(what: Message) -> ListOf:
    return ListOf(Number(), what)


def _judge(values: Mapping[str, Any], _show: ShowSpec, root: Node, report: Report) -> Judged:
    chosen = _chosen(values["activations"])
    _no_repetition(chosen, root, report)
    _numbers(values["at"], "at", 1, MOST_POINTS, root, report)
    softmax = any(function.row.couples for function in chosen)
    sums = values["softmax_at"]
    if sums is not None:
        _numbers(sums, "softmax_at", 2, MOST_SUMS, root, report)
        if not softmax:
            place = (entry(root, "softmax_at") or root).place
            expected = Message("softmax among the activations, or no softmax_at")
            report.add(place, Message("sums for softmax"), expected)
    elif softmax:
        sums = (Fraction(1), Fraction(2), Fraction(3))
    own = tuple(function for function in chosen if not function.row.couples)
    return Judged(ActivationsLesson(own, values["at"], sums or ()))


def _chosen(wish: Any) -> tuple[FunctionSpec, ...]:
    """One function, some of them, or all of the catalogue."""
    if wish == ALL:
        return tuple(_with_defaults(row) for row in ACTIVATIONS)
    if isinstance(wish, str):
        return (_with_defaults(activations.BY_NAME[wish]),)
    if isinstance(wish[0], Activation):
        return (FunctionSpec(*wish),)
    return tuple(FunctionSpec(row, settings) for row, settings in wish)


def _with_defaults(row: Activation) -> FunctionSpec:
    settings = {name: setting.default for name, setting in row.settings.items()}
    return FunctionSpec(row, {name: value for name, value in settings.items() if value is not None})


def _no_repetition(chosen: tuple[FunctionSpec, ...], root: Node, report: Report) -> None:
    nodes = entry(root, "activations")
    seen: list[FunctionSpec] = []
    for index, function in enumerate(chosen):
        if function in seen:
            place = (item(nodes, index) or root).place
            report.add(place, quoted(function.row.name), Message("each function once"), NOTHING)
        seen.append(function)


def _numbers(numbers: tuple[Fraction, ...], key: str, least: int, most: int, root: Node, report: Report) -> None:
    node = entry(root, key) or root
    if not least <= len(numbers) <= most:
        found = Message("{count} number", many="{count} numbers", count=len(numbers))
        report.add(node.place, found, Message("from {least} to {most} numbers", least=least, most=most))
    for index, number in enumerate(numbers):
        place = (item(node, index) or node).place
        if abs(number) > FARTHEST:
            expected = Message("a number from -{most} to {most}", most=FARTHEST)
            report.add(place, quoted(str(number)), expected)
        elif key == "at" and number in numbers[:index]:
            report.add(place, Message("the point {number} again", number=str(number)), Message("each point once"))


KIND = Kind(
    "activations",
    {
        "activations": Field(
            ByShape(
                Message("an activation, a list of them, or all"),
                scalar=Choice((ALL, *activations.BY_NAME), Message("all, or an activation")),
                items=ListOf(ActivationReader(), Message("a list of activations")),
                entries=ActivationReader(),
            ),
            Message("the functions that have a sheet"),
            required=True,
        ),
        "at": Field(
            _points(Message("points, such as [-2, -1, 0, 1, 2]")),
            Message("the weighted sums at which the functions are worked"),
            default=tuple(map(Fraction, range(-2, 3))),
        ),
        "softmax_at": Field(
            _points(Message("weighted sums, such as [1, 2, 3]")),
            Message("the weighted sums of the example of softmax"),
        ),
    },
    ("scalar",),
    _judge,
)
