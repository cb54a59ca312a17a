"""The same in code: a listing for each library asked for, and what it prints beside what the page says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from chalkgrad.document import numpy_code, pytorch_code
from chalkgrad.document.grid import MOST_COLUMNS, MOST_ROWS, kept
from chalkgrad.document.model import (
    Block,
    Cell,
    Code,
    Inline,
    NumberCell,
    Paragraph,
    Printed,
    Remark,
    Table,
)
from chalkgrad.document.scribe import Scribe
from chalkgrad.markup.nodes import Math, Name, Row, Sign, Word
from chalkgrad.network.model import Layer, Network
from chalkgrad.quantities import At, Quantity

MOST_NUMBERS = 200
"""A listing with more given numbers would be longer than anybody reads."""

BACKWARD = Code(("backward()",))


def _numpy(scribe: Scribe, everything: bool) -> Iterator[Block]:
    yield Paragraph(scribe.say("code.numpy"))
    yield numpy_code.listing(scribe, everything=everything)


def _pytorch(scribe: Scribe, _: bool) -> Iterator[Block]:
    yield Paragraph(scribe.say("code.pytorch", backward=BACKWARD))
    yield pytorch_code.listing(scribe)


WRITERS: Mapping[str, Callable[[Scribe, bool], Iterator[Block]]] = {"numpy": _numpy, "pytorch": _pytorch}


class Entry(NamedTuple):
    """A number that a listing prints."""

    code: str
    """What it is called there: `dW1[0][1]`."""
    name: Inline
    """What it is called on the page."""
    at: At


def fits(network: Network) -> bool:
    """Whether there is a listing for it, of a length that somebody reads."""
    return is_listed(network) and _given(network) <= MOST_NUMBERS


def is_listed(network: Network) -> bool:
    """Whether libraries have a way to say it: layers with a loss, that follow an optimizer."""
    return network.loss is not None and network.rule is None


def _given(network: Network) -> int:
    """How many numbers a listing begins with."""
    return sum(len(values) for values in network.given.values())


def blocks(scribe: Scribe, *, runnable: bool) -> Iterator[Block]:
    """The listings, then a table of what they print; nothing where none was asked for.

    Where a page is `runnable` it has them all, and they print every number of the page.
    """
    wanted = tuple(WRITERS) if runnable else scribe.spec.show.code
    if not wanted or not is_listed(scribe.network) or scribe.derivation.schedule.batches:
        return
    if not fits(scribe.network):
        yield Remark(scribe.say("code.too_large", numbers=_given(scribe.network)))
        return
    if scribe.outline.astray:
        yield Remark(scribe.say("code.astray"))
        return
    in_turn = scribe.derivation.sequential and len(scribe.network.layers) > 1
    written = [library for library in wanted if not (library == "pytorch" and in_turn)]
    for library in written:
        yield from WRITERS[library](scribe, runnable)
    if "pytorch" in wanted and in_turn:
        yield Remark(scribe.say("code.sequential", backward=BACKWARD))
    if written:
        yield from _printed(scribe, len(written))


def _printed(scribe: Scribe, listings: int) -> Iterator[Block]:
    carried = scribe.say("code.carry_shown") if scribe.spec.show.carry == "shown" else ()
    yield Paragraph(scribe.words.join(scribe.say("code.prints", count=listings), carried))
    head = (
        scribe.say("table.in_code"),
        scribe.say("table.prints"),
        scribe.say("table.on_page"),
        scribe.say("table.value"),
    )
    rows: list[tuple[Cell, ...] | None] = []
    for group in _entries(scribe):
        if rows:
            rows.append(None)
        for entry in group:
            name, number = Code((entry.code,)), Code((Printed(entry.at),))
            rows.append(((name,), (number,), entry.name, NumberCell(entry.at)))
    yield Table(head, tuple(rows))


def _entries(scribe: Scribe) -> Iterator[list[Entry]]:
    """What is printed, in the order in which it is."""
    train = scribe.spec.train if scribe.derivation.backward else None
    steps = train.steps if train else 0
    cost = scribe.network.batch_cost
    if steps > 1:
        costs = [scribe.say("table.at_step", name=Name(cost), step=time + 1) for time in range(steps)]
        yield [Entry("J", name, At(cost, 1, time)) for time, name in enumerate(costs)]
    else:
        yield [*_outputs(scribe), Entry("J", (Name(cost),), At(cost))]
        if gradients := list(_gradients(scribe)):
            yield gradients
    if train is not None:
        moved = [place for layer in scribe.network.layers for place in _parameters(scribe, layer)]
        yield [
            Entry(code, _after(scribe, quantity, steps), At(quantity, 1, steps))
            for code, quantity in (*moved, ("J", cost))
        ]


def _after(scribe: Scribe, quantity: Quantity, steps: int) -> Inline:
    """A quantity's name after training."""
    if steps == 1:
        return (Name(quantity, ahead=1),)
    return scribe.say("table.after_step", name=Name(quantity), step=steps)


def _outputs(scribe: Scribe) -> Iterator[Entry]:
    outputs = scribe.network.layers[-1].outputs()
    samples = scribe.samples
    columns = scribe.notation.columns
    shape = (len(outputs), len(samples)) if columns else (len(samples), len(outputs))
    for i, k in _corner(*shape):
        unit, sample = (i, k + 1) if columns else (k, i + 1)
        name = Name(outputs[unit], sample)
        yield Entry(f"a{len(scribe.network.layers)}[{i}][{k}]", (name,), At(outputs[unit], sample))


def _gradients(scribe: Scribe) -> Iterator[Entry]:
    for layer in scribe.network.layers:
        for code, parameter in _parameters(scribe, layer):
            yield Entry(f"d{code}", (_slope(scribe, parameter),), At(scribe.derivation.gradient(parameter)))


def _slope(scribe: Scribe, parameter: Quantity) -> Math:
    """∂J/∂w on one line, for a table."""
    cost = scribe.network.batch_cost
    return Row((Sign("∂"), Name(cost), Word("/"), Sign("∂"), Name(parameter)))


def _parameters(scribe: Scribe, layer: Layer) -> Iterator[tuple[str, Quantity]]:
    """The parameters that are printed, each with its place in the code; of large matrices the corners."""
    moving = scribe.derivation.moving

    def is_wanted(parameter: Quantity) -> bool:
        return scribe.derivation.backward != () and (not moving or parameter in moving)

    weights = layer.weights()
    if is_wanted(weights[0][0]):
        for j, k in _corner(layer.units, layer.inputs):
            yield f"W{layer.number}[{j}][{k}]", weights[j][k]
    biases = layer.biases()
    if not biases or not is_wanted(biases[0]):
        return
    if layer.bias == "shared":
        yield f"b{layer.number}", biases[0]
        return
    for j, _ in _corner(layer.units, 1):
        yield f"b{layer.number}[{j}]" + ("[0]" if scribe.notation.columns else ""), biases[j]


def _corner(rows: int, columns: int) -> list[tuple[int, int]]:
    """The places of a matrix that are printed."""
    across = [k for k in kept(columns, MOST_COLUMNS) if k is not None]
    return [(j, k) for j in kept(rows, MOST_ROWS) if j is not None for k in across]
