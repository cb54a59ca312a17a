"""Mistakes of a single neuron, which corrects its parameters by rate · error · input."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from chalkgrad.catalogue.learning_rules import correction
from chalkgrad.derivation.mistaken.rewriting import bound, has_role, reduction, rewritten, sum_of
from chalkgrad.derivation.model import Derivation, Kind, Step
from chalkgrad.quantities import Role


def error_of_z(derivation: Derivation) -> Iterator[Derivation]:
    """The error from the weighted sum, where it is that of the output."""

    def rewrite(step: Step) -> Step:
        return bound(step, sum_of) if has_role(step.quantity, Role.ERROR) else step

    return rewritten(derivation, rewrite)


def target_for_error(derivation: Derivation) -> Iterator[Derivation]:
    """Corrected by the target and not by the error: also where there is no error."""
    (target,) = derivation.network.targets()

    def rewrite(step: Step) -> Step:
        if step.kind is not Kind.UPDATE:
            return step
        return bound(step, lambda r: r._replace(quantity=target) if has_role(r.quantity, Role.ERROR) else r)

    return rewritten(derivation, rewrite)


def no_input(derivation: Derivation) -> Iterator[Derivation]:
    """Weights are corrected by rate · error, like a bias."""
    rule = derivation.network.rule
    assert rule is not None  # noqa: S101 (what this module is for)
    return _corrected(derivation, mean=rule.mean, without_input=True)


def reduced(derivation: Derivation, *, mean: bool) -> Iterator[Derivation]:
    """The samples of a batch averaged where they are added, or the reverse."""
    rule = derivation.network.rule
    if rule is not None and rule.mean is not mean:
        yield from _corrected(derivation, mean=mean, without_input=False)


def _corrected(derivation: Derivation, *, mean: bool, without_input: bool) -> Iterator[Derivation]:
    """With another correction of every parameter, and the cost reduced as the correction is."""

    def rewrite(step: Step) -> Step:
        if step.kind is Kind.REDUCE:
            return reduction(step, mean=mean)
        if step.kind is not Kind.UPDATE:
            return step
        kept = [ref for _, ref in step.bindings if not (without_input and has_role(ref.quantity, Role.INPUT))]
        errors = sum(has_role(ref.quantity, Role.ERROR) for ref in kept)
        op = correction(errors, mean=mean, bias=not any(has_role(ref.quantity, Role.INPUT) for ref in kept))
        changed = step._replace(expression=op.formula, bindings=tuple(zip(op.inputs, kept, strict=True)))
        return step if changed == step else changed

    network = replace(derivation.network, mean=mean)
    return rewritten(derivation, rewrite, network=network)
