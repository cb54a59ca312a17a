"""What makes the finished file where a format's text is not yet that: a PDF of Typst, a notebook of its cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from chalkgrad.render.formats import Format

MAKERS: Mapping[str, Callable[[str], str | bytes]] = {}
"""By the name that a format's `maker` says."""


def made(form: Format, text: str) -> str | bytes:
    """The content of the finished file, from the text that the format's templates made."""
    return MAKERS[form.maker](text) if form.maker else text
