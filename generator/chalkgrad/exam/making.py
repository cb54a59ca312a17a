"""Papers and worked solutions as files: which there are, their names, and how those of all papers are made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from chalkgrad.exam import manifest
from chalkgrad.exam.attending import Attending
from chalkgrad.exam.running import Batch
from chalkgrad.render.files import Content
from chalkgrad.render.formats import Format
from chalkgrad.render.makers import made
from chalkgrad.render.pdf_join import joined
from chalkgrad.render.sheets import Shell
from chalkgrad.spec.exam import ExamSpec

KINDS = {"papers": False, "solutions": True}
"""The folders of an exam, or its bundles, and whether they hold solutions."""
TEXT_AT_A_TIME, PDF_AT_A_TIME = 500, 20
"""How many papers are made together: about a second's work."""


class Sheets(Protocol):
    """What an exam can do; it travels to other processes."""

    @property
    def spec(self) -> ExamSpec:
        """What was asked of it."""
        ...

    @property
    def attending(self) -> Attending:
        """Its papers, and who writes them."""
        ...

    @property
    def templates(self) -> Path | None:
        """The folder of the user's own templates."""
        ...

    @property
    def pdf_engine(self) -> str:
        """What makes PDFs."""
        ...

    def form(self, name: str) -> Format:
        """A format by its name."""
        ...

    def sheets(self, name: str, papers: Sequence[int], *, solved: bool) -> Sequence[str]:
        """The sheets of some papers in a format, or of their worked solutions."""
        ...

    def shell(self, name: str, *, solved: bool) -> Shell:
        """What stands around them in a file."""
        ...

    def records(self, formats: Sequence[str]) -> Sequence[str]:
        """The files about all papers, which are in `formats`: keys, the report on fairness."""
        ...

    def recorded(self, papers: Sequence[int], formats: Sequence[str]) -> Mapping[str, str]:
        """What some papers add to each of them."""
        ...

    def record(self, name: str, pieces: Sequence[Path], formats: Sequence[str]) -> Content:
        """One of them, from its pieces."""
        ...


@dataclass(frozen=True)
class Making:
    """Makes the files of an exam."""

    exam: Sheets
    formats: tuple[str, ...]
    """What papers are written in; none for the keys alone."""
    bundle: bool = False
    """Whether there is a file of all papers, and one of all solutions."""
    singles: bool = True
    """Whether each paper has files of its own."""

    @property
    def wholes(self) -> tuple[str, ...]:
        """The files of all papers."""
        return (*(self._bundles if self.bundle else ()), *self.exam.records(self.formats))

    @property
    def tops(self) -> tuple[str, ...]:
        """What a whole run leaves in the exam's folder."""
        folders = tuple(KINDS) if self.formats and self.singles else ()
        return (*folders, *self.wholes, manifest.NAME)

    @property
    def at_a_time(self) -> int:
        """How many papers are made together."""
        return PDF_AT_A_TIME if any(self.exam.form(name).maker for name in self.formats) else TEXT_AT_A_TIME

    @property
    def _bundles(self) -> dict[str, tuple[str, str]]:
        """Bundles by name: the format and the kind of their sheets."""
        return {
            f"{kind}.{self.exam.form(name).extension}": (name, kind) for name in self.formats for kind in KINDS
        }

    def make(self, papers: Sequence[int]) -> Batch:
        """Some papers, by their numbers."""
        files: dict[int, dict[str, str | bytes]] = {paper: {} for paper in papers}
        pieces: dict[str, str | bytes] = {}
        for bundle, (name, kind) in self._bundles.items():
            sheets = self.exam.sheets(name, papers, solved=KINDS[kind])
            form = self.exam.form(name)
            shell = self.exam.shell(name, solved=KINDS[kind])
            if self.bundle:
                pieces[bundle] = made(form, shell.file(sheets)) if form.maker else "".join(sheets)
            if self.singles:
                for paper, sheet in zip(papers, sheets, strict=True):
                    files[paper][f"{kind}/{paper:04}.{form.extension}"] = made(form, shell.file([sheet]))
        return Batch(files, {**pieces, **self.exam.recorded(papers, self.formats)})

    def whole(self, name: str, pieces: Sequence[Path]) -> Content:
        """A file of all papers from its pieces, in order."""
        if name in self.exam.records(self.formats):
            return self.exam.record(name, pieces, self.formats)
        form, kind = self._bundles[name]
        if self.exam.form(form).maker:
            return pieces[0].read_bytes() if len(pieces) == 1 else joined(piece.read_bytes() for piece in pieces)
        shell = self.exam.shell(form, solved=KINDS[kind])
        return shell.pieces(piece.read_text("utf-8") for piece in pieces)
