"""Several PDFs as one, through the optional package `pypdf`: papers are set some at a time, by many processes."""

from __future__ import annotations

import io
from collections.abc import Iterable

from chalkgrad.errors import OutputError
from chalkgrad.messages import Message


def joined(pieces: Iterable[bytes]) -> bytes:
    """The pages of all PDFs in order, with their bookmarks; title and language are those of the first.

    Raises `OutputError` where the package is missing.
    """
    try:
        from pypdf import PdfReader, PdfWriter  # noqa: PLC0415 (an extra that only PDFs need)
        from pypdf.generic import NameObject  # noqa: PLC0415
    except ImportError:
        raise OutputError(
            Message(
                "PDF pages need the package {package}: {command}, or {option}",
                package="pypdf",
                command='pip install "chalkgrad[pdf]"',
                option="--to tex",
            )
        ) from None
    writer = PdfWriter()
    first = None
    for piece in pieces:
        reader = PdfReader(io.BytesIO(piece))
        first = first or reader
        writer.append(reader)
    if first is not None:
        writer.add_metadata(
            {key: value for key, value in (first.metadata or {}).items() if isinstance(value, str)}
        )
        if "/Lang" in first.root_object:
            writer.root_object[NameObject("/Lang")] = first.root_object["/Lang"]
    whole = io.BytesIO()
    writer.write(whole)
    return whole.getvalue()
