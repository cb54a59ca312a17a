"""Spaces of draws: every point once, weights as they are given, an order that only the key knows."""

from __future__ import annotations

import math
from collections import Counter
from fractions import Fraction
from itertools import combinations_with_replacement, product
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalkgrad.exam import space as spaces
from chalkgrad.exam.bell import TOP, weights
from chalkgrad.exam.digits import Ascending, evenness
from chalkgrad.exam.permutation import ROUNDS
from chalkgrad.exam.seeding import Secret
from chalkgrad.exam.space import Space, negative_log2
from chalkgrad.spec.draws import Bell
from plain_bits import plain_permutation

SECRET = Secret(bytes(range(32)))


def keys(exercise: str = "one"):
    return lambda purpose: SECRET.key(exercise, purpose)


@pytest.fixture
def unlisted(monkeypatch):
    """Small spaces are taken for large ones."""
    monkeypatch.setattr(spaces, "LISTED", 0)


def rows(space: Space) -> list[tuple[int, ...]]:
    picks, kept = space.candidates(np.arange(space.places))
    return [tuple(row) for row in picks[kept].tolist()]


SIZES = [(), (1,), (5,), (3, 4), (2, 1, 3), (7, 5, 2, 2)]


@pytest.mark.parametrize("sizes", SIZES)
def test_every_point_has_a_place(sizes):
    space = Space(sizes, keys())
    assert space.places == space.points == math.prod(sizes)
    assert sorted(rows(space)) == sorted(product(*map(range, sizes)))


@pytest.mark.parametrize("sizes", SIZES)
def test_every_point_of_a_large_space_has_a_place(sizes, unlisted):
    assert sorted(rows(Space(sizes, keys()))) == sorted(product(*map(range, sizes)))


@pytest.mark.parametrize("listed", [True, False])
def test_exercises_have_orders_of_their_own(listed, monkeypatch):
    monkeypatch.setattr(spaces, "LISTED", 1 << 19 if listed else 0)
    orders = {tuple(rows(Space((3, 4), keys(str(i))))) for i in range(50)}
    assert len(orders) == 50


@pytest.mark.parametrize("listed", [True, False])
def test_draws_in_order_have_each_choice_once(listed, monkeypatch):
    monkeypatch.setattr(spaces, "LISTED", 1 << 19 if listed else 0)
    space = Space((4, 2, 4, 4), keys(), ascending=((0, 2, 3),))
    expected = [(a, b, c, d) for (a, c, d) in combinations_with_replacement(range(4), 3) for b in range(2)]
    assert space.points == len(expected)
    assert sorted(rows(space)) == sorted(expected)


@given(st.integers(1, 5), st.integers(1, 6))
def test_digits_in_order_are_all_multisets(n, size):
    digit = Ascending(range(n), size)
    picks, _ = digit.read(np.arange(digit.radix, dtype=np.uint64), np.arange(digit.radix, dtype=np.uint64))
    found = [tuple(int(column[i]) for column in picks) for i in range(digit.radix)]
    assert sorted(found) == sorted(combinations_with_replacement(range(size), n))


def test_places_of_a_large_space_are_what_the_description_says():
    """The mapping in plain whole numbers: a permutation of a mixed radix, the first draw the last digit."""
    sizes = (20, 11, 7, 20, 3, 50, 50)
    space = Space(sizes, keys())
    assert not space.is_listed
    raw = [_raw(f"round {i}") for i in range(ROUNDS)]
    places = [0, 1, 2, 12_345, space.places - 1]
    expected = []
    for place in places:
        rest = plain_permutation(raw, math.prod(sizes), place)
        digits = []
        for size in sizes:
            rest, digit = divmod(rest, size)
            digits.append(digit)
        expected.append(digits)
    assert space.candidates(np.array(places))[0].tolist() == expected


def _raw(purpose: str) -> bytes:
    low, high = SECRET.key("one", purpose)._words
    return low.to_bytes(8, "little") + high.to_bytes(8, "little")


def test_what_does_not_fit_is_drawn_freely():
    sizes = (1000,) * 9
    space = Space(sizes, keys())
    assert space.points == 1000**9
    assert space.places == 1000**6
    picks, kept = space.candidates(np.arange(5000))
    assert kept.all()
    assert len(np.unique(picks[:, :6], axis=0)) == 5000
    for draw in range(9):
        counts = np.bincount(picks[:, draw] // 100, minlength=10)
        assert ((counts - 500) ** 2 / 500).sum() < 27.9  # chi-squared, 9 degrees: one in a thousand


def test_draws_in_order_that_do_not_fit_are_drawn_by_themselves():
    """They are no longer in order: that is left to the condition."""
    space = Space((2000,) * 8 + (1000,) * 3, keys(), ascending=(tuple(range(8)),))
    assert math.comb(2007, 8) > 1 << 62
    assert space.places == 1000**3
    picks, _ = space.candidates(np.arange(200))
    assert not (np.diff(picks[:, :8], axis=1) >= 0).all(axis=1).any()


# --- weights ---------------------------------------------------------------------------------------------------

HALF = Fraction(1, 2)


def test_a_bell_weighs_what_the_normal_distribution_says():
    values = [Fraction(n, 10) for n in range(-15, 21) if n != 3]
    found = weights(values, Bell(Fraction(1, 10), HALF, Fraction(1, 10)))
    normal = NormalDist(0.1, 0.5)
    shares = [normal.cdf(float(v) + 0.05) - normal.cdf(float(v) - 0.05) for v in values]
    assert max(found) == TOP
    for weight, share in zip(found, shares, strict=True):
        assert weight / TOP == pytest.approx(share / max(shares), rel=1e-9)


def test_a_bell_is_symmetrical():
    found = weights([Fraction(n) for n in range(-5, 6)], Bell(Fraction(0), Fraction(2), Fraction(1)))
    assert found == found[::-1]
    assert list(found[:6]) == sorted(found[:6])


def test_a_bell_far_away_is_flat():
    assert weights([Fraction(10**6), Fraction(10**6 + 1)], Bell(Fraction(0), Fraction(1), Fraction(1))) == (
        TOP,
        TOP,
    )


@pytest.mark.parametrize("far", [10, 40])
def test_a_tail_of_a_bell_has_weights(far):
    found = weights([Fraction(far), Fraction(2 * far + 1, 2)], Bell(Fraction(0), Fraction(1), HALF))
    assert found[0] == TOP
    assert 0 <= found[1] < TOP / 100


def chi_squared(counts, shares) -> float:
    """Neighbours are taken together until ten are expected."""
    total, found, parts, own, expected = sum(counts), 0.0, 0, 0, 0.0
    for count, share in zip(counts, shares, strict=True):
        own, expected = own + count, expected + share * total
        if expected >= 10:
            found, parts = found + (own - expected) ** 2 / expected, parts + 1
            own, expected = 0, 0.0
    return found / max(parts - 1, 1)


def bell(count: int, sd: int) -> tuple[int, ...]:
    middle = Fraction(count - 1, 2)
    return weights([Fraction(n) for n in range(count)], Bell(middle, Fraction(sd), Fraction(1)))


def test_weighted_draws_of_a_large_space_are_drawn_by_their_weights():
    own = bell(31, 5)
    space = Space((31,) * 9 + (3,), keys(), dict.fromkeys(range(9), own))
    picks, kept = space.candidates(np.arange(40_000))
    assert 0.5 < kept.mean() < 1
    assert len(np.unique(picks, axis=0)) == 40_000
    shares = np.array(own) / sum(own)
    for draw in range(9):
        assert chi_squared(np.bincount(picks[kept][:, draw], minlength=31), shares) < 2.2
    # and no draw knows of another
    for one, other in ((0, 1), (3, 8)):
        assert abs(np.corrcoef(picks[kept][:, one], picks[kept][:, other])[0, 1]) < 0.03


def test_skewed_weights_are_kept_too():
    """The end of a bell, and weights that are no bell at all."""
    first, second = bell(61, 10)[30:], tuple([1] * 20 + [50] * 11)
    space = Space((31,) * 12, keys(), {i: (first, second)[i % 2] for i in range(12)})
    picks, kept = space.candidates(np.arange(100_000))
    assert kept.sum() > 5000
    for draw, own in ((0, first), (1, second), (10, first), (11, second)):
        counts = np.bincount(picks[kept][:, draw], minlength=31)
        assert chi_squared(counts, np.array(own) / sum(own)) < 2.2


def test_weighted_draws_are_free_where_the_others_suffice():
    own = bell(31, 5)
    space = Space((1000,) * 5 + (31,), keys(), {5: own})
    picks, kept = space.candidates(np.arange(30_000))
    assert space.places == 1000**5
    assert kept.all()
    assert chi_squared(np.bincount(picks[:, 5], minlength=31), np.array(own) / sum(own)) < 2.2


@pytest.mark.parametrize("radix", [1, 2, 5, 8, 12])
def test_stripes_as_wide_as_the_bell_weigh_about_the_same(radix):
    assert evenness(np.array(bell(61, 6)), radix) > 0.96


def test_a_listed_space_is_drawn_by_its_weights_too():
    """Whichever point comes first: over many keys, by its weight."""
    own, counts = (1, 2, 3, 4), Counter[tuple[int, ...]]()
    for i in range(1000):
        space = Space((4, 2), keys(str(i)), {0: own})
        counts[tuple(space.candidates(np.arange(1))[0][0].tolist())] += 1
    points = list(product(range(4), range(2)))
    assert chi_squared([counts[p] for p in points], [own[p[0]] / 20 for p in points]) < 3.5


def test_a_listed_space_leaves_out_no_point_for_its_weight():
    space = Space((4, 3), keys(), {0: (0, 1, 1 << 40, 5)})
    assert sorted(rows(space)) == sorted(product(range(4), range(3)))
    assert {row[0] for row in rows(space)[-3:]} == {0}


@given(st.lists(st.integers(0, (1 << 64) - 1), min_size=1, max_size=20))
def test_the_logarithm_is_the_logarithm(numbers):
    found = negative_log2(np.array(numbers, np.uint64)) / 2**26
    for number, log in zip(numbers, found, strict=True):
        assert log == pytest.approx(64 - math.log2(max(number, 1)), abs=2e-6)
        assert log > 0
