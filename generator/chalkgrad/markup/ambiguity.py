"""Whether a notation writes two different things of a network alike."""

from __future__ import annotations

from collections.abc import Iterator

from chalkgrad.catalogue.optimizers import Optimizer
from chalkgrad.markup.naming import Naming, SymbolParts
from chalkgrad.network import training
from chalkgrad.network.model import Network
from chalkgrad.network.neuron import run_of
from chalkgrad.quantities import At, Partial, Role
from chalkgrad.spec.model import TrainSpec


def ambiguity(naming: Naming, network: Network, train: TrainSpec | None) -> tuple[str, str] | None:
    """The ids of two things that have the same symbol, or None."""
    known: dict[SymbolParts, str] = {}
    for id, parts in symbols(naming, network, train):
        plain = SymbolParts(parts.base, (parts.below,), (parts.above,), parts.prime, parts.prefix)
        if known.setdefault(plain, id) != id:
            return known[plain], id
    return None


def symbols(naming: Naming, network: Network, train: TrainSpec | None) -> Iterator[tuple[str, SymbolParts]]:
    """What has a symbol of its own on a page: quantities of every sample, deltas, new parameters, matrices."""
    sums = [z for layer in network.layers for z in layer.sums()]
    quantities = dict.fromkeys((*network.given, *(node.quantity for node in network.nodes), network.batch_cost))
    for quantity in (q for q in quantities if network.rule is None or run_of(q) == 1):  # runs are written alike
        if quantity.role is Role.SETTING and not network.layers:
            continue  # each function of a sheet has a section to itself
        for n in range(1, network.samples + 1 if quantity.per_sample else 2):
            yield At(quantity, n).id(network.samples), naming.symbol(quantity, n)
    for z in sums:
        delta = Partial(network.cost, z, per_sample=True)
        for n in range(1, network.samples + 1):
            if short := naming.derivative(delta, n):
                yield At(delta, n).id(network.samples), short
    for parameter in (p for p in network.parameters if network.rule is None or run_of(p) == 1):
        yield At(parameter, 1, 1).id(network.samples), naming.symbol(parameter, 1, 1)
    if train is not None:
        yield from _remembered(naming, network, train.optimizer)
    yield "x", naming.matrix(Role.INPUT, 0)
    found = {quantity.role for quantity in quantities}
    if Role.TARGET in found:
        yield "y", naming.matrix(Role.TARGET, 0)
    for layer in network.layers:
        roles = [Role.WEIGHT, Role.WEIGHTED_SUM, *([Role.ACTIVATION] if Role.ACTIVATION in found else [])]
        for role in (*roles, *([Role.BIAS] if layer.bias == "unit" else [])):
            yield f"{role.value}{layer.number}", naming.matrix(role, layer.number)
        if naming.notation.has_delta:
            yield f"delta{layer.number}", naming.matrix("delta", layer.number)


def _remembered(naming: Naming, network: Network, optimizer: Optimizer) -> Iterator[tuple[str, SymbolParts]]:
    """What the optimizer makes of each parameter on the way, one by one and as matrices."""
    for rule in optimizer.shared:
        quantity = training.shared(rule.makes)
        yield At(quantity).id(network.samples), naming.symbol(quantity)
    for rule in optimizer.rules[:-1]:
        for parameter in network.parameters:
            state = training.state(rule.makes, parameter)
            yield At(state, 1, 1).id(network.samples), naming.symbol(state, 1, 1)
            if parameter.indices:
                name = f"{rule.makes}{parameter.role.value}{parameter.layer}'"
                yield name, naming.matrix(parameter.role, parameter.layer, 1, state=rule.makes)
