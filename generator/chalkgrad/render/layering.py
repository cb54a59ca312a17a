"""Which column of a computation graph a gate stands in, and in which order: few crossings, no coordinates.

Columns are those of the longest way from the inputs.  A wire that skips columns passes through a place of its own
in each of them, and all that leave one gate share these places (Sugiyama, Tagawa and Toda 1981).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

SWEEPS = 12
"""How often the columns are put in order, in turn from the left and from the right."""


class Place(NamedTuple):
    """A place in a column: where a gate stands, or where its wire passes by."""

    gate: int
    column: int


class Wire(NamedTuple):
    """A piece of a wire, from one column to the next."""

    start: Place
    end: Place
    port: float = 0.0
    """Where it arrives at the gate, from -1 at the top to 1 at the bottom."""


class Layering(NamedTuple):
    """The columns of a graph, and the wires between them."""

    columns: list[list[Place]]
    wires: list[Wire]
    of_gate: list[int]
    """Each gate's column."""

    def is_passing(self, place: Place) -> bool:
        """Whether only a wire passes here."""
        return self.of_gate[place.gate] != place.column


def layered(takes: Sequence[Sequence[int]], ordered: Sequence[bool]) -> Layering:
    """The layering of gates by what each takes in; `ordered` says of each whether its inputs keep their order.

    >>> layered([(), (), (0, 1)], [False] * 3).columns
    [[Place(gate=0, column=0), Place(gate=1, column=0)], [Place(gate=2, column=1)]]
    """
    of_gate: list[int] = []
    for before in takes:
        of_gate.append(1 + max((of_gate[gate] for gate in before), default=-1))
    last = [of_gate[gate] for gate in range(len(takes))]
    for gate, before in enumerate(takes):
        for source in before:
            last[source] = max(last[source], of_gate[gate] - 1)
    columns: list[list[Place]] = [[] for _ in range(1 + max(of_gate))]
    wires = []
    for gate, column in enumerate(of_gate):
        for at in range(column, last[gate] + 1):
            columns[at].append(Place(gate, at))
            if at > column:
                wires.append(Wire(Place(gate, at - 1), Place(gate, at)))
    for gate, before in enumerate(takes):
        sources = list(dict.fromkeys(before))
        for port, source in zip(ports(len(sources)), sources, strict=True):
            wires.append(Wire(Place(source, of_gate[gate] - 1), Place(gate, of_gate[gate]), port))
    best = _in_order(Layering(columns, wires, of_gate))
    return best._replace(wires=_with_ports(best, ordered))


def ports(count: int) -> list[float]:
    """Where so many wires arrive, top to bottom.

    >>> ports(1), ports(2), ports(3)
    ([0.0], [-0.5, 0.5], [-0.75, 0.0, 0.75])
    """
    if count == 1:
        return [0.0]
    reach = 0.5 if count == 2 else 0.75
    return [reach * (2 * i / (count - 1) - 1) for i in range(count)]


def _in_order(layering: Layering) -> Layering:
    """The columns in an order with few crossings: each place by the mean of those it is tied to (barycentre)."""
    columns = [list(column) for column in layering.columns]
    best, least = [list(column) for column in columns], _crossings(layering, columns)
    for sweep in range(SWEEPS):
        forwards = sweep % 2 == 0
        for at in range(1, len(columns)) if forwards else range(len(columns) - 2, -1, -1):
            columns[at] = _by_mean(layering, columns, at, forwards=forwards)
        crossings = _crossings(layering, columns)
        if crossings < least:
            best, least = [list(column) for column in columns], crossings
    return layering._replace(columns=best)


def _by_mean(layering: Layering, columns: list[list[Place]], at: int, *, forwards: bool) -> list[Place]:
    beside = {place: i for i, place in enumerate(columns[at - 1 if forwards else at + 1])}
    now = {place: i for i, place in enumerate(columns[at])}

    def mean(place: Place) -> float:
        if forwards:
            ties = [float(beside[wire.start]) for wire in layering.wires if wire.end == place]
        else:
            ties = [beside[wire.end] + 0.4 * wire.port for wire in layering.wires if wire.start == place]
        return sum(ties) / len(ties) if ties else float(now[place])

    return sorted(columns[at], key=lambda place: (mean(place), now[place]))


def _crossings(layering: Layering, columns: list[list[Place]]) -> int:
    """How many pairs of wires cross."""
    at = {place: i for column in columns for i, place in enumerate(column)}
    total = 0
    for column in range(len(columns) - 1):
        wires = [wire for wire in layering.wires if wire.start.column == column]
        ends = [(at[wire.start], at[wire.end] + 0.4 * wire.port) for wire in wires]
        total += sum((a - c) * (b - d) < 0 for (a, b), (c, d) in combinations(ends, 2))
    return total


def _with_ports(layering: Layering, ordered: Sequence[bool]) -> list[Wire]:
    """The wires, those into a gate that takes its inputs in any order without needless crossings."""
    at = {place: i for column in layering.columns for i, place in enumerate(column)}
    out = []
    for wire in layering.wires:
        arriving = [other for other in layering.wires if other.end == wire.end]
        if ordered[wire.end.gate]:
            out.append(wire)
            continue
        arriving.sort(key=lambda other: at[other.start])
        out.append(wire._replace(port=ports(len(arriving))[arriving.index(wire)]))
    return out
