"""Text, equations, tables and listings in one format: everything of a page but its drawings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from chalkgrad.catalogue.languages import Language
from chalkgrad.document import model
from chalkgrad.document.columns import column_parts, inline_width
from chalkgrad.document.model import (
    Code,
    CodeLine,
    Crossreference,
    Emphasis,
    Equations,
    Gap,
    Inline,
    Listing,
    Literal,
    NumberCell,
    Own,
    OwnNumber,
    PageNumber,
    Printed,
    Table,
)
from chalkgrad.markup.base import Dialect
from chalkgrad.markup.layout import Layout
from chalkgrad.markup.measure import Measure
from chalkgrad.markup.naming import Naming
from chalkgrad.markup.nodes import Blank
from chalkgrad.markup.printers import PRINTERS
from chalkgrad.markup.slots import LITERAL, PRINTED, CodeSlot, ColumnSlot, DigitsSlot, Slots, TextSlot
from chalkgrad.quantities import At
from chalkgrad.render.chains import Chain, chain_of
from chalkgrad.render.escaping import ESCAPES
from chalkgrad.render.formats import Format
from chalkgrad.render.highlight import words
from chalkgrad.render.templating import Ready
from chalkgrad.render.ties import tied

FACTS = 0.6
"""How much of a line there is for what is given, beside its label."""
DIGIT = 0.5
"""The width of a digit, in ems."""


class SetLine(NamedTuple):
    """One row of aligned equations, printed."""

    left: Ready
    relation: Ready
    body: Ready
    after: str
    """What follows: `same` line, `next` line, a new `group`, or nothing."""
    defines: str
    """The id of the quantity that the line computes, where its left side names one."""


class Setter:
    """Sets the blocks of a document in a format; numbers become slots."""

    def __init__(self, form: Format, language: Language, naming: Naming, digits: Callable[[At], int]) -> None:
        self.form = form
        self.naming = naming
        self.slots = Slots()
        self.printer = PRINTERS[form.printer](naming, self.slots, Dialect(**form.math), language.separator)
        self.layout = Layout(Measure(naming, digits=digits), form.width)
        self.escape = ESCAPES[form.escape]
        self.label = Ready("")
        """The name of the page, where labels of several pages may meet."""
        self.apart = ""
        """What every anchor begins with."""

    def anchor(self, name: str) -> Ready:
        """The name of a place that pointers lead to, kept apart from those of other parts of the same file."""
        return Ready(self.apart + self.escape(name))

    def math(self, node: Any) -> Ready:
        """Mathematics, without what stands around it."""
        return Ready(self.printer.show(node))

    def fact(self, entry: Inline) -> Ready:
        """Something given, kept on one line wherever its column holds it."""
        text = self.inline(entry, "display")
        in_words = all(isinstance(span, str) for span in entry)  # which may break anywhere
        if in_words or inline_width(entry, self.layout.measure) > FACTS * self.form.width:
            return text
        return Ready(self.form.inline.get("whole", "TEXT").replace("TEXT", text))

    def inline(self, spans: Inline, math: str = "math") -> Ready:
        """A sentence: words escaped, mathematics and emphasis in the format's markup.

        `math="display"` sets fractions and sums at full size.
        """
        around = self.form.inline
        if "tie" in around:
            pieces = ((piece, self._spans(piece, math)) for piece in tied(spans))
            return Ready("".join(around["tie"].replace("TEXT", t) if len(piece) > 1 else t for piece, t in pieces))
        return Ready(self._spans(spans, math))

    def _spans(self, spans: Inline, math: str) -> str:
        around = self.form.inline
        out = []
        for span in spans:
            if isinstance(span, str):
                out.append(self.escape(span))
            elif isinstance(span, Emphasis):
                out.append(around["emphasis"].replace("TEXT", self.escape(span.text)))
            elif isinstance(span, Own):
                out.append(self.slots.marker(TextSlot(span.name)))
            elif isinstance(span, OwnNumber):
                out.append(around[math].replace("TEXT", self.slots.marker(DigitsSlot(span.name))))
            elif isinstance(span, Gap):
                out.append(around["gap"].replace("WIDTH", f"{DIGIT * span.digits:g}"))
            elif isinstance(span, PageNumber):
                out.append(around["pages" if span.last else "page"])
            elif isinstance(span, Crossreference):
                link = around["reference"].replace("ANCHOR", self.anchor(span.anchor))
                out.append(link.replace("NUMBER", span.number).replace("PAGE", self.label))
            elif isinstance(span, Code):
                out.append(around["code"].replace("TEXT", self._code_line(span.line, coloured=False)))
            else:
                text = self.printer.show(span)
                # a fraction of derivatives in the small size of running text could not be read
                tall = "tall" in around and around["tall"] in text
                out.append(around["display" if tall else math].replace("TEXT", text))
        return "".join(out)

    def code(self, block: Listing) -> list[Ready]:
        """The lines of a listing, its words in the format's colours."""
        return [Ready(self._code_line(line)) for line in block.lines]

    def _code_line(self, line: CodeLine, *, coloured: bool = True) -> str:
        """One line: numbers become slots, then every word is made safe, and coloured by its kind."""
        text = "".join(item if isinstance(item, str) else self._code_number(item) for item in line)
        around = self.form.code
        escape = ESCAPES[around.get("escape", "verbatim")]
        return "".join(
            # digits are safe everywhere, and a slot must stay what it is
            (around.get(kind, "TEXT") if coloured else "TEXT").replace(
                "TEXT", word if kind == "number" else escape(word)
            )
            for kind, word in words(text)
        )

    def _code_number(self, item: Literal | Printed) -> str:
        return self.slots.marker(CodeSlot(item.at, LITERAL if isinstance(item, Literal) else PRINTED))

    def rows(self, block: Equations) -> list[SetLine]:
        """The rows of aligned equations."""
        measure = self.layout.measure
        indent = max(measure.width(measure.show(line.left)) for line in block.lines)
        out: list[SetLine] = []
        for line in block.lines:
            if out:
                out[-1] = out[-1]._replace(after="group" if line.spaced else "next")
            links = tuple((link.relation, link.body) for link in line.links)
            rows = self.layout.rows(line.left, links, indent)
            id = self.printer.id_of(line.subject) if line.subject is not None else ""
            out += [SetLine(self.math(r.left), self.math(r.relation), self.math(r.body), "same", id) for r in rows]
        out[-1] = out[-1]._replace(after="")
        return out

    def chains(self, block: Equations) -> list[Chain]:
        """The chains of aligned equations, for formats in which the reader's window breaks the lines."""
        return [chain_of(line, self.printer, self.layout, self.form.inline["display"]) for line in block.lines]

    def tables(self, block: Table, *, split: bool = True) -> list[dict[str, Any]]:
        """A table's head, rows and which of its columns hold numbers; a table too wide for the line is split,
        its first column repeated."""
        columns = range(len(block.head))
        full = [row for row in block.rows if row is not None]
        ats = [tuple(row[c].at for row in full if isinstance(row[c], NumberCell)) for c in columns]  # type: ignore[union-attr]
        return [
            {
                "head": [self.inline(block.head[c]) for c in part],
                "numeric": [any(map(_is_number, (row[c] for row in full))) for c in part],
                "tall": block.is_tall,
                "rows": [
                    None if row is None else [self._cell(row[c], ats[c]) for c in part]
                    for row in _rows_of(block, part)
                ],
            }
            for part in (column_parts(block, self.layout) if split else [columns])
        ]

    def _cell(self, cell: model.Cell, column: tuple[At, ...]) -> Ready:
        if not isinstance(cell, NumberCell):
            return self.inline(cell)
        marker = self.slots.marker(ColumnSlot(cell.at, column))
        id = self.escape(self.naming.id(cell.at))
        return Ready(self.form.inline["number"].replace("TEXT", marker).replace("ID", id))


def _rows_of(block: Table, part: Sequence[int]) -> list[tuple[model.Cell, ...] | None]:
    """The rows that say something in a part of the columns; a rule stands only between two of them."""
    out: list[tuple[model.Cell, ...] | None] = []
    for row in block.rows:
        if row is None or any(row[c] != () for c in part[1:]):
            out.append(row)
    while out and out[-1] is None:
        out.pop()
    return out


def _is_number(cell: model.Cell) -> bool:
    """Whether a number stands in a cell, or is to be written there."""
    return isinstance(cell, NumberCell) or (len(cell) == 1 and isinstance(cell[0], Blank))
