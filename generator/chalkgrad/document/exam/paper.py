"""An exercise on a paper, and the same exercise on a sheet of worked solutions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from chalkgrad.document import rules
from chalkgrad.document.answers import named
from chalkgrad.document.exam.asked import CHOICE, TABLE, Item, points_text, sentence
from chalkgrad.document.exam.effort import Effort
from chalkgrad.document.exam.formulas import formulas
from chalkgrad.document.model import (
    AnswerBox,
    AnswerLines,
    Block,
    Choices,
    Document,
    ExerciseHead,
    Gap,
    Inline,
    Own,
    OwnNumber,
    Paragraph,
    Question,
    Remark,
    Table,
)
from chalkgrad.document.scribe import EQUALS, Scribe
from chalkgrad.evaluation.rounding import Digits
from chalkgrad.markup.nodes import Name, Row
from chalkgrad.quantities import At

EXERCISE, POINTS = "exercise", "points"
"""The texts that an exercise has of its own on each sheet: its number there, and `7 points`."""
OPTIONS = "ABCDEFGH"
WRITTEN = 1.8
"""How much wider digits are by hand than in print."""
ABREAST = 5
"""So many numbers stand beside each other in a table to fill in."""


def choice(label: str, option: int) -> str:
    """The name under which a sheet brings along the number of an option, counted from 0.

    >>> choice("a", 1)
    'choice.a.B'
    """
    return f"choice.{label}.{OPTIONS[option]}"


def exercise(
    scribe: Scribe,
    about: Iterable[Inline],
    posed: Callable[[Scribe], Iterable[Block]],
    items: Sequence[Item],
    work: Digits,
    *,
    with_formulas: bool = False,
) -> Document:
    """An exercise as the student sees it: `about` and `posed` say what is given, `items` what is asked, `work`
    how many digits are to be carried.

    Nothing on it depends on an answer, not even how wide its room is.
    """
    blocks: list[Block] = [_head(scribe), Paragraph(scribe.words.join(*about)), *posed(scribe)]
    if any(_is_moved(scribe, at) for item in items for at in item.ats):
        blocks += [block for block in rules.rules(scribe) if not isinstance(block, Remark)]
    if with_formulas:
        blocks += formulas(scribe)
    blocks.append(Paragraph(_carried(scribe, work)))
    blocks += _questions(scribe, items, work)
    return _document(scribe, blocks)


def solution(scribe: Scribe, worked: Document) -> Document:
    """The same exercise, worked."""
    return replace(worked, blocks=(_head(scribe), Paragraph(worked.subtitle), *worked.blocks))


def _document(scribe: Scribe, blocks: Iterable[Block]) -> Document:
    language = scribe.language.code
    return Document(scribe.spec.name, scribe.spec.title(language), (), tuple(blocks), language)


def _head(scribe: Scribe) -> ExerciseHead:
    return ExerciseHead(scribe.say("exam.exercise", number=Own(EXERCISE)), (Own(POINTS),))


def _is_moved(scribe: Scribe, at: At) -> bool:
    """Whether a number is known only after an update by the rules of an optimizer."""
    network = scribe.network
    has_rules = scribe.spec.train is not None and bool(network.layers) and network.rule is None
    return has_rules and at.time > 0


def _carried(scribe: Scribe, work: Digits) -> Inline:
    """How many digits a student carries."""
    if work.decimals is not None:
        digits = scribe.say("digits.decimals", count=work.decimals)
    else:
        digits = scribe.say("digits.significant", count=work.significant)
    return scribe.say("exam.carry", digits=digits)


def _questions(scribe: Scribe, items: Sequence[Item], work: Digits) -> Iterator[Question]:
    effort = Effort(scribe)
    for item in items:
        lines = AnswerLines(effort.lines(item.ats))
        answer: tuple[AnswerLines | AnswerBox | Choices | Table, ...]
        if item.form == CHOICE:
            offered = ((OPTIONS[i], OwnNumber(choice(item.label, i))) for i in range(item.choices))
            answer = (lines, Choices(tuple((letter, (number,)) for letter, number in offered)))
        elif item.form == TABLE:
            answer = (lines, *_tables(scribe, item.ats, work))
        else:
            box = tuple((*_equation(scribe, at), Gap(_room(work))) for at in item.ats)
            answer = (lines, AnswerBox(box))
        points = (points_text(scribe, item.points),)
        yield Question(f"{item.label})", sentence(scribe, item), points, answer)


def _equation(scribe: Scribe, at: At) -> Inline:
    """A number's name and what stands before its room."""
    name = named(scribe, at)
    if len(name) == 1 and isinstance(name[0], Name):
        return (Row((name[0], EQUALS)), " ")
    return (*name, ": ")


def _room(work: Digits) -> int:
    """How many digits wide an answer's room is: a sign, a whole digit, the mark, the rest, all by hand."""
    return round(WRITTEN * ((work.decimals if work.decimals is not None else work.significant or 0) + 3))


def _tables(scribe: Scribe, ats: Sequence[At], work: Digits) -> Iterator[Table]:
    """Names above, empty cells below."""
    for first in range(0, len(ats), ABREAST):
        part = ats[first : first + ABREAST]
        yield Table(tuple(named(scribe, at) for at in part), (tuple((Gap(_room(work)),) for _ in part),))
