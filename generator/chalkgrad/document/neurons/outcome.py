"""How it ended: converged, not yet, or never, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

import sympy as sp
from sympy import Expr, Symbol

from chalkgrad.algebra.least_squares import least_squares
from chalkgrad.algebra.ops import formal
from chalkgrad.algebra.order import add, mul
from chalkgrad.algebra.separability import Contradiction, Separation, most_mistakes, separability
from chalkgrad.document.model import Block, Cell, Equations, Inline, Line, Link, NumberCell, Paragraph, Table
from chalkgrad.document.neurons.names import OUTPUT, SUM, TARGET, Letters, bare, cost_at, parameters
from chalkgrad.document.scribe import Scribe
from chalkgrad.markup.nodes import Formula, Math, Name, Num, Relation, Row, Sign, Word
from chalkgrad.network.neuron import COST, ERROR
from chalkgrad.network.training import RATE
from chalkgrad.quantities import At, Quantity

LONGEST = 999
"""Fractions with larger numbers are not written out."""


def outcome(scribe: Scribe) -> Iterator[Block]:
    """What training came to."""
    rule = scribe.network.rule
    assert rule is not None  # noqa: S101 (what this module is for)
    yield from _descent(scribe) if rule.descends else _classes(scribe)


# ---- the perceptron -------------------------------------------------------------------------------------------


def _classes(scribe: Scribe) -> Iterator[Block]:
    run = scribe.outline.runs[0]
    single = len(scribe.samples) == 1
    mistakes = [run.mistakes(epoch) for epoch in range(1, run.epochs + 1)]
    made = sum(mistakes) if single else sum(map(bool, mistakes))
    if run.has_settled and not mistakes[-1]:
        said = scribe.say("neuron.converged", count=made, epoch=run.epochs)
        said = said if made else scribe.say("neuron.right_at_once", epoch=run.epochs)
        yield Paragraph(scribe.words.join(said, scribe.say("neuron.fires")))
        yield Equations((_decision(scribe, run.epochs),))
        return
    if run.has_settled:
        yield Paragraph(scribe.say("neuron.stuck", epoch=run.epochs))
    else:
        yield Paragraph(scribe.say("neuron.not_converged", count=run.epochs))
    if run.circle:
        first, again = run.circle
        key = "neuron.circle" if first else "neuron.circle_start"
        yield Paragraph(scribe.say(key, first=first, again=again))
    points = [sample[:-1] for sample in scribe.outline.samples]
    classes = [sample[-1] for sample in scribe.outline.samples]
    found = separability(points, classes)
    if isinstance(found, Contradiction):
        yield from _never(scribe, found, points, classes)
    else:
        yield from _possible(scribe, found, points, promised=single and scribe.spec.show.carry == "full")


def _decision(scribe: Scribe, epoch: int) -> Line:
    """Where the neuron that was learnt gives 1, with its numbers."""
    own = parameters(scribe)
    time = epoch * scribe.derivation.schedule.epoch
    names: list[Math] = [*(bare(x) for x in scribe.network.inputs())]
    left = linear(list(map(Name, own)), names)
    numbers = [Num(At(parameter, 1, time)) for parameter in own]
    right = linear(numbers, names)
    relation = Relation(tuple(number.at for number in numbers))
    return Line(Name(SUM._replace(per_sample=False)), (Link(Sign("="), left), Link(relation, right)))


def linear(factors: Sequence[Math], names: Sequence[Math]) -> Formula:
    """`w_1 x_1 + w_2 x_2 + b`."""
    ws = [formal(f"w{k}") for k in range(len(factors))]
    xs = [formal(f"x{k}") for k in range(len(names))]
    terms = [mul(w, x) for w, x in zip(ws, xs, strict=False)]
    return Formula(
        add(*terms, ws[-1]), {**dict(zip(ws, factors, strict=True)), **dict(zip(xs, names, strict=True))}
    )


def _possible(
    scribe: Scribe, found: Separation, points: Sequence[Sequence[Fraction]], *, promised: bool
) -> Iterator[Block]:
    """There is a line: which, and when the rule will have found one."""
    own = parameters(scribe)
    values = (*found.weights, found.bias)
    listed = scribe.words.listed([(_is(p, Fraction(value)),) for p, value in zip(own, values, strict=True)])
    given = scribe.network.given
    most = most_mistakes(points, found, [given[p][0] for p in own], given[RATE][0])
    promise = scribe.say("neuron.will_converge", count=most) if promised else ()
    yield Paragraph(scribe.words.join(scribe.say("neuron.separable", weights=listed), promise))


def _is(parameter: Quantity, value: Fraction) -> Row:
    return Row((Name(parameter), Sign("="), Formula(sp.Rational(value.numerator, value.denominator), {})))


def _never(
    scribe: Scribe, found: Contradiction, points: Sequence[Sequence[Fraction]], classes: Sequence[Fraction]
) -> Iterator[Block]:
    """The inequalities that all have to hold, and the sum that shows that they cannot."""
    own = parameters(scribe)
    yield Paragraph(scribe.say("neuron.inseparable", z=Letters(scribe).z))
    rows: list[tuple[Cell, ...]] = []
    head: tuple[Inline, ...] = (
        scribe.say("word.sample"),
        *((bare(x),) for x in scribe.network.inputs()),
        (bare(TARGET),),
        scribe.say("neuron.table_asks"),
        *([scribe.say("neuron.table_times")] if max(found.multipliers) > 1 else []),
    )
    sums: dict[bool, list[Fraction]] = {True: [Fraction(0)] * len(own), False: [Fraction(0)] * len(own)}
    for n, (times, point, label) in enumerate(zip(found.multipliers, points, classes, strict=True), 1):
        if not times:
            continue
        is_one = bool(label)
        sums[is_one] = [total + times * x for total, x in zip(sums[is_one], (*point, Fraction(1)), strict=True)]
        given = [NumberCell(At(x, n)) for x in scribe.network.inputs()]
        asked = Row((_combination(own, (*point, Fraction(1))), *_side(is_one)))
        cells: list[Cell] = [(str(n),), *given, NumberCell(At(TARGET, n)), (asked,), (Word(str(times)),)]
        rows.append(tuple(cells[: len(head)]))
    yield Table(head, tuple(rows))
    yield Paragraph(scribe.say("neuron.added_times" if max(found.multipliers) > 1 else "neuron.added"))
    yield Equations(
        tuple(
            Line(_combination(own, sums[is_one]), (Link(_side(is_one)[0], _side(is_one)[1]),))
            for is_one in (True, False)
        )
    )
    yield Paragraph(scribe.say("neuron.contradiction"))


def _side(is_one: bool) -> tuple[Math, Math]:
    return Sign("≥" if is_one else "<"), Word("0")


def _combination(own: Sequence[Quantity], factors: Sequence[Fraction]) -> Math:
    """A sum of multiples of the parameters, without those that are multiplied by 0."""
    terms: list[Expr] = []
    names: dict[Symbol, Math] = {}
    for k, (parameter, factor) in enumerate(zip(own, factors, strict=True)):
        symbol = formal(f"p{k}")
        if factor:
            names[symbol] = Name(parameter)
            number = sp.Rational(factor.numerator, factor.denominator)
            terms.append(symbol if number == 1 else mul(number, symbol))
    return Formula(add(*terms), names)


# ---- descent --------------------------------------------------------------------------------------------------


def _descent(scribe: Scribe) -> Iterator[Block]:
    run = scribe.outline.runs[0]
    before, after = (Num(cost_at(scribe, epoch)) for epoch in (0, run.epochs))
    cost = bare(COST)
    first, last = (Row((cost, Relation((), (number.at,)), number)) for number in (before, after))
    yield Paragraph(scribe.say("neuron.descended", count=run.epochs, before=first, after=last))
    if run.has_settled:
        exactly = scribe.spec.show.carry == "full"
        yield Paragraph(scribe.say("neuron.at_rest" if exactly else "neuron.at_rest_shown"))
        return
    saturates = scribe.loss.name == "binary_cross_entropy"
    least = () if saturates else _least(scribe)
    yield Paragraph(
        scribe.words.join(scribe.say("neuron.never_zero" if saturates else "neuron.approaches"), least)
    )
    yield Paragraph(scribe.say("neuron.learnt"))
    yield Equations((_decision(scribe, run.epochs),))
    yield Paragraph(scribe.say("neuron.now"))
    yield _outputs(scribe, run.epochs * scribe.derivation.schedule.epoch)


def _least(scribe: Scribe) -> Inline:
    """The weights of the least cost, where there is one place and its numbers are short."""
    points, targets = [s[:-1] for s in scribe.outline.samples], [s[-1] for s in scribe.outline.samples]
    values = least_squares(points, targets)
    if values is None or any(max(abs(value.numerator), value.denominator) > LONGEST for value in values):
        return ()
    named = [(_is(p, value),) for p, value in zip(parameters(scribe), values, strict=True)]
    return scribe.say("neuron.least", weights=scribe.words.listed(named))  # type: ignore[arg-type]


def _outputs(scribe: Scribe, time: int) -> Table:
    """What the neuron that was learnt gives for each sample."""
    quantities = [*scribe.network.inputs(), TARGET, SUM, OUTPUT, ERROR]
    moment = scribe.at_time(time)
    head = (scribe.say("word.sample"), *((bare(q),) for q in quantities))
    rows: list[tuple[Cell, ...]] = [
        ((str(n),), *(NumberCell(moment.num(q, n).at) for q in quantities))
        for n in range(1, scribe.network.samples + 1)
    ]
    return Table(head, tuple(rows))
