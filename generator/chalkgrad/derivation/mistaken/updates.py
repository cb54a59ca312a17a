"""Mistakes of the step itself: the gradient is right, and the parameter moves wrongly."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import sympy as sp

from chalkgrad.algebra.order import add, minus, mul, rebuilt
from chalkgrad.catalogue.optimizers import RATE, W
from chalkgrad.derivation.mistaken.rewriting import rewritten
from chalkgrad.derivation.model import Derivation, Step
from chalkgrad.quantities import Quantity, Role


def kept_bias(derivation: Derivation) -> Iterator[Derivation]:
    """Weights are updated, biases are not."""

    def rewrite(step: Step) -> Step:
        assert isinstance(step.quantity, Quantity)  # noqa: S101 (a parameter)
        if step.quantity.role is not Role.BIAS:
            return step
        return step._replace(
            expression=W, bindings=tuple((symbol, ref) for symbol, ref in step.bindings if symbol == W)
        )

    return _last_moves(derivation, rewrite)


def forgot_rate(derivation: Derivation) -> Iterator[Derivation]:
    """The rate is left out, as if it were 1."""

    def rewrite(step: Step) -> Step:
        left = tuple((symbol, ref) for symbol, ref in step.bindings if symbol != RATE)
        if left == step.bindings:
            return step
        formula = rebuilt(step.expression, lambda part: sp.Integer(1) if part == RATE else None)
        return step._replace(expression=formula, bindings=left)

    return _last_moves(derivation, rewrite)


def ascended(derivation: Derivation) -> Iterator[Derivation]:
    """The step is taken the other way: w + η g for w − η g."""

    def rewrite(step: Step) -> Step:
        symbols = {symbol for symbol, _ in step.bindings}
        if not {W, RATE} <= symbols:
            return step
        return step._replace(expression=add(mul(2, W), minus(step.expression)))

    return _last_moves(derivation, rewrite)


def _last_moves(derivation: Derivation, change: Callable[[Step], Step]) -> Iterator[Derivation]:
    """With the step that makes each parameter changed; what an optimizer makes on the way is right."""
    last = {id(moves[-1]) for moves in derivation.updates.values()}
    return rewritten(derivation, lambda step: change(step) if id(step) in last else step)
