"""Sheets of an exam: papers and worked solutions, each in a file of its own or many in one.

A sheet is what its shell begins with, its parts, and what the shell ends with; a file is what stands before its
sheets, the sheets, and what stands after them.  All of it is rendered once: a sheet is made by filling.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from chalkgrad.catalogue.languages import Language
from chalkgrad.document.model import Cover
from chalkgrad.errors import ResourceError
from chalkgrad.markup.naming import Naming
from chalkgrad.messages import Message
from chalkgrad.quantities import At
from chalkgrad.render.fill import Texts
from chalkgrad.render.formats import Format, format_names, load_format
from chalkgrad.render.page import Page, Renderer


@dataclass(frozen=True)
class Shell:
    """What stands around the parts of a sheet, and around the sheets of a file, in one format."""

    before: str
    begin: Page
    end: Page
    after: str

    def sheet(self, parts: Iterable[str], texts: Texts) -> str:
        """One sheet of the parts that were filled for it; `texts` are those of its own."""
        return "".join((self.begin.fill(texts=texts), *parts, self.end.fill(texts=texts)))

    def file(self, sheets: Iterable[str]) -> str:
        """A whole file."""
        return "".join(self.pieces(sheets))

    def pieces(self, sheets: Iterable[str]) -> Iterator[str]:
        """A whole file, piece by piece, so that no more than a sheet needs to be in memory."""
        yield self.before
        yield from sheets
        yield self.after


def shell(cover: Cover, form: Format, language: Language, naming: Naming, digits: Callable[[At], int]) -> Shell:
    """The shell of an exam's sheets in a format.

    Raises `ResourceError` for a format in which there are no exams.
    """
    if not form.bundle:
        known = ", ".join(sheet_formats())
        unknown = Message('no exam is written as "{name}"; there are: {known}', name=form.name, known=known)
        raise ResourceError(unknown)
    before, (begin, end), after = Renderer(form, language, naming, digits).shell(cover)
    return Shell(before, begin, end, after)


def sheet_formats() -> tuple[str, ...]:
    """The formats in which exams can be written."""
    return tuple(name for name in format_names() if load_format(name).bundle)
