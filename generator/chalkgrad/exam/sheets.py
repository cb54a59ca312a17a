"""The sheets of an exam: papers, or worked solutions, each part with numbers of its own.

A sheet is made of a shell, rendered once an exam, and a part an exercise, rendered once a structure; both are then
filled for each paper.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cache

from chalkgrad.document.exam import asked, cover, paper
from chalkgrad.document.model import Document, Inline, Own
from chalkgrad.document.sentences import Sentences
from chalkgrad.evaluation.rounding import Digits
from chalkgrad.exam.structure import Structure
from chalkgrad.render.page import ANCHOR
from chalkgrad.render.sheets import Shell
from chalkgrad.spec.exam import ExamSpec
from chalkgrad.spec.model import in_language


def posed(structure: Structure) -> Document:
    """An exercise as the student sees it."""
    example, work = structure.example, structure.task.work_with
    scribe = example.unworked
    return paper.exercise(
        scribe,
        example.way.subtitle(scribe),
        example.way.posed,
        list(_items(structure)),
        Digits(work.decimals, work.significant),
        with_formulas=structure.task.formulas,
    )


def solved(structure: Structure, walk_through: Document) -> Document:
    """A walk-through as an exercise on a sheet of solutions."""
    return paper.solution(structure.example.unworked, walk_through)


def _items(structure: Structure) -> Iterator[asked.Item]:
    for question in structure.questions:
        ask = question.ask
        text = in_language(structure.example.language.code, ask.texts)
        yield asked.Item(question.label, question.ats, ask.points, ask.form, text, ask.choices)


@cache
def points_of(structure: Structure) -> Fraction:
    """The points of all questions of an exercise."""
    return sum((question.ask.points for question in structure.questions), Fraction(0))


def shell(spec: ExamSpec, first: Structure, name: str, *, with_solutions: bool, with_students: bool) -> Shell:
    """What stands around the exercises in a format; `first` is any structure of the exam's first exercise."""
    example = first.example
    language, header = spec.language, spec.header
    words = Sentences(example.language)
    front = cover.cover(
        words,
        in_language(language, spec.titles) or spec.name,
        course=in_language(language, header.course),
        date=in_language(language, header.date),
        fields=header.fields,
        instructions="" if with_solutions else in_language(language, header.instructions),
        marks=None if with_solutions else _marks(spec, first),
        solved=with_solutions,
        named=with_students,
    )
    return example.shell(name, front)


def _marks(spec: ExamSpec, first: Structure) -> cover.Marks:
    """A column a question or, of several exercises, a column an exercise."""
    columns: list[tuple[Inline, Inline]]
    if not spec.is_single:
        columns = [((str(i),), (Own(cover.points_at(i)),)) for i in range(1, spec.choose + 1)]
        return cover.Marks("exam.exercises", tuple(columns), (Own(cover.TOTAL),))
    scribe = first.example.unworked
    columns = [((f"{q.label})",), (asked.marks(scribe, q.ask.points),)) for q in first.questions]
    return cover.Marks("exam.question", tuple(columns), (asked.marks(scribe, points_of(first)),))


def sheet_texts(number: int, exercises: Sequence[Structure], student: str = "", id: str = "") -> dict[str, str]:
    """What the shell of a paper has of its own; `exercises` are those of the paper, in their order."""
    scribe = exercises[0].example.unworked
    points = [points_of(structure) for structure in exercises]
    own = {ANCHOR: f"p{number}", cover.PAPER: str(number), cover.STUDENT: student, cover.ID: id}
    own |= {cover.points_at(place): asked.marks(scribe, value) for place, value in enumerate(points, 1)}
    return own | {cover.TOTAL: asked.marks(scribe, sum(points, Fraction(0)))}


def choice_texts(label: str, columns: Sequence[list[str]]) -> dict[str, list[str]]:
    """The numbers that some papers offer for the question with this label, a column of papers an option."""
    return {paper.choice(label, option): column for option, column in enumerate(columns)}


def part_texts(structure: Structure, numbers: Sequence[int], places: Sequence[int]) -> Mapping[str, list[str]]:
    """What an exercise has of its own on some papers: on paper `numbers[i]` it stands at `places[i]`, counted
    from 1."""
    points = asked.points_text(structure.example.unworked, points_of(structure))
    return {
        ANCHOR: [f"p{number}e{place}" for number, place in zip(numbers, places, strict=True)],
        paper.EXERCISE: list(map(str, places)),
        paper.POINTS: [points] * len(numbers),
    }
