"""Training: the first epoch sample by sample, the others as tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from chalkgrad.document.model import Block, Cell, Equations, Inline, Line, NumberCell, Paragraph, Table
from chalkgrad.document.neurons.names import OUTPUT, SUM, TARGET, bare, cost_at, parameters
from chalkgrad.document.numbering import Numbering
from chalkgrad.document.scribe import Scribe
from chalkgrad.markup.nodes import Name, Word
from chalkgrad.network.neuron import ERROR
from chalkgrad.quantities import At, Quantity

MOST_TABLES = 8
"""So many epochs have a table of their own, unless every detail is asked for."""
MOST_INPUTS = 3
"""With more inputs a table leaves them out: they stand among what is given."""
MOST_ROWS = 24
"""A table of epochs with more rows leaves out some in the middle."""


def epochs(scribe: Scribe, numbering: Numbering) -> Iterator[Block]:
    """All epochs that were run."""
    yield numbering.heading(1, scribe.say("neuron.heading_epoch", epoch=1))
    if scribe.detail != "summary":
        yield from _first(scribe)
        yield Paragraph(scribe.say("neuron.at_a_glance"))
    yield _table(scribe, 1)
    last = scribe.outline.runs[0].epochs
    if last == 1:
        return
    yield numbering.heading(1, scribe.say("neuron.heading_later"))
    single = bool(scribe.derivation.schedule.batches)
    if single and scribe.detail != "summary":
        for epoch in range(2, (last if scribe.detail == "full" else min(last, MOST_TABLES)) + 1):
            yield Paragraph(scribe.say("neuron.epoch", epoch=epoch), "sample")
            yield _table(scribe, epoch)
    yield Paragraph(scribe.say("neuron.after_each"))
    yield _overview(scribe, last)


# ---- the first epoch ------------------------------------------------------------------------------------------


def _first(scribe: Scribe) -> Iterator[Block]:
    schedule = scribe.derivation.schedule
    single = len(schedule.batch(0)) == 1
    for time in range(schedule.epoch):
        moment = scribe.at_time(time)
        for place, n in enumerate(moment.samples):
            first = time == place == 0
            if scribe.network.samples > 1:
                yield Paragraph(scribe.say("scalar.sample", n=n), "sample")
            lines = list(_forward(moment, n, full=first or scribe.detail == "full"))
            is_right = not scribe.outline.runs[0].errors[0][time + place] and scribe.spec.show.fade == "none"
            if single and not is_right:
                lines += _corrections(moment, full=True)
            yield Equations(tuple(lines))
            if single and is_right:
                yield Paragraph(scribe.say("neuron.no_update", e=moment.name(ERROR, n)))
        if not single:
            yield Paragraph(scribe.say("neuron.together"))
            yield Equations(tuple(_corrections(moment, full=True)))


def _forward(scribe: Scribe, n: int, *, full: bool) -> Iterator[Line]:
    """Weighted sum, output, error."""
    yield scribe.worked(scribe.step(SUM), n, symbols=full)
    yield scribe.activation(scribe.network.layers[0], 1, n, symbols=full)
    yield scribe.worked(scribe.step(ERROR), n, symbols=full)


def _corrections(scribe: Scribe, *, full: bool) -> Iterator[Line]:
    for place, parameter in enumerate(parameters(scribe)):
        (step,) = scribe.derivation.updates[parameter]
        yield replace(scribe.worked(step, symbols=full), spaced=place == 0)


# ---- tables ---------------------------------------------------------------------------------------------------


def _table(scribe: Scribe, epoch: int) -> Table:
    """A row for each sample; where each corrects the parameters at once, they follow in its row."""
    schedule, network = scribe.derivation.schedule, scribe.network
    moments = range((epoch - 1) * schedule.epoch, epoch * schedule.epoch)
    single = len(schedule.batch(0)) == 1
    inputs = network.inputs() if len(network.inputs()) <= MOST_INPUTS else []
    quantities = [*inputs, TARGET, SUM, OUTPUT, ERROR]
    made = parameters(scribe) if single else []
    head: tuple[Inline, ...] = (
        scribe.say("word.sample"),
        *((bare(q),) for q in quantities),
        *((Name(p, ahead=1),) for p in made),
    )
    rows: list[tuple[Cell, ...] | None] = []
    if made:
        start = [NumberCell(At(p, 1, moments.start)) for p in made]
        rows += [(scribe.say("neuron.before"), *[()] * len(quantities), *start), None]
    for time in moments:
        for n in schedule.batch(time):
            cells = (NumberCell(_place(scribe, q, n, time)) for q in quantities)
            after = (NumberCell(At(p, 1, time + 1)) for p in made)
            rows.append(((str(n),), *cells, *after))
    return Table(head, tuple(rows))


def _place(scribe: Scribe, quantity: Quantity, n: int, time: int) -> At:
    return scribe.at_time(time).num(quantity, n).at


def _overview(scribe: Scribe, last: int) -> Table:
    """The parameters after each epoch, and how good they are."""
    network, own = scribe.network, parameters(scribe)
    counts = network.rule is not None and not network.rule.descends
    measure = scribe.say("neuron.table_mistakes") if counts else (bare(cost_at(scribe, 0).quantity),)  # type: ignore[arg-type]
    head = (scribe.say("neuron.table_epoch"), *((Name(p),) for p in own), measure)
    rows: list[tuple[Cell, ...] | None] = []
    for epoch in _kept(last):
        if epoch is None:
            rows.append((("…",), *[()] * (len(own) + 1)))
            continue
        time = epoch * scribe.derivation.schedule.epoch
        shown: Cell = NumberCell(cost_at(scribe, epoch))
        if counts:
            shown = (Word(str(scribe.outline.runs[0].mistakes(epoch))),) if epoch else ()
        rows.append(((str(epoch),), *(NumberCell(At(p, 1, time)) for p in own), shown))
    return Table(head, tuple(rows))


def _kept(last: int) -> list[int | None]:
    """The epochs that have a row; None for those left out."""
    if last < MOST_ROWS:
        return list(range(last + 1))
    return [*range(MOST_ROWS - 3), None, last - 1, last]
