"""A plot with coordinates, in points; y grows downwards.  Templates write it down; nothing is computed there."""

from __future__ import annotations

from dataclasses import dataclass

from chalkgrad.document.plot import Text
from chalkgrad.evaluation.rounding import Shown
from chalkgrad.render.picture import Box, Point


@dataclass(frozen=True)
class Shade:
    """A shaded polygon."""

    corners: tuple[Point, ...]
    colour: str


@dataclass(frozen=True)
class Trace:
    """A line through points."""

    points: tuple[Point, ...]
    colour: str
    dash: str = "solid"
    width: str = "usual"
    """`hair`, `thin`, `usual` or `thick`."""
    id: str = ""


@dataclass(frozen=True)
class Mark:
    """A closed figure at a point, filled with its colour or with that of the paper."""

    corners: tuple[Point, ...]
    colour: str
    is_open: bool = False
    id: str = ""


@dataclass(frozen=True)
class Disc:
    """A round mark."""

    x: float
    y: float
    radius: float
    colour: str
    is_open: bool = False
    id: str = ""


@dataclass(frozen=True)
class Lettering:
    """A text on one line."""

    x: float
    y: float
    """Of its baseline."""
    anchor: str
    """What of the text stands at x: `start`, `middle` or `end`."""
    size: float
    text: Text | Shown
    """Words and mathematics, or a number."""
    colour: str
    box: Box
    """The room it takes."""
    halo: bool = False
    """Whether lines that pass behind it are held off."""


@dataclass(frozen=True)
class Plotted:
    """Everything in a plot, in the order in which it is drawn."""

    width: float
    height: float
    shades: tuple[Shade, ...]
    traces: tuple[Trace, ...]
    marks: tuple[Mark, ...]
    discs: tuple[Disc, ...]
    letterings: tuple[Lettering, ...]
