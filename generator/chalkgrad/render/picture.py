"""A picture: circles, lines and texts with coordinates, in points; y grows downwards.

Templates write these as TikZ or as SVG; nothing is computed there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from chalkgrad.markup.nodes import Math

Point = tuple[float, float]
MARGIN = 2.0
"""Around everything."""
DOT = 1.1
"""The radius of a dot."""


@dataclass(frozen=True)
class Box:
    """A rectangle."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """From left to right."""
        return round(self.right - self.left, 2)

    @property
    def height(self) -> float:
        """From top to bottom."""
        return round(self.bottom - self.top, 2)


@dataclass(frozen=True)
class Circle:
    """A unit or a gate."""

    x: float
    y: float
    radius: float
    ids: str
    """The quantities that it stands for, separated by spaces."""
    marked: bool = False
    half: float = 0.0
    """Half of what is straight in it: a wide one has a straight line between two half circles."""
    is_bare: bool = False
    """Whether there is no line around it."""

    @property
    def left(self) -> float:
        """The left end of a wide one."""
        return round(self.x - self.half - self.radius, 2)

    @property
    def top(self) -> float:
        """Its upper end."""
        return round(self.y - self.radius, 2)

    @property
    def width(self) -> float:
        """From left to right."""
        return round(2 * (self.half + self.radius), 2)

    @property
    def height(self) -> float:
        """From top to bottom."""
        return round(2 * self.radius, 2)


@dataclass(frozen=True)
class Arrow:
    """A line, straight or curved, and the triangle at its end."""

    start: Point
    end: Point
    """Where the line ends, inside the triangle."""
    head: tuple[Point, Point, Point]
    """The tip first: it touches the circle."""
    id: str
    marked: bool = False
    curves: tuple[tuple[Point, Point, Point], ...] = ()
    """The cubic curves that it is made of: two points that bend each, and where it ends; empty for a straight
    line."""


@dataclass(frozen=True)
class Dot:
    """One of the dots that stand for what was left out."""

    x: float
    y: float
    radius: float


@dataclass(frozen=True)
class Label:
    """A text on one line."""

    x: float
    y: float
    """Of its baseline."""
    anchor: str
    """What of the text stands at x: `start`, `middle` or `end`."""
    size: float
    text: Math
    kind: str
    id: str
    box: Box
    """The room it takes."""
    halo: bool = False
    """Whether lines that pass behind it are held off."""


@dataclass(frozen=True)
class Picture:
    """Everything in a picture, in the order in which it is drawn."""

    width: float
    height: float
    arrows: tuple[Arrow, ...]
    captions: tuple[Label, ...]
    circles: tuple[tuple[Circle, Label], ...]
    """Each with the name that stands in it."""
    dots: tuple[Dot, ...]
    is_captioned: bool
    """Whether all captions of the edges found room."""


def framed(
    arrows: Iterable[Arrow],
    captions: Iterable[Label],
    circles: Iterable[tuple[Circle, Label]],
    dots: Iterable[Point] = (),
    *,
    is_captioned: bool,
) -> Picture:
    """A picture of these things, moved so that it begins at (0, 0)."""
    captions, circles = tuple(captions), tuple(circles)
    extents = [label.box for label in captions]
    for c, _ in circles:
        wide, r = c.half + c.radius + 1, c.radius + 1
        extents.append(Box(c.x - wide, c.y - r, c.x + wide, c.y + r))
    arrows = tuple(arrows)
    for arrow in arrows:
        extents += [Box(x, y, x, y) for x, y in (*arrow.head, *(end for *_, end in arrow.curves))]
    left, top = min(box.left for box in extents) - MARGIN, min(box.top for box in extents) - MARGIN
    right, bottom = max(box.right for box in extents) + MARGIN, max(box.bottom for box in extents) + MARGIN

    def moved(point: Point) -> Point:
        return round(point[0] - left, 2), round(point[1] - top, 2)

    def settled(label: Label) -> Label:
        (x, y), box = moved((label.x, label.y)), label.box
        corners = (*moved((box.left, box.top)), *moved((box.right, box.bottom)))
        return replace(label, x=x, y=y, box=Box(*corners))

    def drawn(circle: Circle) -> Circle:
        x, y = moved((circle.x, circle.y))
        return replace(circle, x=x, y=y, radius=round(circle.radius, 2), half=round(circle.half, 2))

    def shifted(arrow: Arrow) -> Arrow:
        tip, one, other = map(moved, arrow.head)
        curves = tuple((moved(a), moved(b), moved(c)) for a, b, c in arrow.curves)
        return replace(
            arrow, start=moved(arrow.start), end=moved(arrow.end), head=(tip, one, other), curves=curves
        )

    return Picture(
        round(right - left, 2),
        round(bottom - top, 2),
        tuple(map(shifted, arrows)),
        tuple(map(settled, captions)),
        tuple((drawn(circle), settled(name)) for circle, name in circles),
        tuple(Dot(*moved(point), DOT) for point in dots),
        is_captioned,
    )
