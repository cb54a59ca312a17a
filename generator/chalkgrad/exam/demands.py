"""What is demanded of wrong answers, for a hundred thousand candidates at a time.

A wrong method must not be rewarded, where the spec says so; and a choice must have enough to choose from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from chalkgrad.catalogue.conditions import BY_NAME, MISCONCEPTIONS
from chalkgrad.document.exam.asked import CHOICE
from chalkgrad.evaluation.columns import Columns
from chalkgrad.evaluation.rounding import Digits
from chalkgrad.evaluation.variants import Variants
from chalkgrad.evaluation.wrong_answers import WrongAnswers
from chalkgrad.exam.distractors import choices
from chalkgrad.exam.key import bounds
from chalkgrad.exam.mistakes import Flags, Interval, all_outside, answers_of, numbers_of
from chalkgrad.exam.structure import Structure
from chalkgrad.messages import Message
from chalkgrad.quantities import At

DISTRACTORS = "distractors"

Reach: TypeAlias = Callable[[Columns], Mapping[At, Interval]]
"""What each answer may be for somebody who works rightly and rounds on the way."""


class Bounds(NamedTuple):
    """What is accepted as an answer, as a key has it."""

    low: NDArray[np.float64]
    high: NDArray[np.float64]


def as_printed(structure: Structure, variants: Variants, reach: Mapping[At, Interval]) -> dict[At, Bounds]:
    """What is accepted, rounded outward to the digits that a student carries."""
    work = structure.task.work_with
    digits = Digits(work.decimals, work.significant)
    return {
        at: Bounds(*(np.array(list(map(float, ends))) for ends in bounds(one, variants.double_column(at), digits)))
        for at, one in reach.items()
    }


class Demands:
    """The conditions on the wrong answers of an exercise."""

    def __init__(self, structure: Structure, reach: Reach) -> None:
        self.structure = structure
        self.reach = reach
        switches = structure.task.switches
        is_offered = any(question.ask.form == CHOICE for question in structure.questions)
        self.offers = is_offered and switches.is_on(DISTRACTORS)
        self.named = switches.misconceptions

    @cached_property
    def answers(self) -> WrongAnswers:
        """Every wrong answer that is looked at."""
        return answers_of(self.structure, None if self.offers else self.named)

    def verdicts(self, columns: Columns) -> dict[str, Flags]:
        """For each condition, which candidates fulfil it."""
        if not self.named and not self.offers:
            return {}
        count = len(next(iter(columns.values())).picks) if columns else 1
        variants = numbers_of(self.structure, self.answers, columns, count)
        accepted = as_printed(self.structure, variants, self.reach(columns))
        found: dict[str, Flags] = {}
        if self.offers:
            found[DISTRACTORS] = np.ones(count, dtype=bool)
            for question in self.structure.questions:
                if question.ask.form == CHOICE:
                    near, digits = accepted[question.ats[0]], self.structure.example.digits
                    made = choices(question, self.answers, variants, digits, near, bits=None)
                    found[DISTRACTORS] &= made.is_complete
        if self.named:
            held = all_outside(self.answers, variants, accepted)
            found |= {f"{MISCONCEPTIONS}: {name}": flags for name, flags in held.items() if name in self.named}
        return found


def broken(name: str) -> str:
    """What is said of numbers that break one of these conditions."""
    if name == DISTRACTORS:
        return BY_NAME[name].broken
    mistake = name.removeprefix(f"{MISCONCEPTIONS}: ")
    return Message("a wrong method ({mistake}) leads to a number that is accepted", mistake=mistake)
