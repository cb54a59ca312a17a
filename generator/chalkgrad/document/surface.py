"""The cost over two parameters: lines of equal cost, and the path of the training over them."""

from __future__ import annotations

from collections.abc import Iterator

from chalkgrad.document.check import whole_cost
from chalkgrad.document.drawing import plain
from chalkgrad.document.model import Block, Paragraph
from chalkgrad.document.plot import Axis, Contours, Curve, Number, Part, Pen, Plot, Points, Spot
from chalkgrad.document.scribe import Scribe
from chalkgrad.document.training import thinned
from chalkgrad.evaluation.program import unroll
from chalkgrad.evaluation.surface import Surface
from chalkgrad.markup.nodes import Name
from chalkgrad.quantities import At, Quantity
from chalkgrad.spec.model import SurfaceSpec

AIR, LEAST = 0.4, 2.0
"""How much there is around the path, as a share of its width, and how long an axis is at the least."""


def blocks(scribe: Scribe, wish: SurfaceSpec, steps: int) -> Iterator[Block]:
    """What the picture shows, and the picture; `steps` updates were made."""
    across, up = (_parameter(scribe, id) for id in wish.of)
    cost = whole_cost(scribe)
    others = set(scribe.network.parameters) - {across, up}
    moves, they_move = (bool(scribe.derivation.moving & those) for those in ({across, up}, others))
    key = "surface.only" if not others else "surface.others_end" if they_move else "surface.others"
    said = scribe.say(key, None, cost=Name(cost), one=Name(across), other=Name(up))
    yield Paragraph(scribe.words.join(said, scribe.say("surface.map")))
    program = unroll(scribe.derivation, updates=0, checked=(), carry_shown=False)
    parts: list[Part] = [Contours(Surface(program, At(cost), At(across), At(up), time=steps))]
    if moves:
        yield Paragraph(scribe.say("surface.path", count=steps))
        if they_move:
            yield Paragraph(scribe.say("surface.slice"))
    parts += _path(scribe, across, up, steps if moves else 0)
    yield Plot(
        "surface",
        plain(scribe, "surface.alt_path" if moves else "surface.alt"),
        _axis(across, wish, 0),
        _axis(up, wish, 1),
        tuple(parts),
        shape="square",
    )


def _parameter(scribe: Scribe, id: str) -> Quantity:
    return next(parameter for parameter in scribe.network.parameters if parameter.id == id)


def _axis(parameter: Quantity, wish: SurfaceSpec, place: int) -> Axis:
    low, high = (None if ends is None else ends[place] for ends in (wish.low, wish.high))
    return Axis((Name(parameter),), low, high, air=AIR, least=LEAST)


def _path(scribe: Scribe, across: Quantity, up: Quantity, steps: int) -> Iterator[Part]:
    """Where the two parameters were after each update, from a ring to a disc."""

    def spot(time: int) -> Spot:
        here: tuple[Number, Number] = (At(across, 1, time), At(up, 1, time))
        return here

    pen = Pen("loc")
    if steps:
        spots = tuple(spot(time) for time in thinned(steps))
        yield Curve(spots, pen)
        yield Points(spots[1:-1], "dot", pen)
        yield Points((spots[-1],), "disc", pen, names=(scribe.label("surface.end"),))
    yield Points((spot(0),), "ring", pen, names=(scribe.label("surface.start"),))
