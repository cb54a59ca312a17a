"""A keyed permutation of 0, 1, …, size - 1, computed at one place without the others.

A point is written as x·b + y and goes through rounds that add to x something that depends on y, and to y
something that depends on x: a Feistel network on Z_a × Z_b (Black and Rogaway, "Ciphers with arbitrary finite
domains", 2002, section 5).  a·b is hardly more than the size; a point that comes out beyond the size goes
through once more, until it is inside ("cycle walking", same place), which leaves a permutation of the points
inside.

>>> from chalkgrad.exam.seeding import Secret
>>> permutation = Permutation([Secret.of("s").key(str(i)) for i in range(8)], 10)
>>> sorted(permutation.at(np.arange(10)).tolist())
[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chalkgrad.exam.seeding import Key, Words

LARGEST = 1 << 62
ROUNDS = 6
"""Patarin ("Security of balanced and unbalanced Feistel schemes", 2008) shows that six leave nothing by which to
tell it from a permutation drawn with dice, as long as far fewer places are seen than the square root of the
size."""


class Permutation:
    """A permutation of `range(size)`, size at most 2⁶², for each list of keys, a key a round."""

    def __init__(self, keys: Sequence[Key], size: int) -> None:
        self.keys = tuple(keys)
        self.size = size
        self._a = isqrt(size - 1) + 1
        self._b = -(-size // self._a)

    def at(self, places: NDArray[Any]) -> Words:
        """Where the permutation takes each of some places."""
        points = self._once(np.asarray(places, np.uint64))
        outside = np.flatnonzero(points >= self.size)
        while len(outside):
            points[outside] = self._once(points[outside])
            outside = outside[points[outside] >= self.size]
        return points

    def _once(self, points: Words) -> Words:
        a, b = np.uint64(self._a), np.uint64(self._b)
        x = points // b
        y = points - x * b
        for number, key in enumerate(self.keys):
            if number % 2:
                y += key.below(self._b, x)
                np.subtract(y, b, out=y, where=y >= b)
            else:
                x += key.below(self._a, y)
                np.subtract(x, a, out=x, where=x >= a)
        return x * b + y
