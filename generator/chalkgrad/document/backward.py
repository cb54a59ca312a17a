"""The way back through a circuit, gate by gate: what arrives at a gate times its local derivative."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from chalkgrad.derivation.model import Kind, Path, Ref, Step
from chalkgrad.document.model import Block, Equations, Inline, Line, Link, Paragraph, Remark
from chalkgrad.document.scribe import EQUALS, Scribe, added, equal
from chalkgrad.markup.nodes import Formula, Math, Num, Product, Relation, Row, Tint, Word
from chalkgrad.quantities import At, Partial, Quantity


def backward(scribe: Scribe) -> Iterator[Block]:
    """From the output back, gate by gate: what a gate takes in gets what arrives times its local derivative."""
    output = scribe.name(scribe.network.cost)
    seed = scribe.gradient(scribe.network.cost)
    yield Paragraph(scribe.say("circuit.backward", output=output))
    if _has_letters(scribe):
        yield Paragraph(scribe.say("circuit.letters", output=output, d=Word("d")))
        yield Equations((scribe.worked(scribe.step(seed)),))
    lines: list[Line] = []
    for stage in scribe.network.stages:
        if forks := list(_forks(scribe, stage)):
            yield from _equations(lines)
            yield Paragraph(scribe.words.join(*forks))
        lines += _stage(scribe, stage)
    yield from _equations(lines)
    yield from _conventions(scribe)


def _equations(lines: list[Line]) -> Iterator[Block]:
    """The lines collected so far."""
    if lines:
        yield Equations(tuple(lines))
        lines.clear()


def _stage(scribe: Scribe, stage: tuple[Quantity, ...]) -> Iterator[Line]:
    """A gate's formula once more, and under it the derivatives by what it takes in."""
    gate = next(node.quantity for node in scribe.network.nodes if stage[0] in node.arguments)
    yield Line(Row((scribe.name(gate),)), (equal(scribe.symbols(scribe.step(gate))),), spaced=True)
    for quantity in stage:
        yield from _derivative(scribe, quantity)


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
        *links, last = scribe.worked(scribe.step(paths[0].local.quantity)).links
        yield Line(scribe.name(total), (*links, replace(last, body=scribe.num(total))))
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
    steps = [scribe.step(path.local.quantity) for path in paths]
    links = []
    # a formula that stands for a rounded number would not come to what follows
    in_names = not any(_is_direct(path) and _is_rounded(scribe, path) for path in paths)
    if not letters and in_names:
        links.append(equal(added([_product(scribe, path, _local_name) for path in paths])))
    if letters or (in_names and any(local.expression.is_Symbol for local in steps)):
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
    if _is_rounded(scribe, path):
        return scribe.name(path.local)
    return scribe.symbols(scribe.step(path.local.quantity))


def _is_rounded(scribe: Scribe, path: Path) -> bool:
    """Whether a local derivative has a line of its own, at the end of which its digits are cut."""
    return scribe.spec.show.carry == "shown" and not _says_itself(scribe.step(path.local.quantity))


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
