"""The files about all papers of an exam: keys, sheets for graders, the report on fairness.

Each is made of pieces, one a chunk of papers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path

from chalkgrad.exam import grading, key, report, statistics
from chalkgrad.exam.attending import Attending
from chalkgrad.exam.chunk import Chunk
from chalkgrad.exam.sheets import points_of
from chalkgrad.exam.structure import Structure
from chalkgrad.exam.working import Working
from chalkgrad.render.files import Content
from chalkgrad.render.formats import Format
from chalkgrad.render.makers import made
from chalkgrad.render.sheets import Shell
from chalkgrad.spec.exam import ExamSpec
from chalkgrad.spec.model import in_language

CSV, JSON, FAIRNESS = "key.csv", "key.json", "fairness.md"
GRADING = "md"
"""The format of the sheet for graders where papers have none."""


class Records:
    """Makes the files about all papers."""

    def __init__(self, spec: ExamSpec, attending: Attending, workings: Mapping[str, Working]) -> None:
        """`workings` has one for each exercise, by its name: what all its structures have in common."""
        self.spec = spec
        self.attending = attending
        self.workings = workings
        self._tables: dict[tuple[Structure, str], grading.Tables] = {}

    @property
    def _first(self) -> Structure:
        return next(iter(self.workings.values())).structure

    def _form(self, name: str) -> Format:
        return self._first.example.form(name)

    def _sheets(self, formats: Sequence[str]) -> dict[str, str]:
        """The sheets for graders, each with its format."""
        return {f"key.{self._form(name).extension}": name for name in formats or (GRADING,)}

    def names(self, formats: Sequence[str]) -> tuple[str, ...]:
        """The files there are."""
        return (CSV, JSON, *self._sheets(formats), FAIRNESS)

    def pieces(self, chunk: Chunk, keys: Sequence[key.PaperKey], formats: Sequence[str]) -> Mapping[str, str]:
        """What some papers add to each of them."""
        found = {CSV: key.csv_piece(keys), JSON: key.json_piece(keys), FAIRNESS: self._statistics(chunk)}
        for file, name in self._sheets(formats).items():
            found[file] = self._graded(chunk, keys, name)
        return found

    def whole(self, name: str, pieces: Sequence[Path], formats: Sequence[str]) -> Content:
        """One of them, from its pieces."""

        def texts() -> Iterator[str]:
            return (piece.read_text("utf-8") for piece in pieces)

        if name == CSV:
            return _with_head(texts())
        if name == JSON:
            return key.json_whole(texts())
        if name == FAIRNESS:
            return report.written(self._title, self.workings, lambda: _lines(texts))
        form = self._form(self._sheets(formats)[name])
        sheet = grading.whole(self._shell(self._sheets(formats)[name]), texts())
        return made(form, "".join(sheet)) if form.maker else sheet

    @property
    def _title(self) -> str:
        return in_language(self.spec.language, self.spec.titles) or self.spec.name

    def _shell(self, name: str) -> Shell:
        points = [points_of(working.structure) for working in self.workings.values()]
        # where papers have different exercises, no number of points is that of all
        total = sum(points, Fraction(0)) if self.spec.choose == len(points) else None
        return grading.shell(self.spec, self._first, name, self.attending.papers, total)

    def _graded(self, chunk: Chunk, keys: Sequence[key.PaperKey], name: str) -> str:
        """The tables of some papers, exercise by exercise."""
        rows: dict[Structure, list[grading.Row]] = {}
        for row, paper in enumerate(keys):
            answers = iter(paper.answers)
            for place, (part, _) in enumerate(chunk.of_paper(row), 1):
                own = [next(answers) for _ in part.structure.asked]
                rows.setdefault(part.structure, []).append(grading.Row(paper.paper, paper.student, place, own))
        return "".join(self._table(structure, name).piece(own) for structure, own in rows.items())

    def _table(self, structure: Structure, name: str) -> grading.Tables:
        found = self._tables.get((structure, name))
        if found is None:
            named = bool(self.attending.students)
            found = grading.Tables(structure, name, has_names=named, has_places=not self.spec.is_single)
            self._tables[structure, name] = found
        return found

    def _statistics(self, chunk: Chunk) -> str:
        """What some papers add to the report."""
        return "".join(
            statistics.piece(
                part.exercise,
                part.structure,
                lambda at, part=part: part.worked.variants.column(at).texts,  # type: ignore[misc]
                part.working.fairness.measures(part.worked.variants),
                part.tally,
                part.working.caught(part.worked),
            )
            for part in chunk.parts
        )


def _with_head(pieces: Iterator[str]) -> Iterator[str]:
    yield key.CSV_HEAD
    yield from pieces


def _lines(texts: Callable[[], Iterator[str]]) -> Iterator[str]:
    return (line for text in texts() for line in text.splitlines())
