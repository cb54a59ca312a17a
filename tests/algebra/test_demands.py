"""What a formula demands of its variables, against where Python's own functions refuse them."""

from __future__ import annotations

import itertools
import math

import pytest
import sympy as sp

from chalkgrad.algebra.demands import demands
from chalkgrad.algebra.parsing import parse
from chalkgrad.catalogue.activations import ACTIVATIONS, Z, activation_op

VALUES = (-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0)

FORMULAS = {
    "log(u - v)": lambda u, v: math.log(u - v),
    "1/(u - v)": lambda u, v: 1 / (u - v),
    "u/v/u": lambda u, v: u / v / u,
    "sqrt(u*v)": lambda u, v: math.sqrt(u * v),
    "sqrt(u*v)**-1": lambda u, v: 1 / math.sqrt(u * v),
    "log(sqrt(u))*v": lambda u, v: math.log(math.sqrt(u)) * v,
    "log(1 + exp(u)) + v": lambda u, v: math.log1p(math.exp(u)) + v,
    "1/(1 + u**2 + v**2)": lambda u, v: 1 / (1 + u * u + v * v),
    "max(u, 1/v)": lambda u, v: max(u, 1 / v),
    "sigmoid(u)/tanh(v)": lambda u, v: 1 / (1 + math.exp(-u)) / math.tanh(v),
}


@pytest.mark.parametrize("text", FORMULAS)
def test_demands_are_where_a_value_is_wanting(text):
    u, v = (sp.Symbol(name, real=True) for name in "uv")
    found = demands(parse(text, ["u", "v"]))
    for one, two in itertools.product(VALUES, repeat=2):
        try:
            FORMULAS[text](one, two)
            has_value = True
        except (ValueError, ZeroDivisionError):
            has_value = False
        signs = [sp.sign(sp.N(demand.part.subs({u: one, v: two}), 30)) for demand in found]
        met = all(
            sign.is_number and sign.is_real and int(sign) in demand.signs
            for sign, demand in zip(signs, found, strict=True)
        )
        assert met == has_value, (one, two, found)


@pytest.mark.parametrize("row", [row for row in ACTIVATIONS if not row.couples], ids=lambda row: row.name)
def test_activations_demand_nothing(row):
    op = activation_op(row)
    assert demands(op.formula) == ()
    if op.differentiable:
        assert demands(op.partial(Z)) == ()
