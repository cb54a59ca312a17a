"""The matrix view: layer by layer, with the shape under every matrix.

Whether samples lie in rows or in columns is the notation's choice, and decides which matrix is transposed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from chalkgrad.derivation.model import Ref
from chalkgrad.document import remarks
from chalkgrad.document.grid import (
    MOST_COLUMNS,
    jacobian_name,
    kept,
    named_values,
    numbers_of,
    printed,
    printed_rows,
    product,
    result,
    row,
    shape_of,
    transposed,
    values_of,
    vector_of,
)
from chalkgrad.document.model import Block, Equations, Line, Link, Paragraph
from chalkgrad.document.scribe import EQUALS, Scribe, equal
from chalkgrad.markup.nodes import (
    Applied,
    DeltaName,
    Fraction,
    Math,
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
from chalkgrad.network.mlp import RATE
from chalkgrad.network.model import Layer
from chalkgrad.quantities import At, Partial, Quantity, Role


def _all_digits(scribe: Scribe) -> bool:
    """Whether all digits are carried: else a number may be shown only by the steps that rounded it."""
    return scribe.spec.show.carry == "full"


def _alone(scribe: Scribe) -> bool:
    """Whether there is no scalar view to refer to."""
    return "scalar" not in scribe.spec.show.views


# ---- forward ------------------------------------------------------------------------------------------------


def forward(scribe: Scribe) -> Iterator[Block]:
    """Weighted sums and activations of whole layers."""
    columns = scribe.notation.columns
    yield Paragraph(scribe.say("matrix.forward_columns" if columns else "matrix.forward_rows"))
    if scribe.network.samples > 1 and any(layer.bias != "none" for layer in scribe.network.layers):
        yield Paragraph(scribe.say("matrix.bias_columns" if columns else "matrix.bias_rows"))
    for layer in scribe.network.layers:
        yield Equations((_sums(scribe, layer), _activations(scribe, layer)))
        if _alone(scribe) and scribe.detail != "summary":
            yield Paragraph(scribe.say("matrix.entry"))
            yield Equations((_worked_sum(scribe, layer),))


def _sums(scribe: Scribe, layer: Layer) -> Line:
    weights, values = numbers_of(scribe, layer.weights()), values_of(scribe, scribe.network.before(layer))
    before = named_values(scribe, layer.number - 1)
    if scribe.notation.columns:
        name = Shaped(MatrixName(Role.WEIGHT, layer.number), (layer.units, layer.inputs))
        symbols, numbers = product(name, before), (weights, values)
    else:
        name = Shaped(MatrixName(Role.WEIGHT, layer.number, transposed=True), (layer.inputs, layer.units))
        symbols, numbers = product(before, name), (values, transposed(weights))
    used = printed(weights, values)
    if layer.bias == "none":
        links = (equal(row(*symbols)), Link(Relation(used), row(*numbers)))
    else:
        biases = [b for j in range(1, layer.units + 1) if (b := layer.bias_of(j))]
        added = vector_of(scribe, biases, scribe.network.samples)
        used += printed(added)
        named = Shaped(MatrixName(Role.BIAS, layer.number), shape_of(scribe, layer.units))
        links = (
            equal(row(*symbols, Sign("+"), named)),
            Link(Relation(used), row(*numbers, Sign("+"), added)),
        )
    return Line(
        MatrixName(Role.WEIGHTED_SUM, layer.number), (*links, result(values_of(scribe, layer.sums()), used))
    )


def _activations(scribe: Scribe, layer: Layer) -> Line:
    z: Math = MatrixName(Role.WEIGHTED_SUM, layer.number)
    if layer.activation.name != "identity":
        z = Applied(layer.activation.symbol, z)
    return Line(MatrixName(Role.ACTIVATION, layer.number), (equal(z), result(values_of(scribe, layer.outputs()))))


def _worked_sum(scribe: Scribe, layer: Layer) -> Line:
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
    network = scribe.network
    shares = network.layers[-1].units > 1
    lines: list[Line] = []
    for n in (i + 1 for i in printed_rows(network.samples)):
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
        yield from remarks.slopes(scribe, layer)


def _last_deltas(scribe: Scribe, layer: Layer) -> Iterator[Block]:
    deltas = [scribe.gradient(z) for z in layer.sums()]
    if scribe.derivation.collapsed and _all_digits(scribe):
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
    yield Paragraph(scribe.say("matrix.output"))
    yield Equations(tuple(_elementwise(scribe, layer, _output_gradient(scribe, layer))))


def _output_gradient(scribe: Scribe, layer: Layer) -> Line:
    links = []
    if scribe.network.loss.name == "half_squared_error":
        difference = row(named_values(scribe, layer.number), Sign("−"), named_values(scribe, 0, Role.TARGET))
        links.append(equal(difference))
    partials = [scribe.gradient(a) for a in layer.outputs()]
    return Line(_gradient_name(scribe, layer), (*links, result(values_of(scribe, partials))))


def _gradient_name(scribe: Scribe, layer: Layer) -> MatrixName:
    """Derivatives of each sample's own cost, not of the batch's."""
    sample = scribe.notation.indices["n"] if scribe.network.samples > 1 else ""
    return MatrixName(Role.ACTIVATION, layer.number, gradient=True, sample=sample)


def _elementwise(scribe: Scribe, layer: Layer, arriving: Line) -> Iterator[Line]:
    """What arrives from above, the slopes, and their product entry by entry."""
    yield arriving
    slopes = [Partial(a, z, per_sample=True) for a, z in zip(layer.outputs(), layer.sums(), strict=True)]
    slope = Applied(layer.activation.symbol, MatrixName(Role.WEIGHTED_SUM, layer.number), prime=True)
    yield Line(slope, (result(values_of(scribe, slopes)),))
    shape = shape_of(scribe, layer.units)
    both = row(Shaped(_gradient_name(scribe, layer), shape), Sign("⊙"), Shaped(slope, shape))
    deltas = [scribe.gradient(s) for s in layer.sums()]
    yield Line(DeltaName(layer.number), (equal(both), result(values_of(scribe, deltas))))


def _through_jacobian(scribe: Scribe, layer: Layer) -> Iterator[Line]:
    """For each sample, the deltas are the gradient by the outputs times the Jacobian."""
    outputs, sums = layer.outputs(), layer.sums()
    partials = [[Partial(a, z, per_sample=True) for z in sums] for a in outputs]
    if layer is scribe.network.layers[-1]:
        yield _output_gradient(scribe, layer)
    for n in (i + 1 for i in printed_rows(scribe.network.samples)):
        jacobian = numbers_of(scribe, partials, n)
        gradient = numbers_of(scribe, [[scribe.gradient(a) for a in outputs]], n)
        deltas = numbers_of(scribe, [[scribe.gradient(z) for z in sums]], n)
        used = printed(jacobian, gradient)
        yield Line(jacobian_name(scribe, partials, n), (result(jacobian),))
        name: Math = DeltaName(layer.number)
        if scribe.network.samples > 1:
            name = row(name, Word(f"({n})"))
        if scribe.notation.columns:
            factors, delta = row(transposed(jacobian), transposed(gradient)), transposed(deltas)
        else:
            factors, delta = row(gradient, jacobian), deltas
        yield Line(name, (Link(Relation(used), factors), result(delta, used)))


def hidden_deltas(scribe: Scribe) -> Iterator[Block]:
    """The deltas of a layer from those of the next."""
    if not scribe.derivation.backward or len(scribe.network.layers) == 1:
        return
    if _alone(scribe):
        yield from remarks.hidden(scribe, "matrix.recursion")
    elif not any(layer.activation.couples for layer in scribe.network.layers[:-1]):
        yield Paragraph(scribe.say("matrix.recursion"))
    for layer in reversed(scribe.network.layers[:-1]):
        arriving = _arriving(scribe, layer)
        if layer.activation.couples:
            yield Equations((arriving, *_through_jacobian(scribe, layer)))
        else:
            yield Equations(tuple(_elementwise(scribe, layer, arriving)))
        if _alone(scribe):
            yield from remarks.slopes(scribe, layer)


def _arriving(scribe: Scribe, layer: Layer) -> Line:
    following = scribe.network.layers[layer.number]
    number = following.number
    ahead = int(scribe.derivation.sequential and following.weights()[0][0] in scribe.derivation.moving)
    weights = numbers_of(scribe, [[Ref(w, ahead) for w in weights] for weights in following.weights()])
    deltas = values_of(scribe, [scribe.gradient(z) for z in following.sums()])
    delta = Shaped(DeltaName(number), shape_of(scribe, following.units))
    if scribe.notation.columns:
        name = Shaped(MatrixName(Role.WEIGHT, number, ahead, transposed=True), (following.inputs, following.units))
        symbols, numbers = product(name, delta), (transposed(weights), deltas)
    else:
        name = Shaped(MatrixName(Role.WEIGHT, number, ahead), (following.units, following.inputs))
        symbols, numbers = product(delta, name), (deltas, weights)
    used = printed(weights, deltas)
    arrived = values_of(scribe, [scribe.gradient(a) for a in layer.outputs()])
    return Line(
        _gradient_name(scribe, layer),
        (equal(row(*symbols)), Link(Relation(used), row(*numbers)), result(arrived, used)),
    )


def gradients(scribe: Scribe) -> Iterator[Block]:
    """The gradient of each weight matrix: a product of deltas and what came in."""
    if not scribe.derivation.backward:
        return
    yield Paragraph(scribe.say("matrix.gradients"))
    for layer in reversed(scribe.network.layers):
        lines: list[Line] = []
        if _moves(scribe, layer.weights()[0][0]):
            rounded = scribe.network.samples > 1 and not _all_digits(scribe)
            lines += _weight_gradients(scribe, layer) if rounded else [_weight_gradient(scribe, layer)]
        if layer.bias != "none" and _moves(scribe, layer.biases()[0]):
            lines.append(_bias_gradient(scribe, layer))
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
    n = scribe.network.samples
    return (Fraction(Word("1"), Word(str(n))),) if n > 1 and scribe.network.mean else ()


def _weight_gradient(scribe: Scribe, layer: Layer) -> Line:
    number, n = layer.number, scribe.network.samples
    deltas = values_of(scribe, [scribe.gradient(z) for z in layer.sums()])
    before = values_of(scribe, scribe.network.before(layer))
    columns = scribe.notation.columns
    delta = Shaped(DeltaName(number, transposed=not columns), (layer.units, n))
    values = Shaped(MatrixName(Role.ACTIVATION, number - 1, transposed=columns), (n, layer.inputs))
    numbers = (deltas, transposed(before)) if columns else (transposed(deltas), before)
    used = printed(deltas, before)
    gradients = numbers_of(
        scribe, [[scribe.derivation.gradient(w) for w in weights] for weights in layer.weights()]
    )
    return Line(
        MatrixName(Role.WEIGHT, number, gradient=True),
        (
            equal(row(*_mean(scribe), *product(delta, values))),
            Link(Relation(used), row(*_mean(scribe), *numbers)),
            result(gradients, used),
        ),
    )


def _weight_gradients(scribe: Scribe, layer: Layer) -> Iterator[Line]:
    """Where the digits shown are carried: each sample's gradient, rounded, and then their sum."""
    names, shares = [], []
    for n in scribe.samples:
        deltas = numbers_of(scribe, [[scribe.gradient(z)] for z in layer.sums()], n)
        before = numbers_of(scribe, [scribe.network.before(layer)], n)
        share = numbers_of(scribe, [[scribe.gradient(w) for w in weights] for weights in layer.weights()], n)
        used = printed(deltas, before)
        names.append(MatrixName(Role.WEIGHT, layer.number, gradient=True, sample=n))
        shares.append(share)
        yield Line(names[-1], (Link(Relation(used), row(deltas, before)), result(share, used)))
    gradients = numbers_of(
        scribe, [[scribe.derivation.gradient(w) for w in weights] for weights in layer.weights()]
    )
    links = [_added(scribe, EQUALS, names), _added(scribe, Relation(printed(*shares)), shares)]
    yield Line(MatrixName(Role.WEIGHT, layer.number, gradient=True), (*links, result(gradients, printed(*shares))))


def _added(scribe: Scribe, relation: Math, terms: Sequence[Math]) -> Link:
    """The mean or sum of matrices."""
    total = row(*[item for term in terms for item in (Sign("+"), term)][1:])
    return Link(relation, row(*_mean(scribe), Paren(total)) if scribe.network.mean else total)


def _bias_gradient(scribe: Scribe, layer: Layer) -> Line:
    """The deltas, added over samples (and over units, where they share the bias)."""
    gradients = [scribe.derivation.gradient(b) for b in layer.biases()]
    if layer.bias == "shared":
        at = scribe.num(gradients[0]).at
        return Line(scribe.name(gradients[0]), (Link(Relation((), (at,)), Num(at)),))
    return Line(MatrixName(Role.BIAS, layer.number, gradient=True), (result(vector_of(scribe, gradients)),))


def update(scribe: Scribe) -> Iterator[Block]:
    """Old matrix, rate times gradient, new matrix."""
    if scribe.spec.train is None:
        return
    if _alone(scribe):
        yield from remarks.update_rule(scribe)
    for layer in reversed(scribe.network.layers):
        lines: list[Line] = []
        if _moves(scribe, layer.weights()[0][0]):
            lines += _updated(scribe, Role.WEIGHT, layer, layer.weights())
        if layer.bias == "unit" and _moves(scribe, layer.biases()[0]):
            biases = layer.biases()
            lines += _updated(
                scribe, Role.BIAS, layer, [[b] for b in biases] if scribe.notation.columns else [biases]
            )
        if layer.bias == "shared" and _moves(scribe, layer.biases()[0]):
            lines += map(scribe.worked, scribe.derivation.updates[layer.biases()[0]])
        if lines:
            yield Equations(tuple(lines))


def _updated(scribe: Scribe, role: Role, layer: Layer, parameters: list[list[Quantity]]) -> Iterator[Line]:
    """Plain gradient descent in one line; what another optimizer makes on the way, entry by entry."""
    steps = scribe.derivation.updates[parameters[0][0]]
    if len(steps) > 1:
        for place, step in enumerate(steps):
            made = [[Ref(scribe.derivation.updates[p][place].quantity, 1) for p in row] for row in parameters]
            state = step.quantity.name if isinstance(step.quantity, Quantity) else ""
            yield Line(MatrixName(role, layer.number, ahead=1, state=state), (result(numbers_of(scribe, made)),))
        return
    old = numbers_of(scribe, parameters)
    gradients = numbers_of(scribe, [[scribe.derivation.gradient(p) for p in entries] for entries in parameters])
    new = numbers_of(scribe, [[Ref(p, 1) for p in entries] for entries in parameters])
    used = printed(old, gradients)
    name, gradient = MatrixName(role, layer.number), MatrixName(role, layer.number, gradient=True)
    yield Line(
        MatrixName(role, layer.number, ahead=1),
        (
            equal(row(name, Sign("−"), scribe.name(RATE), gradient)),
            Link(Relation(used), row(old, Sign("−"), scribe.num(RATE), gradients)),
            result(new, used),
        ),
    )
