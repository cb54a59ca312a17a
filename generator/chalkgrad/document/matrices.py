"""The page of a product of matrices: its value, the gradient of each matrix, and why, from one entry's sum."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from chalkgrad.algebra.ops import chain
from chalkgrad.document import check, matrix
from chalkgrad.document.grid import (
    laid,
    numbers_of,
    printed,
    product,
    result,
    row,
    shape_of,
    values_of,
    vector_of,
    weights_of,
)
from chalkgrad.document.model import Block, Equations, Inline, Line, Link, Paragraph
from chalkgrad.document.numbering import Numbering
from chalkgrad.document.scribe import Scribe, equal
from chalkgrad.document.slopes import all_digits
from chalkgrad.markup.nodes import (
    BigSum,
    Formula,
    Math,
    Matrix,
    MatrixName,
    Name,
    Num,
    Relation,
    Row,
    Shaped,
    Sign,
    Word,
)
from chalkgrad.network.model import Layer
from chalkgrad.quantities import Partial, Quantity, Role

COST = Quantity(Role.COST)
INPUTS = MatrixName(Role.INPUT)
MOST_TERMS = 6
"""A longer sum is not worked term by term."""


def sections(scribe: Scribe, numbering: Numbering) -> Iterator[Block]:
    """What is given, the product, what arrives, the gradients, why they are what they are, the check."""
    layer = scribe.network.layers[0]
    for key, write in (
        ("heading.given", _given),
        ("heading.forward", _forward),
        ("heading.arriving", _arriving),
        ("heading.gradients", _gradients),
        ("heading.entry", _entries),
    ):
        yield numbering.heading(1, scribe.say(key))
        yield from write(scribe, layer)
    if checked := list(check.blocks(scribe, 1)):
        yield numbering.heading(1, scribe.say("heading.check"))
        yield from checked


def posed(scribe: Scribe) -> Iterator[Block]:
    """The matrices, and the gradient that arrives."""
    layer = scribe.network.layers[0]
    yield from _given(scribe, layer)
    yield from _arriving(scribe, layer)


def subtitle(scribe: Scribe) -> Iterator[Inline]:
    """The shapes that are multiplied."""
    layer = scribe.network.layers[0]
    values, weights = shape_of(scribe, layer.inputs), _weights_shape(scribe, layer)
    yield scribe.say("subtitle.matrices", x=_shape(values), w=_shape(weights))


def _given(scribe: Scribe, layer: Layer) -> Iterator[Block]:
    weights = numbers_of(scribe, laid(scribe, layer.weights()))
    lines = [
        Line(INPUTS, (equal(values_of(scribe, scribe.network.inputs())),)),
        Line(MatrixName(Role.WEIGHT, 1), (equal(weights),)),
    ]
    if layer.bias != "none":
        lines.append(Line(MatrixName(Role.BIAS, 1), (equal(vector_of(scribe, layer.biases())),)))
    yield Equations(tuple(lines))


def _forward(scribe: Scribe, layer: Layer) -> Iterator[Block]:
    yield Paragraph(scribe.say(matrix.forward_key(scribe)))
    if layer.bias != "none" and scribe.network.samples > 1:
        yield Paragraph(scribe.say("matrix.bias_columns" if scribe.notation.columns else "matrix.bias_rows"))
    yield Equations((matrix.weighted_sums(scribe, layer),))
    yield Paragraph(scribe.say("matrix.entry"))
    yield Equations((matrix.worked_sum(scribe, layer),))


def _arriving(scribe: Scribe, layer: Layer) -> Iterator[Block]:
    """The derivatives by the product's entries: given, or 1 everywhere."""
    product_name, name = MatrixName(Role.WEIGHTED_SUM, 1), matrix.delta_name(scribe, layer)
    key = "matrices.arriving" if _is_given(scribe) else "matrices.sum"
    yield Paragraph(scribe.say(key, cost=Name(COST), product=product_name, gradient=name))
    meaning = [equal(replace(product_name, gradient=True))] if scribe.notation.has_delta else []
    yield Equations((Line(name, (*meaning, result(_deltas(scribe, layer)))),))


def _is_given(scribe: Scribe) -> bool:
    return any(quantity.role is Role.WIRE for quantity in scribe.network.given)


def _deltas(scribe: Scribe, layer: Layer) -> Matrix:
    return values_of(scribe, [scribe.gradient(z) for z in layer.sums()])


def _gradients(scribe: Scribe, layer: Layer) -> Iterator[Block]:
    yield Paragraph(scribe.say("matrices.shapes"))
    yield _shapes(scribe, layer)
    if layer.bias != "none" and scribe.network.samples > 1:
        yield Paragraph(scribe.say("matrix.ones_sum", one=Word("𝟏")))
    yield Paragraph(scribe.say("matrices.fit"))
    lines = [*matrix.weight_gradients(scribe, layer), _input_gradient(scribe, layer)]
    if layer.bias != "none":
        lines.append(matrix.bias_gradient(scribe, layer))
    yield Equations(tuple(lines))


def _shapes(scribe: Scribe, layer: Layer) -> Equations:
    """Each matrix beside its gradient, with the shape of both."""
    pairs: list[tuple[Math, Math, tuple[int, int]]] = [
        (MatrixName(Role.WEIGHTED_SUM, 1), matrix.delta_name(scribe, layer), shape_of(scribe, layer.units)),
        (MatrixName(Role.WEIGHT, 1), MatrixName(Role.WEIGHT, 1, gradient=True), _weights_shape(scribe, layer)),
        (INPUTS, MatrixName(Role.INPUT, gradient=True), shape_of(scribe, layer.inputs)),
    ]
    if layer.bias != "none":
        shape = (layer.units, 1) if scribe.notation.columns else (1, layer.units)
        pairs.append((MatrixName(Role.BIAS, 1), MatrixName(Role.BIAS, 1, gradient=True), shape))
    return Equations(
        tuple(
            Line(Shaped(name, shape), (Link(Sign("→"), Shaped(gradient, shape)),))
            for name, gradient, shape in pairs
        )
    )


def _shape(shape: tuple[int, int]) -> Math:
    return Row((Word(str(shape[0])), Sign("×"), Word(str(shape[1]))))


def _weights_shape(scribe: Scribe, layer: Layer) -> tuple[int, int]:
    return (layer.units, layer.inputs) if scribe.notation.to_from else (layer.inputs, layer.units)


def _input_gradient(scribe: Scribe, layer: Layer) -> Line:
    """What goes on to whatever made the inputs."""
    columns = scribe.notation.columns
    name, weights = weights_of(scribe, layer, down="from" if columns else "to")
    deltas = _deltas(scribe, layer)
    delta = Shaped(matrix.delta_name(scribe, layer), shape_of(scribe, layer.units))
    symbols = product(name, delta) if columns else product(delta, name)
    used = printed(weights, deltas)
    return Line(
        MatrixName(Role.INPUT, gradient=True),
        (
            equal(row(*symbols)),
            Link(Relation(used), row(*((weights, deltas) if columns else (deltas, weights)))),
            result(values_of(scribe, [scribe.gradient(x) for x in scribe.network.inputs()]), used),
        ),
    )


# ---- one entry ----------------------------------------------------------------------------------------------


def _entries(scribe: Scribe, layer: Layer) -> Iterator[Block]:
    """The sum that an entry of the product is, what an entry of each matrix does in it, and one of each worked."""
    letters = scribe.notation.indices
    j, k, n = letters["j"], letters["k"], letters["n"]
    z = Quantity(Role.WEIGHTED_SUM, 1, (j,), per_sample=True)
    x = Quantity(Role.INPUT, 0, (k,), per_sample=True)
    w, b = Quantity(Role.WEIGHT, 1, (j, k)), Quantity(Role.BIAS, 1, (j,))
    total: tuple[Math, ...] = (BigSum(Word(k), Row((Name(w), Name(x, n)))),)
    if layer.bias != "none":
        total = (*total, Sign("+"), Name(b))
    yield Paragraph(scribe.say("matrices.one_sum"))
    yield Equations((Line(Name(z, n), (equal(row(*total)),)),))
    arriving = _derivative(z, n)
    by_samples, first = scribe.network.samples > 1, scribe.network.inputs()[0]
    yield Paragraph(scribe.say("matrices.of_weight", weight=Name(w), slope=Name(x, n)))
    whole: Math = Row((arriving, Name(x, n)))
    general = Line(_derivative(w, n), (equal(BigSum(Word(n), whole) if by_samples else whole),))
    yield Equations((general, *_over_samples(scribe, layer.weights()[0][0], first)))
    yield Paragraph(scribe.say("matrices.of_input", input=Name(x, n), slope=Name(w)))
    general = Line(_derivative(x, n), (equal(BigSum(Word(j), Row((arriving, Name(w))))),))
    yield Equations((general, *_over_units(scribe, layer)))
    if layer.bias != "none":
        yield Paragraph(scribe.say("matrices.of_bias", bias=Name(b)))
        general = Line(_derivative(b, n), (equal(BigSum(Word(n), arriving) if by_samples else arriving),))
        yield Equations((general, *_over_samples(scribe, layer.biases()[0], None)))


def _derivative(by: Quantity, sample: int | str) -> Name:
    """The derivative of the whole cost: a sample's entries touch no other sample's share of it."""
    return Name(Partial(COST, by, per_sample=by.per_sample), sample)


def _over_samples(scribe: Scribe, parameter: Quantity, came_in: Quantity | None) -> Iterator[Line]:
    """A gradient as the sum over the samples of what arrives times what came in."""
    if len(scribe.samples) > MOST_TERMS or not all_digits(scribe):
        return  # where each step is rounded, the rounded shares of the samples are added, in the matrices above
    z = scribe.network.layers[0].sums()[0]
    terms = [[(z, n), *([(came_in, n)] if came_in else [])] for n in scribe.samples]
    yield _summed(scribe, scribe.derivation.gradient(parameter), _derivative(parameter, 1), terms)


def _over_units(scribe: Scribe, layer: Layer) -> Iterator[Line]:
    """The gradient by the first input as the sum over the units that it leads to."""
    if layer.units > MOST_TERMS:
        return
    first = scribe.network.inputs()[0]
    terms = [[(z, 1), (weights[0], 1)] for z, weights in zip(layer.sums(), layer.weights(), strict=True)]
    yield _summed(scribe, scribe.gradient(first), _derivative(first, 1), terms)


def _summed(scribe: Scribe, gradient: Partial, name: Name, terms: list[list[tuple[Quantity, int]]]) -> Line:
    """A gradient as a sum of products: of each, what arrives at an entry of the product, and a factor."""
    op = chain(tuple(map(len, terms)))
    names: list[Math] = []
    numbers: list[Num] = []
    for (z, n), *factors in terms:
        names += [_derivative(z, n), *(scribe.name(q, n) for q, n in factors)]
        numbers += [scribe.num(scribe.gradient(z), n), *(scribe.num(q, n) for q, n in factors)]
    used, at = tuple(num.at for num in numbers), scribe.num(gradient).at
    links = [equal(Formula(op.formula, dict(zip(op.inputs, names, strict=True))))]
    if len(numbers) > 1:
        links.append(Link(Relation(used), Formula(op.formula, dict(zip(op.inputs, numbers, strict=True)))))
    return Line(name, (*links, Link(Relation(used, (at,)), Num(at))))
