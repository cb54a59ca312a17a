"""The digits of a point: what each of them says of the draws.

A point of a space is a number in a mixed radix.  A digit stands for one draw; for several draws of one size whose
values are in order; or for a draw whose values are not equally likely, of which it fixes a part.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import comb
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from chalkgrad.exam.seeding import Key, Words


class Digit(Protocol):
    """A digit, from 0 up to its radix."""

    radix: int
    draws: tuple[int, ...]
    """Which of the draws it stands for, counted from 0."""

    def read(self, digits: Words, places: Words) -> tuple[list[NDArray[Any]], NDArray[np.bool_] | None]:
        """The picks of its draws, and which of the candidates stay (None: all), each at a place of the space."""
        ...


class Alone:
    """A digit that is the pick of one draw."""

    def __init__(self, draw: int, radix: int) -> None:
        self.draws: tuple[int, ...] = (draw,)
        self.radix = radix

    def read(self, digits: Words, places: Words) -> tuple[list[NDArray[Any]], None]:
        """The digit."""
        return [digits], None


class Ascending:
    """A digit that is the picks of several draws of one size, none below the one before.

    There are C(size + n - 1, n) of them: as many as ways to choose n of size + n - 1 places, in which digit d
    stands for the d-th in colexicographic order (the combinatorial number system), and the i-th place chosen,
    less i, is the i-th pick.

    >>> picks, _ = Ascending((0, 1), 3).read(np.arange(6, dtype=np.uint64), np.arange(6))
    >>> [tuple(int(p[i]) for p in picks) for i in range(6)]
    [(0, 0), (0, 1), (1, 1), (0, 2), (1, 2), (2, 2)]
    """

    def __init__(self, draws: Sequence[int], size: int) -> None:
        self.draws: tuple[int, ...] = tuple(draws)
        n = len(self.draws)
        self.radix = comb(size + n - 1, n)
        self._tables = [
            np.array([comb(place, i) for place in range(size + n - 1)], np.uint64) for i in range(1, n + 1)
        ] if self.radix < 1 << 62 else []  # fmt: skip

    def read(self, digits: Words, places: Words) -> tuple[list[NDArray[Any]], None]:
        """The picks, least first."""
        rest, picks = digits.copy(), []
        for i in range(len(self.draws), 0, -1):
            table = self._tables[i - 1]
            chosen = np.searchsorted(table, rest, side="right") - 1
            rest -= table[chosen]
            picks.append(chosen - (i - 1))
        return picks[::-1], None


class Striped:
    """A digit that fixes a weighted draw's pick up to a multiple of its radix.

    The values are dealt in turn to as many stripes as the radix says; which of a stripe's values it is, is drawn
    by their weights.  Stripes are wide enough to weigh almost the same; a candidate stays with the chance that
    its stripe weighs, compared with the heaviest.  So values are drawn exactly by their weights, and digits that
    differ mean values that differ.
    """

    def __init__(self, draw: int, weights: NDArray[np.int64], radix: int, value: Key, coin: Key) -> None:
        self.draws: tuple[int, ...] = (draw,)
        self.radix = radix
        self._value, self._coin = value, coin
        order = np.argsort(np.arange(len(weights)) % radix, kind="stable")
        self._order = order
        self._totals = stripes(weights, radix).astype(np.uint64)
        self._ends = np.cumsum(weights[order]).astype(np.uint64)
        self._starts = np.cumsum(self._totals) - self._totals

    def read(self, digits: Words, places: Words) -> tuple[list[NDArray[Any]], NDArray[np.bool_]]:
        """The pick, and whether the candidate stays."""
        totals = self._totals[digits]
        kept = self._coin.below(int(self._totals.max()), places) < totals
        drawn = self._starts[digits] + self._value.below(totals, places)
        return [self._order[np.searchsorted(self._ends, drawn, side="right") % len(self._order)]], kept


def stripes(weights: NDArray[np.int64], radix: int) -> NDArray[np.int64]:
    """What each stripe weighs."""
    rows = -(-len(weights) // radix)
    padded = np.zeros(rows * radix, np.int64)
    padded[: len(weights)] = weights
    return np.asarray(padded.reshape(rows, radix).sum(axis=0))


def evenness(weights: NDArray[np.int64], radix: int) -> float:
    """The share of candidates that a striped digit lets stay."""
    totals = stripes(weights, radix)
    return float(totals.sum() / (radix * totals.max()))
