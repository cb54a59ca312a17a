"""`show.surface`: the cost over two parameters, as lines of equal cost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chalkgrad.errors import did_you_mean
from chalkgrad.messages import NOTHING, Message
from chalkgrad.spec.model import SurfaceSpec
from chalkgrad.spec.readers import ByShape, Field, ListOf, Number, Record, Report, Text, entry, item
from chalkgrad.spec.source import Entries, Node, quoted

_PAIR = Message('a list of two parameters, such as ["W1[1,1]", "W1[1,2]"]')
_NAMES = ListOf(Text(), _PAIR, least=2)
_ENDS = ListOf(Number(), Message("a list of two numbers, one a parameter, such as [-2, -2]"), least=2)


def _built(**values: Any) -> SurfaceSpec:
    return SurfaceSpec(values["of"], values["from"], values["to"])


SURFACE = ByShape(
    _PAIR,
    items=_NAMES,
    entries=Record(
        {
            "of": Field(_NAMES, Message("the two parameters, the one from left to right first"), required=True),
            "from": Field(_ENDS, Message("where the axes begin; left out, around the path of the training")),
            "to": Field(_ENDS, Message("where the axes end")),
        },
        Message("a surface"),
        _built,
    ),
)


def wish(read: SurfaceSpec | Sequence[str] | None) -> SurfaceSpec | None:
    """What was read, in whichever shape it was written."""
    return read if read is None or isinstance(read, SurfaceSpec) else SurfaceSpec(tuple(read))


def judge(surface: SurfaceSpec | None, known: Sequence[str], root: Node, report: Report) -> None:
    """Report what is wrong with a surface, where `known` are the ids of all parameters."""
    if surface is None:
        return
    node = entry(entry(root, "show") or root, "surface") or root
    names = (entry(node, "of") or node) if isinstance(node, Entries) else node
    if len(surface.of) != 2:
        found = Message("{count} parameters", count=len(surface.of))
        report.add(names.place, found, Message("two: one an axis"))
    for index, name in enumerate(surface.of):
        place = (item(names, index) or names).place
        if name not in known:
            listed = ", ".join(known) if len(known) <= MOST_LISTED else ", ".join((*known[:3], "…", known[-1]))
            expected = Message("a parameter: {names}", names=listed)
            report.add(place, quoted(name), expected, did_you_mean(name, known))
        elif name in surface.of[:index]:
            report.add(place, Message("{name} a second time", name=name), Message("two different parameters"))
    for index, (low, high) in enumerate(zip(surface.low or (), surface.high or (), strict=False)):
        if low >= high:
            place = (item(entry(node, "to"), index) or node).place
            found = Message("an axis from {low} to {high}", low=str(low), high=str(high))
            report.add(place, found, Message("an axis that ends above where it begins"))
    for key, ends in (("from", surface.low), ("to", surface.high)):
        if ends is not None and len(ends) != 2:
            place = (entry(node, key) or node).place
            report.add(place, Message("{count} numbers", count=len(ends)), Message("two: one an axis"), NOTHING)


MOST_LISTED = 12
"""Of more parameters only some are listed in a message."""
