"""Lines and polygons at the frame of a plot: nothing outside, nothing lost, nothing bent."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalkgrad.render.clipping import clipped, clipped_polygon, crossing, halved, simplified
from chalkgrad.render.labelling import is_within
from chalkgrad.render.picture import Box, Point

FRAME = Box(10.0, 20.0, 110.0, 80.0)
COORDINATE = st.floats(-200, 300) | st.sampled_from(
    [10.0, 20.0, 80.0, 110.0, math.inf, -math.inf, math.nan, 1e300]
)
FINITE = st.floats(-200, 300) | st.sampled_from([10.0, 20.0, 80.0, 110.0])
LINE = st.lists(st.tuples(FINITE, FINITE), min_size=2, max_size=12)


def is_in(point: Point, frame: Box, room: float = 0.0) -> bool:
    x, y = point
    return frame.left - room <= x <= frame.right + room and frame.top - room <= y <= frame.bottom + room


def off(point: Point, line: list[Point]) -> float:
    """From a point to the nearest stretch of a line, by trying many places on it."""

    share = np.linspace(0, 1, 401)[:, None]
    a, b = np.array(line[:-1])[:, None], np.array(line[1:])[:, None]
    return float(np.hypot(*np.moveaxis(a + share * (b - a) - point, -1, 0)).min())


@given(st.lists(st.tuples(COORDINATE, COORDINATE), max_size=12))
def test_nothing_lies_outside_the_frame(line: list[Point]) -> None:
    for part in clipped(line, FRAME):
        assert len(part) > 1
        assert all(is_in(point, FRAME) for point in part)


@given(LINE, st.integers(0, 10), st.floats(0, 1))
def test_what_lies_inside_is_kept_and_nothing_else(line: list[Point], stretch: int, share: float) -> None:
    (a, b) = list(itertools.pairwise(line))[stretch % (len(line) - 1)]
    point = (a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]))
    parts = list(clipped(line, FRAME))
    if is_in(point, FRAME, -1e-6):
        assert min((off(point, part) for part in parts), default=math.inf) < 1.0
    for part in parts:
        for corner in part:
            assert off(corner, line) < 1.0


def test_a_line_that_leaves_and_comes_back_is_two_lines() -> None:
    line = [(50.0, 50.0), (200.0, 50.0), (200.0, 60.0), (50.0, 60.0)]
    assert list(clipped(line, FRAME)) == [[(50.0, 50.0), (110.0, 50.0)], [(110.0, 60.0), (50.0, 60.0)]]


def test_what_is_no_number_interrupts_a_line() -> None:
    line = [(20.0, 30.0), (30.0, 30.0), (math.nan, 30.0), (40.0, 30.0), (50.0, 30.0)]
    assert list(clipped(line, FRAME)) == [[(20.0, 30.0), (30.0, 30.0)], [(40.0, 30.0), (50.0, 30.0)]]


def test_a_line_to_infinity_goes_to_the_border() -> None:
    (part,) = clipped([(60.0, 50.0), (60.0, -math.inf)], FRAME)
    assert part == [(60.0, 50.0), (60.0, 20.0)]


@given(
    st.lists(st.tuples(FINITE, FINITE), min_size=3, max_size=3), st.tuples(st.floats(11, 109), st.floats(21, 79))
)
def test_a_clipped_triangle_is_the_part_in_the_frame(corners: list[Point], point: Point) -> None:
    found = clipped_polygon(corners, FRAME)
    assert all(is_in(corner, FRAME) for corner in found)
    border = [*corners, corners[0]]
    if off(point, border) > 2.0:  # near the border rounding decides
        assert (bool(found) and is_within(point, found)) == is_within(point, corners)


@given(*[st.floats(-5, 5)] * 2, st.floats(-500, 500), st.tuples(st.floats(10, 110), st.floats(20, 80)))
def test_a_half_plane_is_where_the_sum_is_positive(a: float, b: float, c: float, point: Point) -> None:
    whole = [(10.0, 20.0), (110.0, 20.0), (110.0, 80.0), (10.0, 80.0)]
    side = a * point[0] + b * point[1] + c
    if abs(side) > 1e-3 and is_in(point, FRAME, -1e-6):
        found = halved(whole, a, b, c)
        assert (bool(found) and is_within(point, found)) == (side > 0)


@given(*[st.floats(-5, 5)] * 2, st.floats(-500, 500))
def test_a_straight_line_ends_on_the_frame(a: float, b: float, c: float) -> None:
    ends = crossing(a, b, c, FRAME)
    whole = [(10.0, 20.0), (110.0, 20.0), (110.0, 80.0), (10.0, 80.0)]
    sides = {a * x + b * y + c > 0 for x, y in whole}
    if math.hypot(a, b) < 1e-6:
        return
    assert (ends is not None) or len(sides) == 1, "the line passes between two corners"
    for x, y in ends or ():
        assert abs(a * x + b * y + c) <= 1e-6 * (1 + abs(c))
        on_border = (abs(x - 10), abs(x - 110), abs(y - 20), abs(y - 80))
        assert min(on_border) < 1e-6


@pytest.mark.parametrize("line", [(0, 0, 1), (math.nan, 1, 0), (math.inf, 1, 0), (1, 1, math.inf)])
def test_what_is_no_line_is_not_drawn(line: tuple[float, float, float]) -> None:
    assert crossing(*line, FRAME) is None


@given(LINE, st.floats(0.01, 20))
def test_a_simplified_line_is_near_the_old_one(line: list[Point], room: float) -> None:
    found = simplified(line, room)
    assert found[0] == line[0]
    assert found[-1] == line[-1]
    assert set(found) <= set(line)
    for point in line:
        assert off(point, found) <= room + 1.5  # `off` tries places up to 1.3 apart


def test_points_on_a_straight_line_are_left_out() -> None:
    assert simplified([(0, 0), (1, 1), (2, 2), (3, 0)], 0.01) == [(0, 0), (2, 2), (3, 0)]
