"""How likely each value of a normal draw is, in whole numbers that every machine agrees on.

A normal number is drawn and rounded to a grid: a value stands for what lies within half a step of it.  The
shares are enclosed by FLINT's balls, so that rounding them to whole numbers has one outcome only.

>>> from fractions import Fraction
>>> [w >> 30 for w in weights([Fraction(n) for n in (-1, 0, 1)], Bell(Fraction(0), Fraction(1), Fraction(1)))]
[646, 1024, 646]
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from flint import arb, ctx, fmpq

from chalkgrad.spec.draws import Bell

TOP = 1 << 40
"""The weight of the likeliest value."""
_BITS = 512
"""Enough for values forty standard deviations out to keep a hundred bits."""


def weights(values: Sequence[Fraction], bell: Bell) -> tuple[int, ...]:
    """The weights of values on a grid, the greatest of them `TOP`."""
    with ctx.workprec(_BITS):
        shares = [_share(value, bell) for value in values]
        # a ball knows no order of its own among shares as near as these: the middle value is the likeliest
        most = _share(min(values, key=lambda value: abs(value - bell.mean)), bell)
        if not most > 0:  # so far out that every share is lost
            return (TOP,) * len(values)
        return tuple(_nearest(share / most * TOP) for share in shares)


def _nearest(ball: arb) -> int:
    whole = (ball + arb(0.5)).floor().unique_fmpz()
    assert whole is not None  # noqa: S101 (no such share lies half-way between two whole numbers)
    return int(whole)


def _share(value: Fraction, bell: Bell) -> arb:
    """Twice the chance of being rounded to a value, by error functions on the side where they are small."""
    distance, half = abs(value - bell.mean), bell.step / 2
    return _erfc((distance - half) / bell.sd) - _erfc((distance + half) / bell.sd)


def _erfc(deviations: Fraction) -> arb:
    return (arb(fmpq(deviations.numerator, deviations.denominator)) / arb(2).sqrt()).erfc()
