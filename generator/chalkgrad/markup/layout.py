"""Where lines break: before a relation, and where one side is still too long, before a sign of its sum.

A format says how wide its lines are; the same measure serves them all.
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from chalkgrad.markup import nodes
from chalkgrad.markup.measure import Measure
from chalkgrad.markup.nodes import EMPTY, Formula, Math, Row, Sign, Uncovered


@dataclass(frozen=True)
class SetRow:
    """One row of aligned equations: what stands left of the alignment, the relation, what follows."""

    left: Math
    relation: Math
    body: Math


@dataclass(frozen=True)
class Layout:
    """Breaks lines to a width."""

    measure: Measure
    width: int

    def rows(self, left: Math, links: tuple[tuple[Math, Math], ...], indent: int) -> list[SetRow]:
        """Set a chain of equalities; `indent` is the width of the widest left side of the block."""
        rows: list[SetRow] = []
        for group in self.grouped(links, indent):
            rows += self._flush(group, left if not rows else EMPTY, self.width - indent)
        return rows

    def grouped(self, links: tuple[tuple[Math, Math], ...], indent: int) -> list[list[tuple[Math, Math]]]:
        """The links of each row; a result is not left alone where what it follows from fits beside it."""
        room = self.width - indent
        groups: list[list[tuple[Math, Math]]] = []
        used = 0
        for link in links:
            width = self._width(link[0]) + self._width(link[1]) + 1
            if not groups or used + width > room:
                groups.append([])
                used = 0
            groups[-1].append(link)
            used += width
        if len(groups) > 1 and len(groups[-1]) == 1 and len(groups[-2]) > 1:
            pair = (groups[-2][-1], groups[-1][0])
            if sum(self._width(part) + 1 for link in pair for part in link) <= room:
                groups[-2:] = [groups[-2][:-1], list(pair)]
        return groups

    def pieces(self, body: Math) -> list[tuple[Math, ...]]:
        """A side wider than a line in the pieces between which it may break, each with the sign before it."""
        if self._width(body) <= self.width:
            return [(body,)]
        out: list[tuple[Math, ...]] = []
        for term in _terms(body):
            after_sign = out and isinstance(out[-1][-1], Sign)
            out[-1:] = [(*out[-1], term)] if after_sign else [*out[-1:], (term,)]
        return out

    def _width(self, node: Math) -> int:
        return self.measure.width(self.measure.show(node))

    def _flush(self, links: list[tuple[Math, Math]], left: Math, room: int) -> list[SetRow]:
        (relation, body), *rest = links
        more: list[Math] = []
        for following, other in rest:
            more += [following, other]
        first = Row((body, *more)) if more else body
        if not more and self._width(body) + 2 > room:
            parts = self._broken(body, room)
            return [
                SetRow(left, relation, parts[0]),
                *(SetRow(EMPTY, EMPTY, Row((Sign("quad"), part))) for part in parts[1:]),
            ]
        return [SetRow(left, relation, first)]

    def _broken(self, body: Math, room: int) -> list[Math]:
        """A sum cut into rows before its signs; anything else is left whole."""
        if isinstance(body, Uncovered):
            return [Uncovered(part, body.step) for part in self._broken(body.body, room)]
        pieces = _terms(body)
        if len(pieces) < 2:
            return [body]
        rows: list[list[Math]] = [[]]
        used = 0
        for piece in pieces:
            width = self._width(piece) + 1
            if rows[-1] and used + width > room - 4:
                rows.append([])
                used = 0
            rows[-1].append(piece)
            used += width
        return [Row(tuple(row)) for row in rows]


def _terms(body: Math) -> list[Math]:
    """The terms of a sum, each after the first with its sign; the factors of a row of matrices."""
    if isinstance(body, Formula) and body.expression.is_Add:
        return [_signed(term, body, first=i == 0) for i, term in enumerate(body.expression.args)]
    if (
        isinstance(body, Formula)
        and body.expression.is_Mul
        and body.expression.args[0] == -1
        and body.expression.args[1].is_Add
    ):
        return [body]
    if isinstance(body, Row) and len(body.items) > 1:
        return list(body.items)
    return [body]


def _signed(term: sp.Expr, whole: Formula, *, first: bool) -> Math:
    """A term as a sum of its own, so that its sign and its parentheses are decided as inside the whole."""
    if first:
        return Formula(term, whole.bindings)
    return nodes.Continued(Formula(sp.Add(sp.Integer(0), term, evaluate=False), whole.bindings))
