"""What fairness is demanded of the papers of an exercise: `fair: {negatives: 4, difficulty: 0.2, distinct: 0.9}`.

Bounds of one paper are conditions: a paper outside of them is drawn again.  Bounds of all papers together are
looked at when all are made.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from chalkgrad.messages import Message
from chalkgrad.spec.readers import INVALID, Field, Number, Reader, Record, Report
from chalkgrad.spec.source import Node, described

MOST = 10_000


@dataclass(frozen=True)
class FairSpec:
    """The bounds; None where nothing is demanded."""

    negatives: int | None = None
    """So many of the given numbers of a paper may be negative."""
    digits: int | None = None
    """So many digits may the given numbers of a paper have, all together."""
    difficulty: Fraction | None = None
    """By such a share may the difficulty of a paper differ from that of most."""
    distinct: Fraction | None = None
    """Such a share of the papers, at least, have an answer of their own to each question."""
    caught: Fraction | None = None
    """In such a share of the papers, at least, each wrong method gives itself away."""

    @property
    def is_demanding(self) -> bool:
        """Whether a paper by itself may be unfair."""
        return (self.negatives, self.digits, self.difficulty) != (None, None, None)


def _fair(**values: Any) -> FairSpec:
    return FairSpec(**values)


@dataclass(frozen=True)
class _Share(Reader):
    """A number from 0 to 1."""

    number = Number(Fraction(0), strict=True)

    def read(self, node: Node, report: Report) -> Any:
        """A `Fraction`."""
        value = self.number.read(node, report)
        if value is INVALID or value <= 1:
            return value
        return report.add(node.place, described(node), Message("a share above 0 and at most 1, such as 0.9"))

    def schema(self) -> dict[str, Any]:
        """A number."""
        return {**self.number.schema(), "maximum": 1}


FAIR = Record(
    {
        "negatives": Field(
            Number(Fraction(0), whole=True, most=MOST),
            Message("how many given numbers of a paper may be negative"),
        ),
        "digits": Field(
            Number(Fraction(1), whole=True, most=MOST),
            Message("how many digits the given numbers of a paper may have, all together"),
        ),
        "difficulty": Field(
            Number(Fraction(0), strict=True),
            Message("by which share the difficulty of a paper may differ from that of most: 0.2"),
        ),
        "distinct": Field(_Share(), Message("the least share of different answers to each question: 0.9")),
        "caught": Field(
            _Share(), Message("the least share of papers in which a wrong method gives itself away: 0.8")
        ),
    },
    Message("bounds of fairness"),
    _fair,
)
