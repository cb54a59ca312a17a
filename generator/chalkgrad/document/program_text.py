"""Lines of a program: statements and arrays of given numbers, none longer than 79 characters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from chalkgrad.document.model import CodeLine, Literal
from chalkgrad.quantities import At

WIDTH = 79
"""Characters on a line, as PEP 8 has it."""
INDENT = "    "

_BREAKS = re.compile(r"(?<=,) | (?=[-+*/@] )")
"""Where a statement may go on in the next line: after a comma, before an operator."""


def statement(text: str, depth: int = 0) -> Iterator[CodeLine]:
    """An assignment or a return; one that is too long goes on inside parentheses.

    >>> list(statement("a1 = np.tanh(z1)", depth=1))
    [('    a1 = np.tanh(z1)',)]
    """
    margin = INDENT * depth
    if len(margin + text) <= WIDTH:
        yield (margin + text,)
        return
    left, equals, right = text.partition(" = ")
    if not equals:
        left, _, right = text.partition(" ")  # return a, b, …
        before, value, after = f"{left} ", right, ""
    elif len(left) > len(right):
        before, value, after = "", left, f" = {right}"
    else:
        before, value, after = f"{left} = ", right, ""
    yield (f"{margin}{before}(",)
    for line in _wrapped(value, WIDTH - len(margin) - len(INDENT)):
        yield (f"{margin}{INDENT}{line}",)
    yield (f"{margin}){after}",)


def _wrapped(text: str, room: int) -> Iterator[str]:
    """An expression in lines of at most so many characters, broken inside as few parentheses as can be."""
    while len(text) > room:
        breaks = [at for match in _BREAKS.finditer(text) if 0 < (at := match.start()) <= room]
        late = [at for at in breaks if at > room // 3] or breaks
        if late:
            at = min(reversed(late), key=lambda at: text.count("(", 0, at) - text.count(")", 0, at))
            yield text[:at]
            text = text[at + 1 :]
            continue
        at = text.rfind("(", 0, room) + 1  # calls inside calls
        if not at:
            break
        yield text[:at]
        text = text[at:]
    yield text


def matrix(start: str, rows: Sequence[Sequence[At]], end: str, width: Callable[[At], int]) -> Iterator[CodeLine]:
    """`W1 = np.array([[0.1, 0.2], [0.3, 0.4]])` on one line where it fits, else a line for each row.

    `start` and `end` are what stands around the brackets; `width` says how many characters a number has.
    """
    length = sum(_width(row, width) + len("[], ") for row in rows) - len(", ")
    if len(start) + length + len("[]") + len(end) <= WIDTH:
        line: list[str | Literal] = [f"{start}["]
        for i, row in enumerate(rows):
            line += [", [" if i else "[", *_separated(row), "]"]
        yield (*line, f"]{end}")
        return
    yield (f"{start}[",)
    for row in rows:
        yield from vector(INDENT, row, ",", width)
    yield (f"]{end}",)


def vector(start: str, row: Sequence[At], end: str, width: Callable[[At], int]) -> Iterator[CodeLine]:
    """Numbers between brackets, in as many lines as they need, one below the other."""
    lines: list[list[At]] = [[]]
    for at in row:
        if lines[-1] and len(start) + _width([*lines[-1], at], width) + len("[],") + len(end) > WIDTH:
            lines.append([])
        lines[-1].append(at)
    for i, part in enumerate(lines):
        before = f"{start}[" if i == 0 else " " * len(f"{start}[")
        yield (before, *_separated(part), f"]{end}" if i == len(lines) - 1 else ",")


def _width(row: Sequence[At], width: Callable[[At], int]) -> int:
    return sum(width(at) + len(", ") for at in row) - len(", ")


def _separated(row: Sequence[At]) -> Iterator[str | Literal]:
    for i, at in enumerate(row):
        if i:
            yield ", "
        yield Literal(at)
