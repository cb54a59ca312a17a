"""A single neuron: one unit, its error, and its cost; several times where it learns from several starts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from chalkgrad.algebra.ops import weighted_sum
from chalkgrad.catalogue import activations, losses
from chalkgrad.catalogue.learning_rules import ERROR_OP
from chalkgrad.network.model import Layer, Network, Node
from chalkgrad.network.training import RATE
from chalkgrad.quantities import Quantity, Role
from chalkgrad.spec.lessons.neuron import NeuronLesson
from chalkgrad.spec.model import Spec

ERROR = Quantity(Role.ERROR, per_sample=True)
COST = Quantity(Role.COST, per_sample=True)


def of_run(quantity: Quantity, run: int) -> Quantity:
    """The same in another run, counted from 1: there each has its own, but for inputs and targets."""
    return quantity if run == 1 else quantity._replace(name=f"run{run}")


def run_of(quantity: Quantity) -> int:
    """The run that a quantity belongs to; 1 for what all runs share.

    >>> run_of(of_run(COST, 3)), run_of(COST)
    (3, 1)
    """
    run = quantity.name.split(".")[0]
    return int(run.removeprefix("run")) if run.startswith("run") else 1


def build(spec: Spec) -> Network:
    """The neuron of a spec, with its numbers."""
    lesson = spec.lesson
    assert isinstance(lesson, NeuronLesson)  # noqa: S101 (what this module is for)
    rule = lesson.rule
    layer = Layer(1, 1, len(lesson.x[0]), activations.BY_NAME[rule.activation], bias="unit")
    loss = losses.BY_NAME[rule.loss]
    network = Network((), {}, (), COST, (), samples=len(lesson.x), mean=rule.mean, layers=(layer,), loss=loss)
    given: dict[Quantity, tuple[Fraction, ...]] = {}
    for k, quantity in enumerate(network.inputs()):
        given[quantity] = tuple(row[k] for row in lesson.x)
    given[network.targets()[0]] = lesson.y
    for number, run in enumerate(lesson.runs, 1):
        starts = zip(layer.parameters(), (*run.weights, run.bias), strict=True)
        given.update((of_run(parameter, number), (value,)) for parameter, value in starts)
        given[of_run(RATE, number)] = (run.rate,)
    runs = range(1, len(lesson.runs) + 1)
    return replace(
        network,
        nodes=tuple(node for run in runs for node in _nodes(network, run)),
        given=given,
        parameters=tuple(of_run(parameter, run) for run in runs for parameter in layer.parameters()),
        rule=rule,
        runs=len(runs),
    )


def _nodes(network: Network, run: int) -> Iterator[Node]:
    (layer,) = network.layers
    (y,) = network.targets()
    *weights, bias = (of_run(parameter, run) for parameter in layer.parameters())
    z, a, e, cost = (of_run(q, run) for q in (layer.sums()[0], layer.outputs()[0], ERROR, COST))
    assert network.loss is not None  # noqa: S101 (every neuron has a cost)
    yield Node(z, weighted_sum(layer.inputs, bias=True), (*weights, *network.inputs(), bias))
    yield Node(a, activations.activation_op(layer.activation), (z,))
    yield Node(e, ERROR_OP, (y, a))
    yield Node(cost, losses.loss_op(network.loss, 1), (a, y))
