"""The figures of marks and the heads of arrows."""

from __future__ import annotations

import math
from collections.abc import Mapping

from chalkgrad.document.plot import Points
from chalkgrad.render.picture import Point
from chalkgrad.render.plotted import Disc, Mark

RADIUS = 2.6
"""Half the width of a mark, in points."""
DOT = 1.5
"""The radius of a small one."""
HEADS = {"thin": (4.5, 3.2), "usual": (5.5, 4.0), "thick": (7.0, 5.4)}
"""Length and width of the head of an arrow, by the width of its line."""

_SLIM = 0.3
_CROSS = tuple(
    (c * x - c * y, c * x + c * y)
    for c in (math.sqrt(0.5),)
    for x, y in (
        (_SLIM, _SLIM),
        (_SLIM, 1.25),
        (-_SLIM, 1.25),
        (-_SLIM, _SLIM),
        (-1.25, _SLIM),
        (-1.25, -_SLIM),
        (-_SLIM, -_SLIM),
        (-_SLIM, -1.25),
        (_SLIM, -1.25),
        (_SLIM, -_SLIM),
        (1.25, -_SLIM),
        (1.25, _SLIM),
    )
)
_SQUARE = ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9))
_FIGURES: Mapping[str, tuple[Point, ...]] = {
    "square": _SQUARE,
    "box": _SQUARE,
    "triangle": ((0.0, -1.2), (1.1, 0.8), (-1.1, 0.8)),
    "cross": _CROSS,
}
"""Corners around (0, 0), in units of the radius."""


def mark(part: Points, x: float, y: float) -> Mark | Disc:
    """One of some marks, on the page."""
    colour = part.pen.colour
    if part.shape in ("disc", "ring", "dot"):
        return Disc(x, y, DOT if part.shape == "dot" else RADIUS, colour, part.shape == "ring", part.id)
    corners = tuple((x + RADIUS * dx, y + RADIUS * dy) for dx, dy in _FIGURES[part.shape])
    return Mark(corners, colour, part.shape == "box", part.id)


def tip(start: Point, end: Point, width: str) -> tuple[Point, tuple[Point, ...]]:
    """Where the line of an arrow ends, inside its head; and the head."""
    length = math.dist(start, end)
    dx, dy = (end[0] - start[0]) / length, (end[1] - start[1]) / length
    long, wide = HEADS[width]
    x, y = end[0] - long * dx, end[1] - long * dy
    half = wide / 2
    head = (end, (x - half * dy, y + half * dx), (x + half * dy, y - half * dx))
    return (end[0] - 0.8 * long * dx, end[1] - 0.8 * long * dy), head
