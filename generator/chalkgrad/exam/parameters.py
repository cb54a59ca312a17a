"""The parameters of a multilayer perceptron, the values that each may have, and exchanges of hidden units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from chalkgrad.evaluation.columns import Columns
from chalkgrad.network.model import Layer, Network
from chalkgrad.quantities import AnyQuantity, At


class Slot(NamedTuple):
    """A parameter, and where its values come from."""

    at: At
    table: tuple[Fraction, ...]
    """What it is for each alternative of its draw; a single number where it is given."""
    draw: int | None = None
    """Counted from 0; None where it is given."""


class Unit(NamedTuple):
    """A hidden unit, layer and number counted from 1."""

    layer: int
    number: int


@dataclass(frozen=True, eq=False)
class Parameters:
    """All weights and biases of a network, layer by layer; other rooms speak of them by their places here."""

    network: Network
    slots: tuple[Slot, ...]

    @classmethod
    def of(cls, network: Network, drawn: Iterable[Slot]) -> Parameters:
        """The parameters of a network of which some numbers are drawn."""
        varied = {slot.at: slot for slot in drawn}
        parameters = [parameter for layer in network.layers for parameter in layer.parameters()]
        given = [Slot(At(parameter), (network.given[parameter][0],)) for parameter in parameters]
        return cls(network, tuple(varied.get(slot.at, slot) for slot in given))

    @cached_property
    def hidden(self) -> tuple[Layer, ...]:
        """The layers whose units may change places."""
        return tuple(layer for layer in self.network.layers[:-1] if layer.units > 1)

    @cached_property
    def place(self) -> Mapping[AnyQuantity, int]:
        """Where each parameter stands."""
        return {slot.at.quantity: number for number, slot in enumerate(self.slots)}

    @cached_property
    def ranks(self) -> tuple[NDArray[np.intp], ...]:
        """For each parameter, the ranks of its values among the values of all parameters."""
        values = sorted({value for slot in self.slots for value in slot.table})
        rank = {value: number for number, value in enumerate(values)}
        return tuple(np.array([rank[value] for value in slot.table], np.intp) for slot in self.slots)

    def ranked(self, place: int, columns: Columns, count: int) -> NDArray[np.intp]:
        """The ranks of a parameter's values in some candidates."""
        slot, ranks = self.slots[place], self.ranks[place]
        return np.full(count, ranks[0]) if slot.draw is None else ranks[columns[slot.at].picks]

    @cached_property
    def draws(self) -> tuple[tuple[int, ...], ...]:
        """The parameters that each draw fills; a given one is by itself."""
        found: dict[tuple[str, int], list[int]] = {}
        for number, slot in enumerate(self.slots):
            found.setdefault(("given", number) if slot.draw is None else ("draw", slot.draw), []).append(number)
        return tuple(map(tuple, found.values()))

    def units(self, layer: Layer) -> list[Unit]:
        """The units of a layer."""
        return [Unit(layer.number, number) for number in range(1, layer.units + 1)]

    def incoming(self, unit: Unit) -> list[int]:
        """The weights that lead into a unit."""
        return [self.place[weight] for weight in self.network.layers[unit.layer - 1].weights()[unit.number - 1]]

    def bias(self, unit: Unit) -> list[int]:
        """The bias of a unit, where it has one to itself."""
        layer = self.network.layers[unit.layer - 1]
        bias = layer.bias_of(unit.number) if layer.bias == "unit" else None
        return [] if bias is None else [self.place[bias]]

    def outgoing(self, unit: Unit) -> list[int]:
        """The weights that lead from a hidden unit."""
        return [self.place[row[unit.number - 1]] for row in self.network.layers[unit.layer].weights()]

    def exchanged(self, orders: Mapping[int, Sequence[int]]) -> NDArray[np.intp]:
        """For each parameter, the one whose number it gets when the units of some layers take a new order: place
        j of layer l gets unit `orders[l][j - 1]`."""
        new = np.arange(len(self.slots))
        for layer in self.network.layers:
            own = orders.get(layer.number, range(1, layer.units + 1))
            before = orders.get(layer.number - 1, range(1, layer.inputs + 1))
            weights = layer.weights()
            for j, to in enumerate(own):
                for k, source in enumerate(before):
                    new[self.place[weights[j][k]]] = self.place[weights[to - 1][source - 1]]
                for mine, theirs in zip(
                    self.bias(Unit(layer.number, j + 1)), self.bias(Unit(layer.number, to)), strict=True
                ):
                    new[mine] = theirs
        return new
