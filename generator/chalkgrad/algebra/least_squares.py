"""Where half the sum of squared errors of a linear neuron is least, exactly."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from flint import fmpq, fmpq_mat


def least_squares(
    points: Sequence[Sequence[Fraction]], targets: Sequence[Fraction]
) -> tuple[Fraction, ...] | None:
    """The weights, then the bias, at which every derivative of the cost is 0; None where they are not unique.

    The normal equations (Legendre 1805; Gauss 1809), with an input that is always 1 for the bias.

    >>> least_squares([(Fraction(0),), (Fraction(1),)], [Fraction(3), Fraction(5)])
    (Fraction(2, 1), Fraction(3, 1))
    """
    rows = [[*map(_exact, point), fmpq(1)] for point in points]
    inputs = fmpq_mat(len(rows), len(rows[0]), [value for row in rows for value in row])
    goal = fmpq_mat(len(rows), 1, list(map(_exact, targets)))
    normal = inputs.transpose() * inputs
    if normal.det() == 0:
        return None
    found = normal.solve(inputs.transpose() * goal)
    return tuple(Fraction(int(value.p), int(value.q)) for value in found.entries())


def _exact(value: Fraction) -> fmpq:
    return fmpq(value.numerator, value.denominator)
