"""Activation sheets: of each function its formula, behaviour and plot, its derivative line by line, its values.

Softmax, whose outputs depend on all weighted sums, has a sheet of its own; a table of all functions ends the page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chalkgrad.document import softmax
from chalkgrad.document.model import (
    Block,
    Cell,
    Emphasis,
    Heading,
    Inline,
    Paragraph,
    Table,
)
from chalkgrad.document.numbering import Numbering
from chalkgrad.document.scribe import EQUALS, Scribe
from chalkgrad.document.sheet import SheetWriter, interval
from chalkgrad.markup.nodes import (
    Name,
    Num,
    Row,
    Sign,
    Word,
)
from chalkgrad.network.activations import BOUND, POINT, Sheet, sheets
from chalkgrad.quantities import At
from chalkgrad.spec.lessons.activations import ActivationsLesson

DASH = "–"


def subtitle(scribe: Scribe) -> Iterator[Inline]:
    """How many functions, at how many points."""
    found = sheets(lesson_of(scribe))
    if found:
        yield scribe.say("subtitle.activations", count=scribe.network.samples)
    else:
        yield scribe.say("subtitle.softmax")


def lesson_of(scribe: Scribe) -> ActivationsLesson:
    """What the spec asks for."""
    lesson = scribe.spec.lesson
    assert isinstance(lesson, ActivationsLesson)  # noqa: S101 (the only lesson that this page is written for)
    return lesson


def sections(scribe: Scribe, numbering: Numbering) -> Iterator[Block]:
    """A section for each function, one for softmax, one that compares."""
    lesson = lesson_of(scribe)
    found = sheets(lesson)
    for sheet in found:
        yield _heading(scribe, numbering, sheet)
        yield from SheetWriter(scribe, sheet).blocks()
    if lesson.softmax_at:
        yield numbering.heading(1, scribe.say("sheet.softmax"))
        yield from softmax.blocks(scribe, numbering, len(lesson.softmax_at))
    if len(found) + bool(lesson.softmax_at) > 1:
        yield numbering.heading(1, scribe.say("heading.comparison"))
        yield _comparison(scribe, found)
        yield Paragraph(scribe.say("sheet.saturation_meant", bound=Num(At(BOUND))))
        yield Paragraph(scribe.say("sheet.when"))
        names = [*(sheet.row.name for sheet in found), *(["softmax"] if lesson.softmax_at else [])]
        yield from (_use(scribe, name) for name in dict.fromkeys(names) if name != "formula")


def _use(scribe: Scribe, name: str) -> Paragraph:
    """What a function is good for."""
    label = "".join(span for span in scribe.say(f"activation.{name}") if isinstance(span, str))
    return Paragraph((Emphasis(f"{label}:"), " ", *scribe.say(f"use.{name}")))


def _heading(scribe: Scribe, numbering: Numbering, sheet: Sheet) -> Heading:
    title = scribe.say(f"sheet.{sheet.row.name}")
    for setting in sheet.settings:
        title = (*title, ", ", Row((scribe.name(setting), EQUALS, scribe.num(setting))))
    return numbering.heading(1, title)


def _comparison(scribe: Scribe, found: Sequence[Sheet]) -> Table:
    """A row for each function."""
    keys = ("table.function", "fact.range", "table.zero_centred", "table.saturates", "table.dead")
    rows: list[tuple[Cell, ...]] = []
    for sheet in found:
        name = scribe.say(f"activation.{sheet.row.name}")
        for setting in sheet.settings:
            name = (*name, ", ", Row((scribe.name(setting), EQUALS, scribe.num(setting))))
        rows.append((name, *_compared(scribe, sheet)))
    if lesson_of(scribe).softmax_at:
        reach = Row((Word("("), Word("0"), Sign(scribe.language.separator), Word("1"), Word(")")))
        both = scribe.say("table.both_sides")
        rows.append((scribe.say("activation.softmax"), (reach,), scribe.say("word.no"), both, (DASH,)))
    return Table(tuple(scribe.say(key) for key in keys), tuple(rows))


def _compared(scribe: Scribe, sheet: Sheet) -> Iterator[Cell]:
    behaviour = sheet.behaviour
    if behaviour is None:
        yield from [(DASH,)] * 4 if sheet.row.differentiable else _step_compared(scribe)
        return
    yield (interval(scribe, sheet),)
    yield scribe.say("word.yes" if behaviour.is_odd else "word.no")
    # none of the catalogue dies away on the right alone
    left, right = behaviour.saturates_below is not None, behaviour.saturates_above is not None
    yield scribe.say("table.both_sides" if right else "table.left") if left else (DASH,)
    z = Name(POINT._replace(per_sample=False))
    yield (Row((z, Sign("<"), Word("0"))),) if behaviour.dead_below else (DASH,)


def _step_compared(scribe: Scribe) -> Iterator[Cell]:
    yield scribe.say("table.zero_or_one")
    yield scribe.say("word.no")
    yield (DASH,)
    yield scribe.say("table.everywhere")
