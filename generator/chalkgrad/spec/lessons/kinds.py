"""The kinds of lessons, a row each."""

from __future__ import annotations

from chalkgrad.spec.lessons import activations, circuit, function, matrices, network, neuron, proofs
from chalkgrad.spec.lessons.kind import Kind
from chalkgrad.spec.readers import entry
from chalkgrad.spec.source import Node

KINDS: tuple[Kind, ...] = (
    *(activations.KIND, circuit.KIND, function.KIND, matrices.KIND, neuron.KIND, proofs.KIND),
    network.KIND,
)
"""Those whose specs may have another kind's key too stand before it; the last is assumed where there is no key."""

VIEWS = tuple(dict.fromkeys(view for kind in KINDS for view in kind.views))
"""Every view of any kind."""


def kind_of(root: Node) -> Kind:
    """The kind that a spec is of, by its key."""
    return next((kind for kind in KINDS if entry(root, kind.key) is not None), KINDS[-1])
