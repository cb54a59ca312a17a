"""The network that proofs are about; for linear layers, with the one map that they collapse to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from chalkgrad.algebra.ops import Op, formal, weighted_sum
from chalkgrad.network import mlp
from chalkgrad.network.model import Layer, Network, Node
from chalkgrad.quantities import Quantity, Role
from chalkgrad.spec.lessons.proofs import ProofsLesson
from chalkgrad.spec.model import Spec

LETTERS = "mnpqrs"
"""The entries of the product of all matrices, and of those of fewer of them."""
SHIFTS = "cdfghu"
"""The same for the vectors."""
_B = formal("b")


def build(spec: Spec) -> Network:
    """The network of the spec; nothing at all where no proof is about one."""
    lesson = spec.lesson
    assert isinstance(lesson, ProofsLesson)  # noqa: S101 (what this module is for)
    if lesson.network is None:
        return Network((), {}, (), Quantity(Role.COST), ())
    network = mlp.build(replace(spec, lesson=lesson.network))
    if "backpropagation" not in lesson.proofs:
        network = replace(network, stages=())
    if "collapse" in lesson.proofs and len(network.layers) > 1:
        network = replace(network, nodes=(*network.nodes, *_collapsed(network)))
    return network


def product(network: Network, layer: Layer) -> list[list[Quantity]]:
    """The entries of the product of all weight matrices up to a layer: a row for each of its units, a column for
    each input."""
    if layer.number == 1:
        return layer.weights()
    letter = LETTERS[len(network.layers) - layer.number]
    inputs = range(1, network.layers[0].inputs + 1)
    return [[_entry(letter, j, k) for k in inputs] for j in range(1, layer.units + 1)]


def shift(network: Network, layer: Layer) -> list[Quantity]:
    """The vector that the biases up to a layer come to; nothing where there are none."""
    if layer.number == 1 or not any(before.bias != "none" for before in network.layers[: layer.number]):
        return [] if layer.bias == "none" else _biases(layer)
    letter = SHIFTS[len(network.layers) - layer.number]
    return [Quantity(Role.WIRE, name=f"{letter}{j}") for j in range(1, layer.units + 1)]


def direct(network: Network) -> list[Quantity]:
    """The outputs by the one map."""
    return [Quantity(Role.WIRE, name=f"t{j}", per_sample=True) for j in range(1, network.layers[-1].units + 1)]


def _biases(layer: Layer) -> list[Quantity]:
    """The bias of each unit, a shared one as often as there are units."""
    return [bias for j in range(1, layer.units + 1) if (bias := layer.bias_of(j))]


def _entry(letter: str, j: int, k: int) -> Quantity:
    return Quantity(Role.WIRE, name=f"{letter}{j}{k}" if max(j, k) < 10 else f"{letter}{j}_{k}")


def _sum(size: int, *, bias: bool) -> Op:
    """A weighted sum through which nothing is differentiated: it only computes again what others have."""
    return replace(weighted_sum(size, bias=bias), differentiable=False)


def _collapsed(network: Network) -> Iterator[Node]:
    for layer in network.layers[1:]:
        before = network.layers[layer.number - 2]
        entries, shifts = product(network, before), shift(network, before)
        for j, weights in enumerate(layer.weights(), 1):
            for k, made in enumerate(product(network, layer)[j - 1]):
                column = [row[k] for row in entries]
                yield Node(made, _sum(len(column), bias=False), (*weights, *column))
            own = layer.bias_of(j)
            bias = (own,) if own is not None else ()
            if shifts:
                made = shift(network, layer)[j - 1]
                yield Node(made, _sum(len(shifts), bias=bool(bias)), (*weights, *shifts, *bias))
            elif own is not None:
                yield Node(shift(network, layer)[j - 1], Op("copy", (_B,), _B, differentiable=False), (own,))
    last = network.layers[-1]
    inputs, shifts = network.inputs(), shift(network, last)
    for j, made in enumerate(direct(network)):
        row, bias = product(network, last)[j], (shifts[j],) if shifts else ()
        yield Node(made, _sum(len(inputs), bias=bool(bias)), (*row, *inputs, *bias))
