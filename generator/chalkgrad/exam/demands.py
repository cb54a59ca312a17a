"""What is demanded of wrong answers: that no wrong method named in the spec leads to a number that is accepted.

What is accepted is what a key says: the answers that rounding on the way can reach, rounded outward.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from chalkgrad.catalogue.conditions import MISCONCEPTIONS
from chalkgrad.evaluation.rounding import Digits
from chalkgrad.evaluation.variants import Variants
from chalkgrad.evaluation.wrong_answers import WrongAnswers
from chalkgrad.exam.key import bounds
from chalkgrad.exam.mistakes import Interval, all_outside
from chalkgrad.exam.structure import Structure
from chalkgrad.exam.tally import Verdicts
from chalkgrad.quantities import At

ACCEPTED = f"{MISCONCEPTIONS}: "
"""What the names of these conditions begin with; the misconception follows."""


class Bounds(NamedTuple):
    """What is accepted as an answer, as a key has it; an entry a paper."""

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


def demanded(
    structure: Structure, answers: WrongAnswers, variants: Variants, accepted: Mapping[At, Interval]
) -> Verdicts:
    """For each misconception that must not be rewarded, in which papers it is not."""
    named = structure.task.switches.misconceptions
    held = all_outside(answers, variants, accepted)
    return {f"{ACCEPTED}{name}": flags for name, flags in held.items() if name in named}
