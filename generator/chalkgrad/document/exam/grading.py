"""The sheet of a grader: every paper with its answers and what is accepted for each, in tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from chalkgrad.document.answers import named
from chalkgrad.document.model import (
    Block,
    Cell,
    Cover,
    Document,
    Emphasis,
    ExamHead,
    Inline,
    Own,
    OwnNumber,
    PageNumber,
    Paragraph,
    Table,
)
from chalkgrad.document.scribe import Scribe
from chalkgrad.document.sentences import Sentences
from chalkgrad.quantities import At

LINE = 78
"""How many digits stand side by side in a table."""
BESIDE = 5
"""What a column takes beside its digits."""
LONGEST_NAME = 24


@dataclass(frozen=True)
class Graded:
    """A column: an answer of every paper."""

    label: str
    """Of its question: `a`."""
    at: At
    marks: str
    """Its points, as the language writes them."""
    is_choice: bool = False
    """Whether the letter of the right choice stands before it."""


def cell(row: int, name: str) -> str:
    """The name of a text of one row, counted from 0: `r3.paper`, `r3.0`, `r3.0.low`."""
    return f"r{row}.{name}"


def cover(words: Sentences, title: str, course: str, date: str, papers: int, marks: str) -> Cover:
    """What stands around the tables."""
    kind = words.say("grading.kind")
    fields: list[tuple[Inline, Inline]] = [(words.say("grading.papers"), (str(papers),))]
    if marks:
        fields.append((words.say("exam.points_head"), (marks,)))
    head = ExamHead((course,) if course else (), (title,), (date,) if date else (), kind, tuple(fields))
    foot = words.say("grading.foot", page=PageNumber(), pages=PageNumber(last=True))
    notes = (Paragraph(words.say("grading.accepted")),)
    return Cover(title, head, notes, foot, words.language.code)


def grading(
    scribe: Scribe, columns: Sequence[Graded], rows: int, digits: int, *, has_names: bool, has_places: bool
) -> Document:
    """The answers of some papers of an exercise, `digits` of them wide; where papers have several exercises, under
    the title of this one, and with the number that it has on each."""
    language = scribe.language.code
    blocks: list[Block] = []
    if has_places:
        blocks.append(Paragraph((Emphasis(scribe.spec.title(language)),)))
    parts = _parts(len(columns), digits, has_names=has_names, has_places=has_places)
    for part in parts:
        own = [(place, columns[place]) for place in part]
        head = tuple(_front(scribe, has_names=has_names, has_places=has_places))
        names = tuple((f"{column.label}) ", *named(scribe, column.at)) for _, column in own)
        marks: tuple[Cell, ...] = tuple((column.marks,) for _, column in own)
        first: tuple[Cell, ...] = (scribe.say("exam.points_head"), *((),) * (len(head) - 1), *marks)
        body: list[tuple[Cell, ...] | None] = [first]
        body += [None, *(_row(row, own, has_names=has_names, has_places=has_places) for row in range(rows))]
        blocks.append(Table((*head, *names), tuple(body)))
    return Document(scribe.spec.name, scribe.spec.title(language), (), tuple(blocks), language)


def _parts(count: int, digits: int, *, has_names: bool, has_places: bool) -> list[range]:
    """The columns of each table: as many as a line holds, and about as many in each."""
    room = LINE - 6 - (LONGEST_NAME if has_names else 0) - (6 if has_places else 0)
    abreast = max(1, int(room // (3 * digits + BESIDE)))
    tables = ceil(count / abreast)
    size = ceil(count / tables)
    return [range(first, min(first + size, count)) for first in range(0, count, size)]


def _front(scribe: Scribe, *, has_names: bool, has_places: bool) -> Iterator[Inline]:
    """The heads of what tells papers apart."""
    yield scribe.say("exam.paper")
    if has_names:
        yield scribe.say("exam.name")
    if has_places:
        yield scribe.say("grading.number")


def _row(
    row: int, columns: Sequence[tuple[int, Graded]], *, has_names: bool, has_places: bool
) -> tuple[Cell, ...]:
    """A paper: its answers, and beside each what is accepted."""
    front: list[Cell] = [(Own(cell(row, "paper")),)]
    if has_names:
        front.append((Own(cell(row, "name")),))
    if has_places:
        front.append((Own(cell(row, "place")),))
    return (*front, *(_answer(row, place, is_choice=column.is_choice) for place, column in columns))


def _answer(row: int, place: int, *, is_choice: bool) -> Inline:
    low, high = OwnNumber(cell(row, f"{place}.low")), OwnNumber(cell(row, f"{place}.high"))
    letter = (Own(cell(row, f"{place}.letter")), ": ") if is_choice else ()
    return (*letter, OwnNumber(cell(row, f"{place}")), " (", low, " … ", high, ")")
