"""What wrong methods give in each paper, and whether it can be told from the right answer.

A wrong answer is *another* one where it is a number, and not the right one; it is *outside* where nobody who works
rightly, rounding on the way, can reach it.  What floating point leaves open is settled by FLINT.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from chalkgrad.derivation.mistaken.rules import mistaken
from chalkgrad.document.mistakes import Group
from chalkgrad.errors import Unproven
from chalkgrad.evaluation.columns import Columns
from chalkgrad.evaluation.runner import proven
from chalkgrad.evaluation.variants import Variants
from chalkgrad.evaluation.wrong_answers import WrongAnswers, wrong_answers
from chalkgrad.exam.structure import Structure
from chalkgrad.messages import Message
from chalkgrad.quantities import At

SAME, SHARP = 1e-12, 1e-13
"""Numbers that are so near, absolute or of their size, are one: no page shows a difference.  And how near they are
known for that."""

Flags: TypeAlias = NDArray[np.bool_]


class Interval(Protocol):
    """What is accepted as an answer, an entry a paper."""

    @property
    def low(self) -> NDArray[Any]:
        """From here."""
        ...

    @property
    def high(self) -> NDArray[Any]:
        """To here."""
        ...


class Landing(NamedTuple):
    """Where a wrong answer lies, an entry a paper."""

    is_other: Flags
    """Whether it is a number, and another one than the right answer."""
    is_outside: Flags
    """Whether it is another one, and outside of what is accepted."""


@dataclass(frozen=True)
class Caught:
    """In how many papers a wrong method is told from the right one by its answer."""

    question: str
    id: str
    mistake: str
    """The misconception, with its place: `sign`, `dropped_path[2]`."""
    papers: int
    """In how many papers it gives another number."""
    outside: int
    """In how many of these it lies outside of what is accepted."""

    @property
    def share(self) -> float:
        """The share of papers that catch it; 1 where there is nothing to catch."""
        return self.outside / self.papers if self.papers else 1.0


def answers_of(structure: Structure, names: Collection[str] | None = None) -> WrongAnswers:
    """What the misconceptions, or those named, make of all that is asked."""
    derivation = structure.example.derivation
    choices = [question.ats[0] for question in structure.questions if question.is_choice]
    asked = tuple(dict.fromkeys(structure.asked))
    return wrong_answers(derivation, mistaken(derivation, names), asked, choices)


def numbers_of(structure: Structure, answers: WrongAnswers, columns: Columns, count: int) -> Variants:
    """The right and wrong numbers of some papers, with their digits."""
    example = structure.example
    return Variants(answers.program, example.derivation, example.digits, columns, count)


def landings(
    answers: WrongAnswers, variants: Variants, accepted: Mapping[At, Interval]
) -> dict[tuple[str, At], Landing]:
    """For each misconception and each asked number that it changes, where the wrong answer lies."""
    return {
        (mistake, at): landing(variants, at, place, accepted[at])
        for (mistake, at), place in answers.places.items()
    }


def landing(variants: Variants, right: At, wrong: At, accepted: Interval) -> Landing:
    """Where one wrong answer lies in each paper; a bound itself is still accepted."""
    is_other = others(variants, right, wrong)
    found = values(variants, wrong)
    with np.errstate(invalid="ignore"):
        above = found - accepted.high > SAME * np.maximum(1, abs(accepted.high))
        below = accepted.low - found > SAME * np.maximum(1, abs(accepted.low))
    return Landing(is_other, is_other & (above | below))


def others(variants: Variants, right: At, wrong: At) -> Flags:
    """Where a wrong answer is a number, and another one than the right answer."""
    found, own = values(variants, wrong), values(variants, right)
    with np.errstate(invalid="ignore"):
        apart: Flags = np.isfinite(found) & (abs(found - own) > SAME * np.maximum(1, abs(own)))
    return apart


def values(variants: Variants, at: At) -> NDArray[Any]:
    """A number in every paper, nearer than what counts as the same; nan or infinite where there is none."""
    ball = variants.ball(variants.program.register(at))
    mid, rad = (np.broadcast_to(part, (variants.count,)) for part in ball)
    with np.errstate(invalid="ignore"):
        is_open = np.isfinite(mid) & ~(rad <= SHARP * np.maximum(1, abs(mid)))
    if is_open.any():
        mid = mid.copy()
        for row in np.flatnonzero(is_open).tolist():
            mid[row] = _sharp(variants, at, row)
    return mid


def _sharp(variants: Variants, at: At, row: int) -> float:
    """A number of one paper that floating point leaves open: on which side of a kink it lies, say."""

    def decide() -> float:
        ball = variants.sharp(row, at)
        if ball.is_finite() and not ball.rad() <= SHARP * max(1.0, abs(float(ball.mid()))):
            raise Unproven(Message("a number that is known well enough"))
        return float(ball.mid())

    return float(proven(decide))


def all_outside(answers: WrongAnswers, variants: Variants, accepted: Mapping[At, Interval]) -> dict[str, Flags]:
    """For each misconception, in which papers all its wrong answers are outside: what a condition demands."""
    verdicts: dict[str, Flags] = {}
    for (mistake, _), (is_other, is_outside) in landings(answers, variants, accepted).items():
        name = mistake.split("[")[0]
        verdicts[name] = verdicts.get(name, np.ones(variants.count, dtype=bool)) & (is_outside | ~is_other)
    return verdicts


def caught(
    structure: Structure, answers: WrongAnswers, variants: Variants, accepted: Mapping[At, Interval]
) -> Iterator[Caught]:
    """For each question and misconception, in how many papers the wrong answer gives itself away."""
    found = landings(answers, variants, accepted)
    for question in structure.questions:
        for id, at in zip(question.ids, question.ats, strict=True):
            for mistake in answers.of(at):
                is_other, is_outside = found[mistake, at]
                yield Caught(question.label, id, mistake, int(is_other.sum()), int(is_outside.sum()))


def alike(answers: WrongAnswers, variants: Variants) -> list[tuple[Group, ...]]:
    """For each paper, its mistakes in groups that lead to the same numbers wherever something is asked.

    The first group has the right answers: its mistakes cannot be seen in this paper.
    """
    ids = ("", *(mistake.id for mistake in answers.mistakes))
    columns = np.array(
        [[values(variants, answers.places.get((id, at), at)) for at in answers.asked] for id in ids]
    )
    leaders = np.zeros((len(ids), variants.count), dtype=np.intp)
    for place in range(1, len(ids)):
        with np.errstate(invalid="ignore"):
            near = abs(columns[:place] - columns[place]) <= SAME * np.maximum(1, abs(columns[place]))
        same = near.all(axis=1) & (leaders[:place] == np.arange(place)[:, None])
        leaders[place] = np.where(same.any(axis=0), same.argmax(axis=0), place)
    patterns, which = np.unique(leaders, axis=1, return_inverse=True)
    groups = [_grouped(ids, pattern) for pattern in patterns.T.tolist()]
    return [groups[place] for place in which.reshape(-1).tolist()]


def _grouped(ids: tuple[str, ...], leaders: list[int]) -> tuple[Group, ...]:
    found: dict[int, list[str]] = {}
    for id, leader in zip(ids, leaders, strict=True):
        found.setdefault(leader, []).append(id)
    return tuple(map(tuple, found.values()))
