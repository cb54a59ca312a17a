"""Jupyter notebooks: the cells that the templates mark, put together by nbformat."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from itertools import count
from typing import Any

from chalkgrad.errors import OutputError
from chalkgrad.messages import Message

INSTALL = 'pip install "chalkgrad[notebook]"'

CELL = "\ue010"
"""Begins a cell, before its kind; a private-use character, which no text of a spec can bring in."""
ATTACHED, NAMED = "\ue011", "\ue012"
"""Around a picture that is attached to its cell; between its name and itself."""
_PICTURE = re.compile(f"{ATTACHED}(.*?){NAMED}(.*?){ATTACHED}", re.DOTALL)


def notebook(text: str) -> str:
    """The notebook whose cells the text marks: `CELL markdown` or `CELL code`, then what the cell holds.

    The cells' ids are counted, so that the same page is the same file.
    Raises `OutputError` where nbformat is not installed.
    """
    try:
        import nbformat  # noqa: PLC0415 (an optional extra)
    except ImportError as error:
        raise OutputError(Message("notebooks need the package nbformat: {command}", command=INSTALL)) from error
    make: Mapping[str, Callable[..., Any]] = {
        "markdown": nbformat.v4.new_markdown_cell,
        "code": nbformat.v4.new_code_cell,
    }
    numbers = count(1)
    cells: list[Any] = []
    for piece in text.split(CELL)[1:]:
        kind, _, source = piece.strip().partition("\n")
        pictures = {name: {"image/svg+xml": _base64(svg)} for name, svg in _PICTURE.findall(source)}
        source = _PICTURE.sub("", source).strip("\n")
        if source:
            cells.append(make[kind](source, id=f"cell-{next(numbers)}"))
            if pictures:
                cells[-1]["attachments"] = pictures
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    book = nbformat.v4.new_notebook(
        cells=cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}}
    )
    nbformat.validate(book)
    return f"{nbformat.writes(book)}\n"


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
