"""Drawings that answer "how does this weight reach the cost?": all its paths are marked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from chalkgrad.document.drawing import MOST_COLUMNS, bare, column, ids, neighbours, places, plain
from chalkgrad.document.drawn import Caption, DrawnEdge, DrawnLayers, DrawnUnit
from chalkgrad.document.grid import kept
from chalkgrad.document.model import Drawing
from chalkgrad.document.scribe import Scribe
from chalkgrad.network.model import Layer
from chalkgrad.quantities import Partial, Quantity, Role


def paths(scribe: Scribe, layer: Layer) -> Iterator[Drawing]:
    """The paths from the first weight into a layer to the cost, where such drawings are wanted."""
    if scribe.spec.show.drawings != "all" or scribe.time > 0:
        return
    stages = _stages(scribe)
    first = stages.index(_Stage(layer, layer.sums() if layer.activation.couples else layer.outputs()))
    shown = kept(len(stages), MOST_COLUMNS)
    columns = [
        column(stage.quantities, lambda q, at=at: _unit(scribe, stages, first, at, q))  # type: ignore[misc]
        for at, stage in enumerate(stages)
    ]
    edges = [
        _edge(scribe, stages, first, left, (at, start, k), (at + 1, end, j))
        for at, (left, right) in neighbours(shown)
        for start, k in places(len(stages[left].quantities))
        for end, j in places(len(stages[right].quantities))
    ]
    yield Drawing(
        f"paths-{layer.number}",
        plain(scribe, "drawing.paths", layer=layer.number),
        DrawnLayers(tuple(None if at is None else columns[at] for at in shown), tuple(edges)),
    )


@dataclass(frozen=True)
class _Stage:
    """What stands in one column of such a drawing."""

    layer: Layer | None
    """None for the inputs and the cost."""
    quantities: list[Quantity]


def _stages(scribe: Scribe) -> list[_Stage]:
    """Inputs, activations, cost.  A layer whose units act on each other (softmax) takes two columns, weighted
    sums and activations: there the paths part."""
    stages = [_Stage(None, scribe.network.inputs())]
    for layer in scribe.network.layers:
        if layer.activation.couples:
            stages.append(_Stage(layer, layer.sums()))
        stages.append(_Stage(layer, layer.outputs()))
    return [*stages, _Stage(None, [scribe.network.batch_cost])]


def _is_reached(first: int, at: int, place: int) -> bool:
    """Whether the weight moves a unit: the first of its own column, and every unit behind that one."""
    return at > first or (at == first and place == 0)


def _unit(scribe: Scribe, stages: list[_Stage], first: int, at: int, quantity: Quantity) -> DrawnUnit:
    place = int(quantity.indices[0]) - 1 if quantity.indices else 0
    marked = _is_reached(first, at, place)
    above: Caption | None = None
    start, here = stages[first].layer, stages[at].layer
    assert start is not None  # noqa: S101 (a weight leads into a layer)
    if marked and at == first and quantity.role is Role.ACTIVATION:
        slope = Partial(quantity, start.sums()[place])
        above = Caption(bare(slope), "loc", slope.id)
    elif here is not None and here.number == start.number + 1 and at == _column_of_sums(stages, here):
        delta = scribe.gradient(here.sums()[place])
        above = Caption(bare(delta), "up", delta.id)
    return DrawnUnit(bare(quantity), ids(here, place + 1) if here else (quantity.id,), above=above, marked=marked)


def _column_of_sums(stages: list[_Stage], layer: Layer) -> int:
    """The column where a layer's weighted sums are: by themselves, or in the circles of the activations."""
    return next(at for at, stage in enumerate(stages) if stage.layer is layer)


def _edge(
    scribe: Scribe,
    stages: list[_Stage],
    first: int,
    left: int,
    start: tuple[int, int, int],
    end: tuple[int, int, int],
) -> DrawnEdge:
    """An arrow between two units, each by column, place and number; the links of the chain are written at those
    arrows that are one link."""
    (column_from, place_from, k), (column_to, place_to, j) = start, end
    above, below = stages[left + 1].quantities[j], stages[left].quantities[k]
    layer = stages[left + 1].layer
    enters = layer is not None and stages[left].layer is not layer
    w = Quantity(Role.WEIGHT, layer.number, (j + 1, k + 1)) if layer and enters else None
    is_weight = left + 1 == first and place_from == place_to == 0
    marked = is_weight or (_is_reached(first, left, place_from) and _is_reached(first, left + 1, place_to))
    caption: Caption | None = None
    if is_weight and w and layer:
        link = Partial(layer.sums()[j], w)
        caption = Caption(bare(link), "inp", link.id)
    elif marked and layer is not None and layer is stages[first].layer:
        link = Partial(above, below)
        caption = Caption(bare(link), "loc", link.id)
    elif marked and above.role is Role.COST and stages[left].layer is stages[first].layer:
        link = Partial(above, below)
        caption = Caption(bare(link), "up", link.id)
    elif marked and w and layer and left == first:
        local = scribe.local_symbols(Partial(layer.sums()[j], below, per_sample=True))
        caption = Caption(local, "weight", w.id)
    return DrawnEdge(
        (column_from, place_from),
        (column_to, place_to),
        w.id if w else "",
        (caption,) if caption else (),
        marked,
    )
