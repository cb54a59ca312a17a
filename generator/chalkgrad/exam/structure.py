"""One shape of an exercise: an example whose numbers are still to be drawn, and what is asked of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from numpy.typing import NDArray

from chalkgrad.errors import Problem, SpecError, UnknownId
from chalkgrad.evaluation.columns import Column, Columns
from chalkgrad.example import Example
from chalkgrad.messages import Message
from chalkgrad.network.model import Network
from chalkgrad.quantities import At
from chalkgrad.spec.draws import Draw
from chalkgrad.spec.exam import Ask, Task
from chalkgrad.spec.readers import Drawn
from chalkgrad.spec.source import quoted

LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Question:
    """A question of an exercise, its ids found."""

    label: str
    """Its letter within the exercise: `a`, `b`; after `z` comes `aa`."""
    ids: tuple[str, ...]
    ats: tuple[At, ...]
    """What each of the ids means."""
    ask: Ask

    @property
    def is_choice(self) -> bool:
        """Whether there are numbers to choose from."""
        return self.ask.form == "choice"

    @property
    def points(self) -> tuple[Fraction, ...]:
        """The points of each of its numbers: those of the question in equal parts."""
        return (self.ask.points / len(self.ids),) * len(self.ids)


@dataclass(frozen=True)
class Varied:
    """A given number that is drawn."""

    draw: int
    """Which draw of the exercise, counted from 0."""
    at: At
    table: tuple[Fraction, ...]
    """Its value for each alternative of the draw."""


@dataclass(frozen=True, eq=False)
class Structure:
    """An example that stands for all papers of one shape."""

    example: Example
    task: Task
    questions: tuple[Question, ...]
    varied: tuple[Varied, ...]

    @property
    def asked(self) -> tuple[At, ...]:
        """Every number that is asked for, in the order of the questions."""
        return tuple(at for question in self.questions for at in question.ats)

    def columns(self, picks: NDArray[Any]) -> Columns:
        """The given numbers of some papers; `picks` has a row a paper and a column a draw."""
        return {v.at: Column(v.table, picks[:, v.draw]) for v in self.varied}


def structure(example: Example, task: Task, draws: Sequence[Draw]) -> Structure:
    """An example with its questions.  Raises `SpecError` where a question asks for what there is not."""
    problems: list[Problem] = []
    questions = []
    for number, ask in enumerate(task.ask):
        try:
            ids = tuple(id for text in ask.find for id in _expanded(example, text))
            questions.append(Question(_label(number), ids, tuple(map(example.at, ids)), ask))
        except UnknownId as error:
            found = quoted(", ".join(ask.find))
            expected = Message("ids of numbers that the page computes")
            problems.append(Problem(ask.place, found, expected, error.message))
    for question in questions:
        given = [id for id, at in zip(question.ids, question.ats, strict=True) if is_given(example, at)]
        if given:
            expected = Message("numbers to compute, not given ones")
            problems.append(Problem(question.ask.place, quoted(", ".join(given)), expected))
    if problems:
        raise SpecError(problems, example.spec.show.language)
    return Structure(example, task, tuple(questions), tuple(varied(example.network, draws)))


def is_given(example: Example, at: At) -> bool:
    """Whether a number stands on the paper."""
    derivation = example.derivation
    return at.quantity in derivation.network.given and not (at.time and at.quantity in derivation.moving)


def _label(number: int) -> str:
    before, own = divmod(number, len(LETTERS))
    return (_label(before - 1) if before else "") + LETTERS[own]


def _expanded(example: Example, text: str) -> list[str]:
    """The ids that are meant: `delta1[*]` means `delta1[1]`, `delta1[2]`, …"""
    text = text.replace(" ", "")
    if "*" not in text:
        example.at(text)
        return [text]
    pattern = re.compile(re.escape(text).replace(r"\*", r"\d+"))
    found = [id for id in example.ids() if pattern.fullmatch(id)]
    if not found:
        raise UnknownId(Message('no number has an id like "{id}"', id=text))
    return found


def marked(network: Network) -> dict[tuple[int, int], list[At]]:
    """Where the values of draws stand among a network's given numbers, by draw and place in what was drawn."""
    found: dict[tuple[int, int], list[At]] = {}
    for quantity, values in network.given.items():
        for sample, value in enumerate(values, 1):
            if isinstance(value, Drawn):
                found.setdefault(value.mark, []).append(At(quantity, sample))
    return found


def varied(network: Network, draws: Sequence[Draw]) -> Iterator[Varied]:
    """The given numbers of a network that are drawn."""
    tables: Mapping[int, tuple[tuple[Fraction, ...], ...] | None] = {
        number: draw.numbers() for number, draw in enumerate(draws)
    }
    for (number, leaf), ats in marked(network).items():
        rows = tables[number]
        if rows is not None:
            yield from (Varied(number, at, tuple(row[leaf] for row in rows)) for at in ats)
