"""The least cost of a linear neuron is where NumPy finds it, and where no neighbour is lower."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from chalkgrad.algebra.least_squares import least_squares

NUMBERS = st.fractions(-3, 3, max_denominator=5)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS), min_size=3, max_size=6))
def test_the_weights_are_those_of_numpy(samples):
    points, targets = [s[:2] for s in samples], [s[2] for s in samples]
    matrix = np.array([[*map(float, p), 1.0] for p in points])
    assume(np.linalg.cond(matrix) < 1e4)
    found = least_squares(points, targets)
    expected = np.linalg.lstsq(matrix, np.array(list(map(float, targets))), rcond=None)[0]
    assert np.allclose(list(map(float, found)), expected, atol=1e-6)


def test_four_points_by_hand():
    """Σ(x − 3/2)(y − 9/4) = 9/2 and Σ(x − 3/2)² = 5, and the line goes through (3/2, 9/4)."""
    points = [(Fraction(x),) for x in range(4)]
    assert least_squares(points, list(map(Fraction, (1, 2, 2, 4)))) == (Fraction(9, 10), Fraction(9, 10))


def test_samples_that_do_not_determine_the_weights_are_told():
    assert least_squares([(Fraction(1), Fraction(2))] * 3, [Fraction(1)] * 3) is None
