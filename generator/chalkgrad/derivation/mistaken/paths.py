"""Mistakes where a derivative is a sum over several paths: one of them is left out."""

from __future__ import annotations

from collections.abc import Iterator

from chalkgrad.algebra.ops import chain
from chalkgrad.derivation.mistaken.rewriting import rewritten
from chalkgrad.derivation.model import Derivation, Kind, Path, Step
from chalkgrad.quantities import Partial, Role

MOST = 4
"""Of so many paths each is left out in turn; of more, only these."""


def dropped_path(derivation: Derivation) -> Iterator[tuple[int, Derivation]]:
    """Every sum over paths without the first, without the second, and so on; with the number of what is left out.

    The deltas of softmax are sums over outputs, not over paths that a drawing shows: they stay.
    """
    most = max((len(paths) for q, paths in derivation.paths.items() if not q.is_delta), default=0)
    for place in range(1, min(most, MOST) + 1):
        for changed in rewritten(derivation, lambda step, place=place: _without(derivation, step, place)):  # type: ignore[misc]
            yield place, changed


def _without(derivation: Derivation, step: Step, place: int) -> Step:
    if step.kind is not Kind.CHAIN or not isinstance(step.quantity, Partial):
        return step
    paths = derivation.paths[step.quantity]
    if step.quantity.is_delta or len(paths) < max(place, 2) or step.quantity.by.role is Role.BIAS:
        return step
    return over_paths(step, paths[: place - 1] + paths[place:])


def over_paths(step: Step, paths: tuple[Path, ...]) -> Step:
    """The chain rule over these paths."""
    op = chain(tuple(1 + (path.upstream is not None) for path in paths))
    factors = [ref for path in paths for ref in path if ref is not None]
    return step._replace(expression=op.formula, bindings=tuple(zip(op.inputs, factors, strict=True)))
