"""How much room texts in plots take."""

from __future__ import annotations

from dataclasses import dataclass

from chalkgrad.document.plot import Text
from chalkgrad.evaluation.rounding import Shown
from chalkgrad.markup.measure import Measure
from chalkgrad.render.numbers import width_of
from chalkgrad.render.picture import Box
from chalkgrad.render.plotted import Lettering

DIGIT, LETTER = 0.54, 0.5
"""How wide a digit is, and a letter of a word on the average, in units of the letter size."""
RISE, DEPTH = 0.78, 0.24
"""How far a text reaches above its baseline, and below."""
INDEX_DEPTH = 0.36
"""The same below a text with indices."""


@dataclass(frozen=True)
class Letters:
    """Sets texts in the room they need."""

    measure: Measure

    def width(self, text: Text | Shown, size: float) -> float:
        """Of a text on one line."""
        if isinstance(text, Shown):
            return DIGIT * size * width_of(text.text, "")
        return sum(
            LETTER * size * len(span)
            if isinstance(span, str)
            else DIGIT * size * self.measure.width(self.measure.show(span))
            for span in text
        )

    def box(self, text: Text | Shown, size: float, x: float, y: float, anchor: str) -> Box:
        """The room of a text on a baseline."""
        width = self.width(text, size)
        left = x - {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor] * width
        return Box(left, y - RISE * size, left + width, y + self.depth(text) * size)

    @staticmethod
    def depth(text: Text | Shown) -> float:
        """How far a text reaches below its baseline, in units of its size."""
        if isinstance(text, Shown):
            return 0.02
        return DEPTH if all(isinstance(span, str) for span in text) else INDEX_DEPTH

    def height(self, text: Text | Shown, size: float) -> float:
        """Of a text on one line."""
        return (RISE + self.depth(text)) * size

    def at(
        self,
        text: Text | Shown,
        size: float,
        x: float,
        y: float,
        anchor: str,
        colour: str = "ink",
        *,
        halo: bool = False,
    ) -> Lettering:
        """A text on a baseline."""
        return Lettering(x, y, anchor, size, text, colour, self.box(text, size, x, y, anchor), halo)

    def inside(self, text: Text | Shown, size: float, box: Box, colour: str, *, halo: bool = False) -> Lettering:
        """A text in the middle of a box."""
        middle = (box.left + box.right) / 2
        baseline = (box.top + box.bottom) / 2 + (RISE - self.depth(text)) / 2 * size
        return self.at(text, size, middle, baseline, "middle", colour, halo=halo)
