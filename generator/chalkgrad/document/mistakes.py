"""What wrong ways lead to: for every mistake its numbers, question by question, and what wrong letters reveal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from chalkgrad.catalogue import misconceptions
from chalkgrad.document.exam.paper import OPTIONS, choice
from chalkgrad.document.model import Block, Cell, Emphasis, Inline, NumberCell, Own, OwnNumber, Paragraph, Table
from chalkgrad.document.sentences import Sentences
from chalkgrad.evaluation.wrong_answers import WrongAnswers
from chalkgrad.quantities import At

WIDEST = 6
"""So many numbers stand side by side beside the name of a mistake."""
NONE: Inline = ("–",)
"""Where a mistake changes nothing."""

Group: TypeAlias = tuple[str, ...]
"""Mistakes that lead to the same numbers; the empty one is none."""


def reveal(question: str, letter: int) -> str:
    """The name under which a sheet brings along what a letter of a question reveals, counted from 0.

    >>> reveal("a", 1)
    'choice.a.B.reveals'
    """
    return f"{choice(question, letter)}.reveals"


def mistakes(
    words: Sentences,
    heads: Mapping[At, Inline],
    answers: WrongAnswers,
    groups: Sequence[Group],
    offered: Mapping[str, int],
) -> Iterator[Block]:
    """A row for each group of mistakes, a column for each number that is asked, under its head; the first group
    has the right answers.  `offered` says for the questions with choices how many there are."""
    yield Paragraph((Emphasis("".join(map(str, words.say("mistakes.heading")))),))
    same = words.say("mistakes.same") if any(len(group) > 1 for group in groups) else ()
    yield Paragraph(words.join(words.say("mistakes.intro"), same))
    asked = [at for at in answers.asked if at in heads]
    size = -(-len(asked) // -(-len(asked) // WIDEST))
    for first in range(0, len(asked), size):
        columns = asked[first : first + size]
        shown = [
            group
            for group in groups
            if not group[0] or any((id, at) in answers.places for id in group for at in columns)
        ]
        rows = tuple(row for group in shown for row in _rows(words, group, columns, answers))
        yield Table((words.say("mistakes.mistake"), *(heads[at] for at in columns)), rows)
    for question, count in offered.items():
        yield _letters(words, question, count)


def _letters(words: Sentences, question: str, count: int) -> Table:
    """What each letter of a question reveals."""
    head = (
        (f"{question}) ", *words.say("mistakes.letter")),
        words.say("table.value"),
        words.say("mistakes.mistake"),
    )
    rows = [((OPTIONS[i],), (OwnNumber(choice(question, i)),), (Own(reveal(question, i)),)) for i in range(count)]
    return Table(head, tuple(rows))


def _rows(
    words: Sentences, group: Group, columns: Sequence[At], answers: WrongAnswers
) -> Iterator[tuple[Cell, ...]]:
    """A row for each mistake of a group, all with its numbers; a dot before those that are not the first."""
    for id in group:
        dot: Inline = () if id == group[0] else ("· ",)
        yield ((*dot, *said(words, id)), *(_cell(group, at, answers) for at in columns))


def _cell(group: Group, at: At, answers: WrongAnswers) -> Cell:
    if not group[0]:
        return NumberCell(at)
    places = [answers.places[id, at] for id in group if (id, at) in answers.places]
    return NumberCell(places[0]) if places else NONE


def said(words: Sentences, id: str) -> Inline:
    """What somebody does who makes a mistake or a slip, or none."""
    name, _, place = id.removesuffix("]").partition("[")
    if not name:
        return words.say("mistakes.right")
    if name not in misconceptions.BY_NAME:
        return words.say(f"slip.{name}")
    return words.say("mistake.dropped_path", place=place) if place else words.say(f"mistake.{name}")
