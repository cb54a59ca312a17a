"""The formulas that may be looked up: functions with their derivatives, the cost, the deltas, the update."""

from __future__ import annotations

from collections.abc import Iterator

from chalkgrad.document import given, rules, scalar
from chalkgrad.document.model import Facts, Formulas, Inline, Line
from chalkgrad.document.scribe import Scribe, equal
from chalkgrad.markup.nodes import Math, Name, Product, Row
from chalkgrad.quantities import Partial, Quantity, Role

_COST = Quantity(Role.COST)


def formulas(scribe: Scribe) -> Iterator[Formulas]:
    """The sheet of formulas of a network; other lessons have none."""
    if not scribe.network.layers or scribe.network.rule is not None or scribe.network.loss is None:
        return
    rows = list(given.activations(scribe))
    if scribe.derivation.backward:
        rows += _backward(scribe)
    yield Formulas(scribe.say("exam.formulas"), Facts(tuple(rows)))


def _backward(scribe: Scribe) -> Iterator[tuple[Inline, tuple[Inline, ...]]]:
    j, k, level = (scribe.notation.indices[letter] for letter in ("j", "k", "l"))
    layers = scribe.network.layers
    if not any(layer.activation.couples for layer in layers):
        deltas = [_output_delta(j, len(layers))]
        if len(layers) > 1:
            deltas.append(scalar.recursion(scribe, tinted=False))
        yield scribe.say("exam.deltas"), tuple(map(_on_one_line, deltas))
    delta = Name(Partial(_COST, Quantity(Role.WEIGHTED_SUM, level, (j,))))
    before = Name(Quantity(Role.ACTIVATION, f"{level}-1", (k,)))
    by_weight = Name(Partial(_COST, Quantity(Role.WEIGHT, level, (j, k))))
    by_bias = Name(Partial(_COST, Quantity(Role.BIAS, level, (j,))))
    entries = [_on_one_line(Line(by_weight, (equal(Product((delta, before))),)))]
    if any(layer.bias != "none" for layer in layers):
        entries.append(_on_one_line(Line(by_bias, (equal(delta),))))
    yield scribe.say("exam.gradients"), tuple(entries)
    if scribe.spec.train is not None:
        yield scribe.say("exam.update"), tuple(map(_on_one_line, rules.in_letters(scribe.spec.train.optimizer)))


def _output_delta(j: str, last: int) -> Line:
    """The delta of an output: how the cost moves with it, times its slope."""
    z, a = Quantity(Role.WEIGHTED_SUM, last, (j,)), Quantity(Role.ACTIVATION, last, (j,))
    return Line(Name(Partial(_COST, z)), (equal(Product((Name(Partial(_COST, a)), Name(Partial(a, z))))),))


def _on_one_line(line: Line) -> Inline:
    parts: list[Math] = [line.left]
    for link in line.links:
        parts += [link.relation, link.body]
    return (Row(tuple(parts)),)
