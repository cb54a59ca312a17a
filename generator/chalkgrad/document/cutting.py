"""Blocks cut into the pieces that frames are made of, each with the room it will take, and joined again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from math import ceil
from typing import TypeGuard

from chalkgrad.document.columns import column_parts, inline_width
from chalkgrad.document.model import (
    Block,
    Cell,
    Code,
    CodeLine,
    Crossreference,
    Drawing,
    Emphasis,
    Equations,
    Facts,
    Inline,
    Line,
    Link,
    Listing,
    Paragraph,
    Remark,
    Span,
    Table,
)
from chalkgrad.document.packing import Piece
from chalkgrad.document.plot import Plot
from chalkgrad.markup.height import height
from chalkgrad.markup.layout import Layout
from chalkgrad.markup.nodes import EMPTY, Math

TEXT_WIDTH = 0.9
"""Sans-serif letters are narrower than those of a page, and sentences are not indented as equations are."""
TEXT_LINE, TEXT_GAP = 1.0, 0.5
"""The height of a line of a sentence, and the room below the sentence."""
ROW_GAP, GROUP_GAP, DISPLAY_GAP = 0.42, 0.5, 1.7
"""Between rows of equations, between groups of them, and above and below all of them together."""
TABLE_ROW, TABLE_GAP, TABLE_HEAD = 0.25, 0.8, 1.9
TALL_ROW = 2.2
"""What a row of a tall table takes at least, its head too."""
FACT_GAP, FACT_LABEL, FACT_BETWEEN = 0.4, 0.33, 2
"""Below a fact; the share of the line that labels take; between two facts, in digits."""
REMARK_GAP = 1.2
DRAWING_GAP = 1.0
CODE_LINE, CODE_GAP = 0.8, 1.2
SMALL = 0.9
"""The size of remarks."""

GLUED, TOTAL, IN_LINE, AT_ROW, IN_GROUP, AT_GROUP, AT_BLOCK = 12.0, 3.0, 2.5, 1.5, 1.2, 0.5, 0.3
"""How bad it is to begin a frame after a sentence, with what sums up, inside a line, at a row of a table, inside a
group of lines, at a group, at a block."""


@dataclass(frozen=True)
class Cutter:
    """Cuts blocks for frames of a size."""

    layout: Layout
    lines: float
    """How many lines of text a frame holds."""
    drawn: Callable[[Drawing | Plot], float]
    """How many lines a drawing or a plot takes."""

    def pieces(self, ideas: Sequence[Sequence[Block]]) -> list[Piece]:
        """The pieces of the ideas of a section."""
        out: list[Piece] = []
        source = 0
        for number, blocks in enumerate(ideas):
            after: Block | None = None
            for block in blocks:
                for i, part in enumerate(self._parts(block)):
                    cut = list(self._cut(part))
                    first = cut[0][2] if i else _strain(after, block)
                    for k, (piece, room, strain) in enumerate(cut):
                        out.append(
                            Piece(piece, source, number, room, self._overhead(part), strain if k else first)
                        )
                    source += 1
                after = block
        return out

    def _parts(self, block: Block) -> list[Block]:
        """A table too wide for a frame as several tables; any other block as it is."""
        if not isinstance(block, Table):
            return [block]
        parts = column_parts(block, self.layout)
        return [
            Table(
                tuple(block.head[c] for c in part),
                tuple(None if row is None else tuple(row[c] for c in part) for row in block.rows),
            )
            for part in parts
        ]

    def _overhead(self, block: Block) -> float:
        if isinstance(block, Equations):
            return DISPLAY_GAP
        if isinstance(block, Listing):
            return CODE_GAP
        if isinstance(block, Table):
            return TABLE_GAP + TABLE_HEAD + (TALL_ROW - 1 - TABLE_ROW if block.is_tall else 0.0)
        return FACT_GAP if isinstance(block, Facts) else 0.0

    def _cut(self, block: Block) -> Iterator[tuple[Block, float, float]]:
        """Each piece with its height and the strain of a break before it."""
        if isinstance(block, Equations):
            yield from self._lines(block)
        elif isinstance(block, Table):
            yield from self._rows(block)
        elif isinstance(block, Facts):
            yield from self._facts(block)
        elif isinstance(block, Drawing | Plot):
            yield block, min(self.drawn(block), self.lines - DRAWING_GAP) + DRAWING_GAP, 0.0
        elif isinstance(block, Listing):
            for i, line in enumerate(block.lines):
                yield Listing(block.language, (line,)), CODE_LINE, _code_strain(block.lines[i - 1], line)
        elif isinstance(block, Paragraph):
            yield block, self._text(block.text, self.layout.width) + TEXT_GAP, 0.0
        elif isinstance(block, Remark):
            yield block, SMALL * self._text(block.text, round(self.layout.width / SMALL)) + REMARK_GAP, 0.0

    # ---- sentences ----------------------------------------------------------------------------------------

    def _text(self, spans: Inline, width: int) -> float:
        """The height of a sentence."""
        lines = ceil(TEXT_WIDTH * inline_width(spans, self.layout.measure) / width)
        rises = sorted((height(span) - 1 for span in spans if _is_math(span)), reverse=True)
        # at worst the highest stand on lines of their own
        return TEXT_LINE * max(lines, 1) + sum(rises[: max(lines, 1)])

    # ---- equations ----------------------------------------------------------------------------------------

    def _lines(self, block: Equations) -> Iterator[tuple[Block, float, float]]:
        measure = self.layout.measure
        indent = max(measure.width(measure.show(line.left)) for line in block.lines)
        for i, line in enumerate(block.lines):
            for k, part in enumerate(self._fitting(line, indent)):
                strain = IN_LINE if k else AT_GROUP if line.spaced and i else IN_GROUP
                yield Equations((part,)), self._line(part, indent), strain

    def _line(self, line: Line, indent: int) -> float:
        links = tuple((link.relation, link.body) for link in line.links)
        rows = self.layout.rows(line.left, links, indent)
        total = sum(max(height(row.left), height(row.body), 1.0) + ROW_GAP for row in rows)
        return total + (GROUP_GAP if line.spaced else 0.0)

    def _fitting(self, line: Line, indent: int) -> list[Line]:
        """A line that would fill half a frame, cut where it is broken anyway."""
        if self._line(line, indent) <= self.lines / 2:
            return [line]
        links = tuple((link.relation, link.body) for link in line.links)
        out: list[Line] = []
        for group in self.layout.grouped(links, indent):
            for part in self._low(group, indent):
                out.append(
                    replace(line, links=part, left=EMPTY if out else line.left, spaced=line.spaced and not out)
                )
        return out

    def _low(self, group: list[tuple[Math, Math]], indent: int) -> list[tuple[Link, ...]]:
        """Links that stand side by side; one that is broken into rows too high for a frame, row by row."""
        links = tuple(Link(relation, body) for relation, body in group)
        if len(links) > 1 or self._line(Line(EMPTY, links), indent) <= self.lines * 0.8:
            return [links]
        rows = self.layout.rows(EMPTY, ((links[0].relation, links[0].body),), indent)
        return [(Link(row.relation, row.body),) for row in rows]

    # ---- tables and facts ---------------------------------------------------------------------------------

    def _rows(self, block: Table) -> Iterator[tuple[Block, float, float]]:
        ruled = False
        least = TALL_ROW if block.is_tall else 1.0 + TABLE_ROW
        for row in block.rows:
            if row is None:
                ruled = True
                continue
            rows = (None, row) if ruled else (row,)
            yield (
                Table(block.head, rows),
                max(_row_height(row), least) + (0.5 if ruled else 0.0),
                TOTAL if ruled else AT_ROW,
            )
            ruled = False

    def _facts(self, block: Facts) -> Iterator[tuple[Block, float, float]]:
        for label, entries in block.rows:
            for k, part in enumerate(self._entries(entries)):
                room = self._entry_lines(part)[-1]
                labelled = self._text(label, round(FACT_LABEL * self.layout.width))
                yield (
                    Facts((((() if k else label), part),)),
                    max(room, labelled) + FACT_GAP,
                    IN_LINE if k else IN_GROUP,
                )

    def _entries(self, entries: tuple[Inline, ...]) -> Iterator[tuple[Inline, ...]]:
        """Entries that are more than two thirds of a frame, in several rows."""
        rest = entries
        while rest:
            heights = self._entry_lines(rest)
            count = max(sum(1 for room in heights if room <= self.lines / 1.5), 1)
            yield rest[:count]
            rest = rest[count:]

    def _entry_lines(self, entries: tuple[Inline, ...]) -> list[float]:
        """The height of the first entry, the first two, and so on, wrapped to the width beside the labels."""
        width = (1 - FACT_LABEL) * self.layout.width - 2
        done, line, used = 0.0, 0.0, 0.0
        out: list[float] = []
        for entry in entries:
            wide, high = inline_width(entry, self.layout.measure), self._text(entry, round(width))
            if used and used + FACT_BETWEEN + wide > width:
                done, line, used = done + line, 0.0, 0.0
            used += wide + (FACT_BETWEEN if used else 0)
            line = max(line, high)
            out.append(done + line)
        return out


def _strain(before: Block | None, block: Block) -> float:
    """How bad a break between two blocks of an idea is."""
    if before is None:
        return 0.0
    if isinstance(before, Paragraph):
        return GLUED
    return TOTAL if isinstance(block, Remark) else AT_BLOCK


def _code_strain(before: CodeLine, line: CodeLine) -> float:
    """How bad a break inside a program is: best between its paragraphs, worst inside a function."""
    begins = line[0] if line else ""
    if isinstance(begins, str) and begins.startswith(" "):
        return TOTAL
    return IN_GROUP if before else AT_GROUP


def _is_math(span: Span) -> TypeGuard[Math]:
    return not isinstance(span, str | Emphasis | Crossreference | Code)


def _highest(spans: Inline) -> float:
    return max((height(span) for span in spans if _is_math(span)), default=1.0)


def _row_height(row: tuple[Cell, ...]) -> float:
    return max((_highest(cell) for cell in row if isinstance(cell, tuple)), default=1.0) + TABLE_ROW


def joined(pieces: Sequence[Piece]) -> list[Block]:
    """The pieces of a frame as blocks again."""
    return [_joined([piece.block for piece in same]) for _, same in groupby(pieces, key=lambda p: p.source)]


def _joined(blocks: list[Block]) -> Block:
    first = blocks[0]
    if isinstance(first, Equations):
        return Equations(tuple(line for block in blocks if isinstance(block, Equations) for line in block.lines))
    if isinstance(first, Facts):
        return Facts(tuple(row for block in blocks if isinstance(block, Facts) for row in block.rows))
    if isinstance(first, Table):
        rows = [row for block in blocks if isinstance(block, Table) for row in block.rows]
        return Table(first.head, tuple(rows[1:] if rows[0] is None else rows))
    if isinstance(first, Listing):
        return Listing(
            first.language, _trimmed([line for b in blocks if isinstance(b, Listing) for line in b.lines])
        )
    return first


def _trimmed(lines: list[CodeLine]) -> tuple[CodeLine, ...]:
    """Without empty lines at both ends."""
    filled = [i for i, line in enumerate(lines) if line]
    return tuple(lines[filled[0] : filled[-1] + 1]) if filled else ()
