"""A document in one format: templates are run once, and leave slots where numbers stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple
from urllib.parse import quote, unquote

from chalkgrad.catalogue.languages import Language
from chalkgrad.document import model
from chalkgrad.document.columns import column_parts, inline_width
from chalkgrad.document.model import (
    Code,
    CodeLine,
    Crossreference,
    Document,
    Drawing,
    Emphasis,
    Equations,
    Inline,
    Listing,
    Literal,
    NumberCell,
    Printed,
    Table,
)
from chalkgrad.document.slides import Frame, frames
from chalkgrad.errors import OutputError
from chalkgrad.markup.base import Dialect
from chalkgrad.markup.layout import Layout
from chalkgrad.markup.measure import LineMeasure, Measure
from chalkgrad.markup.naming import Naming
from chalkgrad.markup.nodes import Blank, Name
from chalkgrad.markup.printers import PRINTERS
from chalkgrad.markup.slots import LITERAL, PRINTED, CodeSlot, ColumnSlot, Slots
from chalkgrad.messages import Message
from chalkgrad.quantities import At, Partial
from chalkgrad.render.chains import Chain, chain_of
from chalkgrad.render.drawing import picture_of
from chalkgrad.render.escaping import ESCAPES
from chalkgrad.render.fill import Filler, NumberColumns, Numbers
from chalkgrad.render.formats import Format, load_format
from chalkgrad.render.highlight import words
from chalkgrad.render.numbers import STYLES
from chalkgrad.render.picture import Picture
from chalkgrad.render.templating import Ready, run
from chalkgrad.render.ties import tied

LINE = 11.0
"""The height of a line of a slide, in points; some formats have a little more."""


@dataclass(frozen=True)
class Page:
    """A rendered page with open slots, and the way to fill them."""

    text: str
    slots: Slots
    filler: Filler
    beside: dict[str, Page] = field(default_factory=dict)
    """Files that stand beside the page, by their names: its drawings, where the format has them so."""

    def fill(self, numbers: Numbers) -> str:
        """The finished text for one set of numbers."""
        return self.filler.fill(self.text, self.slots, numbers)

    def fill_all(self, variants: NumberColumns) -> list[str]:
        """The finished text for each of many variants."""
        return self.filler.fill_all(self.text, self.slots, variants)


def render(
    document: Document,
    form: Format,
    language: Language,
    naming: Naming,
    digits: Callable[[At], int],
    *,
    alone: bool = False,
) -> Page:
    """Run a format's templates over a document; `digits` says how wide a number will be, about.

    A page that stands `alone` has no files beside it: drawings that would be there are left out.

    Raises `OutputError` where a format is nothing but a drawing, and none is wanted.
    """
    if form.drawings == "alone" and not any(isinstance(block, Drawing) for block in document.blocks):
        file = f"{document.name}.{form.extension}"
        raise OutputError(Message("{file} would be empty: show.drawings is none", file=file))
    if alone and form.drawings == "files":
        document = replace(document, blocks=tuple(b for b in document.blocks if not isinstance(b, Drawing)))
    return _Renderer(form, language, naming, digits).render(document)


FACTS = 0.6
"""How much of a line there is for what is given, beside its label."""


class SetLine(NamedTuple):
    """One row of aligned equations, printed."""

    left: Ready
    relation: Ready
    body: Ready
    after: str
    """What follows: `same` line, `next` line, a new `group`, or nothing."""
    defines: str
    """The id of the quantity that the line computes, where its left side names one."""


def filler_of(form: Format, language: Language) -> Filler:
    """How a format writes numbers in a language."""
    undefined = language.sentence("word.undefined")
    mark, pad = language.decimal_mark, form.pad
    style = STYLES[form.printer](mark, undefined)
    cells = STYLES[pad.get("cells", form.printer)](mark, undefined)

    def padded(written: str, decimals: int, with_mark: bool) -> str:
        filling = (pad["mark"] if with_mark else "") + pad["digit"] * decimals
        return f"{written}{pad['before']}{filling}{pad['after']}"

    return Filler(style, cells, STYLES["text"](mark, undefined), padded)


class _Renderer:
    def __init__(self, form: Format, language: Language, naming: Naming, digits: Callable[[At], int]) -> None:
        self.form = form
        self.language = language
        self.naming = naming
        self.slots = Slots()
        self.printer = PRINTERS[form.printer](naming, self.slots, Dialect(**form.math), language.separator)
        self.layout = Layout(Measure(naming, digits=digits), form.width)
        self.line_measure = LineMeasure(naming, digits=digits)
        self.escape = ESCAPES[form.escape]
        self.label = Ready("")
        """The name of the page, where labels of several pages may meet."""
        self.document: Document
        self.beside: dict[str, Page] = {}
        self.pictures: dict[str, Picture] = {}

    def render(self, document: Document) -> Page:
        self.document = document
        # every markup takes letters, digits and hyphens in a label
        self.label = Ready(re.sub("[^A-Za-z0-9]+", "-", document.name))
        text = run(
            self.form,
            self.form.page,
            document=document,
            kind=_kind,
            inline=self.inline,
            fact=self.fact,
            math=self.math,
            rows=self.rows,
            chains=self.chains,
            tables=self.tables,
            frames=self.frames,
            shrunk=self.shrunk,
            label=self.label,
            code=self.code,
            sentence=self.language.sentence,
            picture=self.picture,
            svg=self.svg,
            drawing_file=self.drawing_file,
            drawing_name=self.drawing_name,
            language=self.language.code,
            separator=self.language.separator,
            escape=self.escape,
        )
        return Page(text, self.slots, filler_of(self.form, self.language), self.beside)

    # ---- drawings -----------------------------------------------------------------------------------------

    def picture(self, block: Drawing) -> Picture:
        """A drawing with coordinates."""
        if block.name not in self.pictures:
            self.pictures[block.name] = picture_of(block, self.line_measure, self.form.drawing_width)
        return self.pictures[block.name]

    def svg(self, block: Drawing) -> Ready:
        """A drawing as SVG, its slots among those of the page."""
        return self._svg(block, self.slots)

    def _svg(self, block: Drawing, slots: Slots) -> Ready:
        form = load_format("svg", self.form.overrides)
        printer = PRINTERS["svg"](self.line_measure.naming, slots)
        text = run(
            form,
            "picture.svg",
            block=block,
            picture=self.picture(block),
            title=self.document.title,
            math=lambda node: Ready(printer.show(node)),
            language=self.document.language,
        )
        return Ready(text)

    def drawing_name(self, block: Drawing) -> Ready:
        """What a drawing's file is called."""
        return Ready(quote(f"{self.document.name}-{block.name}.svg"))

    def drawing_file(self, block: Drawing) -> Ready:
        """The address of a drawing that stands in a file of its own beside the page."""
        name = self.drawing_name(block)
        slots = Slots()
        text = self._svg(block, slots)
        self.beside[unquote(name)] = Page(
            text, slots, filler_of(load_format("svg", self.form.overrides), self.language)
        )
        return name

    # ---- text ---------------------------------------------------------------------------------------------

    def math(self, node: Any) -> Ready:
        """Mathematics, without what stands around it."""
        return Ready(self.printer.show(node))

    def fact(self, entry: Inline) -> Ready:
        """Something given, kept on one line wherever its column holds it."""
        text = self.inline(entry, "display")
        if inline_width(entry, self.layout.measure) > FACTS * self.form.width:
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
            elif isinstance(span, Crossreference):
                link = around["reference"].replace("ANCHOR", span.anchor).replace("NUMBER", span.number)
                out.append(link.replace("PAGE", self.label))
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

    def frames(self, document: Document) -> tuple[Frame, ...]:
        """The page as slides, as many lines high as the format says."""
        return frames(document, self.layout, self.form.lines, lambda b: self.picture(b).height / LINE)

    def shrunk(self, block: Drawing) -> float:
        """What a drawing is to be multiplied by, so that a slide holds it."""
        return round(min(1.0, (self.form.lines - 1) * LINE / self.picture(block).height), 2)

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
                "tall": self._is_tall(block),
                "rows": [
                    None if row is None else [self._cell(row[c], ats[c]) for c in part]
                    for row in _rows_of(block, part)
                ],
            }
            for part in (column_parts(block, self.layout) if split else [columns])
        ]

    def _is_tall(self, block: Table) -> bool:
        """Whether rows need more room: fractions stand in them, or blanks to write in."""
        cells = [cell for row in block.rows for cell in row or () if not isinstance(cell, NumberCell)]
        return any(
            isinstance(span, Blank) or (isinstance(span, Name) and isinstance(span.quantity, Partial))
            for cell in cells
            for span in cell
        )

    def _cell(self, cell: model.Cell, column: tuple[At, ...]) -> Ready:
        if not isinstance(cell, NumberCell):
            return self.inline(cell)
        marker = self.slots.marker(ColumnSlot(cell.at, column))
        id = self.escape(cell.at.id(self.naming.samples))
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


def _kind(block: object) -> str:
    return type(block).__name__.lower()
