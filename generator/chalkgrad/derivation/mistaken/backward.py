"""Mistakes of the backward pass: a factor of the chain rule is wrong, or missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import sympy as sp
from sympy import Expr, Rational

from chalkgrad.algebra.ops import derived, formal
from chalkgrad.algebra.order import minus, mul
from chalkgrad.catalogue.losses import TWICE_EXCESS
from chalkgrad.derivation.mistaken.forward import transposed_weight
from chalkgrad.derivation.mistaken.rewriting import (
    bound,
    constant,
    has_role,
    partial_of,
    reduction,
    rewritten,
    sum_of,
)
from chalkgrad.derivation.model import Derivation, Kind, Ref, Step
from chalkgrad.quantities import Partial, Role

RECTIFIERS = ("relu", "leaky_relu", "prelu")
"""Activations whose slope is a mask: one number where z is positive, another where it is not."""

_OTHER = formal("sigma_prime")


# ---- the derivative of the cost by an output -----------------------------------------------------------------


def sign(derivation: Derivation) -> Iterator[Derivation]:
    """a − y and y − a confused."""

    def rewrite(step: Step) -> Step:
        if has_role(step.quantity, Role.ERROR) or _is_slope_of_cost(step):
            return step._replace(expression=minus(step.expression))
        return step

    return rewritten(derivation, rewrite)


def forgot_half(derivation: Derivation) -> Iterator[Derivation]:
    """2(a − y) where the ½ of the cost makes it a − y."""
    loss = derivation.network.loss
    if loss is not None and loss.name == "half_squared_error":
        yield from _scaled(derivation, sp.Integer(2))


def forgot_two(derivation: Derivation) -> Iterator[Derivation]:
    """The 2 from the exponent is left out: a − y of (a − y)², ½(a − y) of ½(a − y)²."""
    loss = derivation.network.loss
    if loss is not None and (loss.derivative == TWICE_EXCESS or loss.name == "half_squared_error"):
        yield from _scaled(derivation, Rational(1, 2))


def forgot_share(derivation: Derivation) -> Iterator[Derivation]:
    """The mean over m outputs differentiated as if it were their sum."""
    network = derivation.network
    if network.loss is not None and network.loss.averaged and network.layers[-1].units > 1:
        yield from _scaled(derivation, sp.Integer(network.layers[-1].units))


def _scaled(derivation: Derivation, factor: Expr) -> Iterator[Derivation]:
    def rewrite(step: Step) -> Step:
        return step._replace(expression=mul(factor, step.expression)) if _is_slope_of_cost(step) else step

    return rewritten(derivation, rewrite)


def _is_slope_of_cost(step: Step) -> bool:
    return partial_of(step, Role.COST, Role.ACTIVATION) is not None


# ---- the derivative of the activation ------------------------------------------------------------------------


def forgot_sigma(derivation: Derivation) -> Iterator[Derivation]:
    """δ without σ′, in every layer."""
    return _without_slope(derivation, lambda _: True)


def forgot_sigma_hidden(derivation: Derivation) -> Iterator[Derivation]:
    """δ without σ′ in the hidden layers only."""
    last = len(derivation.network.layers)
    if _has_slopes(derivation, range(last, last + 1)):
        yield from _without_slope(derivation, lambda layer: layer < last)


def forgot_sigma_output(derivation: Derivation) -> Iterator[Derivation]:
    """δ without σ′ in the last layer only."""
    last = len(derivation.network.layers)
    if _has_slopes(derivation, range(1, last)):
        yield from _without_slope(derivation, lambda layer: layer == last)


def _has_slopes(derivation: Derivation, layers: range) -> bool:
    """Whether in some of these layers σ′ could be forgotten: if not, to forget it elsewhere is to forget it
    everywhere."""
    rows = [derivation.network.layers[layer - 1].activation for layer in layers]
    return any(row.name not in (*RECTIFIERS, "identity") for row in rows)


def forgot_mask(derivation: Derivation) -> Iterator[Derivation]:
    """ReLU's derivative left out: what is behind a dead unit is corrected too."""
    return _without_slope(derivation, lambda _: True, rectifiers=True)


def _without_slope(
    derivation: Derivation, meant: Callable[[int], bool], *, rectifiers: bool = False
) -> Iterator[Derivation]:
    """With 1 for the derivative of an output by its own weighted sum, 0 by any other."""

    def rewrite(step: Step) -> Step:
        slope = partial_of(step, Role.ACTIVATION, Role.WEIGHTED_SUM)
        if slope is None or not meant(int(slope.of.layer)):
            return step
        layer = derivation.network.layers[int(slope.of.layer) - 1]
        if (layer.activation.name in RECTIFIERS) is not rectifiers:
            return step
        return constant(step, sp.Integer(slope.of.indices == slope.by.indices))

    return rewritten(derivation, rewrite)


def sigma_again(derivation: Derivation) -> Iterator[Derivation]:
    """δ = a − y multiplied by σ′ once more, which has cancelled."""

    def rewrite(step: Step) -> Step:
        delta = step.quantity
        short = derivation.collapsed.get(delta) if isinstance(delta, Partial) else None
        if short is None:
            return step
        assert isinstance(delta, Partial)  # noqa: S101 (it has a shorter formula)
        slope = Partial(delta.by._replace(role=Role.ACTIVATION), delta.by, per_sample=True)
        return short._replace(
            expression=mul(short.expression, _OTHER), bindings=(*short.bindings, (_OTHER, Ref(slope)))
        )

    return rewritten(derivation, rewrite)


def own_output_only(derivation: Derivation) -> Iterator[Derivation]:
    """Softmax as if each output depended on its own weighted sum alone."""

    def rewrite(step: Step) -> Step:
        slope = partial_of(step, Role.ACTIVATION, Role.WEIGHTED_SUM)
        if slope is None or slope.of.indices == slope.by.indices:
            return step
        return constant(step, sp.Integer(0))

    return rewritten(derivation, rewrite)


def slope_of_z(derivation: Derivation) -> Iterator[Derivation]:
    """z(1 − z) for a(1 − a)."""

    def rewrite(step: Step) -> Step:
        return bound(step, sum_of) if partial_of(step, Role.ACTIVATION, Role.WEIGHTED_SUM) else step

    return rewritten(derivation, rewrite)


def slope_at_a(derivation: Derivation) -> Iterator[Derivation]:
    """σ′(a) for σ′(z): the function is applied once more before its derivative is taken."""

    def rewrite(step: Step) -> Step:
        slope = partial_of(step, Role.ACTIVATION, Role.WEIGHTED_SUM)
        if slope is None:
            return step
        activation = derivation.network.layers[int(slope.of.layer) - 1].activation
        if activation.couples or activation.name in RECTIFIERS:  # a mask is the same for z and a
            return step
        own = derivation.by_quantity[slope.of, 0]
        z = next(symbol for symbol, ref in own.bindings if ref.quantity == slope.by)
        formula = derived(own.expression, z)
        if z not in formula.free_symbols:
            return step
        bindings = (
            (symbol, Ref(slope.of) if symbol == z else ref)
            for symbol, ref in own.bindings
            if symbol in formula.free_symbols
        )
        return step._replace(expression=formula, bindings=tuple(bindings))

    return rewritten(derivation, rewrite)


# ---- what goes back through the weights ----------------------------------------------------------------------


def updated_weights(derivation: Derivation) -> Iterator[Derivation]:
    """Hidden deltas from weights that have been updated already."""
    return _weights_at(derivation, 1)


def old_weights(derivation: Derivation) -> Iterator[Derivation]:
    """Hidden deltas from the old weights where the update goes layer by layer."""
    return _weights_at(derivation, 0)


def _weights_at(derivation: Derivation, ahead: int) -> Iterator[Derivation]:
    def moved(ref: Ref) -> Ref:
        return ref._replace(ahead=ahead) if ref.quantity in derivation.moving else ref

    def rewrite(step: Step) -> Step:
        return bound(step, moved) if partial_of(step, Role.WEIGHTED_SUM, Role.ACTIVATION) else step

    return rewritten(derivation, rewrite)


def transposed(derivation: Derivation) -> Iterator[Derivation]:
    """W where Wᵀ belongs, in hidden deltas; only a square matrix lets that pass unnoticed."""

    def rewrite(step: Step) -> Step:
        if partial_of(step, Role.WEIGHTED_SUM, Role.ACTIVATION) is None:
            return step
        return bound(step, lambda ref: transposed_weight(derivation, ref))

    return rewritten(derivation, rewrite)


# ---- gradients -----------------------------------------------------------------------------------------------


def no_input(derivation: Derivation) -> Iterator[Derivation]:
    """∂J/∂W = δ, not multiplied by what came in along the weight."""

    def rewrite(step: Step) -> Step:
        is_input = partial_of(step, Role.WEIGHTED_SUM, Role.WEIGHT)
        return constant(step, sp.Integer(1)) if is_input else step

    return rewritten(derivation, rewrite)


def input_of_z(derivation: Derivation) -> Iterator[Derivation]:
    """∂J/∂W = δ z for δ a, with the weighted sum of the layer before."""

    def rewrite(step: Step) -> Step:
        return bound(step, sum_of) if partial_of(step, Role.WEIGHTED_SUM, Role.WEIGHT) else step

    return rewritten(derivation, rewrite)


def reduced(derivation: Derivation, *, mean: bool) -> Iterator[Derivation]:
    """The samples of a batch averaged where they are added, or the reverse."""
    network = derivation.network
    if network.mean is None or network.mean is mean:
        return

    def rewrite(step: Step) -> Step:
        return reduction(step, mean=mean) if step.kind is Kind.REDUCE else step

    yield from rewritten(derivation, rewrite, network=replace(network, mean=mean))
