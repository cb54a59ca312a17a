"""Where captions stand on the arrows between two columns: none over another, few across a foreign arrow.

The captions of all arrows into one unit stand under each other; the columns of captions stand side by side, or,
where there is room, all in one.  From there a caption may move along its arrow, where that makes things better.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from chalkgrad.render.picture import Box, Point

STOPS = 15
"""In how many places along its arrow a caption may stand, beside the one in its column."""
SWEEPS = 6
GAP = 1.5
"""The room between two captions, in points."""
OVERLAP, STRAY = 1000.0, 0.12
"""What it costs to touch another caption, and, a point, to leave the column; a point of a foreign arrow behind a
caption costs 1."""

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Captioned:
    """An arrow that wants a caption."""

    start: Point
    end: Point
    width: float
    height: float
    rank: int
    """Which unit of the next column it leads into, from 0."""


class Gap(NamedTuple):
    """What lies between two columns."""

    arrows: Sequence[tuple[Point, Point]]
    """All of them, with captions or without."""
    taken: Sequence[Box]
    """What must stay free."""
    left: float
    right: float


def place(wanted: Sequence[Captioned], gap: Gap) -> list[Box] | None:
    """A box for each caption, in the same order; None where they do not fit."""
    widest = max(caption.width for caption in wanted)
    if widest > gap.right - gap.left:
        return None
    found = [_search(wanted, gap, np.array(columns)) for columns in _columns(wanted, gap, widest)]
    cost, boxes = min(found, key=lambda result: result[0])
    return [Box(*map(float, box)) for box in boxes] if cost < OVERLAP else None


def _columns(wanted: Sequence[Captioned], gap: Gap, widest: float) -> Iterator[list[float]]:
    """Arrangements to begin with: for each caption the x at which its middle would like to be."""
    left, right = gap.left, gap.right
    ranks = 1 + max(caption.rank for caption in wanted)
    # n units: at 1/(n + 1) of the way, the captions of equally spaced units stand equally spaced
    yield [left + (right - left) / (ranks + 1)] * len(wanted)
    if ranks > 1:
        yield [(left + right) / 2] * len(wanted)
        first, room = left + widest / 2, right - left - widest
        for backwards in (False, True):
            places = [ranks - 1 - c.rank if backwards else c.rank for c in wanted]
            yield [first + room * place / (ranks - 1) for place in places]


def _search(wanted: Sequence[Captioned], gap: Gap, wishes: Array) -> tuple[float, Array]:
    """Captions move along their arrows; the cost of the whole, and each caption's left, top, right and bottom."""
    return settled(*_stops(wanted, gap, wishes))


def settled(boxes: Array, own: Array) -> tuple[float, Array]:
    """A box for each text, out of (texts, places, 4), where the places cost (texts, places) by themselves: texts
    move one at a time, always to where it costs least.  The cost of the whole, and the boxes, (texts, 4)."""
    numbers = np.arange(len(boxes))
    chosen = np.zeros(len(boxes), dtype=np.intp)
    total = np.inf
    for _ in range(SWEEPS):
        before, total = chosen.copy(), 0.0
        for number in numbers:
            others = boxes[numbers, chosen][numbers != number]
            costs = own[number] + OVERLAP * meet(boxes[number], others, GAP).sum(axis=1)
            chosen[number] = costs.argmin()
            total += float(costs.min())
        if (chosen == before).all():
            break
    return total, boxes[numbers, chosen]


def _stops(wanted: Sequence[Captioned], gap: Gap, wishes: Array) -> tuple[Array, Array]:
    """Where each caption may stand, (captions, stops, 4), and what that costs by itself, (captions, stops)."""
    width, height = (np.array([getattr(c, side) for c in wanted]) for side in ("width", "height"))
    start, end = np.array([c.start for c in wanted]), np.array([c.end for c in wanted])
    low, high = gap.left + width / 2, gap.right - width / 2
    wish = np.clip(wishes, low, high)
    x = np.column_stack([wish, low[:, None] + (high - low)[:, None] * np.linspace(0, 1, STOPS)])
    slope = (end - start)[:, 1] / (end - start)[:, 0]
    y = start[:, 1, None] + slope[:, None] * (x - start[:, 0, None])
    dx, dy = width[:, None] / 2, height[:, None] / 2
    boxes = np.stack([x - dx, y - dy, x + dx, y + dy], axis=-1)
    flat = boxes.reshape(-1, 4)
    arrows = np.array([[*a, *b] for a, b in gap.arrows])
    own_arrow = (arrows[None, :, :] == np.hstack([start, end])[:, None, :]).all(axis=2)
    crossed = lengths_inside(flat, arrows).reshape(len(wanted), STOPS + 1, -1)
    crossed[np.broadcast_to(own_arrow[:, None, :], crossed.shape)] = 0
    cost = STRAY * abs(x - wish[:, None]) + crossed.sum(axis=2)
    if gap.taken:
        taken = np.array([[b.left, b.top, b.right, b.bottom] for b in gap.taken])
        cost += OVERLAP * meet(flat, taken, GAP).sum(axis=1).reshape(cost.shape)
    return boxes, cost


def meet(boxes: Array, others: Array, gap: float) -> NDArray[np.bool_]:
    """Which boxes come closer to which others than a gap."""
    b, o = boxes[:, None, :], others[None, :, :]
    apart_x = (b[..., 0] >= o[..., 2] + gap) | (o[..., 0] >= b[..., 2] + gap)
    apart_y = (b[..., 1] >= o[..., 3] + gap) | (o[..., 1] >= b[..., 3] + gap)
    return ~(apart_x | apart_y)


def lengths_inside(boxes: Array, lines: Array) -> Array:
    """How much of each line lies in each box (Liang and Barsky 1984)."""
    b, a = boxes[:, None, :], lines[None, :, :]
    delta = a[..., 2:] - a[..., :2]
    step = np.where(delta == 0, 1e-9, delta)
    one, other = (b[..., :2] - a[..., :2]) / step, (b[..., 2:] - a[..., :2]) / step
    enter = np.maximum(np.minimum(one, other).max(axis=-1), 0)
    leave = np.minimum(np.maximum(one, other).min(axis=-1), 1)
    inside: Array = np.maximum(leave - enter, 0) * np.hypot(delta[..., 0], delta[..., 1])
    return inside
