"""Multilayer perceptrons: from what a spec says of layers to nodes."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from chalkgrad.algebra.ops import total, weighted_sum
from chalkgrad.catalogue.activations import activation_op, softmax_op
from chalkgrad.catalogue.losses import Loss, loss_op
from chalkgrad.network.model import Layer, Network, Node
from chalkgrad.network.training import starting
from chalkgrad.quantities import Quantity, Role
from chalkgrad.spec.lessons.network import LayerSpec, NetworkLesson
from chalkgrad.spec.model import Spec


def build(spec: Spec) -> Network:
    """The network of a spec, with its numbers."""
    lesson = spec.lesson
    assert isinstance(lesson, NetworkLesson)  # noqa: S101 (what this module is for)
    layers = tuple(_layer(number, layer) for number, layer in enumerate(lesson.network.layers, 1))
    given: dict[Quantity, tuple[Fraction, ...]] = {}
    nodes: list[Node] = []
    before = [Quantity(Role.INPUT, 0, (k,), per_sample=True) for k in range(1, layers[0].inputs + 1)]
    for k, quantity in enumerate(before):
        given[quantity] = tuple(row[k] for row in lesson.x)
    targets = [Quantity(Role.TARGET, 0, (j,), per_sample=True) for j in range(1, layers[-1].units + 1)]
    for j, quantity in enumerate(targets):
        given[quantity] = tuple(row[j] for row in lesson.y)
    for layer, numbers in zip(layers, lesson.network.layers, strict=True):
        for weights, values in zip(layer.weights(), numbers.weights, strict=True):
            given.update((weight, (value,)) for weight, value in zip(weights, values, strict=True))
        given.update((bias, (value,)) for bias, value in zip(layer.biases(), numbers.bias, strict=True))
        given.update((setting, (numbers.settings[setting.name],)) for setting in layer.settings)
        nodes += _layer_nodes(layer, before)
        before = layer.outputs()
    cost = Quantity(Role.COST, per_sample=True)
    nodes += _cost_nodes(lesson.network.loss, before, targets, cost)
    stages = tuple((*layer.outputs(), *layer.sums(), *layer.parameters()) for layer in reversed(layers))
    parameters = tuple(p for layer in layers for p in layer.parameters())
    if spec.train is not None:
        given |= starting(spec.train, parameters)
    return Network(
        tuple(nodes),
        given,
        parameters,
        cost,
        stages,
        samples=len(lesson.x),
        mean=lesson.network.mean,
        layers=layers,
        loss=lesson.network.loss,
    )


def _layer(number: int, spec: LayerSpec) -> Layer:
    settings = tuple(Quantity(Role.SETTING, number, name=name) for name in spec.settings)
    bias = "shared" if spec.shared_bias else "unit" if spec.bias else "none"
    return Layer(number, spec.units, len(spec.weights[0]), spec.activation, settings, bias)


def _layer_nodes(layer: Layer, before: list[Quantity]) -> Iterator[Node]:
    sums, outputs = layer.sums(), layer.outputs()
    op = weighted_sum(len(before), bias=layer.bias != "none")
    for j, (quantity, weights) in enumerate(zip(sums, layer.weights(), strict=True), 1):
        bias = layer.bias_of(j)
        yield Node(quantity, op, (*weights, *before, *((bias,) if bias else ())))
    for j, (z, a) in enumerate(zip(sums, outputs, strict=True), 1):
        if layer.activation.couples:
            yield Node(a, softmax_op(layer.units, j), tuple(sums), tuple(outputs))
        else:
            yield Node(a, activation_op(layer.activation), (z, *layer.settings))


def _cost_nodes(loss: Loss, outputs: list[Quantity], targets: list[Quantity], cost: Quantity) -> Iterator[Node]:
    op = loss_op(loss, len(outputs))
    if len(outputs) == 1:
        yield Node(cost, op, (outputs[0], targets[0]))
        return
    shares = [cost._replace(indices=(j,)) for j in range(1, len(outputs) + 1)]
    for share, a, y in zip(shares, outputs, targets, strict=True):
        yield Node(share, op, (a, y))
    yield Node(cost, total(len(shares)), tuple(shares))
