"""What a way down meets because of its numbers: saddles, hilltops, a Hessian without an inverse, long steps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from chalkgrad.catalogue.descents import NEWTON
from chalkgrad.derivation.descent import DETERMINANT, entry_of, shared
from chalkgrad.evaluation.runner import Evaluation
from chalkgrad.network.function import value
from chalkgrad.quantities import At, Quantity
from chalkgrad.spec.lessons.function import FunctionLesson
from chalkgrad.spec.model import Lesson

SMALL = 1e-12
"""A rise by a smaller share is the rounding of a float."""


class Turn(NamedTuple):
    """Something that is met in one step of a method."""

    kind: str
    """`bowl`, `saddle`, `hill` or `singular` of Newton's method, `rises` of any."""
    method: int
    time: int


def turns_of(evaluation: Evaluation, lesson: Lesson) -> tuple[Turn, ...]:
    """Everything that the methods of a lesson on a function meet; nothing of other lessons."""
    if not isinstance(lesson, FunctionLesson):
        return ()
    return tuple(turn for index in range(1, len(lesson.methods) + 1) for turn in _turns(evaluation, lesson, index))


def _turns(evaluation: Evaluation, lesson: FunctionLesson, index: int) -> Iterator[Turn]:
    f = value(lesson, index)
    for time in range(lesson.steps):
        if lesson.methods[index - 1].name == NEWTON:
            kind = _curvature(evaluation, lesson, index, time)
            yield Turn(kind, index, time)
            if kind == "singular":
                return
            if kind in ("saddle", "hill"):
                continue  # it is said why
        before, after = (evaluation.double(At(f, 1, t)) for t in (time, time + 1))
        if after - before > SMALL * max(1, abs(before)):
            yield Turn("rises", index, time)


def _curvature(evaluation: Evaluation, lesson: FunctionLesson, index: int, time: int) -> str:
    """What the surface looks like at a point, as its Hessian says."""

    def sign(quantity: Quantity) -> int:
        text = evaluation.shown(At(quantity, 1, time)).text  # proven: 0 is printed for nothing but 0
        return 0 if text == "0" else -1 if text[0] == "-" else 1

    first = next(iter(lesson.start))
    bend = sign(shared(lesson, index, entry_of(first, first)))
    determinant = sign(shared(lesson, index, DETERMINANT)) if len(lesson.start) > 1 else bend and 1
    if determinant == 0:
        return "singular"
    if determinant < 0:
        return "saddle"
    return "bowl" if bend > 0 else "hill"
