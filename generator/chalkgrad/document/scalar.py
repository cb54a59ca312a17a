"""The scalar view: unit by unit, factor by factor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import sympy as sp

from chalkgrad.catalogue.losses import collapse_op
from chalkgrad.document import tables
from chalkgrad.document.grid import jacobian_name
from chalkgrad.document.model import Block, Equations, Line, Link, Paragraph
from chalkgrad.document.paths import paths
from chalkgrad.document.remarks import (
    cost_remarks,
    hidden,
    other_deltas,
    slopes,
)
from chalkgrad.document.scribe import EQUALS, Scribe, equal
from chalkgrad.markup.nodes import (
    Applied,
    BigSum,
    Brace,
    Formula,
    Math,
    Matrix,
    Name,
    Num,
    Paren,
    Product,
    Relation,
    Row,
    Sign,
    Tint,
    Word,
)
from chalkgrad.network.model import Layer
from chalkgrad.quantities import Partial, Quantity, Role


def _full(scribe: Scribe, sample: int, unit: int) -> bool:
    """Whether a unit is worked with symbols and numbers, or, as a sibling of one that was, with numbers."""
    return scribe.detail == "full" or (sample == 1 and unit == 1)


def _each_sample(scribe: Scribe, write: Callable[[int], Iterator[Block]]) -> Iterator[Block]:
    """What is written for each sample, under its number where there are several."""
    for n in scribe.samples:
        if scribe.network.samples > 1:
            yield Paragraph(scribe.say("scalar.sample", n=n), "sample")
        yield from write(n)


# ---- forward ------------------------------------------------------------------------------------------------


def forward(scribe: Scribe) -> Iterator[Block]:
    """Weighted sums and activations, layer by layer."""
    yield Paragraph(scribe.say("scalar.forward"))
    if scribe.detail == "summary":
        yield from tables.forward(scribe)
        return
    yield from _each_sample(scribe, lambda n: _forward_of(scribe, n))


def _forward_of(scribe: Scribe, n: int) -> Iterator[Block]:
    for layer in scribe.network.layers:
        lines: list[Line] = []
        for j, z in enumerate(layer.sums(), 1):
            full = _full(scribe, n, j)
            lines.append(replace(scribe.worked(scribe.step(z), n, symbols=full), spaced=True))
            if not layer.activation.couples:
                lines.append(scribe.activation(layer, j, n, symbols=full))
        if layer.activation.couples:
            lines += [
                scribe.activation(layer, j, n, symbols=_full(scribe, n, j)) for j in range(1, layer.units + 1)
            ]
        if n == 1:
            yield Paragraph(scribe.say("scalar.layer_forward", layer=scribe.layer_number(layer)), "layer")
        yield Equations(tuple(lines))


def cost(scribe: Scribe) -> Iterator[Block]:
    """The cost of each sample, and of the batch."""
    yield Paragraph(scribe.say("scalar.cost"))
    lines = []
    for n in scribe.samples:
        shares = scribe.network.layers[-1].units > 1
        if shares:
            for j in range(1, scribe.network.layers[-1].units + 1):
                share = scribe.step(scribe.network.cost._replace(indices=(j,)))
                lines.append(scribe.worked(share, n, symbols=_full(scribe, n, j)))
        lines.append(scribe.worked(scribe.step(scribe.network.cost), n, symbols=_full(scribe, n, 1) or shares))
    if scribe.network.samples > 1:
        lines.append(scribe.reduction(scribe.network.batch_cost))
    yield Equations(tuple(lines))
    yield from cost_remarks(scribe)


# ---- output layer -------------------------------------------------------------------------------------------


def output_deltas(scribe: Scribe) -> Iterator[Block]:
    """From the cost to the weighted sums of the last layer."""
    if not scribe.derivation.backward:
        return
    layer = scribe.network.layers[-1]
    if layer.activation.couples:
        yield from _coupled_deltas(scribe, layer)
    else:
        yield from _question(scribe, layer)
        if scribe.detail == "summary":
            yield from tables.deltas(scribe, layer)
        else:
            yield from _each_sample(scribe, lambda n: iter([Equations(tuple(_plain_deltas(scribe, layer, n)))]))
        yield from _sigmoid_collapse(scribe, layer)
    yield from slopes(scribe, layer)


def _question(scribe: Scribe, layer: Layer) -> Iterator[Block]:
    """The whole chain for one weight first; then its factors are answered."""
    w, z, a = layer.weights()[0][0], layer.sums()[0], layer.outputs()[0]
    yield Paragraph(scribe.say("scalar.question", w=scribe.name(w), z=scribe.name(z), a=scribe.name(a)))
    factors = (scribe.gradient(a), Partial(a, z, per_sample=True), Partial(z, w, per_sample=True))
    colours = ("up", "loc", "inp")
    braces = tuple(
        Brace(Tint(colour, scribe.name(factor)), Tint(colour, scribe.local_symbols(factor)))
        for colour, factor in zip(colours, factors, strict=True)
    )
    yield from paths(scribe, layer)
    gradient = scribe.gradient(w)
    outcome = tuple(_outcome(scribe, gradient, tuple(zip(colours, factors, strict=True))))
    yield Equations((Line(scribe.name(gradient), (equal(Product(braces)),), outcome=outcome),))
    yield Paragraph(scribe.say("scalar.delta_defined", delta=scribe.name(scribe.gradient(z))))
    yield from other_deltas(scribe)


def _outcome(scribe: Scribe, gradient: Partial, factors: tuple[tuple[str, Partial], ...]) -> Iterator[Link]:
    """The numbers of a chain; none where each step is rounded, for then the product is another one."""
    if scribe.spec.show.carry != "full" or (gradient, 0) not in scribe.derivation.by_quantity:
        return
    numbers = Product(tuple(Tint(colour, scribe.num(factor)) for colour, factor in factors))
    used, result = tuple(scribe.num(factor).at for _, factor in factors), scribe.num(gradient)
    yield Link(Relation(used), numbers)
    yield Link(Relation(used, (result.at,)), result)


def _plain_deltas(scribe: Scribe, layer: Layer, n: int) -> Iterator[Line]:
    for j, (z, a) in enumerate(zip(layer.sums(), layer.outputs(), strict=True), 1):
        full = _full(scribe, n, j)
        gradient = scribe.gradient(a)
        yield replace(scribe.as_link(scribe.chain(gradient, n, symbols=full), gradient), spaced=True)
        yield scribe.slope(layer, j, n, symbols=full)
        yield scribe.chain(scribe.gradient(z), n, factors=full, symbols=False)


def _sigmoid_collapse(scribe: Scribe, layer: Layer) -> Iterator[Block]:
    """Where the factors of the delta cancel: the short form, in symbols, and with the same numbers."""
    z, a, y = layer.sums()[0], layer.outputs()[0], scribe.network.targets()[0]
    delta = scribe.gradient(z)
    if delta not in scribe.derivation.collapsed:
        return
    local = scribe.step(scribe.gradient(a))
    slope = scribe.step(Partial(a, z, per_sample=True))
    product = Row((Paren(scribe.symbols(local)), scribe.symbols(slope)))
    short = scribe.derivation.collapsed[delta]
    yield Paragraph(scribe.say("scalar.collapse", a=scribe.name(a), y=scribe.name(y)))
    yield Equations((Line(scribe.name(delta), (equal(product), equal(scribe.symbols(short)))),))


def _coupled_deltas(scribe: Scribe, layer: Layer) -> Iterator[Block]:
    """Softmax: every output moves with every weighted sum, so the chain runs through the whole Jacobian."""
    i, j = scribe.notation.indices["i"], scribe.notation.indices["j"]
    number = layer.number
    a, z = Quantity(Role.ACTIVATION, number, (i,)), Quantity(Role.WEIGHTED_SUM, number, (j,))
    general = Line(
        Name(Partial(scribe.network.batch_cost, z)),
        (
            equal(
                BigSum(
                    Word(i),
                    Product(
                        (
                            Tint("up", Name(Partial(scribe.network.batch_cost, a))),
                            Tint("loc", Name(Partial(a, z))),
                        )
                    ),
                )
            ),
        ),
    )
    yield Paragraph(
        scribe.say("scalar.coupled", w=scribe.name(layer.weights()[0][0]), z=scribe.name(layer.sums()[0]))
    )
    yield from paths(scribe, layer)
    yield Equations((general,))
    if scribe.detail == "summary":
        yield from tables.deltas(scribe, layer)
    else:
        yield from _each_sample(scribe, lambda n: _jacobian(scribe, layer, n))
    yield from _softmax_collapse(scribe, layer)


def _jacobian(scribe: Scribe, layer: Layer, n: int) -> Iterator[Block]:
    outputs, sums = layer.outputs(), layer.sums()
    yield Equations(
        tuple(scribe.chain(scribe.gradient(a), n, symbols=_full(scribe, n, j)) for j, a in enumerate(outputs, 1))
    )
    partials = [[Partial(a, z, per_sample=True) for z in sums] for a in outputs]
    symbols = Matrix(tuple(tuple(scribe.symbols(scribe.step(p), n) for p in row) for row in partials))
    numbers = Matrix(tuple(tuple(scribe.num(p, n) for p in row) for row in partials))
    used = tuple(scribe.num(p, n).at for row in partials for p in row)
    yield Paragraph(scribe.say("scalar.jacobian"))
    links = [equal(symbols)] if _full(scribe, n, 1) else []
    yield Equations((Line(jacobian_name(scribe, partials, n), (*links, Link(Relation((), used), numbers))),))
    yield Equations(
        tuple(
            scribe.chain(scribe.gradient(z), n, factors=_full(scribe, n, j), symbols=False)
            for j, z in enumerate(sums, 1)
        )
    )


def _softmax_collapse(scribe: Scribe, layer: Layer) -> Iterator[Block]:
    """Softmax with cross-entropy: the sum over the Jacobian comes down to output minus target."""
    if collapse_op(layer.activation.name, scribe.loss.name) is None:
        return
    i, j, number = scribe.notation.indices["i"], scribe.notation.indices["j"], layer.number
    a_i, a_j = (Name(Quantity(Role.ACTIVATION, number, (letter,))) for letter in (i, j))
    y_i, y_j = (Name(Quantity(Role.TARGET, 0, (letter,))) for letter in (i, j))
    delta = Name(Partial(scribe.network.batch_cost, Quantity(Role.WEIGHTED_SUM, number, (j,))))
    a, y = sp.symbols("a y")
    one_minus = Paren(Formula(sp.Add(1, sp.Mul(-1, a, evaluate=False), evaluate=False), {a: a_j}))
    own = Formula(sp.Mul(-1, y, a**-1, evaluate=False), {a: a_j, y: y_j})
    other = Formula(sp.Mul(-1, y, a**-1, evaluate=False), {a: a_i, y: y_i})
    unequal = Row((Word(i), Sign("≠"), Word(j)))
    links = (
        equal(
            Row(
                (
                    own,
                    Sign("·"),
                    a_j,
                    one_minus,
                    Sign("+"),
                    BigSum(unequal, Row((Paren(other), Sign("·"), Paren(Row((Sign("−"), a_i, a_j)))))),
                )
            )
        ),
        equal(Row((Sign("−"), y_j, Sign("+"), a_j, BigSum(Word(i), y_i)))),
        equal(Row((a_j, Sign("−"), y_j))),
    )
    yield Paragraph(scribe.say("scalar.softmax_collapse", sum=Row((BigSum(Word(i), y_i), EQUALS, Word("1")))))
    yield Equations((Line(delta, links),))
    if scribe.spec.show.carry == "full" and scribe.detail != "summary":
        yield Paragraph(scribe.say("scalar.collapse_agrees"))
        yield Equations(
            tuple(
                _collapsed_line(scribe, delta_j, n)
                for n in scribe.samples
                for delta_j in scribe.derivation.collapsed
            )
        )


def _collapsed_line(scribe: Scribe, delta: Partial, n: int) -> Line:
    """A delta by its short form, from the same numbers."""
    step = scribe.derivation.collapsed[delta]
    used, result = scribe.used(step, n), scribe.result(step, n)
    links = (
        equal(scribe.symbols(step, n)),
        Link(Relation(used), scribe.numbers(step, n)),
        Link(Relation(used, (result,)), Num(result)),
    )
    return Line(scribe.name(delta, n), links)


# ---- hidden layers ------------------------------------------------------------------------------------------


def hidden_deltas(scribe: Scribe) -> Iterator[Block]:
    """From the deltas of a layer to those of the layer before."""
    if not scribe.derivation.backward or len(scribe.network.layers) == 1:
        return
    yield from hidden(scribe, "scalar.recursion")
    if not any(layer.activation.couples for layer in scribe.network.layers[:-1]):
        yield Equations((recursion(scribe),))
    for layer in reversed(scribe.network.layers[:-1]):
        if scribe.detail == "summary":
            yield from tables.deltas(scribe, layer)
            continue
        units = scribe.network.layers[layer.number].units
        a = layer.outputs()[0]
        reached = scribe.say("scalar.paths", count=units, a=scribe.name(a), layer=scribe.layer_number(layer))
        yield Paragraph(reached, "layer")
        yield from paths(scribe, layer)
        yield from _each_sample(scribe, lambda n, layer=layer: _hidden_of(scribe, layer, n))  # type: ignore[misc]
        yield from slopes(scribe, layer)


def recursion(scribe: Scribe, *, tinted: bool = True) -> Line:
    """δ of a layer from δ of the next, in letters."""
    i, j, level = (scribe.notation.indices[letter] for letter in ("i", "j", "l"))
    cost = Quantity(Role.COST)
    following = f"{level}+1"
    delta = Name(Partial(cost, Quantity(Role.WEIGHTED_SUM, level, (j,))))
    above = Name(Partial(cost, Quantity(Role.WEIGHTED_SUM, following, (i,))))
    weight = Name(Quantity(Role.WEIGHT, following, (i, j)), ahead=int(scribe.derivation.sequential))
    function = scribe.network.layers[0].activation
    z = Name(Quantity(Role.WEIGHTED_SUM, level, (j,)))
    slope: Math = Name(Partial(Quantity(Role.ACTIVATION, level, (j,)), Quantity(Role.WEIGHTED_SUM, level, (j,))))
    names = {layer.activation.name for layer in scribe.network.layers[:-1]}
    if len(names) == 1 and not function.couples and function.name != "identity":
        slope = Applied(function.symbol, z, prime=True)
    total = BigSum(Word(i), Row((above, weight)))
    if not tinted:
        return Line(delta, (equal(Product((Paren(total), slope))),))
    return Line(delta, (equal(Product((Paren(Tint("up", total)), Tint("loc", slope)))),))


def _hidden_of(scribe: Scribe, layer: Layer, n: int) -> Iterator[Block]:
    lines: list[Line] = []
    for j, (z, a) in enumerate(zip(layer.sums(), layer.outputs(), strict=True), 1):
        full = _full(scribe, n, j)
        gradient = scribe.gradient(a)
        line = scribe.chain(gradient, n, factors=full, symbols=full)
        lines.append(replace(scribe.as_link(line, gradient), spaced=True))
        if not layer.activation.couples:
            lines.append(scribe.slope(layer, j, n, symbols=full))
            lines.append(scribe.chain(scribe.gradient(z), n, factors=full, symbols=False))
    if layer.activation.couples:
        yield Equations(tuple(lines))
        yield from _jacobian_alone(scribe, layer, n)
        return
    yield Equations(tuple(lines))


def _jacobian_alone(scribe: Scribe, layer: Layer, n: int) -> Iterator[Block]:
    lines = []
    for a in layer.outputs():
        lines += [scribe.worked(scribe.step(Partial(a, z, per_sample=True)), n) for z in layer.sums()]
    yield Equations(tuple(lines))
    yield Equations(
        tuple(
            scribe.chain(scribe.gradient(z), n, factors=_full(scribe, n, j), symbols=False)
            for j, z in enumerate(layer.sums(), 1)
        )
    )


# ---- gradients -----------------------------------------------------------------------------------


def gradients(scribe: Scribe) -> Iterator[Block]:
    """Each weight's gradient: the delta of its unit times what came in along it."""
    if not scribe.derivation.backward:
        return
    yield Paragraph(scribe.say("scalar.gradients"))
    if scribe.detail == "summary":
        yield from tables.gradients(scribe)
        return
    several = scribe.network.samples > 1
    for layer in reversed(scribe.network.layers):
        if not _shown_parameters(scribe, layer):
            continue
        yield Paragraph(scribe.say("scalar.layer_gradients", layer=scribe.layer_number(layer)), "layer")
        if layer.bias == "shared" and layer.biases()[0] in _shown_parameters(scribe, layer):
            yield Paragraph(scribe.say("scalar.shared_bias", b=scribe.name(layer.biases()[0])))
        for n in scribe.samples:
            if several:
                yield Paragraph(scribe.say("scalar.sample", n=n), "sample")
            yield Equations(tuple(_gradient_lines(scribe, layer, n)))
        if several:
            yield Paragraph(scribe.say("scalar.mean" if scribe.network.mean else "scalar.sum"))
            yield Equations(
                tuple(
                    scribe.reduction(scribe.derivation.gradient(p), symbols=_full(scribe, 1, i))
                    for i, p in enumerate(_shown_parameters(scribe, layer), 1)
                )
            )


def _shown_parameters(scribe: Scribe, layer: Layer) -> list[Quantity]:
    """The parameters of a layer that move; without training, all of them."""
    parameters = layer.parameters()
    return [p for p in parameters if not scribe.derivation.moving or p in scribe.derivation.moving]


def _gradient_lines(scribe: Scribe, layer: Layer, n: int) -> Iterator[Line]:
    for i, parameter in enumerate(_shown_parameters(scribe, layer), 1):
        gradient = scribe.gradient(parameter)
        full = _full(scribe, n, i)
        shared = parameter.role is Role.BIAS and layer.bias == "shared"
        yield scribe.chain(gradient, n, factors=full or shared, symbols=True)
