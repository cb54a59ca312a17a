"""The layout of networks: from what is in the picture to circles, lines and texts with coordinates.

Columns stand side by side, the units of each around a common middle.  Several settings are tried, the most
comfortable first: wordy captions before short ones, wide spaces before narrow ones, large letters before small
ones.  Where nothing holds the captions of the arrows, they are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from math import hypot

from chalkgrad.document.drawn import Caption, DrawnColumn, DrawnLayers, DrawnUnit
from chalkgrad.markup.measure import Measure
from chalkgrad.render.lettering import NAME_SIZE, SIZES, SPACE, Lettering
from chalkgrad.render.picture import MARGIN, Arrow, Box, Circle, Label, Picture, Point, framed
from chalkgrad.render.placing import Captioned, Gap, place

SMALLEST_RADIUS = 12.0
HEAD_LENGTH, HEAD_WIDTH = 5.0, 3.6
MARKED_HEAD_LENGTH, MARKED_HEAD_WIDTH = 7.0, 5.6
LEAST_ROW, LEAST_COLUMN = 48.0, 70.0


def layers_picture(drawing: DrawnLayers, measure: Measure, width: float) -> Picture:
    """The drawing with coordinates, at most `width` points wide."""
    wordings = max((len(edge.wordings) for edge in drawing.edges), default=0)
    settings = product(range(wordings), SIZES, (False, True))
    for wording, size, roomy in settings:
        layout = _Layout(drawing, measure, width, size, wording, roomy)
        if layout.fits and (boxes := layout.caption_boxes()) is not None:
            return layout.picture(boxes)
    bare = replace(drawing, edges=tuple(replace(edge, wordings=()) for edge in drawing.edges))
    layouts = (_Layout(bare, measure, width, size, 0, False) for size in SIZES)
    *others, last = layouts
    return next((layout for layout in others if layout.fits), last).picture({}, is_captioned=wordings == 0)


@dataclass(frozen=True)
class _Layout:
    """One way of setting a drawing."""

    drawing: DrawnLayers
    measure: Measure
    width: float
    """The most it may take."""
    size: float
    """Of all letters but the names."""
    wording: int
    """Which of the wordings of the captions."""
    roomy: bool
    """Whether it takes all the width there is."""

    # ---- sizes --------------------------------------------------------------------------------------------

    @cached_property
    def _letters(self) -> Lettering:
        return Lettering(self.measure, self.size)

    @cached_property
    def _name_letters(self) -> Lettering:
        return Lettering(self.measure, NAME_SIZE)

    def _caption_width(self, caption: Caption) -> float:
        return self._letters.width(caption.text)

    @cached_property
    def _columns(self) -> list[tuple[int, DrawnColumn]]:
        return [(at, column) for at, column in enumerate(self.drawing.columns) if column is not None]

    @cached_property
    def _units(self) -> dict[tuple[int, int], DrawnUnit]:
        """By column and place."""
        return {
            (at, place): unit
            for at, column in self._columns
            for place, unit in enumerate(column.units)
            if unit is not None
        }

    @cached_property
    def radius(self) -> float:
        """All circles are as large as the widest name needs."""
        widest = max(self._name_letters.width(unit.name) for unit in self._units.values())
        return max(SMALLEST_RADIUS, widest / 2 + 3)

    def _overhang(self, at: int) -> float:
        """How far a column reaches beyond its middle on its outer side."""
        units = [unit for (column, _), unit in self._units.items() if column == at]
        wide = [c for unit in units for c in (unit.above, unit.below) if c is not None]
        column = self.drawing.columns[at]
        if column is not None and column.below is not None:
            wide.append(column.below)
        beside = [
            self._caption_width(caption) + self.radius + SPACE + 1 for unit in units for caption in unit.beside
        ]
        return max([self.radius + 1, *(self._caption_width(c) / 2 for c in wide), *beside]) + MARGIN

    @cached_property
    def _captions(self) -> list[tuple[int, Caption]]:
        """The captions of edges, each with the number of its edge."""
        return [
            (number, edge.wordings[min(self.wording, len(edge.wordings) - 1)])
            for number, edge in enumerate(self.drawing.edges)
            if edge.wordings
        ]

    @cached_property
    def column_distance(self) -> float:
        """From the middle of a column to that of the next."""
        gaps = len(self.drawing.columns) - 1
        most = (self.width - self._overhang(0) - self._overhang(gaps)) / gaps
        widest = max((self._caption_width(caption) for _, caption in self._captions), default=0.0)
        tallest = max(len(column.units) for _, column in self._columns)
        wish = max(LEAST_COLUMN, 2 * self.radius + 24 + widest * min(tallest, 2), 30.0 * min(tallest, 5))
        if any(edge.wordings and not edge.marked for edge in self.drawing.edges):
            wish = max(wish, 130.0)
        return min(most, 210.0 if self.roomy else wish)

    @property
    def fits(self) -> bool:
        """Whether neighbouring columns keep apart."""
        beyond = [
            self._caption_width(caption) + SPACE
            for unit in self._units.values()
            for caption in (unit.above, unit.below)
            if caption is not None
        ]
        return self.column_distance >= max([2 * self.radius + 2 * HEAD_LENGTH + 8, *beyond])

    @cached_property
    def row_distance(self) -> float:
        """From the middle of a unit to that of the next below it."""
        units, height = self._units.values(), self._letters.height
        above = max((height(unit.above.text) + SPACE for unit in units if unit.above), default=0.0)
        below = max((height(unit.below.text) + SPACE for unit in units if unit.below), default=0.0)
        wish = 2 * self.radius + above + below + 6
        return max(wish, LEAST_ROW, 66.0 if self.roomy else 0.0)

    # ---- places -------------------------------------------------------------------------------------------

    def _middle(self, key: tuple[int, int]) -> Point:
        """The centre of a circle; the columns' middles lie on y = 0, that of the first column on x = 0."""
        at, place = key
        column = self.drawing.columns[at]
        count = len(column.units) if column is not None else 1
        return at * self.column_distance, (place - (count - 1) / 2) * self.row_distance

    def _beside(self) -> Iterator[Label]:
        """Captions above, below and beside the circles."""
        for key, unit in self._units.items():
            x, y = self._middle(key)
            if unit.above:
                yield self._label(unit.above, x, y - self.radius - SPACE - self._letters.depth(unit.above.text))
            if unit.below:
                yield self._label(unit.below, x, y + self.radius + SPACE + self._letters.rise(unit.below.text))
            yield from self._stacked(unit.beside, key)
        for at, column in self._columns:
            if column.below:
                x, y = self._middle((at, len(column.units) - 1))
                yield self._label(column.below, x, y + self.radius + SPACE + self._letters.rise(column.below.text))

    def _stacked(self, captions: tuple[Caption, ...], key: tuple[int, int]) -> Iterator[Label]:
        """Captions under each other, on the outer side of a unit."""
        x, y = self._middle(key)
        line = 1.55 * self.size
        outwards = -1 if key[0] == 0 else 1
        for number, caption in enumerate(captions):
            baseline = y + 0.33 * self.size + (number - (len(captions) - 1) / 2) * line
            anchor = "end" if outwards < 0 else "start"
            yield self._letters.label(caption, x + outwards * (self.radius + SPACE + 1), baseline, anchor)

    def _label(self, caption: Caption, x: float, y: float) -> Label:
        """A caption in the middle of something, where arrows may pass behind it."""
        return self._letters.label(caption, x, y, halo=True)

    # ---- arrows -------------------------------------------------------------------------------------------

    def _arrow(self, number: int) -> tuple[Point, Point]:
        """Where an arrow begins and ends: on the circles."""
        edge = self.drawing.edges[number]
        (x, y), (u, v) = self._middle(edge.start), self._middle(edge.end)
        length = hypot(u - x, v - y)
        dx, dy = (u - x) / length, (v - y) / length
        r = self.radius + (0.8 if edge.marked else 0.4)  # the circle's own line is drawn around its edge
        return (x + r * dx, y + r * dy), (u - r * dx, v - r * dy)

    def _drawn_arrow(self, number: int) -> Arrow:
        edge = self.drawing.edges[number]
        start, (u, v) = self._arrow(number)
        length = hypot(u - start[0], v - start[1])
        dx, dy = (u - start[0]) / length, (v - start[1]) / length
        long = MARKED_HEAD_LENGTH if edge.marked else HEAD_LENGTH
        half = (MARKED_HEAD_WIDTH if edge.marked else HEAD_WIDTH) / 2
        x, y = u - long * dx, v - long * dy
        head = ((u, v), (x - half * dy, y + half * dx), (x + half * dy, y - half * dx))
        return Arrow(start, (u - 0.8 * long * dx, v - 0.8 * long * dy), head, edge.id, edge.marked)

    def caption_boxes(self) -> dict[int, Box] | None:
        """The place of each edge's caption, by the edge's number; None where they do not fit."""
        taken = [label.box for label in self._beside()]
        out: dict[int, Box] = {}
        for at in range(len(self.drawing.columns) - 1):
            edges = [n for n, edge in enumerate(self.drawing.edges) if edge.start[0] == at]
            captions = [(n, caption) for n, caption in self._captions if n in edges]
            if not captions:
                continue
            left = at * self.column_distance + self.radius + 2
            right = (at + 1) * self.column_distance - self.radius - HEAD_LENGTH - 2
            wanted = [
                Captioned(
                    *self._arrow(n),
                    self._caption_width(caption) + 2,
                    self._letters.height(caption.text),
                    self.drawing.edges[n].end[1],
                )
                for n, caption in captions
            ]
            found = place(wanted, Gap([self._arrow(n) for n in edges], taken, left, right))
            if found is None:
                return None
            out |= {n: box for (n, _), box in zip(captions, found, strict=True)}
        return out

    # ---- the picture --------------------------------------------------------------------------------------

    def picture(self, boxes: dict[int, Box], *, is_captioned: bool = True) -> Picture:
        """Everything, moved so that it begins at (0, 0)."""
        texts = dict(self._captions)
        at_edges = [
            self._label(texts[n], (box.left + box.right) / 2, box.bottom - self._letters.depth(texts[n].text))
            for n, box in boxes.items()
        ]
        labels = [*at_edges, *self._beside()]
        circles = [(self._circle(key, unit), self._name(key, unit)) for key, unit in self._units.items()]
        arrows = [self._drawn_arrow(number) for number in range(len(self.drawing.edges))]
        arrows.sort(key=lambda arrow: arrow.marked)  # the path lies over the others
        return framed(arrows, labels, circles, self._dots(), is_captioned=is_captioned)

    def _circle(self, key: tuple[int, int], unit: DrawnUnit) -> Circle:
        return Circle(*self._middle(key), self.radius, " ".join(unit.ids), unit.marked)

    def _name(self, key: tuple[int, int], unit: DrawnUnit) -> Label:
        return self._name_letters.name(unit.name, unit.ids[0], *self._middle(key))

    def _dots(self) -> Iterator[Point]:
        """Three dots for units or layers left out."""
        for at, column in enumerate(self.drawing.columns):
            x, y = self._middle((at, 0))
            if column is None:
                yield from ((x + 6 * step, y) for step in (-1, 0, 1))
                continue
            for row, unit in enumerate(column.units):
                if unit is None:
                    x, y = self._middle((at, row))
                    yield from ((x, y + 6 * step) for step in (-1, 0, 1))
