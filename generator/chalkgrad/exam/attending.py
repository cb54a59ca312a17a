"""How many papers an exam has, and who writes them."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

from chalkgrad.errors import Place, Problem, SpecError
from chalkgrad.exam.roster import Student, read_roster
from chalkgrad.messages import Message
from chalkgrad.spec.exam import MOST_PAPERS, ExamSpec
from chalkgrad.spec.readers import INVALID, Number, Report
from chalkgrad.spec.source import Scalar


class Attending(NamedTuple):
    """The papers that are to be made, numbered from 1."""

    papers: int
    students: tuple[Student, ...]
    """Who writes paper 1, 2, …; empty where there is no list."""


def attending(spec: ExamSpec, variants: int | None, roster: Path | None) -> Attending:
    """Who attends: as many as the caller says, or those on the caller's list, else what the spec says.

    Raises `SpecError` where nobody says anything, and for whatever is wrong with a list.
    """
    if variants is not None:
        return Attending(whole_number("variants", variants, MOST_PAPERS), ())
    if roster is None and spec.variants is not None and spec.roster is not None:
        found, expected = Message("both variants and roster"), Message("one of them")
        raise SpecError([Problem(Place(spec.name, path="exam"), found, expected)])
    if (listed := roster or spec.roster) is not None:
        students = read_roster(listed)
        return Attending(len(students), students)
    if spec.variants is None:
        expected = Message(
            "how many papers: {ways}", ways="--variants 40, --roster class.csv, exam: {variants: 40}"
        )
        raise SpecError([Problem(Place(spec.name, path="exam"), Message("no variants and no roster"), expected)])
    return Attending(spec.variants, ())


def whole_number(name: str, value: int, most: int) -> int:
    """An option that counts.  Raises `SpecError` where it is below 1 or beyond `most`."""
    report = Report()
    place = Place(Message("options"), path=name)
    read: Any = Number(Fraction(1), whole=True, most=most).read(Scalar(str(value), place), report)
    if read is INVALID:
        raise SpecError(report.problems)
    return int(read)
