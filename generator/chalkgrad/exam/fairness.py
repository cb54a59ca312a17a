"""How fair an exercise is: what each paper takes, and what all of them show.

Of a paper are counted the negative numbers and the digits that are given, the operations that lead to what is
asked, and the negative numbers on the way.  Its *difficulty* is the sum of the last two: every operation that is
not trivial counts one, and so does every sign that may be lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from chalkgrad.evaluation.columns import Column, Columns
from chalkgrad.evaluation.operations import work
from chalkgrad.evaluation.rounding import show_given
from chalkgrad.evaluation.scalars import exact_fraction
from chalkgrad.evaluation.variants import Variants
from chalkgrad.exam.structure import Structure
from chalkgrad.quantities import Quantity, Role

NEGATIVES, DIGITS, DIFFICULTY = "fair.negatives", "fair.digits", "fair.difficulty"
"""The conditions that follow from bounds of one paper."""
SAMPLE = 512
"""So many candidates, always the same ones, say what the difficulty of most papers is."""
GOLDEN = 0x9E3779B97F4A7C15
"""2⁶⁴ divided by the golden ratio: its multiples spread evenly (Knuth, TAOCP 3, 6.4)."""

Counts: TypeAlias = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Measures:
    """What some papers take, an entry a paper."""

    negatives: Counts
    """Given numbers below 0."""
    digits: Counts
    """Digits of all given numbers; the 0 before a decimal mark is none."""
    operations: Counts
    signs: Counts
    """Negative numbers on the way to what is asked."""

    @property
    def difficulty(self) -> Counts:
        """Operations, and signs that may be lost."""
        return self.operations + self.signs


class Fairness:
    """What is fair among the papers of a structure."""

    def __init__(self, structure: Structure) -> None:
        self.structure = structure
        self.bounds = structure.task.fair

    def measures(self, variants: Variants) -> Measures:
        """What some papers take."""
        taken = work(variants, dict.fromkeys(self.structure.asked))
        return Measures(*self._given(variants), taken.operations, taken.negatives)

    def _given(self, variants: Variants) -> tuple[Counts, Counts]:
        """How many given numbers are negative, and how many digits they have."""
        negatives = np.zeros(variants.count, dtype=np.int64)
        digits = np.zeros(variants.count, dtype=np.int64)
        program, digits_shown = variants.program, variants.digits
        ats = {place: at for at, place in program.registers.items() if not at.time}
        for place, value in program.given.items():
            quantity = ats[place].quantity if place in ats else None
            if quantity is None or (isinstance(quantity, Quantity) and quantity.role is Role.COUNT):
                continue
            column = variants.given.get(place) or Column((value,), np.zeros(1, dtype=np.intp))
            negatives += np.array([v < 0 for v in column.table])[column.picks]
            texts = [show_given(exact_fraction(v), digits_shown).text for v in column.table]
            digits += np.array([_digits(text) for text in texts])[column.picks]
        return negatives, digits

    @cached_property
    def usual(self) -> float:
        """The difficulty of most papers: the median of candidates spread evenly over all draws."""
        return float(np.median(self.measures(self._sample()).difficulty))

    def _sample(self) -> Variants:
        numbers = np.arange(1, SAMPLE + 1, dtype=np.uint64)
        picks: dict[int, Counts] = {}
        for varied in self.structure.varied:
            if varied.draw not in picks:
                spread = numbers * np.uint64(GOLDEN * (2 * varied.draw + 1) % 2**64)
                size = np.uint64(len(varied.table))
                picks[varied.draw] = ((spread >> np.uint64(32)) * size >> np.uint64(32)).astype(np.intp)
        columns = {v.at: Column(v.table, picks[v.draw]) for v in self.structure.varied}
        return self.structure.example.variants(columns, SAMPLE)

    def verdicts(self, columns: Columns, count: int) -> Mapping[str, NDArray[np.bool_]]:
        """For each bound of one paper, which candidates keep to it."""
        if not self.bounds.is_demanding:
            return {}
        found = self.measures(self.structure.example.variants(columns, count))
        verdicts = {}
        if self.bounds.negatives is not None:
            verdicts[NEGATIVES] = found.negatives <= self.bounds.negatives
        if self.bounds.digits is not None:
            verdicts[DIGITS] = found.digits <= self.bounds.digits
        if self.bounds.difficulty is not None:
            verdicts[DIFFICULTY] = abs(found.difficulty - self.usual) <= float(self.bounds.difficulty) * self.usual
        return verdicts


def _digits(text: str) -> int:
    """How many digits one has to write.

    >>> _digits("-0.25"), _digits("10"), _digits("1/3"), _digits("0")
    (2, 2, 2, 1)
    """
    return len("".join(c for c in text if c.isdigit()).lstrip("0")) or 1
