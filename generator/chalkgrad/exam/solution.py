"""The worked solution of an exercise: the walk-through, with what is asked in boxes and its points beside them.

One rule says what is left out: nothing is checked at the end unless the spec says so (`show.check`), for the
central differences take longer than all the rest.  And a solution shows all that is asked: where the page of the
spec would not, as much is added as it takes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from chalkgrad.document.asked import Asked
from chalkgrad.document.exam.asked import points_text
from chalkgrad.exam.structure import Structure
from chalkgrad.example import Example
from chalkgrad.spec.model import ShowSpec


def solution(structure: Structure) -> Example:
    """The example of a structure as its worked solutions show it."""
    example, asked = structure.example, list(asked_of(structure))
    found = example
    for show in _wordier(example.spec.show):
        spec = replace(example.spec, show=show)
        found = Example(spec, example.templates, example.pdf_engine, asked)
        if not found.unshown:
            break
    return found


def asked_of(structure: Structure) -> Iterator[Asked]:
    """Every number that is asked for, with what stands beside its box."""
    scribe = structure.example.unworked
    for question in structure.questions:
        for at, points in zip(question.ats, question.points, strict=True):
            yield Asked(at, f"{question.label}) {points_text(scribe, points)}")


def _wordier(show: ShowSpec) -> Iterator[ShowSpec]:
    """What the spec asks for, without a check; then ever more."""
    show = replace(show, fade="none", check=show.check or "none")
    yield show
    if show.check == "none":
        show = replace(show, check="forward")
        yield show
    if "matrix" in show.views and "scalar" not in show.views:
        show = replace(show, views=("scalar", *show.views))
        yield show
    if show.detail == "summary":
        show = replace(show, detail="siblings")
        yield show
    yield (show := replace(show, detail="full"))
    yield replace(show, check="differences")
