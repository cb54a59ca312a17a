"""The layout of plots: from numbers over two axes to lines, marks and texts with coordinates.

Labels stand beside what they name.  Where not all of them find room, they stand in a legend under the axes.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from chalkgrad.document.plot import (
    Arrow,
    Contours,
    Curve,
    HalfPlane,
    Part,
    Pen,
    Plot,
    Points,
    Region,
    Straight,
    Text,
    Values,
)
from chalkgrad.evaluation.rounding import Shown
from chalkgrad.render.axes import SHAPES, Axes
from chalkgrad.render.clipping import clipped, clipped_polygon, crossing, halved, inside, simplified
from chalkgrad.render.contours import contours
from chalkgrad.render.labelling import FAINT, Labelling, around, on
from chalkgrad.render.legend import Legend
from chalkgrad.render.marks import RADIUS, mark, tip
from chalkgrad.render.picture import Box, Point
from chalkgrad.render.plot_letters import RISE, Letters
from chalkgrad.render.plotted import Disc, Lettering, Mark, Plotted, Shade, Trace

TEXT_SIZE = 8.0
"""The size of labels in the plot."""
HEIGHT_SIZE, SHORT = 6.5, 40.0
"""The size of heights on contour lines; a shorter line has none."""
SMOOTH = 0.04
"""How far, in points, a line drawn may be off the line that is meant."""
ROUGH = 0.5
"""The same where it is only to be kept free of labels."""
FLATTEST = 1.6
"""How many times as wide as high a square becomes where there is little height, on slides."""
BEYOND = 0.5
"""How far outside the frame a mark may be and still be drawn, in points."""


def plotted(plot: Plot, values: Values, letters: Letters, width: float, height: float = math.inf) -> Plotted:
    """The plot with coordinates, at most so wide and high."""
    size = size_of(plot, width, height)
    axes = Axes(plot, values, letters, size)
    legend = Legend(letters, size[0])
    shown = [part for part in plot.parts if not part.is_left_out]
    for marks in shown:
        if isinstance(marks, Points) and marks.label:
            legend.add(marks)
    drawing = _Drawing(axes.lower(legend.height), letters)
    if drawing.fits:
        return drawing.picture(legend)
    for line in shown:
        if isinstance(line, Curve | Straight) and line.label:
            legend.add(line)
    return _Drawing(axes.lower(legend.height), letters, has_legend=True).picture(legend)


def size_of(plot: Plot, width: float, height: float) -> tuple[float, float]:
    """Width and height of a plot where there is so much room."""
    wide, high = SHAPES[plot.shape]
    scale = min(1.0, width / wide)
    low = min(high * scale, height)
    if plot.shape != "square":
        return wide * scale, low
    flattest = wide / high if plot.is_true_to_scale else FLATTEST
    return min(wide * scale, flattest * low), low


class _Wish(NamedTuple):
    """A label that looks for a place."""

    text: Text
    colour: str
    boxes: list[tuple[Box, float]]
    """Where it would like to stand, and what that costs."""


@dataclass
class _Drawing:
    """One way of drawing a plot."""

    axes: Axes
    letters: Letters
    has_legend: bool = False
    """Whether the names of lines stand there, not beside them."""
    shades: list[Shade] = field(default_factory=list)
    ground: list[Trace] = field(default_factory=list)
    """Contour lines."""
    heights: list[tuple[Shown, str, list[list[Point]]]] = field(default_factory=list)
    """The heights of contour lines, with their colours and lines."""
    traces: list[Trace] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    discs: list[Disc] = field(default_factory=list)
    texts: list[Lettering] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Draw everything."""
        self.frame = self.axes.frame
        width, _ = self.axes.size
        room = Box(self.frame.left + 1, 0, width, self.frame.bottom - 1)
        self.labelling = Labelling(room, self.frame, taken=[text.box for text in self.axes.letterings()])
        guides = list(self.axes.traces())
        self.labelling.faint += [(t.points[0], t.points[1]) for t in guides if t.width == "hair"]
        self.traces += guides
        shown = [part for part in self.axes.plot.parts if not part.is_left_out]
        for part in shown:
            self._draw(part)
        self.fits = self._label(shown)

    # ---- parts --------------------------------------------------------------------------------------------

    def _draw(self, part: Part) -> None:
        if isinstance(part, (Curve, Straight)):
            for line in self._lines(part):
                self._trace(line, part.pen, part.id)
        elif isinstance(part, HalfPlane | Region):
            corners = self._corners(part)
            if corners:
                self.shades.append(Shade(tuple(corners), part.colour))
        elif isinstance(part, Arrow):
            self._arrow(part)
        elif isinstance(part, Points):
            self._points(part)
        else:
            self._contours(part)

    def _lines(self, part: Curve | Straight) -> list[list[Point]]:
        """What is seen of a line."""
        if isinstance(part, Straight):
            ends = crossing(*self.axes.line(part.a, part.b, part.c), self.frame)
            return [list(ends)] if ends else []
        found = clipped(map(self.axes.place, part.points), self.frame)
        return [simplified(line, SMOOTH) for line in found]

    def _corners(self, part: HalfPlane | Region) -> list[Point]:
        """What is seen of a region."""
        if isinstance(part, Region):
            corners = [self.axes.place(spot) for spot in part.corners]
            is_drawn = all(math.isfinite(n) for corner in corners for n in corner)
            return clipped_polygon(corners, self.frame) if is_drawn else []
        f = self.frame
        whole = [(f.left, f.top), (f.right, f.top), (f.right, f.bottom), (f.left, f.bottom)]
        return halved(whole, *self.axes.line(part.a, part.b, part.c))

    def _trace(self, line: Sequence[Point], pen: Pen, id: str) -> None:
        self.traces.append(Trace(tuple(line), pen.colour, pen.dash, pen.width, id))
        self.labelling.lines += itertools.pairwise(simplified(line, ROUGH))

    def _arrow(self, part: Arrow) -> None:
        start, end = self.axes.place(part.start), self.axes.place(part.end)
        if not all(map(math.isfinite, (*start, *end))):
            return
        seen = inside(start, end, self.frame)
        if seen is None:
            return
        if seen[1] == end and math.dist(start, end) > RADIUS:
            shaft, head = tip(start, end, part.pen.width)
            self.marks.append(Mark(head, part.pen.colour, id=part.id))
            seen = (seen[0], shaft)
        self._trace(seen, part.pen, part.id)

    def _points(self, part: Points) -> None:
        for x, y in map(self.axes.place, part.spots):
            if self._is_seen((x, y)):
                drawn = mark(part, x, y)
                if isinstance(drawn, Disc):
                    self.discs.append(drawn)
                else:
                    self.marks.append(drawn)
                self.labelling.taken.append(Box(x - RADIUS, y - RADIUS, x + RADIUS, y + RADIUS))

    def _contours(self, part: Contours) -> None:
        """Lines under all others; their heights wait until every other label has its place."""
        for height, lines in contours(part, self.axes):
            for line in lines:
                self.ground.append(Trace(tuple(line), part.pen.colour, part.pen.dash, part.pen.width))
                self.labelling.faint += itertools.pairwise(simplified(line, ROUGH))
            self.heights.append((height, part.pen.colour, lines))

    def _is_seen(self, point: Point) -> bool:
        f = self.frame
        return f.left - BEYOND <= point[0] <= f.right + BEYOND and f.top - BEYOND <= point[1] <= f.bottom + BEYOND

    # ---- labels -------------------------------------------------------------------------------------------

    def _label(self, parts: Sequence[Part]) -> bool:
        """Find places for all labels; whether there are enough."""
        wishes = [wish for part in parts for wish in self._wishes(part) if wish.boxes]
        boxes, fit = self.labelling.place([wish.boxes for wish in wishes])
        for wish, box in zip(wishes, boxes, strict=True):
            halo = bool(self.ground)  # many contour lines leave no room between them
            self.texts.append(self.letters.inside(wish.text, TEXT_SIZE, box, wish.colour, halo=halo))
        self.labelling.taken += boxes
        self._label_heights()
        return fit

    def _label_heights(self) -> None:
        """The heights of contour lines, on the lines, where there is room."""
        for height, colour, lines in self.heights:
            size = (self.letters.width(height, HEIGHT_SIZE) + 2, RISE * HEIGHT_SIZE + 1)
            for line in lines:
                if sum(math.dist(a, b) for a, b in itertools.pairwise(line)) < SHORT:
                    continue
                alone = FAINT * 1.2 * math.hypot(*size) + 3  # no line but its own, or nearly
                found, fits = self.labelling.place([on(line, *size, self.frame)], alone)
                if found and fits:
                    self.texts.append(self.letters.inside(height, HEIGHT_SIZE, found[0], colour, halo=True))
                    self.labelling.taken += found

    def _wishes(self, part: Part) -> Iterator[_Wish]:
        """The labels of a part, with the places that they would like."""
        if isinstance(part, Points):
            for point, name in zip(map(self.axes.place, part.spots), part.names, strict=False):
                if name and self._is_seen(point):
                    yield _Wish(name, part.pen.colour, around(point, *self._size(name), RADIUS + 1.5))
        elif isinstance(part, Contours) or not part.label:
            return
        elif isinstance(part, HalfPlane | Region):
            boxes = self.labelling.within(self._corners(part), *self._size(part.label))
            yield _Wish(part.label, "ink", boxes)
        elif isinstance(part, Arrow):
            end = self.axes.place(part.end)
            if self._is_seen(end):
                yield _Wish(part.label, part.pen.colour, around(end, *self._size(part.label), 4.0))
        elif not self.has_legend:
            lines = [simplified(line, ROUGH) for line in self._lines(part)]
            boxes = self.labelling.along(lines, *self._size(part.label))
            yield _Wish(part.label, part.pen.colour, boxes)

    def _size(self, text: Text) -> tuple[float, float]:
        return self.letters.width(text, TEXT_SIZE), self.letters.height(text, TEXT_SIZE)

    # ---- the picture --------------------------------------------------------------------------------------

    def picture(self, legend: Legend) -> Plotted:
        """Everything, with coordinates of two decimals."""
        width, height = self.axes.size
        samples = list(legend.samples(height - legend.height, self.frame.left))
        traces = [*self.ground, *self.traces, *(s for s in samples if isinstance(s, Trace))]
        marks = [*self.marks, *(s for s in samples if isinstance(s, Mark))]
        discs = [*self.discs, *(s for s in samples if isinstance(s, Disc))]
        texts = [*self.axes.letterings(), *self.texts, *(s for s in samples if isinstance(s, Lettering))]
        return Plotted(
            round(width, 2),
            round(height, 2),
            tuple(replace(shade, corners=_rounded(shade.corners)) for shade in self.shades),
            tuple(replace(trace, points=_rounded(trace.points)) for trace in traces),
            tuple(replace(mark, corners=_rounded(mark.corners)) for mark in marks),
            tuple(replace(disc, x=round(disc.x, 2), y=round(disc.y, 2)) for disc in discs),
            tuple(_placed(text) for text in texts),
        )


def _rounded(points: Sequence[Point]) -> tuple[Point, ...]:
    """Points of two decimals, none twice in a row."""
    out: list[Point] = []
    for x, y in points:
        point = (round(x, 2) + 0.0, round(y, 2) + 0.0)
        if not out or out[-1] != point:
            out.append(point)
    return tuple(out if len(out) > 1 else [out[0], out[0]])


def _placed(text: Lettering) -> Lettering:
    b = text.box
    box = Box(round(b.left, 2), round(b.top, 2), round(b.right, 2), round(b.bottom, 2))
    return replace(text, x=round(text.x, 2), y=round(text.y, 2), box=box)
