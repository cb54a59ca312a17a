"""A picture: circles, lines and texts with coordinates, in points; y grows downwards.

Templates write these as TikZ or as SVG; nothing is computed there.
"""

from __future__ import annotations

from dataclasses import dataclass

from chalkgrad.markup.nodes import Math

Point = tuple[float, float]


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
    """A unit."""

    x: float
    y: float
    radius: float
    ids: str
    """The quantities that it stands for, separated by spaces."""
    marked: bool


@dataclass(frozen=True)
class Arrow:
    """A line and the triangle at its end."""

    start: Point
    end: Point
    """Where the line ends, inside the triangle."""
    head: tuple[Point, Point, Point]
    """The tip first: it touches the circle."""
    id: str
    marked: bool


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
