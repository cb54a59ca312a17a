"""Multilayer perceptrons: from what a spec says of layers to nodes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from chalkgrad.algebra.ops import total, weighted_sum
from chalkgrad.catalogue import optimizers
from chalkgrad.catalogue.activations import activation_op, softmax_op
from chalkgrad.catalogue.losses import loss_op
from chalkgrad.network.model import Layer, Network, Node
from chalkgrad.quantities import Quantity, Role
from chalkgrad.spec.model import LayerSpec, Spec, TrainSpec

RATE = Quantity(Role.RATE)
COUNT = Quantity(Role.COUNT)


def setting(name: str) -> Quantity:
    """A number of the optimizer, such as how much of the past it keeps."""
    return Quantity(Role.SETTING, name=name)


def shared(name: str) -> Quantity:
    """What an optimizer makes once a step, for all parameters: the rate, the length of the gradient."""
    return RATE if name == str(optimizers.RATE) else Quantity(Role.SHARED, name=name)


def state(name: str, parameter: Quantity) -> Quantity:
    """What the optimizer remembers of a parameter, or makes of it on the way."""
    return Quantity(Role.STATE, parameter.layer, parameter.indices, name=name)


def build(spec: Spec) -> Network:
    """The network of a spec, with its numbers."""
    layers = tuple(_layer(number, layer) for number, layer in enumerate(spec.network.layers, 1))
    given: dict[Quantity, tuple[Fraction, ...]] = {}
    nodes: list[Node] = []
    before = [Quantity(Role.INPUT, 0, (k,), per_sample=True) for k in range(1, layers[0].inputs + 1)]
    for k, quantity in enumerate(before):
        given[quantity] = tuple(row[k] for row in spec.x)
    targets = [Quantity(Role.TARGET, 0, (j,), per_sample=True) for j in range(1, layers[-1].units + 1)]
    for j, quantity in enumerate(targets):
        given[quantity] = tuple(row[j] for row in spec.y)
    for layer, numbers in zip(layers, spec.network.layers, strict=True):
        for weights, values in zip(layer.weights(), numbers.weights, strict=True):
            given.update((weight, (value,)) for weight, value in zip(weights, values, strict=True))
        given.update((bias, (value,)) for bias, value in zip(layer.biases(), numbers.bias, strict=True))
        given.update((setting, (numbers.settings[setting.name],)) for setting in layer.settings)
        nodes += _layer_nodes(layer, before)
        before = layer.outputs()
    cost = Quantity(Role.COST, per_sample=True)
    nodes += _cost_nodes(spec, before, targets, cost)
    parameters = tuple(
        p for layer in layers for p in (*(w for row in layer.weights() for w in row), *layer.biases())
    )
    if spec.train is not None:
        given |= _training(spec.train, parameters)
    return Network(
        layers, spec.network.loss, tuple(nodes), given, parameters, cost, spec.samples, spec.network.mean
    )


def _training(train: TrainSpec, parameters: Iterable[Quantity]) -> dict[Quantity, tuple[Fraction, ...]]:
    """The numbers that the optimizer starts from: its settings, and states that remember nothing yet."""
    made = [shared(rule.makes) for rule in train.optimizer.shared]
    given: dict[Quantity, tuple[Fraction, ...]] = {} if RATE in made else {RATE: (train.learning_rate,)}
    given |= {setting(name): (value,) for name, value in train.coefficients.items()}
    if train.optimizer.counts:
        given[COUNT] = (Fraction(1),)
    moving = [p for p in parameters if f"{p.role.value}{p.layer}" not in train.freeze]
    return given | {state(name, p): (Fraction(0),) for p in moving for name in train.optimizer.states}


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


def _cost_nodes(spec: Spec, outputs: list[Quantity], targets: list[Quantity], cost: Quantity) -> Iterator[Node]:
    op = loss_op(spec.network.loss, len(outputs))
    if len(outputs) == 1:
        yield Node(cost, op, (outputs[0], targets[0]))
        return
    shares = [cost._replace(indices=(j,)) for j in range(1, len(outputs) + 1)]
    for share, a, y in zip(shares, outputs, targets, strict=True):
        yield Node(share, op, (a, y))
    yield Node(cost, total(len(shares)), tuple(shares))
