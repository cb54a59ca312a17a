"""Where captions stand on the arrows between two columns: none over another, few across a foreign arrow.

The captions of all arrows into one unit stand under each other; the columns of captions stand side by side, or,
where there is room, all in one.  From there a caption may move along its arrow, where that makes things better.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from chalkgrad.render.picture import Box, Point

STOPS = 15
"""In how many places along its arrow a caption may stand."""
SWEEPS = 4
GAP = 1.5
"""The room between two captions, in points."""
OVERLAP, STRAY = 1000.0, 0.12
"""What it costs to touch another caption, and, a point, to leave the column; a point of a foreign arrow behind a
caption costs 1."""


@dataclass(frozen=True)
class Captioned:
    """An arrow that wants a caption."""

    start: Point
    end: Point
    width: float
    height: float
    rank: int
    """Which unit of the next column it leads into, from 0."""

    @cached_property
    def slope(self) -> float:
        """How fast it falls."""
        return (self.end[1] - self.start[1]) / (self.end[0] - self.start[0])

    def box(self, x: float) -> Box:
        """The caption's place when its middle is at x."""
        y = self.start[1] + self.slope * (x - self.start[0])
        return Box(x - self.width / 2, y - self.height / 2, x + self.width / 2, y + self.height / 2)


def place(
    wanted: Sequence[Captioned],
    arrows: Sequence[tuple[Point, Point]],
    taken: Sequence[Box],
    between: tuple[float, float],
) -> list[Box] | None:
    """A box for each caption, in the same order; None where they do not fit.

    `arrows` are all arrows of the gap, `taken` what must stay free, `between` the gap's left and right end.
    """
    searches = (_Search(wanted, arrows, taken, between, columns) for columns in _columns(wanted, arrows, between))
    found = [(search.cost, number, search.boxes) for number, search in enumerate(searches) if search.improve()]
    return min(found)[2] if found else None


def _columns(
    wanted: Sequence[Captioned], arrows: Sequence[tuple[Point, Point]], between: tuple[float, float]
) -> Iterator[list[float]]:
    """Arrangements to begin with: for each caption the x at which it would like to stand."""
    left, right = between
    ranks = 1 + max(caption.rank for caption in wanted)
    # n units: at 1/(n + 1) of the way, the captions of equally spaced units stand equally spaced
    centres = left + (right - left) / (ranks + 1)
    yield [centres] * len(wanted)
    if ranks > 1:
        yield [(left + right) / 2] * len(wanted)
        widest = max(caption.width for caption in wanted)
        first, room = left + widest / 2, right - left - widest
        for backwards in (False, True):
            places = [ranks - 1 - c.rank if backwards else c.rank for c in wanted]
            yield [first + room * place / (ranks - 1) for place in places]


class _Search:
    """Captions moving along their arrows, one at a time, always to where it costs least."""

    def __init__(
        self,
        wanted: Sequence[Captioned],
        arrows: Sequence[tuple[Point, Point]],
        taken: Sequence[Box],
        between: tuple[float, float],
        columns: list[float],
    ) -> None:
        self.wanted, self.arrows, self.taken = wanted, arrows, taken
        self.columns = columns
        self.stops = [self._stops(caption, between, x) for caption, x in zip(wanted, columns, strict=True)]
        self.boxes: list[Box] = []
        self.cost = 0.0

    def _stops(self, caption: Captioned, between: tuple[float, float], wish: float) -> list[tuple[float, Box]]:
        """Where a caption may stand, each place with what it costs by itself."""
        low, high = between[0] + caption.width / 2, between[1] - caption.width / 2
        if low > high:
            return []
        wish = min(max(wish, low), high)
        stops = [wish, *(low + (high - low) * stop / (STOPS - 1) for stop in range(STOPS))]
        boxes = [(x, caption.box(x)) for x in stops]
        own = (caption.start, caption.end)
        return [
            (
                STRAY * abs(x - wish) + sum(box.length_inside(*arrow) for arrow in self.arrows if arrow != own),
                box,
            )
            for x, box in boxes
            if not any(box.meets(other, GAP) for other in self.taken)
        ]

    def improve(self) -> bool:
        """Search; says whether all captions found a place of their own."""
        if not all(self.stops):
            return False
        self.boxes = [stops[0][1] for stops in self.stops]
        for _ in range(SWEEPS):
            before = list(self.boxes)
            self.cost = sum(self._settle(number) for number in range(len(self.boxes)))
            if self.boxes == before:
                break
        return self.cost < OVERLAP

    def _settle(self, number: int) -> float:
        """Put one caption where it costs least."""
        others = [box for i, box in enumerate(self.boxes) if i != number]

        def cost(stop: tuple[float, Box]) -> float:
            return stop[0] + OVERLAP * sum(stop[1].meets(other, GAP) for other in others)

        best = min(self.stops[number], key=cost)
        self.boxes[number] = best[1]
        return cost(best)
