"""The derivation of a single neuron: forward, then each parameter corrected by rate · error · input."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Symbol

from chalkgrad.algebra.ops import average
from chalkgrad.catalogue.learning_rules import RATE, W, correction
from chalkgrad.derivation.model import Derivation, Kind, Ref, Step
from chalkgrad.network import training
from chalkgrad.network.model import Network
from chalkgrad.network.neuron import COST, ERROR, of_run
from chalkgrad.network.training import Schedule
from chalkgrad.quantities import Quantity
from chalkgrad.spec.model import TrainSpec


def derive(network: Network, train: TrainSpec | None) -> Derivation:
    """What a neuron does with the samples of one update; all its runs side by side."""
    assert train is not None  # noqa: S101 (a neuron is always trained)
    schedule = Schedule(network.samples, train.batches, train.steps)
    runs = range(1, network.runs + 1)
    updates = dict(pair for run in runs for pair in _corrections(network, len(schedule.batch(0)), run))
    moves = tuple(step for steps in updates.values() for step in steps)
    return Derivation(network, tuple(_forward(network)), moves, {}, {}, updates, schedule)


def _forward(network: Network) -> Iterator[Step]:
    for node in network.nodes:
        bindings = zip(node.op.inputs, map(Ref, node.arguments), strict=True)
        yield Step(Kind.APPLY, node.quantity, node.op.formula, tuple(bindings))
    if network.reduced:
        op = average(network.samples, mean=bool(network.mean))
        for run in range(1, network.runs + 1):
            cost = of_run(COST, run)
            shares = tuple((symbol, Ref(cost)) for symbol in op.inputs)
            yield Step(Kind.REDUCE, cost._replace(per_sample=False), op.formula, shares)


def _corrections(network: Network, size: int, run: int) -> Iterator[tuple[Quantity, tuple[Step, ...]]]:
    """For each parameter of a run the step that corrects it, by a batch of so many samples."""
    (layer,) = network.layers
    assert network.rule is not None  # noqa: S101 (what this module is for)
    inputs: list[Quantity | None] = [*network.inputs(), None]
    for parameter, x in zip(layer.parameters(), inputs, strict=True):
        own = of_run(parameter, run)
        op = correction(size, mean=network.rule.mean, bias=x is None)
        refs: dict[Symbol, Ref] = {W: Ref(own), RATE: Ref(of_run(training.RATE, run))}
        members = range(1, size + 1)
        errors, values = op.inputs[2 : 2 + size], op.inputs[2 + size :]
        refs |= {symbol: Ref(of_run(ERROR, run), member=n) for symbol, n in zip(errors, members, strict=True)}
        if x is not None:
            refs |= {symbol: Ref(x, member=n) for symbol, n in zip(values, members, strict=True)}
        bindings = tuple((symbol, refs[symbol]) for symbol in op.inputs)
        yield own, (Step(Kind.UPDATE, own, op.formula, bindings, ahead=1),)
