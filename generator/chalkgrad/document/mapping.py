"""Changing the numbers of a page: every block is made again with something else in the place of each number."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

import sympy as sp

from chalkgrad.derivation.model import Derivation
from chalkgrad.document.model import NumberCell
from chalkgrad.markup.nodes import Formula, Num
from chalkgrad.quantities import At, Partial


def mapped(thing: Any, change: Callable[[Num | NumberCell], Any], aside: frozenset[str] = frozenset()) -> Any:
    """A block, line or node with every number in it changed, in the order in which they are read; the fields
    `aside` stay as they are."""
    if isinstance(thing, (Num, NumberCell)):
        return change(thing)
    if isinstance(thing, Formula):
        bindings: Mapping[sp.Symbol, Any] = thing.bindings
        written = [s for s in sp.preorder_traversal(thing.expression) if s in bindings]
        return Formula(
            thing.expression,
            {s: mapped(bindings[s], change, aside) for s in dict.fromkeys((*written, *bindings))},
        )
    if type(thing) is tuple:
        return tuple(mapped(item, change, aside) for item in thing)
    if is_dataclass(thing) and not isinstance(thing, type):
        names = [f.name for f in fields(thing) if f.name not in aside]
        return replace(thing, **{name: mapped(getattr(thing, name), change, aside) for name in names})
    return thing


def source_of(derivation: Derivation, at: At) -> At:
    """Where a number was first computed: a local derivative that is an activation has its number."""
    step = derivation.by_quantity.get((at.quantity, 0))
    while step is not None and step.expression.is_Symbol and isinstance(at.quantity, Partial):
        source = step.bindings[0][1].quantity
        at = At(source, at.sample if source.per_sample else 1, at.time)
        step = derivation.by_quantity.get((at.quantity, 0))
    return at
