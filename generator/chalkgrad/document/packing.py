"""Which pieces share a frame: no frame too full, none nearly empty, and breaks where a speaker would pause.

As TeX breaks a paragraph into lines (Knuth and Plass 1981), a section is broken into frames: of all ways to do it,
the one whose frames look best together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chalkgrad.document.model import Block


@dataclass(frozen=True)
class Piece:
    """The smallest part of a block that may stand on a frame of its own: a sentence, a line, a row."""

    block: Block
    """A block of this part alone."""
    source: int
    """The number of the block it was cut from: neighbours with the same number are joined again."""
    idea: int
    """The number of the idea it belongs to."""
    height: float
    """In lines of text."""
    overhead: float
    """What its block needs besides, once on every frame: the head of a table, the room around equations."""
    strain: float
    """How little a frame should begin here."""


LABEL = 1.5
"""The height of a label inside a frame, which only a frame of several ideas needs."""
TOO_HIGH = 1000.0
SECOND_IDEA = 0.9
NEARLY_EMPTY, EMPTINESS = 0.33, 3.0
LOOSENESS = 0.8


def pack(pieces: Sequence[Piece], capacity: float) -> list[list[Piece]]:
    """The pieces of a section on frames that hold so many lines."""
    best: list[tuple[float, int]] = [(0.0, 0)]  # for the first n pieces: the cost, and where the last frame begins
    for end in range(1, len(pieces) + 1):
        best.append(
            min(
                (best[start][0] + cost + (pieces[start].strain if start else 0.0), start)
                for start, cost in _last_frames(pieces, end, capacity)
            )
        )
    frames: list[list[Piece]] = []
    end = len(pieces)
    while end:
        start = best[end][1]
        frames.insert(0, list(pieces[start:end]))
        end = start
    return frames


def needed(pieces: Sequence[Piece]) -> float:
    """How many lines of a frame some pieces take."""
    sources = {piece.source: piece.overhead for piece in pieces}
    ideas = len({piece.idea for piece in pieces})
    labels = ideas * LABEL if ideas > 1 else 0.0
    return sum(piece.height for piece in pieces) + sum(sources.values()) + labels


def _last_frames(pieces: Sequence[Piece], end: int, capacity: float) -> Iterator[tuple[int, float]]:
    """Where the frame that ends before `end` may begin, and how good it looks."""
    for start in range(end - 1, -1, -1):
        fill = needed(pieces[start:end]) / capacity
        alone = start == end - 1
        if fill > 1 and not alone:
            return
        ideas = len({piece.idea for piece in pieces[start:end]})
        cost = 1.0 + SECOND_IDEA * (ideas - 1) + LOOSENESS * (1 - min(fill, 1)) ** 2
        content = sum(piece.height for piece in pieces[start:end]) / capacity
        cost += EMPTINESS * (max(NEARLY_EMPTY - content, 0) / NEARLY_EMPTY) ** 2
        yield start, cost if fill <= 1 else TOO_HIGH * fill
