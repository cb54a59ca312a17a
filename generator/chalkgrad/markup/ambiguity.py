"""Whether a notation writes two different things of a network alike."""

from __future__ import annotations

from collections.abc import Iterator

from chalkgrad.markup.naming import Naming, SymbolParts
from chalkgrad.network.model import Network
from chalkgrad.quantities import At, Partial, Role


def ambiguity(naming: Naming, network: Network) -> tuple[str, str] | None:
    """The ids of two things that have the same symbol, or None."""
    known: dict[SymbolParts, str] = {}
    for id, parts in symbols(naming, network):
        plain = SymbolParts(parts.base, (parts.below,), (parts.above,), parts.prime, parts.prefix)
        if known.setdefault(plain, id) != id:
            return known[plain], id
    return None


def symbols(naming: Naming, network: Network) -> Iterator[tuple[str, SymbolParts]]:
    """What has a symbol of its own on a page: quantities of every sample, deltas, new parameters, matrices."""
    sums = [z for layer in network.layers for z in layer.sums()]
    quantities = dict.fromkeys((*network.given, *(node.quantity for node in network.nodes), network.batch_cost))
    for quantity in quantities:
        for n in range(1, network.samples + 1 if quantity.per_sample else 2):
            yield At(quantity, n).id(network.samples), naming.symbol(quantity, n)
    for z in sums:
        delta = Partial(network.cost, z, per_sample=True)
        for n in range(1, network.samples + 1):
            if short := naming.derivative(delta, n):
                yield At(delta, n).id(network.samples), short
    for parameter in network.parameters:
        yield At(parameter, 1, 1).id(network.samples), naming.symbol(parameter, 1, 1)
    yield "x", naming.matrix(Role.INPUT, 0)
    yield "y", naming.matrix(Role.TARGET, 0)
    for layer in network.layers:
        roles = [Role.WEIGHT, Role.WEIGHTED_SUM, Role.ACTIVATION, *([Role.BIAS] if layer.bias == "unit" else [])]
        for role in roles:
            yield f"{role.value}{layer.number}", naming.matrix(role, layer.number)
        if naming.notation.has_delta:
            yield f"delta{layer.number}", naming.matrix("delta", layer.number)
