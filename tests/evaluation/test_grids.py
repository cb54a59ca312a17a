"""Whole numbers over whole numbers are what fractions in Python are; what is too large leaves the grid."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from chalkgrad.algebra.parsing import parse
from chalkgrad.errors import FormulaError
from chalkgrad.evaluation.fold import compiled
from chalkgrad.evaluation.grids import LARGEST, Grid, Grids, OffTheGrid
from chalkgrad.evaluation.screening import ball_of

TABLE = tuple(Fraction(n, 6) for n in range(-7, 8))
NAMES = ("u", "v", "w")


def fractions(grid, size):
    above, below = (np.broadcast_to(part, (size,)).tolist() for part in grid[:2])
    return [Fraction(a, b) for a, b in zip(above, below, strict=True)]


@st.composite
def formulas(draw, depth=3):
    if not depth or draw(st.integers(0, 3)) == 0:
        return draw(st.sampled_from([*NAMES, "2", "0.5", "1/3"]))
    kind = draw(st.sampled_from(["{} + {}", "{} - {}", "{}*{}", "max({}, {})", "min({}, {})", "({})/({})"]))
    one, two = draw(formulas(depth=depth - 1)), draw(formulas(depth=depth - 1))
    text = kind.format(f"({one})", f"({two})")
    return draw(st.sampled_from([text, f"-({text})", f"abs({text})", f"relu({text})", f"({text})**2"]))


def in_python(text, row):
    names = {"max": max, "min": min, "abs": abs, "relu": lambda u: max(u, Fraction(0)), **row}
    exact = parse(text, NAMES)  # numbers as fractions: Python would divide 1/3 in floats
    return _value(exact, names)


def _value(e, names):
    if e.is_Symbol:
        return names[e.name]
    if e.is_Rational:
        return Fraction(int(e.p), int(e.q))
    parts = [_value(part, names) for part in e.args]
    if e.is_Add:
        return sum(parts, Fraction(0))
    if e.is_Mul:
        out = Fraction(1)
        for part in parts:
            out *= part
        return out
    if e.is_Pow:
        return parts[0] ** int(e.exp)
    called = {"maximum": "max", "minimum": "min", "Abs": "abs"}.get(type(e).__name__, type(e).__name__)
    return names[called](*parts)


@settings(max_examples=60, deadline=None)
@given(formulas(), st.integers(0, 2**32))
def test_formulas_are_what_they_are_in_fractions(text, seed):
    rng = np.random.default_rng(seed)
    columns = {name: [TABLE[i] for i in rng.integers(0, len(TABLE), 12)] for name in NAMES}
    columns["w"] = columns["w"][:1] * 12
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    try:
        oracle = [in_python(text, row) for row in rows]
    except ZeroDivisionError:
        oracle = None
    except FormulaError:  # a power of a constant
        assume(False)
    grids = [Grid.of(columns["u"]), Grid.of(columns["v"]), Grid.of(columns["w"][:1])]
    function = compiled(parse(text, NAMES), tuple(sp.Symbol(name, real=True) for name in NAMES), strict=True)
    try:
        found = function(Grids(), grids)
    except OffTheGrid:
        assume(oracle is None)  # else numbers became too large, which bounds may say too early
        return
    assert oracle is not None, "a division by 0 has no place on a grid"
    assert fractions(found, 12) == oracle
    ball = ball_of(found)
    mids, rads = (np.broadcast_to(part, (12,)).tolist() for part in ball)
    assert all(abs(Fraction(m) - value) <= Fraction(r) for m, r, value in zip(mids, rads, oracle, strict=True))
    assert all((m == 0 and r == 0) == (value == 0) for m, r, value in zip(mids, rads, oracle, strict=True))
    assert np.abs(found.numerators).max() <= found.most <= LARGEST
    assert np.max(found.denominators) <= found.below <= LARGEST
    assert np.min(found.denominators) > 0


LEADING_OFF = [
    "exp(u)",
    "log(u)",
    "sin(u)",
    "sigmoid(u)",
    "sqrt(u)",
    "pi*u",
    "1/(u - u)",
    "(u*1000000)**3*v",
    "u**20",
]


@pytest.mark.parametrize("text", LEADING_OFF)
def test_what_leads_off_the_grid_says_so(text):
    grids = [Grid.of([Fraction(n, 100) for n in range(9_000, 9_010)])] * 2
    function = compiled(parse(text, ("u", "v")), tuple(sp.Symbol(name, real=True) for name in "uv"))
    with pytest.raises(OffTheGrid):
        function(Grids(), grids)


def test_sums_of_one_denominator_keep_it():
    """Else a hundred terms would leave the grid."""
    one = Grid.of([Fraction(n, 100) for n in range(50)])
    total = one
    for _ in range(1000):
        total = Grids().add(total, one)
    assert total.denominators == 100
    assert fractions(total, 50) == [Fraction(1001 * n, 100) for n in range(50)]


def test_a_table_too_fine_is_on_no_grid():
    with pytest.raises(OffTheGrid):
        Grid.of([Fraction(1, 10**9 + 7), Fraction(1, 10**9 + 9)])
