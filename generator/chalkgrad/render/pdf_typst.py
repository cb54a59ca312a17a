"""PDFs and pictures of pages in Typst, through the optional package `typst`: no TeX, no files, no network."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from chalkgrad.errors import OutputError
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
            'PDF pages need the package typst: pip install "chalkgrad[pdf]", or --pdf-engine latexmk'
        ) from None
    compiler = _compiler(bool(_OTHER_SCRIPTS.search(text)))
    try:
        made: Any = compiler.compile(text.encode(), format=kind, ppi=ppi)
    except typst.TypstError as error:
        raise OutputError(f"Typst refuses the page: {error.diagnostic or error.message}") from error
    return [made] if isinstance(made, bytes) else made


@cache
def _compiler(system_fonts: bool) -> Any:
    """A compiler that knows its fonts: Typst's own, and the system's only for scripts that those lack, so that
    pages are the same on every machine.  It can read no file but the templates."""
    import typst  # noqa: PLC0415

    return typst.Compiler(root=templates(), ignore_system_fonts=not system_fonts)
