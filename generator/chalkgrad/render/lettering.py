"""How much room the texts of a drawing take, and where they stand."""

from __future__ import annotations

from dataclasses import dataclass

from chalkgrad.document.drawn import Caption
from chalkgrad.markup.measure import Measure
from chalkgrad.markup.nodes import Math, Num, Word
from chalkgrad.render.picture import Box, Label

DIGIT = 0.54
"""How wide a digit is, in units of the letter size, with a little to spare for other letters than ours."""
NAME_SIZE, SIZES = 10.0, (8.0, 7.0, 6.5)
"""Letter sizes of names, and of everything around them; smaller ones could not be read."""
SPACE = 3.0
"""Between a circle and what is written beside it."""


@dataclass(frozen=True)
class Lettering:
    """Texts of one size."""

    measure: Measure
    size: float

    def width(self, text: Math) -> float:
        """From left to right."""
        return DIGIT * self.size * self.measure.width(self.measure.show(text))

    def height(self, text: Math) -> float:
        """Numbers are as high as their digits; names have indices."""
        return (0.9 if isinstance(text, Num | Word) else 1.35) * self.size

    def depth(self, text: Math) -> float:
        """How far a text reaches below its baseline."""
        return (0.1 if isinstance(text, Num | Word) else 0.35) * self.size

    def rise(self, text: Math) -> float:
        """How far it reaches above."""
        return self.height(text) - self.depth(text)

    def box(self, text: Math, x: float, y: float, anchor: str) -> Box:
        """The room that a text takes."""
        width = self.width(text)
        left = x - {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor] * width
        return Box(left, y - self.rise(text), left + width, y + self.depth(text))

    def label(self, caption: Caption, x: float, y: float, anchor: str = "middle", *, halo: bool = False) -> Label:
        """A caption; with a halo where arrows may pass behind it."""
        box = self.box(caption.text, x, y, anchor)
        return Label(x, y, anchor, self.size, caption.text, caption.kind, caption.id, box, halo)

    def name(self, text: Math, id: str, x: float, y: float) -> Label:
        """What stands in the middle of a circle."""
        y += 0.27 * self.size
        return Label(x, y, "middle", self.size, text, "name", id, self.box(text, x, y, "middle"))
