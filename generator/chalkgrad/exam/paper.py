"""One paper of an exam, for programs: its numbers, its answers, its pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from chalkgrad.exam.key import Answer, PaperKey
from chalkgrad.exam.making import Sheets
from chalkgrad.render.makers import made


@dataclass(frozen=True)
class Sheet:
    """A paper, or a worked solution."""

    exam: Sheets = field(repr=False)
    number: int
    """Of the paper, from 1."""
    solved: bool = False

    def text(self, name: str) -> str:
        """The text of the sheet in a format; of a format that is no text (a PDF), what it is made from."""
        shell = self.exam.shell(name, solved=self.solved)
        return shell.file(self.exam.sheets(name, [self.number], solved=self.solved))

    def content(self, name: str) -> str | bytes:
        """The finished sheet in a format, as its file holds it."""
        return made(self.exam.form(name), self.text(name))

    def to_markdown(self) -> str:
        """The sheet as Markdown with LaTeX mathematics."""
        return self.text("md")

    def to_latex(self) -> str:
        """The sheet as a LaTeX article."""
        return self.text("tex")

    def to_html(self) -> str:
        """The sheet as one HTML file."""
        return self.text("html")

    def to_pdf(self) -> bytes:
        """The sheet as a PDF."""
        content = self.content("pdf")
        assert isinstance(content, bytes)  # noqa: S101 (every maker of PDFs gives bytes)
        return content

    def _repr_markdown_(self) -> str:
        """What a Jupyter cell shows."""
        return self.to_markdown()


@dataclass(frozen=True)
class Paper(Sheet):
    """A paper, with all that a teacher knows of it."""

    key: PaperKey = field(kw_only=True, repr=False)

    @property
    def student(self) -> str:
        """Who writes it; empty where nobody has said."""
        return self.key.student

    @property
    def given(self) -> Mapping[str, str]:
        """Every given number by id, as printed."""
        return self.key.given

    @property
    def answers(self) -> tuple[Answer, ...]:
        """What is to be found, with what is accepted."""
        return self.key.answers

    @property
    def solution(self) -> Sheet:
        """The same paper, worked."""
        return Sheet(self.exam, self.number, solved=True)
