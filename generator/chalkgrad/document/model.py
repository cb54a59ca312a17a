"""The document: a small closed set of blocks, without markup, notation or numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

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


Span: TypeAlias = str | Math | Emphasis | Crossreference | Code
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
class Caption:
    """Something written in a drawing, such as a weight at its edge."""

    text: Math
    kind: str
    """What it is, which decides its colour: `weight`, `value`, `bias`, `target`, `delta`, or the link of a chain:
    `up`, `loc`, `inp`."""
    id: str
    """The id of the quantity that it speaks of."""


@dataclass(frozen=True)
class DrawnUnit:
    """A circle of a drawing."""

    name: Math
    ids: tuple[str, ...]
    """The quantities that belong to it: `z1[2]`, `a1[2]`, `delta1[2]`."""
    above: Caption | None = None
    below: Caption | None = None
    beside: tuple[Caption, ...] = ()
    """One under the other, on the outer side of the drawing."""
    marked: bool = False
    """Whether it lies on the path that is shown."""


@dataclass(frozen=True)
class DrawnColumn:
    """The circles of a layer, top to bottom; None for units left out (dots)."""

    units: tuple[DrawnUnit | None, ...]
    below: Caption | None = None
    """What holds for the whole layer."""


@dataclass(frozen=True)
class DrawnEdge:
    """An arrow from a unit to one of the next column."""

    start: tuple[int, int]
    """Column and place in the column."""
    end: tuple[int, int]
    id: str = ""
    """The id of its weight, where it has one."""
    wordings: tuple[Caption, ...] = ()
    """What stands at it, the wordiest first: the one is taken that finds room at all edges."""
    marked: bool = False


@dataclass(frozen=True)
class DrawnLayers:
    """A network: columns of units, and arrows from each to the next."""

    columns: tuple[DrawnColumn | None, ...]
    """Left to right; None for layers left out (dots)."""
    edges: tuple[DrawnEdge, ...]


@dataclass(frozen=True)
class DrawnGate:
    """A gate of a computation graph, or something given to it."""

    signs: tuple[Math, ...]
    """What stands in it, the wordiest first: the first is taken that finds room."""
    ids: tuple[str, ...]
    """The quantities that belong to it: what it makes, and the derivative by that."""
    takes: tuple[int, ...] = ()
    """The gates whose results it takes in, counted from 0, in the order in which they are written."""
    is_ordered: bool = False
    """Whether that order matters, as it does for a difference."""
    name: Caption | None = None
    """Above it: what its result is called."""
    value: Caption | None = None
    """Above the wire that leaves it."""
    gradient: tuple[Caption, ...] = ()
    """Below that wire, the wordiest first."""

    @property
    def is_given(self) -> bool:
        """Whether it is an input of the graph."""
        return not self.takes


@dataclass(frozen=True)
class DrawnGraph:
    """A computation graph: inputs at the left, gates, and wires between them."""

    gates: tuple[DrawnGate, ...]
    """Each after all those whose results it takes in; the last makes the output."""


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


Block: TypeAlias = Heading | Paragraph | Remark | Equations | Facts | Table | Listing | Drawing | Plot


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
