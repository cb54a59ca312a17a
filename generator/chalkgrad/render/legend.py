"""The legend under the axes of a plot: a sample of each line or mark, and its name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from chalkgrad.document.plot import Curve, Points, Straight
from chalkgrad.render.marks import RADIUS, mark
from chalkgrad.render.plot_letters import RISE, Letters
from chalkgrad.render.plotted import Disc, Lettering, Mark, Trace

SIZE, ROW = 8.0, 12.5
"""The size of its letters, and how high a row is."""
SAMPLE, BETWEEN, APART = 20.0, 5.0, 16.0
"""How long the sample of a line is, the room before its name, and that before the next sample."""

Named = Curve | Straight | Points


@dataclass
class Legend:
    """Names of parts, in rows of a width."""

    letters: Letters
    width: float
    rows: list[list[Named]] = field(default_factory=list)

    def add(self, part: Named) -> None:
        """One more, in a new row where the last one is full."""
        if not self.rows or sum(map(self._room, [*self.rows[-1], part])) > self.width - 2 * APART:
            self.rows.append([])
        self.rows[-1].append(part)

    def _room(self, part: Named) -> float:
        sample = 2 * RADIUS if isinstance(part, Points) else SAMPLE
        return sample + BETWEEN + self.letters.width(part.label, SIZE) + APART

    @property
    def height(self) -> float:
        """Of all rows, with some room above them."""
        return len(self.rows) * ROW + 4 if self.rows else 0.0

    def samples(self, top: float, left: float) -> Iterator[Trace | Mark | Disc | Lettering]:
        """The legend, from a place on the page."""
        for number, row in enumerate(self.rows):
            x, y = left, top + 4 + ROW * (number + 0.5)
            for part in row:
                if isinstance(part, Points):
                    yield mark(part, x + RADIUS, y)
                    beside = x + 2 * RADIUS
                else:
                    pen = part.pen
                    yield Trace(((x, y), (x + SAMPLE, y)), pen.colour, pen.dash, pen.width)
                    beside = x + SAMPLE
                yield self.letters.at(part.label, SIZE, beside + BETWEEN, y + (RISE - 0.1) / 2 * SIZE, "start")
                x += self._room(part)
