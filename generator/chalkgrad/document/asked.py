"""Worked solutions: what was asked for stands in a box where the page computes it, its points beside it.

A number is boxed once: at the end of the line that computes it, else in the first table that holds it, else where
it first stands in a line (the derivative of a weighted sum by a weight is the number that came in by it).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import partial
from typing import Any, TypeVar

from chalkgrad.document.mapping import mapped, source_of
from chalkgrad.document.model import Block, Equations, Line, NumberCell, Paragraph, Table
from chalkgrad.document.scribe import Scribe
from chalkgrad.markup.nodes import Boxed, Formula, Name, Num, Relation
from chalkgrad.quantities import AnyQuantity, At

T = TypeVar("T")


@dataclass(frozen=True)
class Asked:
    """A number that was asked for."""

    at: At
    label: str
    """What stands beside its box: the letter of the question, and the points."""


def boxed(scribe: Scribe, blocks: Sequence[Block], asked: Iterable[Asked]) -> tuple[list[Block], list[Asked]]:
    """The blocks with boxes, and what the page does not show."""
    page = list(blocks)
    return page, [one for one in asked if not _box(scribe, page, one)]


def _box(scribe: Scribe, page: list[Block], asked: Asked) -> bool:
    """Box one number in the first place that suits; whether there was one."""
    derivation = scribe.derivation
    source = source_of(derivation, asked.at)

    def is_asked(at: At) -> bool:
        return at == asked.at

    def is_its_number(at: At) -> bool:
        return source_of(derivation, at) == source

    ways: tuple[tuple[Callable[..., Block | None], Callable[[At], bool]], ...] = (
        (_in_result, is_asked),
        (_in_table, is_asked),
        (_in_sentence, is_asked),
        (_in_result, is_its_number),
        (partial(_in_line, quantity=asked.at.quantity), is_its_number),
        (_in_line, is_its_number),
        (_in_table, is_its_number),
    )
    for way, suits in ways:
        for place, block in enumerate(page):
            found = way(block, suits, asked.label)
            if found is not None:
                page[place] = found
                return True
    return False


def _in_result(block: Block, suits: Callable[[At], bool], label: str) -> Block | None:
    """Where a line comes to it."""
    if not isinstance(block, Equations):
        return None
    for place, line in enumerate(block.lines):
        for number in reversed(range(len(line.links))):
            link = line.links[number]
            if any(suits(at) for relation in _found(link, Relation) for at in relation.results):
                links = (*line.links[:number], _marked(link, suits, label), *line.links[number + 1 :])
                return _with_line(block, place, replace(line, links=links))
    return None


def _in_line(
    block: Block, suits: Callable[[At], bool], label: str, quantity: AnyQuantity | None = None
) -> Block | None:
    """Where it first stands in a line, one that names the quantity where one is told."""
    if not isinstance(block, Equations):
        return None
    for place, line in enumerate(block.lines):
        if quantity is not None and quantity not in (name.quantity for name in _found(line, Name)):
            continue
        changed = replace(line, links=_first(line.links, suits, label))
        if changed != line:
            return _with_line(block, place, changed)
    return None


def _in_sentence(block: Block, suits: Callable[[At], bool], label: str) -> Block | None:
    """Where words speak of it: the new cost."""
    if not isinstance(block, Paragraph):
        return None
    changed = replace(block, text=_first(block.text, suits, label))
    return None if changed == block else changed


def _in_table(block: Block, suits: Callable[[At], bool], label: str) -> Block | None:
    """The first cell that holds it, in mathematics."""
    if not isinstance(block, Table):
        return None
    rows = _first(block.rows, suits, label, cells=True)
    return None if rows == block.rows else replace(block, rows=rows)


def _with_line(block: Equations, place: int, line: Line) -> Equations:
    return replace(block, lines=(*block.lines[:place], line, *block.lines[place + 1 :]))


def _marked(thing: Any, suits: Callable[[At], bool], label: str) -> Any:
    """Every place of a number; of a case distinction each case has one."""
    return mapped(thing, lambda num: Boxed(num, label) if isinstance(num, Num) and suits(num.at) else num)


def _first(thing: Any, suits: Callable[[At], bool], label: str, *, cells: bool = False) -> Any:
    """The first place of a number, in lines or in cells of a table."""
    done = False

    def change(place: Num | NumberCell) -> Any:
        nonlocal done
        if done or isinstance(place, NumberCell) is not cells or not suits(place.at):
            return place
        done = True
        mark = Boxed(Num(place.at), label)
        return (mark,) if cells else mark

    return mapped(thing, change)


def _found(thing: Any, kind: type[T]) -> Iterator[T]:
    """Everything of one kind in a line, of every case."""
    if isinstance(thing, kind):
        yield thing
    elif isinstance(thing, Formula):
        for part in thing.bindings.values():
            yield from _found(part, kind)
    elif type(thing) is tuple:
        for item in thing:
            yield from _found(item, kind)
    elif is_dataclass(thing) and not isinstance(thing, type):
        for field in fields(thing):
            yield from _found(getattr(thing, field.name), kind)
