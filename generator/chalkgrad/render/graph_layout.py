"""The layout of computation graphs.

A gate's result leaves it on a straight piece of wire, with its value above and the gradient below; all that is
curved lies between the columns, where nothing is written.  So no wire crosses a number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise, product
from math import sqrt

from chalkgrad.document.drawn import Caption, DrawnGate, DrawnGraph
from chalkgrad.markup.measure import Measure
from chalkgrad.markup.nodes import Math
from chalkgrad.render.layering import Layering, Place, Wire, layered
from chalkgrad.render.lettering import SIZES, SPACE, Lettering
from chalkgrad.render.picture import Arrow, Circle, Label, Picture, Point, framed

SIGN_SIZES = (10.0, 9.0, 8.0)
"""Letter sizes of what stands in the gates."""
RADII = (11.5, 10.0, 8.5)
HEAD_LENGTH, HEAD_WIDTH = 5.0, 3.6
ROW_GAP = 7.0
"""Between a gate with its numbers and the next one below."""
SLOPES = (0.55, 0.35)
"""The room for curves between two columns, for each point that they climb: comfortable, and least."""
MOST_CHANNEL = 34.0
"""More room than this they do not need."""
PASSING = 4.0
"""Half of the height that a passing wire takes."""
ROUNDS = 31
"""How often the gates move to the height of what they are tied to: last from the left, along the wires."""
PASSES, ALONE = 1000.0, 8.0
"""How much more a long wire wants to go straight on, and the only wire into a gate, than one of several."""


def graph_picture(graph: DrawnGraph, measure: Measure, width: float) -> Picture:
    """A graph with coordinates, at most `width` points wide.

    Several settings are tried, the most comfortable first; where nothing holds the numbers, they are left out.
    What is too wide without them is drawn smaller.
    """
    layering = layered([gate.takes for gate in graph.gates], [gate.is_ordered for gate in graph.gates])
    wordings = range(max(len(texts) for gate in graph.gates for texts in (gate.signs, gate.gradient)))
    for step, wording, slope in product(range(len(SIZES)), wordings, SLOPES):
        layout = _Layout(graph, layering, measure, step, wording, slope)
        if layout.width <= width:
            return layout.picture(is_captioned=True)
    bare = DrawnGraph(tuple(replace(gate, value=None, gradient=()) for gate in graph.gates))
    settings = product(range(len(SIZES)), wordings)
    layouts = [_Layout(bare, layering, measure, step, wording, SLOPES[-1]) for step, wording in settings]
    fitting = next((layout for layout in layouts if layout.width <= width), layouts[-1])
    return fitting.picture(is_captioned=not any(gate.value for gate in graph.gates))


@dataclass(frozen=True)
class _Layout:
    """One way of setting a graph."""

    graph: DrawnGraph
    layering: Layering
    measure: Measure
    step: int
    """Which of the sizes."""
    wording: int
    """Which of the wordings."""
    slope: float
    """How much room curves have between the columns."""

    @cached_property
    def _letters(self) -> Lettering:
        return Lettering(self.measure, SIZES[self.step])

    @cached_property
    def _signs(self) -> Lettering:
        return Lettering(self.measure, SIGN_SIZES[self.step])

    @property
    def _radius(self) -> float:
        return RADII[self.step]

    # ---- sizes --------------------------------------------------------------------------------------------

    def _half(self, gate: DrawnGate) -> float:
        """Half of what is straight in a gate."""
        inner = self._signs.width(self._sign(gate)) / 2 + (0 if gate.is_given else 2.5)
        return max(0.0, inner - self._radius)

    def _sign(self, gate: DrawnGate) -> Math:
        return gate.signs[min(self.wording, len(gate.signs) - 1)]

    def _gradient(self, gate: DrawnGate) -> Caption | None:
        return gate.gradient[min(self.wording, len(gate.gradient) - 1)] if gate.gradient else None

    def _reach(self, gate: DrawnGate) -> float:
        """How far a gate and its name reach to each side of its middle."""
        name = self._letters.width(gate.name.text) / 2 if gate.name else 0.0
        return max(self._radius + self._half(gate), name)

    def _stub(self, gate: DrawnGate) -> float:
        """How long the straight piece of wire behind a gate must be."""
        captions = [caption for caption in (gate.value, self._gradient(gate)) if caption]
        return max((self._letters.width(caption.text) + 2 * SPACE for caption in captions), default=0.0)

    @cached_property
    def _columns(self) -> list[tuple[float, float, float]]:
        """For each column where its wires arrive, its middle, and where they leave it."""
        out: list[tuple[float, float, float]] = []
        for at, column in enumerate(self.layering.columns):
            gates = [self.graph.gates[place.gate] for place in column if not self.layering.is_passing(place)]
            reach = max((self._reach(gate) for gate in gates), default=0.0)
            arrives = out[-1][2] + self._channel(at) if out else -reach
            middle = arrives + (HEAD_LENGTH + 1 if out else 0) + reach
            out.append((arrives, middle, middle + reach + max((self._stub(gate) for gate in gates), default=0.0)))
        last = self.graph.gates[-1]
        arrives, middle, leaves = out[-1]
        out[-1] = (arrives, middle, max(leaves, middle + self._reach(last) + 10.0) + HEAD_LENGTH)
        return out

    def _channel(self, column: int) -> float:
        """The room for curves before a column."""
        climbs = [
            abs(self._heights[wire.start] - self._heights[wire.end] - wire.port * self._radius)
            for wire in self.layering.wires
            if wire.end.column == column
        ]
        return 2.0 + min(self.slope * max(climbs), MOST_CHANNEL * self.slope / SLOPES[0])

    @property
    def width(self) -> float:
        """Of the whole."""
        return self._columns[-1][2] - self._columns[0][0] + 4

    def _rise(self, place: Place) -> float:
        """How far what stands in a place reaches above its middle."""
        if self.layering.is_passing(place):
            return PASSING
        gate = self.graph.gates[place.gate]
        name = self._letters.height(gate.name.text) + SPACE if gate.name else 0.0
        return max(self._radius + name, self._letters.height(gate.value.text) + SPACE if gate.value else 0.0)

    def _depth(self, place: Place) -> float:
        if self.layering.is_passing(place):
            return PASSING
        gate = self.graph.gates[place.gate]
        gradient = self._gradient(gate)
        return max(self._radius, self._letters.height(gradient.text) + SPACE if gradient else 0.0)

    # ---- heights ------------------------------------------------------------------------------------------

    @cached_property
    def _heights(self) -> dict[Place, float]:
        """The height of each place: near the mean of what it is tied to, and clear of its neighbours."""
        heights: dict[Place, float] = {}
        gaps = [
            [self._depth(above) + ROW_GAP + self._rise(below) for above, below in pairwise(column)]
            for column in self.layering.columns
        ]
        for column, distances in zip(self.layering.columns, gaps, strict=True):
            top = -sum(distances) / 2
            for i, place in enumerate(column):
                heights[place] = top + sum(distances[:i])
        columns = list(zip(self.layering.columns, gaps, strict=True))
        for turn in range(ROUNDS):
            for column, distances in columns if turn % 2 == 0 else reversed(columns):
                wishes = [self._wish(place, heights) for place in column]
                heights |= zip(column, spread(wishes, distances), strict=True)
        return heights

    def _wish(self, place: Place, heights: dict[Place, float]) -> tuple[float, float]:
        """Where a place would like to be, and how much."""
        into = [wire for wire in self.layering.wires if wire.end == place]
        if len(into) == 1:
            return heights[into[0].start], PASSES if self.layering.is_passing(place) else ALONE
        total = weight = 0.0
        for wire in self.layering.wires:
            if place not in (wire.start, wire.end):
                continue
            shift = wire.port * self._radius
            total += heights[wire.end] + shift if place == wire.start else heights[wire.start] - shift
            weight += 1
        return (total / weight, weight) if weight else (heights[place], 0.01)

    # ---- the picture --------------------------------------------------------------------------------------

    def picture(self, *, is_captioned: bool) -> Picture:
        """Everything."""
        places = [Place(gate, column) for gate, column in enumerate(self.layering.of_gate)]
        circles = [(self._circle(place), self._named(place)) for place in places]
        captions = [label for place in places for label in self._captions(place)]
        return framed(self._arrows(), captions, circles, is_captioned=is_captioned)

    def _middle(self, place: Place) -> Point:
        return self._columns[place.column][1], self._heights[place]

    def _circle(self, place: Place) -> Circle:
        gate = self.graph.gates[place.gate]
        return Circle(
            *self._middle(place), self._radius, " ".join(gate.ids), half=self._half(gate), is_bare=gate.is_given
        )

    def _named(self, place: Place) -> Label:
        gate = self.graph.gates[place.gate]
        return self._signs.name(self._sign(gate), gate.ids[0], *self._middle(place))

    def _captions(self, place: Place) -> Iterator[Label]:
        gate, (x, y) = self.graph.gates[place.gate], self._middle(place)
        if gate.name:
            above = y - self._radius - SPACE - self._letters.depth(gate.name.text)
            yield self._letters.label(gate.name, x, above)
        start, end = x + self._reach(gate), self._columns[place.column][2]
        if gate is self.graph.gates[-1]:
            end -= HEAD_LENGTH
        middle = (start + end) / 2
        if gate.value:
            yield self._letters.label(gate.value, middle, y - SPACE - self._letters.depth(gate.value.text))
        if gradient := self._gradient(gate):
            yield self._letters.label(gradient, middle, y + SPACE + self._letters.rise(gradient.text))

    # ---- wires --------------------------------------------------------------------------------------------

    def _arrows(self) -> Iterator[Arrow]:
        """A wire from each gate to each that takes its result in; the last one leads out."""
        for wire in self.layering.wires:
            if not self.layering.is_passing(wire.end):
                yield self._wire(self._route(wire))
        last = Place(len(self.graph.gates) - 1, len(self.layering.columns) - 1)
        x, y = self._leaving(last)
        tip = (self._columns[-1][2], y)
        yield self._arrow(self.graph.gates[-1].ids[0], (x, y), tip, ())

    def _route(self, wire: Wire) -> list[Wire]:
        """All pieces of the wire that ends here."""
        pieces = [wire]
        while self.layering.is_passing(pieces[0].start):
            pieces.insert(0, next(w for w in self.layering.wires if w.end == pieces[0].start))
        return pieces

    def _wire(self, pieces: Sequence[Wire]) -> Arrow:
        start = self._leaving(pieces[0].start)
        here, curves = start, []
        for piece in pieces:
            leaves = (self._columns[piece.start.column][2], here[1])
            arrives = self._arriving(piece)
            curves += [_straight(here, leaves), _bent(leaves, arrives)]
            here = arrives
        gate = self.graph.gates[pieces[-1].end.gate]
        x, y = self._columns[pieces[-1].end.column][1], here[1]
        off = y - self._heights[pieces[-1].end]
        tip = (x - self._half(gate) - sqrt(self._radius**2 - off**2) - 0.4, y)
        curves.append(_straight(here, (tip[0] - 0.8 * HEAD_LENGTH, y)))
        return self._arrow(self.graph.gates[pieces[0].start.gate].ids[0], start, tip, tuple(curves))

    def _arrow(self, id: str, start: Point, tip: Point, curves: tuple[tuple[Point, Point, Point], ...]) -> Arrow:
        (u, v), half = tip, HEAD_WIDTH / 2
        head = (tip, (u - HEAD_LENGTH, v - half), (u - HEAD_LENGTH, v + half))
        return Arrow(start, (u - 0.8 * HEAD_LENGTH, v), head, id, curves=curves)

    def _leaving(self, place: Place) -> Point:
        """Where the wire of a gate begins: on its line, or behind the letter of an input."""
        gate, (x, y) = self.graph.gates[place.gate], self._middle(place)
        reach = self._signs.width(self._sign(gate)) / 2 + SPACE if gate.is_given else self._radius + 0.4
        return (x + (0 if gate.is_given else self._half(gate)) + reach, y)

    def _arriving(self, wire: Wire) -> Point:
        """Where a piece of wire comes to its column."""
        return self._columns[wire.end.column][0], self._heights[wire.end] + wire.port * self._radius


def _straight(start: Point, end: Point) -> tuple[Point, Point, Point]:
    return start, end, end


def _bent(start: Point, end: Point) -> tuple[Point, Point, Point]:
    """A curve that leaves and arrives level."""
    middle = (start[0] + end[0]) / 2
    return (middle, start[1]), (middle, end[1]), end


def spread(wishes: Sequence[tuple[float, float]], distances: Sequence[float]) -> list[float]:
    """Heights that differ from the wishes as little as may be (by the sum of weighted squares) and lie at least
    these distances apart, in order: isotonic regression, by pooling neighbours that are in each other's way.

    >>> spread([(0, 1), (0, 1)], [10])
    [-5.0, 5.0]
    """
    offsets = [sum(distances[:i]) for i in range(len(wishes))]
    pools: list[tuple[float, float, int]] = []  # mean, weight, how many
    for (wish, weight), offset in zip(wishes, offsets, strict=True):
        pools.append((wish - offset, weight, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (a, v, m), (b, w, n) = pools.pop(-2), pools.pop()
            pools.append(((a * v + b * w) / (v + w), v + w, m + n))
    level = [mean for mean, _, count in pools for _ in range(count)]
    return [height + offset for height, offset in zip(level, offsets, strict=True)]
