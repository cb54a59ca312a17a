"""Delimited text (CSV) as rows of cells that know where they stand.

Python's own reader tells lines alone; whoever has to mend a list wants the column too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

DELIMITERS = "\t;,"
"""What may stand between cells, the least ambiguous first: a name may hold a comma, hardly a tab."""


class Cell(NamedTuple):
    """What stands between two delimiters, without the spaces around it, and where it begins."""

    text: str
    line: int
    column: int


class Open(Exception):  # noqa: N818 (names a state of the text, and is caught by whoever knows the file)
    """A quotation mark that nothing closes; `line` and `column` say where it stands."""

    def __init__(self, line: int, column: int) -> None:
        self.line, self.column = line, column
        super().__init__()


def rows(text: str) -> list[list[Cell]]:
    r"""The rows that have something in them; cells may be in quotation marks, doubled inside.

    >>> [[cell.text for cell in row] for row in rows('name;id\n"Sá; Ana";7\n;\n')]
    [['name', 'id'], ['Sá; Ana', '7']]

    Raises `Open`.
    """
    declared, text = _declared(text.replace("\r\n", "\n").replace("\r", "\n"))
    delimiter = declared or delimiter_of(text)
    found = _cells(text, delimiter, first=2 if declared else 1)
    return [row for row in found if any(cell.text.strip(DELIMITERS) for cell in row)]


def _declared(text: str) -> tuple[str, str]:
    """The delimiter that a first line `sep=;` names, as Excel writes it, and the text after it."""
    first, _, rest = text.partition("\n")
    if len(first) == 5 and first.lower().startswith("sep=") and first[4] in DELIMITERS:
        return first[4], rest
    return "", text


def delimiter_of(text: str) -> str:
    """The one that stands in every line that is not blank, else the one that stands in most of them."""
    lines = [plain for plain in _unquoted(text).split("\n") if plain.strip(DELIMITERS + " ")]
    counts = {mark: sum(mark in line for line in lines) for mark in DELIMITERS}
    everywhere = [mark for mark in DELIMITERS if lines and counts[mark] == len(lines)]
    return everywhere[0] if everywhere else max(reversed(DELIMITERS), key=counts.__getitem__)


def _unquoted(text: str) -> str:
    """The text with a letter for whatever stands in quotation marks."""
    return "x".join(text.split('"')[::2])


_SPACES = re.compile(" *")


def _cells(text: str, delimiter: str, first: int) -> Iterator[list[Cell]]:
    """All rows, blank ones too; `first` is the number of the text's first line."""
    pattern = re.compile(rf' *+(?:"((?:[^"]|"")*+)"|(?!"))([^{delimiter}\n]*)')
    row: list[Cell] = []
    line, begin, at = first, 0, 0
    while True:
        match = pattern.match(text, at)
        spaces = _SPACES.match(text, at)
        column = at + (len(spaces[0]) if spaces else 0) - begin + 1
        if match is None:
            raise Open(line, column)
        quoted, plain = match.groups()
        row.append(Cell((quoted.replace('""', '"') + plain if quoted else plain).strip(), line, column))
        if quoted and "\n" in quoted:
            line += quoted.count("\n")
            begin = text.rfind("\n", 0, match.end()) + 1
        at = match.end() + 1
        if at > len(text):
            yield row
            return
        if text[at - 1] == "\n":
            yield row
            row, line, begin = [], line + 1, at
