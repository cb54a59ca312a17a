"""What wrong methods give in each paper, and whether it can be told from the right answer.

A wrong answer is *another* one where it is a number, and not the right one; it is *outside* where nobody who works
rightly, rounding on the way, can reach it.  Both are proven: what floating point leaves open is settled by FLINT.
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

SAME = 1e-15
"""Numbers that are so near, absolute or of their size, are one: no page shows a difference."""

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
    """Where one wrong answer lies in each paper."""
    is_other = others(variants, right, wrong)
    mid, rad = _spread(variants, wrong)
    with np.errstate(invalid="ignore"):
        outside = (mid - rad > accepted.high) | (mid + rad < accepted.low)
        inside = (mid + rad <= accepted.high) & (mid - rad >= accepted.low)
    for row in np.flatnonzero(is_other & ~outside & ~inside).tolist():
        outside[row] = _is_outside(variants, wrong, row, float(accepted.low[row]), float(accepted.high[row]))
    return Landing(is_other, is_other & outside)


def others(variants: Variants, right: At, wrong: At) -> Flags:
    """Where a wrong answer is a number, and another one than the right answer."""
    (mid, rad), (own, blur) = _spread(variants, wrong), _spread(variants, right)
    with np.errstate(invalid="ignore"):
        apart = abs(mid - own) - rad - blur > SAME * np.maximum(1, abs(own))
    other: Flags = np.isfinite(mid) & np.isfinite(rad) & apart
    return other


def _is_outside(variants: Variants, wrong: At, row: int, low: float, high: float) -> bool:
    """Whether one wrong answer is outside, by FLINT; a bound itself still counts as accepted."""

    def decide() -> bool:
        value = variants.sharp(row, wrong)
        if value > high or value < low:
            return True
        if value <= high and value >= low:
            return False
        raise Unproven(Message("on which side of a bound a number lies"))

    try:
        return bool(proven(decide))
    except Unproven:  # it is the bound
        return False


def _spread(variants: Variants, at: At) -> tuple[NDArray[Any], NDArray[Any]]:
    ball = variants.ball(variants.program.register(at))
    return np.broadcast_to(ball.mid, (variants.count,)), np.broadcast_to(ball.rad, (variants.count,))


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
        [[_spread(variants, answers.places.get((id, at), at))[0] for at in answers.asked] for id in ids]
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
