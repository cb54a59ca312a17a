"""Where the labels of a plot stand: beside what they name, over nothing else."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from chalkgrad.render.picture import Box, Point
from chalkgrad.render.placing import OVERLAP, lengths_inside, meet, settled

Array = NDArray[np.float64]

STOPS = 28
"""In how many places along a line its label may stand."""
GAP = 2.5
"""Between a label and what it names."""
CROSSED = 120.0
"""What it costs, a point, to have a line behind a label."""
FAINT = 1.5
"""The same for a line that is only drawn to guide the eye."""
APART, CONFUSED = 14.0, 3.0
"""How far other lines should be from where a line is named, in points, and what each point less costs."""
ASTRIDE = 12.0
"""What it costs to stand on the border of the frame."""
STRAY = 0.05
"""What it costs, a point, to stand far from the best place."""
_DIRECTIONS = ((0, -1), (1, -1), (-1, -1), (0, 1), (1, 1), (-1, 1), (1, 0), (-1, 0))
"""Above, to the right above, …"""


@dataclass
class Labelling:
    """What is drawn already, and the labels that look for a place."""

    room: Box
    """What labels may not leave."""
    frame: Box
    """Whose border they should not cross."""
    lines: list[tuple[Point, Point]] = field(default_factory=list)
    """What should not pass behind a label."""
    faint: list[tuple[Point, Point]] = field(default_factory=list)
    """What may, at need."""
    taken: list[Box] = field(default_factory=list)
    """What must stay free."""

    def place(self, wishes: Sequence[list[tuple[Box, float]]], dearest: float = OVERLAP) -> tuple[list[Box], bool]:
        """A box for each label, from the boxes that it would like with what each costs; and whether all of them
        together cost less than what is dear."""
        most = max(map(len, wishes), default=0)
        if not most:
            return [], not wishes
        boxes = np.zeros((len(wishes), most, 4))
        own = np.full((len(wishes), most), 1e9)
        for i, wish in enumerate(wishes):
            for k, (box, cost) in enumerate(wish):
                boxes[i, k] = box.left, box.top, box.right, box.bottom
                own[i, k] = cost
        flat = boxes.reshape(-1, 4)
        own += self._costs(flat).reshape(own.shape)
        total, found = settled(boxes, own)
        return [Box(*map(float, box)) for box in found], total < dearest

    def _costs(self, boxes: Array) -> Array:
        """What each box costs by itself."""
        grown = boxes + np.array([-1.0, -1.0, 1.0, 1.0])
        costs = np.zeros(len(boxes))
        for lines, price in ((self.lines, CROSSED), (self.faint, FAINT)):
            if lines:
                costs += price * lengths_inside(grown, np.array([[*a, *b] for a, b in lines])).sum(axis=1)
        if self.taken:
            taken = np.array([[b.left, b.top, b.right, b.bottom] for b in self.taken])
            costs += OVERLAP * meet(boxes, taken, 1.0).sum(axis=1)
        r = self.room
        out = (boxes[:, 0] < r.left) | (boxes[:, 1] < r.top) | (boxes[:, 2] > r.right) | (boxes[:, 3] > r.bottom)
        f = self.frame
        astride = ((boxes[:, 0] < f.right) & (boxes[:, 2] > f.right)) | (
            (boxes[:, 1] < f.top) & (boxes[:, 3] > f.top)
        )
        return np.asarray(costs + OVERLAP * out + ASTRIDE * astride)

    def along(self, parts: Sequence[Sequence[Point]], width: float, height: float) -> list[tuple[Box, float]]:
        """Boxes beside a line; best near its right end, and where no other line is near."""
        own = {stretch for part in parts for stretch in itertools.pairwise(part)}
        others = np.array([[*a, *b] for a, b in self.lines if (a, b) not in own]).reshape(-1, 4)
        out = []
        for share, point in stops(parts):
            near = max(APART - _distance(point, others), 0.0)
            out += [(box, 8 * (1 - share) + CONFUSED * near + cost) for box, cost in around(point, width, height)]
        return out

    def within(self, corners: Sequence[Point], width: float, height: float) -> list[tuple[Box, float]]:
        """Boxes inside a polygon; best in its middle."""
        if not corners:
            return []
        xs, ys = zip(*corners, strict=True)
        middle = (sum(xs) / len(xs), sum(ys) / len(ys))
        out = []
        for i in range(1, 12):
            for k in range(1, 12):
                x = min(xs) + (max(xs) - min(xs)) * i / 12
                y = min(ys) + (max(ys) - min(ys)) * k / 12
                box = Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
                outside = sum(not is_within(corner, corners) for corner in _corners(box))
                out.append((box, outside * OVERLAP + STRAY * math.dist((x, y), middle)))
        return out


def around(point: Point, width: float, height: float, room: float = GAP) -> list[tuple[Box, float]]:
    """Boxes around a point, the best first."""
    out = []
    for rank, (right, down) in enumerate(_DIRECTIONS):
        lean = room * (0.7 if right and down else 1.0)
        x = point[0] + right * (width / 2 + lean)
        y = point[1] + down * (height / 2 + lean)
        out.append((Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2), 0.3 * rank))
    return out


def on(line: Sequence[Point], width: float, height: float, frame: Box) -> list[tuple[Box, float]]:
    """Boxes in the frame with a line through their middle; best in the middle of the line."""
    out = []
    for share, (x, y) in stops([line]):
        box = Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
        inside = frame.left + 3 < box.left and box.right < frame.right and frame.top < box.top
        if inside and box.bottom < frame.bottom - 3:
            out.append((box, 3 * abs(share - 0.5)))
    return out


def stops(parts: Sequence[Sequence[Point]]) -> Iterator[tuple[float, Point]]:
    """Points along a line at equal distances, each with the share of the line that lies before it."""
    stretches = [(a, b) for part in parts for a, b in itertools.pairwise(part)]
    total = sum(math.dist(a, b) for a, b in stretches)
    if not total:
        return
    done, number = 0.0, 0
    for a, b in stretches:
        length = math.dist(a, b)
        while number < STOPS and length and (number + 0.5) / STOPS * total <= done + length:
            share = ((number + 0.5) / STOPS * total - done) / length
            yield (number + 0.5) / STOPS, (a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]))
            number += 1
        done += length


def _distance(point: Point, stretches: Array) -> float:
    """From a point to the nearest of some stretches."""
    if not len(stretches):
        return math.inf
    start, move = stretches[:, :2], stretches[:, 2:] - stretches[:, :2]
    square = np.maximum((move**2).sum(axis=1), 1e-12)
    share = np.clip(((np.array(point) - start) * move).sum(axis=1) / square, 0, 1)
    return float(np.hypot(*(start + share[:, None] * move - point).T).min())


def is_within(point: Point, corners: Sequence[Point]) -> bool:
    """Whether a point lies in a polygon."""
    x, y = point
    odd = False
    for (u, v), (p, q) in zip(corners, [*corners[1:], corners[0]], strict=True):
        if (v > y) != (q > y) and x < u + (y - v) / (q - v) * (p - u):
            odd = not odd
    return odd


def _corners(box: Box) -> tuple[Point, ...]:
    return ((box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom))
