"""The formulas that may be looked up: functions with their derivatives, the cost, the deltas, the update."""

from __future__ import annotations

from collections.abc import Iterator

from chalkgrad.document import given, rules, scalar
from chalkgrad.document.model import Facts, Formulas, Inline, Line
from chalkgrad.document.scribe import Scribe, equal
from chalkgrad.markup.nodes import BigSum, Fraction, Math, Name, Product, Row, Word
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
    several = scribe.network.samples > 1
    n: int | str = scribe.notation.indices["n"] if several else 1
    cost = Quantity(Role.COST, per_sample=several)

    def by(quantity: Quantity) -> Name:
        return Name(Partial(cost, quantity, per_sample=several), n)

    weight, bias = Quantity(Role.WEIGHT, level, (j, k)), Quantity(Role.BIAS, level, (j,))
    delta = by(Quantity(Role.WEIGHTED_SUM, level, (j,), per_sample=several))
    before = Name(Quantity(Role.ACTIVATION, f"{level}-1", (k,), per_sample=several), n)
    lines = [Line(by(weight), (equal(Product((delta, before))),))]
    if any(layer.bias != "none" for layer in layers):
        lines.append(Line(by(bias), (equal(delta),)))
    if several:
        share = (Fraction(Word("1"), Word(str(len(scribe.samples)))),) if scribe.network.mean else ()
        total = Row((*share, BigSum(Word(str(n)), by(weight))))
        lines.append(Line(Name(Partial(_COST, weight)), (equal(total),)))
    entries = map(_on_one_line, lines)
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
