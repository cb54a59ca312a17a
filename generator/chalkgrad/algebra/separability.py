"""Whether a line (a plane, …) can part the samples of two classes, decided exactly and with a certificate.

A single neuron with a threshold gives 1 where `w·x + b ≥ 0`, else 0.  Either there are weights that put every
sample on its own side, or some non-negative multiples of the inequalities add up to a contradiction (Gordan
1873; a case of Farkas' lemma): both are found by the same exact simplex method (Dantzig 1951, with the rule of
Bland 1977 against going in circles).

>>> XOR = ((0, 0), (0, 1), (1, 0), (1, 1))
>>> separability(XOR, (0, 1, 1, 0))
Contradiction(multipliers=(1, 1, 1, 1))
>>> separability(XOR, (0, 0, 0, 1))
Separation(weights=(2, 2), bias=-3)
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

Number: TypeAlias = Fraction | int
Row: TypeAlias = list[Fraction]


@dataclass(frozen=True)
class Separation:
    """Weights with `w·x + b > 0` for every sample of the class 1, and `< 0` for every other; whole numbers."""

    weights: tuple[int, ...]
    bias: int


@dataclass(frozen=True)
class Contradiction:
    """Why there are no such weights."""

    multipliers: tuple[int, ...]
    """One a sample, none negative and not all 0.  The sum over the class 1 of multiplier · (w·x + b) is the same
    expression in w and b as the sum over the class 0; so it cannot be at least 0 there and negative here."""


def separability(points: Sequence[Sequence[Number]], classes: Sequence[Number]) -> Separation | Contradiction:
    """Weights that separate the points of class 1 from those of class 0, or the proof that there are none."""
    signed = [
        tuple((1 if label else -1) * Fraction(value) for value in (*point, 1))
        for point, label in zip(points, classes, strict=True)
    ]
    multipliers, duals = _feasible(signed)
    if multipliers is not None:
        return Contradiction(_whole(multipliers))
    *weights, bias = _whole([-dual for dual in duals])
    return Separation(tuple(weights), bias)


def most_mistakes(
    points: Sequence[Sequence[Number]],
    separation: Separation,
    start: Sequence[Number],
    rate: Number,
) -> int:
    """After how many corrections the perceptron rule has converged for sure, from `start` (weights, then bias).

    Novikoff's theorem (1962), for any start v and rate η: with a separation u of margin γ, and R the length of
    the longest sample (1 put beside its inputs), k corrections need (u·v + kηγ)² ≤ |u|² (|v|² + kη²R²).
    """
    u = [*map(Fraction, separation.weights), Fraction(separation.bias)]
    v = list(map(Fraction, start))
    samples = [[*map(Fraction, point), Fraction(1)] for point in points]
    step = Fraction(rate) * min(abs(_dot(u, x)) for x in samples)
    grows = _dot(u, u) * Fraction(rate) ** 2 * max(_dot(x, x) for x in samples)
    ahead, size = _dot(u, v), _dot(u, u) * _dot(v, v)
    # step² k² + (2 ahead step − grows) k + (ahead² − size) ≤ 0, and size ≥ ahead² (Cauchy and Schwarz)
    middle = 2 * ahead * step - grows
    inside = middle**2 + 4 * step**2 * (size - ahead**2)
    return math.floor((-middle + _root_above(inside)) / (2 * step**2))


def _dot(left: Sequence[Fraction], right: Sequence[Fraction]) -> Fraction:
    return sum((a * b for a, b in zip(left, right, strict=True)), Fraction(0))


def _root_above(value: Fraction) -> Fraction:
    """A number that is at least the root of this one, and that root itself where it is a fraction."""
    below = value.denominator
    inside = value.numerator * below
    root = math.isqrt(inside)
    return Fraction(root if root * root == inside else root + 1, below)


def _whole(numbers: Sequence[Fraction]) -> tuple[int, ...]:
    """The same ratios in whole numbers, as small as can be."""
    common = math.lcm(*(number.denominator for number in numbers))
    scaled = [int(number * common) for number in numbers]
    shared = math.gcd(*scaled) or 1
    return tuple(number // shared for number in scaled)


def _feasible(columns: Sequence[Sequence[Fraction]]) -> tuple[list[Fraction] | None, list[Fraction]]:
    """Non-negative multipliers of sum 1 with which the columns add up to 0; where there are none, the duals: a
    vector whose product with every column is negative.

    The first phase of the simplex method: an artificial variable for each row, whose sum is to become 0.
    """
    count, height = len(columns), len(columns[0])
    right = [Fraction(0)] * height + [Fraction(1)]
    rows: list[Row] = [
        [*(Fraction(1) if i == height else column[i] for column in columns)]
        + [Fraction(int(i == j)) for j in range(height + 1)]
        + [right[i]]
        for i in range(height + 1)
    ]
    basis = list(range(count, count + height + 1))
    # what the sum of the artificial variables loses as a variable grows; the artificial ones have cost 1
    gain = [sum((row[j] for row in rows), Fraction(0)) for j in range(count + height + 2)]
    for j in range(count, count + height + 1):
        gain[j] -= 1
    while (entering := next((j for j in range(count) if gain[j] > 0), None)) is not None:
        leaving = min(
            (i for i, row in enumerate(rows) if row[entering] > 0),
            key=lambda i: (rows[i][-1] / rows[i][entering], basis[i]),
        )
        _pivot(rows, gain, leaving, entering)
        basis[leaving] = entering
    if gain[-1] > 0:
        return None, [gain[count + i] + 1 for i in range(height)]
    found = [Fraction(0)] * count
    for row, variable in zip(rows, basis, strict=True):
        if variable < count:
            found[variable] = row[-1]
    return found, []


def _pivot(rows: list[Row], gain: Row, leaving: int, entering: int) -> None:
    """Solve a row for a variable and put it into all the others."""
    pivot = rows[leaving]
    divisor = pivot[entering]
    pivot[:] = [value / divisor for value in pivot]
    for row in (*(row for i, row in enumerate(rows) if i != leaving), gain):
        if factor := row[entering]:
            row[:] = [value - factor * own for value, own in zip(row, pivot, strict=True)]
