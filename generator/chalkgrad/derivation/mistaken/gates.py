"""Mistakes in computation graphs: a local derivative is wrong, or a factor of the chain is missing."""

from __future__ import annotations

from collections.abc import Iterator

import sympy as sp

from chalkgrad.algebra.order import minus
from chalkgrad.catalogue.gates import gate_of
from chalkgrad.derivation.mistaken.rewriting import constant, rewritten
from chalkgrad.derivation.model import Derivation, Kind, Ref, Step
from chalkgrad.quantities import Partial


def forgot_outer(derivation: Derivation) -> Iterator[Derivation]:
    """The derivative of a function is left out: what arrives at x² or exp x is passed on as it is."""

    def rewrite(step: Step) -> Step:
        local = _local(step)
        if local is None or not step.bindings or len(derivation.by_quantity[local.of, 0].bindings) > 1:
            return step
        return constant(step, sp.Integer(1))

    return rewritten(derivation, rewrite)


def forgot_inner(derivation: Derivation) -> Iterator[Derivation]:
    """The last factor of the chain is left out: the derivative by what is given is that of the gate it feeds."""
    given = derivation.network.given

    def rewrite(step: Step) -> Step:
        local = _local(step)
        if local is None or local.by not in given or local.of == derivation.network.cost:
            return step
        return constant(step, sp.Integer(1))

    return rewritten(derivation, rewrite)


def forgot_upstream(derivation: Derivation) -> Iterator[Derivation]:
    """A local derivative is taken for the whole: not multiplied by what arrives from above."""
    network = derivation.network
    one = Ref(Partial(network.cost, network.cost, per_sample=True))

    def rewrite(step: Step) -> Step:
        if step.kind is not Kind.CHAIN or not isinstance(step.quantity, Partial):
            return step
        arriving = {path.upstream for path in derivation.paths[step.quantity]}
        bindings = tuple((symbol, one if ref in arriving else ref) for symbol, ref in step.bindings)
        return step if bindings == step.bindings else step._replace(bindings=bindings)

    return rewritten(derivation, rewrite)


def lost_minus(derivation: Derivation) -> Iterator[Derivation]:
    """The minus of a local derivative is lost: that of u − v by v, of 1/x, of cos x."""

    def rewrite(step: Step) -> Step:
        if _local(step) is None or not step.expression.as_coeff_Mul()[0].is_negative:
            return step
        return step._replace(expression=minus(step.expression))

    return rewritten(derivation, rewrite)


def own_factor(derivation: Derivation) -> Iterator[Derivation]:
    """At a product each factor is its own derivative, where it is the other one's."""

    def rewrite(step: Step) -> Step:
        local = _local(step)
        if local is None:
            return step
        made = derivation.by_quantity[local.of, 0]
        fitting = gate_of(made.expression)
        if fitting is None or fitting.gate.name != "times" or len(made.bindings) < 2:
            return step
        (symbol, _), *_ = step.bindings
        return step._replace(bindings=((symbol, Ref(local.by)),))

    return rewritten(derivation, rewrite)


def _local(step: Step) -> Partial | None:
    """The local derivative that a step makes; not that of the output by itself."""
    quantity = step.quantity
    if step.kind is not Kind.LOCAL or not isinstance(quantity, Partial) or quantity.of == quantity.by:
        return None
    return quantity
