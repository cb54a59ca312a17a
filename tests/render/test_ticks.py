"""Round numbers at axes: round, inside, neither many nor few, and printed as what they are."""

from __future__ import annotations

import itertools
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalkgrad.evaluation.rounding import Shown
from chalkgrad.render.contours import chosen
from chalkgrad.render.ticks import Range, powers, reach, shown, step, ticks

SPAN = st.tuples(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6)).map(lambda pair: Range(pair[0], pair[0] + pair[1]))


def is_round(number: Fraction) -> bool:
    """1, 2 or 5 times a power of ten."""
    digits = str(Decimal(number.numerator) / Decimal(number.denominator)).replace(".", "").replace("E", "e")
    return digits.split("e")[0].strip("0") in ("1", "2", "5")


@given(st.floats(1e-9, 1e9), st.integers(1, 12))
def test_a_step_is_round_and_divides_into_few_parts(length: float, most: int) -> None:
    found = step(length, most)
    assert is_round(found)
    assert length / float(found) <= most * (1 + 1e-9)
    assert length / float(found) > most / 2.6, "a smaller round step would be too small"


@given(SPAN, st.integers(2, 10))
def test_ticks_are_equally_far_apart_and_inside(span: Range, most: int) -> None:
    found = ticks(span, most)
    assert 1 <= len(found) <= most + 3
    numbers = [Fraction(Decimal(tick.text.text)) for tick in found if isinstance(tick.text, Shown)]
    assert len(numbers) == len(found)
    distances = {b - a for a, b in itertools.pairwise(numbers)}
    assert len(distances) <= 1
    assert all(map(is_round, distances))
    for tick, number in zip(found, numbers, strict=True):
        assert tick.value == pytest.approx(float(number), abs=1e-12)
        assert span.low - 1e-6 * span.length <= tick.value <= span.high + 1e-6 * span.length


def test_what_is_counted_has_whole_numbers() -> None:
    assert [tick.value for tick in ticks(Range(0, 2.1), 8, is_whole=True)] == [0, 1, 2]


@given(st.integers(-999, 999), st.integers(-12, 12))
def test_a_number_is_printed_as_what_it_is(mantissa: int, exponent: int) -> None:
    number = mantissa * Fraction(10) ** exponent
    text = shown(number).text
    assert Fraction(Decimal(text)) == number
    assert len(text) <= 9


def test_powers_of_ten_stand_at_a_logarithmic_axis() -> None:
    assert [tick.value for tick in powers(Range(-3.2, 1.1), 6)] == [-3, -2, -1, 0, 1]
    few = powers(Range(-0.1, 0.9), 6)
    assert [tick.text for tick in few] == [Shown(n, True) for n in ("1", "2", "5")]


def test_an_axis_makes_room_for_its_data() -> None:
    assert reach([2.0, 4.0], None, None, air=0.5) == Range(1.0, 5.0)
    assert reach([2.0, 4.0], 0.0, None, air=0.5) == Range(0.0, 6.0)
    assert reach([3.0], None, None) == Range(1.5, 4.5)
    assert reach([0.9, 1.1], None, None, least=2.0) == pytest.approx(Range(0.0, 2.0))


@pytest.mark.parametrize("data", [[], [float("nan")], [float("inf"), float("-inf")], [1e300]])
def test_an_axis_of_nothing_still_is_one(data: list[float]) -> None:
    found = reach(data, None, None)
    assert found.low < found.high
    assert ticks(found, 5)


@given(st.floats(-100, 100), st.floats(0.01, 1000))
def test_contour_lines_are_at_round_heights(low: float, length: float) -> None:
    found = chosen(low, low + length, is_logarithmic=False)
    assert 3 <= len(found) <= 13
    assert all(low < float(height) < low + length for height in found)
    assert len({b - a for a, b in itertools.pairwise(found)}) == 1


@given(st.floats(1e-9, 10), st.floats(1.5, 1e12))
def test_logarithmic_heights_are_round_and_few(low: float, factor: float) -> None:
    found = chosen(low, low * factor, is_logarithmic=True)
    assert len(found) <= 13
    assert all(low < float(height) < low * factor for height in found)
    assert len(found) >= 2 or factor < 3
