"""Terms and factors stay in the order in which they were written, and nothing is looked into."""

from __future__ import annotations

import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from chalkgrad.algebra import order
from chalkgrad.algebra.order import add, call, cases, minus, mul, over, power, written

a, b, c, w, x, z = sp.symbols("a b c w x z", real=True)


def test_a_sum_keeps_its_order():
    assert add(x, w, b).args == (x, w, b)
    assert add(b, mul(w, x)).args == (b, mul(w, x))


def test_a_product_keeps_its_order():
    assert mul(w, x).args == (w, x)
    assert mul(x, w).args == (x, w)
    assert mul(z, 2, a).args == (z, 2, a)


def test_nothing_is_combined():
    assert add(x, x).args == (x, x)
    assert mul(x, x).args == (x, x)
    assert add(1, minus(a)).args == (1, minus(a))
    assert minus(2).args == (-1, 2)
    assert power(add(b, minus(a)), 2).args == (add(b, minus(a)), 2)
    assert over(a, b).args == (a, power(b, -1))
    assert power(sp.Integer(2), 3).args == (2, 3)
    assert call(sp.exp, sp.Integer(0)).args == (0,)


def test_a_single_term_is_itself():
    assert add(x) is x
    assert mul(x) is x


def test_cases_are_told_apart_at_zero():
    two = cases(z, z, mul(a, z))
    assert two.subs({z: 3, a: 10}).doit() == 3
    assert two.subs({z: -3, a: 10}).doit() == -30
    assert two.subs({z: 0, a: 10}).doit() == 0
    assert cases(z, 1, a).subs({z: 0, a: 10}).doit() == 10, "at 0 the second case holds"


@given(st.permutations([a, b, c, w, x, z]))
def test_any_order_is_kept_and_means_the_same(symbols):
    assert add(*symbols).args == tuple(symbols)
    assert mul(*symbols).args == tuple(symbols)
    assert sp.simplify(add(*symbols).doit() - (a + b + c + w + x + z)) == 0
    assert sp.simplify(mul(*symbols).doit() - a * b * c * w * x * z) == 0


@pytest.mark.parametrize(
    "expression",
    [
        w * x + b,
        (1 - a) * a,
        sp.exp(-z) / (1 + sp.exp(-z)) ** 2,
        2 * x * (a + 3 * b) ** 2 - z / (1 + z**2),
        sp.sin(a * z + b) * sp.cos(z),
        sp.diff(sp.tanh(z) * z, z),
        sp.sqrt(1 + z**2),
    ],
    ids=str,
)
def test_what_sympy_computed_is_pinned_without_changing_its_worth(expression):
    pinned = written(expression)
    values = dict(zip((a, b, c, w, x, z), (sp.Rational(n, 7) for n in (2, 3, 5, 11, 13, 4)), strict=True))
    assert abs(sp.N(pinned.subs(values).doit() - expression.subs(values), 30)) < sp.Float("1e-25")
    assert sp.srepr(written(pinned)) == sp.srepr(pinned), "what is pinned stays"


def test_pinned_terms_stand_as_sympy_prints_them():
    # printed by SymPy: a*x**2 + b*x + c
    assert written(c + b * x + a * x**2).args[-1] == c
    assert str(a * x**2 + b * x + c) == "a*x**2 + b*x + c"


@pytest.mark.parametrize(
    "build",
    [
        lambda text: order.add(text, x),
        order.add,
        lambda text: order.mul(text, x),
        order.mul,
        order.minus,
        lambda text: order.power(text, 2),
        lambda text: order.power(x, text),
        lambda text: order.over(text, x),
        lambda text: order.call(sp.exp, text),
        lambda text: order.cases(z, text, 0),
        lambda text: order.cases(z, 0, text),
    ],
    ids=["sum", "term", "product", "factor", "minus", "base", "exponent", "fraction", "call", "case", "otherwise"],
)
def test_text_is_never_evaluated(build, tmp_path):
    # SymPy's sympify runs a text as Python; here none may ever reach it
    proof = tmp_path / "ran"
    text = f"__import__('pathlib').Path({str(proof)!r}).touch() or 1"
    with pytest.raises((sp.SympifyError, TypeError)):
        build(text)
    assert not proof.exists()
