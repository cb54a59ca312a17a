"""From a quantity and a notation to a symbol: base letter, what stands below, what stands above."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from chalkgrad.catalogue.notations import Notation, Pattern
from chalkgrad.quantities import Quantity, Role

PLACE = re.compile(r"\{(\w)\}")

_ROLES = {
    Role.INPUT: "input",
    Role.TARGET: "target",
    Role.WEIGHT: "weight",
    Role.BIAS: "bias",
    Role.WEIGHTED_SUM: "weighted_sum",
    Role.ACTIVATION: "activation",
    Role.COST: "cost",
    Role.RATE: "rate",
}


class SymbolParts(NamedTuple):
    """A symbol taken apart, without markup."""

    base: str
    sub: tuple[str, ...] = ()
    sup: tuple[str, ...] = ()
    prime: bool = False
    hat: bool = False


@dataclass(frozen=True)
class Naming:
    """A notation, applied to a network of a certain shape and batch."""

    notation: Notation
    shape: tuple[int, ...]
    """Inputs, then the units of each layer."""
    samples: int = 1
    shared: frozenset[int] = frozenset()
    """Layers whose bias is shared by their units."""

    def symbol(self, quantity: Quantity, sample: int | str = 1, ahead: int = 0) -> SymbolParts:
        """The symbol of a quantity (not of a derivative)."""
        if quantity.role is Role.SETTING:
            several = sum(1 for _ in self.shape) > 2
            base, number = re.fullmatch(r"(.*?)(\d*)", quantity.name).groups()  # type: ignore[union-attr]
            below = (number, str(quantity.layer) if several and quantity.layer else "")
            return SymbolParts(base, tuple(filter(None, below)))
        if quantity.role is Role.COUNT:
            return SymbolParts("t")
        if quantity.role is Role.STATE:
            return self._state(quantity, ahead)
        role = _ROLES[quantity.role]
        if quantity.role is Role.COST and not quantity.indices and "total_cost" in self.notation.symbols:
            role = "total_cost"
        letters = isinstance(quantity.layer, str) or any(isinstance(i, str) for i in quantity.indices)
        pattern = self.notation.symbols[role]
        if letters and f"general.{role}" in self.notation.symbols:
            pattern = self.notation.symbols[f"general.{role}"]
        return self._parts(pattern, quantity, sample if quantity.per_sample else "", ahead)

    def _state(self, quantity: Quantity, ahead: int) -> SymbolParts:
        """A state is written like its parameter, with a letter of its own; a bias's has a b below."""
        parameter = quantity.parameter
        parts = self.symbol(parameter, "", ahead)
        return _of_state(parts, quantity.name, of_bias=parameter.role is Role.BIAS)

    def delta(self, z: Quantity, sample: int | str = 1) -> SymbolParts:
        """The symbol of the delta of a weighted sum."""
        return self._parts(self.notation.symbols["delta"], z, sample if z.per_sample else "", 0)

    def matrix(self, role: Role | str, layer: int | str, ahead: int = 0, state: str = "") -> SymbolParts:
        """The symbol of all quantities of a role and layer, or of what the optimizer keeps of them."""
        name = role if isinstance(role, str) else _ROLES[role]
        if name == "activation" and layer == 0:
            name = "input"
        parts = self._parts(self.notation.symbols[f"matrix.{name}"], Quantity(Role.WEIGHT, layer), "", ahead)
        return _of_state(parts, state, of_bias=role is Role.BIAS) if state else parts

    def _parts(self, pattern: Pattern, quantity: Quantity, sample: int | str, ahead: int) -> SymbolParts:
        values = self._values(quantity)
        sub = [text for item in pattern.sub if (text := _filled(item, values))]
        sup = [text for item in pattern.sup if (text := _filled(item, values))]
        if sample != "" and (self.samples > 1 or isinstance(sample, str)):
            if self.notation.sample == "before":
                sub = [",".join([str(sample), *sub])]
            else:
                sup = [f"({sample})", *sup]
        if ahead and self.notation.updated != "prime":
            sup.append(self.notation.updated)
        return SymbolParts(
            pattern.base, tuple(sub), tuple(sup), prime=bool(ahead) and self.notation.updated == "prime"
        )

    def _values(self, quantity: Quantity) -> dict[str, str]:
        layer, indices = quantity.layer, (*quantity.indices, "", "")
        j, k = indices[0], indices[1]
        below = layer - 1 if isinstance(layer, int) else ""
        output_layer = len(self.shape) - 1
        own = output_layer if quantity.role in (Role.TARGET, Role.COST) else layer
        return {
            "l": self._layer(layer),
            "j": str(j),
            "k": str(k) if quantity.role is Role.WEIGHT else str(j),
            "u": self._unit(own, j),
            "v": self._unit(below, k),
            "c": self._count(quantity),
        }

    def _layer(self, layer: int | str) -> str:
        if layer in ("", 0):
            return ""
        return str(layer + self.notation.layer_offset) if isinstance(layer, int) else layer

    def _unit(self, layer: int | str, index: int | str) -> str:
        """The name of a unit, in schools that name them."""
        if isinstance(index, str) or not isinstance(layer, int) or not self.notation.units:
            return str(index)
        last = len(self.shape) - 1
        kind = "input" if layer == 0 else "output" if layer == last else "hidden" if last == 2 else "deep"
        return _filled(self.notation.units[kind], {"k": str(index), "l": str(layer)})

    def _count(self, quantity: Quantity) -> str:
        """A number that runs through all weights (or biases), layer by layer, row by row."""
        if not isinstance(quantity.layer, int) or any(isinstance(i, str) for i in quantity.indices):
            return ""
        layers = range(1, quantity.layer)
        if quantity.role is Role.WEIGHT and len(quantity.indices) == 2:
            j, k = (int(i) for i in quantity.indices)
            width = self.shape[quantity.layer - 1]
            return str(sum(self.shape[layer] * self.shape[layer - 1] for layer in layers) + (j - 1) * width + k)
        if quantity.role is Role.BIAS:
            before = sum(1 if layer in self.shared else self.shape[layer] for layer in layers)
            return str(before + (int(quantity.indices[0]) if quantity.indices else 1))
        return ""


def _of_state(parts: SymbolParts, state: str, *, of_bias: bool) -> SymbolParts:
    letter = state.removesuffix("_hat")
    below = ("b", *parts.sub) if of_bias else parts.sub
    return parts._replace(base=letter, sub=below, hat=letter != state)


def _filled(item: str, values: dict[str, str]) -> str:
    """The item with its places filled; empty where a place has nothing to say."""
    if any(values.get(place, "") == "" for place in PLACE.findall(item)):
        return ""
    return PLACE.sub(lambda match: values[match[1]], item)
