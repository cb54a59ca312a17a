"""In which order a frame is uncovered: sentences with what they announce, the first chain of a section link by
link, equations group by group, and what stands under braces factor by factor."""

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
class Uncovering:
    """Uncovers the frames of a section, one after the other.

    The first chain of three links is taught in full, one link after the other; the later ones, of the next unit or
    the next layer, come at a stroke.  Factors under braces are named one by one wherever they stand.
    """

    taught: bool = False
    """Whether the section has had its chain in full."""
    step: int = 1
    """Where the frame in hand has come to."""

    def frame(self, blocks: Sequence[Block]) -> tuple[Shown, ...]:
        """The blocks of the next frame with their steps; lines of equations carry steps of their own.

        What follows a sentence comes with it; everything else waits for a step.
        """
        self.step = 1
        return tuple(self._shown(blocks))

    def _next(self) -> None:
        self.step += 1

    def _shown(self, blocks: Sequence[Block]) -> Iterator[Shown]:
        before: Block | None = None
        for block in blocks:
            if before is not None and not isinstance(before, Paragraph):
                self._next()
            before = block
            if isinstance(block, Listing):
                yield Shown(block, 1)  # code stands in no argument of a command, so it cannot be covered
            elif isinstance(block, Equations):
                # the rows bring their own steps: a block that comes later would take its rows along
                yield Shown(Equations(tuple(self._lines(block.lines))), 1)
            else:
                yield Shown(block, self.step)

    def _lines(self, lines: Sequence[Line]) -> Iterator[Line]:
        """Groups of lines one after the other; a line that was uncovered in steps has a group to itself."""
        stepwise = False
        for i, line in enumerate(lines):
            in_full = len(line.links) >= 3 and not self.taught
            after_steps, stepwise = stepwise, in_full or any(_is_braced(link.body) for link in line.links)
            if i and (line.spaced or after_steps or stepwise):
                self._next()
            self.taught |= in_full
            yield self._line(line, in_full=in_full)

    def _line(self, line: Line, *, in_full: bool) -> Line:
        left = _from(line.left, self.step)
        links: list[Link] = []
        last = len(line.links) - 1
        for i, link in enumerate(line.links):
            answered = i > 0 and _is_braced(line.links[i - 1].body)
            # what numbers come to is seen with the numbers
            if answered or (in_full and 0 < i < last):
                self._next()
            relation = _from(link.relation, self.step)
            body = self._factors(link.body) if _is_braced(link.body) else _from(link.body, self.step)
            links.append(Link(relation, body))
        return replace(line, left=left, links=tuple(links))

    def _factors(self, body: Math) -> Math:
        """A product whose factors stand there at once, and are answered under their braces one by one."""
        assert isinstance(body, Product)  # noqa: S101 (asked before)
        whole = self.step
        factors = []
        for factor in body.factors:
            assert isinstance(factor, Brace)  # noqa: S101 (asked before)
            self._next()
            factors.append(Brace(factor.body, _from(factor.label, self.step)))
        return _from(Product(tuple(factors)), whole)


def _is_braced(body: Math) -> bool:
    return isinstance(body, Product) and all(isinstance(factor, Brace) for factor in body.factors)


def _from(body: Math, step: int) -> Math:
    """Covered until a step; what is there from the beginning needs no cover."""
    return body if step == 1 or body == EMPTY else Uncovered(body, step)
