"""Tables of numbers, for summaries and later optimisation steps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chalkgrad.document.model import Block, Cell, Inline, NumberCell, Paragraph, Table
from chalkgrad.document.scribe import Scribe
from chalkgrad.network.model import Layer
from chalkgrad.quantities import AnyQuantity, Partial, Quantity


def by_sample(scribe: Scribe, quantities: Sequence[AnyQuantity]) -> Table:
    """A row for each quantity, a column for each sample."""
    samples = scribe.samples
    several = len(samples) > 1
    head: tuple[Inline, ...] = (
        scribe.say("table.quantity"),
        *((scribe.say("table.of_sample", n=n) if several else scribe.say("table.value")) for n in samples),
    )
    rows: list[tuple[Cell, ...]] = []
    for quantity in quantities:
        name = scribe.name(_bare(quantity) if several else quantity)
        rows.append(((name,), *(NumberCell(scribe.num(quantity, n).at) for n in samples)))
    return Table(head, tuple(rows))


def _bare(quantity: AnyQuantity) -> AnyQuantity:
    """The same without its sample, for the head of a row."""
    if isinstance(quantity, Quantity):
        return quantity._replace(per_sample=False)
    return Partial(quantity.of._replace(per_sample=False), quantity.by._replace(per_sample=False))


def forward(scribe: Scribe) -> Iterator[Block]:
    """Weighted sums and activations."""
    for layer in scribe.network.layers:
        pairs = zip(layer.sums(), layer.outputs(), strict=True)
        yield Paragraph(scribe.say("scalar.layer_forward", layer=scribe.layer_number(layer)), "layer")
        yield by_sample(scribe, [q for pair in pairs for q in pair])


def deltas(scribe: Scribe, layer: Layer) -> Iterator[Block]:
    """The deltas of a layer."""
    yield by_sample(scribe, [scribe.gradient(z) for z in layer.sums()])


def gradients(scribe: Scribe) -> Iterator[Block]:
    """The gradients of the parameters that move."""
    moving = [
        p for p in scribe.network.parameters if not scribe.derivation.moving or p in scribe.derivation.moving
    ]
    rows: list[tuple[Cell, ...]] = []
    for parameter in moving:
        gradient = scribe.derivation.gradient(parameter)
        rows.append(((scribe.name(gradient),), NumberCell(scribe.num(gradient).at)))
    yield Table((scribe.say("table.gradient"), scribe.say("table.value")), tuple(rows))
