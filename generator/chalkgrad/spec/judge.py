"""The sole judge of a spec: what the grammar cannot see, because it takes two values to see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from chalkgrad.catalogue import losses
from chalkgrad.catalogue.languages import language_names
from chalkgrad.errors import SpecError, did_you_mean
from chalkgrad.messages import NOTHING, Message
from chalkgrad.spec.grammar import show_record, spec_record
from chalkgrad.spec.model import LayerSpec, NetworkSpec, ShowSpec, Spec, TrainSpec
from chalkgrad.spec.readers import INVALID, Number, Report, entry, item
from chalkgrad.spec.schools import lettered
from chalkgrad.spec.source import Entries, Items, Node, Scalar, from_data, quoted, read_file

SCALAR_LIMIT = 600
"""Weights × samples up to which a page that works every unit is still a page."""
MATRIX_LIMIT = 200_000


def read_spec(source: Path | Mapping[str, Any], **show: Any) -> Spec:
    """Read and judge a spec file or the same as Python data; `show` overrides what the spec's `show` says.

    Raises `SpecError` with everything that is wrong.
    """
    if isinstance(source, Path):
        return judge(read_file(source), _named(source.stem), show)
    return judge(from_data(source), "network", show)


def _named(stem: str) -> str:
    """A name for folders and files of pages; one that would lead elsewhere is not taken."""
    return stem if stem.strip(".") else "network"


def judge(root: Node, name: str, show: Mapping[str, Any]) -> Spec:
    """Turn a located tree into a `Spec`, or raise `SpecError` with every problem found."""
    report = Report()
    values = spec_record().read(root, report)
    wishes = _wishes(root, show, report)
    if values is INVALID or wishes is INVALID:
        _consistent_parts(root, report)
        raise SpecError(report.problems, _language(root))
    network = _network(values["network"])
    _shapes(network, values["data"], root, report)
    if not report.problems:
        _targets(network, values["data"], root, report)
        _trainable(network, values["train"], root, report)
        _size(network, values["data"], values["train"], wishes, root, report)
    if report.problems:
        raise SpecError(report.problems, _language(root))
    return Spec(
        name,
        _by_language(values["title"]),
        network,
        values["data"]["x"],
        values["data"]["y"],
        values["train"],
        wishes,
        _by_language(values["note"]),
    )


def _by_language(texts: str | Mapping[str, str]) -> Mapping[str, str]:
    """Texts by language; one that was given for all of them stands under the empty key."""
    if isinstance(texts, str):
        return {"": texts} if texts else {}
    return texts


def _language(root: Node) -> str:
    """The language the spec asks for, as far as it can be read: its problems are told in it."""
    asked = entry(entry(root, "show") or root, "language")
    return asked.text if isinstance(asked, Scalar) and asked.text in language_names() else ""


def _wishes(root: Node, show: Mapping[str, Any], report: Report) -> Any:
    """The spec's `show` with what the caller asked on top.

    Digits are one wish: whoever asks for decimals sets aside the spec's significant digits, and the reverse.
    """
    written = entry(root, "show")
    if isinstance(written, Entries):
        decimals, significant = entry(written, "decimals"), entry(written, "significant")
        if decimals is not None and significant is not None:
            report.add(significant.place, Message("both decimals and significant"), Message("one of them"))
    asked = from_data({key: value for key, value in show.items() if value is not None}, Message("options"))
    assert isinstance(asked, Entries)  # noqa: S101 (told to the type checker)
    over = {key.text for key, _ in asked.entries}
    over |= {"decimals", "significant"} if over & {"decimals", "significant"} else set()
    kept: Iterable[tuple[Scalar, Node]] = written.entries if isinstance(written, Entries) else ()
    merged = (*((key, value) for key, value in kept if key.text not in over), *asked.entries)
    # Problems inside the spec's own `show` are already reported by the grammar.
    fresh = Report()
    wishes = show_record().read(Entries(merged, root.place), fresh)
    if wishes is not INVALID:
        own = entry(Entries(merged, root.place), "symbols")
        school = lettered(wishes.school, wishes.symbols, own, (own or root).place, fresh)
        wishes = replace(wishes, school=school)
    report.problems += [p for p in fresh.problems if p not in report.problems]
    return wishes


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
