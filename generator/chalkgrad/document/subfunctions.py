"""A function taken apart into gates on the page alone: its derivatives by the chain rule, in letters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import sympy as sp
from sympy import Expr, Symbol

from chalkgrad.algebra.ops import formal
from chalkgrad.algebra.order import written
from chalkgrad.algebra.splitting import split
from chalkgrad.catalogue.gates import step_op
from chalkgrad.document.model import Block, Equations, Inline, Line, Paragraph
from chalkgrad.document.scribe import EQUALS, Scribe, added, equal
from chalkgrad.markup.nodes import Formula, Fraction, Math, Name, Product, Row, Sign, Word
from chalkgrad.network.circuit import wire
from chalkgrad.network.model import Node

LETTERS = "quvsprt"
"""What stands between may be called q, u, …, where the circuit has no quantity of this name."""


def in_names(scribe: Scribe, expression: Expr) -> Formula:
    """An expression in the names of the circuit's quantities; what is none of them (an increment, what is between
    on the page alone) is a letter."""
    return Formula(expression, {symbol: _name(scribe, symbol.name) for symbol in expression.free_symbols})


def _name(scribe: Scribe, name: str) -> Math:
    return Name(wire(name)) if name in _taken(scribe) else Word(name)


def _taken(scribe: Scribe) -> set[str]:
    network = scribe.network
    return {q.name for q in network.given} | {node.quantity.name for node in network.nodes}


def _slope(scribe: Scribe, of: str, by: str) -> Math:
    """The derivative of a function by one of its variables, as a quotient."""
    return Fraction(*(Row((Sign("∂"), _name(scribe, name))) for name in (of, by)))


def blocks(scribe: Scribe, node: Node, results: Mapping[Symbol, Expr]) -> Iterator[Block]:
    """The gates of a function, and backward through them; each line ends with the result that is known."""
    name = node.quantity.name
    gates = dict(split(node.op.formula, name, _fresh(scribe)))
    made: list[Inline] = [
        (Row((_name(scribe, gate), EQUALS, in_names(scribe, formula))),) for gate, formula in gates.items()
    ]
    yield Paragraph(scribe.say("limit.chain_rule", gates=scribe.words.listed(made)))
    known: dict[Symbol, Expr] = {}
    lines = []
    for symbol in (*(formal(gate) for gate in reversed(gates) if gate != name), *node.op.inputs):
        uses = [
            (formal(gate), step_op(gate, formula).partial(symbol))
            for gate, formula in gates.items()
            if symbol in formula.free_symbols
        ]
        lines.append(_line(scribe, node, symbol, uses, known, results.get(symbol)))
        shares = [known.get(gate, sp.Integer(1)) * local for gate, local in uses]
        known[symbol] = written(sp.Add(*shares))
    yield Equations(tuple(lines))


def _line(
    scribe: Scribe,
    node: Node,
    symbol: Symbol,
    uses: list[tuple[Symbol, Expr]],
    known: Mapping[Symbol, Expr],
    result: Expr | None,
) -> Line:
    """∂f/∂x = ∂f/∂q · ∂q/∂x = z · 1 = z."""
    output = formal(node.quantity.name)
    names: list[Math] = []
    values: list[Math] = []
    for gate, local in uses:
        here, factor = _slope(scribe, gate.name, symbol.name), in_names(scribe, local)
        if gate == output:
            names.append(here)
            values.append(factor)
        else:
            names.append(Product((_slope(scribe, output.name, gate.name), here)))
            values.append(Product((in_names(scribe, known[gate]), factor)))
    is_plain = len(uses) == 1 and uses[0][0] == output
    links = [] if is_plain else [equal(added(names))]
    links.append(equal(added(values)))
    if result is not None and not (is_plain and uses[0][1] == result):
        links.append(equal(in_names(scribe, result)))
    return Line(_slope(scribe, output.name, symbol.name), tuple(links))


def _fresh(scribe: Scribe) -> Callable[[], str]:
    """Names for what stands between: q, or with several q1, q2, …"""
    free = iter(letter for letter in LETTERS if letter not in _taken(scribe))
    numbers = iter(range(1, 1000))

    def fresh() -> str:
        return next(free, None) or f"g{next(numbers)}"

    return fresh
