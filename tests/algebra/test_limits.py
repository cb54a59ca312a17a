"""A derivative by its definition: equalities are proven, limits are taken by SymPy, what is struck cancels."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sympy as sp
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from chalkgrad.algebra.functions import defined
from chalkgrad.algebra.limits import Limit, Move, Standard, derivative
from chalkgrad.algebra.marks import arrived, struck, tends, unmarked
from chalkgrad.algebra.ops import formal
from chalkgrad.algebra.order import rebuilt
from chalkgrad.algebra.parsing import parse
from chalkgrad.algebra.proofs import proved_equal
from chalkgrad.errors import NotByDefinition

NAMES = [*"abcduvwxyz"]
x, y, h = formal("x"), formal("y"), formal("h")

WORKED = """
x**2; x**3; x*y; (x+y)*z; ((x*b+c)*d)**2; 3*x + 1; x; -x; -2*x; 0.5*(y-x)**2; x + y; y; 2
1/x; y/x; x/y; 1/x**2; (x+b)/(c+d); b/(x+c); x/(1+x**2); -3/(2*x); x/2
sqrt(x); sqrt(2*x+1); sqrt(x**2+1); sqrt(x)/3; 1/sqrt(x); sqrt(1+exp(x)); x*sqrt(x)
exp(x); exp(2*x); exp(-x); exp(x*y); exp(-x**2); 3*exp(x); x*exp(x); exp(1/x); exp(-(w*x+v*z+b))
log(x); log(2*x); log(2*x+1); log(x)**2; -log(x); log(x)/x; 5 - 3*log(x) - y; x**2 + exp(x)
sin(x); cos(x); cos(2*x); sin(x*y); x*sin(x)
1/(1+exp(-x)); sigmoid(x); 1/(1+exp(-(w*x+v*z+b))); exp(x)/(1+exp(x))
"""
FORMULAS = [formula.strip() for line in WORKED.strip().splitlines() for formula in line.split(";")]


def all_of(limit: Limit) -> Iterator[Limit]:
    """A limit and the limits that it rests on."""
    yield limit
    for part in limit.parts:
        yield from all_of(part)


def all_positive(e: sp.Expr) -> sp.Expr:
    return e.xreplace({s: sp.Symbol(s.name, positive=True) for s in e.free_symbols})


def assert_true(limit: Limit) -> None:
    """Every equality, every arrow, every stroke."""
    for one in all_of(limit):
        first, *_, last = one.steps
        assert first.move is Move.INSERTED
        assert last.move is Move.ARRIVED
        assert not last.expression.has(one.increment, struck, tends)
        f = defined(unmarked(one.function))
        quotient = (f.subs(one.variable, one.variable + one.increment) - f) / one.increment
        assert proved_equal(unmarked(first.expression), quotient, positive=True)
        for before, after in zip(one.steps, one.steps[1:-1], strict=False):
            assert proved_equal(unmarked(before.expression), unmarked(after.expression), positive=True), after
        before = one.steps[-2].expression
        assert proved_equal(arrived(before).subs(one.increment, 0), last.expression, positive=True)
        assert proved_equal(sp.diff(f, one.variable), last.expression, positive=True)
        for step in one.steps:
            for part in step.expression.atoms(tends):
                assert arrows(part, one)
            assert strokes(step.expression)


def arrows(part: sp.Expr, limit: Limit) -> bool:
    """Whether a part tends to what its brace says, by SymPy's own limits."""
    quotient = defined(unmarked(all_positive(part.args[0])))
    h = sp.Symbol(limit.increment.name, positive=True)
    found = sp.limit(quotient, h, 0, "+")
    return proved_equal(found, unmarked(part.args[1]), positive=True)


def strokes(expression: sp.Expr) -> bool:
    """Whether nothing changes where what is struck is left out: 0 in sums, 1 above and below a bar."""
    if not expression.has(struck):
        return True
    top = [f for f in sp.Mul.make_args(expression) if not (f.is_Pow and f.exp == -1)]
    if any(term.has(struck) for part in top if part.is_Add for term in part.args):
        without = rebuilt(expression, lambda e: sp.Integer(0) if isinstance(e, struck) else None)
    else:
        without = rebuilt(expression, lambda e: sp.Integer(1) if isinstance(e, struck) else None)
    return proved_equal(unmarked(expression), unmarked(without), positive=True)


@pytest.mark.parametrize("formula", FORMULAS)
def test_every_step_is_true(formula: str) -> None:
    limit = derivative(parse(formula, NAMES), x)
    assert_true(limit)


@given(
    st.lists(
        st.tuples(st.integers(-3, 3).filter(bool), st.integers(0, 3), st.integers(0, 2)), min_size=1, max_size=2
    )
)
@settings(max_examples=10, deadline=None)
def test_polynomials(terms: list[tuple[int, int, int]]) -> None:
    formula = " + ".join(f"({c})*x**{n}*y**{m}" for c, n, m in terms)
    assert_true(derivative(parse(formula, NAMES), x))


@given(st.integers(-3, 3), st.integers(-3, 3), st.integers(-3, 3).filter(bool), st.integers(1, 4))
@settings(max_examples=6, deadline=None)
def test_fractions(a: int, b: int, c: int, d: int) -> None:
    assume(a or b)
    assert_true(derivative(parse(f"(({a})*x + ({b}))/(({c})*x + ({d})*y)", NAMES), x))


def moves(formula: str) -> list[str]:
    return [step.move.name for step in derivative(parse(formula, NAMES), x).steps]


def test_the_way_of_the_board() -> None:
    assert moves("x**2") == ["INSERTED", "EXPANDED", "FACTORED", "REDUCED", "ARRIVED"]
    assert moves("x*y") == ["INSERTED", "EXPANDED", "FACTORED", "ARRIVED"]
    assert moves("1/x") == ["INSERTED", "COMMON", "EXPANDED", "FACTORED", "REDUCED", "ARRIVED"]
    assert moves("sqrt(x)") == ["INSERTED", "CONJUGATE", "EXPANDED", "FACTORED", "REDUCED", "ARRIVED"]
    assert moves("exp(x)") == ["INSERTED", "LAW", "STANDARD", "ARRIVED"]
    assert moves("log(x)") == ["INSERTED", "LAW", "EXPANDED", "STANDARD", "ARRIVED"]
    assert moves("x*exp(x)") == ["INSERTED", "ADDED", "PARTED", "ARRIVED"]


def test_what_cancels_is_struck() -> None:
    expanded = derivative(parse("(x+y)*z", NAMES), x).steps[1].expression
    z = formal("z")
    assert expanded.atoms(struck) == {struck(x * z), struck(y * z)}
    assert derivative(parse("x**2", NAMES), x).steps[2].expression.atoms(struck) == {struck(h)}


@pytest.mark.parametrize(
    ("formula", "standards"),
    [
        ("exp(-x)", (Standard.EXPONENTIAL,)),
        ("log(3*x)", (Standard.LOGARITHM,)),
        ("cos(x)", (Standard.COSINE, Standard.SINE)),
    ],
)
def test_standard_limits_are_named(formula: str, standards: tuple[Standard, ...]) -> None:
    used = [step.standards for step in derivative(parse(formula, NAMES), x).steps if step.standards]
    assert used == [standards]


def test_parts_stand_on_their_own() -> None:
    limit = derivative(parse("x*exp(x)", NAMES), x)
    assert [str(part.function) for part in limit.parts] == ["exp(x)"], "the limit of (x + h − x)/h is plain"


def test_a_letter_of_the_formula_is_no_increment() -> None:
    own = formal("h")
    assert derivative(own**2, own).increment == formal("t")


def test_what_may_be_zero_is_told() -> None:
    assert derivative(parse("exp(x*y)", NAMES), x).nonzero == y
    assert derivative(parse("exp(2*x)", NAMES), x).nonzero is None


def test_the_order_of_the_formula_is_kept() -> None:
    inner = parse("-(w*x+v*z+b)", NAMES)
    result = derivative(parse("1/(1+exp(-(w*x+v*z+b)))", NAMES), x).result
    assert [e.args[0] for e in result.atoms(sp.exp)] == [inner]


@pytest.mark.parametrize(
    ("formula", "reason"),
    [
        ("max(x, y)", '"max" has no standard limit'),
        ("abs(x)", '"abs" has no standard limit'),
        ("tanh(x)", '"tanh" has no standard limit'),
        ("x + relu(x)", '"relu" has no standard limit'),
        ("x**(1.5)", "a power with the exponent 3/2"),
        ("log(1+exp(x))", 'what stands inside "log" is no fraction'),
        ("(x+y+z)**4", "multiplied out"),
    ],
)
def test_what_is_not_worked_by_hand_is_refused(formula: str, reason: str) -> None:
    with pytest.raises(NotByDefinition, match=reason):
        derivative(parse(formula, NAMES), x)
