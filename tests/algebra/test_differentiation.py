"""Every line of a worked derivative follows from the line before, and ends at the derivative."""

from __future__ import annotations

import itertools

import mpmath
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from chalkgrad.algebra.differentiation import SLOPES, SPELLED_OUT, UNDONE_BY, Rule, differentiated, prime
from chalkgrad.algebra.functions import defined
from chalkgrad.algebra.ops import OUTPUT, formal
from chalkgrad.algebra.order import add, call, mul, over
from chalkgrad.algebra.parsing import parse
from chalkgrad.algebra.proofs import proved_equal
from chalkgrad.algebra.textbook import textbook_moves
from chalkgrad.algebra.tidying import alike, tidied
from chalkgrad.catalogue.activations import ACTIVATIONS, Z
from chalkgrad.errors import NotDifferentiable

SMOOTH = [row for row in ACTIVATIONS if row.formula is not None and row.differentiable]


def lines_of(formula, moves):
    return [call(prime, formula, Z), *(move.result for move in moves)]


def value_at(line, formula, point):
    """A line's number, with SymPy's derivative where one is still to be taken, in 40 digits."""
    plain = defined(formula).doit()
    line = line.replace(prime, lambda u, v: defined(u).doit().diff(v) if v == Z else sp.diff(defined(u), v))
    line = defined(line).subs(OUTPUT, plain)
    return complex(sp.N(line.subs({Z: point, formal("alpha"): sp.Rational(1, 10)}).doit(), 40))


def oracle(formula, point):
    """The derivative by mpmath, which knows no rules."""
    plain = sp.lambdify(Z, defined(formula).subs(formal("alpha"), sp.Rational(1, 10)), "mpmath")
    with mpmath.workdps(40):
        return complex(mpmath.diff(plain, mpmath.mpf(point.p) / point.q))


@pytest.mark.parametrize("row", SMOOTH, ids=lambda row: row.name)
def test_every_line_of_an_activation_is_proved_equal_to_the_next(row):
    moves = textbook_moves(row.formula, Z, row.derivative)
    lines = lines_of(row.formula, moves)
    plain = defined(row.formula).doit()
    for before, after in itertools.pairwise(lines):
        ends = [
            defined(line).subs(OUTPUT, plain).doit() if not line.has(prime) else line for line in (before, after)
        ]
        if OUTPUT in before.free_symbols or OUTPUT in after.free_symbols:
            ends = [by_hand(line, plain) for line in (before, after)]
        assert proved_equal(*ends), f"{before} is not {after}"


def by_hand(line, plain):
    """A line that speaks of the function's own value a, which is differentiated as a variable of its own."""
    return line.replace(prime, sp.diff).subs(OUTPUT, plain)


@pytest.mark.parametrize("row", SMOOTH, ids=lambda row: row.name)
def test_the_last_line_is_the_textbook_form_of_the_catalogue(row):
    last = textbook_moves(row.formula, Z, row.derivative)[-1].result
    assert alike(last, row.derivative)
    assert not last.has(prime)


@pytest.mark.parametrize("row", SMOOTH, ids=lambda row: row.name)
@pytest.mark.parametrize("point", [sp.Rational(-13, 10), sp.Rational(7, 4)], ids=str)
def test_every_line_has_the_number_of_the_derivative(row, point):
    expected = oracle(row.formula, point)
    for line in lines_of(row.formula, textbook_moves(row.formula, Z, row.derivative))[1:]:
        if line.has(prime) and line.has(OUTPUT):
            continue  # 1/(tan a)′ is differentiated by a
        assert value_at(line, row.formula, point) == pytest.approx(expected, rel=1e-12, abs=1e-12)


RULES = {
    "sigmoid": "QUOTIENT CONSTANT,SUM CONSTANT,EXP,CHAIN FACTOR,VARIABLE TIDY FRACTIONS ZERO SPLIT NAMED",
    "tanh": "DEFINITION QUOTIENT SUM EXP,CHAIN FACTOR,VARIABLE TIDY EQUAL_FACTORS SPLIT FRACTION_POWER NAMED",
    "arctan": "INVERSE TAN UNDO",
    "softplus": "LN,CHAIN SUM CONSTANT,EXP TIDY EXTEND",
    "relu": "DEFINITION CASES VARIABLE,CONSTANT NAMED",
}


@pytest.mark.parametrize("name", RULES)
def test_the_rules_are_those_of_a_lecture(name):
    row = next(row for row in ACTIVATIONS if row.name == name)
    moves = textbook_moves(row.formula, Z, row.derivative)
    assert [",".join(rule.name for rule in move.rules) for move in moves] == RULES[name].split()


@pytest.mark.parametrize("function", [*SLOPES], ids=lambda f: f.__name__)
def test_every_slope_of_the_table_is_sympys(function):
    _, slope = SLOPES[function]
    expected = sp.diff(defined(function(Z)), Z)
    if function is sp.Abs:
        expected = sp.sign(Z)
    assert proved_equal(slope(Z), expected)


@pytest.mark.parametrize("function", [*SPELLED_OUT], ids=lambda f: f.__name__)
def test_what_a_function_is_spelled_out_as_is_the_function(function):
    spelled = SPELLED_OUT[function](Z)
    assert proved_equal(spelled, defined(function(Z)))


def test_an_inverse_undoes_its_function():
    z = sp.Symbol("z", real=True)
    assert all(undo(function(z)) == z for function, undo in UNDONE_BY.items())


def test_a_step_is_refused():
    row = next(row for row in ACTIVATIONS if row.name == "step")
    with pytest.raises(NotDifferentiable):
        differentiated(row.formula, Z)


FORMULAS = [
    "z*sigmoid(z)", "z/(1 + exp(-z))", "sqrt(1 + z**2) - 1", "exp(-z**2)",
    "sin(z) + 0.5*cos(2*z)", "z**3*exp(z)*sin(z)",
    "z*tanh(softplus(z))", "0.5*z*(1 + erf(z/sqrt(2)))", "log(1 + exp(3*z))/3", "2", "-z", "z/2/z", "(z + 1)**-2",
    "arctan(pi*z)/pi", "3/(z**2 + 1) - 1/2", "z/(1 + abs(z))", "max(0.1*z, z)", "min(max(z, -1), 1)",
    "relu(z) - relu(-z)/3",
]  # fmt: skip


@pytest.mark.parametrize("text", FORMULAS)
@pytest.mark.parametrize("point", [sp.Rational(-13, 10), sp.Rational(3, 5)], ids=str)
def test_formulas_of_ones_own_are_differentiated_line_by_line(text, point):
    formula = parse(text, ["z"])
    expected = oracle(formula, point)
    moves = textbook_moves(formula, Z, None)
    assert not moves[-1].result.has(prime)
    for line in lines_of(formula, moves)[1:]:
        assert value_at(line, formula, point) == pytest.approx(expected, rel=1e-9, abs=1e-9)


# --- random expressions ----------------------------------------------------------------------------------------

numbers = st.sampled_from([sp.Integer(n) for n in (-3, -1, 0, 1, 2)] + [sp.Rational(1, 2), sp.Rational(-2, 3)])
smooth = [sp.exp, sp.tanh, sp.atan, sp.sin, sp.cos, *(f for f in SLOPES if f.__name__ in ("sigmoid", "softplus"))]


def grown(inner):
    return st.one_of(
        st.builds(add, inner, inner),
        st.builds(lambda u, v: add(u, mul(-1, v)), inner, inner),
        st.builds(mul, inner, inner),
        st.builds(lambda u, v: over(u, add(1, sp.Pow(v, 2, evaluate=False))), inner, inner),
        st.builds(lambda u, n: sp.Pow(u, n, evaluate=False), inner, st.sampled_from([2, 3])),
        st.builds(call, st.sampled_from(smooth), inner),
    )


expressions = st.recursive(st.one_of(st.just(Z), numbers), grown, max_leaves=5)


def proved(before, after):
    """Proved by expanding what lies between two lines; the functions stay as they are."""
    difference = (before - after).replace(prime, lambda u, v: sp.diff(u.doit(), v)).doit()
    return (
        sp.expand(difference) == 0
        or sp.expand(sp.numer(sp.together(difference))) == 0
        or proved_equal(before, after)
    )


@settings(max_examples=40, deadline=None)
@given(expressions)
def test_every_line_of_any_formula_is_proved(formula):
    lines = lines_of(formula, differentiated(formula, Z))
    for before, after in itertools.pairwise(lines):
        assert proved(before, after), f"{before} is not {after}"
    assert proved(lines[-1], sp.diff(formula.doit(), Z))


@settings(max_examples=100, deadline=None)
@given(expressions)
def test_tidying_changes_nothing_and_is_done_at_once(formula):
    tidy = tidied(formula)
    assert sp.expand(tidy.doit() - formula.doit()) == 0
    assert tidied(tidy) == tidy


def test_every_rule_is_shown_by_an_example():
    assert all(rule.value for rule in Rule)
