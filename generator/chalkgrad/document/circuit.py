"""The page of a circuit: what is given, the graph, forward gate by gate, and back again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sympy import Expr

from chalkgrad.catalogue.gates import gate_of
from chalkgrad.document import graph, limit
from chalkgrad.document.backward import backward
from chalkgrad.document.model import (
    Block,
    Cell,
    Equations,
    Facts,
    Inline,
    Line,
    Link,
    NumberCell,
    Paragraph,
    Remark,
    Table,
)
from chalkgrad.document.numbering import Numbering
from chalkgrad.document.scribe import EQUALS, Scribe
from chalkgrad.evaluation.program import difference_of
from chalkgrad.markup.nodes import (
    Formula,
    Fraction,
    Math,
    Name,
    Paren,
    Raised,
    Row,
    Sign,
    Word,
)
from chalkgrad.network.circuit import wire
from chalkgrad.network.model import Node
from chalkgrad.quantities import At
from chalkgrad.spec.lessons.circuit import CircuitLesson


def sections(scribe: Scribe, numbering: Numbering) -> Iterator[Block]:
    """The walk-through of a circuit."""
    network, show = scribe.network, scribe.spec.show
    drawable = len(network.nodes) <= graph.MOST_GATES
    if show.drawings != "none" and drawable:
        yield graph.graph(scribe)
    yield numbering.heading(1, scribe.say("heading.given"))
    yield from _given(scribe)
    yield numbering.heading(1, scribe.say("heading.forward"))
    yield Paragraph(scribe.say("circuit.forward"))
    yield Equations(tuple(_forward(scribe, node) for node in network.nodes))
    if "limit" in show.views:
        yield numbering.heading(1, scribe.say("heading.limit"))
        yield from limit.blocks(scribe)
    if "graph" in show.views or len(network.nodes) > 1:
        yield numbering.heading(1, scribe.say("heading.backward"))
        yield from backward(scribe)
    if scribe.check == "differences":
        yield numbering.heading(1, scribe.say("heading.check"))
        yield from _check(scribe)


def posed(scribe: Scribe) -> Iterator[Block]:
    """The circuit before anything is worked: its graph with the inputs' values, and what is given."""
    if scribe.spec.show.drawings != "none" and len(scribe.network.nodes) <= graph.MOST_GATES:
        yield graph.graph(scribe, worked=False)
    yield from _given(scribe, with_steps=True)


def _forward(scribe: Scribe, node: Node) -> Line:
    """A gate's result; a mere change of sign needs no numbers between."""
    step = scribe.step(node.quantity)
    line = scribe.worked(step)
    fitting = gate_of(step.expression)
    if fitting is None or fitting.gate.name != "negative":
        return line
    first, *_, last = line.links
    return replace(line, links=(first, last))


def subtitle(scribe: Scribe) -> Iterator[Inline]:
    """How many gates there are, and what is asked."""
    output = scribe.name(scribe.network.cost)
    names = scribe.words.listed([(scribe.name(quantity),) for quantity in scribe.network.given])
    yield scribe.say("subtitle.circuit", output=output, names=names)


def _given(scribe: Scribe, *, with_steps: bool = False) -> Iterator[Block]:
    """The inputs, and what is computed of them where the page does not work it step by step."""
    lesson = scribe.spec.lesson
    assert isinstance(lesson, CircuitLesson)  # noqa: S101 (told to the type checker)
    inputs = tuple((Row((scribe.name(q), EQUALS, scribe.num(q))),) for q in scribe.network.given)
    rows = [(scribe.say("given.inputs"), inputs)]
    if lesson.is_split or with_steps:
        written = tuple((Row((Name(wire(name)), EQUALS, _named(step))),) for name, step in lesson.steps.items())
        rows.append((scribe.say("given.formula" if lesson.is_formula else "given.steps"), written))
    yield Facts(tuple(rows))


def _named(expression: Expr) -> Formula:
    """An expression of the spec, in the names of the page."""
    return Formula(expression, {s: Name(wire(s.name)) for s in expression.free_symbols})


# ---- check --------------------------------------------------------------------------------------------------


def _check(scribe: Scribe) -> Iterator[Block]:
    """Every gradient in one table; those by the inputs beside their central differences."""
    differences = scribe.spec.show.fade != "backward"
    if differences:
        yield Paragraph(scribe.say("circuit.differences"))
        yield Equations((_difference(scribe),))
        yield Paragraph(scribe.say("check.relative_error"))
    head: list[Inline] = [scribe.say("table.wire"), scribe.say("table.value"), scribe.say("table.gradient")]
    if differences:
        head += [scribe.say("table.difference"), scribe.say("table.relative_error")]
    yield Table(tuple(head), tuple(_rows(scribe, differences)))
    if scribe.spec.show.carry == "shown" and differences:
        yield Remark(scribe.say("check.carry_shown"))
    if any(event.kind == "kink" for event in scribe.outline.events):
        yield Remark(scribe.say("check.kink"))


def _rows(scribe: Scribe, differences: bool) -> Iterator[tuple[Cell, ...] | None]:
    for quantity in scribe.network.parameters:
        gradient = scribe.derivation.gradient(quantity)
        cells: list[Cell] = [(scribe.name(quantity),), NumberCell(At(quantity)), NumberCell(At(gradient))]
        if differences:
            cells += [NumberCell(At(other)) for other in difference_of(gradient)]
        yield tuple(cells)
    yield None
    for node in scribe.network.nodes:
        gradient = scribe.gradient(node.quantity)
        cells = [(scribe.name(node.quantity),), NumberCell(At(node.quantity)), NumberCell(At(gradient))]
        yield (*cells, *[()] * (2 * differences))


def _difference(scribe: Scribe) -> Line:
    """The central difference by the first input, in letters."""
    output, first = scribe.name(scribe.network.cost), scribe.network.parameters[0]
    letter = Word("h" if wire("h") not in scribe.network.given else "epsilon")

    def moved(sign: str) -> Math:
        return Row((output, Paren(Row((scribe.name(first), Sign(sign), letter)))))

    above = Row((moved("+"), Sign("−"), moved("−")))
    power = Raised(Word("10"), Row((Sign("−"), Word("3"))))
    body = Row((Fraction(above, Row((Word("2"), letter))), Sign(","), Sign("quad"), letter, EQUALS, power))
    return Line(scribe.name(scribe.gradient(first)), (Link(Sign("≈"), body),))
