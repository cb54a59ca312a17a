"""Papers of an exam: what is drawn for each, its pages, its answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chalkgrad.errors import Problem, SpecError
from chalkgrad.evaluation.columns import Columns
from chalkgrad.evaluation.variants import Variants
from chalkgrad.exam.exercise import Exercise
from chalkgrad.exam.structure import Structure
from chalkgrad.spec.exam import ExamSpec


@dataclass(frozen=True)
class Part:
    """Some papers of one exercise that have one shape, with their numbers."""

    exercise: Exercise
    structure: Structure
    papers: tuple[int, ...]
    """The numbers of the papers, counted from 1."""
    columns: Columns
    """What is drawn for each of them."""

    def variants(self) -> Variants:
        """Every number of every paper, with its digits."""
        return self.structure.example.variants(self.columns, len(self.papers))


@dataclass(frozen=True)
class Answer:
    """A number that a student is to find."""

    question: str
    id: str
    value: float
    shown: str
    points: Fraction


class Exam:
    """An exam: any number of papers, each with other numbers."""

    def __init__(self, spec: ExamSpec, templates: Path | None, pdf_engine: str) -> None:
        self.spec = spec
        self.exercises = tuple(Exercise(one, templates, pdf_engine) for one in spec.exercises)
        problems: list[Problem] = []
        for exercise in self.exercises:
            try:
                exercise.structure([0] * len(exercise.sizes))
            except SpecError as error:
                problems += error.problems
        if problems:
            raise SpecError(problems, spec.language)

    def parts(self, exercise: Exercise, papers: Sequence[int]) -> Iterator[Part]:
        """What is drawn for some papers of an exercise, a part a shape."""
        picks = self._picks(exercise, papers)
        for structure, rows in exercise.shapes(picks):
            numbers = tuple(papers[row] for row in rows)
            yield Part(exercise, structure, numbers, structure.columns(picks[rows]))

    def _picks(self, exercise: Exercise, papers: Sequence[int]) -> NDArray[Any]:
        """A row of picks for each paper."""
        rows = [np.random.default_rng(paper).integers(0, exercise.sizes) for paper in papers]
        return np.array(rows).reshape(len(papers), len(exercise.sizes))

    def answers(self, part: Part) -> list[list[Answer]]:
        """The answers of each paper of a part."""
        variants = part.variants()
        columns = []
        for question in part.structure.questions:
            for id, at, points in zip(question.ids, question.ats, question.points, strict=True):
                rows = zip(variants.double_column(at), variants.column(at).texts, strict=True)
                columns.append([Answer(question.label, id, value, shown, points) for value, shown in rows])
        return [list(row) for row in zip(*columns, strict=True)]
