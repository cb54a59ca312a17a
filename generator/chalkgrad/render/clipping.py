"""Lines and polygons cut off at the frame of a plot, and lines made of no more points than can be told apart."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from chalkgrad.render.picture import Box, Point

Array = NDArray[np.float64]

FAR = 1e4
"""How far beyond the frame, in its own sizes, a point is still told from one at infinity."""


def clipped(points: Iterable[Point], frame: Box) -> Iterator[list[Point]]:
    """The parts of a line that lie in the frame; a point that is no number interrupts it.

    >>> list(clipped([(-1, 1), (3, 1)], Box(0, 0, 2, 2)))
    [[(0.0, 1.0), (2.0, 1.0)]]
    """
    part: list[Point] = []
    before: Point | None = None
    for point in points:
        here = None if math.isnan(point[0]) or math.isnan(point[1]) else _near(point, frame)
        kept = inside(before, here, frame) if before is not None and here is not None else None
        if kept is None or not part or part[-1] != kept[0]:
            if len(part) > 1:
                yield part
            part = []
        if kept is not None:
            part = [*part, kept[1]] if part else list(kept)
        before = here
    if len(part) > 1:
        yield part


def inside(start: Point, end: Point, frame: Box) -> tuple[Point, Point] | None:
    """What of a stretch lies in the frame (Liang and Barsky 1984); None where nothing does."""
    (x, y), (u, v) = start, end
    enter, leave = 0.0, 1.0
    for move, room in (
        (x - u, x - frame.left),
        (u - x, frame.right - x),
        (y - v, y - frame.top),
        (v - y, frame.bottom - y),
    ):
        if move == 0:
            if room < 0:
                return None
        elif move < 0:
            enter = max(enter, room / move)
        else:
            leave = min(leave, room / move)
    if enter > leave:
        return None

    def at(share: float) -> Point:
        if share in (0.0, 1.0):  # without rounding
            return end if share else start
        return _held((x + share * (u - x), y + share * (v - y)), frame)

    return at(enter), at(leave)


def _held(point: Point, frame: Box) -> Point:
    """A point on the frame, in spite of rounding."""
    return min(max(point[0], frame.left), frame.right), min(max(point[1], frame.top), frame.bottom)


def _near(point: Point, frame: Box) -> Point:
    """The point, or one in the same direction that is not as far away as infinity."""
    reach = FAR * max(frame.right - frame.left, frame.bottom - frame.top)
    return (
        min(max(point[0], frame.left - reach), frame.right + reach),
        min(max(point[1], frame.top - reach), frame.bottom + reach),
    )


def clipped_polygon(corners: Sequence[Point], frame: Box) -> list[Point]:
    """The part of a polygon in the frame (Sutherland and Hodgman 1974); empty where there is none."""
    out = [_near(corner, frame) for corner in corners]
    for a, b, c in ((1, 0, -frame.left), (-1, 0, frame.right), (0, 1, -frame.top), (0, -1, frame.bottom)):
        out = halved(out, a, b, c)
    return [_held(corner, frame) for corner in out]


def halved(corners: Sequence[Point], a: float, b: float, c: float) -> list[Point]:
    """The part of a polygon where a·x + b·y + c ≥ 0."""
    out: list[Point] = []
    for i, corner in enumerate(corners):
        before = corners[i - 1]
        here, there = a * corner[0] + b * corner[1] + c, a * before[0] + b * before[1] + c
        if (here < 0) != (there < 0):
            share = there / (there - here)
            out.append((before[0] + share * (corner[0] - before[0]), before[1] + share * (corner[1] - before[1])))
        if here >= 0:
            out.append(corner)
    return out


def crossing(a: float, b: float, c: float, frame: Box) -> tuple[Point, Point] | None:
    """Where the line a·x + b·y + c = 0 enters and leaves a frame; None where it does neither."""
    size = math.hypot(a, b)
    if not 0 < size < math.inf or not math.isfinite(c):
        return None
    middle = ((frame.left + frame.right) / 2, (frame.top + frame.bottom) / 2)
    off = (a / size) * middle[0] + (b / size) * middle[1] + c / size
    foot = (middle[0] - off * a / size, middle[1] - off * b / size)
    reach = math.hypot(frame.right - frame.left, frame.bottom - frame.top)
    if abs(off) > reach:
        return None
    along = (-b / size * reach, a / size * reach)
    return inside((foot[0] - along[0], foot[1] - along[1]), (foot[0] + along[0], foot[1] + along[1]), frame)


def simplified(points: Sequence[Point], room: float) -> list[Point]:
    """A line of fewer points, nowhere further than `room` from the old one (Douglas and Peucker 1973)."""
    places = np.array(points)
    keep = np.zeros(len(points), dtype=bool)
    keep[[0, -1]] = True
    spans = [(0, len(points) - 1)]
    while spans:
        first, last = spans.pop()
        if last - first < 2:
            continue
        off = _distances(places[first + 1 : last], places[first], places[last])
        farthest = int(off.argmax())
        if off[farthest] > room:
            place = first + 1 + farthest
            keep[place] = True
            spans += [(first, place), (place, last)]
    return [points[i] for i in np.flatnonzero(keep).tolist()]


def _distances(points: Array, start: Array, end: Array) -> Array:
    """From points to a stretch."""
    x, y = (points - start).T
    dx, dy = end - start
    share = np.clip((x * dx + y * dy) / ((dx * dx + dy * dy) or 1.0), 0.0, 1.0)
    return np.asarray(np.hypot(x - share * dx, y - share * dy))
