"""Conditions that every exam holds its numbers to, unless its spec says otherwise.  A row is a name and a bound.

How each is decided stands in `exam/conditions/builtin.py`, in `exam/demands.py` (wrong answers) and in
`exam/symmetry.py` (the order of hidden units).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from chalkgrad.messages import Message


@dataclass(frozen=True)
class Bound:
    """A number that a condition goes by."""

    default: Fraction
    meaning: Message
    whole: bool = False
    """Whether it counts something, from 1; else it is any number above 0."""


@dataclass(frozen=True)
class Condition:
    """What the numbers of a paper must not do."""

    name: str
    """By which a spec switches it off: `conditions: {kink: false}`."""
    broken: Message
    """What is told of numbers that break it."""
    bound: Bound | None = None
    """None where there is nothing to choose."""


CONDITIONS: tuple[Condition, ...] = (
    Condition("undefined", Message("a number has no value (a division by 0, the logarithm of 0)")),
    Condition("dead_relu", Message("a unit lets nothing back on the way of what is asked (its derivative is 0)")),
    Condition(
        "kink",
        Message("a number lies at a kink, or too near to it, where a derivative is taken"),
        Bound(Fraction(1, 100), Message("how near to its kink is too near")),
    ),
    Condition(
        "saturation",
        Message("a weighted sum lies where its activation is flat"),
        Bound(Fraction(4), Message("how far from 0 a weighted sum may lie")),
    ),
    Condition(
        "lost_answer",
        Message("an answer is 0, or rounding leaves too few of its digits"),
        Bound(Fraction(2), Message("how many significant digits must be left"), whole=True),
    ),
    Condition("equal_answers", Message("two answers of a paper are the same number, as they are shown")),
    Condition("distractors", Message("too few wrong answers lie far enough apart to choose among them")),
    Condition("canonical_order", Message("another paper has the same units, in another order")),
)

MISCONCEPTIONS = "misconceptions"
"""The switch of the conditions that wrong methods are caught; off unless a spec says otherwise."""

BY_NAME: dict[str, Condition] = {row.name: row for row in CONDITIONS}
