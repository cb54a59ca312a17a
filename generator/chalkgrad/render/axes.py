"""The axes of a plot: how far they reach, where they stand on the page, and the round numbers at them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from chalkgrad.document.plot import Axis, Contours, Number, Plot, Spot, Values, spots_of
from chalkgrad.quantities import At
from chalkgrad.render.picture import Box, Point
from chalkgrad.render.plot_letters import RISE, Letters
from chalkgrad.render.plotted import Lettering, Trace
from chalkgrad.render.ticks import Range, Tick, powers, reach, ticks

SHAPES = {"wide": (330.0, 205.0), "low": (330.0, 140.0), "square": (262.0, 240.0)}
"""Width and height of a plot in points, with everything that stands at its axes."""
NUMBER_SIZE, LABEL_SIZE = 7.5, 9.0
TICK, SPACE = 3.0, 3.0
"""How long the mark of a round number is, and the room beside it."""
ACROSS_EVERY, UP_EVERY = 38.0, 25.0
"""How far round numbers keep apart at the least, on either axis."""
BESIDE = 46.0
"""A label that is no wider stands at the end of its axis; a wider one under its numbers."""


@dataclass(frozen=True)
class Axes:
    """Where the numbers of a plot lie on the page."""

    plot: Plot
    values: Values
    letters: Letters
    size: tuple[float, float]
    below: float = 0.0
    """What is kept free under the axes, for a legend."""

    # ---- numbers ------------------------------------------------------------------------------------------

    def number(self, number: Number) -> float:
        """The float64 of a number; one too large for it is infinite."""
        if isinstance(number, At):
            return self.values(number)
        try:
            return float(number)
        except OverflowError:
            return math.inf if number > 0 else -math.inf

    def _scaled(self, number: Number, axis: Axis) -> float:
        """A number on its axis: of a logarithmic one the exponent."""
        value = self.number(number)
        if not axis.is_logarithmic:
            return value
        return math.log10(value) if 0 < value < math.inf else math.nan if value <= 0 else value

    @cached_property
    def spans(self) -> tuple[Range, Range]:
        """From where to where the axes reach."""
        spots = [spot for part in self.plot.parts for spot in spots_of(part)]
        across, up = (
            reach(
                [self._scaled(spot[i], axis) for spot in spots], *self._given(axis), air=axis.air, least=axis.least
            )
            for i, axis in enumerate((self.plot.across, self.plot.up))
        )
        if not self.plot.is_true_to_scale:
            return across, up
        frame = self._frame(across, up)
        unit = max(across.length / (frame.right - frame.left), up.length / (frame.bottom - frame.top))
        return _widened(across, unit * (frame.right - frame.left)), _widened(up, unit * (frame.bottom - frame.top))

    def _given(self, axis: Axis) -> tuple[float | None, float | None]:
        low, high = (None if end is None else self._scaled(end, axis) for end in (axis.low, axis.high))
        return low, high

    # ---- places -------------------------------------------------------------------------------------------

    @cached_property
    def frame(self) -> Box:
        """The rectangle between the axes."""
        return self._frame(*self.spans)

    def _frame(self, across: Range, up: Range) -> Box:
        """The page's room without what stands around it."""
        width, height = self.size
        letters, plot = self.letters, self.plot
        top = letters.height(plot.up.label, LABEL_SIZE) + 3 * SPACE if plot.up.label else 2 * SPACE
        bottom = height - self.below - (TICK + SPACE + NUMBER_SIZE + 1)
        right = width - SPACE - NUMBER_SIZE
        if plot.across.label:
            label = letters.width(plot.across.label, LABEL_SIZE)
            if label <= BESIDE:
                right = width - label - 3 * SPACE
            else:
                bottom -= letters.height(plot.across.label, LABEL_SIZE) + SPACE
        numbers = self._ticks(plot.up, up, bottom - top, UP_EVERY)
        widest = max((letters.width(tick.text, NUMBER_SIZE) for tick in numbers), default=0.0)
        return Box(widest + TICK + 2 * SPACE, top, right, bottom)

    def across(self, value: float) -> float:
        """Where a number stands from left to right, after scaling."""
        span, frame = self.spans[0], self.frame
        return frame.left + (value - span.low) / span.length * (frame.right - frame.left)

    def up(self, value: float) -> float:
        """Where a number stands from top to bottom."""
        span, frame = self.spans[1], self.frame
        return frame.bottom - (value - span.low) / span.length * (frame.bottom - frame.top)

    def place(self, spot: Spot) -> Point:
        """A point of the plot on the page; perhaps outside, or no number."""
        x, y = (self._scaled(n, axis) for n, axis in zip(spot, (self.plot.across, self.plot.up), strict=True))
        return self.across(x), self.up(y)

    def line(self, a: Number, b: Number, c: Number) -> tuple[float, float, float]:
        """The line a·x + b·y + c = 0 in the coordinates of the page."""
        across, up = self.spans
        frame = self.frame
        right = self.number(a) * across.length / (frame.right - frame.left)
        down = -self.number(b) * up.length / (frame.bottom - frame.top)
        rest = self.number(a) * across.low + self.number(b) * up.low + self.number(c)
        return right, down, rest - right * frame.left - down * frame.bottom

    # ---- what stands there --------------------------------------------------------------------------------

    def _ticks(self, axis: Axis, span: Range, room: float, every: float) -> list[Tick]:
        most = max(int(room / every), 2)
        return powers(span, most) if axis.is_logarithmic else ticks(span, most, is_whole=axis.is_whole)

    @cached_property
    def ticks_across(self) -> list[Tick]:
        """The round numbers of the lower axis: as many as leave room between them."""
        frame = self.frame
        room = frame.right - frame.left
        every = ACROSS_EVERY
        while True:
            found = self._ticks(self.plot.across, self.spans[0], room, every)
            widest = max((self.letters.width(tick.text, NUMBER_SIZE) for tick in found), default=0.0)
            apart = min((self.across(b.value) - self.across(a.value) for a, b in _pairs(found)), default=math.inf)
            if apart >= widest + 2 * SPACE or every > room:
                return found
            every *= 1.5

    @cached_property
    def ticks_up(self) -> list[Tick]:
        """The round numbers of the left axis."""
        return self._ticks(self.plot.up, self.spans[1], self.frame.bottom - self.frame.top, UP_EVERY)

    def traces(self) -> Iterator[Trace]:
        """Lines through zero, the axes, and their marks."""
        frame = self.frame
        if not any(isinstance(part, Contours) for part in self.plot.parts):  # they would look like contour lines
            yield from self._zeros()
        corner = (frame.left, frame.bottom)
        yield Trace(((frame.left, frame.top), corner, (frame.right, frame.bottom)), "ink", width="thin")
        for tick in self.ticks_across:
            x = self.across(tick.value)
            yield Trace(((x, frame.bottom), (x, frame.bottom + TICK)), "ink", width="thin")
        for tick in self.ticks_up:
            y = self.up(tick.value)
            yield Trace(((frame.left - TICK, y), (frame.left, y)), "ink", width="thin")

    def _zeros(self) -> Iterator[Trace]:
        frame = self.frame
        across, up = self.spans
        if across.low < 0 < across.high and not self.plot.across.is_logarithmic:
            x = self.across(0)
            yield Trace(((x, frame.top), (x, frame.bottom)), "rule", width="hair")
        if up.low < 0 < up.high and not self.plot.up.is_logarithmic:
            y = self.up(0)
            yield Trace(((frame.left, y), (frame.right, y)), "rule", width="hair")

    def letterings(self) -> Iterator[Lettering]:
        """The numbers at the axes, and what the axes show."""
        frame, letters, plot = self.frame, self.letters, self.plot
        baseline = frame.bottom + TICK + SPACE + RISE * NUMBER_SIZE
        for tick in self.ticks_across:
            yield letters.at(tick.text, NUMBER_SIZE, self.across(tick.value), baseline, "middle")
        for tick in self.ticks_up:
            y = self.up(tick.value) + 0.33 * NUMBER_SIZE
            yield letters.at(tick.text, NUMBER_SIZE, frame.left - TICK - SPACE, y, "end")
        if plot.up.label:
            y = frame.top - 2 * SPACE - letters.depth(plot.up.label) * LABEL_SIZE
            width = letters.width(plot.up.label, LABEL_SIZE)
            x = max(SPACE, frame.left - width / 2) if width <= BESIDE else SPACE
            yield letters.at(plot.up.label, LABEL_SIZE, x, y, "start")
        if plot.across.label:
            if letters.width(plot.across.label, LABEL_SIZE) <= BESIDE:
                y = frame.bottom + 0.25 * LABEL_SIZE
                yield letters.at(plot.across.label, LABEL_SIZE, frame.right + 2 * SPACE, y, "start")
            else:
                y = baseline + SPACE + RISE * LABEL_SIZE
                yield letters.at(plot.across.label, LABEL_SIZE, frame.right, y, "end")

    def lower(self, below: float) -> Axes:
        """The same with so much room kept free under it."""
        return replace(self, below=below)


def _widened(span: Range, length: float) -> Range:
    """A range made longer on both sides."""
    more = (length - span.length) / 2
    return Range(span.low - more, span.high + more) if more > 0 else span


def _pairs(found: list[Tick]) -> Iterator[tuple[Tick, Tick]]:
    return itertools.pairwise(found)
