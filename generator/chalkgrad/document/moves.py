"""A calculation in letters, line under line, each with the rule by which it follows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from sympy import Symbol

from chalkgrad.algebra.differentiation import Move, Rule
from chalkgrad.document.model import Line, Link
from chalkgrad.document.scribe import Scribe, equal
from chalkgrad.markup.nodes import EMPTY, Formula, Math, Sign, Words


def reason(scribe: Scribe, rules: Iterable[Rule]) -> str:
    """The names of the rules, as the page's language has them."""
    return ", ".join(scribe.language.sentence(f"rule.{rule.name.lower()}") for rule in rules)


def lines(scribe: Scribe, left: Math, moves: Iterable[Move], names: Mapping[Symbol, Math]) -> tuple[Line, ...]:
    """`left = …`, then `= …` under it; `names` says what the symbols stand for."""
    worked = [_line(scribe, move, names) for move in moves]
    first, *rest = worked
    return (replace(first, left=left), *rest)


def _line(scribe: Scribe, move: Move, names: Mapping[Symbol, Math]) -> Line:
    link = equal(Formula(move.result, names))
    if not move.rules:
        return Line(EMPTY, (link,))
    return Line(EMPTY, (link, Link(Sign("qquad"), Words(reason(scribe, move.rules)))))
