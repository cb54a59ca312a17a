"""The end of the page: the cost again, one table of everything that moved, and the check by differences."""

from __future__ import annotations

from collections.abc import Iterator

from chalkgrad.derivation.model import Ref
from chalkgrad.document import tables
from chalkgrad.document.grid import corner
from chalkgrad.document.model import (
    Block,
    Cell,
    Equations,
    Inline,
    Line,
    Link,
    NumberCell,
    Paragraph,
    Remark,
    Table,
)
from chalkgrad.document.rules import letter_of, shared
from chalkgrad.document.scribe import EQUALS, Scribe
from chalkgrad.evaluation.program import ALL_COST, difference_of
from chalkgrad.markup.nodes import Fraction, Name, Num, Raised, Relation, Row, Sign, Word
from chalkgrad.quantities import At, Partial, Quantity, Role


def checked_parameters(scribe: Scribe) -> list[Quantity]:
    """The parameters in the last table: all that move, or the corners of matrices too large to print."""
    shown = list(scribe.network.parameters)
    if scribe.network.layers:
        shown = [
            p for layer in scribe.network.layers for p in (*corner(layer.weights()), *corner([layer.biases()]))
        ]
    derivation = scribe.derivation
    moving = [p for p in shown if not derivation.moving or p in derivation.moving]
    return [p for p in moving if (derivation.gradient(p), 0) in derivation.by_quantity]


def blocks(scribe: Scribe, steps: int) -> Iterator[Block]:
    """The check of the gradients and, after training, the new cost."""
    train = scribe.spec.train
    if scribe.check == "none":
        return
    if train is not None and not (train.epochs and scribe.spec.show.fade != "none"):
        yield from _cost_again(scribe, steps)
    if scribe.check == "forward":
        return
    if _differences(scribe):
        yield Paragraph(scribe.say("check.differences"))
        yield Equations((_difference(scribe),))
        yield Paragraph(scribe.say("check.relative_error"))
    yield _table(scribe, steps)
    if train is not None and train.sequential and len(scribe.network.layers) > 1 and _differences(scribe):
        yield Remark(scribe.say("check.sequential"))
    if scribe.spec.show.carry == "shown" and _differences(scribe):
        yield Remark(scribe.say("check.carry_shown"))
    if any(event.kind == "kink" for event in scribe.outline.events):
        yield Remark(scribe.say("check.kink"))


def _differences(scribe: Scribe) -> bool:
    """Whether the page has central differences: beside gradients left blank they would give them away."""
    return scribe.spec.show.fade != "backward"


def whole_cost(scribe: Scribe) -> Quantity:
    """The cost over all samples, whether or not an update uses all of them."""
    return ALL_COST if scribe.derivation.schedule.batches else scribe.network.batch_cost


def _cost_again(scribe: Scribe, steps: int) -> Iterator[Block]:
    """The forward pass with the parameters reached, in a table, and the two costs."""
    yield Paragraph(scribe.say("check.again", count=steps))
    after = scribe.at_time(steps)
    outputs = scribe.network.layers[-1].outputs()
    run = scribe.spec.train is not None and scribe.spec.train.epochs > 0
    yield tables.by_sample(after, [*scribe.network.targets(), *outputs] if run else outputs)
    cost = whole_cost(scribe)
    # one step leads to J′; after several, the sentence says how many
    costs = (_is(Name(cost), At(cost, 1, 0)), _is(Name(cost, ahead=int(steps == 1)), At(cost, 1, steps)))
    yield Paragraph(scribe.say("check.costs", before=costs[0], after=costs[1]))


def _is(name: Name, at: At) -> Row:
    """`J ≈ 0.298`."""
    return Row((name, Relation((), (at,)), Num(at)))


def _difference(scribe: Scribe) -> Line:
    """The central difference, in letters."""
    w = Name(Quantity(Role.WEIGHT, ""))
    cost = Name(Quantity(Role.COST))
    above = Row(
        (
            cost,
            Word("("),
            w,
            Sign("+"),
            Word("h"),
            Word(")"),
            Sign("−"),
            cost,
            Word("("),
            w,
            Sign("−"),
            Word("h"),
            Word(")"),
        )
    )
    body = Row(
        (
            Fraction(above, Row((Word("2"), Word("h")))),
            Sign(","),
            Sign("quad"),
            Word("h"),
            EQUALS,
            Raised(Word("10"), Row((Sign("−"), Word("3")))),
        )
    )
    return Line(Name(Partial(Quantity(Role.COST), Quantity(Role.WEIGHT, ""))), (Link(Sign("≈"), body),))


def _table(scribe: Scribe, steps: int) -> Table:
    """Old, gradient, new, central difference, relative error; then the cost before and after."""
    trained = scribe.spec.train is not None
    head: list[Inline] = [
        scribe.say("table.parameter"),
        scribe.say("table.old"),
        scribe.say("table.gradient"),
    ]
    if trained:
        head.append(scribe.say("table.new" if steps == 1 else "table.after_first"))
    if _differences(scribe):
        head += [scribe.say("table.difference"), scribe.say("table.relative_error")]
    rows: list[tuple[Cell, ...] | None] = []
    for parameter in checked_parameters(scribe):
        gradient = scribe.derivation.gradient(parameter)
        cells: list[Cell] = [(scribe.name(parameter),), NumberCell(At(parameter)), NumberCell(At(gradient))]
        if trained:
            cells.append(NumberCell(At(parameter, 1, 1)))
        if _differences(scribe):
            cells += [NumberCell(At(quantity)) for quantity in difference_of(gradient)]
        rows.append(tuple(cells))
    partly = bool(scribe.derivation.schedule.batches)  # then nobody who fills in a worksheet knows the cost of all
    if trained and not (partly and scribe.spec.show.fade != "none"):
        cost = whole_cost(scribe)
        label = (*scribe.say("table.cost"), " ", Name(cost))
        costs: list[Cell] = [label, NumberCell(At(cost)), ()]
        if scribe.derivation.schedule.begins_epoch(1):
            costs.append(NumberCell(At(cost, 1, 1)))
        rows += [None, (*costs, *[()] * (len(head) - len(costs)))]
    return Table(tuple(head), tuple(rows))


def step_tables(scribe: Scribe) -> Iterator[Block]:
    """A later optimisation step: its numbers in tables."""
    yield from tables.forward(scribe)
    cost = scribe.network.batch_cost
    yield Equations((Line(Name(cost), (Link(Relation((), (scribe.num(cost).at,)), scribe.num(cost)),)),))
    yield from shared(scribe)
    train = scribe.spec.train
    made = [rule.makes for rule in train.optimizer.rules[:-1]] if train else []
    head = (
        scribe.say("table.parameter"),
        scribe.say("table.old"),
        scribe.say("table.gradient"),
        *((letter_of(name),) for name in made),
        scribe.say("table.new"),
    )
    rows: list[tuple[Cell, ...]] = []
    for parameter in checked_parameters(scribe):
        steps = scribe.derivation.updates.get(parameter, ())
        refs = (Ref(parameter), Ref(scribe.derivation.gradient(parameter)), *(Ref(s.quantity, 1) for s in steps))
        rows.append(((scribe.name(parameter),), *(NumberCell(scribe.num(ref).at) for ref in refs)))
    yield Table(head, tuple(rows))
