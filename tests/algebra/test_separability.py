"""Separability is decided as by trying out, and every certificate is checked by plain arithmetic."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalkgrad.algebra.separability import Contradiction, Separation, most_mistakes, separability

CORNERS = ((0, 0), (0, 1), (1, 0), (1, 1))
COORDINATES = st.one_of(st.integers(-3, 3), st.fractions(Fraction(-3), Fraction(3), max_denominator=4))


@st.composite
def labelled(draw, most_inputs=3, most_points=7):
    """Points with classes; some of them lie on each other or on a line."""
    size = draw(st.integers(1, most_inputs))
    points = draw(st.lists(st.tuples(*[COORDINATES] * size), min_size=1, max_size=most_points))
    classes = draw(st.lists(st.integers(0, 1), min_size=len(points), max_size=len(points)))
    return points, classes


def holds(found: Separation | Contradiction, points, classes) -> bool:
    """Whether a certificate proves what it says."""
    if isinstance(found, Separation):
        sides = [sum(w * x for w, x in zip(found.weights, p, strict=True)) + found.bias for p in points]
        return all(side > 0 if label else side < 0 for side, label in zip(sides, classes, strict=True))
    if min(found.multipliers) < 0 or not any(found.multipliers):
        return False
    # the coefficients of w_1 … w_n and b, added over each class
    sums = {label: [0] * (len(points[0]) + 1) for label in (0, 1)}
    for times, point, label in zip(found.multipliers, points, classes, strict=True):
        sums[label] = [total + times * x for total, x in zip(sums[label], (*point, 1), strict=True)]
    return sums[0] == sums[1]


@given(labelled())
@settings(max_examples=100, deadline=None)
def test_every_answer_proves_itself(samples):
    points, classes = samples
    assert holds(separability(points, classes), points, classes)


def tried_out(points, classes) -> bool:
    """Whether some line through two points, or a little beside them, parts the classes: enough in the plane."""
    if len(set(classes)) < 2:
        return True
    tiny = Fraction(1, 10**6)
    around = [(x + dx, y + dy) for x, y in points for dx, dy in product((-tiny, tiny), repeat=2)]
    for (x1, y1), (x2, y2) in product(around, repeat=2):
        w1, w2 = y2 - y1, x1 - x2
        sides = [w1 * (x - x1) + w2 * (y - y1) for x, y in points]
        for sign in (1, -1):
            if all((sign * side > 0) == bool(label) and side for side, label in zip(sides, classes, strict=True)):
                return True
    return False


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=2, max_size=6), st.data())
@settings(max_examples=40, deadline=None)
def test_the_answer_is_that_of_trying_out(points, data):
    classes = data.draw(st.lists(st.integers(0, 1), min_size=len(points), max_size=len(points)))
    assert isinstance(separability(points, classes), Separation) == tried_out(points, classes)


def test_fourteen_of_the_sixteen_gates_are_separable():
    """Minsky and Papert (1969): all functions of two bits but XOR and its opposite."""
    fails = [ys for ys in product((0, 1), repeat=4) if isinstance(separability(CORNERS, ys), Contradiction)]
    assert fails == [(0, 1, 1, 0), (1, 0, 0, 1)]


def test_the_same_inputs_in_both_classes_contradict_each_other():
    found = separability([(1, 2), (0, 0), (1, 2)], [1, 0, 0])
    assert found == Contradiction((1, 0, 1))


def mistakes(points, classes, start, rate) -> int:
    """How often the perceptron rule corrects until an epoch makes no mistake, by the book."""
    *w, b = map(Fraction, start)
    count = 0
    while True:
        before = count
        for point, label in zip(points, classes, strict=True):
            error = label - (sum(wk * xk for wk, xk in zip(w, point, strict=True)) + b >= 0)
            if error:
                count += 1
                w = [wk + rate * error * xk for wk, xk in zip(w, point, strict=True)]
                b += rate * error
        if count == before:
            return count


@given(
    labelled(most_inputs=2, most_points=5),
    st.lists(st.integers(-2, 2), min_size=3, max_size=3),
    st.sampled_from([Fraction(1, 2), Fraction(1), Fraction(1, 10)]),
)
@settings(max_examples=25, deadline=None)
def test_the_perceptron_converges_within_the_bound(samples, start, rate):
    points, classes = samples
    found = separability(points, classes)
    if isinstance(found, Contradiction):
        return
    start = start[: len(points[0]) + 1]
    bound = most_mistakes(points, found, start, rate)
    if bound <= 2_000:
        assert mistakes(points, classes, start, rate) <= bound


@pytest.mark.parametrize(("classes", "count"), [((0, 0, 0, 1), 51), ((0, 0, 0, 0), 9)])
def test_from_zero_the_bound_is_novikoffs(classes, count):
    """(R/γ)² where the separation has length 1: worked by hand from what was found for the corners."""
    found = separability(CORNERS, classes)
    length = sum(w * w for w in found.weights) + found.bias**2
    margin = min(abs(sum(w * x for w, x in zip(found.weights, p, strict=True)) + found.bias) for p in CORNERS)
    assert most_mistakes(CORNERS, found, (0, 0, 0), Fraction(1, 2)) == 3 * length // margin**2 == count
