"""Quantities: what a walk-through talks about, and the ids by which everybody names them.

A quantity does not know its value.  It knows what it is (its role), the layer and the indices it has, and
whether every sample has one of its own.  `At` picks one sample and one moment in training.

>>> w = Quantity(Role.WEIGHT, 1, (2, 3))
>>> w.id, At(w, time=1).id(samples=1), Partial(Quantity(Role.COST), w).id
('W1[2,3]', "W1[2,3]'", 'dJ/dW1[2,3]')

These are named tuples, not dataclasses: a 784-30-10 network has a hundred thousand of them, they are keys of
dictionaries everywhere, and a tuple hashes ten times as fast.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import NamedTuple, TypeAlias


class Role(Enum):
    """What a quantity is.  The value is the letter by which its id begins."""

    INPUT = "x"
    TARGET = "y"
    WEIGHT = "W"
    BIAS = "b"
    WEIGHTED_SUM = "z"
    ACTIVATION = "a"
    ERROR = "e"  # of a single neuron: target minus output
    COST = "J"
    WIRE = "wire"  # a quantity of a circuit, by the name it was given
    RATE = "eta"
    SETTING = "setting"  # a number of an activation or an optimizer, such as the slope of a leaky ReLU
    STATE = "state"  # what an optimizer remembers of a parameter, or makes of it on the way: its momentum
    COUNT = "t"  # the number of the optimisation step, from 1
    SHARED = "shared"  # what training makes once a step, for all parameters: the length of the gradient
    DIFFERENCE = "difference"  # the central difference that checks a gradient
    DIFFERENCE_ERROR = "error"  # its relative error
    MISTAKEN = "mistaken"  # what a misconception makes of another quantity

    __hash__ = object.__hash__  # members are unique; enum's own hash runs in Python, millions of times


class Quantity(NamedTuple):
    """A number that a network has: an input, a weight, a weighted sum, the cost."""

    role: Role
    layer: int | str = 0
    """Counted from 1, the first layer that has weights; a letter in general statements."""
    indices: tuple[int | str, ...] = ()
    """Counted from 1; a weight has (to, from)."""
    per_sample: bool = False
    """Whether each sample of the batch has its own."""
    name: str = ""
    """The name of a wire (`x1`), a setting (`alpha`) or a state (`v`); `all` for the cost over more samples than
    one update uses; the id of the gradient that a difference checks; the misconception, and the id of what it gets
    wrong; the run (`run2`), for all but the first of a
    neuron that learns from several starts."""

    @property
    def id(self) -> str:
        """The id without sample and time: `W1[2,3]`, `x[1]`, `J`."""
        if self.role is Role.STATE:
            return f"{self.name}{self.parameter.id}"
        if self.role in (Role.SETTING, Role.SHARED, Role.WIRE):
            return f"{self.name}{self.layer or ''}{self._places}"
        if self.role is Role.MISTAKEN:
            return self.name
        if self.role is Role.DIFFERENCE:
            return f"{self.name}~"
        if self.role is Role.DIFFERENCE_ERROR:
            return f"{self.name}~error"
        if self.role is Role.COST and self.name:
            return f"{self.role.value}@{self.name}"
        layer = self.layer or ""
        indices = self._places
        run = f"{self.name}." if self.name else ""
        return f"{run}{self.role.value}{layer}{indices}"

    @property
    def _places(self) -> str:
        return f"[{','.join(map(str, self.indices))}]" if self.indices else ""

    @property
    def parameter(self) -> Quantity:
        """The weight (two indices), bias or wire that a state belongs to."""
        if isinstance(self.layer, str) and self.layer:
            return Quantity(Role.WIRE, indices=self.indices, name=self.layer)
        role = Role.WEIGHT if len(self.indices) == 2 else Role.BIAS
        return Quantity(role, self.layer, self.indices)


class Partial(NamedTuple):
    """The derivative of one quantity by another."""

    of: Quantity
    by: Quantity
    per_sample: bool = False
    """Whether it belongs to one sample (`dJ/dW1[1,2]@3`) or to the batch."""
    is_direct: bool = False
    """Whether it is only what the output's own gate makes of a quantity, which may reach it by other ways too."""

    @property
    def is_delta(self) -> bool:
        """Whether it is the derivative of the cost by a weighted sum, which has a name of its own."""
        return self.of.role is Role.COST and self.by.role is Role.WEIGHTED_SUM

    @property
    def id(self) -> str:
        """`delta1[2]`, `dJ/dW1[2,3]`, `da1[2]/dz1[2]`; with ∂ what is direct."""
        if self.is_delta:
            return self.by.id.replace(Role.WEIGHTED_SUM.value, "delta", 1)
        d = "∂" if self.is_direct else "d"
        return f"{d}{self.of.id}/{d}{self.by.id}"


AnyQuantity: TypeAlias = Quantity | Partial


class At(NamedTuple):
    """A quantity for one sample, after some number of updates."""

    quantity: AnyQuantity
    sample: int = 1
    """Counted from 1; without meaning for quantities that the samples share."""
    time: int = 0
    """How many updates the parameters have had."""

    def id(self, samples: int) -> str:
        """The full id; `@n` is left out where there is one sample, `#0` always, and `#1` is written `'`."""
        sample = f"@{self.sample}" if samples > 1 and self.quantity.per_sample else ""
        moment = {0: "", 1: "'"}.get(self.time, f"#{self.time}")
        return f"{self.quantity.id}{sample}{moment}"


def plain_id(id: str, samples: int) -> str:
    """An id in the form in which it is kept: `#0` says nothing, `#1` is `'`, `@1` of one sample says nothing.

    >>> plain_id("W1[1, 2]#1", samples=1)
    "W1[1,2]'"
    """
    id = id.replace(" ", "").removesuffix("#0")
    if id.endswith("#1"):
        id = id.removesuffix("#1") + "'"
    return re.sub(r"@1(?![0-9])", "", id) if samples == 1 else id
