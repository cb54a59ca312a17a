"""What is given: the numbers of the spec, and the functions in their general form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import sympy as sp

from chalkgrad.algebra.ops import formal
from chalkgrad.catalogue.activations import A, Activation, Z, activation_op
from chalkgrad.catalogue.losses import A as _A
from chalkgrad.catalogue.losses import Y as _Y
from chalkgrad.catalogue.optimizers import START
from chalkgrad.document.grid import laid, numbers_of, values_of, vector_of
from chalkgrad.document.model import (
    Block,
    Cell,
    Equations,
    Facts,
    Inline,
    Line,
    NumberCell,
    Paragraph,
    Remark,
    Table,
)
from chalkgrad.document.scribe import EQUALS, Scribe, equal
from chalkgrad.markup.nodes import (
    Applied,
    BigSum,
    Formula,
    Fraction,
    Math,
    MatrixName,
    Name,
    Product,
    Row,
    Sign,
    Word,
)
from chalkgrad.network.model import Layer
from chalkgrad.network.training import RATE, setting
from chalkgrad.quantities import Quantity, Role


def posed(scribe: Scribe) -> Iterator[Block]:
    """What a question about the network begins with: nothing of it is worked, not even in letters."""
    yield from blocks(scribe, scribe.spec.show.views, slopes=False)


def blocks(scribe: Scribe, views: tuple[str, ...], *, slopes: bool = True) -> Iterator[Block]:
    """The numbers, the functions (with their derivatives), and which parameters stay as they are."""
    rows: list[tuple[Inline, tuple[Inline, ...]]] = []
    in_lists = "scalar" in views
    if in_lists:
        if scribe.network.samples == 1:
            rows.append((scribe.say("given.inputs"), each(scribe, scribe.network.inputs())))
            rows.append((scribe.say("given.targets"), each(scribe, scribe.network.targets())))
        for layer in scribe.network.layers:
            parameters = layer.parameters()
            rows.append((_layer_label(scribe, layer), each(scribe, parameters)))
    rows += activations(scribe, slopes=slopes)
    rows.append((scribe.say("given.cost"), tuple(cost(scribe))))
    if scribe.spec.train is not None:
        coefficients = [setting(name) for name in scribe.spec.train.optimizer.coefficients if name != START]
        rate = RATE if RATE in scribe.network.given else setting(START)
        rows.append((scribe.say("given.rate"), each(scribe, [rate])))
        if coefficients:
            rows.append((scribe.say("given.coefficients"), each(scribe, coefficients)))
    if scribe.network.samples > 1 and (in_lists or scribe.derivation.schedule.batches):
        yield samples(scribe)
    if not in_lists:
        yield Equations(tuple(_matrices(scribe)))
    yield Facts(tuple(rows))
    yield from _notes(scribe)


def each(scribe: Scribe, quantities: Iterable[Quantity]) -> tuple[Inline, ...]:
    """Name = number, for each quantity."""
    return tuple((Row((scribe.name(q), EQUALS, scribe.num(q))),) for q in quantities)


def _layer_label(scribe: Scribe, layer: Layer) -> Inline:
    key = "given.weights" if layer.bias == "none" else "given.weights_biases"
    return scribe.say(key, layer=scribe.layer_number(layer))


def samples(scribe: Scribe) -> Table:
    """Inputs and targets, a row a sample."""
    quantities = [*scribe.network.inputs(), *scribe.network.targets()]
    head = (scribe.say("word.sample"), *((bare(q),) for q in quantities))
    rows: list[tuple[Cell, ...]] = [
        ((str(n),), *(NumberCell(scribe.num(q, n).at) for q in quantities))
        for n in range(1, scribe.network.samples + 1)
    ]
    return Table(head, tuple(rows))


def bare(quantity: Quantity) -> Name:
    """A quantity's name without its sample."""
    return Name(quantity._replace(per_sample=False))


def _matrices(scribe: Scribe) -> Iterator[Line]:
    network = scribe.network
    if not scribe.derivation.schedule.batches:  # else the matrices of each update hold other samples
        yield Line(MatrixName(Role.INPUT), (equal(values_of(scribe, network.inputs())),))
        yield Line(MatrixName(Role.TARGET), (equal(values_of(scribe, network.targets())),))
    for layer in network.layers:
        weights = numbers_of(scribe, laid(scribe, layer.weights()))
        yield Line(MatrixName(Role.WEIGHT, layer.number), (equal(weights),))
        if layer.bias == "unit":
            yield Line(MatrixName(Role.BIAS, layer.number), (equal(vector_of(scribe, layer.biases())),))
        elif layer.bias == "shared":
            shared = layer.biases()[0]
            yield Line(scribe.name(shared), (equal(scribe.num(shared)),))


def activations(scribe: Scribe, *, slopes: bool = True) -> Iterator[tuple[Inline, tuple[Inline, ...]]]:
    """The activations, with their derivatives where they are asked for."""
    by_name: dict[str, list[Layer]] = {}
    for layer in scribe.network.layers:
        by_name.setdefault(f"{layer.activation.name}{layer.activation.note}", []).append(layer)
    for layers in by_name.values():
        label = scribe.say("given.activation")
        if len(by_name) > 1:
            numbers = scribe.words.listed([(str(scribe.layer_number(layer)),) for layer in layers])
            label = scribe.say("given.activation_of", count=len(layers), layers=numbers)
        yield label, tuple(activation(scribe, layers[0], slopes=slopes))


def activation(scribe: Scribe, layer: Layer, *, slopes: bool = True) -> Iterator[Inline]:
    """The function and its derivative in general form."""
    row = layer.activation
    z, a = Name(Quantity(Role.WEIGHTED_SUM, "")), Name(Quantity(Role.ACTIVATION, ""))
    if row.couples:
        i, k = (scribe.notation.indices[letter] for letter in ("j", "k"))
        zi, zk = (Name(Quantity(Role.WEIGHTED_SUM, "", (letter,))) for letter in (i, k))
        ai, ak = (Name(Quantity(Role.ACTIVATION, "", (letter,))) for letter in (i, k))
        power = Formula(sp.exp(Z), {Z: zi})
        total = BigSum(Word(k), Formula(sp.exp(Z), {Z: zk}))
        yield (Row((ai, EQUALS, Fraction(power, total))),)
        if not slopes:
            return
        one_minus = Formula(sp.Add(1, sp.Mul(-1, A, evaluate=False), evaluate=False), {A: ai})
        yield (Row((partial(ai, zi), EQUALS, Product((ai, one_minus)))),)
        yield (
            *(Row((partial(ai, zk), EQUALS, Sign("−"), ai, ak)),),
            *scribe.say("given.off_diagonal", k=Word(k), i=Word(i)),
        )
        return
    settings = {formal(q.name): Name(q) for q in layer.settings}
    bindings: dict[sp.Symbol, Math] = {Z: z, A: a, **settings}
    op = activation_op(row)
    named = () if _says_itself(row) else (Applied(row.symbol, z), EQUALS)
    yield (Row((a, EQUALS, *named, Formula(op.formula, bindings))),)
    if slopes and row.differentiable and scribe.derivation.backward:
        slope = op.partial(Z)
        yield (Row((Applied(row.symbol, z, prime=True), EQUALS, Formula(slope, bindings))),)
        if row.name == "relu":
            yield scribe.say("given.indicator", one=Applied("one", Sign("…")))
    yield from (((Row((Name(q), EQUALS, scribe.num(q))),)) for q in layer.settings)


def _says_itself(row: Activation) -> bool:
    """Whether the formula is the function's own name: tanh(z) = tanh(z) would say nothing."""
    return row.name in ("identity", "tanh", "arctan", "step")


def partial(above: Name, below: Name) -> Fraction:
    """One quantity differentiated by another: ∂a/∂z."""
    return Fraction(Row((Sign("∂"), above)), Row((Sign("∂"), below)))


def cost(scribe: Scribe) -> Iterator[Inline]:
    """The loss of a sample, and what the batch makes of it."""
    network, loss = scribe.network, scribe.loss
    several = network.samples > 1
    n = scribe.notation.indices["n"]
    j = scribe.notation.indices["j"]
    outputs = network.layers[-1].units
    index: tuple[int | str, ...] = (j,) if outputs > 1 else (1,)
    sample: int | str = n if several else 1
    a = Name(Quantity(Role.ACTIVATION, len(network.layers), index, per_sample=True), sample)
    y = Name(Quantity(Role.TARGET, 0, index, per_sample=True), sample)
    share = loss.share
    negative = share.is_Mul and share.args[0] == -1
    body: Math = Formula(share.args[1] if negative else share, {_A: a, _Y: y})
    if outputs > 1:
        body = BigSum(Word(j), body)
        if loss.averaged:
            body = Row((Fraction(Word("1"), Word(str(outputs))), body))
    elif negative:
        body = Formula(share, {_A: a, _Y: y})
    parts: tuple[Math, ...] = (Sign("−"), body) if negative and outputs > 1 else (body,)
    cost = Name(Quantity(Role.COST, per_sample=True), sample)
    yield (Row((cost, EQUALS, *parts)),)
    if several:
        total = BigSum(Word(n), Name(Quantity(Role.COST, per_sample=True), n))
        factor = (Fraction(Word("1"), Word(str(len(scribe.samples)))),) if network.mean else ()
        yield (Row((Name(Quantity(Role.COST)), EQUALS, *factor, total)),)


def _notes(scribe: Scribe) -> Iterator[Block]:
    train = scribe.spec.train
    layers = scribe.network.layers
    notes: list[Inline] = []
    if all(layer.bias == "none" for layer in layers):
        notes.append(scribe.say("note.no_biases"))
    elif all(layer.bias == "shared" for layer in layers):
        notes.append(scribe.say("note.shared_biases"))
    elif shared := [layer for layer in layers if layer.bias == "shared"]:
        numbers = scribe.words.listed([(str(scribe.layer_number(layer)),) for layer in shared])
        notes.append(scribe.say("note.shared_biases_of", count=len(shared), layers=numbers))
    if train is not None and train.freeze:
        names = scribe.words.listed([_parameter(scribe, name) for name in train.freeze])
        notes.append(scribe.say("note.frozen", count=len(train.freeze), names=names))
    if notes:
        yield Paragraph(scribe.words.join(*notes))
    if not scribe.derivation.backward:
        yield Remark(scribe.say("note.no_gradient"))


def _parameter(scribe: Scribe, name: str) -> Inline:
    """A parameter group as `freeze` names it, in the page's notation where it is a single quantity."""
    layer = scribe.network.layers[int(name[1:]) - 1]
    if name[0] == "b" and layer.bias == "shared":
        return (scribe.name(layer.biases()[0]),)
    key = "given.weights_of" if name[0] == "W" else "given.biases_of"
    return scribe.say(key, layer=scribe.layer_number(layer))
