"""The document: a small closed set of blocks, without markup, notation or numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from chalkgrad.document.drawn import DrawnGraph, DrawnLayers
from chalkgrad.document.plot import Plot
from chalkgrad.markup.nodes import Blank, Math, Name, Tint
from chalkgrad.quantities import At, Partial


@dataclass(frozen=True)
class Emphasis:
    """Stressed words."""

    text: str


@dataclass(frozen=True)
class Crossreference:
    """A pointer to a heading of the same page."""

    anchor: str
    number: str


@dataclass(frozen=True)
class Literal:
    """A given number inside code, with all its digits as Python reads them: `0.15`, `1/3`."""

    at: At


@dataclass(frozen=True)
class Printed:
    """What a listing prints for a number: up to ten digits of the number with all digits carried."""

    at: At


CodeLine: TypeAlias = tuple[str | Literal | Printed, ...]


@dataclass(frozen=True)
class Code:
    """Code inside a sentence or a table."""

    line: CodeLine


@dataclass(frozen=True)
class Own:
    """A text that each sheet of an exam has of its own: `paper`, `student`.  It comes when the page is filled."""

    name: str


@dataclass(frozen=True)
class OwnNumber:
    """A number that each sheet brings along by name, such as one of the answers to choose from."""

    name: str


@dataclass(frozen=True)
class Gap:
    """Empty room to write in, as wide as so many digits: it tells nothing of the number that belongs there."""

    digits: int


@dataclass(frozen=True)
class PageNumber:
    """The number of a sheet's page or, as `last`, how many it has; only where a format has pages."""

    last: bool = False


Span: TypeAlias = str | Math | Emphasis | Crossreference | Code | Own | OwnNumber | Gap | PageNumber
Inline: TypeAlias = tuple[Span, ...]


@dataclass(frozen=True)
class Heading:
    """The title of a section or subsection."""

    level: int
    number: str
    text: Inline
    anchor: str
    apart: bool = False
    """Whether it begins a new page, where a format has pages."""


@dataclass(frozen=True)
class Paragraph:
    """Sentences."""

    text: Inline
    label: str = ""
    """What the paragraph, or its first words, merely name: a `layer` or a `sample`; empty for an argument."""


@dataclass(frozen=True)
class Remark:
    """A note beside the argument: a convention, a warning, another book's word."""

    text: Inline


@dataclass(frozen=True)
class Link:
    """One step of a chain of equalities: the relation and what follows it."""

    relation: Math
    body: Math


@dataclass(frozen=True)
class Line:
    """A chain of equalities; the layout may break it before any relation."""

    left: Math
    links: tuple[Link, ...]
    spaced: bool = False
    """Whether a new group of lines begins here."""
    outcome: tuple[Link, ...] = ()
    """What the line comes to, for slides; on a page the lines that follow say it."""

    @property
    def subject(self) -> Name | None:
        """The quantity that stands on its left side, whatever its colour."""
        left = self.left.body if isinstance(self.left, Tint) else self.left
        return left if isinstance(left, Name) else None


@dataclass(frozen=True)
class Equations:
    """Lines aligned on their relations."""

    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Facts:
    """What is given: a label, and short pieces of mathematics or words that may wrap."""

    rows: tuple[tuple[Inline, tuple[Inline, ...]], ...]


@dataclass(frozen=True)
class NumberCell:
    """A number in a table; its column aligns on the decimal mark."""

    at: At


Cell: TypeAlias = Inline | NumberCell


@dataclass(frozen=True)
class Table:
    """A head and rows; a row of None draws a rule."""

    head: tuple[Inline, ...]
    rows: tuple[tuple[Cell, ...] | None, ...]

    @property
    def is_tall(self) -> bool:
        """Whether its rows need more room: fractions stand in them, or blanks to write in."""
        cells = [cell for row in self.rows for cell in row or () if not isinstance(cell, NumberCell)]
        return any(
            isinstance(span, Blank) or (isinstance(span, Name) and isinstance(span.quantity, Partial))
            for cell in cells
            for span in cell
        )


@dataclass(frozen=True)
class Listing:
    """A program that can be run as it stands."""

    language: str
    """For what colours it: `python`."""
    lines: tuple[CodeLine, ...]
    """Of at most 79 characters; an empty line is an empty tuple."""


@dataclass(frozen=True)
class Drawing:
    """A picture, without coordinates."""

    name: str
    """Tells it from the page's other drawings: names its file where it has one."""
    alt: str
    """Says in a sentence what is to be seen."""
    content: DrawnLayers | DrawnGraph
    legend: Inline = ()
    """What is said under it."""
    without_captions: Inline = ()
    """What is said instead where the captions of the edges or wires find no room."""


@dataclass(frozen=True)
class ExamHead:
    """The top of a sheet: what is examined, what kind of sheet it is, whose it is, and the points."""

    course: Inline
    title: Inline
    date: Inline
    kind: Inline
    """Which paper it is, and whether it is worked."""
    fields: tuple[tuple[Inline, Inline], ...]
    """Label and content; an empty content is for the student to write."""
    grades: tuple[tuple[tuple[Inline, ...], ...], ...] = ()
    """Tables for the marks, each a head, the points to reach, and empty cells for those that were reached."""


@dataclass(frozen=True)
class ExerciseHead:
    """Where an exercise of a sheet begins."""

    text: Inline
    points: Inline


@dataclass(frozen=True)
class Formulas:
    """Rules that may be looked up, set apart from what is given."""

    title: Inline
    facts: Facts


@dataclass(frozen=True)
class AnswerLines:
    """Lines to work on."""

    count: int

    @property
    def each(self) -> range:
        """One entry a line."""
        return range(self.count)


@dataclass(frozen=True)
class AnswerBox:
    """Where answers go: for each its name, `=`, and empty room."""

    entries: tuple[Inline, ...]


@dataclass(frozen=True)
class Choices:
    """Answers to choose from: a letter and what stands beside it."""

    options: tuple[tuple[str, Inline], ...]


@dataclass(frozen=True)
class Question:
    """What is asked, what it is worth and where the answer goes; no page ends inside it."""

    label: str
    text: Inline
    points: Inline
    answer: tuple[AnswerLines | AnswerBox | Choices | Table, ...]


Block: TypeAlias = (
    Heading
    | Paragraph
    | Remark
    | Equations
    | Facts
    | Table
    | Listing
    | Drawing
    | Plot
    | ExamHead
    | ExerciseHead
    | Formulas
    | Question
)


@dataclass(frozen=True)
class Document:
    """A page."""

    name: str
    """The name of the spec: names files that stand beside the page, and keeps its labels apart from those of other
    pages in the same document."""
    title: str
    subtitle: Inline
    blocks: tuple[Block, ...]
    language: str


@dataclass(frozen=True)
class Cover:
    """What stands around the exercises of every sheet of an exam."""

    title: str
    """Of the file."""
    head: ExamHead
    notes: tuple[Block, ...]
    """What holds for the whole sheet: instructions."""
    foot: Inline
    """What stands at the foot of every page."""
    language: str
