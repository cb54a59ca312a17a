"""A page as slides: one idea a frame.

An idea is a sentence with the equations, matrices or tables that it announces.  A section's ideas are cut into
pieces (`cutting`), packed into frames (`packing`) and uncovered step by step (`overlays`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from chalkgrad.document.cutting import Cutter, joined
from chalkgrad.document.model import (
    Block,
    Document,
    Drawing,
    Emphasis,
    Equations,
    Facts,
    Heading,
    Inline,
    Listing,
    Paragraph,
    Span,
    Table,
)
from chalkgrad.document.overlays import Shown, Uncovering
from chalkgrad.document.packing import Piece, pack
from chalkgrad.document.plot import Plot
from chalkgrad.markup.layout import Layout


@dataclass(frozen=True)
class Frame:
    """One frame."""

    number: str
    """The number of its section, where its title is the section's."""
    title: Inline
    """The question it answers, else the title of its section."""
    labels: tuple[Inline, ...]
    """Where in the section it stands: the view, the layer, the sample."""
    anchors: tuple[str, ...]
    """Of the headings that begin here."""
    blocks: tuple[Shown, ...]
    part: int = 1
    parts: int = 1
    """The how-manieth it is of so many frames with the same title."""

    @property
    def fragile(self) -> bool:
        """Whether code stands on it, which beamer has to be told."""
        return any(isinstance(shown.block, Listing) for shown in self.blocks)


@dataclass(frozen=True)
class _Section:
    """What stands under a heading."""

    headings: tuple[Heading, ...]
    begins: tuple[str, ...]
    """The anchors of the headings that begin here."""
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class _Idea:
    """A sentence and what it announces."""

    labels: tuple[tuple[str, Inline], ...]
    """Kind and text of each."""
    question: Inline
    """The question it begins with; a frame that begins with the idea has it as its title."""
    blocks: tuple[Block, ...]
    """All that follows the question."""


def frames(
    document: Document, layout: Layout, lines: float, drawn: Callable[[Drawing | Plot], float]
) -> tuple[Frame, ...]:
    """The frames of a page, for slides of so many lines of text; `drawn` says how many a drawing or a plot
    takes."""
    cutter = Cutter(layout, lines, drawn)
    out: list[Frame] = []
    for section in _sections(document.blocks):
        out += _numbered(_frames(section, (document.title,), cutter))
    return tuple(out)


def _sections(blocks: Iterable[Block]) -> Iterator[_Section]:
    """The blocks between headings; a heading right under another one begins with it."""
    headings: tuple[Heading, ...] = ()
    begins: tuple[str, ...] = ()
    content: list[Block] = []
    for block in blocks:
        if not isinstance(block, Heading):
            content.append(block)
            continue
        if content:
            yield _Section(headings, begins, tuple(content))
            begins, content = (), []
        headings = (*headings[: block.level - 1], block)
        begins = (*begins, block.anchor)
    if content:
        yield _Section(headings, begins, tuple(content))


def _frames(section: _Section, opening: Inline, cutter: Cutter) -> Iterator[Frame]:
    ideas = list(_ideas(section.blocks))
    title, *view = [heading.text for heading in section.headings] or [opening]
    number = section.headings[-1].number if section.headings else ""
    begun: set[int] = set()
    uncovering = Uncovering()
    for i, pieces in enumerate(pack(cutter.pieces([idea.blocks for idea in ideas]), cutter.lines)):
        here = sorted({piece.idea for piece in pieces})
        common = _common([ideas[k].labels for k in here])
        question = ideas[here[0]].question
        labels = (*view, *(text for _, text in common))
        begun.add(here[0])
        yield Frame(
            "" if question else number,
            question or title,
            ((f"{number} ", *title), *labels) if question else labels,
            () if i else section.begins,
            uncovering.frame(list(_content(pieces, ideas, len(common), frozenset(begun)))),
        )
        begun.update(here)


def _numbered(found: Iterable[Frame]) -> Iterator[Frame]:
    """Neighbours of the same title, counted."""
    for _, same in groupby(found, key=lambda frame: (frame.title, frame.labels)):
        run = list(same)
        for i, frame in enumerate(run, 1):
            yield replace(frame, part=i, parts=len(run))


# ---- ideas --------------------------------------------------------------------------------------------------


_WORKED = (Equations, Table, Facts, Listing, Plot)
"""What makes an idea of its own, with or without a sentence before it."""


def _ideas(blocks: Sequence[Block]) -> Iterator[_Idea]:
    """A new idea begins with the first sentence after equations, tables or facts."""
    labels: list[tuple[str, Inline]] = []
    content: list[Block] = []
    worked: type[Block] | None = None  # what was worked after the idea's sentences
    for block, after in zip(map(_with_outcome, blocks), [*blocks[1:], None], strict=True):
        if isinstance(block, Paragraph):
            if worked and not _concludes(block, after):
                yield _idea(labels, content)
                content, worked = [], None
                if not block.label:
                    labels = labels[:-1]  # a new argument is no longer about that layer or sample alone
            if block.label:
                name, rest = _named(block.text)
                kinds = [kind for kind, _ in labels]
                labels = labels[: kinds.index(block.label)] if block.label in kinds else labels
                labels = [*labels, (block.label, name)]
                content += [Paragraph(rest)] if rest else []
                continue
        elif isinstance(block, _WORKED):
            if worked:
                yield _idea(labels, content)
                # the same again, for the next layer or sample; or another matter
                labels = labels if worked is type(block) else labels[:-1]
                content = []
            worked = type(block)
        content.append(block)
    if content:
        yield _idea(labels, content)


def _idea(labels: Sequence[tuple[str, Inline]], blocks: Sequence[Block]) -> _Idea:
    first, *others = blocks
    if not isinstance(first, Paragraph):
        return _Idea(tuple(labels), (), tuple(blocks))
    question, rest = _asked(first.text)
    return _Idea(tuple(labels), question, (*((Paragraph(rest),) if rest else ()), *others))


def _concludes(block: Paragraph, after: Block | None) -> bool:
    """Whether a sentence after equations ends their idea: it announces nothing, and is no question."""
    return not (block.label or isinstance(after, (*_WORKED, Drawing)) or _asked(block.text)[0])


def _with_outcome(block: Block) -> Block:
    """Equations whose lines go on to what they come to."""
    if not isinstance(block, Equations):
        return block
    return Equations(tuple(replace(line, links=line.links + line.outcome, outcome=()) for line in block.lines))


def _named(text: Inline) -> tuple[Inline, Inline]:
    """The name that a paragraph begins with, and what it goes on to say.

    >>> _named((Emphasis("Layer 1."), " Two paths."))
    (('Layer 1',), ('Two paths.',))
    """
    name, *rest = text
    assert isinstance(name, Emphasis)  # noqa: S101 (labels are written so, in every language)
    return (name.text.rstrip(". "),), _stripped(rest)


def _asked(text: Inline) -> tuple[Inline, Inline]:
    """The question that a paragraph begins with, and what it goes on to say.

    >>> _asked(("How far are the outputs? Quite far.",))
    (('How far are the outputs?',), ('Quite far.',))
    """
    for i, span in enumerate(text):
        if isinstance(span, str) and "." in span.split("?")[0]:
            break
        if isinstance(span, str) and "?" in span:
            asked, _, rest = span.partition("?")
            return (*text[:i], f"{asked}?"), _stripped([rest, *text[i + 1 :]])
    return (), text


def _stripped(spans: Sequence[Span]) -> Inline:
    """Without white space at the beginning."""
    if not spans:
        return ()
    first, *rest = spans
    text = first.lstrip() if isinstance(first, str) else first
    return (text, *rest) if text else tuple(rest)


# ---- what a frame holds -------------------------------------------------------------------------------------


def _common(stacks: Sequence[tuple[tuple[str, Inline], ...]]) -> tuple[tuple[str, Inline], ...]:
    """The labels that all ideas of a frame begin with."""
    out = []
    for labels in zip(*stacks, strict=False):
        if any(label != labels[0] for label in labels):
            break
        out.append(labels[0])
    return tuple(out)


def _content(
    pieces: Sequence[Piece], ideas: Sequence[_Idea], common: int, begun: frozenset[int]
) -> Iterator[Block]:
    """The blocks of a frame, with the labels and questions that its title cannot say."""
    for number, own in groupby(pieces, key=lambda piece: piece.idea):
        idea = ideas[number]
        if inner := idea.labels[common:]:
            yield Paragraph((Emphasis(" · ".join(_text(text) for _, text in inner)),))
        if idea.question and number not in begun:
            yield Paragraph(idea.question)
        yield from joined(list(own))


def _text(spans: Inline) -> str:
    return "".join(span for span in spans if isinstance(span, str))
