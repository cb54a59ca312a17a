"""A training run beyond its first update: the updates of an epoch, then the epochs, as tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chalkgrad.document.check import checked_parameters, whole_cost
from chalkgrad.document.drawing import plain
from chalkgrad.document.model import Block, Cell, Inline, NumberCell, Paragraph, Table
from chalkgrad.document.plot import Axis, Curve, Part, Pen, Plot, Points
from chalkgrad.document.scribe import Scribe
from chalkgrad.markup.nodes import Name
from chalkgrad.quantities import AnyQuantity, At, Quantity

MOST_UPDATES = 12
"""Of an epoch with more updates only so many are shown."""
FEWEST_POINTS, MOST_POINTS, MOST_MARKS = 3, 200, 30
"""A curve has so many moments at the least and at the most; where there are more, they are not marked."""
MOST_OUTPUTS = 6
"""Up to so many outputs, all samples together, are followed through the epochs."""


def blocks(scribe: Scribe) -> Iterator[Block]:
    """The first epoch update by update where it has several, then the epochs."""
    if scribe.derivation.schedule.batches:
        yield from _first_epoch(scribe)
    yield from _epochs(scribe)


def told(last: int) -> list[int]:
    """Which of so many epochs are told: all of the first, then ever fewer, and the last.

    >>> told(4), told(70)
    ([0, 1, 2, 3, 4], [0, 1, 2, 3, 4, 5, 10, 20, 50, 70])
    """
    if last <= MOST_UPDATES:
        return list(range(last + 1))
    rounds = [factor * 10**power for power in range(1, 6) for factor in (1, 2, 5)]
    return [*range(6), *(epoch for epoch in rounds if epoch < last), last]


def _first_epoch(scribe: Scribe) -> Iterator[Block]:
    """Each update of the first epoch: its samples, their cost, the parameters it makes."""
    schedule, cost = scribe.derivation.schedule, scribe.network.batch_cost
    count = schedule.epoch
    size = len(schedule.batch(0))
    key = "run.online" if size == 1 else "run.batches"
    yield Paragraph(scribe.say(key, updates=count, size=size, cost=Name(whole_cost(scribe))))
    last = len(schedule.batch(count - 1))
    if last < size and scribe.network.mean:
        yield Paragraph(scribe.say("run.last_batch", count=last))
    shown = range(min(count, MOST_UPDATES))
    head: list[Inline] = [scribe.say("table.update"), scribe.say("table.samples"), (Name(cost),)]
    yield _table(
        scribe,
        head,
        [((str(time + 1),), (", ".join(map(str, schedule.batch(time))),), _cell(cost, time)) for time in shown],
        [time + 1 for time in shown],
    )
    if count > MOST_UPDATES:
        yield Paragraph(scribe.say("run.more_updates", shown=MOST_UPDATES, updates=count))


def _epochs(scribe: Scribe) -> Iterator[Block]:
    """The cost over all samples, the outputs and the parameters after each epoch, or after some of many."""
    assert scribe.spec.train is not None  # noqa: S101 (only what is trained has epochs)
    network, cost = scribe.network, whole_cost(scribe)
    last, length = scribe.spec.train.epochs, scribe.derivation.schedule.epoch
    epochs = told(last)
    key = "run.epochs" if len(epochs) == last + 1 else "run.some_epochs"
    yield Paragraph(scribe.say(key, cost=Name(cost), epochs=last))
    outputs = network.layers[-1].outputs()
    followed = [(a, n) for n in range(1, network.samples + 1) for a in outputs]
    if len(followed) > MOST_OUTPUTS:
        followed = []
    head: list[Inline] = [scribe.say("table.epoch"), (Name(cost),), *((Name(a, n),) for a, n in followed)]
    rows: list[tuple[Cell, ...]] = []
    for epoch in epochs:
        time = epoch * length
        values = [_cell(cost, time), *(NumberCell(At(a, n, time)) for a, n in followed)]
        rows.append(((str(epoch),), *values))
    yield Table(tuple(head), tuple(rows))
    yield Paragraph(scribe.say("run.parameters"))
    labels: list[tuple[Cell, ...]] = [((str(epoch),),) for epoch in epochs]
    yield _table(scribe, [scribe.say("table.epoch")], labels, [epoch * length for epoch in epochs])
    yield from curve(scribe, cost, last, length)


def curve(scribe: Scribe, cost: Quantity, last: int, length: int) -> Iterator[Block]:
    """The cost after each of the epochs, of so many updates each; after each update where there are no epochs."""
    if scribe.spec.show.drawings != "all" or last < FEWEST_POINTS:
        return
    by_epochs = scribe.spec.train is not None and scribe.spec.train.epochs > 0
    yield Paragraph(scribe.say("run.curve" if by_epochs else "run.curve_updates", cost=Name(cost)))
    spots = tuple((epoch, At(cost, 1, epoch * length)) for epoch in thinned(last))
    parts: tuple[Part, ...] = (Curve(spots, Pen("loc")),)
    if last <= MOST_MARKS:
        parts = (*parts, Points(spots, "dot", Pen("loc")))
    alt = plain(scribe, "run.alt" if by_epochs else "run.alt_updates", last=last)
    across = Axis(scribe.label("table.epoch" if by_epochs else "table.update"), 0, last, is_whole=True)
    yield Plot("cost", alt, across, Axis((Name(cost),), 0), parts, "low")


def thinned(last: int) -> list[int]:
    """The moments up to the last one, or equally distant ones of very many.

    >>> thinned(3)
    [0, 1, 2, 3]
    """
    every = -(-last // MOST_POINTS) or 1
    return [*range(0, last, every), last]


def _table(scribe: Scribe, head: list[Inline], labels: list[tuple[Cell, ...]], times: Sequence[int]) -> Table:
    """The parameters at some moments, after what labels each of these."""
    parameters = checked_parameters(scribe)
    rows = [
        (*label, *(_cell(parameter, time) for parameter in parameters))
        for label, time in zip(labels, times, strict=True)
    ]
    return Table((*head, *((Name(parameter),) for parameter in parameters)), tuple(rows))


def _cell(quantity: AnyQuantity, time: int) -> NumberCell:
    return NumberCell(At(quantity, 1, time))
