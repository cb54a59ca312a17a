"""An exam: any number of papers, each with other numbers.

papers ──students──> numbers ──drawing──> picks ──shapes──> parts, worked ──> sheets, keys
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chalkgrad.errors import Problem, SpecError
from chalkgrad.exam import key
from chalkgrad.exam.attending import Attending
from chalkgrad.exam.chunk import Chunk, Part
from chalkgrad.exam.conditions.conditions import Conditions
from chalkgrad.exam.drawing import CANONICAL_ORDER, Drawing, Judge
from chalkgrad.exam.exercise import Exercise
from chalkgrad.exam.making import Making
from chalkgrad.exam.paper import Paper
from chalkgrad.exam.records import Records
from chalkgrad.exam.roster import Student
from chalkgrad.exam.saving import run_of, save, wanted
from chalkgrad.exam.seeding import Key, Secret, Words
from chalkgrad.exam.sheets import part_texts, sheet_texts, shell
from chalkgrad.exam.structure import Structure
from chalkgrad.exam.students import Numbered, numbered, selected
from chalkgrad.exam.working import Working
from chalkgrad.example import undisturbed
from chalkgrad.render.files import Content
from chalkgrad.render.formats import Format
from chalkgrad.render.sheets import Shell
from chalkgrad.spec.exam import ExamSpec

CHUNK = 200
"""So many papers are worked together where all are asked for one by one."""


class Exam:
    """An exam, whose papers are made in chunks of any size and order."""

    def __init__(
        self, spec: ExamSpec, attending: Attending, templates: Path | None = None, pdf_engine: str = "typst"
    ) -> None:
        self.spec = spec
        self.attending = attending
        self.templates = templates
        self.pdf_engine = pdf_engine
        self.exercises = tuple(Exercise(one, templates, pdf_engine) for one in spec.exercises)
        self._workings: dict[Structure, Working] = {}
        self._last: Chunk | None = None
        self._be_askable()

    def __reduce__(self) -> tuple[type[Exam], tuple[Any, ...]]:
        """An exam travels to other processes as what it was made of."""
        return type(self), (self.spec, self.attending, self.templates, self.pdf_engine)

    def _be_askable(self) -> None:
        """Refuse questions and conditions that ask for what there is not."""
        problems: list[Problem] = []
        for exercise in self.exercises:
            try:
                first = exercise.structure([0] * len(exercise.sizes))
                self._working(exercise, first).conditions.names  # noqa: B018 (reads them)
            except SpecError as error:
                problems += (*error.problems, *_misread(exercise))
        if problems:
            raise SpecError(problems, self.spec.language)

    # ---- papers -------------------------------------------------------------------------------------------

    def __len__(self) -> int:
        """How many papers there are."""
        return self.attending.papers

    def __getitem__(self, number: int) -> Paper:
        """A paper by its number, from 1.

        >>> # chalkgrad.exam("backpropagation")[17].answers[0].shown
        """
        if not 1 <= number <= len(self):
            raise IndexError(f"there is no paper {number}, but 1 to {len(self)}")
        return Paper(self, number, key=self.keys([number])[0])

    def __iter__(self) -> Iterator[Paper]:
        """All papers, in order; worked some at a time."""
        for start in range(1, len(self) + 1, CHUNK):
            numbers = range(start, min(start + CHUNK, len(self) + 1))
            yield from (Paper(self, n, key=own) for n, own in zip(numbers, self.keys(numbers), strict=True))

    # ---- drawing ------------------------------------------------------------------------------------------

    @cached_property
    def _secret(self) -> Secret:
        return Secret.of(self.spec.seed)

    @cached_property
    def drawings(self) -> tuple[Drawing, ...]:
        """What each exercise draws."""
        return tuple(self._drawing(exercise) for exercise in self.exercises)

    def _drawing(self, exercise: Exercise) -> Drawing:
        def judge(structure: Structure) -> Judge:
            working = self._working(exercise, structure)
            return lambda columns, count: working.verdicts(columns, _hashed(structure, columns, count))

        switches = self._first_of(exercise).structure.task.switches
        return Drawing(exercise, self._secret, judge, canonical=switches.is_on(CANONICAL_ORDER))

    def _working(self, exercise: Exercise, structure: Structure) -> Working:
        found = self._workings.get(structure)
        if found is None:
            name = exercise.spec.name

            def keys(purpose: str) -> Key:
                return self._secret.key("exercise", name, purpose)

            found = self._workings[structure] = Working(structure, keys)
        return found

    @cached_property
    def numbers(self) -> tuple[int, ...]:
        """For each paper the number by which its draws are found: its own, or that of its student's id."""
        if not self.attending.students:
            return tuple(range(1, self.attending.papers + 1))
        return tuple(student.number for student in self._numbered)

    @property
    def moved(self) -> tuple[Student, ...]:
        """The students whose ids lead to numbers that others before them have; they have the next free ones."""
        students = self.attending.students
        return tuple(s for s, found in zip(students, self._numbered, strict=True) if found.is_moved)

    @cached_property
    def _numbered(self) -> list[Numbered]:
        ids = [student.id for student in self.attending.students]
        room = min(drawing.chooser.room(len(ids)) for drawing in self.drawings)
        return numbered(ids, self._secret, room) if ids else []

    def require(self) -> None:
        """Raise `TooFewPapers` where there are not so many different papers, saying why."""
        for drawing in self.drawings:
            drawing.chooser.require(self.attending.papers)

    def chunk(self, papers: Sequence[int]) -> Chunk:
        """Some papers, by their numbers from 1, worked."""
        wanted = tuple(papers)
        if self._last is None or self._last.papers != wanted:
            with undisturbed():
                self._last = self._chunk(wanted)
        return self._last

    def _chunk(self, papers: tuple[int, ...]) -> Chunk:
        numbers = np.array([self.numbers[paper - 1] for paper in papers])
        names = [exercise.spec.name for exercise in self.exercises]
        has = selected(names, self._secret, numbers.tolist(), self.spec.choose, shuffle=self.spec.shuffle)
        parts: list[Part] = []
        places: list[tuple[int, ...]] = []
        for which, drawing in enumerate(self.drawings):
            rows = np.array([row for row, chosen in enumerate(has) if which in chosen], np.intp)
            if len(rows):
                for part in self._parts(drawing, rows, numbers[rows]):
                    parts.append(part)
                    places.append(tuple(has[row].index(which) + 1 for row in part.rows))
        return Chunk(papers, tuple(parts), tuple(places))

    def _parts(self, drawing: Drawing, rows: NDArray[Any], numbers: NDArray[Any]) -> Iterator[Part]:
        chosen = drawing.chooser.chosen(numbers)
        for structure, places in drawing.exercise.shapes(chosen.picks):
            columns = structure.columns(chosen.picks[places])
            working = self._working(drawing.exercise, structure)
            worked = working.worked(columns, _hashed(structure, columns, len(places)))
            yield Part(
                drawing.exercise.spec.name, working, tuple(rows[places].tolist()), worked, chosen.tally[places]
            )

    # ---- pages --------------------------------------------------------------------------------------------

    @cached_property
    def _first(self) -> Structure:
        return self._first_of(self.exercises[0]).structure

    def _first_of(self, exercise: Exercise) -> Working:
        """What works one of an exercise's structures, for what all of them have in common."""
        return self._working(exercise, exercise.structure([0] * len(exercise.sizes)))

    def form(self, name: str) -> Format:
        """A format by its name."""
        return self._first.example.form(name)

    def shell(self, name: str, *, solved: bool) -> Shell:
        """What stands around the sheets of papers, or of solutions, in a file."""
        named = bool(self.attending.students)
        return shell(self.spec, self._first, name, with_solutions=solved, with_students=named)

    def sheets(self, name: str, papers: Sequence[int], *, solved: bool) -> list[str]:
        """The sheets of some papers in a format, or of their worked solutions."""
        chunk = self.chunk(papers)
        around = self._shell(name, solved)
        with undisturbed():
            texts = {}
            for part, places in zip(chunk.parts, chunk.places, strict=True):
                own = part_texts(part.structure, [papers[row] for row in part.rows], places)
                made = part.working.solutions if solved else part.working.papers
                texts[id(part)] = made(name, part.worked, own)
            return [
                around.sheet([texts[id(part)][i] for part, i in chunk.of_paper(row)], self._texts(chunk, row))
                for row in range(len(papers))
            ]

    def _shell(self, name: str, solved: bool) -> Shell:
        known = self._shells.get((name, solved))
        if known is None:
            known = self._shells[name, solved] = self.shell(name, solved=solved)
        return known

    @cached_property
    def _shells(self) -> dict[tuple[str, bool], Shell]:
        return {}

    def _texts(self, chunk: Chunk, row: int) -> dict[str, str]:
        paper = chunk.papers[row]
        exercises = [part.structure for part, _ in chunk.of_paper(row)]
        if not self.attending.students:
            return sheet_texts(paper, exercises)
        student = self.attending.students[paper - 1]
        return sheet_texts(paper, exercises, student.name, student.id)

    # ---- keys ---------------------------------------------------------------------------------------------

    def keys(self, papers: Sequence[int]) -> list[key.PaperKey]:
        """What keys say of some papers."""
        chunk = self.chunk(papers)
        with undisturbed():
            solved = {
                id(p): key.solved(p.structure, p.worked.variants, p.worked.accepted, p.worked.letters)
                for p in chunk.parts
            }
        found = []
        for row, paper in enumerate(papers):
            own = [solved[id(part)][i] for part, i in chunk.of_paper(row)]
            if not self.spec.is_single:
                own = [one.placed(place) for place, one in enumerate(own, 1)]
            student = self.attending.students[paper - 1] if self.attending.students else None
            given = dict(pair for one in own for pair in one.given)
            answers = tuple(answer for one in own for answer in one.answers)
            name, number = (student.name, student.id) if student else ("", "")
            found.append(key.PaperKey(paper, name, number, given, answers))
        return found

    @cached_property
    def _records(self) -> Records:
        firsts = {exercise.spec.name: self._first_of(exercise) for exercise in self.exercises}
        return Records(self.spec, self.attending, firsts)

    def records(self, formats: Sequence[str]) -> tuple[str, ...]:
        """The files about all papers: keys, sheets for graders in some formats, the report on fairness."""
        return self._records.names(formats)

    def recorded(self, papers: Sequence[int], formats: Sequence[str]) -> Mapping[str, str]:
        """What some papers add to each of them."""
        return self._records.pieces(self.chunk(papers), self.keys(papers), formats)

    def record(self, name: str, pieces: Sequence[Path], formats: Sequence[str]) -> Content:
        """One of them, from its pieces."""
        return self._records.whole(name, pieces, formats)

    # ---- files --------------------------------------------------------------------------------------------

    def save(
        self,
        folder: str | Path = ".",
        formats: Iterable[str] = ("md", "tex"),
        *,
        bundle: bool = False,
        singles: bool | None = None,
        jobs: int = 1,
    ) -> Path:
        """Write papers, solutions and keys into `folder/NAME`, which is returned.

        `bundle`: all papers in one file, and all solutions in another; `singles`: a file for each (default: where
        there is no bundle).  A script that asks for several `jobs` begins with `if __name__ == "__main__":`.
        """
        making = Making(self, wanted(formats), bundle, not bundle if singles is None else singles)
        run = run_of(making, Path(folder))
        save(making, run, jobs, lambda _: None)
        return run.home


def _misread(exercise: Exercise) -> tuple[Problem, ...]:
    """What is wrong with an exercise's conditions, where its questions are wrong already."""
    try:
        example, task = exercise.example([0] * len(exercise.structural))
        Conditions(example, task.where, task.switches, ())
    except SpecError as error:
        return error.problems
    return ()


def _hashed(structure: Structure, columns: Mapping[Any, Any], count: int) -> Words:
    """64 bits of each paper's draws: the same numbers, the same bits (FNV-1a over the picks)."""
    picks = {v.draw: columns[v.at].picks for v in structure.varied}
    found = np.full(count, 0xCBF29CE484222325, np.uint64)
    for draw in sorted(picks):
        found = (found ^ picks[draw].astype(np.uint64)) * np.uint64(0x100000001B3)
    return found
