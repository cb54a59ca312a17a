"""What drawings are made of: units, gates, arrows, wires and what is written at them, without coordinates."""

from __future__ import annotations

from dataclasses import dataclass

from chalkgrad.markup.nodes import Math


@dataclass(frozen=True)
class Caption:
    """Something written in a drawing, such as a weight at its edge."""

    text: Math
    kind: str
    """What it is, which decides its colour: `weight`, `value`, `bias`, `target`, `delta`, or the link of a chain:
    `up`, `loc`, `inp`."""
    id: str
    """The id of the quantity that it speaks of."""


@dataclass(frozen=True)
class DrawnUnit:
    """A circle of a drawing."""

    name: Math
    ids: tuple[str, ...]
    """The quantities that belong to it: `z1[2]`, `a1[2]`, `delta1[2]`."""
    above: Caption | None = None
    below: Caption | None = None
    beside: tuple[Caption, ...] = ()
    """One under the other, on the outer side of the drawing."""
    marked: bool = False
    """Whether it lies on the path that is shown."""


@dataclass(frozen=True)
class DrawnColumn:
    """The circles of a layer, top to bottom; None for units left out (dots)."""

    units: tuple[DrawnUnit | None, ...]
    below: Caption | None = None
    """What holds for the whole layer."""


@dataclass(frozen=True)
class DrawnEdge:
    """An arrow from a unit to one of the next column."""

    start: tuple[int, int]
    """Column and place in the column."""
    end: tuple[int, int]
    id: str = ""
    """The id of its weight, where it has one."""
    wordings: tuple[Caption, ...] = ()
    """What stands at it, the wordiest first: the one is taken that finds room at all edges."""
    marked: bool = False


@dataclass(frozen=True)
class DrawnLayers:
    """A network: columns of units, and arrows from each to the next."""

    columns: tuple[DrawnColumn | None, ...]
    """Left to right; None for layers left out (dots)."""
    edges: tuple[DrawnEdge, ...]


@dataclass(frozen=True)
class DrawnGate:
    """A gate of a computation graph, or something given to it."""

    signs: tuple[Math, ...]
    """What stands in it, the wordiest first: the first is taken that finds room."""
    ids: tuple[str, ...]
    """The quantities that belong to it: what it makes, and the derivative by that."""
    takes: tuple[int, ...] = ()
    """The gates whose results it takes in, counted from 0, in the order in which they are written."""
    is_ordered: bool = False
    """Whether that order matters, as it does for a difference."""
    name: Caption | None = None
    """Above it: what its result is called."""
    value: Caption | None = None
    """Above the wire that leaves it."""
    gradient: tuple[Caption, ...] = ()
    """Below that wire, the wordiest first."""

    @property
    def is_given(self) -> bool:
        """Whether it is an input of the graph."""
        return not self.takes


@dataclass(frozen=True)
class DrawnGraph:
    """A computation graph: inputs at the left, gates, and wires between them."""

    gates: tuple[DrawnGate, ...]
    """Each after all those whose results it takes in; the last makes the output."""
