"""Curves: on their function, smooth to the eye, sharp where the function is."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
import sympy as sp
from sympy.abc import a, x, z

from chalkgrad.algebra import functions
from chalkgrad.algebra.functions import maximum
from chalkgrad.evaluation.sampling import Points, function, sampled


def seen(points: Points) -> list[tuple[float, float]]:
    return [point for point in points if not math.isnan(point[0])]


def parts(points: Points) -> list[list[tuple[float, float]]]:
    """The points between gaps."""
    out: list[list[tuple[float, float]]] = [[]]
    for point in points:
        if math.isnan(point[0]):
            out.append([])
        else:
            out[-1].append(point)
    return [part for part in out if part]


SMOOTH: list[tuple[sp.Expr, Callable[[float], float], tuple[float, float]]] = [
    (sp.tanh(z), math.tanh, (-4, 4)),
    (sp.tanh(40 * z), lambda t: math.tanh(40 * t), (-4, 4)),
    (sp.sin(9 * z), lambda t: math.sin(9 * t), (-3, 3)),
    (sp.exp(-(z**2)), lambda t: math.exp(-t * t), (-5, 5)),
    (sp.sqrt(z), math.sqrt, (0, 4)),
    (sp.Abs(z - sp.Rational(1, 3)), lambda t: abs(t - 1 / 3), (-1, 1)),
    (maximum(z, -z / 10), lambda t: max(t, -t / 10), (-2, 2)),
]


@pytest.mark.parametrize(("formula", "oracle", "ends"), SMOOTH, ids=[str(f) for f, _, _ in SMOOTH])
def test_the_line_through_the_points_is_the_curve(
    formula: sp.Expr, oracle: Callable[[float], float], ends: tuple[float, float]
) -> None:
    points = sampled(formula, z, *ends)
    (part,) = parts(points)
    assert (part[0][0], part[-1][0]) == ends
    assert len(part) < 1000
    xs, ys = np.array(part).T
    heights = [oracle(t) for t in np.linspace(*ends, 5001)]
    height = max(heights) - min(heights)
    line = np.interp(np.linspace(*ends, 5001), xs, ys)
    assert max(abs(line - np.array(heights))) < height / 700
    for t, y in part:
        assert y == pytest.approx(oracle(t), abs=1e-12)


def test_a_kink_is_found_to_the_last_bit() -> None:
    corner = sampled(functions.relu(z - sp.Rational(1, 3)), z, -1, 1)
    at = [t for t, y in corner if abs(t - 1 / 3) < 1e-15]
    assert at
    assert all(y == 0 for t, y in corner if t <= 1 / 3)


def test_a_jump_is_a_gap() -> None:
    before, after = parts(sampled(functions.step(z), z, -2, 2))
    assert before[-1] == (pytest.approx(0, abs=1e-300), 0.0)
    assert after[0] == (0.0, 1.0)


def test_a_pole_is_a_gap() -> None:
    before, after = parts(sampled(1 / z, z, -3, 3, view=(-5, 5)))
    assert before[-1][1] < -100
    assert after[0][1] > 100


def test_no_points_are_spent_where_there_is_no_value() -> None:
    points = sampled(sp.log(z), z, -1, 1, view=(-5, 1))
    assert all(t > 0 or y == -math.inf for t, y in seen(points))
    lowest = min((t, y) for t, y in seen(points) if y > -math.inf)
    assert lowest[1] < -5, "the line leaves the view"


def test_other_letters_have_values() -> None:
    points = sampled(a * z, z, 0, 1, settings={a: 3.0})
    assert points[-1] == (1.0, 3.0)


def test_a_function_of_arrays() -> None:
    across, up = np.meshgrid(np.linspace(-1, 1, 5), np.linspace(0, 2, 5))
    assert (function(x * z + 2, (x, z))(across, up) == across * up + 2).all()
    assert (function(sp.Integer(7), (x,))(across) == np.full((5, 5), 7.0)).all()
