"""Plots: curves, points, lines and regions over two axes, without coordinates of the page.

A coordinate is a number, or the place of one that the page computes: then the plot is drawn when the numbers are
filled in, for every variant its own.

>>> Plot(
...     "cost",
...     alt="The cost falls with every update.",
...     across=Axis((Word("t"),)),
...     up=Axis((Word("J"),), low=0),
...     parts=(Curve(((0, At(J, 1, 0)), (1, At(J, 1, 1))), Pen("loc")),),
... )  # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from chalkgrad.markup.nodes import Math
from chalkgrad.quantities import At

Number: TypeAlias = int | float | Fraction | At
Spot: TypeAlias = tuple[Number, Number]
Text: TypeAlias = tuple[str | Math, ...]
"""Words and mathematics on one line."""
Values: TypeAlias = Callable[[At], float]
"""Tells the float64 of a quantity."""


class Field(Protocol):
    """A number at every point of the plane."""

    @property
    def is_fixed(self) -> bool:
        """Whether it depends on no number of the page."""

    def heights(
        self, values: Values, across: NDArray[np.float64], up: NDArray[np.float64], /
    ) -> NDArray[np.float64]:
        """The number at each point: two arrays of one shape to an array of that shape."""


@dataclass(frozen=True)
class Pen:
    """How something is drawn; dashes and widths tell it from the rest in grey, too."""

    colour: str = "ink"
    """`ink`, `muted`, or one of the page's three: `up`, `loc`, `inp`."""
    dash: str = "solid"
    """`solid`, `dashed`, `dotted` or `dashdotted`."""
    width: str = "usual"
    """`thin`, `usual` or `thick`."""


PENS = (Pen("loc"), Pen("up", "dashed"), Pen("inp", "dotted"), Pen("ink", "dashdotted"))
"""Pens for things that stand side by side."""


@dataclass(frozen=True)
class Axis:
    """One of the two axes."""

    label: Text
    low: Number | None = None
    high: Number | None = None
    """Where it begins and ends; None where the data say it."""
    air: float = 0.06
    """How much room there is on either side of the data, as a share of their range."""
    least: float = 0.0
    """How long it is at the least."""
    is_logarithmic: bool = False
    is_whole: bool = False
    """Whether only whole numbers stand at it, because it counts something."""


@dataclass(frozen=True)
class Curve:
    """A line through points; one that is no number interrupts it."""

    points: tuple[Spot, ...]
    pen: Pen = Pen()
    label: Text = ()
    """Stands beside the curve, or in a legend where it finds no room."""
    id: str = ""
    """The id of the quantity that it shows."""
    is_left_out: bool = False
    """Whether the reader is to draw it: then its numbers only say how far the axes reach."""


@dataclass(frozen=True)
class Points:
    """Marks."""

    spots: tuple[Spot, ...]
    shape: str = "disc"
    """`disc`, `ring`, `square`, `box` (an open square), `triangle`, `cross`; `dot` is a small disc, for many."""
    pen: Pen = Pen()
    label: Text = ()
    """What the marks are, for the legend."""
    names: tuple[Text, ...] = ()
    """What stands beside each."""
    id: str = ""
    is_left_out: bool = False


@dataclass(frozen=True)
class Straight:
    """The line a·x + b·y + c = 0, from one side of the plot to another."""

    a: Number
    b: Number
    c: Number
    pen: Pen = Pen()
    label: Text = ()
    id: str = ""
    is_left_out: bool = False


@dataclass(frozen=True)
class HalfPlane:
    """Where a·x + b·y + c > 0, shaded."""

    a: Number
    b: Number
    c: Number
    colour: str = "loc"
    label: Text = ()
    """Stands in it."""
    is_left_out: bool = False


@dataclass(frozen=True)
class Region:
    """A polygon, shaded."""

    corners: tuple[Spot, ...]
    colour: str = "loc"
    label: Text = ()
    is_left_out: bool = False


@dataclass(frozen=True)
class Arrow:
    """A vector or a move."""

    start: Spot
    end: Spot
    pen: Pen = Pen()
    label: Text = ()
    """Stands at its tip."""
    id: str = ""
    is_left_out: bool = False


@dataclass(frozen=True)
class Contours:
    """Lines of equal height of a field, each with its height."""

    field: Field
    levels: tuple[float, ...] = ()
    """Round numbers are found where none are given."""
    is_logarithmic: bool | None = None
    """Whether those found are equally many in every power of ten; None where the heights are to say it."""
    pen: Pen = Pen("muted", width="thin")
    is_left_out: bool = False


Part: TypeAlias = Curve | Points | Straight | HalfPlane | Region | Arrow | Contours


@dataclass(frozen=True)
class Plot:
    """Curves, points, lines and regions over two axes."""

    name: str
    """Tells it from the page's other pictures: names its file where it has one."""
    alt: str
    """Says in a sentence what is to be seen."""
    across: Axis
    up: Axis
    parts: tuple[Part, ...]
    """Shaded parts lie under all others, whatever their place here."""
    shape: str = "wide"
    """`wide`, `low` or `square`."""
    is_true_to_scale: bool = False
    """Whether one unit is as long on both axes."""


def is_fixed(plot: Plot) -> bool:
    """Whether a plot depends on no number of the page, so that it is drawn once for all variants."""
    axes = (plot.across.low, plot.across.high, plot.up.low, plot.up.high)
    numbers = (*axes, *(number for part in plot.parts for number in numbers_of(part)))
    fields = (part.field for part in plot.parts if isinstance(part, Contours))
    return not any(isinstance(number, At) for number in numbers) and all(field.is_fixed for field in fields)


def numbers_of(part: Part) -> tuple[Number, ...]:
    """All numbers that say where a part lies."""
    if isinstance(part, Straight | HalfPlane):
        return (part.a, part.b, part.c)
    return tuple(number for spot in spots_of(part) for number in spot)


def spots_of(part: Part) -> tuple[Spot, ...]:
    """The points that a part is made of, which the axes make room for."""
    if isinstance(part, Curve):
        return part.points
    if isinstance(part, Points):
        return part.spots
    if isinstance(part, Region):
        return part.corners
    return (part.start, part.end) if isinstance(part, Arrow) else ()
