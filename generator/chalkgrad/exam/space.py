"""The space from which papers are drawn: places in a keyed order, each with its own picks of the draws.

A candidate is a place of the space.  Places that differ have picks that differ, so no two candidates are ever
the same paper, and none needs to know of the others.

A small space is *listed*: all its points, in an order that the key gives.  Where draws are weighted, the order
is that of a race: a point with weight w arrives at -ln(u) / w, u its own bits; whoever takes the first n of
those that are accepted has drawn without replacement, by the weights (Efraimidis and Spirakis, 2006).

A large space has two parts.  The *permuted* one is a number in a mixed radix, a digit a draw (`digits.py`);
place p has the digits of the p-th point under a keyed permutation.  What does not fit in it is *free*: drawn for
each place by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import prod
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from chalkgrad.exam.digits import Alone, Ascending, Digit, Striped, evenness
from chalkgrad.exam.permutation import LARGEST, ROUNDS, Permutation
from chalkgrad.exam.seeding import Key, Words

Keys: TypeAlias = Callable[[str], Key]
"""Gives the key for a purpose."""

LISTED = 1 << 19
"""Spaces of so many points are listed."""
AMPLE = 1 << 40
"""A permuted part of so many points needs no weighted draws."""
EVENNESS = (0.8, 0.6, 0.4)
"""Shares of candidates that the weighted draws of a permuted part may let stay: the first that makes it large."""
LARGE = 1 << 30


@dataclass(frozen=True)
class Space:
    """Draws, and the places at which to find their picks."""

    sizes: tuple[int, ...]
    """How many alternatives each draw has."""
    keys: Keys = field(repr=False)
    weights: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    """For draws (counted from 0) whose alternatives are not equally likely: whole numbers, below 2⁶² together."""
    ascending: tuple[tuple[int, ...], ...] = ()
    """Draws of one size whose picks are to be in order, none below the one before."""

    @cached_property
    def _whole(self) -> tuple[Digit, ...]:
        """A digit for every draw, whether it fits or not."""
        grouped = {draws[0]: draws for draws in self.ascending}
        later = {draw for draws in self.ascending for draw in draws[1:]}
        return tuple(
            Ascending(grouped[draw], size) if draw in grouped else Alone(draw, size)
            for draw, size in enumerate(self.sizes)
            if draw not in later
        )

    @property
    def points(self) -> int:
        """How many points there are, all draws taken together."""
        return prod(digit.radix for digit in self._whole)

    @property
    def is_listed(self) -> bool:
        """Whether all points are listed."""
        return self.points <= LISTED

    @property
    def places(self) -> int:
        """How many places there are, each with picks of its own."""
        return self.points if self.is_listed else prod(digit.radix for digit in self._digits)

    def candidates(self, places: NDArray[Any]) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
        """The picks at some places, a row a place and a column a draw; and which of them are candidates.

        At the others the weights of draws have decided that there is none.
        """
        places = np.asarray(places, np.uint64)
        picks = np.empty((len(self.sizes), len(places)), np.intp)
        kept = np.ones(len(places), np.bool_)
        rest = self._order[places] if self.is_listed else self._permutation.at(places)
        for digit in self._digits:
            above = rest // np.uint64(digit.radix)
            own, stays = digit.read(rest - above * np.uint64(digit.radix), places)
            rest = above
            picks[list(digit.draws)] = own
            if stays is not None:
                kept &= stays
        for draw in self._free:
            picks[draw] = self._drawn(draw, places)
        return picks.T, kept

    @cached_property
    def _digits(self) -> tuple[Digit, ...]:
        if self.is_listed:
            return self._whole
        chosen = _fitting([digit for digit in self._whole if digit.draws[0] not in self.weights], LARGEST)
        rest = LARGEST // prod(digit.radix for digit in chosen)
        if not self.weights or LARGEST // rest >= AMPLE:
            return tuple(chosen)
        for share in EVENNESS:
            bells = _fitting(self._striped(share ** (1 / len(self.weights))), rest)
            if prod(digit.radix for digit in (*chosen, *bells)) >= LARGE:
                break
        return (*chosen, *bells)

    def _striped(self, share: float) -> list[Digit]:
        """The weighted draws, each in as many stripes as weigh nearly the same."""
        found: list[Digit] = []
        for draw, given in self.weights.items():
            weights = np.array(given, np.int64)
            radix = max(n for n in _radices(len(given)) if n == 1 or evenness(weights, n) >= share)
            found.append(Striped(draw, weights, radix, self._key("value", draw), self._key("coin", draw)))
        return found

    @cached_property
    def _free(self) -> tuple[int, ...]:
        fixed = {draw for digit in self._digits for draw in digit.draws}
        return tuple(draw for draw in range(len(self.sizes)) if draw not in fixed)

    def _drawn(self, draw: int, places: Words) -> NDArray[Any]:
        """The picks of a free draw."""
        key = self._key("value", draw)
        if draw not in self.weights:
            return key.below(self.sizes[draw], places)
        ends = np.cumsum(np.array(self.weights[draw], np.uint64))
        return np.searchsorted(ends, key.below(int(ends[-1]), places), side="right")

    def _key(self, purpose: str, number: int) -> Key:
        return self.keys(f"{purpose} {number}")

    @cached_property
    def _permutation(self) -> Permutation:
        return Permutation([self._key("round", i) for i in range(ROUNDS)], self.places)

    @cached_property
    def _order(self) -> Words:
        """The points of a listed space in their order."""
        bits = self.keys("order").bits(np.arange(self.points))
        if not self.weights:
            return np.argsort(bits, kind="stable").astype(np.uint64)
        weight, rest = np.ones(self.points), np.arange(self.points)
        for digit in self._whole:
            if digit.draws[0] in self.weights:
                weight *= np.array(self.weights[digit.draws[0]], np.float64)[rest % digit.radix]
            rest = rest // digit.radix
        with np.errstate(divide="ignore"):
            arrival = negative_log2(bits) / weight
        return np.lexsort((~bits, arrival)).astype(np.uint64)


def _fitting(digits: Sequence[Digit], most: int) -> list[Digit]:
    """Those of some digits, the first first, whose radices fit together."""
    found: list[Digit] = []
    for digit in digits:
        if prod(d.radix for d in found) * digit.radix <= most:
            found.append(digit)
    return found


def _radices(size: int) -> list[int]:
    """Numbers of stripes to try: all up to 64, then in steps of about 3 %."""
    found = list(range(1, min(size, 64) + 1))
    while found[-1] < size:
        found.append(min(size, found[-1] + found[-1] // 32))
    return found


FRACTION_BITS = 26


def negative_log2(bits: Words) -> NDArray[np.float64]:
    """2²⁶ (64 - log₂ u), where u are numbers of 64 bits; 0 counts as 1.

    Squaring a number in [1, 2) says the next binary digit of its logarithm.  In whole numbers, since no two
    machines need agree on the last digit of a logarithm.

    >>> negative_log2(np.array([1 << 63, 3 << 62, 1], np.uint64)) / 2**26
    array([ 1.       ,  0.41503751, 64.       ])
    """
    rest = np.maximum(bits, np.uint64(1))
    exponent = np.full(len(rest), 63, np.uint64)
    for shift in (32, 16, 8, 4, 2, 1):
        small = rest < np.uint64(1 << (64 - shift))
        rest = np.where(small, rest << np.uint64(shift), rest)
        exponent -= small * np.uint64(shift)
    rest >>= np.uint64(32)
    log = exponent
    for _ in range(FRACTION_BITS):
        rest = rest * rest >> np.uint64(31)
        digit = rest >> np.uint64(32)
        rest >>= digit
        log = (log << np.uint64(1)) | digit
    return ((np.uint64(64) << np.uint64(FRACTION_BITS)) - log).astype(np.float64)
