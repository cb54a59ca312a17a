"""What makes the finished file where a format's text is not yet that: a PDF, a notebook."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from chalkgrad.render import notebook, pdf_tex, pdf_typst
from chalkgrad.render.formats import Format

MAKERS: Mapping[str, Callable[[str], str | bytes]] = {
    "notebook": notebook.notebook,
    "typst": pdf_typst.pdf,
    **{engine: partial(pdf_tex.pdf, engine=engine) for engine in pdf_tex.COMMANDS},
}
"""By the name that a format's `maker` says."""

PDF_ENGINES = ("typst", *pdf_tex.COMMANDS)
"""What can make a PDF; the first needs no TeX."""


def made(form: Format, text: str) -> str | bytes:
    """The content of the finished file, from the text that the format's templates made."""
    return MAKERS[form.maker](text) if form.maker else text
