"""From a quantity and a notation to a symbol: base letter, what stands below, what stands above."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from chalkgrad.catalogue.letters import bold, letter, taken_apart
from chalkgrad.catalogue.notations import Notation, Pattern
from chalkgrad.quantities import At, Partial, Quantity, Role

WIRE_NAME = re.compile(r"([A-Za-z]+)(_?[0-9]*)((?:_[A-Za-z0-9]+)?)")
"""A letter or word, and what stands below it."""
PLACE = re.compile(r"\{(\w)\}")

_ROLES = {
    Role.INPUT: "input",
    Role.TARGET: "target",
    Role.WEIGHT: "weight",
    Role.BIAS: "bias",
    Role.WEIGHTED_SUM: "weighted_sum",
    Role.ACTIVATION: "activation",
    Role.ERROR: "error",
    Role.COST: "cost",
    Role.RATE: "rate",
}


class SymbolParts(NamedTuple):
    """A symbol taken apart, without markup."""

    base: str
    sub: tuple[str, ...] = ()
    sup: tuple[str, ...] = ()
    prime: bool = False
    prefix: str = ""
    """A letter that makes it the derivative of the cost by it: the d of dz."""

    @property
    def below(self) -> str:
        """The lower indices: several of one digit stand side by side, others have commas."""
        return ("" if all(len(item) == 1 for item in self.sub) else ",").join(self.sub)

    @property
    def above(self) -> str:
        """The upper indices."""
        return ",".join(self.sup)


@dataclass(frozen=True)
class Naming:
    """A notation, applied to a network of a certain shape and batch."""

    notation: Notation
    shape: tuple[int, ...]
    """Inputs, then the units of each layer."""
    samples: int = 1
    shared: frozenset[int] = frozenset()
    """Layers whose bias is shared by their units."""
    known: Callable[[At], str] | None = None
    """The ids of numbers, where they are not those of a network trained update by update."""
    output: str = ""
    """The name of a circuit's output."""
    scheduled: bool = False
    """Whether each step has a learning rate of its own."""

    def id(self, at: At) -> str:
        """The id by which a page knows a number."""
        return at.id(self.samples) if self.known is None else self.known(at)

    def symbol(self, quantity: Quantity, sample: int | str = 1, ahead: int = 0, time: int = 0) -> SymbolParts:
        """The symbol of a quantity (not of a derivative); of a rate that changes, the one after `time` updates."""
        if quantity.role is Role.WIRE:
            return self._of_wire(quantity, sample if quantity.per_sample else "", ahead)
        if quantity.role is Role.COST and quantity.name:  # the cost over all samples
            everyone = f"1:{self.samples}"
            whole = self._parts(self._pattern(quantity), quantity, "", ahead)
            return whole._replace(sub=(*whole.sub, everyone))
        if quantity.role is Role.RATE and self.scheduled:
            step = str(quantity.indices[0] if quantity.indices else time + 1)
            return SymbolParts(self.notation.symbols["rate"].base, (step,) if step else ())
        if quantity.role is Role.SHARED:
            name, _, places = quantity.name.partition("_")
            return SymbolParts(self._own_letter(name), tuple(places))
        if quantity.role is Role.SETTING and "_" in quantity.name:  # eta_0, low_x
            name, _, place = quantity.name.partition("_")
            own = self.notation.symbols["rate"].base if name == "eta" else self._own_letter(name)
            return SymbolParts(own, (place,))
        if quantity.role is Role.SETTING:
            several = len(self.shape) > 2 and quantity.layer != ""
            name = quantity.name.rstrip("12")
            below = (quantity.name.removeprefix(name), self._layer(quantity.layer) if several else "")
            return SymbolParts(self._own_letter(name), tuple(filter(None, below)))
        if quantity.role is Role.COUNT:
            return SymbolParts(self._own_letter("t"))
        if quantity.role is Role.STATE:
            return self._of_state(
                self.symbol(quantity.parameter, "", ahead), quantity.name, quantity.parameter.role
            )
        return self._parts(self._pattern(quantity), quantity, sample if quantity.per_sample else "", ahead)

    def _of_wire(self, wire: Quantity, sample: int | str, ahead: int) -> SymbolParts:
        """A wire's own name: a letter with what follows it below, `x1`, `w_10`, `alpha2`."""
        match = WIRE_NAME.fullmatch(wire.name)
        word, *below = match.groups() if match else (wire.name,)
        sub = tuple(text for part in below if (text := part.strip("_")))
        return self._parts(Pattern(letter(word) or word, sub), wire, sample, ahead)

    def derivative(self, quantity: Partial, sample: int | str = 1) -> SymbolParts | None:
        """The symbol of a derivative that has one of its own: δ, or dz; None where it is written as a quotient."""
        by = quantity.by
        if quantity.of.role is Role.WIRE:
            if quantity.is_direct or quantity.of.name != self.output or not self.notation.wires:
                return None
            return self.symbol(by, sample)._replace(prefix=self.notation.wires)
        if quantity.is_delta and self.notation.has_delta:
            return self._parts(self.notation.symbols["delta"], by, sample if by.per_sample else "", 0)
        if not self.notation.derivative or quantity.of.role is not Role.COST or quantity.of.indices:
            return None
        own = sample if quantity.per_sample or by.per_sample else ""
        return self._parts(self._pattern(by), by, own, 0)._replace(prefix=self.notation.derivative)

    def matrix(
        self, role: Role | str, layer: int | str, ahead: int = 0, sample: int | str = "", state: str = ""
    ) -> SymbolParts:
        """The symbol of all quantities of a role and layer; of one sample where it is given, or of what the
        optimizer keeps of them."""
        name = role if isinstance(role, str) else _ROLES[role]
        if name == "activation" and layer == 0:
            name = "input"
        elif name == "activation" and layer == len(self.shape) - 1 and "matrix.output" in self.notation.symbols:
            name = "output"
        parts = self._parts(self.notation.symbols[f"matrix.{name}"], Quantity(Role.WEIGHT, layer), sample, ahead)
        return self._of_state(parts, state, role) if state else parts

    def _own_letter(self, name: str) -> str:
        """The letter of a coefficient, a state or the count: its name, unless the notation has another for it."""
        return self.notation.symbols.get(name, Pattern(name)).base

    def _of_state(self, parts: SymbolParts, state: str, role: Role | str) -> SymbolParts:
        """A state is written like its parameter, by a letter of its own; a bias's has the bias's letter below."""
        plain = state.removesuffix("hat")
        base = self._own_letter(plain)
        style, own = taken_apart(parts.base)
        if own[:1].isupper() and role is not Role.WIRE:
            base = base.upper()
        if plain != state:
            base = letter(f"{base}hat")
        sub = (own, *parts.sub) if role in (Role.BIAS, Role.WIRE) else parts.sub
        return parts._replace(base=bold(base) if style == "bold" else base, sub=sub)

    def _pattern(self, quantity: Quantity) -> Pattern:
        symbols, role = self.notation.symbols, _ROLES[quantity.role]
        last = quantity.layer == len(self.shape) - 1 or (quantity.layer == "" and len(self.shape) == 2)
        if role == "cost" and not quantity.indices and "total_cost" in symbols:
            role = "total_cost"
        elif role == "cost" and quantity.per_sample and self.samples > 1 and "loss" in symbols:
            role = "loss"
        elif role == "activation" and last and "output" in symbols:
            role = "output"
        elif role == "bias" and not quantity.indices and "shared_bias" in symbols:
            role = "shared_bias"
        elif role == "error":
            return symbols.get(role, Pattern("e"))
        letters = isinstance(quantity.layer, str) or any(isinstance(i, str) for i in quantity.indices)
        return symbols.get(f"general.{role}", symbols[role]) if letters else symbols[role]

    def _parts(self, pattern: Pattern, quantity: Quantity, sample: int | str, ahead: int) -> SymbolParts:
        values = self._values(quantity)
        sub = [text for item in pattern.sub if (text := _filled(item, values))]
        sup = [text for item in pattern.sup if (text := _filled(item, values))]
        if sample != "" and (self.samples > 1 or isinstance(sample, str)):
            sub, sup = self._marked(sub, sup, str(sample))
        sign = self.notation.updated
        if ahead and sign != "prime":
            sup.append(sign)
        return SymbolParts(pattern.base, tuple(sub), tuple(sup), prime=bool(ahead) and sign == "prime")

    def _marked(self, sub: list[str], sup: list[str], sample: str) -> tuple[list[str], list[str]]:
        """The indices with a sample's number among them."""
        match self.notation.sample:
            case "before":
                return [",".join([sample, *sub])], sup
            case "after":
                return [",".join([*sub, sample])], sup
            case "last":  # with a space: to Markdown, [1](2) would be a link
                return sub, [f"{sup[-1]} ({sample})"] if sup else [f"({sample})"]
        return sub, [f"({sample})", *sup]

    def _values(self, quantity: Quantity) -> dict[str, str]:
        layer, indices = quantity.layer, (*quantity.indices, "", "")
        j, k = indices[0], indices[1] if quantity.role is Role.WEIGHT else indices[0]
        before = layer - 1 if isinstance(layer, int) else ""
        from_unit = before if quantity.role is Role.WEIGHT else layer
        last = len(self.shape) - 1
        own = last if quantity.role in (Role.TARGET, Role.COST) else layer
        single = self.shape[1:] == (1,)
        return {
            "l": self._layer(layer),
            "j": self._index(j),
            "k": self._index(k),
            "u": self._unit(own, j),
            "v": self._unit(from_unit, k),
            "c": self._count(quantity),
            "L": "" if last == 1 else self._layer(layer),
            "J": "" if single else self._index(j),
        }

    def _layer(self, layer: int | str) -> str:
        """A layer's number as this notation counts; the inputs have none."""
        if layer in ("", 0):
            return ""
        return str(layer + self.notation.layer_offset) if isinstance(layer, int) else layer

    def _index(self, index: int | str) -> str:
        return str(index + self.notation.index_base - 1) if isinstance(index, int) else index

    def _unit(self, layer: int | str, index: int | str) -> str:
        """The name of a unit, in schools that name them."""
        if isinstance(index, str) or not isinstance(layer, int) or not self.notation.units:
            return self._index(index)
        last = len(self.shape) - 1
        kind = "input" if layer == 0 else "output" if layer == last else "hidden" if last == 2 else "deep"
        values = {"k": self._index(index), "l": str(layer), "c": str(sum(self.shape[:layer]) + index)}
        return _filled(self.notation.units[kind], values)

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


def _filled(item: str, values: dict[str, str]) -> str:
    """The item with its places filled; empty where a place has nothing to say."""
    if any(values.get(place, "") == "" for place in PLACE.findall(item)):
        return ""
    return PLACE.sub(lambda match: values[match[1]], item)
