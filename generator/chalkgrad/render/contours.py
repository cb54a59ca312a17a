"""Lines of equal height, at round heights."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from chalkgrad.document.plot import Contours
from chalkgrad.evaluation.rounding import Shown
from chalkgrad.render.axes import Axes
from chalkgrad.render.clipping import simplified
from chalkgrad.render.picture import Point
from chalkgrad.render.ticks import LARGEST, shown, step

GRID = 97
"""How many points there are on either side of the grid."""
LEVELS = 12
"""About how many lines are drawn, where nobody says how many."""
COARSE = 0.1
"""How far, in points, a line may be off the one that was found."""

LOPSIDED = 6.0
"""Where the greatest height is so many times the median, equally distant ones would leave the plane empty."""
_SEEN = (0.03, 0.5, 1.0)
"""Which shares of all heights lie below the lowest line, for next to a zero there are all powers of ten; below the
median; and below the highest."""

Array = NDArray[np.float64]


def contours(part: Contours, axes: Axes) -> Iterator[tuple[Shown, list[list[Point]]]]:
    """The lines of each height, on the page."""
    from contourpy import LineType, contour_generator  # noqa: PLC0415 (a tenth of a second; few pages need it)

    across, up = (np.linspace(span.low, span.high, GRID) for span in axes.spans)
    xs, ys = np.meshgrid(
        *(
            10**line if axis.is_logarithmic else line
            for line, axis in ((across, axes.plot.across), (up, axes.plot.up))
        )
    )
    heights = part.field.heights(axes.values, xs, ys)
    known = np.ma.masked_where(~(abs(heights) < LARGEST), heights)
    if not known.count():
        return
    found = contour_generator(across, up, known, name="serial", line_type=LineType.Separate)
    levels = [Fraction(str(level)) for level in part.levels] or _chosen(part, known.compressed())
    for level in levels:
        lines = [_line(line, axes) for line in found.lines(float(level)) if isinstance(line, np.ndarray)]
        if lines := [line for line in lines if len(line) > 1 and (len(line) > 2 or line[0] != line[1])]:
            yield shown(level), lines


def _chosen(part: Contours, heights: Array) -> list[Fraction]:
    """Round heights for a field of which these are known."""
    low, middle, high = map(float, np.quantile(heights, _SEEN))
    by_powers = part.is_logarithmic
    if by_powers is None:
        by_powers = low > 0 and high > LOPSIDED * middle
    return chosen(low, high, is_logarithmic=by_powers)


def _line(line: Array, axes: Axes) -> list[Point]:
    return simplified([(axes.across(x), axes.up(y)) for x, y in line.tolist()], COARSE)


def chosen(low: float, high: float, *, is_logarithmic: bool, count: int = LEVELS) -> list[Fraction]:
    """Round heights between two numbers.

    >>> [str(level) for level in chosen(0.1, 0.9, is_logarithmic=False, count=4)]
    ['1/5', '2/5', '3/5', '4/5']
    """
    if is_logarithmic and high > 0:
        return _powers(max(low, high * 1e-12), high, count)
    if high <= low:
        return []
    distance = step(high - low, count)
    first, last = math.ceil(low / float(distance)), math.floor(high / float(distance))
    return [n * distance for n in range(first, last + 1) if low < float(n * distance) < high]


def _powers(low: float, high: float, count: int) -> list[Fraction]:
    """1, 2, 5, 10, … where there are few of them; else powers of ten, or every second one, …"""
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for mantissas in ((1, 2, 3, 4, 5, 6, 7, 8, 9), (1, 2, 3, 5, 7), (1, 2, 5), (1, 3), (1,)):
        levels = [m * Fraction(10) ** e for e in decades for m in mantissas]
        inside = [level for level in levels if low < float(level) < high]
        if len(inside) <= count:
            return inside
    return _thinned(inside, count)


def _thinned(levels: Sequence[Fraction], count: int) -> list[Fraction]:
    return list(levels[:: math.ceil(len(levels) / count)])
