"""A solved spec: its numbers by id, and its pages in every format, for one set of numbers or for thousands."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from chalkgrad.catalogue.languages import load_language
from chalkgrad.catalogue.notations import notation_names
from chalkgrad.derivation.ids import id_of
from chalkgrad.derivation.model import Derivation
from chalkgrad.document import listing
from chalkgrad.document.asked import Asked
from chalkgrad.document.check import checked_parameters
from chalkgrad.document.model import Cover, Document
from chalkgrad.document.outline import Outline, outline_of, outlines_of
from chalkgrad.document.page import page, unshown
from chalkgrad.document.scribe import Scribe
from chalkgrad.document.sentences import Sentences
from chalkgrad.document.turns import turns_of
from chalkgrad.errors import (
    Place,
    Problem,
    ResourceError,
    SpecError,
    UnknownId,
    Unproven,
    advised,
    did_you_mean,
)
from chalkgrad.evaluation.chosen import Chosen
from chalkgrad.evaluation.columns import Column, Columns
from chalkgrad.evaluation.doubles import astray
from chalkgrad.evaluation.program import unroll
from chalkgrad.evaluation.rounding import Digits
from chalkgrad.evaluation.runner import Evaluation, evaluate
from chalkgrad.evaluation.variants import Carried, Variants
from chalkgrad.lessons import WAYS
from chalkgrad.markup.ambiguity import ambiguity
from chalkgrad.markup.naming import Naming
from chalkgrad.messages import Message
from chalkgrad.quantities import At, Quantity, plain_id
from chalkgrad.render.data import Records, written
from chalkgrad.render.files import write_all
from chalkgrad.render.fill import NO_TEXTS
from chalkgrad.render.formats import Format, load_format, pdf_of_latex
from chalkgrad.render.makers import PDF_ENGINES, made
from chalkgrad.render.numbers import width_of
from chalkgrad.render.page import Page, filler_of, render, render_part
from chalkgrad.render.sheets import Shell, shell
from chalkgrad.spec.model import Spec
from chalkgrad.spec.readers import exact_number

CHUNK = 1000
"""How many variants are computed at a time: memory does not grow with their number."""


Pages: TypeAlias = dict[Outline, Page]
"""What was rendered for each outline, in one format."""

SETTLED_AT_ONCE = 20_000
"""Up to so many numbers every digit is proven before a page is begun; of a larger network only those printed."""


@contextmanager
def undisturbed() -> Iterator[None]:
    """Without the cyclic garbage collector: nothing made here is cyclic, and walking through a hundred thousand
    new numbers again and again would take as long as making them."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class Step(NamedTuple):
    """One number of an example, with where it comes from."""

    id: str
    section: str
    value: float
    shown: str
    symbol: str
    """Its name, in LaTeX."""
    symbolic: str
    """Its formula with names, in LaTeX."""
    substituted: str
    """Its formula with numbers, in LaTeX."""
    factors: tuple[Mapping[str, Any], ...]
    """The links of its chain: id, value and shown of each."""


class Example:
    """A solved spec: its numbers by id, and its pages."""

    def __init__(
        self,
        spec: Spec,
        templates: Path | None = None,
        pdf_engine: str = PDF_ENGINES[0],
        asked: Sequence[Asked] = (),
    ) -> None:
        """`asked` says what stands in boxes: the answers to questions."""
        if pdf_engine not in PDF_ENGINES:
            known = ", ".join(PDF_ENGINES)
            unknown = Message(
                'no engine for PDFs is called "{name}"; there are: {known}', name=pdf_engine, known=known
            )
            raise ResourceError(advised(unknown, did_you_mean(pdf_engine, PDF_ENGINES)))
        self.spec = spec
        self.templates = templates
        self.pdf_engine = pdf_engine
        self.asked = asked
        self.language = load_language(spec.show.language)
        self.notation = spec.show.school
        self.way = WAYS[type(spec.lesson)]
        self.network = self.way.build(spec)
        self._be_unambiguous()
        self.derivation: Derivation = self.way.derive(self.network, spec)
        self.digits = Digits(spec.show.decimals, spec.show.significant, spec.show.rounding)
        self.program = unroll(
            self.derivation,
            updates=self.derivation.schedule.steps,
            checked=self._checked,
            carry_shown=self._carries_shown,
        )
        self.evaluation = self._evaluate()

    def _be_unambiguous(self) -> None:
        """Refuse a notation of the user's that would write two different things of this network alike."""
        show = self.spec.show
        if (show.symbols or show.notation not in notation_names()) and (
            pair := ambiguity(self.naming, self.network, self.spec.train)
        ):
            place = Place(self.spec.name, path="show.symbols" if show.symbols else "show.notation")
            found = Message("one and the same symbol for {one} and {other}", one=pair[0], other=pair[1])
            expected = Message("a symbol of its own for everything that the page speaks of")
            raise SpecError([Problem(place, found, expected)], show.language)

    @property
    def _checked(self) -> Sequence[Quantity]:
        """The parameters whose gradients are checked by central differences."""
        scribe = self._scribe(Outline())
        return checked_parameters(scribe) if self.derivation.paths and scribe.check == "differences" else ()

    @property
    def unshown(self) -> list[Asked]:
        """What was asked for and stands nowhere on the page."""
        return unshown(self.scribe, self.way.sections, self.asked)

    @property
    def _carries_shown(self) -> bool:
        return self.spec.show.carry == "shown"

    def _evaluate(self, given: Mapping[At, Fraction] | None = None) -> Evaluation:
        """All numbers, every digit of them settled; `given` replaces some that the spec gives."""
        places = self._places_of(given)
        try:
            evaluation = evaluate(
                self.program, self.derivation, self.digits, given=places, carry_shown=self._carries_shown
            )
            if len(self.program.registers) <= SETTLED_AT_ONCE:
                evaluation.settle()
        except Unproven as error:
            place = Place(self.spec.name, path="network")
            raise SpecError(
                [
                    Problem(
                        place,
                        Message("numbers beyond reach ({reason})", reason=error.message),
                        Message("numbers of ordinary size"),
                    )
                ],
                self.spec.show.language,
            ) from None
        return evaluation

    def _scribe(self, outline: Outline) -> Scribe:
        return Scribe(
            self.spec,
            self.derivation,
            self.notation,
            Sentences(self.language, self.notation.words),
            outline,
            self.spec.show.detail,
        )

    @cached_property
    def scribe(self) -> Scribe:
        """Who writes the page, knowing what its numbers make necessary to say."""
        return self._scribe(self._outline(self.evaluation))

    @cached_property
    def unworked(self) -> Scribe:
        """Who writes what is asked: nothing is said because of the numbers."""
        return self._scribe(Outline())

    @property
    def _lists_code(self) -> bool:
        return bool(self.spec.show.code) and self.spec.show.fade == "none" and listing.fits(self.network)

    def _outline(self, evaluation: Evaluation, given: Mapping[At, Fraction] | None = None) -> Outline:
        """What the numbers make necessary to say; `given` are those that the spec does not give."""
        outline = outline_of(evaluation, self.spec.show.fade)
        outline = replace(outline, turns=turns_of(evaluation, self.spec.lesson))
        if not self._lists_code:
            return outline
        columns = {at: Column.of([value]) for at, value in (given or {}).items()}
        missed = astray(self.program, columns, 1, lambda at: [evaluation.double(at)])
        return replace(outline, astray=missed[0])

    def _places_of(self, given: Mapping[At, Fraction] | None) -> dict[int, Fraction]:
        """The numbers that a program starts from; `given` replaces some that the spec gives."""
        return self.program.given | {self.program.register(at): v for at, v in (given or {}).items()}

    @cached_property
    def naming(self) -> Naming:
        """The notation, applied to this network."""
        shared = frozenset(layer.number for layer in self.network.layers if layer.bias == "shared")
        scheduled = self.spec.train is not None and bool(self.spec.train.optimizer.pytorch_scheduler)
        network = self.network
        return Naming(
            self.notation,
            network.shape,
            network.samples,
            shared,
            known=lambda at: id_of(self.derivation, at),
            scheduled=scheduled,
            output=network.cost.name,
        )

    @cached_property
    def document(self) -> Document:
        """The page before it has a format."""
        return self._paged(self.scribe)

    def _paged(self, scribe: Scribe, *, runnable: bool = False) -> Document:
        about = self.way.subtitle(scribe)
        return page(scribe, self.way.sections, about, runnable=runnable, asked=self.asked)

    def _document(self, name: str) -> Document:
        return self._paged(self.scribe, runnable=True) if self.form(name).runnable else self.document

    def form(self, name: str) -> Format:
        """A format by its name; PDFs are made by the engine that was chosen."""
        if name == "pdf" and self.pdf_engine != "typst":
            return pdf_of_latex(self.pdf_engine, self.templates)
        return load_format(name, self.templates)

    def page(self, name: str) -> Page:
        """The page in a format, with its slots open; it stands alone, without files beside it."""
        return self._rendered(name, self._document(name))

    def _rendered(self, name: str, document: Document, *, alone: bool = True) -> Page:
        return render(document, self.form(name), self.language, self.naming, self._width, alone=alone)

    def _width(self, at: At) -> int:
        """How wide a number stands on a page, in digits, about."""
        return width_of(self.evaluation.shown(at).text, self.language.sentence("word.undefined"))

    def part(self, name: str, document: Document) -> Page:
        """A document about this example in a format, to stand on a sheet with others."""
        return render_part(document, self.form(name), self.language, self.naming, self._width)

    def shell(self, name: str, cover: Cover) -> Shell:
        """What stands around such parts."""
        return shell(cover, self.form(name), self.language, self.naming, self._width)

    def content(self, name: str) -> str | bytes:
        """The finished page in a format, as its file holds it."""
        return made(self.form(name), self.text(name))

    def text(self, name: str) -> str:
        """The text of a page in a format; of a format that is no text (a PDF), what it is made from."""
        with undisturbed():
            return self._text(name)

    def _text(self, name: str) -> str:
        if name == "json":
            return json.dumps(written(self.data()), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
        return self.page(name).fill(self.evaluation)

    def fill(self, name: str, variants: Iterable[Mapping[str, Any]]) -> Iterator[str]:
        """The page in a format for many variants, each with other given numbers, by id.

        >>> pages = solve("mazur").fill("md", [{"x[1]": "0.1"}, {"x[1]": "0.2"}])
        >>> sum("0.2" in page for page in pages)
        2

        The structure is rendered once for each outline (which units are dead, which kinks are hit); numbers
        are filled in.
        """
        pages: Pages = {}
        remaining = iter(variants)
        while chunk := list(islice(remaining, CHUNK)):
            numbers = self.variants(self._columns_of(chunk), len(chunk))
            yield from self.filled(lambda document: self._rendered(name, document), numbers, pages)

    def _columns_of(self, variants: Sequence[Mapping[str, Any]]) -> Columns:
        """The given numbers of some variants, by id; the spec's own where a variant has no other."""
        ids = dict.fromkeys(id for variant in variants for id in variant)
        places = {id: self._given_at(id) for id in ids}
        own = {id: self.program.given[self.program.register(at)] for id, at in places.items()}
        return {
            at: Column.of([exact_number(variant[id]) if id in variant else own[id] for variant in variants])
            for id, at in places.items()
        }

    def variants(self, columns: Columns, count: int) -> Variants:
        """The numbers of `count` variants, whose given ones are those of the columns where there is one."""
        numbers = (self.program, self.derivation, self.digits, columns, count)
        return Carried(*numbers, self._evaluate) if self._carries_shown else Variants(*numbers)

    def filled(
        self,
        made: Callable[[Document], Page],
        variants: Variants,
        pages: Pages,
        texts: Mapping[str, Sequence[str]] = NO_TEXTS,
    ) -> list[str]:
        """The walk-through of each variant; `made` renders one, and `pages` keeps what it made, from chunk to
        chunk.  Of every text one entry a variant."""
        pages_of = _Pages(self, made, pages)
        with undisturbed():
            outlines: list[Outline | None] = [None] * variants.count
            if not self._carries_shown:
                outlines = self._outlines(variants)
            rows_of: dict[Outline | None, list[int]] = {}
            for row, outline in enumerate(outlines):
                rows_of.setdefault(outline, []).append(row)
            filled = [""] * variants.count
            for outline, rows in rows_of.items():
                own = {name: [column[row] for row in rows] for name, column in texts.items()}
                if outline is None:
                    found = [self._filled_alone(pages_of, variants, row, texts) for row in rows]
                elif len(rows) == variants.count:
                    found = pages_of[outline].fill_all(variants, texts)
                else:
                    found = pages_of[outline].fill_all(Chosen(variants, rows), own)
                for row, text in zip(rows, found, strict=True):
                    filled[row] = text
        return filled

    def _outlines(self, variants: Variants) -> list[Outline | None]:
        outlines = outlines_of(variants, self.spec.show.fade)
        if not self._lists_code:
            return outlines
        missed = astray(self.program, variants.columns, variants.count, variants.double_column)
        return [
            replace(found, astray=is_missed) if found else None
            for found, is_missed in zip(outlines, missed, strict=True)
        ]

    def _filled_alone(
        self, pages: _Pages, variants: Variants, variant: int, texts: Mapping[str, Sequence[str]]
    ) -> str:
        """One variant by itself: where each step is rounded, or numbers do not stay finite."""
        given = {at: column.table[column.picks[variant]] for at, column in variants.columns.items()}
        evaluation = variants.evaluation(variant) if isinstance(variants, Carried) else self._evaluate(given)
        own = {name: column[variant] for name, column in texts.items()}
        return pages[self._outline(evaluation, given)].fill(evaluation, own)

    def document_of(self, outline: Outline) -> Document:
        """The page where the numbers make this necessary to say."""
        return self._paged(self._scribe(outline))

    def _given_at(self, id: str) -> At:
        """Where a number that the spec gives stands, by its id."""
        place = self._places.get(plain_id(id, self.network.samples))
        if place is None or place[0] != "given":
            known = [name for name, (section, _) in self._places.items() if section == "given"]
            unknown = Message('no given number has the id "{id}"', id=id)
            raise UnknownId(advised(unknown, did_you_mean(id, known)))
        return place[1]

    def at(self, id: str) -> At:
        """What an id means.  Raises `UnknownId`."""
        return self._place(id)[1]

    def _place(self, id: str) -> tuple[str, At]:
        place = self._places.get(plain_id(id, self.network.samples))
        if place is None:
            unknown = Message('no number has the id "{id}"', id=id)
            raise UnknownId(advised(unknown, did_you_mean(id, self._places)))
        return place

    @cached_property
    def _records(self) -> Records:
        return Records(self.scribe, self.evaluation, self.naming, filler_of(load_format("json"), self.language))

    @cached_property
    def _places(self) -> dict[str, tuple[str, At]]:
        return {id: (section, at) for id, section, at in self._records.places()}

    def data(self) -> dict[str, Any]:
        """Everything as plain data, the JSON format's content."""
        return {
            "title": self.spec.title(self.language.code),
            "steps": [self._records.record(id, *place) for id, place in self._places.items()],
        }

    def ids(self) -> tuple[str, ...]:
        """The ids of all numbers, in the order of the page."""
        return tuple(self._places)

    def __getitem__(self, id: str) -> Step:
        """A number by its id: `example["dJ/dW1[1,2]"].value`."""
        record = self._records.record(plain_id(id, self.network.samples), *self._place(id))
        return Step(**{**record, "factors": tuple(record["factors"])})

    def __iter__(self) -> Iterator[Step]:
        """All numbers, in the order of the page."""
        return (self[id] for id in self._places)

    def __len__(self) -> int:
        """How many numbers there are."""
        return len(self._places)

    def to_markdown(self) -> str:
        """The page as Markdown with LaTeX mathematics, for GitHub and Jupyter."""
        return self.text("md")

    def to_latex(self) -> str:
        """The page as a LaTeX article."""
        return self.text("tex")

    def to_pdf(self) -> bytes:
        """The page as a PDF."""
        content = self.content("pdf")
        assert isinstance(content, bytes)  # noqa: S101 (every maker of PDFs gives bytes)
        return content

    def to_html(self) -> str:
        """The page as one HTML file, which can be read, printed and stepped through."""
        return self.text("html")

    def _repr_markdown_(self) -> str:
        """What a Jupyter cell shows."""
        return self.to_markdown()

    def save(self, folder: str | Path, formats: Iterable[str] = ("md", "tex", "json")) -> list[Path]:
        """Write pages into `folder/NAME/NAME.EXT`; returns where they lie.  All are made before any is written."""
        files = self.files(folder, formats)
        write_all(files)
        return list(files)

    def files(self, folder: str | Path, formats: Iterable[str]) -> dict[Path, str | bytes]:
        """What `save` would write, and where."""
        home = Path(folder) / self.spec.name
        return {home / file: content for name in formats for file, content in self._files(name).items()}

    def _files(self, name: str) -> dict[str, str | bytes]:
        """The page in a format by the name of its file, and the files beside it."""
        form = self.form(name)
        main = f"{self.spec.name}.{form.extension}"
        if form.drawings != "files":
            return {main: self.content(name)}
        with undisturbed():
            page = self._rendered(name, self.document, alone=False)
            beside = {file: drawing.fill(self.evaluation) for file, drawing in page.beside.items()}
            return {main: made(form, page.fill(self.evaluation)), **beside}


@dataclass(frozen=True)
class _Pages:
    """The page of each outline, rendered once."""

    example: Example
    made: Callable[[Document], Page]
    known: Pages

    def __getitem__(self, outline: Outline) -> Page:
        page = self.known.get(outline)
        if page is None:
            page = self.known[outline] = self.made(self.example.document_of(outline))
        return page
