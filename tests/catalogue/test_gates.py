"""Every gate's derivative is proved by SymPy, and says what calculus books say."""

from __future__ import annotations

import pytest
import sympy as sp

from chalkgrad.algebra.functions import defined
from chalkgrad.algebra.ops import formal
from chalkgrad.algebra.parsing import FUNCTIONS, parse
from chalkgrad.algebra.proofs import proved_equal
from chalkgrad.algebra.splitting import split
from chalkgrad.catalogue.gates import GATES, A, U, V, gate_of, step_op

POSITIVE = {U: sp.Symbol("u", positive=True), V: sp.Symbol("v", positive=True)}


@pytest.mark.parametrize("gate", [row for row in GATES if row.textbook], ids=lambda row: row.name)
def test_the_textbook_derivative_is_the_derivative(gate):
    for argument, slope in gate.textbook.items():
        plain = defined(gate.formula).doit()
        difference = (slope.subs(A, plain).doit() - sp.diff(plain, argument)).xreplace(POSITIVE)
        assert proved_equal(difference, sp.Integer(0)) or sp.simplify(difference) == 0


WRITTEN = {
    "copy": "p",
    "plus_number": "p + 7",
    "number_plus": "7 + p",
    "plus": "p + q",
    "number_minus": "7 - p",
    "minus": "p - q",
    "negative": "-p",
    "number_times": "7*p",
    "times": "p*q",
    "reciprocal": "1/p",
    "number_over": "7/p",
    "over": "p/q",
    "square_root": "sqrt(p)",
    "power": "p**7",
    "exp": "exp(p)",
    "log": "log(p)",
    "sin": "sin(p)",
    "cos": "cos(p)",
    "arctan": "arctan(p)",
    "erf": "erf(p)",
    "abs": "abs(p)",
    "sigmoid": "sigmoid(p)",
    "tanh": "tanh(p)",
    "relu": "relu(p)",
    "softplus": "softplus(p)",
    "max": "max(p, q)",
    "max_number": "max(p, 7)",
    "number_max": "max(7, p)",
    "min": "min(p, q)",
    "min_number": "min(p, 7)",
    "number_min": "min(7, p)",
}


@pytest.mark.parametrize(("name", "text"), WRITTEN.items())
def test_every_gate_is_found_by_what_one_writes(name, text):
    ((_, formula),) = split(parse(text, ["p", "q"]), "y", lambda: "more")
    found = gate_of(formula)
    assert found is not None
    assert found.gate.name == name


def test_every_row_is_written_above_and_is_an_operation_that_can_be_called():
    assert set(WRITTEN) == {gate.name for gate in GATES}
    called = {text.split("(")[0] for text in WRITTEN.values() if "(" in text}
    assert called == set(FUNCTIONS)


BY_THE_BOOK = [  # what calculus books say: the formula, by what, the derivative
    ("a*b", "a", "b"),
    ("a*b", "b", "a"),
    ("a - b", "b", "-1"),
    ("a/b", "a", "1/b"),
    ("a/b", "b", "-a/b**2"),
    ("1/a", "a", "-1/a**2"),
    ("a**3", "a", "3*a**2"),
    ("a*a", "a", "2*a"),
    ("sqrt(a)", "a", "1/(2*y)"),
    ("exp(a)", "a", "y"),
    ("log(a)", "a", "1/a"),
    ("sin(a)", "a", "cos(a)"),
    ("cos(a)", "a", "-sin(a)"),
    ("tanh(a)", "a", "1 - y**2"),
    ("sigmoid(a)", "a", "y*(1 - y)"),
    ("softplus(a)", "a", "sigmoid(a)"),
]


@pytest.mark.parametrize(("formula", "by", "slope"), BY_THE_BOOK)
def test_local_derivatives_read_as_in_the_books(formula, by, slope):
    found = step_op("y", parse(formula, ["a", "b"])).partial(formal(by))
    expected = parse(slope, ["a", "b", "y"])
    assert sp.simplify(found.doit() - expected.doit()) == 0
    assert {s.name for s in found.free_symbols} == {s.name for s in expected.free_symbols}


def test_a_step_of_several_gates_is_no_gate_and_is_derived_all_the_same():
    op = step_op("y", parse("a*b + c", ["a", "b", "c"]))
    assert gate_of(op.formula) is None
    assert [op.partial(s) for s in op.inputs] == [formal("b"), formal("a"), 1]
