"""The update: its rules in letters, each parameter's turn unit by unit, and whole layers in matrices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

import sympy as sp
from sympy import Symbol

from chalkgrad.algebra.ops import formal
from chalkgrad.catalogue.optimizers import COUNT, DECAY, GRADIENT, RATE, G, Optimizer, Rule, W, new
from chalkgrad.derivation.model import Ref, Step
from chalkgrad.document.grid import laid, numbers_of, printed, result, row
from chalkgrad.document.model import Block, Equations, Inline, Line, Link, Paragraph, Remark
from chalkgrad.document.remarks import other_rates
from chalkgrad.document.scribe import EQUALS, Scribe, equal
from chalkgrad.markup.nodes import Formula, Math, MatrixName, Name, Relation, Row, Sign
from chalkgrad.network import training
from chalkgrad.network.model import Layer
from chalkgrad.quantities import At, Partial, Quantity, Role


def _rules(scribe: Scribe) -> Iterator[Block]:
    """The rules of the update, from which values they start, and whether the biases move."""
    train = scribe.spec.train
    assert train is not None  # noqa: S101 (told to the type checker)
    rules = tuple(_general(rule, train.optimizer) for rule in train.optimizer.rules)
    in_turn = train.sequential and len(scribe.network.layers) > 1
    if len(rules) == 1:
        (line,) = rules
        (link,) = line.links
        key = "update.sequential" if in_turn else "update.simultaneous"
        said = scribe.say(key, rule=Row((line.left, link.relation, link.body)))
        yield Paragraph(scribe.words.join(said, _biases_move(scribe)))
        return
    key = "update.sequential_rules" if in_turn else "update.simultaneous_rules"
    yield Paragraph(scribe.words.join(_biases_move(scribe), scribe.say(key)))
    yield Equations(rules)
    optimizer = train.optimizer
    if DECAY in optimizer.coefficients:
        yield Paragraph(scribe.say("update.decay", decay=Name(training.setting(DECAY))))
    first = scribe.time == 0 and bool(optimizer.states)
    states = scribe.words.listed([(letter_of(name),) for name in optimizer.states])
    start = scribe.say("update.start", count=len(optimizer.states), states=states) if first else ()
    count = Row((scribe.name(training.COUNT), EQUALS, scribe.num(training.COUNT)))
    counted = scribe.say("update.count", t=Name(training.COUNT), here=count) if optimizer.counts else ()
    if start or counted:
        yield Paragraph(scribe.words.join(start, counted))
    if first and optimizer.pulled:
        yield Remark(scribe.say("remark.other_sign", rule=_other_sign(optimizer), rate=Name(training.RATE)))


def _general(rule: Rule, optimizer: Optimizer) -> Line:
    """A rule in letters: what is made, an arrow, and from what."""
    w = Name(Quantity(Role.WEIGHT, ""))
    names: dict[Symbol, Math] = {
        W: w,
        G: Name(Partial(Quantity(Role.COST), Quantity(Role.WEIGHT, ""))),
        RATE: Name(training.RATE),
        COUNT: Name(training.COUNT),
    }
    names |= {formal(name): Name(training.setting(name)) for name in optimizer.coefficients}
    for other in optimizer.rules[:-1]:
        if other.makes != GRADIENT:
            names[formal(other.makes)] = names[new(other.makes)] = letter_of(other.makes)
        elif other is not rule:
            names[G] = letter_of(GRADIENT)
    left = w if rule.makes == "w" else letter_of(rule.makes)
    return Line(left, (Link(Sign("←"), Formula(rule.formula, names)),))


def _other_sign(optimizer: Optimizer) -> Row:
    """Momentum as other books write it: the step itself is remembered, with its sign."""
    v, w, beta = letter_of("v"), Name(Quantity(Role.WEIGHT, "")), Name(training.setting("beta"))
    gradient = Name(Partial(Quantity(Role.COST), Quantity(Role.WEIGHT, "")))
    downhill = (
        Sign("−"),
        Name(training.RATE),
        letter_of(GRADIENT) if DECAY in optimizer.coefficients else gradient,
    )
    ahead = G in optimizer.rules[-1].formula.free_symbols
    step = (beta, v, *downhill) if ahead else (v,)
    remembered = (v, Sign("←"), beta, v, *downhill)
    return Row((*remembered, Sign(","), Sign("quad"), w, Sign("←"), w, Sign("+"), *step))


def letter_of(state: str) -> Name:
    """A state in letters, of no parameter in particular."""
    return Name(Quantity(Role.STATE, "", ("", ""), name=state))


def _biases_move(scribe: Scribe) -> Inline:
    """Whether the biases move, in so many words."""
    biases = [b for layer in scribe.network.layers for b in layer.biases()]
    if not biases:
        return ()
    moving = [b for b in biases if b in scribe.derivation.moving]
    if not moving:
        return scribe.say("update.biases_stay")
    return scribe.say("update.biases_move" if len(moving) == len(biases) else "update.some_biases_move")


def by_units(scribe: Scribe) -> Iterator[Block]:
    """The new parameters from the old ones."""
    if scribe.spec.train is None:
        return
    yield from _rules(scribe)
    yield from other_rates(scribe)
    if scribe.detail == "summary":
        return
    for layer in reversed(scribe.network.layers):
        parameters = [p for p in (*chain(*layer.weights()), *layer.biases()) if p in scribe.derivation.moving]
        if parameters:
            yield Equations(tuple(_update_lines(scribe, parameters)))


def _update_lines(scribe: Scribe, parameters: list[Quantity]) -> Iterator[Line]:
    """What the optimizer makes for each parameter, the parameter last."""
    for i, parameter in enumerate(parameters, 1):
        steps = scribe.derivation.updates[parameter]
        for place, step in enumerate(steps):
            line = scribe.worked(step, symbols=scribe.detail == "full" or i == 1)
            yield replace(line, spaced=len(steps) > 1 and place == 0)


def by_layers(scribe: Scribe) -> Iterator[Block]:
    """Old matrix, rate times gradient, new matrix."""
    if scribe.spec.train is None:
        return
    if "scalar" not in scribe.spec.show.views:
        yield from _rules(scribe)
        yield from other_rates(scribe)
    for layer in reversed(scribe.network.layers):
        lines: list[Line] = []
        if layer.weights()[0][0] in scribe.derivation.moving:
            lines += _updated(scribe, Role.WEIGHT, layer, laid(scribe, layer.weights()))
        if layer.bias == "unit" and layer.biases()[0] in scribe.derivation.moving:
            biases = layer.biases()
            lines += _updated(
                scribe, Role.BIAS, layer, [[b] for b in biases] if scribe.notation.columns else [biases]
            )
        if layer.bias == "shared" and layer.biases()[0] in scribe.derivation.moving:
            lines += map(scribe.worked, scribe.derivation.updates[layer.biases()[0]])
        if lines:
            yield Equations(tuple(lines))


def _updated(scribe: Scribe, role: Role, layer: Layer, parameters: Sequence[Sequence[Quantity]]) -> Iterator[Line]:
    """Plain gradient descent in one line; what another optimizer makes on the way, entry by entry."""
    updates = scribe.derivation.updates
    rules = range(len(updates[parameters[0][0]]))
    if len(rules) > 1:
        for rule in rules:
            steps = [[updates[p][rule] for p in entries] for entries in parameters]
            yield _remembered(scribe, role, layer, steps)
        return
    old = numbers_of(scribe, parameters)
    gradients = numbers_of(scribe, [[scribe.derivation.gradient(p) for p in entries] for entries in parameters])
    new = numbers_of(scribe, [[Ref(p, 1) for p in entries] for entries in parameters])
    used = printed(old, gradients)
    name, gradient = MatrixName(role, layer.number), MatrixName(role, layer.number, gradient=True)
    yield Line(
        MatrixName(role, layer.number, ahead=1),
        (
            equal(row(name, Sign("−"), scribe.name(training.RATE), gradient)),
            Link(Relation(used), row(old, Sign("−"), scribe.num(training.RATE), gradients)),
            result(new, used),
        ),
    )


def _remembered(scribe: Scribe, role: Role, layer: Layer, steps: Sequence[Sequence[Step]]) -> Line:
    """A rule of an optimizer for a whole layer: worked where it only adds multiples of matrices; what squares,
    divides or takes roots does so entry by entry, and only its result is shown."""
    first = steps[0][0]
    made = numbers_of(scribe, [[Ref(step.quantity, 1) for step in entries] for entries in steps])
    left = _matrix_of(role, layer, Ref(first.quantity, 1))
    if first.expression.atoms(sp.Pow):
        return Line(left, (result(made),))
    names: dict[Symbol, Math] = {}
    numbers: dict[Symbol, Math] = {}
    used: list[At] = []
    for place, (symbol, ref) in enumerate(first.bindings):
        if isinstance(ref.quantity, Quantity) and ref.quantity.role in (Role.RATE, Role.SETTING):
            names[symbol], numbers[symbol] = scribe.name(ref), scribe.num(ref)
            continue
        entries = numbers_of(scribe, [[step.bindings[place][1] for step in line] for line in steps])
        names[symbol], numbers[symbol] = _matrix_of(role, layer, ref), entries
        used += printed(entries)
    return Line(
        left,
        (
            equal(Formula(first.expression, names)),
            Link(Relation(tuple(used)), Formula(first.expression, numbers)),
            result(made, tuple(used)),
        ),
    )


def _matrix_of(role: Role, layer: Layer, ref: Ref) -> MatrixName:
    """The matrix in which a parameter, its gradient or a state stands."""
    if isinstance(ref.quantity, Partial):
        return MatrixName(role, layer.number, gradient=True)
    return MatrixName(role, layer.number, ahead=ref.ahead, state=ref.quantity.name)
