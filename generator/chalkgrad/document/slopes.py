"""From what arrives at a layer to its deltas, in matrices: slopes entry by entry, or on a diagonal."""

from __future__ import annotations

from collections.abc import Iterator

from chalkgrad.document.grid import (
    column_of,
    diagonal_of,
    ones,
    printed,
    printed_samples,
    product,
    result,
    row,
    shape_of,
    values_of,
    weights_of,
)
from chalkgrad.document.model import Line, Link
from chalkgrad.document.scribe import Scribe, equal
from chalkgrad.markup.nodes import Applied, DeltaName, Math, Matrix, MatrixName, Paren, Relation, Shaped, Sign
from chalkgrad.network.model import Layer
from chalkgrad.quantities import Partial, Role


def all_digits(scribe: Scribe) -> bool:
    """Whether all digits are carried: else a number may be shown only by the steps that rounded it."""
    return scribe.spec.show.carry == "full"


def gradient_name(scribe: Scribe, layer: Layer) -> MatrixName:
    """Derivatives of each sample's own cost, not of the batch's."""
    sample = scribe.notation.indices["n"] if scribe.network.samples > 1 else ""
    return MatrixName(Role.ACTIVATION, layer.number, gradient=True, sample=sample)


def ahead_of(scribe: Scribe, layer: Layer) -> int:
    """1 where the deltas before a layer use its weights already updated."""
    return int(scribe.derivation.sequential and layer.weights()[0][0] in scribe.derivation.moving)


def _slopes(layer: Layer) -> list[Partial]:
    return [Partial(a, z, per_sample=True) for a, z in zip(layer.outputs(), layer.sums(), strict=True)]


def _elementwise(scribe: Scribe, layer: Layer, arriving: Line) -> Iterator[Line]:
    """What arrives from above, the slopes, and their product entry by entry."""
    yield arriving
    slope = Applied(layer.activation.symbol, MatrixName(Role.WEIGHTED_SUM, layer.number), prime=True)
    yield Line(slope, (*map(equal, _slope_formula(scribe, layer)), result(values_of(scribe, _slopes(layer)))))
    shape = shape_of(scribe, layer.units)
    both = row(Shaped(gradient_name(scribe, layer), shape), Sign("⊙"), Shaped(slope, shape))
    deltas = [scribe.gradient(s) for s in layer.sums()]
    yield Line(DeltaName(layer.number), (equal(both), result(values_of(scribe, deltas))))


def _slope_formula(scribe: Scribe, layer: Layer, sample: int | str = "") -> Iterator[Math]:
    """The slopes of a layer in terms of its activations, where that is how they are computed."""
    n = 1 if sample else len(scribe.samples)
    shape = (layer.units, n) if scribe.notation.columns else (n, layer.units)
    a = Shaped(MatrixName(Role.ACTIVATION, layer.number, sample=sample), shape)
    if layer.activation.name == "sigmoid":
        yield row(a, Sign("⊙"), Paren(row(ones(*shape)[0], Sign("−"), a)))
    elif layer.activation.name == "tanh":
        yield row(ones(*shape)[0], Sign("−"), a, Sign("⊙"), a)


def _by_diagonal(scribe: Scribe, layer: Layer, arriving: Line) -> Iterator[Line]:
    """The slopes on the diagonal of a matrix, sample by sample, and its product with what arrives from above."""
    several, last = scribe.network.samples > 1, layer is scribe.network.layers[-1]
    in_one = not last and all_digits(scribe)  # F′ Wᵀ δ; where each step is rounded, Wᵀ δ has a line of its own
    if not in_one:
        yield arriving
    deltas = [scribe.gradient(z) for z in layer.sums()]
    for n in printed_samples(scribe):
        sample = n if several else ""
        z = MatrixName(Role.WEIGHTED_SUM, layer.number, sample=sample)
        slope = Applied(scribe.notation.slopes_letter, z, prime=True)
        slopes = diagonal_of(scribe, _slopes(layer), n)
        inner = next(_slope_formula(scribe, layer, sample), Applied(layer.activation.symbol, z, prime=True))
        yield Line(slope, (equal(Applied("diag", inner)), result(slopes)))
        names, numbers = _arrived(scribe, layer, n) if in_one else _arrived_before(scribe, layer, n)
        square = Shaped(slope, (layer.units, layer.units))
        ordered = (square, *names) if scribe.notation.columns else (*names, square)
        worked = (slopes, *numbers) if scribe.notation.columns else (*numbers, slopes)
        used, delta = printed(*worked), column_of(scribe, deltas, n)
        links = (equal(row(*product(*ordered))), Link(Relation(used), row(*worked)), result(delta, used))
        yield Line(DeltaName(layer.number, sample=sample), links)
    if several:
        yield Line(DeltaName(layer.number), (result(values_of(scribe, deltas)),))


def _arrived(scribe: Scribe, layer: Layer, n: int) -> tuple[tuple[Math, ...], tuple[Matrix, ...]]:
    """The weights of the next layer and its deltas, in the order in which they are multiplied, for one sample."""
    following = scribe.network.layers[layer.number]
    columns, sample = scribe.notation.columns, n if scribe.network.samples > 1 else ""
    name, weights = weights_of(
        scribe, following, down="from" if columns else "to", ahead=ahead_of(scribe, following)
    )
    deltas = column_of(scribe, [scribe.gradient(z) for z in following.sums()], n)
    shape = (following.units, 1) if columns else (1, following.units)
    delta = Shaped(DeltaName(following.number, sample=sample), shape)
    return ((name, delta), (weights, deltas)) if columns else ((delta, name), (deltas, weights))


def _arrived_before(scribe: Scribe, layer: Layer, n: int) -> tuple[tuple[Math, ...], tuple[Matrix, ...]]:
    """The derivative of the cost by a layer's outputs, for one sample."""
    numbers = column_of(scribe, [scribe.gradient(a) for a in layer.outputs()], n)
    sample = n if scribe.network.samples > 1 else ""
    assert numbers.shape is not None  # noqa: S101 (every matrix of numbers has one)
    name = MatrixName(Role.ACTIVATION, layer.number, gradient=True, sample=sample)
    return (Shaped(name, numbers.shape),), (numbers,)


def through_slopes(scribe: Scribe, layer: Layer, arriving: Line) -> Iterator[Line]:
    """The slopes as the notation writes them: entry by entry, or as a diagonal matrix."""
    write = _by_diagonal if scribe.notation.diagonal else _elementwise
    yield from write(scribe, layer, arriving)
