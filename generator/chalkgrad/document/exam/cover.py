"""What stands around the exercises of each sheet: the head with its fields and marks, instructions, the foot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chalkgrad.document.model import Cover, ExamHead, Inline, Own, PageNumber, Paragraph
from chalkgrad.document.sentences import Sentences

PAPER, STUDENT, ID, TOTAL = "paper", "student", "id", "total"
"""The texts that a sheet has of its own: the number of the paper, whose it is, and the points of all exercises."""
FIELDS = {"name": STUDENT, "id": ID}
"""The fields that a list of students fills in."""
MOST_MARKS = 8
"""So many columns of marks stand beside each other."""


@dataclass(frozen=True)
class Marks:
    """A table for the marks: what its columns are, and for each its label and its points."""

    heading: str
    """The key of what a column is: `exam.question` or `exam.exercises`."""
    columns: tuple[tuple[Inline, Inline], ...]
    total: Inline


def points_at(place: int) -> str:
    """The name of a sheet's text for the points of its exercise at a place, counted from 1."""
    return f"points.{place}"


def cover(
    words: Sentences,
    title: str,
    *,
    course: str = "",
    date: str = "",
    fields: Sequence[str] = tuple(FIELDS),
    instructions: str = "",
    marks: Marks | None = None,
    solved: bool = False,
    named: bool = False,
) -> Cover:
    """The cover of an exam's papers or, where it is `solved`, of its worked solutions.

    Fields that are called `name` and `id` are filled in where the sheets are `named`; all others are the author's.
    A solution that is nobody's has none: nobody writes on it.
    """
    entries: list[tuple[Inline, Inline]] = []
    for field in fields if named or not solved else ():
        own = FIELDS.get(field)
        text: Inline = words.say("exam.name") if own == STUDENT else words.say("exam.id") if own else (field,)
        entries.append((text, (Own(own),) if own and named else ()))
    entries.append((words.say("exam.paper"), (Own(PAPER),)))
    kind = words.say("exam.solution") if solved else ()
    head = ExamHead(_text(course), (title,), _text(date), kind, tuple(entries), _grades(words, marks))
    notes = (Paragraph((instructions,)),) if instructions else ()
    key = "exam.foot_solution" if solved else "exam.foot"
    foot = words.say(key, paper=Own(PAPER), page=PageNumber(), pages=PageNumber(last=True))
    return Cover(title, head, notes, foot, words.language.code)


def _text(text: str) -> Inline:
    return (text,) if text else ()


def _grades(words: Sentences, marks: Marks | None) -> tuple[tuple[tuple[Inline, ...], ...], ...]:
    if marks is None:
        return ()
    total = (words.say("exam.total"), marks.total)
    return tuple(
        (
            (words.say(marks.heading), *(label for label, _ in part)),
            (words.say("exam.points_head"), *(points for _, points in part)),
            (words.say("exam.marks"), *(() for _ in part)),
        )
        for part in _parted((*marks.columns, total))
    )


def _parted(columns: tuple[tuple[Inline, Inline], ...]) -> list[tuple[tuple[Inline, Inline], ...]]:
    """The columns in tables of about the same width, none too wide."""
    size = -(-len(columns) // -(-len(columns) // MOST_MARKS))
    return [columns[first : first + size] for first in range(0, len(columns), size)]
