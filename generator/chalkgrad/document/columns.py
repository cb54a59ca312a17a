"""How wide tables and sentences are, and where a table too wide for the line is split."""

from __future__ import annotations

from chalkgrad.document.model import (
    Cell,
    Code,
    Crossreference,
    Emphasis,
    Gap,
    Inline,
    NumberCell,
    Own,
    OwnNumber,
    PageNumber,
    Table,
)
from chalkgrad.markup.layout import Layout
from chalkgrad.markup.measure import Measure

COLUMN_GAP = 2
"""The room between two columns of a table, in digits."""

LETTER = 0.85
"""How wide a letter of running text is, in digits, on the average."""

WIDE_LETTERS, WIDER = "mwMW", 0.6
"""In the few words of a table these are not made up for by narrow ones: so much wider are they."""

PRINTED_DIGITS = 12
"""How wide a number is that a listing prints, about."""

OWN_DIGITS = 8
"""How wide is what each sheet has of its own, about."""


def column_parts(table: Table, layout: Layout) -> list[list[int]]:
    """The columns of each part of a table; the first column is repeated in every part."""
    parts: list[list[int]] = [[0]]
    widths = [_column_width(table, column, layout.measure) for column in range(len(table.head))]
    for column in range(1, len(widths)):
        used = sum(widths[c] for c in parts[-1])
        if used + widths[column] > layout.width and len(parts[-1]) > 1:
            parts.append([0])
        parts[-1].append(column)
    return parts


def inline_width(spans: Inline, measure: Measure) -> int:
    """How wide a sentence is, in digits."""
    total = 0
    for span in spans:
        if isinstance(span, str):
            total += round(LETTER * len(span))
        elif isinstance(span, Emphasis):
            total += round(LETTER * len(span.text))
        elif isinstance(span, Crossreference):
            total += len(span.number)
        elif isinstance(span, Own | OwnNumber | PageNumber):
            total += OWN_DIGITS
        elif isinstance(span, Gap):
            total += span.digits
        elif isinstance(span, Code):
            total += sum(len(item) if isinstance(item, str) else PRINTED_DIGITS for item in span.line)
        else:
            total += measure.width(measure.show(span))
    return total


def _column_width(table: Table, column: int, measure: Measure) -> int:
    """How wide a column is, in digits, with the room beside it."""
    cells: list[Cell] = [table.head[column], *(row[column] for row in table.rows if row is not None)]
    return COLUMN_GAP + max(
        measure.digits(cell.at)
        if isinstance(cell, NumberCell)
        else inline_width(cell, measure) + _wide_letters(cell)
        for cell in cells
    )


def _wide_letters(words: Inline) -> int:
    """What the wide letters of a few words add to their width."""
    text = "".join(span for span in words if isinstance(span, str))
    return round(WIDER * sum(text.count(letter) for letter in WIDE_LETTERS))
