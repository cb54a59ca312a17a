"""What moves a neuron's weights: gradients are proved from scratch, the perceptron's rule is its author's."""

from __future__ import annotations

import pytest
import sympy as sp

from chalkgrad.algebra.functions import defined
from chalkgrad.algebra.proofs import proved_equal
from chalkgrad.catalogue import activations, losses
from chalkgrad.catalogue.learning_rules import (
    BY_NAME,
    LEARNING_RULES,
    OUTPUT,
    RATE,
    W,
    X,
    Y,
    correction,
    slope,
)

DESCENDING = [rule for rule in LEARNING_RULES if rule.descends]
w, x, b, y = sp.symbols("w x b y", real=True)
COSTS = {  # of one sample, as the books have them, the output written out
    "adaline": (y - (w * x + b)) ** 2 / 2,  # Widrow and Hoff (1960)
    "logistic": -(y * sp.log(1 / (1 + sp.exp(-w * x - b))) + (1 - y) * sp.log(1 - 1 / (1 + sp.exp(-w * x - b)))),
}
OUTPUTS = {"adaline": w * x + b, "logistic": 1 / (1 + sp.exp(-w * x - b))}


@pytest.mark.parametrize("rule", DESCENDING, ids=lambda rule: rule.name)
def test_the_gradient_is_minus_error_times_input(rule):
    true = sp.diff(COSTS[rule.name], w)
    output = OUTPUTS[rule.name]
    assert proved_equal(true, -(y - output) * x)
    assert proved_equal(slope(rule).subs({OUTPUT: output, X: x, Y: y}), true)


@pytest.mark.parametrize("rule", DESCENDING, ids=lambda rule: rule.name)
def test_the_rows_that_a_rule_names_are_its_activation_and_cost(rule):
    activation, loss = activations.BY_NAME[rule.activation], losses.BY_NAME[rule.loss]
    output = defined(activation.formula).subs(activations.Z, w * x + b)
    assert proved_equal(output, OUTPUTS[rule.name])
    assert proved_equal(loss.share.subs({losses.A: output, losses.Y: y}).doit(), COSTS[rule.name])


def test_the_perceptron_follows_no_gradient():
    rule = BY_NAME["perceptron"]
    assert not rule.descends
    assert not activations.BY_NAME[rule.activation].differentiable


@pytest.mark.parametrize("mean", [True, False])
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("samples", [1, 3])
def test_a_correction_adds_rate_times_error_times_input(samples, bias, mean):
    op = correction(samples, mean=mean, bias=bias)
    numbers = {W: sp.Rational(7, 2), RATE: sp.Rational(1, 5)}
    errors, inputs = [3, -2, 5][:samples], [1, 4, -6][:samples]
    numbers |= {sp.Symbol(f"e{i}", real=True): e for i, e in enumerate(errors, 1)}
    numbers |= {sp.Symbol(f"x{i}", real=True): v for i, v in enumerate(inputs, 1)}
    moved = sum(errors) if bias else sum(e * v for e, v in zip(errors, inputs, strict=True))
    share = sp.Rational(moved, samples) if mean else moved
    assert sp.simplify(op.formula.subs(numbers)) == sp.Rational(7, 2) + sp.Rational(1, 5) * share
    assert set(op.formula.free_symbols) == set(op.inputs)
