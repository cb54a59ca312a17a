"""For graders: the number that each mistake leads to, question by question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from chalkgrad.derivation.mistaken.rules import Mistaken
from chalkgrad.document.model import Block, Cell, Inline, NumberCell, Paragraph, Table
from chalkgrad.document.sentences import Sentences
from chalkgrad.evaluation.wrong_answers import WrongAnswers
from chalkgrad.quantities import At

WIDEST = 5
"""So many numbers stand side by side beside the name of a mistake."""
NONE: Inline = ("–",)
"""Where a mistake changes nothing."""

Group: TypeAlias = tuple[str, ...]
"""Mistakes that lead to the same numbers; the empty one is none."""


def mistakes(
    words: Sentences, heads: Mapping[At, Inline], answers: WrongAnswers, groups: Sequence[Group]
) -> Iterator[Block]:
    """A row for each group of mistakes, a column for each number that is asked, under its head; the first group
    has the right answers."""
    asked = [at for at in answers.asked if at in heads]
    yield Paragraph(words.say("mistakes.intro"))
    for first in range(0, len(asked), WIDEST):
        columns = asked[first : first + WIDEST]
        rows = (_row(words, group, columns, answers) for group in groups)
        shown = tuple(row for row in rows if any(isinstance(cell, NumberCell) for cell in row))
        yield Table((words.say("mistakes.mistake"), *(heads[at] for at in columns)), shown)


def _row(words: Sentences, group: Group, columns: Sequence[At], answers: WrongAnswers) -> tuple[Cell, ...]:
    by_id = {mistake.id: mistake for mistake in answers.mistakes}
    names = [said(words, by_id[id]) if id else words.say("mistakes.right") for id in group]
    label: list[object] = []
    for name in names:
        label += [" · ", *name] if label else name
    return (tuple(label), *(_cell(group, at, answers) for at in columns))  # type: ignore[arg-type]


def _cell(group: Group, at: At, answers: WrongAnswers) -> Cell:
    if not group[0]:
        return NumberCell(at)
    places = [answers.places[id, at] for id in group if (id, at) in answers.places]
    return NumberCell(places[0]) if places else NONE


def said(words: Sentences, mistake: Mistaken) -> Inline:
    """What somebody does who makes it."""
    row = mistake.misconception
    if row.is_placed:
        return words.say(f"mistake.{row.name}", place=mistake.place)
    return words.say(f"mistake.{row.name}")
