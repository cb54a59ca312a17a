"""Chains of equalities for a page whose width nobody knows: the reader's window breaks the lines.

Every link is mathematics of its own, so that a line can break before its relation; a link too wide for a narrow
window falls into the terms of its sum, or the factors of its row of matrices.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from chalkgrad.document.model import Line
from chalkgrad.markup.base import Printer
from chalkgrad.markup.layout import Layout
from chalkgrad.markup.nodes import Branch, Math, Relation, Row
from chalkgrad.markup.slots import BranchSlot
from chalkgrad.render.templating import Ready


class Chain(NamedTuple):
    """A line of equations, printed link by link."""

    left: Ready
    links: Ready
    spaced: bool
    """Whether a new group of lines begins here."""
    defines: str
    """The ids of the quantities that the line computes, with spaces between."""


def chain_of(line: Line, printer: Printer, layout: Layout, around: str) -> Chain:
    """Print a line; `around` is what the format puts around mathematics, with `TEXT` in its place."""
    setter = _Setter(printer, layout, around)
    links = "".join(setter.link(link.relation, link.body) for link in line.links)
    return Chain(Ready(setter.math(line.left)), Ready(links), line.spaced, " ".join(_defined(line, printer)))


class _Setter(NamedTuple):
    printer: Printer
    layout: Layout
    around: str

    def math(self, *nodes: Math) -> str:
        text = " ".join(filter(None, map(self.printer.show, nodes)))
        return self.around.replace("TEXT", text) if text else ""  # a line may go on without a left side

    def link(self, relation: Math, body: Math) -> str:
        """A relation with what follows it; each case of a distinction is a chain of its own."""
        if isinstance(body, Branch):
            cases = (self._case(case) for case in (body.positive, body.zero, body.negative))
            return self.printer.slots.marker(BranchSlot(body.switch, *cases))
        first, *more = self.layout.pieces(body)
        return self.math(relation, *first) + "".join(self.math(*piece) for piece in more)

    def _case(self, case: Math) -> str:
        return "".join(self.link(relation, body) for relation, body in _links(case))


def _links(case: Math) -> Iterator[tuple[Math, Math]]:
    """A row of relations and sides in turn, as pairs."""
    assert isinstance(case, Row)  # noqa: S101 (the cases of a line are rows)
    return zip(case.items[::2], case.items[1::2], strict=True)


def _defined(line: Line, printer: Printer) -> Iterable[str]:
    """What the line computes: what its left side names, and what its relations lead to."""
    ids = [printer.id_of(line.subject)] if line.subject is not None else []
    relations: list[Math] = [link.relation for link in line.links]
    for link in line.links:
        if isinstance(link.body, Branch):  # every case comes to the same quantity
            relations += [relation for relation, _ in _links(link.body.positive)]
    for relation in relations:
        if isinstance(relation, Relation):
            ids += [printer.naming.id(at) for at in relation.results]
    return filter(None, dict.fromkeys(ids))
