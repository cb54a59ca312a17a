"""Reads pictures back: every text of an SVG is set again, with the widths of Times, to see what it covers."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field

SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class Rect:
    left: float
    top: float
    right: float
    bottom: float

    def overlap(self, other: Rect) -> float:
        """By how much the boxes run into each other."""
        return min(
            min(self.right, other.right) - max(self.left, other.left),
            min(self.bottom, other.bottom) - max(self.top, other.top),
        )


def advance(character: str) -> float:
    """The width of a character in Times, in units of its size."""
    if character == "\u200b":
        return 0.0
    return {".": 0.25, ",": 0.25, "(": 0.333, ")": 0.333, "/": 0.278, " ": 0.25}.get(character, 0.52)


@dataclass
class Pen:
    """Sets a text element: remembers how far its glyphs reach."""

    x: float = 0.0
    y: float = 0.0
    reach: list[tuple[float, float, float, float]] = field(default_factory=list)

    def write(self, text: str, size: float) -> None:
        for character in re.sub(r"\s+", " ", text):
            width = advance(character) * size
            if character not in "\u200b ":
                self.reach.append((self.x, self.y - 0.68 * size, self.x + width, self.y + 0.02 * size))
            self.x += width

    def element(self, element: ET.Element, size: float) -> None:
        share = element.get("font-size", "100%")
        size = size * float(share[:-1]) / 100 if share.endswith("%") else float(share)
        self.x += float(element.get("dx", "0em")[:-2]) * size
        self.y += float(element.get("dy", "0em")[:-2]) * size
        self.write(element.text or "", size)
        for child in element:
            self.element(child, size)
            self.write(child.tail or "", size)


@dataclass(frozen=True)
class Text:
    kind: str
    id: str
    content: str
    box: Rect


def text_of(element: ET.Element) -> Text:
    """A text and the room it takes."""
    pen = Pen()
    pen.element(element, 0)
    x, y = float(element.get("x", "")), float(element.get("y", ""))
    shift = {"start": 0.0, "middle": -pen.x / 2, "end": -pen.x}[element.get("text-anchor", "")]
    lefts, tops, rights, bottoms = zip(*pen.reach, strict=True)
    box = Rect(x + shift + min(lefts), y + min(tops), x + shift + max(rights), y + max(bottoms))
    content = "".join(element.itertext()).replace("\u200b", "")
    return Text(element.get("class", ""), element.get("data-q", ""), content.strip(), box)


def texts_of(root: ET.Element) -> list[Text]:
    """All texts of a picture."""
    return [text_of(element) for element in root.iter(f"{SVG}text")]
