"""The page of a circuit: what is given, the graph, forward gate by gate, and back again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from sympy import Expr

from chalkgrad.catalogue.gates import gate_of
from chalkgrad.derivation.model import Kind, Path, Ref, Step
from chalkgrad.document import graph, limit
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
from chalkgrad.document.scribe import EQUALS, Scribe, added, equal
from chalkgrad.evaluation.program import difference_of
from chalkgrad.markup.nodes import (
    Formula,
    Fraction,
    Math,
    Name,
    Num,
    Paren,
    Product,
    Raised,
    Relation,
    Row,
    Sign,
    Tint,
    Word,
)
from chalkgrad.network.circuit import wire
from chalkgrad.network.model import Node
from chalkgrad.quantities import At, Partial, Quantity
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
        yield from _backward(scribe)
    yield numbering.heading(1, scribe.say("heading.check"))
    yield from _check(scribe)


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


def _given(scribe: Scribe) -> Iterator[Block]:
    lesson = scribe.spec.lesson
    assert isinstance(lesson, CircuitLesson)  # noqa: S101 (told to the type checker)
    inputs = tuple((Row((scribe.name(q), EQUALS, scribe.num(q))),) for q in scribe.network.given)
    rows = [(scribe.say("given.inputs"), inputs)]
    if lesson.is_split:
        written = tuple((Row((Name(wire(name)), EQUALS, _named(step))),) for name, step in lesson.steps.items())
        rows.append((scribe.say("given.formula" if lesson.is_formula else "given.steps"), written))
    yield Facts(tuple(rows))


def _named(expression: Expr) -> Formula:
    """An expression of the spec, in the names of the page."""
    return Formula(expression, {s: Name(wire(s.name)) for s in expression.free_symbols})


# ---- backward -----------------------------------------------------------------------------------------------


def _backward(scribe: Scribe) -> Iterator[Block]:
    """From the output back, gate by gate: what a gate takes in gets what arrives times its local derivative."""
    output = scribe.name(scribe.network.cost)
    seed = scribe.gradient(scribe.network.cost)
    yield Paragraph(scribe.say("circuit.backward", output=output))
    if _has_letters(scribe):
        yield Paragraph(scribe.say("circuit.letters", output=output))
        yield Equations((scribe.worked(scribe.step(seed)),))
    for stage in scribe.network.stages:
        gate = next(node for node in scribe.network.nodes if stage[0] in node.arguments)
        made = Row((scribe.name(gate.quantity), EQUALS, scribe.symbols(scribe.step(gate.quantity))))
        yield Paragraph(scribe.words.join(*_forks(scribe, stage), scribe.say("circuit.gate", gate=made)))
        yield Equations(tuple(line for quantity in stage for line in _derivative(scribe, quantity)))
    yield from _conventions(scribe)


def _forks(scribe: Scribe, stage: tuple[Quantity, ...]) -> Iterator[Inline]:
    """Which of what a gate takes in goes to other gates too."""
    for quantity in stage:
        users = _users(scribe, quantity)
        if len(users) > 1:
            names = scribe.words.listed([(scribe.name(user),) for user in users])
            yield scribe.say("circuit.fork", count=len(users), a=scribe.name(quantity), users=names)


def _paths(scribe: Scribe, quantity: Quantity) -> tuple[Path, ...]:
    return scribe.derivation.paths[scribe.gradient(quantity)]


def _users(scribe: Scribe, quantity: Quantity) -> list[Quantity]:
    return [node.quantity for node in scribe.network.nodes if quantity in node.arguments]


def _has_letters(scribe: Scribe) -> bool:
    """Whether a derivative of the output is a letter with a d before it, and not a quotient."""
    return bool(scribe.notation.wires)


def _derivative(scribe: Scribe, quantity: Quantity) -> Iterator[Line]:
    """The local derivatives that have to be worked, then the sum over the gates that a quantity goes to."""
    paths, total = _paths(scribe, quantity), scribe.gradient(quantity)
    alone = len(paths) == 1 and _is_direct(paths[0]) and not _has_letters(scribe)
    if alone:
        line = scribe.worked(scribe.step(paths[0].local.quantity))
        *links, last = line.links
        result = scribe.num(total)
        relation = replace(last.relation, results=(result.at,)) if isinstance(last.relation, Relation) else EQUALS
        yield Line(scribe.name(total), (*links, Link(relation, result)))
        return
    for path in paths:
        local = scribe.step(path.local.quantity)
        if not _says_itself(local):
            yield _local_line(scribe, path, local)
    yield _sum(scribe, total, paths)


def _is_direct(path: Path) -> bool:
    assert isinstance(path.local.quantity, Partial)  # noqa: S101 (told to the type checker)
    return path.local.quantity.is_direct


def _says_itself(local: Step) -> bool:
    """Whether a local derivative is a quantity or a number: nothing to be worked."""
    return bool(local.expression.is_Symbol or local.expression.is_Rational)


def _local_line(scribe: Scribe, path: Path, local: Step) -> Line:
    """A local derivative; by its formula where its quotient would be that of the whole."""
    line = scribe.worked(local)
    if _is_direct(path) and not _has_letters(scribe):
        formula, *rest = line.links
        line = replace(line, left=formula.body, links=tuple(rest))
    *links, last = line.links
    return replace(line, left=Tint("loc", line.left), links=(*links, replace(last, body=Tint("loc", last.body))))


def _sum(scribe: Scribe, total: Partial, paths: tuple[Path, ...]) -> Line:
    """What arrives times the local derivative, added over the paths: in names, in numbers."""
    letters = _has_letters(scribe)
    links = []
    if not letters:
        links.append(equal(added([_product(scribe, path, _local_name) for path in paths])))
    if letters or any(scribe.step(path.local.quantity).expression.is_Symbol for path in paths):
        links.append(equal(added([_product(scribe, path, _local_symbols) for path in paths])))
    used = tuple(at for path in paths for at in _used(scribe, path))
    result = scribe.at(Ref(total))
    factors = used if len(paths) == 1 else ()
    links.append(
        Link(Relation(used, (), factors), added([_product(scribe, path, _local_number) for path in paths]))
    )
    links.append(Link(Relation(used, (result,), factors), Num(result)))
    return Line(scribe.name(total), tuple(links))


def _product(scribe: Scribe, path: Path, local: Callable[[Scribe, Path], Math]) -> Math:
    """What arrives and a local derivative, in the order of the school; in quotients the output's own derivative by
    itself is left out."""
    arrived = path.upstream
    assert arrived is not None  # noqa: S101 (a circuit is seeded)
    body = Tint("loc", local(scribe, path))
    up: Math = Tint("up", Num(scribe.at(arrived)) if local is _local_number else scribe.name(arrived))
    if _has_letters(scribe):
        return Product((body, up))
    return body if _is_direct(path) else Product((up, body))


def _local_name(scribe: Scribe, path: Path) -> Math:
    return _local_symbols(scribe, path) if _is_direct(path) else scribe.name(path.local)


def _local_symbols(scribe: Scribe, path: Path) -> Math:
    return scribe.symbols(scribe.step(path.local.quantity))


def _local_number(scribe: Scribe, path: Path) -> Math:
    step = scribe.step(path.local.quantity)
    if step.expression.is_Rational:
        return Formula(step.expression, {})
    return Num(scribe.at(_source(scribe, path)))


def _source(scribe: Scribe, path: Path) -> Ref:
    """Where the number of a local derivative is found: of the quantity that it copies, where it copies one."""
    step = scribe.step(path.local.quantity)
    return step.bindings[0][1] if step.expression.is_Symbol else path.local


def _used(scribe: Scribe, path: Path) -> tuple[At, ...]:
    step = scribe.step(path.local.quantity)
    local = () if step.expression.is_Rational else (scribe.at(_source(scribe, path)),)
    assert path.upstream is not None  # noqa: S101 (a circuit is seeded)
    up = () if _is_direct(path) else (scribe.at(path.upstream),)
    return (*local, *up)


def _conventions(scribe: Scribe) -> Iterator[Block]:
    """Kinks and ties that were hit exactly, where the slope is a convention."""
    for event in scribe.outline.having("kink", scribe.time):
        partial = event.quantity
        if not isinstance(partial, Partial) or (partial, 0) not in scribe.derivation.by_quantity:
            continue
        if scribe.step(partial).kind is Kind.LOCAL:
            gate = scribe.name(partial.of)
            slope = Row((scribe.name(partial), EQUALS, scribe.num(partial)))
            yield Remark(scribe.say("circuit.kink", gate=gate, slope=slope))


# ---- check --------------------------------------------------------------------------------------------------


def _check(scribe: Scribe) -> Iterator[Block]:
    """Every gradient in one table; those by the inputs beside their central differences."""
    differences = scribe.spec.show.fade != "backward"
    if differences:
        yield Paragraph(scribe.say("circuit.differences"))
        yield Equations((_difference(scribe),))
        yield Paragraph(scribe.say("check.relative_error"))
    head: list[Inline] = [scribe.say("table.quantity"), scribe.say("table.value"), scribe.say("table.gradient")]
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
    more = (Sign(scribe.language.separator), Sign("…")) if len(scribe.network.parameters) > 1 else ()

    def moved(sign: str) -> Math:
        return Row((output, Paren(Row((scribe.name(first), Sign(sign), letter, *more)))))

    above = Row((moved("+"), Sign("−"), moved("−")))
    power = Raised(Word("10"), Row((Sign("−"), Word("3"))))
    body = Row((Fraction(above, Row((Word("2"), letter))), Sign(","), Sign("quad"), letter, EQUALS, power))
    return Line(scribe.name(scribe.gradient(first)), (Link(Sign("≈"), body),))
