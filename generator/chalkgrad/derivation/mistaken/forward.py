"""Mistakes of the forward pass: the walk goes on from the wrong numbers, each later step done right."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from chalkgrad.algebra.order import add
from chalkgrad.derivation.mistaken.rewriting import bound, has_role, partial_of, rewritten
from chalkgrad.derivation.model import Derivation, Kind, Ref, Step
from chalkgrad.quantities import Partial, Quantity, Role


def no_bias(derivation: Derivation) -> Iterator[Derivation]:
    """z = Wx, without + b."""

    def rewrite(step: Step) -> Step:
        if step.kind is not Kind.APPLY or not has_role(step.quantity, Role.WEIGHTED_SUM):
            return step
        left = tuple((symbol, ref) for symbol, ref in step.bindings if not has_role(ref.quantity, Role.BIAS))
        if left == step.bindings:
            return step
        kept = {symbol for symbol, _ in left}
        terms = [term for term in step.expression.args if term.free_symbols <= kept]
        return step._replace(expression=add(*terms), bindings=left)

    return rewritten(derivation, rewrite)


def took_z(derivation: Derivation) -> Iterator[Derivation]:
    """Hidden units pass their weighted sums on: a = z, wherever a is used."""
    last = len(derivation.network.layers)
    return _without_activation(derivation, lambda layer: layer < last)


def took_z_output(derivation: Derivation) -> Iterator[Derivation]:
    """The outputs are taken to be the last weighted sums."""
    last = len(derivation.network.layers)
    return _without_activation(derivation, lambda layer: layer == last)


def _without_activation(derivation: Derivation, meant: Callable[[int], bool]) -> Iterator[Derivation]:
    def rewrite(step: Step) -> Step:
        made = step.quantity
        if step.kind is not Kind.APPLY or isinstance(made, Partial) or made.role is not Role.ACTIVATION:
            return step
        if not meant(int(made.layer)):
            return step
        symbol, z = next(
            (symbol, ref)
            for symbol, ref in step.bindings
            if has_role(ref.quantity, Role.WEIGHTED_SUM) and _indices(ref) == made.indices
        )
        return step if step.expression == symbol else step._replace(expression=symbol, bindings=((symbol, z),))

    return rewritten(derivation, rewrite)


def from_to(derivation: Derivation) -> Iterator[Derivation]:
    """Square matrices read as from-to where they are to-from: Wᵀ for W, and its gradient transposed too."""

    def rewrite(step: Step) -> Step:
        made = step.quantity
        if step.kind is Kind.APPLY and has_role(made, Role.WEIGHTED_SUM):
            return bound(step, lambda ref: transposed_weight(derivation, ref))
        if partial_of(step, Role.WEIGHTED_SUM, Role.ACTIVATION):
            return bound(step, lambda ref: transposed_weight(derivation, ref))
        if isinstance(made, Partial) and step.kind is Kind.CHAIN and made.by.role is Role.WEIGHT:
            other = _transposed(derivation, made.by)
            return bound(step, lambda ref: _factor_for(other, ref))
        return step

    return rewritten(derivation, rewrite)


def transposed_weight(derivation: Derivation, ref: Ref) -> Ref:
    """The weight on the other side of the diagonal, in a square matrix; anything else is itself."""
    quantity = ref.quantity
    if isinstance(quantity, Partial) or quantity.role is not Role.WEIGHT:
        return ref
    return ref._replace(quantity=_transposed(derivation, quantity))


def _factor_for(weight: Quantity, ref: Ref) -> Ref:
    """A factor of the gradient of a weight, as it is for another weight of the layer."""
    factor = ref.quantity
    assert isinstance(factor, Partial)  # noqa: S101 (the chain rule multiplies derivatives)
    unit = weight.indices[:1]
    if factor.is_delta:
        return ref._replace(quantity=factor._replace(by=factor.by._replace(indices=unit)))
    return ref._replace(quantity=factor._replace(of=factor.of._replace(indices=unit), by=weight))


def _transposed(derivation: Derivation, weight: Quantity) -> Quantity:
    layer = derivation.network.layers[int(weight.layer) - 1]
    square = layer.units == layer.inputs
    return weight._replace(indices=weight.indices[::-1]) if square else weight


def _indices(ref: Ref) -> tuple[int | str, ...]:
    return ref.quantity.indices if isinstance(ref.quantity, Quantity) else ()
