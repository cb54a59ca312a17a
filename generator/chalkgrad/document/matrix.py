"""The matrix view: layer by layer, with the shape under every matrix.

Whether samples lie in rows or in columns is the notation's choice, and decides which matrix is transposed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from chalkgrad.catalogue.losses import EXCESS, TWICE_EXCESS
from chalkgrad.document import remarks
from chalkgrad.document.grid import (
    MOST_COLUMNS,
    ONE,
    jacobian_name,
    kept,
    laid,
    named_values,
    numbers_of,
    ones,
    printed,
    printed_samples,
    product,
    result,
    row,
    shape_of,
    transposed,
    values_of,
    vector_of,
    weights_of,
)
from chalkgrad.document.model import Block, Equations, Line, Link, Paragraph
from chalkgrad.document.scribe import EQUALS, Scribe, equal
from chalkgrad.document.slopes import ahead_of, all_digits, gradient_name, through_slopes
from chalkgrad.markup.nodes import (
    Applied,
    DeltaName,
    Fraction,
    Math,
    Matrix,
    MatrixName,
    Num,
    Paren,
    Product,
    Relation,
    Row,
    Shaped,
    Sign,
    Word,
)
from chalkgrad.network.model import Layer
from chalkgrad.quantities import At, Partial, Quantity, Role


def _alone(scribe: Scribe) -> bool:
    """Whether there is no scalar view to refer to."""
    return "scalar" not in scribe.spec.show.views


# ---- forward ------------------------------------------------------------------------------------------------


def forward(scribe: Scribe) -> Iterator[Block]:
    """Weighted sums and activations of whole layers."""
    columns, layers = scribe.notation.columns, scribe.network.layers
    yield Paragraph(scribe.say(forward_key(scribe)))
    if scribe.network.samples > 1 and any(layer.bias == "unit" for layer in layers):
        yield Paragraph(scribe.say("matrix.bias_columns" if columns else "matrix.bias_rows"))
    if any(layer.bias == "shared" for layer in layers):
        yield Paragraph(scribe.say("matrix.ones_shared", one=Word(ONE)))
    for layer in layers:
        yield Equations((weighted_sums(scribe, layer), _activations(scribe, layer)))
        if _alone(scribe) and scribe.detail != "summary":
            yield Paragraph(scribe.say("matrix.entry"))
            yield Equations((worked_sum(scribe, layer),))


def forward_key(scribe: Scribe) -> str:
    """Which sentence says how samples lie and whether the weight matrix is transposed."""
    if scribe.notation.columns:
        return "matrix.forward_columns" if scribe.notation.to_from else "matrix.forward_columns_transposed"
    return "matrix.forward_rows_transposed" if scribe.notation.to_from else "matrix.forward_rows"


def weighted_sums(scribe: Scribe, layer: Layer) -> Line:
    """The weighted sums of all samples as one product of matrices."""
    values, before = values_of(scribe, scribe.network.before(layer)), named_values(scribe, layer.number - 1)
    name, weights = weights_of(scribe, layer, down="to" if scribe.notation.columns else "from")
    symbols = product(name, before) if scribe.notation.columns else product(before, name)
    numbers: tuple[Math, ...] = (weights, values) if scribe.notation.columns else (values, weights)
    used = printed(weights, values)
    if layer.bias != "none":
        named, added = _added_bias(scribe, layer)
        used += printed(added)
        symbols, numbers = (*symbols, Sign("+"), *named), (*numbers, Sign("+"), added)
    links = (equal(row(*symbols)), Link(Relation(used), row(*numbers)))
    return Line(
        MatrixName(Role.WEIGHTED_SUM, layer.number), (*links, result(values_of(scribe, layer.sums()), used))
    )


def _added_bias(scribe: Scribe, layer: Layer) -> tuple[tuple[Math, ...], Matrix]:
    """The biases as they are added: a vector for every sample, or, shared, a number for every entry."""
    shape = shape_of(scribe, layer.units)
    biases = [b for j in range(1, layer.units + 1) if (b := layer.bias_of(j))]
    added = vector_of(scribe, biases, len(scribe.samples))
    if layer.bias == "shared":
        return (scribe.name(biases[0]), ones(*shape)[0]), added
    return (Shaped(MatrixName(Role.BIAS, layer.number), shape),), added


def _activations(scribe: Scribe, layer: Layer) -> Line:
    z: Math = MatrixName(Role.WEIGHTED_SUM, layer.number)
    if layer.activation.name != "identity":
        z = Applied(layer.activation.symbol, z)
    return Line(MatrixName(Role.ACTIVATION, layer.number), (equal(z), result(values_of(scribe, layer.outputs()))))


def worked_sum(scribe: Scribe, layer: Layer) -> Line:
    """One entry from its scalar sum; a long sum is elided."""
    step = scribe.step(layer.sums()[0])
    if layer.inputs <= MOST_COLUMNS:
        return scribe.worked(step)
    before, weights = scribe.network.before(layer), layer.weights()[0]
    picked = kept(layer.inputs, MOST_COLUMNS)
    bias = layer.bias_of(1)

    def elided(show: Callable[[Quantity, Quantity | None], Math]) -> Row:
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

    at = scribe.result(step)
    used = tuple(At(q, 1, scribe.time) for k in picked if k is not None for q in (weights[k], before[k]))
    return Line(
        scribe.name(layer.sums()[0]),
        (equal(elided(names)), Link(Relation(used), elided(numbers)), Link(Relation(used, (at,)), Num(at))),
    )


def _operand(scribe: Scribe, quantity: Quantity) -> Math:
    """A number after a plus sign."""
    return Product((scribe.num(quantity),))


def cost(scribe: Scribe) -> Iterator[Block]:
    """The cost; the scalar view works it already, so this says it only where it stands alone."""
    if not _alone(scribe):
        return
    yield Paragraph(scribe.say("scalar.cost"))
    network = scribe.network
    shares = network.layers[-1].units > 1
    lines: list[Line] = []
    for n in printed_samples(scribe):
        if shares and network.layers[-1].units <= MOST_COLUMNS:
            for j in range(1, network.layers[-1].units + 1):
                lines.append(
                    scribe.worked(scribe.step(network.cost._replace(indices=(j,))), n, symbols=n == 1 and j == 1)
                )
        if network.layers[-1].units <= MOST_COLUMNS:
            lines.append(scribe.worked(scribe.step(network.cost), n, symbols=n == 1 or shares))
        else:
            at = scribe.result(scribe.step(network.cost), n)
            lines.append(Line(scribe.name(network.cost, n), (Link(Relation((), (at,)), Num(at)),)))
    if network.samples > 1:
        lines.append(scribe.reduction(network.batch_cost))
    yield Equations(tuple(lines))
    yield from remarks.cost_remarks(scribe)


# ---- backward -----------------------------------------------------------------------------------------------


def output_deltas(scribe: Scribe) -> Iterator[Block]:
    """The deltas of the last layer: derivative of the cost and slope, entry by entry."""
    if not scribe.derivation.backward:
        return
    layer = scribe.network.layers[-1]
    yield from _last_deltas(scribe, layer)
    if _alone(scribe):
        yield from remarks.other_deltas(scribe)
        yield from remarks.slopes(scribe, layer)


def _last_deltas(scribe: Scribe, layer: Layer) -> Iterator[Block]:
    deltas = [scribe.gradient(z) for z in layer.sums()]
    if scribe.derivation.collapsed and all_digits(scribe):
        yield Paragraph(scribe.say("matrix.collapsed"))
        difference = row(named_values(scribe, layer.number), Sign("−"), named_values(scribe, 0, Role.TARGET))
        values, targets = values_of(scribe, layer.outputs()), values_of(scribe, scribe.network.targets())
        used = printed(values, targets)
        numbers = Link(Relation(used), row(values, Sign("−"), targets))
        line = Line(DeltaName(layer.number), (equal(difference), numbers, result(values_of(scribe, deltas), used)))
        yield Equations((line,))
        return
    if layer.activation.couples:
        yield Paragraph(scribe.say("matrix.jacobian"))
        yield Equations(tuple(_through_jacobian(scribe, layer)))
        return
    yield Paragraph(scribe.say("matrix.output_diagonal" if scribe.notation.diagonal else "matrix.output"))
    yield Equations(tuple(through_slopes(scribe, layer, _output_gradient(scribe, layer))))


def _output_gradient(scribe: Scribe, layer: Layer) -> Line:
    links = []
    if scribe.loss.derivative in (EXCESS, TWICE_EXCESS):
        links.append(equal(row(*_miss(scribe, layer))))
    partials = [scribe.gradient(a) for a in layer.outputs()]
    return Line(gradient_name(scribe, layer), (*links, result(values_of(scribe, partials))))


def _miss(scribe: Scribe, layer: Layer) -> Iterator[Math]:
    """The derivative of a squared error by the outputs: A − Y, or as some write it −(Y − A), perhaps times 2/m."""
    loss, first = scribe.loss, scribe.notation.target_first
    outputs, targets = named_values(scribe, layer.number), named_values(scribe, 0, Role.TARGET)
    difference = row(targets, Sign("−"), outputs) if first else row(outputs, Sign("−"), targets)
    if first:
        yield Sign("−")
    if loss.derivative == TWICE_EXCESS:
        averaged = loss.averaged and layer.units > 1
        yield Fraction(Word("2"), Word(str(layer.units))) if averaged else Word("2")
    yield Paren(difference) if first or loss.derivative == TWICE_EXCESS else difference


def _through_jacobian(scribe: Scribe, layer: Layer) -> Iterator[Line]:
    """For each sample, the deltas are the gradient by the outputs times the Jacobian."""
    outputs, sums = layer.outputs(), layer.sums()
    partials = [[Partial(a, z, per_sample=True) for z in sums] for a in outputs]
    if layer is scribe.network.layers[-1]:
        yield _output_gradient(scribe, layer)
    for n in printed_samples(scribe):
        jacobian = numbers_of(scribe, partials, n)
        gradient = numbers_of(scribe, [[scribe.gradient(a) for a in outputs]], n)
        deltas = numbers_of(scribe, [[scribe.gradient(z) for z in sums]], n)
        used = printed(jacobian, gradient)
        yield Line(jacobian_name(scribe, partials, n), (result(jacobian),))
        name = DeltaName(layer.number, sample=n if scribe.network.samples > 1 else "")
        if scribe.notation.columns:
            factors, delta = row(transposed(jacobian), transposed(gradient)), transposed(deltas)
        else:
            factors, delta = row(gradient, jacobian), deltas
        yield Line(name, (Link(Relation(used), factors), result(delta, used)))


def hidden_deltas(scribe: Scribe) -> Iterator[Block]:
    """The deltas of a layer from those of the next."""
    if not scribe.derivation.backward or len(scribe.network.layers) == 1:
        return
    key = "matrix.recursion_diagonal" if scribe.notation.diagonal else "matrix.recursion"
    if _alone(scribe):
        yield from remarks.hidden(scribe, key)
    elif not any(layer.activation.couples for layer in scribe.network.layers[:-1]):
        yield Paragraph(scribe.say(key))
    for layer in reversed(scribe.network.layers[:-1]):
        arriving = _arriving(scribe, layer)
        if layer.activation.couples:
            yield Equations((arriving, *_through_jacobian(scribe, layer)))
        else:
            yield Equations(tuple(through_slopes(scribe, layer, arriving)))
        if _alone(scribe):
            yield from remarks.slopes(scribe, layer)


def _arriving(scribe: Scribe, layer: Layer) -> Line:
    following, columns = scribe.network.layers[layer.number], scribe.notation.columns
    name, weights = weights_of(
        scribe, following, down="from" if columns else "to", ahead=ahead_of(scribe, following)
    )
    deltas = values_of(scribe, [scribe.gradient(z) for z in following.sums()])
    delta = Shaped(DeltaName(following.number), shape_of(scribe, following.units))
    symbols = product(name, delta) if columns else product(delta, name)
    numbers = (weights, deltas) if columns else (deltas, weights)
    used = printed(weights, deltas)
    arrived = values_of(scribe, [scribe.gradient(a) for a in layer.outputs()])
    return Line(
        gradient_name(scribe, layer),
        (equal(row(*symbols)), Link(Relation(used), row(*numbers)), result(arrived, used)),
    )


def gradients(scribe: Scribe) -> Iterator[Block]:
    """The gradient of each weight matrix: a product of deltas and what came in."""
    if not scribe.derivation.backward:
        return
    yield Paragraph(scribe.say("matrix.gradients", count=scribe.network.samples))
    moving = [
        layer for layer in scribe.network.layers if layer.bias == "unit" and _moves(scribe, layer.biases()[0])
    ]
    if moving and scribe.network.samples > 1:
        yield Paragraph(scribe.say("matrix.ones_sum", one=Word(ONE)))
    for layer in reversed(scribe.network.layers):
        lines: list[Line] = []
        if _moves(scribe, layer.weights()[0][0]):
            lines += weight_gradients(scribe, layer)
        if layer.bias != "none" and _moves(scribe, layer.biases()[0]):
            lines.append(bias_gradient(scribe, layer))
        if lines:
            yield Equations(tuple(lines))
        first = layer.weights()[0][0]
        if _alone(scribe) and _moves(scribe, first) and scribe.detail != "summary" and scribe.network.samples == 1:
            yield Paragraph(scribe.say("matrix.entry"))
            yield Equations((scribe.chain(scribe.gradient(first)),))


def _moves(scribe: Scribe, parameter: Quantity) -> bool:
    return not scribe.derivation.moving or parameter in scribe.derivation.moving


def _mean(scribe: Scribe) -> tuple[Math, ...]:
    """The factor 1/N of a batch that is averaged."""
    n = len(scribe.samples)
    return (Fraction(Word("1"), Word(str(n))),) if n > 1 and scribe.network.mean else ()


def weight_gradients(scribe: Scribe, layer: Layer) -> Iterator[Line]:
    """The gradient of a layer's weight matrix; where each step is rounded, sample by sample before the sum."""
    if scribe.network.samples > 1 and not all_digits(scribe):
        yield from _summed_weight_gradients(scribe, layer)
    else:
        yield _weight_gradient(scribe, layer)


def delta_name(scribe: Scribe, layer: Layer, *, transposed: bool = False) -> Math:
    """The derivatives by a layer's sums; in a lesson on matrices those of the cost of all samples, for there the
    samples' costs are merely added."""
    if scribe.network.loss is None and not scribe.notation.has_delta:
        return MatrixName(Role.WEIGHTED_SUM, layer.number, transposed=transposed, gradient=True)
    return DeltaName(layer.number, transposed=transposed)


def _weight_gradient(scribe: Scribe, layer: Layer) -> Line:
    number, n = layer.number, len(scribe.samples)
    deltas = values_of(scribe, [scribe.gradient(z) for z in layer.sums()])
    before = values_of(scribe, scribe.network.before(layer))
    columns, to_from = scribe.notation.columns, scribe.notation.to_from
    # units × samples times samples × inputs, or where a weight matrix lies the other way, the transpose of that
    turn_deltas, turn_before = columns != to_from, columns == to_from
    shape = (layer.units, n) if to_from else (n, layer.units)
    delta = Shaped(delta_name(scribe, layer, transposed=turn_deltas), shape)
    shape = (n, layer.inputs) if to_from else (layer.inputs, n)
    values = Shaped(MatrixName(Role.ACTIVATION, number - 1, transposed=turn_before), shape)
    pairs = [
        (delta, transposed(deltas) if turn_deltas else deltas),
        (values, transposed(before) if turn_before else before),
    ]
    names, numbers = zip(*(pairs if to_from else pairs[::-1]), strict=True)
    used = printed(deltas, before)
    gradients = numbers_of(scribe, laid(scribe, _of_weights(layer, scribe.derivation.gradient)))
    return Line(
        MatrixName(Role.WEIGHT, number, gradient=True),
        (
            equal(row(*_mean(scribe), *product(*names))),
            Link(Relation(used), row(*_mean(scribe), *numbers)),
            result(gradients, used),
        ),
    )


def _of_weights(layer: Layer, make: Callable[[Quantity], Partial]) -> list[list[Partial]]:
    """A derivative for each weight, a row for each unit."""
    return [[make(w) for w in weights] for weights in layer.weights()]


def _summed_weight_gradients(scribe: Scribe, layer: Layer) -> Iterator[Line]:
    """Where the digits shown are carried: each sample's gradient, rounded, and then their sum."""
    names, shares = [], []
    for n in scribe.samples:
        deltas = numbers_of(scribe, laid(scribe, [[scribe.gradient(z)] for z in layer.sums()]), n)
        before = numbers_of(scribe, laid(scribe, [scribe.network.before(layer)]), n)
        share = numbers_of(scribe, laid(scribe, _of_weights(layer, scribe.gradient)), n)
        used = printed(deltas, before)
        factors = (deltas, before) if scribe.notation.to_from else (before, deltas)
        names.append(MatrixName(Role.WEIGHT, layer.number, gradient=True, sample=n))
        shares.append(share)
        yield Line(names[-1], (Link(Relation(used), row(*factors)), result(share, used)))
    gradients = numbers_of(scribe, laid(scribe, _of_weights(layer, scribe.derivation.gradient)))
    links = [_added(scribe, EQUALS, names), _added(scribe, Relation(printed(*shares)), shares)]
    yield Line(MatrixName(Role.WEIGHT, layer.number, gradient=True), (*links, result(gradients, printed(*shares))))


def _added(scribe: Scribe, relation: Math, terms: Sequence[Math]) -> Link:
    """The mean or sum of matrices."""
    total = row(*[item for term in terms for item in (Sign("+"), term)][1:])
    return Link(relation, row(*_mean(scribe), Paren(total)) if scribe.network.mean else total)


def bias_gradient(scribe: Scribe, layer: Layer) -> Line:
    """The deltas, added over samples by a product with ones (and over units, where they share the bias)."""
    gradients = [scribe.derivation.gradient(b) for b in layer.biases()]
    if layer.bias == "shared":
        at = scribe.num(gradients[0]).at
        return Line(scribe.name(gradients[0]), (Link(Relation((), (at,)), Num(at)),))
    name, total, n = (
        MatrixName(Role.BIAS, layer.number, gradient=True),
        vector_of(scribe, gradients),
        len(scribe.samples),
    )
    if n == 1:
        return Line(name, (equal(delta_name(scribe, layer)), result(total)))
    columns = scribe.notation.columns
    deltas = values_of(scribe, [scribe.gradient(z) for z in layer.sums()])
    delta = Shaped(delta_name(scribe, layer), shape_of(scribe, layer.units))
    one, all_one = ones(n, 1) if columns else ones(1, n)
    names = product(delta, one) if columns else product(one, delta)
    numbers = (deltas, all_one) if columns else (all_one, deltas)
    used = printed(deltas)
    links = (
        equal(row(*_mean(scribe), *names)),
        Link(Relation(used), row(*_mean(scribe), *numbers)),
        result(total, used),
    )
    return Line(name, links)
