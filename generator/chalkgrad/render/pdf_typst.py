"""PDFs and pictures of pages in Typst, through the optional package `typst`: no TeX, no files, no network."""

from __future__ import annotations

import re
from threading import local
from typing import Any

from chalkgrad.errors import OutputError
from chalkgrad.messages import Message
from chalkgrad.resources import templates

_OTHER_SCRIPTS = re.compile("[\u0530-\u1dff\u2c00-\ufaff\U00010000-\U0001d3ff\U0001d800-\U0010ffff]")
"""Characters that none of Typst's own fonts has."""


def pdf(text: str) -> bytes:
    """A PDF; the same bytes in every run.

    Raises `OutputError` where the package is missing or Typst refuses the text.
    """
    return _compiled(text, "pdf")[0]


def pictures(text: str, ppi: float = 90) -> list[bytes]:
    """A PNG of each page."""
    return _compiled(text, "png", ppi)


def _compiled(text: str, kind: str, ppi: float | None = None) -> list[bytes]:
    try:
        import typst  # noqa: PLC0415 (an extra that only PDFs need)
    except ImportError:
        raise OutputError(
            Message(
                "PDF pages need the package {package}: {command}, or {option}",
                package="typst",
                command='pip install "chalkgrad[pdf]"',
                option="--pdf-engine latexmk",
            )
        ) from None
    try:
        made: Any = _COMPILERS.get(bool(_OTHER_SCRIPTS.search(text))).compile(text.encode(), format=kind, ppi=ppi)
    except typst.TypstError as error:
        refused = Message(
            "{engine} refuses the page: {reason}", engine="Typst", reason=str(error.diagnostic or error)
        )
        raise OutputError(refused) from error
    return [made] if isinstance(made, bytes) else made


class _Compilers(local):
    """The compilers of a thread: one that knows its fonts is three times as fast as a new one, and no two threads
    may use it at once."""

    def __init__(self) -> None:
        self.kept: dict[bool, Any] = {}

    def get(self, system_fonts: bool) -> Any:
        """With Typst's own fonts, and the system's only for scripts that those lack, so that pages are the same on
        every machine.  It can read no file but the templates."""
        import typst  # noqa: PLC0415

        if system_fonts not in self.kept:
            self.kept[system_fonts] = typst.Compiler(root=templates(), ignore_system_fonts=not system_fonts)
        return self.kept[system_fonts]


_COMPILERS = _Compilers()
