"""What is said of a function's behaviour agrees with a dense look at it in mpmath, which knows no SymPy limits."""

from __future__ import annotations

import itertools

import mpmath
import pytest
import sympy as sp

from chalkgrad.algebra.behaviour import SMALL_SLOPE, behaviour
from chalkgrad.algebra.functions import defined
from chalkgrad.algebra.ops import formal
from chalkgrad.catalogue.activations import ACTIVATIONS, ALPHA, Z

ROWS = [row for row in ACTIVATIONS if row.formula is not None and row.differentiable]
POINTS = [mpmath.mpf(i) / 8 for i in range(-400, 401)]


def plain(row, alpha="1/10"):
    return row.formula.subs(ALPHA, sp.Rational(alpha))


def numeric(formula):
    return sp.lambdify(Z, defined(formula).doit(), "mpmath")


@pytest.fixture(scope="module", params=ROWS, ids=lambda row: row.name)
def known(request):
    formula = plain(request.param)
    value = numeric(formula)
    return behaviour(formula, Z), value, [value(x) for x in POINTS]


def slope(value, x):
    """By a central difference, away from 0."""
    h = mpmath.mpf(10) ** -8
    return (value(x + h) - value(x - h)) / (2 * h)


def test_every_value_lies_in_the_range_and_comes_near_its_ends(known):
    found, _, values = known
    low, high = (
        mpmath.mpf(str(sp.N(end, 30))) if end.is_finite else end for end in (found.range.inf, found.range.sup)
    )
    for v in values:
        assert low is -sp.oo or v >= low - mpmath.mpf(10) ** -12
        assert high is sp.oo or v <= high + mpmath.mpf(10) ** -12
    assert low is -sp.oo or min(values) - low < 0.05
    assert high is sp.oo or high - max(values) < 0.05
    assert low is not -sp.oo or min(values) < -4
    assert high is not sp.oo or max(values) > 40


def test_where_it_is_said_to_saturate_its_slope_is_small_and_not_before(known):
    found, value, _ = known
    for end, sign in ((found.saturates_below, -1), (found.saturates_above, 1)):
        if end is None:
            continue
        start, bound = mpmath.mpf(end.p) / end.q, mpmath.mpf(SMALL_SLOPE.p) / SMALL_SLOPE.q
        beyond = [start + sign * mpmath.mpf(i) / 20 for i in range(1, 1000)]
        assert all(abs(slope(value, x)) < bound for x in beyond)
        assert abs(slope(value, start - sign * mpmath.mpf("0.11"))) >= bound


def test_a_side_that_is_not_said_to_saturate_keeps_its_slope_or_is_dead(known):
    found, value, _ = known
    if found.saturates_above is None:
        assert abs(slope(value, 40)) > 0.5
    if found.saturates_below is None and not found.dead_below:
        assert abs(slope(value, -40)) > 0.05
    assert found.dead_below == all(slope(value, mpmath.mpf(-i)) == 0 for i in range(1, 20))


def test_it_rises_or_turns_as_it_is_said_to(known):
    found, value, values = known
    rises = all(b >= a for a, b in itertools.pairwise(values))
    assert found.is_rising == rises == (found.turns_at is None)
    if found.turns_at is not None:
        turn = mpmath.mpf(found.turns_at.p) / found.turns_at.q
        assert all(value(turn) <= v for v in values)
        assert abs(mpmath.diff(value, turn)) < 1e-12


def test_it_is_odd_as_it_is_said_to_be(known):
    found, value, _ = known
    assert found.is_odd == all(abs(value(-x) + value(x)) < 1e-12 for x in map(mpmath.mpf, (1, 2, 3)))


LITERATURE = {
    "identity": (sp.Interval(-sp.oo, sp.oo), True),
    "sigmoid": (sp.Interval.open(0, 1), False),
    "tanh": (sp.Interval.open(-1, 1), True),
    "arctan": (sp.Interval.open(-sp.pi / 2, sp.pi / 2), True),
    "relu": (sp.Interval(0, sp.oo), False),
    "leaky_relu": (sp.Interval(-sp.oo, sp.oo), False),
    "elu": (sp.Interval.open(-sp.Rational(1, 10), sp.oo), False),
    "softplus": (sp.Interval.open(0, sp.oo), False),
}


@pytest.mark.parametrize("name", LITERATURE)
def test_ranges_are_those_of_the_literature(name):
    row = next(row for row in ROWS if row.name == name)
    found = behaviour(plain(row), Z)
    assert (found.range, found.is_odd) == LITERATURE[name]


@pytest.mark.parametrize(
    ("alpha", "kink"), [("0", (0, 1)), ("1/10", ("1/10", 1)), ("1", None), ("-1/2", ("-1/2", 1)), ("2", (2, 1))]
)
def test_the_kink_of_a_leaky_relu(alpha, kink):
    row = next(row for row in ROWS if row.name == "leaky_relu")
    found = behaviour(plain(row, alpha), Z)
    assert found.kink == (None if kink is None else tuple(map(sp.Rational, kink)))
    if alpha.startswith("-"):
        assert found.range == sp.Interval(0, sp.oo)
        assert found.turns_at == 0
    assert found.dead_below == (alpha == "0")
    assert found.is_odd == (alpha == "1")


def test_the_letter_is_that_of_the_catalogue():
    assert formal("z") == Z
