"""Multilayer perceptrons: `network`, `data` and `train`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from chalkgrad.catalogue import losses
from chalkgrad.catalogue.activations import Activation
from chalkgrad.catalogue.losses import Loss
from chalkgrad.errors import did_you_mean
from chalkgrad.messages import NOTHING, Message
from chalkgrad.spec import surface
from chalkgrad.spec.activation import ActivationReader
from chalkgrad.spec.draws import Path
from chalkgrad.spec.lessons.kind import Judged, Kind
from chalkgrad.spec.model import Lesson, Rows, ShowSpec, TrainSpec
from chalkgrad.spec.readers import (
    INVALID,
    ByShape,
    Choice,
    Field,
    ListOf,
    Matrix,
    Number,
    Record,
    Report,
    entry,
    item,
)
from chalkgrad.spec.source import Items, Node, quoted
from chalkgrad.spec.train import TRAIN, TrainWish

SCALAR_LIMIT = 600
"""Weights × samples up to which a page that works every unit is still a page."""
MATRIX_LIMIT = 200_000


@dataclass(frozen=True)
class LayerSpec:
    """One layer that has weights."""

    units: int
    activation: Activation
    settings: Mapping[str, Fraction]
    """The activation's numbers, such as `alpha`."""
    weights: Rows
    """A row for each unit of this layer, a column for each unit before it."""
    bias: tuple[Fraction, ...] = ()
    """One a unit; a single one where it is shared; none where the layer has no bias."""
    shared_bias: bool = False


@dataclass(frozen=True)
class NetworkSpec:
    """A multilayer perceptron and its cost."""

    layers: tuple[LayerSpec, ...]
    loss: Loss
    mean: bool = True
    """Whether the cost of a batch is the mean over its samples; else their sum."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Inputs, then the units of each layer: (2, 3, 1)."""
        return (len(self.layers[0].weights[0]), *(layer.units for layer in self.layers))


@dataclass(frozen=True)
class NetworkLesson(Lesson):
    """A network at work on some samples."""

    network: NetworkSpec
    x: Rows
    """A row a sample."""
    y: Rows


BIAS = ByShape(
    Message("a list with one bias a unit, {shared: 0.35} or none"),
    scalar=Choice(("none",), Message("a list with one bias a unit, {shared: 0.35}, or the word")),
    items=ListOf(Number(), what=Message("one bias a unit")),
    entries=Record(
        {"shared": Field(Number(), Message("one bias for all units of the layer"), required=True)},
        Message("a shared bias"),
    ),
)

LAYER = Record(
    {
        "units": Field(Number(Fraction(1), whole=True, most=10_000), Message("how many units"), required=True),
        "activation": Field(ActivationReader(), Message("the activation function"), required=True),
        "weights": Field(
            Matrix(), Message("a row for each unit, a column for each unit before it"), required=True
        ),
        "bias": Field(BIAS, Message("one a unit, {shared: …} or none"), default="none"),
    },
    Message("a layer"),
)

NETWORK = Record(
    {
        "layers": Field(
            ListOf(LAYER, what=Message("a list of layers")),
            Message("the layers that have weights, first to last"),
            required=True,
        ),
        "loss": Field(
            Choice(tuple(losses.BY_NAME), Message("a loss")), Message("the loss of one sample"), required=True
        ),
        "reduction": Field(
            Choice(("mean", "sum"), Message("a reduction")),
            Message("how the samples' losses make the cost"),
            default="mean",
        ),
    },
    Message("a network"),
)

DATA = Record(
    {
        "x": Field(
            Matrix(Message("inputs, a row a sample, such as [[0.05, 0.1]]")),
            Message("inputs, a row a sample"),
            required=True,
        ),
        "y": Field(
            Matrix(Message("targets, a row a sample, such as [[0, 1]]")),
            Message("targets, a row a sample"),
            required=True,
        ),
    },
    Message("data"),
)


def _judge(values: Mapping[str, Any], show: ShowSpec, root: Node, report: Report) -> Judged:
    network, data = _network(values["network"]), values["data"]
    wish: TrainWish | None = values["train"]
    train = wish.over(len(data["x"]), entry(root, "train") or root, report) if wish else None
    _shapes(network, data, root, report)
    if not report.problems:
        _targets(network, data, root, report)
        _trainable(network, train, root, report)
        if show.surface is not None:
            surface.judge(show.surface, ids(network), root, report)
        _size(network, data, train, show, root, report)
    return Judged(NetworkLesson(network, data["x"], data["y"]), train)


def _network(values: Mapping[str, Any]) -> NetworkSpec:
    return NetworkSpec(
        tuple(map(_layer, values["layers"])), losses.BY_NAME[values["loss"]], values["reduction"] == "mean"
    )


def _layer(values: Mapping[str, Any]) -> LayerSpec:
    row, settings = values["activation"]
    bias = values["bias"]
    shared = isinstance(bias, dict)
    numbers = (bias["shared"],) if shared else () if bias == "none" else bias
    return LayerSpec(values["units"], row, settings, values["weights"], numbers, shared)


def _consistent_parts(root: Node, report: Report) -> None:
    """Shapes that can be seen to clash even where another part of the spec did not read."""
    layers = entry(entry(root, "network") or root, "layers")
    if not isinstance(layers, Items):
        return
    for layer in layers.items:
        units, weights, bias = (entry(layer, key) for key in ("units", "weights", "bias"))
        count = Number(Fraction(1), whole=True).read(units, Report()) if units is not None else INVALID
        if not isinstance(count, int):
            continue
        if isinstance(weights, Items) and all(isinstance(row, Items) for row in weights.items):
            _lengths(
                weights,
                Message(
                    "{count} row of weights, one a unit", many="{count} rows of weights, one a unit", count=count
                ),
                report,
            )
        biases = Message("{count} bias, one a unit", many="{count} biases, one a unit", count=count)
        _lengths(bias, biases, report)


def _drawn_shapes(root: Node) -> Mapping[Path, tuple[int, ...]]:
    """The sizes of weights and biases, as far as they can be seen."""
    layers = entry(entry(root, "network") or root, "layers")
    if not isinstance(layers, Items):
        return {}
    before = _inputs(entry(entry(root, "data") or root, "x"))
    shapes: dict[Path, tuple[int, ...]] = {}
    for index, layer in enumerate(layers.items):
        units, weights = entry(layer, "units"), item(entry(layer, "weights"), 0)
        count = Number(Fraction(1), whole=True).read(units, Report()) if units is not None else INVALID
        if index == 0 and isinstance(weights, Items):
            before = len(weights.items)
        if not isinstance(count, int):
            break
        here: Path = ("network", "layers", index)
        shapes[*here, "bias"] = (count,)
        if before is not None:
            shapes[*here, "weights"] = (count, before)
        before = count
    return shapes


def _inputs(x: Node | None) -> int | None:
    """How many inputs there are, where it can be seen: rows are written out, or drawn with a shape."""
    row, drawn = item(x, 0), entry(x, "shape") if x is not None else None
    if isinstance(row, Items):
        return len(row.items)
    columns = Number(Fraction(1), whole=True).read(drawn.items[-1], Report()) if isinstance(drawn, Items) else None
    return columns if isinstance(columns, int) else None


def _lengths(node: Node | None, expected: Message, report: Report) -> None:
    if isinstance(node, Items) and node.items and len(node.items) != expected.values["count"]:
        report.add(node.place, Message("{count}", count=len(node.items)), expected)


def _shapes(network: NetworkSpec, data: Mapping[str, Any], root: Node, report: Report) -> None:
    layers = entry(entry(root, "network") or root, "layers")
    for index, layer in enumerate(network.layers):
        node = item(layers, index) or root
        weights, bias = entry(node, "weights") or node, entry(node, "bias") or node
        if len(layer.weights) != layer.units:
            report.add(
                weights.place,
                Message("{count} row of weights", many="{count} rows of weights", count=len(layer.weights)),
                _one_a_unit(layer.units, index + 1),
            )
        before = len(data["x"][0]) if index == 0 else network.layers[index - 1].units
        if len(layer.weights[0]) != before:
            place = (item(weights, 0) or weights).place
            found = Message("{count} weight a row", many="{count} weights a row", count=len(layer.weights[0]))
            inputs = Message("{count}, one for each input", count=before)
            report.add(place, found, inputs if index == 0 else _one_a_unit(before, index))
        if layer.bias and not layer.shared_bias and len(layer.bias) != layer.units:
            report.add(
                bias.place,
                Message("{count} bias", many="{count} biases", count=len(layer.bias)),
                _one_a_unit(layer.units, index + 1),
                Message("or {shared: …}"),
            )
    x, y = (entry(entry(root, "data") or root, key) or root for key in ("x", "y"))
    if len(data["y"]) != len(data["x"]):
        report.add(
            y.place,
            Message("targets for {count} sample", many="targets for {count} samples", count=len(data["y"])),
            Message("{count}, one row for each row of x", count=len(data["x"])),
            Message("x stands at line {line}", line=x.place.line) if x.place.line else NOTHING,
        )
    outputs = network.layers[-1].units
    if len(data["y"][0]) != outputs:
        report.add(
            (item(y, 0) or y).place,
            Message("{count} target a sample", many="{count} targets a sample", count=len(data["y"][0])),
            Message("{count}, one for each output unit", count=outputs),
        )


def _one_a_unit(count: int, layer: int) -> Message:
    return Message("{count}, one for each unit of layer {layer}", count=count, layer=layer)


def _targets(network: NetworkSpec, data: Mapping[str, Any], root: Node, report: Report) -> None:
    y = entry(entry(root, "data") or root, "y") or root
    for n, row in enumerate(data["y"]):
        outside = False
        for j, value in enumerate(row):
            if not network.loss.target(value):
                outside = True
                report.add(
                    (item(y, n, j) or y).place,
                    Message("the target {number}", number=_decimal(value)),
                    Message("{domain}, as {loss} needs", domain=network.loss.domain, loss=network.loss.name),
                )
        if network.loss.distribution and not outside and sum(row) != 1:
            hint = Message("for a single output take binary_cross_entropy") if len(row) == 1 else NOTHING
            report.add(
                (item(y, n) or y).place,
                Message("targets that add up to {number}", number=_decimal(sum(row))),
                Message("a sum of 1, as {loss} needs", loss=network.loss.name),
                hint,
            )


def _decimal(value: Fraction) -> str:
    """A number as a person writes it: a decimal where it ends."""
    return f"{float(value):.12g}" if Fraction(f"{float(value):.12g}") == value else str(value)


def parameters(network: NetworkSpec) -> tuple[str, ...]:
    """The names by which `freeze` knows the parameters: W1, b1, W2, …"""
    names = []
    for number, layer in enumerate(network.layers, 1):
        names += [f"W{number}", f"b{number}"] if layer.bias else [f"W{number}"]
    return tuple(names)


def ids(network: NetworkSpec) -> tuple[str, ...]:
    """The ids of all parameters, layer by layer: `W1[1,1]`, …, `b1[1]`, `b2` of a bias that a layer shares."""
    found: list[str] = []
    for number, layer in enumerate(network.layers, 1):
        columns = range(1, len(layer.weights[0]) + 1)
        found += [f"W{number}[{j},{k}]" for j in range(1, layer.units + 1) for k in columns]
        found += (
            [f"b{number}"] if layer.shared_bias else [f"b{number}[{j}]" for j in range(1, len(layer.bias) + 1)]
        )
    return tuple(found)


def _trainable(network: NetworkSpec, train: TrainSpec | None, root: Node, report: Report) -> None:
    if train is None:
        return
    names = parameters(network)
    freeze = entry(entry(root, "train") or root, "freeze")
    for index, name in enumerate(train.freeze):
        if name not in names:
            report.add(
                (item(freeze, index) or root).place,
                quoted(name),
                Message("a parameter: {names}", names=", ".join(names)),
                did_you_mean(name, names),
            )
    if set(names) <= set(train.freeze):
        report.add(
            (freeze or root).place,
            Message("every parameter frozen"),
            Message("at least one that may move"),
            Message("leave train out to see the gradients alone"),
        )
    layers = entry(entry(root, "network") or root, "layers")
    for index, layer in enumerate(network.layers):
        if not layer.activation.differentiable:
            place = (entry(item(layers, index) or root, "activation") or root).place
            report.add(
                place,
                quoted(layer.activation.name),
                Message("an activation with a derivative, for gradient descent has to pass through it"),
                Message("take sigmoid, or leave train out to see the forward pass alone"),
            )


def _size(
    network: NetworkSpec,
    data: Mapping[str, Any],
    train: TrainSpec | None,
    show: ShowSpec,
    root: Node,
    report: Report,
) -> None:
    weights = sum(len(layer.weights) * len(layer.weights[0]) for layer in network.layers)
    place = (entry(entry(root, "network") or root, "layers") or root).place
    work = weights * len(data["x"])
    if "scalar" in show.views and show.detail != "summary" and work > SCALAR_LIMIT:
        samples = len(data["x"])
        report.add(
            place,
            Message("{weights:,} weights × {samples} samples", weights=weights, samples=samples)
            if samples > 1
            else Message("{weights:,} weights", weights=weights),
            Message("at most {most} in the scalar view", most=SCALAR_LIMIT),
            Message("ask for the matrix view: --view matrix, or views: [matrix]"),
        )
    elif work * (train.steps if train else 1) > MATRIX_LIMIT:
        report.add(
            place,
            Message("{work:,} weights × samples × steps", work=work),
            Message("at most {most:,}", most=MATRIX_LIMIT),
            Message("take fewer samples or fewer steps"),
        )


KIND = Kind(
    "network",
    {
        "network": Field(NETWORK, Message("the layers and the loss"), required=True),
        "data": Field(DATA, Message("inputs and targets"), required=True),
        "train": Field(TRAIN, Message("how the parameters move; left out, the page ends with the gradients")),
    },
    ("scalar", "matrix"),
    _judge,
    has_surface=True,
    has_listing=True,
    glimpse=_consistent_parts,
    shapes=_drawn_shapes,
)
