"""How many candidates were drawn, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chalkgrad.messages import NOTHING, Message

Verdicts = Mapping[str, NDArray[np.bool_]]
"""For each condition, by name, whether each candidate holds it.  A condition that is not named is held."""


@dataclass(frozen=True)
class Tally:
    """Counts of candidates, paper by paper; the candidates of a paper are those that were drawn for it and
    rejected, and the one that became it."""

    drawn: NDArray[np.intp]
    """How many candidates."""
    broken: Mapping[str, NDArray[np.intp]]
    """How many of them break a condition."""
    first: Mapping[str, NDArray[np.intp]]
    """How many break it and none that is named before it: these add up to all that were rejected."""

    @classmethod
    def of(cls, papers: NDArray[np.intp], count: int, verdicts: Verdicts) -> Tally:
        """The tally of `count` papers, from the candidates' verdicts and the papers that they belong to."""

        def counted(chosen: NDArray[np.bool_]) -> NDArray[np.intp]:
            return np.bincount(papers[chosen], minlength=count)

        broken, first = {}, {}
        untouched = np.ones(len(papers), np.bool_)
        for name, held in verdicts.items():
            broken[name] = counted(~held)
            first[name] = counted(~held & untouched)
            untouched &= held
        return cls(np.bincount(papers, minlength=count), broken, first)

    @classmethod
    def nothing(cls, papers: int) -> Tally:
        """No candidate for any of some papers."""
        return cls(np.zeros(papers, np.intp), {}, {})

    def __add__(self, other: Tally) -> Tally:
        """More candidates for the same papers."""
        return Tally(self.drawn + other.drawn, _added(self.broken, other.broken), _added(self.first, other.first))

    def __getitem__(self, papers: NDArray[np.intp] | slice) -> Tally:
        """The tally of some of the papers."""
        return Tally(
            self.drawn[papers],
            {name: counts[papers] for name, counts in self.broken.items()},
            {name: counts[papers] for name, counts in self.first.items()},
        )

    def spread(self, papers: NDArray[np.intp], count: int) -> Tally:
        """The same, where its papers are some among `count` papers."""

        def among(counts: NDArray[np.intp]) -> NDArray[np.intp]:
            out = np.zeros(count, np.intp)
            np.add.at(out, papers, counts)
            return out

        return Tally(
            among(self.drawn),
            {name: among(counts) for name, counts in self.broken.items()},
            {name: among(counts) for name, counts in self.first.items()},
        )

    def reasons(self) -> Message:
        """What each condition rejects, the strictest first."""
        drawn = int(self.drawn.sum())
        counts = {name: int(counts.sum()) for name, counts in self.broken.items()}
        told = NOTHING
        for name in sorted((name for name in counts if counts[name]), key=lambda name: counts[name]):
            reason = Message('"{condition}" rejects {broken:,}', condition=name, broken=counts[name])
            told = Message("{first}, {rest}", first=reason, rest=told) if told else reason
        if not told:
            return Message("no condition rejects any of {drawn:,} draws", drawn=drawn)
        return Message("of {drawn:,} draws {reasons}", drawn=drawn, reasons=told)


def _added(
    one: Mapping[str, NDArray[np.intp]], two: Mapping[str, NDArray[np.intp]]
) -> dict[str, NDArray[np.intp]]:
    return {name: sum(part[name] for part in (one, two) if name in part) for name in {**one, **two}}  # type: ignore[misc]
