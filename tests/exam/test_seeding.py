"""Bits from a secret: published vectors, and a second reading of the description in plain Python."""

from __future__ import annotations

import hashlib
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalkgrad.exam.permutation import LARGEST, ROUNDS, Permutation
from chalkgrad.exam.seeding import Key, Secret, scaled
from plain_bits import WORD, plain_key, plain_permutation, siphash


def test_the_plain_siphash_is_the_published_one():
    # Aumasson and Bernstein, appendix A: the key 00 01 … 0f, the message 00 01 … 0e
    assert siphash(bytes(range(16)), bytes(range(15))) == 0xA129CA6149BE45E5


def test_bits_are_the_published_vector_of_eight_bytes():
    # vectors.h of the authors' reference code, row 8
    counter = int.from_bytes(bytes(range(8)), "little")
    expected = int.from_bytes(bytes.fromhex("62 24 93 9a 79 f5 f5 93"), "little")
    assert Key(bytes(range(16))).bits(np.array([counter], np.uint64)).tolist() == [expected]


@given(st.binary(min_size=16, max_size=16), st.lists(st.integers(0, WORD), max_size=20))
def test_bits_are_siphash(key, counters):
    bits = Key(key).bits(np.array(counters, np.uint64))
    assert bits.tolist() == [siphash(key, counter.to_bytes(8, "little")) for counter in counters]


def test_a_key_is_what_the_description_says():
    key = Secret.of("keep this to yourself").key("mazur", "São Paulo")
    assert key.bits(np.arange(3)).tolist() == [
        siphash(plain_key("keep this to yourself", "mazur", "São Paulo"), i.to_bytes(8, "little"))
        for i in range(3)
    ]


def test_many_bits_at_once_are_those_of_each_alone():
    key = Key(b"0123456789abcdef")
    assert key.bits(np.arange(20_000))[[0, 8191, 8192, 19_999]].tolist() == [
        key.bits(np.array([i])).item() for i in (0, 8191, 8192, 19_999)
    ]
    assert key.bits(np.arange(0)).tolist() == []


def test_the_same_letters_typed_on_another_machine_are_the_same_secret():
    composed, decomposed = "sal\u00e3o", "sala\u0303o"
    assert composed != decomposed
    one, other = (Secret.of(text).key("x").bits(np.arange(4)).tolist() for text in (composed, decomposed))
    assert one == other


def test_words_do_not_run_into_each_other():
    secret = Secret(bytes(32))
    keys = [secret.key(*words) for words in (("ab", "c"), ("a", "bc"), ("abc",), ("abc", ""), ("", "abc"))]
    assert len({key.bits(np.zeros(1)).item() for key in keys}) == 5


@pytest.mark.parametrize("told", [repr, str, "{}".format])
def test_nothing_of_a_secret_is_printed(told):
    secret = Secret.of("hunter2")
    root = hashlib.scrypt(b"hunter2", salt=b"chalkgrad exam", n=16384, r=8, p=1, dklen=32)
    for thing in (secret, secret.key("x"), [secret], {"key": secret.key("x")}):
        assert "hunter2" not in told(thing)
        assert root.hex() not in told(thing)
        assert "…" in told(thing)


def test_a_secret_travels_to_other_processes():
    key = Secret.of("s").key("x")
    assert pickle.loads(pickle.dumps(key)).bits(np.arange(3)).tolist() == key.bits(np.arange(3)).tolist()


@given(st.lists(st.integers(0, WORD), min_size=1, max_size=20), st.integers(1, 1 << 63))
def test_a_number_below_a_size_is_the_upper_half_of_the_product(bits, size):
    assert scaled(np.array(bits, np.uint64), size).tolist() == [u * size >> 64 for u in bits]


def test_numbers_below_a_size_are_equally_likely():
    counts = np.bincount(Key(b"0123456789abcdef").below(7, np.arange(70_000)).astype(int), minlength=7)
    assert len(counts) == 7
    assert (
        (counts - 10_000) ** 2 / 10_000
    ).sum() < 22.5  # chi-squared with 6 degrees: one key in a thousand fails


# --- permutations ----------------------------------------------------------------------------------------------


def keys(name: str, count: int = ROUNDS) -> list[Key]:
    return [Secret(name.encode().ljust(32)).key(str(i)) for i in range(count)]


@pytest.mark.parametrize("name", ["one", "two"])
def test_a_permutation_reaches_every_place_once(name):
    for size in (*range(1, 200), 256, 257, 1000, 4096, 4097):
        assert sorted(Permutation(keys(name), size).at(np.arange(size)).tolist()) == list(range(size))


@given(st.integers(1, LARGEST), st.lists(st.integers(0, LARGEST - 1), min_size=1, max_size=30, unique=True))
def test_a_permutation_stays_inside_and_tells_places_apart(size, places):
    inside = sorted({place % size for place in places})
    points = Permutation(keys("one"), size).at(np.array(inside, np.uint64)).tolist()
    assert all(0 <= point < size for point in points)
    assert len(set(points)) == len(inside)


@pytest.mark.parametrize("size", [1, 2, 3, 10, 99, 1000, 1001])
def test_a_permutation_is_what_its_description_says(size):
    raw = [bytes([i]) * 16 for i in range(ROUNDS)]
    permutation = Permutation([Key(key) for key in raw], size)
    places = range(min(size, 50))
    assert permutation.at(np.array(places)).tolist() == [plain_permutation(raw, size, p) for p in places]


def test_keys_give_different_permutations():
    orders = {tuple(Permutation(keys(str(i)), 12).at(np.arange(12)).tolist()) for i in range(300)}
    assert len(orders) > 295


def test_small_permutations_are_evenly_spread():
    """Of 24 orders of four things each comes up about as often as the others."""
    counts: dict[tuple[int, ...], int] = {}
    for i in range(360):
        order = tuple(Permutation(keys(f"{i}"), 4).at(np.arange(4)).tolist())
        counts[order] = counts.get(order, 0) + 1
    assert len(counts) == 24
    assert sum((count - 15) ** 2 / 15 for count in counts.values()) < 49.7  # chi-squared, 23 degrees: 1 in 1000
