"""In which order a frame is uncovered: sentences with what they announce, equations link by link and factor by
factor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from chalkgrad.document.model import Block, Equations, Line, Link, Listing, Paragraph
from chalkgrad.markup.nodes import EMPTY, Brace, Math, Product, Uncovered


@dataclass(frozen=True)
class Shown:
    """A block of a frame, and the step in which it comes."""

    block: Block
    step: int
    """1 for what is there from the beginning."""


@dataclass
class _Clock:
    """Counts the steps of a frame."""

    step: int = 1

    def next(self) -> int:
        self.step += 1
        return self.step


def uncovered(blocks: Sequence[Block]) -> tuple[Shown, ...]:
    """The blocks of a frame with their steps; lines of equations carry steps of their own.

    What follows a sentence comes with it; everything else waits for a step.
    """
    return tuple(_shown(blocks, _Clock()))


def _shown(blocks: Sequence[Block], clock: _Clock) -> Iterator[Shown]:
    before: Block | None = None
    for block in blocks:
        if before is not None and not isinstance(before, Paragraph):
            clock.next()
        before = block
        if isinstance(block, Listing):
            yield Shown(block, 1)  # code stands in no argument of a command, so it cannot be covered
        elif isinstance(block, Equations):
            # the rows bring their own steps: a block that comes later would take its rows along
            yield Shown(Equations(tuple(_lines(block.lines, clock))), 1)
        else:
            yield Shown(block, clock.step)


def _lines(lines: Sequence[Line], clock: _Clock) -> Iterator[Line]:
    """Each line a step later than the one before; the first chain of three links, one link after the other."""
    taught = False
    for i, line in enumerate(lines):
        if i:
            clock.next()
        in_full = len(line.links) >= 3 and not taught
        taught |= in_full
        yield _line(line, clock, in_full=in_full)


def _line(line: Line, clock: _Clock, *, in_full: bool) -> Line:
    left = _from(line.left, clock.step)
    links: list[Link] = []
    for i, link in enumerate(line.links):
        if i and in_full:
            clock.next()
        relation = _from(link.relation, clock.step)
        body = link.body
        links.append(Link(relation, _factors(body, clock) if _is_braced(body) else _from(body, clock.step)))
    return replace(line, left=left, links=tuple(links))


def _is_braced(body: Math) -> bool:
    return isinstance(body, Product) and all(isinstance(factor, Brace) for factor in body.factors)


def _factors(body: Math, clock: _Clock) -> Math:
    """A product whose factors stand there at once, and are answered under their braces one by one."""
    assert isinstance(body, Product)  # noqa: S101 (asked before)
    whole = clock.step
    factors = []
    for factor in body.factors:
        assert isinstance(factor, Brace)  # noqa: S101 (asked before)
        factors.append(Brace(factor.body, _from(factor.label, clock.next())))
    return _from(Product(tuple(factors)), whole)


def _from(body: Math, step: int) -> Math:
    """Covered until a step; what is there from the beginning needs no cover."""
    return body if step == 1 or body == EMPTY else Uncovered(body, step)
