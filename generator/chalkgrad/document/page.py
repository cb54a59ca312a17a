"""The frame of every page: the author's note, the lesson's sections, then what is added to any of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TypeAlias

from chalkgrad.document import listing
from chalkgrad.document.asked import Asked, boxed
from chalkgrad.document.fade import Worksheet
from chalkgrad.document.model import Block, Document, Inline, Remark
from chalkgrad.document.numbering import Numbering
from chalkgrad.document.scribe import Scribe

Sections: TypeAlias = Callable[[Scribe, Numbering], Iterator[Block]]
"""Writes the sections of one kind of lesson."""


def page(
    scribe: Scribe,
    sections: Sections,
    about: Iterable[Inline],
    *,
    runnable: bool = False,
    asked: Iterable[Asked] = (),
) -> Document:
    """The whole page; where it can be run, with programs for all its numbers.  `about` says in a few words what is
    worked; what was `asked` for stands in boxes."""
    blocks: list[Block] = []
    numbering = Numbering()
    if note := scribe.spec.note(scribe.language.code):
        blocks.append(Remark((note,)))
    blocks += sections(scribe, numbering)
    blocks, _ = boxed(scribe, blocks, asked)
    if scribe.spec.show.fade != "none":
        sheet = Worksheet(scribe)
        blocks = sheet.faded(blocks)
        if sheet.numbers:
            blocks.insert(0, Remark(sheet.instructions()))
            if scribe.spec.show.key == "end":
                heading = replace(numbering.heading(1, scribe.say("heading.key")), apart=True)
                blocks += [heading, sheet.key()]
    elif code := list(
        listing.blocks(scribe, runnable=runnable)
    ):  # a worksheet's answers are not for a program to print
        blocks += [numbering.heading(1, scribe.say("heading.code")), *code]
    language = scribe.language.code
    subtitle = scribe.words.join(*about, *_digits(scribe))
    return Document(scribe.spec.name, scribe.spec.title(language), subtitle, tuple(blocks), language)


def unshown(scribe: Scribe, sections: Sections, asked: Iterable[Asked]) -> list[Asked]:
    """What was asked for and stands nowhere on the page."""
    return boxed(scribe, list(sections(scribe, Numbering())), asked)[1]


def _digits(scribe: Scribe) -> Iterator[Inline]:
    """How many digits are shown, and with which the steps go on."""
    show = scribe.spec.show
    digits = (
        scribe.say("digits.decimals", count=show.decimals)
        if show.decimals is not None
        else scribe.say("digits.significant", count=show.significant)
    )
    yield scribe.say(f"carry.{show.carry}", digits=digits)
    if show.rounding != "half_up":
        yield scribe.say(f"rounding.{show.rounding}")
