"""What can be seen: the line that was learnt, epoch by epoch, and other starts and rates beside this one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

import sympy as sp

from chalkgrad.document.drawing import plain
from chalkgrad.document.model import Block, Cell, Inline, NumberCell, Paragraph, Remark, Table
from chalkgrad.document.neurons.names import OUTPUT, SUM, TARGET, bare, cost_at, parameters
from chalkgrad.document.plot import PENS, Axis, Curve, HalfPlane, Part, Pen, Plot, Points, Straight
from chalkgrad.document.scribe import Scribe
from chalkgrad.markup.nodes import Formula, Name, Row, Sign, Word
from chalkgrad.network.neuron import COST, of_run
from chalkgrad.network.training import RATE
from chalkgrad.quantities import At, Quantity
from chalkgrad.spec.lessons.neuron import NeuronLesson

MOST_LINES = 6
"""More lines in one picture hide each other."""
ROOM = Fraction(1, 2)
"""How much of their range is left free around the samples, for the lines between and beside them."""
TWO_CLASSES = ({Fraction(0), Fraction(1)}, {Fraction(-1), Fraction(1)})


# ---- the line -------------------------------------------------------------------------------------------------


def decides(scribe: Scribe) -> bool:
    """Whether the neuron tells two classes apart by the sign of its weighted sum, over two inputs."""
    targets = {sample[-1] for sample in scribe.outline.samples}
    linear = scribe.loss.name == "half_squared_error"
    return len(scribe.network.inputs()) == 2 and targets <= TWO_CLASSES[linear]


def fits(scribe: Scribe) -> bool:
    """Whether the output is a straight line over a single input."""
    return len(scribe.network.inputs()) == 1 and scribe.loss.name == "half_squared_error"


def decision(scribe: Scribe) -> Iterator[Block]:
    """The line on which a neuron with two inputs decides, after each epoch."""
    if not decides(scribe):
        return
    across, up = scribe.network.inputs()
    key = "neuron.boundary_circle" if _goes_round(scribe) else "neuron.boundary"
    yield Paragraph(scribe.say(key, line=Row((bare(SUM), Sign("="), Word("0")))))
    drawn = list(_drawn(scribe))
    parts: list[Part] = [HalfPlane(*_line(scribe, drawn[-1].time), "loc", is_left_out=_is_task(scribe))]
    parts += _samples(scribe, across, up)
    for line in drawn:
        places = _line(scribe, line.time)
        parts.append(Straight(*places, line.pen, (line.label,), is_left_out=_is_task(scribe)))
    alt = plain(scribe, "neuron.alt_line")
    axes = [_axis(scribe, place, quantity) for place, quantity in enumerate((across, up))]
    yield Plot("decision", alt, axes[0], axes[1], tuple(parts))


def fitted(scribe: Scribe) -> Iterator[Block]:
    """The line that a linear neuron with one input lays through the samples, after each epoch."""
    if not fits(scribe):
        return
    (across,) = scribe.network.inputs()
    yield Paragraph(scribe.say("neuron.fit"))
    points = tuple((At(across, n), At(TARGET, n)) for n in range(1, scribe.network.samples + 1))
    parts: list[Part] = [Points(points, pen=Pen("up"), label=tuple(scribe.say("neuron.samples")))]  # type: ignore[arg-type]
    for line in _drawn(scribe):
        w, b = (At(p, 1, line.time) for p in parameters(scribe))
        parts.append(Straight(w, -1, b, line.pen, (line.label,), is_left_out=_is_task(scribe)))
    alt = plain(scribe, "neuron.alt_fit")
    up = replace(_axis(scribe, 1, TARGET, ROOM / 2), label=(bare(OUTPUT),))
    yield Plot("fit", alt, _axis(scribe, 0, across, ROOM / 4), up, tuple(parts))


def _is_task(scribe: Scribe) -> bool:
    """Whether the reader is to find the numbers: then the lines are left to draw, too."""
    return scribe.spec.show.fade != "none"


def _line(scribe: Scribe, time: int) -> tuple[At, At, At]:
    first, second, bias = (At(p, 1, time) for p in parameters(scribe))
    return first, second, bias


@dataclass(frozen=True)
class _Drawn:
    """A line of the picture."""

    time: int
    """After how many updates it was there."""
    label: str
    pen: Pen


def _goes_round(scribe: Scribe) -> bool:
    """Whether the parameters go round in circles, sample by sample."""
    return scribe.outline.runs[0].circle is not None and bool(scribe.derivation.schedule.batches)


def _drawn(scribe: Scribe) -> Iterator[_Drawn]:
    """The lines after those epochs that moved it, or some of them; of a circle, after each of its samples."""
    run, schedule = scribe.outline.runs[0], scribe.derivation.schedule
    if run.circle is not None and _goes_round(scribe):
        first, again = run.circle
        turns = range(first * schedule.epoch + 1, again * schedule.epoch + 1)
        found = [(time, str(schedule.batch(time - 1)[0])) for time in turns]
    else:
        moved = [epoch for epoch, has in enumerate(run.moved, 1) if has]
        start = [] if _starts_nowhere(scribe) else [0]
        found = [(epoch * schedule.epoch, str(epoch)) for epoch in (*start, *moved)] or [(0, "0")]
    if len(found) > MOST_LINES:
        found = [found[round(i * (len(found) - 1) / (MOST_LINES - 1))] for i in range(MOST_LINES)]
    for time, label in found:
        is_last = time == found[-1][0]
        yield _Drawn(time, label, Pen("ink", width="thick") if is_last else Pen("muted", "dashed", "thin"))


def _starts_nowhere(scribe: Scribe) -> bool:
    """Whether all weights are 0 at first: then there is no line yet."""
    *weights, _ = parameters(scribe)
    return len(weights) > 1 and not any(scribe.network.given[w][0] for w in weights)


def _samples(scribe: Scribe, across: Quantity, up: Quantity) -> Iterator[Points]:
    """The samples, each class with its mark."""
    targets = [sample[-1] for sample in scribe.outline.samples]
    for target, shape, colour in zip(sorted(set(targets)), ("ring", "disc"), ("up", "loc"), strict=False):
        members = [n for n, own in enumerate(targets, 1) if own == target]
        spots = tuple((At(across, n), At(up, n)) for n in members)
        label = (Row((bare(TARGET), Sign("="), Formula(sp.Integer(int(target)), {}))),)
        yield Points(spots, shape, Pen(colour), label)


def _axis(scribe: Scribe, place: int, quantity: Quantity, share: Fraction = ROOM) -> Axis:
    """An axis that leaves room around the samples."""
    values = [sample[place] for sample in scribe.outline.samples]
    low, high = min(values), max(values)
    room = share * (high - low or 1)
    return Axis((bare(quantity),), low - room, high + room)


# ---- other starts and rates -----------------------------------------------------------------------------------


def comparison(scribe: Scribe) -> Iterator[Block]:
    """Every run, in a table and as a curve."""
    network = scribe.network
    if network.runs == 1 or _is_task(scribe):
        return
    counts = network.rule is not None and not network.rule.descends
    yield Paragraph(scribe.say("neuron.compare"))
    yield _runs(scribe, counts)
    yield Paragraph(scribe.say("neuron.compare_wrong" if counts else "neuron.compare_cost"))
    curves = []
    for run, progress in enumerate(scribe.outline.runs, 1):
        spots = tuple((epoch, cost_at(scribe, epoch, run)) for epoch in range(progress.epochs + 1))
        curves.append(Curve(spots, _pen(run), tuple(scribe.say("neuron.run", run=run))))  # type: ignore[arg-type]
    yield Plot(
        "comparison",
        plain(scribe, "neuron.alt_compare"),
        Axis(tuple(scribe.say("neuron.table_epoch")), 0, is_whole=True),  # type: ignore[arg-type]
        Axis(tuple(_measure(scribe, counts)), 0, is_whole=counts),  # type: ignore[arg-type]
        tuple(curves),
    )
    if counts and _differ_in_rate(scribe):
        yield Remark(scribe.say("neuron.stretches", rate=Name(RATE)))


def _pen(run: int) -> Pen:
    pen = PENS[(run - 1) % len(PENS)]
    return replace(pen, width="thick") if run > len(PENS) else pen


def _runs(scribe: Scribe, counts: bool) -> Table:
    """Start, rate, epochs and end: a column for each run."""
    runs = list(enumerate(scribe.outline.runs, 1))
    ends = [progress.epochs * scribe.derivation.schedule.epoch for _, progress in runs]
    rows: list[tuple[Cell, ...] | None] = []
    for place, own in enumerate(parameters(scribe)):
        starts = (NumberCell(At(parameters(scribe, run)[place])) for run, _ in runs)
        rows.append((scribe.say("neuron.table_begins", name=Name(own)), *starts))
    rates = (NumberCell(At(of_run(RATE, run))) for run, _ in runs)
    rows += [((Name(RATE),), *rates), None]
    for place, own in enumerate(parameters(scribe)):
        last = (
            NumberCell(At(parameters(scribe, run)[place], 1, end))
            for (run, _), end in zip(runs, ends, strict=True)
        )
        rows.append((scribe.say("neuron.table_ends", name=Name(own)), *last))
    costs = (NumberCell(cost_at(scribe, progress.epochs, run)) for run, progress in runs)
    rows.append((_measure(scribe, counts), *costs))
    rows += [None, (scribe.say("neuron.table_epochs"), *((Word(str(progress.epochs)),) for _, progress in runs))]
    head = ((), *(scribe.say("neuron.run", run=run) for run, _ in runs))
    return Table(head, tuple(rows))


def _measure(scribe: Scribe, counts: bool) -> Inline:
    """What tells how good the weights are."""
    return scribe.say("neuron.wrong") if counts else (bare(COST),)


def _differ_in_rate(scribe: Scribe) -> bool:
    """Whether two runs start from 0 with different rates."""
    lesson = scribe.spec.lesson
    assert isinstance(lesson, NeuronLesson)  # noqa: S101 (what this module is for)
    rates = {run.rate for run in lesson.runs if not any((*run.weights, run.bias))}
    return len(rates) > 1 and scribe.spec.show.carry == "full"
