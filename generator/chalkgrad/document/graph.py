"""The computation graph of a circuit: gates and wires, without coordinates."""

from __future__ import annotations

from sympy import Expr

from chalkgrad.algebra.splitting import split
from chalkgrad.catalogue.gates import C, Fitting, gate_of
from chalkgrad.document.drawing import plain
from chalkgrad.document.drawn import Caption, DrawnGate, DrawnGraph
from chalkgrad.document.model import Drawing
from chalkgrad.document.scribe import Scribe
from chalkgrad.markup.nodes import Formula, Function, Math, Row, Sign
from chalkgrad.network.model import Node
from chalkgrad.quantities import Quantity

MOST_GATES = 40
"""More are not drawn: nobody could follow the wires."""
_ORDERED = ("minus", "over")
"""Gates that do not take their inputs in any order."""


def graph(scribe: Scribe, *, worked: bool = True) -> Drawing:
    """The graph with the value of every wire above it and the gradient below; where it is not `worked`, with the
    values of the inputs alone."""
    network = scribe.network
    numbers = {quantity: i for i, quantity in enumerate((*network.given, *(n.quantity for n in network.nodes)))}
    gates = [_given(scribe, quantity, worked) for quantity in network.given]
    gates += [
        _gate(scribe, node, tuple(numbers[argument] for argument in node.arguments), worked)
        for node in network.nodes
    ]
    counts = {"gates": len(network.nodes), "inputs": len(network.given)}
    if not worked:
        return Drawing("graph", plain(scribe, "drawing.open_graph", **counts), DrawnGraph(tuple(gates)))
    return Drawing(
        "graph",
        plain(scribe, "drawing.graph", **counts),
        DrawnGraph(tuple(gates)),
        scribe.say("circuit.reading"),
        scribe.say("drawing.without_numbers"),
    )


def _given(scribe: Scribe, quantity: Quantity, worked: bool) -> DrawnGate:
    return DrawnGate(
        (scribe.name(quantity),),
        _ids(scribe, quantity),
        value=Caption(scribe.num(quantity), "value", quantity.id),
        gradient=_gradient(scribe, quantity) if worked else (),
    )


def _gate(scribe: Scribe, node: Node, takes: tuple[int, ...], worked: bool) -> DrawnGate:
    fitting = _fitting(node.op.formula)
    return DrawnGate(
        _signs(scribe, node, fitting),
        _ids(scribe, node.quantity),
        takes,
        is_ordered=fitting is not None and fitting.gate.name in _ORDERED,
        name=Caption(scribe.name(node.quantity), "gate", node.quantity.id),
        value=Caption(scribe.num(node.quantity), "value", node.quantity.id) if worked else None,
        gradient=_gradient(scribe, node.quantity) if worked else (),
    )


def _fitting(formula: Expr) -> Fitting | None:
    """The one gate that a formula is, however it is written: f/2 is half of f."""
    gates = split(formula, "", lambda: "")
    return gate_of(gates[0][1]) if len(gates) == 1 else None


def _signs(scribe: Scribe, node: Node, fitting: Fitting | None) -> tuple[Math, ...]:
    """What stands in a gate; in a step of several operations its formula or, where that is too long, dots."""
    if fitting is None:
        return scribe.symbols(scribe.step(node.quantity)), Sign("…")
    gate, number = fitting.gate, fitting.places.get(C)
    if gate.sign:
        sign = Function(gate.sign) if gate.sign.isalpha() else Sign(gate.sign)
        return (sign if number is None else Row((sign, Formula(number, {}))),)
    return (scribe.symbols(scribe.step(node.quantity)),)


def _gradient(scribe: Scribe, quantity: Quantity) -> tuple[Caption, ...]:
    """The gradient, with an arrow that shows which way it flows where there is room for it."""
    derivative = scribe.gradient(quantity)
    number = scribe.num(derivative)
    texts: tuple[Math, ...] = (Row((Sign("←"), number)), number)
    return tuple(Caption(text, "gradient", derivative.id) for text in texts)


def _ids(scribe: Scribe, quantity: Quantity) -> tuple[str, ...]:
    return (quantity.id, scribe.gradient(quantity).id)
