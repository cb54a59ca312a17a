"""The grader's sheet of an exam (`key.md`, `key.pdf`, …), some papers at a time.

A table holds a few papers and is rendered once; papers are filled in.  Its text is a piece of the file, whose
begin and end are those of a shell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from chalkgrad.document.exam import asked, grading
from chalkgrad.document.sentences import Sentences
from chalkgrad.exam.key import Answer
from chalkgrad.exam.structure import Structure
from chalkgrad.render.page import ANCHOR, Page
from chalkgrad.render.sheets import Shell
from chalkgrad.spec.exam import ExamSpec
from chalkgrad.spec.model import in_language

ABREAST = 40
"""How many papers stand in one table."""


@dataclass(frozen=True)
class Row:
    """An exercise on one paper."""

    paper: int
    student: str
    place: int
    """Its number there."""
    answers: Sequence[Answer]


@dataclass
class Tables:
    """The tables of one structure in one format."""

    structure: Structure
    name: str
    """Of the format."""
    has_names: bool
    has_places: bool
    """Whether papers have several exercises."""
    pages: dict[int, Page] = field(default_factory=dict)
    """By their number of rows."""

    def piece(self, rows: Sequence[Row]) -> str:
        """The tables of some papers."""
        cuts = range(0, len(rows), ABREAST)
        return "".join(self._table(rows[first : first + ABREAST]) for first in cuts)

    def _table(self, rows: Sequence[Row]) -> str:
        page = self.pages.get(len(rows))
        if page is None:
            page = self.pages[len(rows)] = self._page(rows)
        texts = {ANCHOR: f"k{rows[0].paper}"}
        mark = self.structure.example.language.decimal_mark
        for number, row in enumerate(rows):
            texts |= {grading.cell(number, name): text for name, text in _texts(row, mark)}
        return page.fill(texts=texts)

    def _page(self, rows: Sequence[Row]) -> Page:
        structure, scribe = self.structure, self.structure.example.unworked
        columns = [
            grading.Graded(question.label, at, asked.marks(scribe, points), question.is_choice)
            for question in structure.questions
            for at, points in zip(question.ats, question.points, strict=True)
        ]
        digits = max((max(len(answer.low), len(answer.high)) for row in rows for answer in row.answers), default=1)
        document = grading.grading(
            scribe, columns, len(rows), digits, has_names=self.has_names, has_places=self.has_places
        )
        return structure.example.part(self.name, document)


def _texts(row: Row, mark: str) -> Iterator[tuple[str, str]]:
    """What one row has of its own."""
    yield "paper", str(row.paper)
    yield "name", _shortened(row.student)
    yield "place", str(row.place)
    for place, answer in enumerate(row.answers):
        yield f"{place}", answer.shown.replace(mark, ".")
        yield f"{place}.low", answer.low
        yield f"{place}.high", answer.high
        yield f"{place}.letter", answer.letter


def _shortened(name: str) -> str:
    return name if len(name) <= grading.LONGEST_NAME else f"{name[: grading.LONGEST_NAME - 1].rstrip()}…"


def shell(spec: ExamSpec, first: Structure, name: str, papers: int, points: Fraction | None) -> Shell:
    """What stands around the tables in a format; `points` are those of every paper, if there is such a
    number."""
    language, header, example = spec.language, spec.header, first.example
    words = Sentences(example.language)
    front = grading.cover(
        words,
        in_language(language, spec.titles) or spec.name,
        in_language(language, header.course),
        in_language(language, header.date),
        papers,
        asked.marks(example.unworked, points) if points is not None else "",
    )
    return example.shell(name, front)


def whole(shell: Shell, pieces: Iterable[str]) -> Iterator[str]:
    """The whole sheet from its pieces, one after the other."""
    texts = {ANCHOR: "key"}
    yield shell.before
    yield shell.begin.fill(texts=texts)
    yield from pieces
    yield shell.end.fill(texts=texts)
    yield shell.after
