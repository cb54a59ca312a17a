"""Gates compute what the formula computes, each from at most two quantities."""

from __future__ import annotations

import math
from itertools import count

import pytest
import sympy as sp
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from chalkgrad.algebra.functions import defined
from chalkgrad.algebra.ops import formal
from chalkgrad.algebra.parsing import parse
from chalkgrad.algebra.splitting import split
from chalkgrad.catalogue.gates import gate_of
from chalkgrad.errors import FormulaError

NAMES = ["a", "b", "c", "d"]
IN_PYTHON = {
    "exp": math.exp,
    "tanh": math.tanh,
    "sin": math.sin,
    "cos": math.cos,
    "abs": abs,
    "max": max,
    "min": min,
    "relu": lambda u: max(u, 0.0),
    "sigmoid": lambda u: 1 / (1 + math.exp(-u)),
    "softplus": lambda u: math.log1p(math.exp(u)),
    "sqrt": math.sqrt,
    "log": math.log,
}


def gates(text: str) -> list[tuple[str, sp.Expr]]:
    numbers = count(1)
    return split(parse(text, NAMES), "f", lambda: f"f{next(numbers)}")


def _is_refused(text: str) -> bool:
    """A power of a computed constant, which nobody may write."""
    try:
        parse(text, NAMES)
    except FormulaError:
        return True
    return False


def worked(text: str, values: dict[str, float]) -> float:
    """The last gate's value, gate by gate."""
    assume(not _is_refused(text))
    known = {formal(name): sp.Float(value, 30) for name, value in values.items()}
    for name, formula in gates(text):
        known[formal(name)] = sp.N(defined(formula).subs(known).doit(), 30)
    return float(known[formal("f")])


def _grown(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pairs = st.tuples(parts, parts)
    return st.one_of(
        st.tuples(parts, st.sampled_from("+-*"), parts).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(parts, st.sampled_from("+-*"), parts).map(lambda t: f"{t[0]} {t[1]} {t[2]}"),
        pairs.map(lambda t: f"({t[0]})/(1 + ({t[1]})**2)"),
        parts.map(lambda t: f"-({t})"),
        parts.map(lambda t: f"({t})**2"),
        st.tuples(st.sampled_from(["tanh", "sin", "cos", "sigmoid", "softplus", "relu", "abs"]), parts).map(
            lambda t: f"{t[0]}({t[1]})"
        ),
        st.tuples(st.sampled_from(["max", "min"]), parts, parts).map(lambda t: f"{t[0]}({t[1]}, {t[2]})"),
    )


EXPRESSIONS = st.recursive(st.sampled_from([*NAMES, "2", "0.5", "1"]), _grown, max_leaves=8)
NUMBERS = st.integers(-15, 15).map(lambda n: n / 8 + 0.03)


@settings(max_examples=40)
@given(EXPRESSIONS, st.tuples(*[NUMBERS] * 4))
def test_gates_come_to_what_the_formula_comes_to(text, numbers):
    values = dict(zip(NAMES, numbers, strict=True))
    expected = eval(text, {"__builtins__": {}, **IN_PYTHON}, values)
    if abs(expected) < 1e6:
        assert worked(text, values) == pytest.approx(expected, rel=1e-8, abs=1e-8)


@settings(max_examples=40)
@given(EXPRESSIONS)
def test_every_gate_is_in_the_table_and_uses_only_what_stands_before_it(text):
    assume(not _is_refused(text))
    known = set(map(formal, NAMES))
    for name, formula in gates(text):
        assert gate_of(formula) is not None or not formula.free_symbols
        assert formula.free_symbols <= known
        assert len(formula.free_symbols) <= 2
        known.add(formal(name))


def spelled(e: sp.Expr) -> str:
    """An expression as SymPy holds it, in its order."""
    return f"{e.func.__name__}({', '.join(map(spelled, e.args))})" if e.args else str(e)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("((a*b + c)*d)**2", ["Mul(a, b)", "Add(f1, c)", "Mul(f2, d)", "Pow(f3, 2)"]),
        ("(a + b)/(c + d)", ["Add(a, b)", "Add(c, d)", "Mul(f1, Pow(f2, -1))"]),
        ("a + b + c", ["Add(a, b)", "Add(f1, c)"]),
        ("a - b*c", ["Mul(b, c)", "Add(a, Mul(-1, f1))"]),
        ("1/(1 + exp(-a))", ["Mul(-1, a)", "exp(f1)", "Add(1, f2)", "Pow(f3, -1)"]),
        ("b*b", ["Mul(b, b)"]),
        ("2*3*a", ["Mul(6, a)"]),
        ("a*-2", ["Mul(-2, a)"]),
        ("a/4 - 1", ["Mul(1/4, a)", "Add(f1, -1)"]),
        ("max(0, a)", ["maximum(0, a)"]),
        ("max(b, a)", ["maximum(b, a)"]),
        ("a/b/c", ["Mul(a, Pow(b, -1))", "Mul(f1, Pow(c, -1))"]),
        ("a**-2", ["Pow(a, -2)"]),
        ("a", ["a"]),
    ],
)
def test_gates_stand_in_the_order_of_a_board(text, expected):
    found = gates(text)
    assert [name for name, _ in found] == [*(f"f{i}" for i in range(1, len(expected))), "f"]
    assert [spelled(formula) for _, formula in found] == expected
