"""The drawing at the top of the page: the network with its numbers, without coordinates."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from chalkgrad.document.drawn import Caption, DrawnColumn, DrawnEdge, DrawnLayers, DrawnUnit
from chalkgrad.document.grid import kept
from chalkgrad.document.model import Drawing
from chalkgrad.document.scribe import EQUALS, Scribe
from chalkgrad.markup.nodes import Name, Relation, Row, Word
from chalkgrad.network.model import Layer
from chalkgrad.quantities import AnyQuantity, Partial, Quantity, Role

MOST_UNITS, MOST_COLUMNS = 5, 7
"""A larger layer is drawn by its first two units and its last, a deeper network by its first two columns and its
last."""


def network(scribe: Scribe, *, worked: bool = True) -> Drawing:
    """The network with what is given and, where it is `worked`, the activations and the output deltas.

    Of several samples none has a right to stand at the circles: then values, targets and deltas are left out.
    """
    layers = scribe.network.layers
    inputs = column(scribe.network.inputs(), lambda x: _input(scribe, x))
    columns = [inputs, *(_layer(scribe, layer, worked) for layer in layers)]
    shown = kept(len(columns), MOST_COLUMNS)
    edges = [edge for at, (_, right) in neighbours(shown) for edge in _weights(scribe, layers[right - 1], at)]
    return Drawing(
        "network",
        plain(scribe, "drawing.network", shape="–".join(map(str, scribe.network.shape))),
        DrawnLayers(tuple(None if c is None else columns[c] for c in shown), tuple(edges)),
        without_captions=scribe.say("drawing.without_weights"),
    )


def _input(scribe: Scribe, x: Quantity) -> DrawnUnit:
    value = (Caption(scribe.num(x), "value", x.id),) if scribe.network.samples == 1 else ()
    return DrawnUnit(bare(x), (x.id,), beside=value)


def _layer(scribe: Scribe, layer: Layer, worked: bool) -> DrawnColumn:
    """A layer's units with their activations and biases; a shared bias stands under all of them."""
    single, last = scribe.network.samples == 1, layer is scribe.network.layers[-1]

    def unit(a: Quantity) -> DrawnUnit:
        j = int(a.indices[0])
        bias = layer.bias_of(j) if layer.bias == "unit" and _is_whole(scribe) else None
        return DrawnUnit(
            bare(a),
            ids(layer, j),
            above=Caption(scribe.num(a), "value", a.id) if single and worked else None,
            below=_given(scribe, bias, "bias") if bias else None,
            beside=tuple(_goals(scribe, layer, j, worked)) if single and last else (),
        )

    shared = _given(scribe, layer.biases()[0], "bias") if layer.bias == "shared" else None
    return column(layer.outputs(), unit, shared)


def _goals(scribe: Scribe, layer: Layer, unit: int, worked: bool) -> Iterator[Caption]:
    """What an output should be, and its delta."""
    yield _given(scribe, scribe.network.targets()[unit - 1], "target")
    if worked and scribe.derivation.backward:
        delta = scribe.gradient(layer.sums()[unit - 1])
        number = scribe.num(delta)
        yield Caption(Row((scribe.name(delta), Relation((), (number.at,)), number)), "delta", delta.id)


def _weights(scribe: Scribe, layer: Layer, at: int) -> Iterator[DrawnEdge]:
    """The arrows into a layer, with their weights where every unit is drawn."""
    for start, k in places(layer.inputs):
        for end, j in places(layer.units):
            w = Quantity(Role.WEIGHT, layer.number, (j + 1, k + 1))
            wordings = _wordings(scribe, w) if _is_whole(scribe) else ()
            yield DrawnEdge((at, start), (at + 1, end), w.id, wordings)


def _wordings(scribe: Scribe, w: Quantity) -> tuple[Caption, ...]:
    """A weight's number; where weights are counted through, its place does not tell its name."""
    number = Caption(scribe.num(w), "weight", w.id)
    if "{c}" in scribe.notation.symbols["weight"].sub:
        return (_given(scribe, w, "weight"), number)
    return (number,)


def _is_whole(scribe: Scribe) -> bool:
    """Whether every unit is drawn, so that numbers can stand at the arrows."""
    shape = scribe.network.shape
    return max(shape) <= MOST_UNITS and len(shape) <= MOST_COLUMNS


def _given(scribe: Scribe, quantity: Quantity, kind: str) -> Caption:
    return Caption(Row((bare(quantity), EQUALS, scribe.num(quantity))), kind, quantity.id)


# ---- what all drawings share ----------------------------------------------------------------------------------


def column(
    quantities: Sequence[Quantity], draw: Callable[[Quantity], DrawnUnit], below: Caption | None = None
) -> DrawnColumn:
    """A column of units; of many only the first two and the last, and under them how many there are."""
    units = tuple(None if i is None else draw(quantities[i]) for i in kept(len(quantities), MOST_UNITS))
    return DrawnColumn(units, Caption(Word(str(len(quantities))), "count", "") if None in units else below)


def places(count: int) -> list[tuple[int, int]]:
    """The units of a column that are drawn: the place of each, and which one it is, counted from 0."""
    return [(place, i) for place, i in enumerate(kept(count, MOST_UNITS)) if i is not None]


def neighbours(shown: Sequence[int | None]) -> list[tuple[int, tuple[int, int]]]:
    """Columns that stand side by side: the place of the left one, and which two they are.

    >>> neighbours([0, 1, None, 8])
    [(0, (0, 1))]
    """
    pairs = enumerate(pairwise(shown))
    return [(place, (a, b)) for place, (a, b) in pairs if a is not None and b is not None]


def bare(quantity: AnyQuantity) -> Name:
    """A quantity's name without its sample: a drawing is of the network, not of a sample."""
    if isinstance(quantity, Partial):
        of, by = (q._replace(per_sample=False) for q in (quantity.of, quantity.by))
        return Name(Partial(of, by))
    return Name(quantity._replace(per_sample=False))


def ids(layer: Layer, unit: int) -> tuple[str, ...]:
    """What a unit's circle stands for: its weighted sum, its activation, its delta."""
    z, a = layer.sums()[unit - 1], layer.outputs()[unit - 1]
    return (z.id, a.id, Partial(Quantity(Role.COST), z).id)


def plain(scribe: Scribe, key: str, **words: object) -> str:
    """A sentence without mathematics, as plain text."""
    return "".join(str(span) for span in scribe.say(key, None, **words))
