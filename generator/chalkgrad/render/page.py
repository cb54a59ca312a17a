"""A document in one format: templates are run once, and leave slots where numbers stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import inf
from urllib.parse import quote, unquote

from chalkgrad.catalogue.languages import Language
from chalkgrad.document.model import Cover, Document, Drawing, Inline
from chalkgrad.document.plot import Plot, Text, Values
from chalkgrad.document.slides import Frame, frames
from chalkgrad.errors import OutputError
from chalkgrad.markup.measure import LineMeasure
from chalkgrad.markup.naming import Naming
from chalkgrad.markup.nodes import Math
from chalkgrad.markup.printers import PRINTERS
from chalkgrad.markup.slots import Slots, TextSlot
from chalkgrad.messages import Message
from chalkgrad.quantities import At
from chalkgrad.render.drawing import picture_of
from chalkgrad.render.escaping import ESCAPES, verbatim, xml
from chalkgrad.render.fill import NO_TEXTS, Filler, NumberColumns, Numbers, Texts
from chalkgrad.render.formats import Format, load_format
from chalkgrad.render.numbers import STYLES
from chalkgrad.render.picture import Picture
from chalkgrad.render.plot import size_of
from chalkgrad.render.plot_letters import Letters
from chalkgrad.render.plotting import drawn, written
from chalkgrad.render.setting import Setter
from chalkgrad.render.templating import Ready, run

LINE = 11.0
"""The height of a line of a slide, in points; some formats have a little more."""
ANCHOR = "anchor"
"""The text by which the anchors of one part of a sheet are told from those of all others: letters and digits."""
GAP = "\ue002"
"""Stands in a template's text where others will stand: a character that no spec can bring in."""
SENTENCE, ALONE = 3.6, 1.2
"""How many lines of a slide are kept for what is said above a plot; one that is square stands alone."""


@dataclass(frozen=True)
class Page:
    """A rendered page with open slots, and the way to fill them."""

    text: str
    slots: Slots
    filler: Filler
    beside: dict[str, Page] = field(default_factory=dict)
    """Files that stand beside the page, by their names: its drawings, where the format has them so."""

    def fill(self, numbers: Numbers | None = None, texts: Texts = NO_TEXTS) -> str:
        """The finished text for one set of numbers, and for the texts that a sheet has of its own."""
        return self.filler.fill(self.text, self.slots, numbers, texts)

    def fill_all(self, variants: NumberColumns, texts: Mapping[str, Sequence[str]] = NO_TEXTS) -> list[str]:
        """The finished text for each of many variants; of every text one entry a variant."""
        return self.filler.fill_all(self.text, self.slots, variants, texts)


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
    if form.drawings == "alone" and not any(isinstance(block, Drawing | Plot) for block in document.blocks):
        file = f"{document.name}.{form.extension}"
        raise OutputError(Message("{file} would be empty: show.drawings is none", file=file))
    if alone and form.drawings == "files":
        document = _without_files(document)
    return Renderer(form, language, naming, digits).page(document)


def render_part(
    document: Document, form: Format, language: Language, naming: Naming, digits: Callable[[At], int]
) -> Page:
    """The blocks of a document, to stand on a sheet with others; its anchors begin with the text `anchor`."""
    if form.drawings == "files":
        document = _without_files(document)
    return Renderer(form, language, naming, digits).part(document)


def _without_files(document: Document) -> Document:
    """A document without what would need files beside it."""
    return replace(document, blocks=tuple(b for b in document.blocks if not isinstance(b, Drawing | Plot)))


def filler_of(form: Format, language: Language) -> Filler:
    """How a format writes numbers in a language."""
    undefined = language.sentence("word.undefined")
    mark, pad = language.decimal_mark, form.pad
    style = STYLES[form.printer](mark, undefined)
    cells = STYLES[pad.get("cells", form.printer)](mark, undefined)

    def padded(written: str, decimals: int, with_mark: bool) -> str:
        filling = (pad["mark"] if with_mark else "") + pad["digit"] * decimals
        return f"{written}{pad['before']}{filling}{pad['after']}"

    escape = ESCAPES.get(form.escape, verbatim)
    return Filler(style, cells, STYLES["text"](mark, undefined), padded, escape)


class Renderer(Setter):
    """Runs the templates of a format."""

    def __init__(self, form: Format, language: Language, naming: Naming, digits: Callable[[At], int]) -> None:
        super().__init__(form, language, naming, digits)
        self.language = language
        self.line_measure = LineMeasure(naming, digits=digits)
        self.letters = Letters(self.line_measure)
        self.document: Document
        self.beside: dict[str, Page] = {}
        self.pictures: dict[str, Picture] = {}

    def page(self, document: Document) -> Page:
        """A page that is a file of its own."""
        return self._made(self._run(self.form.page, document))

    def part(self, document: Document) -> Page:
        """The blocks alone, to stand on a sheet."""
        self.apart = self.slots.marker(TextSlot(ANCHOR))
        return self._made(self._run(self.form.part, document))

    def shell(self, cover: Cover) -> tuple[str, list[Page], str]:
        """What stands before all sheets, the begin and the end of a sheet, and what stands after all of them."""
        self.apart = self.slots.marker(TextSlot(ANCHOR))
        document = Document("", cover.title, (), cover.notes, cover.language)
        sheet = self._run(self.form.sheet, document, cover=cover, parts=Ready(GAP))
        file = self._run(self.form.bundle, document, cover=cover, sheets=Ready(GAP))
        before, after = file.split(GAP)
        return before, [self._made(text) for text in sheet.split(GAP)], after

    def _made(self, text: str) -> Page:
        return Page(text, self.slots, filler_of(self.form, self.language), self.beside)

    def _run(self, template: str, document: Document, **context: object) -> str:
        self.document = document
        # every markup takes letters, digits and hyphens in a label
        self.label = Ready(re.sub("[^A-Za-z0-9]+", "-", document.name))
        return run(
            self.form,
            template,
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
            anchor=self.anchor,
            code=self.code,
            sentence=self.language.sentence,
            picture=self.picture,
            legend=self.legend,
            plot=self.plot,
            svg=self.svg,
            drawing_file=self.drawing_file,
            drawing_name=self.drawing_name,
            language=self.language.code,
            separator=self.language.separator,
            escape=self.escape,
            **context,
        )

    # ---- drawings -----------------------------------------------------------------------------------------

    def picture(self, block: Drawing) -> Picture:
        """A drawing with coordinates."""
        if block.name not in self.pictures:
            self.pictures[block.name] = picture_of(block, self.line_measure, self.form.drawing_width)
        return self.pictures[block.name]

    def legend(self, block: Drawing) -> Inline:
        """What is said under a drawing."""
        return block.legend if self.picture(block).is_captioned else block.without_captions

    def svg(self, block: Drawing | Plot) -> Ready:
        """A drawing or a plot as SVG, its slots among those of the page."""
        return self._svg(block, self.slots)

    def _svg(self, block: Drawing | Plot, slots: Slots) -> Ready:
        form = load_format("svg", self.form.overrides)
        printer = PRINTERS["svg"](self.line_measure.naming, slots)
        context = {"title": self.document.title, "language": self.document.language}
        if isinstance(block, Drawing):
            picture = self.picture(block)

            def math(node: Math) -> Ready:
                return Ready(printer.show(node))

            return Ready(run(form, "picture.svg", block=block, picture=picture, math=math, **context))

        def inline(text: Text) -> str:
            return "".join(xml(span) if isinstance(span, str) else printer.show(span) for span in text)

        number = filler_of(form, self.language).plain.write

        def draw(values: Values) -> str:
            size = (self.form.drawing_width, self._most_height(block))
            return written(block, values, form, "plot.svg", self.letters, size, inline, number, **context)

        return drawn(block, slots, draw)

    def plot(self, block: Plot, template: str) -> Ready:
        """A plot in the format's own markup."""
        style = filler_of(self.form, self.language).style

        def number(text: str) -> str:
            return self.form.inline["math"].replace("TEXT", style.write(text))

        def draw(values: Values) -> str:
            size = (self.form.drawing_width, self._most_height(block))
            return written(block, values, self.form, template, self.letters, size, self.inline, number)

        return drawn(block, self.slots, draw)

    def _most_height(self, block: Plot) -> float:
        """How high a plot may be, on slides."""
        kept = ALONE if block.shape == "square" else SENTENCE
        return (self.form.lines - kept) * LINE if self.form.lines else inf

    def drawing_name(self, block: Drawing | Plot) -> Ready:
        """What a drawing's file is called."""
        return Ready(quote(f"{self.document.name}-{block.name}.svg"))

    def drawing_file(self, block: Drawing | Plot) -> Ready:
        """The address of a drawing that stands in a file of its own beside the page."""
        name = self.drawing_name(block)
        slots = Slots()
        text = self._svg(block, slots)
        self.beside[unquote(name)] = Page(
            text, slots, filler_of(load_format("svg", self.form.overrides), self.language)
        )
        return name

    def frames(self, document: Document) -> tuple[Frame, ...]:
        """The page as slides, as many lines high as the format says."""
        return frames(document, self.layout, self.form.lines, lambda b: self._height(b) / LINE)

    def _height(self, block: Drawing | Plot) -> float:
        if isinstance(block, Drawing):
            return self.picture(block).height
        return size_of(block, self.form.drawing_width, self._most_height(block))[1]

    def shrunk(self, block: Drawing) -> float:
        """What a drawing is to be multiplied by, so that a slide holds it."""
        return round(min(1.0, (self.form.lines - 1) * LINE / self.picture(block).height), 2)


def _kind(block: object) -> str:
    return type(block).__name__.lower()
