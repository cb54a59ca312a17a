"""The update: each parameter's turn unit by unit, and whole layers in matrices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

import sympy as sp
from sympy import Symbol

from chalkgrad.algebra.functions import maximum, minimum
from chalkgrad.derivation.model import Ref, Step
from chalkgrad.document.grid import laid, numbers_of, printed, result, row
from chalkgrad.document.model import Block, Equations, Line, Link
from chalkgrad.document.remarks import other_rates
from chalkgrad.document.rules import rules, shared
from chalkgrad.document.scribe import Scribe, equal
from chalkgrad.markup.nodes import Formula, Math, MatrixName, Relation, Sign
from chalkgrad.network import training
from chalkgrad.network.model import Layer
from chalkgrad.quantities import At, Partial, Quantity, Role

_SCALARS = (Role.RATE, Role.SETTING, Role.SHARED)
"""What a whole layer has one number of."""
_ENTRYWISE = (sp.Pow, sp.sign, maximum, minimum)
"""What is done to the entries of a matrix one by one."""


def by_units(scribe: Scribe) -> Iterator[Block]:
    """The new parameters from the old ones."""
    if scribe.spec.train is None:
        return
    yield from rules(scribe)
    yield from other_rates(scribe)
    yield from shared(scribe)
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
        yield from rules(scribe)
        yield from other_rates(scribe)
        yield from shared(scribe)
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
            equal(row(name, Sign("−"), scribe.name(training.RATE), Sign("thin"), gradient)),
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
    if first.expression.has(*_ENTRYWISE):
        return Line(left, (result(made),))
    names: dict[Symbol, Math] = {}
    numbers: dict[Symbol, Math] = {}
    used: list[At] = []
    for place, (symbol, ref) in enumerate(first.bindings):
        if isinstance(ref.quantity, Quantity) and ref.quantity.role in _SCALARS:
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
