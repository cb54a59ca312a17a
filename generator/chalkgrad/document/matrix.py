"""The matrix view: layer by layer, with the shape under every matrix.

Every entry is a quantity of the scalar view; nothing is computed a second time.  Whether samples lie in rows
or in columns is the notation's choice, and decides which matrix is transposed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from chalkgrad.derivation.model import Ref
from chalkgrad.document.model import Block, Equations, Inline, Line, Link, Paragraph
from chalkgrad.document.scribe import Scribe, equal
from chalkgrad.markup.nodes import (
    Applied,
    DeltaName,
    Fraction,
    Math,
    Matrix,
    MatrixName,
    Name,
    Num,
    Product,
    Relation,
    Row,
    Shaped,
    Sign,
    Word,
)
from chalkgrad.network.mlp import RATE
from chalkgrad.network.model import Layer
from chalkgrad.quantities import AnyQuantity, At, Partial, Quantity, Role

MOST_ROWS, MOST_COLUMNS = 6, 6
"""A larger matrix is printed by its corners, with dots between."""

T = TypeVar("T")


def kept(count: int, most: int) -> list[int | None]:
    """Which of `count` rows or columns are printed; None for the dots.

    >>> kept(4, 6), kept(784, 6)
    ([0, 1, 2, 3], [0, 1, None, 783])
    """
    return list(range(count)) if count <= most else [0, 1, None, count - 1]


def corner(entries: Sequence[Sequence[T]]) -> list[T]:
    """The entries that are printed."""
    if not entries or not entries[0]:
        return []
    rows, columns = kept(len(entries), MOST_ROWS), kept(len(entries[0]), MOST_COLUMNS)
    return [entries[i][k] for i in rows if i is not None for k in columns if k is not None]


def _elided(entries: Sequence[Sequence[Math]]) -> Matrix:
    rows, columns = kept(len(entries), MOST_ROWS), kept(len(entries[0]), MOST_COLUMNS)
    body = tuple(tuple(None if i is None or k is None else entries[i][k] for k in columns) for i in rows)
    return Matrix(body, (len(entries), len(entries[0])))


def numbers_of(scribe: Scribe, quantities: Sequence[AnyQuantity | Ref] | Sequence[Sequence[AnyQuantity | Ref]]) -> Matrix:
    """Numbers as a matrix.  A flat list of quantities of a layer is laid out with its samples; nested lists
    are taken as they are."""
    return _elided(_entries(scribe, quantities))


def _entries(scribe: Scribe, quantities: Sequence[object]) -> list[list[Num]]:
    first = quantities[0]
    if isinstance(first, list):
        return [[scribe.num(q) for q in row] for row in quantities]  # type: ignore[attr-defined]
    per_sample = [[scribe.num(q, n) for q in quantities] for n in scribe.samples]  # type: ignore[arg-type]
    return [list(column) for column in zip(*per_sample, strict=True)] if scribe.notation.columns else per_sample


def _used(scribe: Scribe, *groups: Sequence[object]) -> tuple[At, ...]:
    return tuple(num.at for group in groups for row in _entries(scribe, group) for num in row)


def _shape(scribe: Scribe, units: int) -> tuple[int, int]:
    """The shape of a layer's matrix of values."""
    n = scribe.network.samples
    return (units, n) if scribe.notation.columns else (n, units)


def _transposed(matrix: Matrix) -> Matrix:
    rows = tuple(zip(*matrix.rows, strict=True))
    return Matrix(rows, (matrix.shape[1], matrix.shape[0]) if matrix.shape else None)


def _side_by_side(factors: Sequence[Math]) -> tuple[Math, ...]:
    """Names with their shapes under them need room between them."""
    first, *rest = factors
    return (first, *(item for factor in rest for item in (Sign("space"), factor)))


def _values(scribe: Scribe, layer: int, role: Role = Role.ACTIVATION) -> Shaped:
    """A layer's activations or weighted sums by name, with their shape; layer 0 holds the inputs."""
    units = scribe.network.shape[layer] if role is not Role.TARGET else scribe.network.shape[-1]
    return Shaped(MatrixName(role, layer), _shape(scribe, units))


# ---- forward ------------------------------------------------------------------------------------------------


def forward(scribe: Scribe) -> Iterator[Block]:
    """Weighted sums and activations of whole layers."""
    key = "matrix.forward_columns" if scribe.notation.columns else "matrix.forward_rows"
    yield Paragraph(scribe.say(key))
    if scribe.network.samples > 1 and any(layer.bias != "none" for layer in scribe.network.layers):
        yield Paragraph(scribe.say("matrix.bias_columns" if scribe.notation.columns else "matrix.bias_rows"))
    for layer in scribe.network.layers:
        lines = [_sums(scribe, layer)]
        if layer.activation.name != "identity":
            lines.append(_activations(scribe, layer))
        else:
            lines.append(_copied(scribe, layer))
        yield Equations(tuple(lines))
        if "scalar" not in scribe.spec.show.views and scribe.detail != "summary":
            yield Paragraph(scribe.say("matrix.entry"))
            yield Equations((_worked_sum(scribe, layer),))


def _sums(scribe: Scribe, layer: Layer) -> Line:
    network = scribe.network
    before = network.before(layer)
    weights, values = numbers_of(scribe, layer.weights()), numbers_of(scribe, before)
    names = (Shaped(MatrixName(Role.WEIGHT, layer.number), (layer.units, layer.inputs)), _values(scribe, layer.number - 1))
    if scribe.notation.columns:
        symbols, numbers = names, (weights, values)
    else:
        turned = Shaped(MatrixName(Role.WEIGHT, layer.number, transposed=True), (layer.inputs, layer.units))
        symbols, numbers = (names[1], turned), (values, _transposed(weights))  # type: ignore[assignment]
    parameters = [*(w for row in layer.weights() for w in row), *layer.biases()]
    used = (*_used(scribe, before), *(At(p, 1, scribe.time) for p in parameters))
    symbol_row, number_row = list(_side_by_side(symbols)), list(numbers)
    if layer.bias != "none":
        shape = _shape(scribe, layer.units)
        symbol_row += [Sign("+"), Shaped(MatrixName(Role.BIAS, layer.number), shape)]  # type: ignore[list-item]
        number_row += [Sign("+"), _bias_matrix(scribe, layer)]  # type: ignore[list-item]
    result = numbers_of(scribe, layer.sums())
    return Line(
        MatrixName(Role.WEIGHTED_SUM, layer.number),
        (
            equal(Row(tuple(symbol_row))),
            Link(Relation(used), Row(tuple(number_row))),
            Link(_all(scribe, used, layer.sums()), result),
        ),
    )


def _bias_matrix(scribe: Scribe, layer: Layer) -> Matrix:
    """The biases of a layer, once for each sample."""
    biases = [scribe.num(b) for j in range(1, layer.units + 1) if (b := layer.bias_of(j))]
    n = scribe.network.samples
    return _elided([[b] * n for b in biases] if scribe.notation.columns else [biases] * n)


def _all(scribe: Scribe, used: tuple[At, ...], result: Sequence[object]) -> Relation:
    """`=` where every number on both sides is exact."""
    return Relation((*used, *_used(scribe, result)), None) if result else Relation(used)


def _activations(scribe: Scribe, layer: Layer) -> Line:
    z = MatrixName(Role.WEIGHTED_SUM, layer.number)
    result = numbers_of(scribe, layer.outputs())
    return Line(
        MatrixName(Role.ACTIVATION, layer.number),
        (equal(Applied(layer.activation.symbol, z)), Link(_all(scribe, (), layer.outputs()), result)),
    )


def _copied(scribe: Scribe, layer: Layer) -> Line:
    return Line(
        MatrixName(Role.ACTIVATION, layer.number),
        (equal(MatrixName(Role.WEIGHTED_SUM, layer.number)), Link(_all(scribe, (), layer.outputs()), numbers_of(scribe, layer.outputs()))),
    )


def _worked_sum(scribe: Scribe, layer: Layer) -> Line:
    """One entry from its scalar sum; a long sum is elided."""
    step = scribe.step(layer.sums()[0])
    if layer.inputs <= MOST_COLUMNS:
        return scribe.worked(step)
    before, weights = scribe.network.before(layer), layer.weights()[0]
    picked = [k for k in kept(layer.inputs, MOST_COLUMNS)]
    bias = layer.bias_of(1)

    def elided(show) -> Row:  # type: ignore[no-untyped-def]
        items: list[Math] = []
        for position, k in enumerate(picked):
            if position:
                items.append(Sign("+"))
            items.append(Sign("…") if k is None else show(weights[k], before[k]))
        if bias:
            items += [Sign("+"), show(bias, None)]
        return Row(tuple(items))

    def names(w: Quantity, x: Quantity | None) -> Math:
        return scribe.name(w) if x is None else Row((scribe.name(w), scribe.name(x)))

    def numbers(w: Quantity, x: Quantity | None) -> Math:
        return _operand(scribe, w) if x is None else Product((scribe.num(w), scribe.num(x)))

    result = scribe.result(step)
    used = tuple(At(q, 1, scribe.time) for k in picked if k is not None for q in (weights[k], before[k]))
    return Line(
        scribe.name(layer.sums()[0]),
        (equal(elided(names)), Link(Relation(used), elided(numbers)), Link(Relation(used, result), Num(result))),
    )


def _operand(scribe: Scribe, quantity: Quantity) -> Math:
    """A number after a plus sign."""
    return Product((scribe.num(quantity),))


def cost(scribe: Scribe) -> Iterator[Block]:
    """The cost; the scalar view works it already, so this says it only where it stands alone."""
    if "scalar" in scribe.spec.show.views:
        return
    network = scribe.network
    shares = network.layers[-1].units > 1
    lines: list[Line] = []
    picked = [i + 1 for i in kept(network.samples, MOST_ROWS) if i is not None]
    for n in picked:
        if shares and network.layers[-1].units <= MOST_COLUMNS:
            for j in range(1, network.layers[-1].units + 1):
                lines.append(scribe.worked(scribe.step(network.cost._replace(indices=(j,))), n, symbols=n == 1 and j == 1))
        if network.layers[-1].units <= MOST_COLUMNS:
            lines.append(scribe.worked(scribe.step(network.cost), n, symbols=n == 1 or shares))
        else:
            at = scribe.result(scribe.step(network.cost), n)
            lines.append(Line(scribe.name(network.cost, n), (Link(Relation((), at), Num(at)),)))
    if network.samples > 1:
        lines.append(scribe.reduction(network.batch_cost))
    yield Equations(tuple(lines))


# ---- backward -----------------------------------------------------------------------------------------------


def output_deltas(scribe: Scribe) -> Iterator[Block]:
    """The deltas of the last layer: derivative of the cost and slope, entry by entry."""
    if not scribe.derivation.backward:
        return
    layer = scribe.network.layers[-1]
    deltas = [scribe.gradient(z) for z in layer.sums()]
    if scribe.derivation.collapsed:
        yield Paragraph(scribe.say("matrix.collapsed"))
        body = Row((_values(scribe, layer.number), Sign("−"), _values(scribe, 0, Role.TARGET)))
        values, targets = numbers_of(scribe, layer.outputs()), numbers_of(scribe, scribe.network.targets())
        used = _used(scribe, layer.outputs(), scribe.network.targets())
        links = [equal(body)]
        if scribe.spec.show.carry == "full":
            links.append(Link(Relation(used), Row((values, Sign("−"), targets))))
        links.append(Link(_all(scribe, used, deltas), numbers_of(scribe, deltas)))
        yield Equations((Line(DeltaName(layer.number), tuple(links)),))
        return
    if layer.activation.couples:
        yield Paragraph(scribe.say("matrix.jacobian"))
        yield Equations(tuple(_through_jacobian(scribe, layer)))
        return
    yield Paragraph(scribe.say("matrix.output"))
    yield Equations(tuple(_elementwise(scribe, layer, _output_gradient(scribe, layer))))


def _output_gradient(scribe: Scribe, layer: Layer) -> Line:
    partials = [scribe.gradient(a) for a in layer.outputs()]
    result = numbers_of(scribe, partials)
    links: list[Link] = []
    if scribe.network.loss.name == "half_squared_error":
        links.append(equal(Row((_values(scribe, layer.number), Sign("−"), _values(scribe, 0, Role.TARGET)))))
    return Line(_gradient_name(layer), (*links, Link(_all(scribe, (), partials), result)))


def _gradient_name(layer: Layer) -> MatrixName:
    return MatrixName(Role.ACTIVATION, layer.number, gradient=True)


def _elementwise(scribe: Scribe, layer: Layer, arriving: Line) -> Iterator[Line]:
    """What arrives from above, the slopes, and their product entry by entry."""
    yield arriving
    pairs = zip(layer.outputs(), layer.sums(), strict=True)
    slopes = [Partial(a, z, per_sample=True) for a, z in pairs]
    z = MatrixName(Role.WEIGHTED_SUM, layer.number)
    yield Line(Applied(layer.activation.symbol, z, prime=True), (Link(_all(scribe, (), slopes), numbers_of(scribe, slopes)),))
    shape = _shape(scribe, layer.units)
    product = Row((Shaped(_gradient_name(layer), shape), Sign("⊙"), Shaped(Applied(layer.activation.symbol, z, prime=True), shape)))
    deltas = [scribe.gradient(s) for s in layer.sums()]
    yield Line(DeltaName(layer.number), (equal(product), Link(_all(scribe, (), deltas), numbers_of(scribe, deltas))))


def _through_jacobian(scribe: Scribe, layer: Layer) -> Iterator[Line]:
    """For each sample, the deltas are the gradient by the outputs times the Jacobian."""
    outputs, sums = layer.outputs(), layer.sums()
    partials = [[Partial(a, z, per_sample=True) for z in sums] for a in outputs]
    for n in (i + 1 for i in kept(scribe.network.samples, MOST_ROWS) if i is not None):
        jacobian = _elided([[scribe.num(p, n) for p in row] for row in partials])
        gradient = _elided([[scribe.num(scribe.gradient(a), n) for a in outputs]])
        deltas = _elided([[scribe.num(scribe.gradient(z), n) for z in sums]])
        used = tuple(scribe.num(p, n).at for row in partials for p in row)
        name: Math = DeltaName(layer.number) if scribe.network.samples == 1 else Row((DeltaName(layer.number), Word(f"({n})")))
        if scribe.notation.columns:
            product, result = Row((_transposed(jacobian), _transposed(gradient))), _transposed(deltas)
        else:
            product, result = Row((gradient, jacobian)), deltas
        relation = Relation((*used, *(num.at for row in deltas.rows for num in row if isinstance(num, Num))))
        yield Line(name, (Link(Relation(used), product), Link(relation, result)))


def hidden_deltas(scribe: Scribe) -> Iterator[Block]:
    """The deltas of a layer from those of the next."""
    if not scribe.derivation.backward or len(scribe.network.layers) == 1:
        return
    yield Paragraph(scribe.say("matrix.recursion"))
    for layer in reversed(scribe.network.layers[:-1]):
        arriving = _arriving(scribe, layer)
        if layer.activation.couples:
            yield Equations((arriving, *_through_jacobian(scribe, layer)))
        else:
            yield Equations(tuple(_elementwise(scribe, layer, arriving)))


def _arriving(scribe: Scribe, layer: Layer) -> Line:
    following = scribe.network.layers[layer.number]
    ahead = int(scribe.derivation.sequential and following.weights()[0][0] in scribe.derivation.moving)
    weight_refs = [[Ref(w, ahead) for w in row] for row in following.weights()]
    weights = _elided([[scribe.num(ref) for ref in row] for row in weight_refs])
    deltas = [scribe.gradient(z) for z in following.sums()]
    delta_numbers = numbers_of(scribe, deltas)
    shape = _shape(scribe, following.units)
    delta = Shaped(DeltaName(following.number), shape)
    number = following.number
    if scribe.notation.columns:
        turned = Shaped(MatrixName(Role.WEIGHT, number, ahead, transposed=True), (following.inputs, following.units))
        symbols, numbers = Row(_side_by_side((turned, delta))), Row((_transposed(weights), delta_numbers))
    else:
        plain = Shaped(MatrixName(Role.WEIGHT, number, ahead), (following.units, following.inputs))
        symbols, numbers = Row(_side_by_side((delta, plain))), Row((delta_numbers, weights))
    used = (*_used(scribe, deltas), *(scribe.at(ref) for row in weight_refs for ref in row))
    partials = [scribe.gradient(a) for a in layer.outputs()]
    return Line(
        _gradient_name(layer),
        (equal(symbols), Link(Relation(used), numbers), Link(_all(scribe, used, partials), numbers_of(scribe, partials))),
    )


def gradients(scribe: Scribe) -> Iterator[Block]:
    """The gradient of each weight matrix: a product of deltas and what came in."""
    if not scribe.derivation.backward:
        return
    yield Paragraph(scribe.say("matrix.gradients"))
    for layer in reversed(scribe.network.layers):
        lines = []
        if _moves(scribe, layer.weights()[0][0]):
            lines.append(_weight_gradient(scribe, layer))
        if layer.bias != "none" and _moves(scribe, layer.biases()[0]):
            lines.append(_bias_gradient(scribe, layer))
        if lines:
            yield Equations(tuple(lines))
        if "scalar" not in scribe.spec.show.views and lines and scribe.detail != "summary" and scribe.network.samples == 1:
            yield Paragraph(scribe.say("matrix.entry"))
            yield Equations((scribe.chain(scribe.gradient(layer.weights()[0][0])),))


def _moves(scribe: Scribe, parameter: Quantity) -> bool:
    return not scribe.derivation.moving or parameter in scribe.derivation.moving


def _mean(scribe: Scribe) -> tuple[Math, ...]:
    """The factor 1/N of a batch that is averaged."""
    n = scribe.network.samples
    return (Fraction(Word("1"), Word(str(n))),) if n > 1 and scribe.network.mean else ()


def _weight_gradient(scribe: Scribe, layer: Layer) -> Line:
    deltas, before = [scribe.gradient(z) for z in layer.sums()], scribe.network.before(layer)
    delta_numbers, values = numbers_of(scribe, deltas), numbers_of(scribe, before)
    n = scribe.network.samples
    if scribe.notation.columns:
        symbols: tuple[Math, ...] = (
            Shaped(DeltaName(layer.number), (layer.units, n)),
            Shaped(MatrixName(Role.ACTIVATION, layer.number - 1, transposed=True), (n, layer.inputs)),
        )
        numbers: tuple[Math, ...] = (delta_numbers, _transposed(values))
    else:
        symbols = (
            Shaped(DeltaName(layer.number, transposed=True), (layer.units, n)),
            Shaped(MatrixName(Role.ACTIVATION, layer.number - 1), (n, layer.inputs)),
        )
        numbers = (_transposed(delta_numbers), values)
    used = _used(scribe, deltas, before)
    gradients = [[scribe.derivation.gradient(w) for w in row] for row in layer.weights()]
    return Line(
        MatrixName(Role.WEIGHT, layer.number, gradient=True),
        (
            equal(Row((*_mean(scribe), *_side_by_side(symbols)))),
            Link(Relation(used), Row((*_mean(scribe), *numbers))),
            Link(_all(scribe, used, gradients), numbers_of(scribe, gradients)),
        ),
    )


def _bias_gradient(scribe: Scribe, layer: Layer) -> Line:
    """The deltas, added over samples (and over units, where they share the bias)."""
    gradients = [scribe.derivation.gradient(b) for b in layer.biases()]
    if layer.bias == "shared":
        at = scribe.num(gradients[0]).at
        return Line(scribe.name(gradients[0]), (Link(Relation((), at), Num(at)),))
    column = [[g] for g in gradients] if scribe.notation.columns else [gradients]
    return Line(
        MatrixName(Role.BIAS, layer.number, gradient=True),
        (Link(_all(scribe, (), column), numbers_of(scribe, column)),),
    )


def update(scribe: Scribe) -> Iterator[Block]:
    """Old matrix, rate times gradient, new matrix."""
    train = scribe.spec.train
    if train is None:
        return
    if "scalar" not in scribe.spec.show.views:
        yield Paragraph(_rule(scribe))
    for layer in reversed(scribe.network.layers):
        lines = []
        groups: list[tuple[Role, list[list[Quantity]]]] = [(Role.WEIGHT, layer.weights())]
        if layer.bias == "unit":
            biases = layer.biases()
            groups.append((Role.BIAS, [[b] for b in biases] if scribe.notation.columns else [biases]))
        for role, parameters in groups:
            if parameters[0][0] not in scribe.derivation.moving:
                continue
            gradients = [[scribe.derivation.gradient(p) for p in row] for row in parameters]
            updated = [[Ref(p, 1) for p in row] for row in parameters]
            old, gradient = MatrixName(role, layer.number), MatrixName(role, layer.number, gradient=True)
            used = (*_used(scribe, parameters), *_used(scribe, gradients))
            lines.append(
                Line(
                    MatrixName(role, layer.number, ahead=1),
                    (
                        equal(Row((old, Sign("−"), scribe.name(RATE), gradient))),
                        Link(
                            Relation(used),
                            Row((numbers_of(scribe, parameters), Sign("−"), scribe.num(RATE), numbers_of(scribe, gradients))),
                        ),
                        Link(_all(scribe, used, updated), numbers_of(scribe, updated)),
                    ),
                )
            )
        if layer.bias == "shared" and layer.biases()[0] in scribe.derivation.moving:
            lines.append(scribe.worked(scribe.step(layer.biases()[0], 1)))
        if lines:
            yield Equations(tuple(lines))


def _rule(scribe: Scribe) -> Inline:
    w = Quantity(Role.WEIGHT, "")
    rule = Row((Name(w), Sign("←"), Name(w), Sign("−"), Name(Quantity(Role.RATE)), Name(Partial(Quantity(Role.COST), w))))
    sequential = scribe.spec.train is not None and scribe.spec.train.sequential
    return scribe.say("update.sequential" if sequential else "update.simultaneous", rule=rule)

