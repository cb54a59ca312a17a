"""What is made once a structure, to work any number of its papers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from chalkgrad.document.model import Document
from chalkgrad.evaluation.carrying import Carrying
from chalkgrad.evaluation.columns import Column, Columns
from chalkgrad.evaluation.ranges import Range
from chalkgrad.evaluation.reachable import Reachable
from chalkgrad.evaluation.rounding import Digits
from chalkgrad.evaluation.variants import Variants
from chalkgrad.evaluation.wrong_answers import WrongAnswers
from chalkgrad.exam.conditions.conditions import Conditions
from chalkgrad.exam.demands import as_printed, demanded
from chalkgrad.exam.distractors import Bits, Choices, choices
from chalkgrad.exam.fairness import Fairness
from chalkgrad.exam.marking import Marking
from chalkgrad.exam.mistakes import Caught, Interval, answers_of, caught, numbers_of
from chalkgrad.exam.seeding import Key, Words
from chalkgrad.exam.sheets import choice_texts, posed, solved
from chalkgrad.exam.solution import solution
from chalkgrad.exam.structure import Structure
from chalkgrad.exam.tally import Verdicts
from chalkgrad.example import Example, Pages
from chalkgrad.quantities import At
from chalkgrad.render.page import Page

DISTRACTORS = "distractors"
"""The condition that every choice has enough wrong numbers far enough apart."""


@dataclass(frozen=True, eq=False)
class Worked:
    """Some papers of one structure, worked."""

    variants: Variants
    """Every number of the walk-through."""
    wrong: Variants
    """The right answers, and those of wrong methods."""
    accepted: Mapping[At, Range]
    """What is accepted as an answer."""
    choices: Mapping[str, Choices]
    """What questions offer to choose from, by their letters."""

    @property
    def letters(self) -> dict[str, list[str]]:
        """The letter of the right choice in each paper, by question."""
        return {label: offered.letters() for label, offered in self.choices.items()}


class Working:
    """Works papers of one structure."""

    def __init__(self, structure: Structure, key: Callable[[str], Key]) -> None:
        self.structure = structure
        self._key = key
        self._pages: dict[str, Page] = {}
        self._solutions: dict[str, Pages] = {}

    @cached_property
    def conditions(self) -> Conditions:
        """What its numbers must fulfil."""
        task = self.structure.task
        work = Digits(task.work_with.decimals, task.work_with.significant)
        drawn = [one.at for one in self.structure.varied]
        return Conditions(self.structure.example, task.where, task.switches, self.structure.asked, work, drawn)

    @cached_property
    def solution(self) -> Example:
        """The walk-through with boxes."""
        return solution(self.structure)

    @cached_property
    def reachable(self) -> Reachable:
        """The answers that rounding on the way may lead to."""
        example, work = self.structure.example, self.structure.task.work_with
        carrying = Carrying(work.decimals, work.significant)
        return Reachable(example.program, example.derivation, self.structure.asked, carrying)

    @cached_property
    def answers(self) -> WrongAnswers:
        """What wrong methods make of what is asked."""
        return answers_of(self.structure)

    @cached_property
    def fairness(self) -> Fairness:
        """What is fair among its papers."""
        return Fairness(self.structure)

    def verdicts(self, columns: Columns, own: Words) -> Verdicts:
        """For each condition, which candidates hold it, or break others; `own` are 64 bits of each candidate."""
        found = {**self.conditions.verdicts(columns), **self.fairness.verdicts(columns, len(own))}
        if not self.offers and not self.structure.task.switches.misconceptions:
            return found
        # these take the most work: only what holds all the others is asked
        good: NDArray[np.bool_] = np.ones(len(own), np.bool_)
        for held in found.values():
            good &= held
        left = np.flatnonzero(good)
        asked = {at: Column(column.table, column.picks[left]) for at, column in columns.items()}
        for name, held in self._of_wrong_answers(asked, own[left]).items():
            found[name] = np.ones(len(own), np.bool_)
            found[name][left] = held
        return found

    def _of_wrong_answers(self, columns: Columns, own: Words) -> Verdicts:
        if not len(own):
            return {}
        variants = numbers_of(self.structure, self.answers, columns, len(own))
        accepted = as_printed(self.structure, variants, self.reachable.intervals(columns))
        found = dict(demanded(self.structure, self.answers, variants, accepted))
        if self.offers:
            offered = self._choices(variants, accepted, own)
            found[DISTRACTORS] = np.logical_and.reduce([one.is_complete for one in offered.values()])
        return found

    @property
    def offers(self) -> bool:
        """Whether there is something to choose from."""
        return any(question.is_choice for question in self.structure.questions)

    def worked(self, columns: Columns, own: Words) -> Worked:
        """Some papers; `own` are 64 bits of each, from its numbers."""
        variants = self.solution.variants(columns, len(own))
        wrong = numbers_of(self.structure, self.answers, columns, len(own))
        accepted = self.reachable.intervals(columns)
        near = as_printed(self.structure, wrong, accepted) if self.offers else {}
        return Worked(variants, wrong, accepted, self._choices(wrong, near, own))

    def _choices(self, variants: Variants, accepted: Mapping[At, Interval], own: Words) -> dict[str, Choices]:
        """What is offered; wrong numbers need no distance beyond their digits where the spec says so."""
        digits, is_far = self.structure.example.digits, self.structure.task.switches.is_on(DISTRACTORS)
        return {
            q.label: choices(
                q, self.answers, variants, digits, accepted[q.ats[0]] if is_far else None, self._bits(q.label, own)
            )
            for q in self.structure.questions
            if q.is_choice
        }

    def _bits(self, label: str, own: Words) -> Bits:
        return lambda word: self._key(f"choice {label} {word}").bits(own)

    def caught(self, worked: Worked) -> list[Caught]:
        """In how many of these papers wrong methods are told from the right one by what they lead to."""
        accepted = as_printed(self.structure, worked.wrong, worked.accepted)
        return list(caught(self.structure, self.answers, worked.wrong, accepted))

    def papers(self, name: str, worked: Worked, texts: Mapping[str, list[str]]) -> list[str]:
        """The exercise on each paper in a format, with the texts that it has of its own there."""
        page = self._pages.get(name)
        if page is None:
            page = self._pages[name] = self.structure.example.part(name, posed(self.structure))
        return page.fill_all(worked.variants, {**texts, **self._options(worked)})

    def _options(self, worked: Worked) -> dict[str, list[str]]:
        """The digits beside every letter, by the name under which a sheet knows them."""
        own: dict[str, list[str]] = {}
        for label, offered in worked.choices.items():
            own |= choice_texts(label, offered.texts(worked.wrong))
        return own

    def solutions(self, name: str, worked: Worked, texts: Mapping[str, list[str]]) -> list[str]:
        """The worked exercise of each paper in a format."""

        def made(document: Document) -> Page:
            return self.solution.part(name, solved(self.structure, document))

        found = self.solution.filled(made, worked.variants, self._solutions.setdefault(name, {}), texts)
        if not self.structure.task.mistakes:
            return found
        own = {**texts, **self._options(worked)}
        ends = self._marking.texts(name, worked.wrong, worked.choices, own)
        return [text + end for text, end in zip(found, ends, strict=True)]

    @cached_property
    def _marking(self) -> Marking:
        return Marking(self.structure, self.answers, self.structure.task.mistakes)
