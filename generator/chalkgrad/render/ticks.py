"""Round numbers for axes and contour lines, and how far axes reach."""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from chalkgrad.document.plot import Text
from chalkgrad.evaluation.rounding import Shown
from chalkgrad.markup.nodes import Raised, Row, Sign, Word

LARGEST = 1e150
"""A larger number counts as infinite: its square must stay finite."""
_MANTISSAS = (1, 2, 5, 10)
FEWEST = 3
"""An axis has so many round numbers, where it can."""
SMALLEST_PLAIN, LARGEST_PLAIN = -4, 5
"""Numbers with more digits on either side of the mark are written with a power of ten."""


class Range(NamedTuple):
    """From where to where an axis reaches."""

    low: float
    high: float

    @property
    def length(self) -> float:
        """Never 0."""
        return self.high - self.low


class Tick(NamedTuple):
    """A round number at an axis."""

    value: float
    text: Text | Shown


def reach(
    data: Iterable[float], low: float | None, high: float | None, *, air: float = 0.06, least: float = 0.0
) -> Range:
    """The range of an axis: what is given, else what the data need, with a share of air and a least length.

    >>> reach([0, 1], 0, None)
    Range(low=0, high=1.06)
    """
    finite = [x for x in data if abs(x) < LARGEST]
    bottom = min(finite, default=0.0) if low is None else low
    top = max(finite, default=1.0) if high is None else high
    if not (abs(bottom) < LARGEST and abs(top) < LARGEST) or bottom > top or low == high is not None:
        low = high = None
        bottom, top = 0.0, 1.0
    size = max(abs(bottom), abs(top))
    room = max(air * (top - bottom), (least - (top - bottom)) / 2)
    if top - bottom <= 1e-9 * size:
        room = max(room, 0.5 * size)
    room = room or 0.5
    return Range(bottom - room if low is None else low, top + room if high is None else high)


def step(length: float, most: int, *, is_whole: bool = False) -> Fraction:
    """The smallest of 1, 2, 5, 10, 20, … (or 0.1, 0.2, …) that divides a length into at most so many parts.

    >>> step(7.3, 4), step(0.9, 5)
    (Fraction(2, 1), Fraction(1, 5))
    """
    exponent = math.floor(math.log10(length / most))
    unit = Fraction(10) ** exponent
    found = next((m * unit for m in _MANTISSAS if length / float(m * unit) <= most), 20 * unit)
    return max(found, Fraction(1)) if is_whole else found


def ticks(span: Range, most: int, *, is_whole: bool = False) -> list[Tick]:
    """Round numbers inside a range, at most about so many."""
    found: list[Tick] = []
    for parts in range(most, most + 3):  # a short axis may hold a few more numbers, rather than only one or two
        distance = step(span.length, parts, is_whole=is_whole)
        air = 1e-9 * span.length
        first = math.ceil((span.low - air) / float(distance))
        last = math.floor((span.high + air) / float(distance))
        found = [Tick(float(n * distance), shown(n * distance)) for n in range(first, last + 1)]
        if len(found) >= FEWEST:
            break
    return found


def powers(span: Range, most: int) -> list[Tick]:
    """Powers of ten on a logarithmic axis, whose range is one of exponents; round numbers where it spans few."""
    exponents = ticks(span, most, is_whole=True)
    if len(exponents) >= 2:
        return [Tick(e.value, _power(int(e.value))) for e in exponents]
    decade = Fraction(10) ** math.floor(span.low)
    numbers = [m * decade * scale for scale in (1, 10) for m in (1, 2, 5)]
    found = [(math.log10(n), n) for n in numbers]
    return [Tick(at, shown(n)) for at, n in found if span.low <= at <= span.high]


def _power(exponent: int) -> Text | Shown:
    """A power of ten, as a plain number where it is short."""
    if -3 <= exponent <= 3:
        return shown(Fraction(10) ** exponent)
    sign = (Sign("−"),) if exponent < 0 else ()
    return (Raised(Word("10"), Row((*sign, Word(str(abs(exponent)))))),)


def shown(number: Fraction) -> Shown:
    """A round number as it is printed.

    >>> shown(Fraction(-1, 4)).text, shown(Fraction(20_000_000)).text, shown(Fraction(1, 100_000)).text
    ('-0.25', '2e7', '1e-5')
    """
    if number == 0:
        return Shown("0", True)
    sign = "-" if number < 0 else ""
    digits, exponent = abs(number), 0
    while digits.denominator != 1:
        digits, exponent = digits * 10, exponent - 1
    whole = digits.numerator
    while whole % 10 == 0:
        whole, exponent = whole // 10, exponent + 1
    text = str(whole)
    leading = exponent + len(text) - 1
    if not SMALLEST_PLAIN < leading < LARGEST_PLAIN:
        mantissa = f"{text[0]}.{text[1:]}" if len(text) > 1 else text
        return Shown(f"{sign}{mantissa}e{leading}", True)
    if exponent >= 0:
        return Shown(sign + text + "0" * exponent, True)
    text = text.rjust(1 - exponent, "0")
    return Shown(f"{sign}{text[:exponent]}.{text[exponent:]}", True)
