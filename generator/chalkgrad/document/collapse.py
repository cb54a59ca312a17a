"""Why linear layers alone are not enough: they collapse to one linear map, in letters and in numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sympy import Expr, Symbol

from chalkgrad.derivation import collapse as worked
from chalkgrad.document.grid import column_of, numbers_of, printed, result, row, vector_of
from chalkgrad.document.model import Block, Equations, Line, Link, Paragraph
from chalkgrad.document.moves import lines
from chalkgrad.document.numbering import Numbering
from chalkgrad.document.scribe import Scribe, equal
from chalkgrad.markup.nodes import Formula, Math, MatrixName, Relation, Row, Shaped, Sign, Word
from chalkgrad.network.model import Layer
from chalkgrad.network.proofs import direct, product, shift
from chalkgrad.quantities import Quantity, Role


def blocks(scribe: Scribe, numbering: Numbering) -> Iterator[Block]:
    """The proof for the given shape, then the same with the numbers."""
    layers = scribe.network.layers
    biased = tuple(layer.bias != "none" for layer in layers)
    columns = scribe.notation.columns
    names = _names(scribe)
    yield Paragraph(scribe.say("proof.collapse_claim"))
    left = MatrixName(Role.WEIGHTED_SUM, len(layers))
    yield Equations(lines(scribe, left, worked.collapse(biased, columns=columns), names))
    yield Paragraph(scribe.say("proof.collapse_remains"))
    yield Equations(tuple(_remaining(scribe, biased)))
    yield numbering.heading(2, scribe.say("proof.collapse_numbers"))
    yield Paragraph(scribe.say("proof.collapse_multiplied"))
    yield Equations(tuple(_numbers(scribe, layers[1:])))
    yield Paragraph(scribe.say("matrix.entry"))
    entry = product(scribe.network, layers[-1])[0][0]
    yield Equations((scribe.worked(scribe.step(entry)),))
    yield numbering.heading(2, scribe.say("proof.collapse_check"))
    yield Paragraph(scribe.say("proof.collapse_both"))
    yield Equations(tuple(_both_ways(scribe)))
    yield Paragraph(scribe.say("proof.collapse_so"))


def _names(scribe: Scribe) -> dict[Symbol, Math]:
    """Each letter as the matrix it stands for, turned where the notation multiplies it so."""
    turned = scribe.notation.columns != scribe.notation.to_from
    names: dict[Symbol, Math] = {
        worked.INPUT: MatrixName(Role.INPUT),
        worked.MAP: _map(scribe),
        worked.SHIFT: Word("c"),
    }
    for layer in scribe.network.layers:
        n = layer.number
        names[worked.weight(n)] = MatrixName(Role.WEIGHT, n, transposed=turned)
        names[worked.bias(n)] = MatrixName(Role.BIAS, n)
        names[worked.weighted_sum(n)] = MatrixName(Role.WEIGHTED_SUM, n)
    return names


def _map(scribe: Scribe) -> Word:
    return Word("M")


def _as_multiplied(scribe: Scribe, entries: Sequence[Sequence[Quantity]]) -> Sequence[Sequence[Quantity]]:
    """A matrix with a row for each unit, as it stands in products."""
    return entries if scribe.notation.columns else list(zip(*entries, strict=True))


def _remaining(scribe: Scribe, biased: tuple[bool, ...]) -> Iterator[Line]:
    """`M = W₂ W₁`, with the shapes; `c = W₂ b₁ + b₂`."""
    columns, names = scribe.notation.columns, _names(scribe)
    matrix, vector = worked.remaining(biased, columns=columns)
    shapes = {
        worked.weight(layer.number): (layer.units, layer.inputs) if columns else (layer.inputs, layer.units)
        for layer in scribe.network.layers
    }
    sized: dict[Symbol, Math] = {s: Shaped(names[s], shape) for s, shape in shapes.items()}
    inputs, outputs = scribe.network.shape[0], scribe.network.shape[-1]
    whole = Shaped(_map(scribe), (outputs, inputs) if columns else (inputs, outputs))
    yield Line(whole, (equal(Formula(matrix, {**names, **sized})),))
    if vector is not None:
        yield Line(Word("c"), (equal(Formula(vector, names)),))


def _numbers(scribe: Scribe, layers: Sequence[Layer]) -> Iterator[Line]:
    """The products, layer by layer, in numbers."""
    network, columns = scribe.network, scribe.notation.columns
    last = network.layers[-1].number
    for layer in layers:
        before = network.layers[layer.number - 2]
        weights = numbers_of(scribe, _as_multiplied(scribe, layer.weights()))
        entries = numbers_of(scribe, _as_multiplied(scribe, product(network, before)))
        pair = (weights, entries) if columns else (entries, weights)
        used = printed(*pair)
        made = numbers_of(scribe, _as_multiplied(scribe, product(network, layer)))
        name: Math = (
            _map(scribe) if layer.number == last else _partial_map(layer.number, columns=columns, scribe=scribe)
        )
        yield Line(name, (Link(Relation(), row(*pair)), result(made, used)))
    for layer in layers:
        shifts, before_shifts = shift(network, layer), shift(network, network.layers[layer.number - 2])
        if not shifts:
            continue
        name = Word("c") if layer.number == last else Word(f"c{layer.number}")
        links: list[Link] = []
        if before_shifts:
            weights = numbers_of(scribe, _as_multiplied(scribe, layer.weights()))
            vector = vector_of(scribe, before_shifts)
            parts: list[Math] = [*((weights, vector) if columns else (vector, weights))]
            used = printed(weights, vector)
            if layer.bias != "none":
                own = vector_of(scribe, [b for j in range(1, layer.units + 1) if (b := layer.bias_of(j))])
                parts += [Sign("+"), own]
                used += printed(own)
            links.append(Link(Relation(), row(*parts)))
            yield Line(name, (*links, result(vector_of(scribe, shifts), used)))
        else:
            yield Line(name, (result(vector_of(scribe, shifts)),))


def _partial_map(number: int, *, columns: bool, scribe: Scribe) -> Row:
    """The product of the matrices up to a layer, by its factors."""
    names = _names(scribe)
    order = range(number, 0, -1) if columns else range(1, number + 1)
    return Row(tuple(names[worked.weight(n)] for n in order))


def _both_ways(scribe: Scribe) -> Iterator[Line]:
    """The outputs of the first sample through every layer, and by the one map."""
    network, columns = scribe.network, scribe.notation.columns
    for layer in network.layers:
        yield Line(MatrixName(Role.WEIGHTED_SUM, layer.number), (result(column_of(scribe, layer.sums(), 1)),))
    last = network.layers[-1]
    whole = numbers_of(scribe, _as_multiplied(scribe, product(network, last)))
    inputs = column_of(scribe, network.inputs(), 1)
    parts: list[Math] = [*((whole, inputs) if columns else (inputs, whole))]
    used = printed(whole, inputs)
    expression: Expr = worked.collapse((False,), columns=columns)[-1].result
    if shifts := shift(network, last):
        vector = vector_of(scribe, shifts)
        parts += [Sign("+"), vector]
        used += printed(vector)
        expression = worked.collapse((True,), columns=columns)[-1].result
    outcome = column_of(scribe, direct(network), 1)
    yield Line(Formula(expression, _names(scribe)), (Link(Relation(used), row(*parts)), result(outcome, used)))
