"""Answers to choose from: the right one among numbers that wrong methods give.

No two of them are so near that rounding on the way could lead from one to the other: they lie apart by more
than twice the tolerance of the right one, and by more than a unit of the last digit shown.  Which mistakes a paper
shows, and in which order, follows from its keyed bits; where too few give numbers far enough apart, slips stand
in: the right number with the other sign, doubled, halved.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from chalkgrad.document.exam.paper import OPTIONS
from chalkgrad.evaluation.rounding import Digits
from chalkgrad.evaluation.variants import Variants
from chalkgrad.evaluation.wrong_answers import WrongAnswers
from chalkgrad.exam.mistakes import SAME, Flags, Interval, values
from chalkgrad.exam.structure import Question
from chalkgrad.quantities import At

Bits: TypeAlias = Callable[[str], NDArray[np.uint64]]
"""For a word, 64 bits a paper that nobody foretells without the secret."""


@dataclass(frozen=True)
class Option:
    """A number that a choice may offer."""

    mistake: str
    """The misconception or slip that it reveals; empty for the right answer."""
    at: At


@dataclass(frozen=True, eq=False)
class Choices:
    """What a question offers in each of some papers."""

    options: tuple[Option, ...]
    """The right answer first."""
    picks: NDArray[np.intp]
    """A row a paper, a column a letter: which of the options stands there."""
    is_complete: Flags
    """For each paper, whether there were enough numbers far enough apart; where not, its row says nothing."""

    def texts(self, variants: Variants) -> list[list[str]]:
        """The digits beside each letter, a column of papers a letter."""
        columns = [variants.column(option.at).texts for option in self.options]
        return [[columns[pick][row] for row, pick in enumerate(letter)] for letter in self.picks.T.tolist()]

    def letters(self) -> list[str]:
        """The letter of the right answer in each paper."""
        return [OPTIONS[place] for place in np.argmin(self.picks, axis=1).tolist()]

    def mistakes(self) -> list[list[str]]:
        """What each letter reveals, a column of papers a letter; the right one nothing."""
        return [[self.options[pick].mistake for pick in letter] for letter in self.picks.T.tolist()]


def choices(
    question: Question,
    answers: WrongAnswers,
    variants: Variants,
    digits: Digits,
    accepted: Interval | None,
    bits: Bits,
) -> Choices:
    """What a question offers in each paper.  Without tolerances, numbers are apart where their digits are."""
    (right,) = question.ats
    mistakes = [Option(mistake, at) for mistake, at in answers.of(right).items()]
    slips = [Option(slip, at) for slip, at in answers.slips_of(right).items()]
    options = (Option("", right), *mistakes, *slips)
    # which are picked and where they stand have bits of their own: else the right one would mostly be last
    keys, stands = (np.array([bits(f"{what} {o.mistake}") for o in options]) for what in ("pick", "place"))
    is_slip = np.broadcast_to((np.arange(1, len(options)) > len(mistakes))[:, None], keys[1:].shape)
    order = np.lexsort((keys[1:], is_slip), axis=0) + 1
    distance = _Distance(variants, right, digits, accepted)
    picked, is_complete = _picked(options, order, distance, question.ask.choices)
    places = np.argsort(np.take_along_axis(stands, picked, axis=0), axis=0, kind="stable")
    return Choices(options, np.take_along_axis(picked, places, axis=0).T, is_complete)


@dataclass(frozen=True)
class _Distance:
    """How far apart two numbers must be."""

    variants: Variants
    right: At
    digits: Digits
    accepted: Interval | None

    def least(self) -> NDArray[Any]:
        """By which distance, whatever their size."""
        own = values(self.variants, self.right)
        unit = 0.0 if self.digits.decimals is None else 10.0**-self.digits.decimals
        if self.accepted is None:
            return np.full(self.variants.count, unit)
        reach = np.maximum(self.accepted.high - own, own - self.accepted.low)
        least: NDArray[Any] = np.maximum(2 * reach, unit)
        return least

    @property
    def share(self) -> float:
        """By which share of the greater one."""
        return 0.0 if self.digits.significant is None else 10.0 ** (1 - self.digits.significant)


def _picked(
    options: tuple[Option, ...],
    order: NDArray[np.intp],
    distance: _Distance,
    wanted: int,
) -> tuple[NDArray[np.intp], Flags]:
    """The right answer and the first of the others, in the order of each paper, that are far from all before."""
    variants = distance.variants
    numbers = np.array([values(variants, option.at) for option in options])
    least, share = distance.least(), distance.share
    picked = np.zeros((wanted, variants.count), dtype=np.intp)
    count = np.ones(variants.count, dtype=np.intp)
    papers = np.arange(variants.count)
    for tried in order:
        number = numbers[tried, papers]
        fits = np.isfinite(number) & (count < wanted)
        for place in range(wanted):
            other = numbers[picked[place], papers]
            with np.errstate(invalid="ignore"):
                room = np.maximum(least, share * np.maximum(abs(number), abs(other))) * (1 + SAME)
                fits &= (place >= count) | (abs(number - other) > room)
        picked[count[fits], papers[fits]] = tried[fits]
        count += fits
    return picked, count == wanted
