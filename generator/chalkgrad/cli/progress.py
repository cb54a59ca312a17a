"""How far a long run is: a bar with the time left, for whoever looks at a terminal."""

from __future__ import annotations

import math
from collections.abc import Callable
from time import monotonic
from typing import TextIO

from chalkgrad.messages import Message, Wording, told

BAR = 24
"""How many characters wide the bar is."""
PAUSE = 0.1
"""Seconds from one drawing of it to the next."""


class Progress:
    """A bar on a terminal, drawn over itself; on anything else, nothing."""

    def __init__(
        self, total: int, stream: TextIO, wording: Wording, clock: Callable[[], float] = monotonic
    ) -> None:
        self.total = total
        self.done = 0
        self._stream = stream
        self._wording = wording
        self._clock = clock
        self._seen = stream.isatty()
        self._start: tuple[float, int] | None = None
        self._drawn = -math.inf
        self._width = 0

    def heard(self, done: int) -> None:
        """So many are done; what is done when this is said first was done before."""
        self.done = done
        now = self._clock()
        if self._start is None:
            self._start = (now, done)
        if self._seen and (now - self._drawn >= PAUSE or done == self.total):
            self._drawn = now
            self._draw(self._line(now))

    def end(self) -> None:
        """Wipe the bar away."""
        if self._width:
            self._draw("")
            self._stream.write("\r")
            self._stream.flush()

    def _draw(self, line: str) -> None:
        self._stream.write(f"\r{line.ljust(self._width)}")
        self._stream.flush()
        self._width = len(line)

    def _line(self, now: float) -> str:
        full = BAR * self.done // self.total
        count = Message("{done:,} of {total:,} papers", done=self.done, total=self.total)
        line = f"[{'#' * full}{'.' * (BAR - full)}] {told(count, self._wording)}"
        left = self._left(now)
        return (
            line if left is None else f"{line}, {told(Message('{time} left', time=clocked(left)), self._wording)}"
        )

    def _left(self, now: float) -> float | None:
        """Seconds to go, at the speed so far; None where there is none yet."""
        assert self._start is not None  # noqa: S101 (set by the first that is heard)
        began, before = self._start
        if self.done == before:
            return None
        return (now - began) * (self.total - self.done) / (self.done - before)


def clocked(seconds: float) -> str:
    """A time as a clock shows it.

    >>> clocked(65.2), clocked(3723)
    ('1:06', '1:02:03')
    """
    whole = math.ceil(seconds)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"
