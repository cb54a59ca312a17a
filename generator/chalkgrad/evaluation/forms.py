"""What rounding on the way adds to a single number: a product in any brackets, a function by its exponential.

Each of these says how far the number may be off before it is written itself.
"""

from __future__ import annotations

import numpy as np

from chalkgrad.evaluation.carrying import UNENDING, Carrying
from chalkgrad.evaluation.ranges import (
    FUNCTIONS,
    LIBRARY,
    Array,
    Range,
    added,
    hull,
    inverted,
    least,
    magnitude,
    multiplied,
    negated,
    scaled,
    subtracted,
)
from chalkgrad.evaluation.written import ONE, around


def parts_fit(carrying: Carrying, shares: list[Range], digits: list[Array]) -> Array:
    """Where no partial product needs rounding: even without the factor that has the fewest digits."""
    worst = np.max(np.broadcast_arrays(*digits), axis=0)
    if carrying.on_grid:
        rest = sum(digits, start=np.asarray(0)) - np.min(np.broadcast_arrays(*digits), axis=0)
        return carrying.fits(np.asarray(1.0), np.where(worst < UNENDING, np.minimum(rest, UNENDING), UNENDING))
    sizes = [magnitude(share) * 10.0**count for share, count in zip(shares, digits, strict=True)]
    sizes = [np.maximum(size, 1.0) for size in sizes]
    rest = np.prod(np.broadcast_arrays(*sizes), axis=0) / np.min(np.broadcast_arrays(*sizes), axis=0)
    return np.asarray(carrying.fits(rest, np.asarray(0)) & (worst < UNENDING))


def brackets(carrying: Carrying, shares: list[Range], units: list[Array], core: Range) -> Array:
    """What the roundings of partial products may add, however the factors are bracketed.

    A tree of k factors has k − 2 partial products, and the i-th largest of these has at most k − i factors.
    A rounding of a partial product is multiplied by the factors outside it, at most by the product of the
    largest ones.
    """
    count = len(shares) - sum(unit.astype(int) for unit in units)
    if not carrying.on_grid:
        more = np.expm1(np.log1p(carrying.share) * np.maximum(count - 2, 0))
        return np.asarray(magnitude(core) * more * (1 + LIBRARY))
    sizes = np.array(np.broadcast_arrays(*(magnitude(share) for share in shares), core.low)[:-1])
    sizes = np.where(np.array(np.broadcast_arrays(*units, core.low)[:-1], dtype=bool), -1.0, sizes)
    sizes = -np.sort(-sizes, axis=0)  # the largest first, factors 1 last
    outside = np.cumprod(np.where(sizes < 0, 1.0, sizes), axis=0)[: len(shares) - 2]
    # outside[m] is the product of the m + 1 largest; a partial product of s factors has count − s outside
    number = np.arange(len(shares) - 2).reshape(-1, *[1] * core.low.ndim)
    outside = np.where(number < count - 2, outside, 0.0)
    best = np.maximum.accumulate(outside[::-1], axis=0)
    first = carrying.half * best.sum(axis=0)
    most = np.maximum(sizes, 1.0).prod(axis=0)
    inside = len(shares) - 2
    second = most * ((1 + carrying.half) ** inside - 1 - inside * carrying.half)
    return np.asarray((first + np.maximum(second, 0.0)) * (1 + LIBRARY) + most * 2.0**-50 * carrying.half)


def exponential_form(carrying: Carrying, w: Range) -> Array:
    """What rounding may add to a(1 − a) that is worked as e^w/(1 + e^w)² or with −w."""
    small = FUNCTIONS["exp"](Range(-magnitude(w), -least(w)))
    if not carrying.on_grid:
        share = carrying.share
        return np.asarray(((1 + share) ** 2 / (1 - share) ** 3 - 1) * small.high)
    half = carrying.half
    more = Range(np.maximum(small.low - half, 0.0), small.high + half)
    base = 1 + more.low
    return np.asarray(half / (1 - half) * (1 / base**3 + more.high / base**4) * (1 + LIBRARY))


def tanh(carrying: Carrying, u: Range) -> Range:
    """(e^2u − 1)/(e^2u + 1), or (e^u − e^−u)/(e^u + e^−u)."""
    square = fraction(carrying, FUNCTIONS["exp"](scaled(u, 2.0)), (negated(ONE), ONE), rounds_above=True)
    up, down = (carrying.rounded(FUNCTIONS["exp"](v)) for v in (u, negated(u)))
    total = added(up.value, down.value)
    # each of the two sums may be off by what two roundings make
    if carrying.on_grid:
        moved = np.asarray(2 * carrying.half)
    else:
        moved = magnitude(up.error) + magnitude(down.error) + magnitude(carrying.rounded(total).error)
    low = np.maximum(least(total) - moved, 0.0)
    most = moved / low * (1 + magnitude(FUNCTIONS["tanh"](u))) * (1 + LIBRARY)
    return hull(square, Range(-most, most))


def fraction(carrying: Carrying, power: Range, shifts: tuple[Range, Range], *, rounds_above: bool) -> Range:
    """What rounding adds to (p + c)/(p + d), where p is an exponential; c = d = 1 stands for 1/(p + 1).

    What is above and below may see p rounded or not: where p was not, the sums are rounded.
    """
    value, error = carrying.rounded(power)
    value = Range(np.maximum(value.low, 0.0), value.high)
    below = added(value, shifts[1])
    above = ONE if shifts[0] is ONE else added(value, shifts[0])
    once = inverted(below)
    twice = multiplied(once, once)
    by_below = negated(multiplied(above, twice))
    if shifts[0] is ONE:
        slopes = by_below
    else:
        both = multiplied(subtracted(shifts[1], shifts[0]), twice)
        slopes = hull(hull(both, by_below), once if rounds_above else both)
    found = around(multiplied(slopes, error))
    if carrying.on_grid:
        return found
    lower = carrying.rounded(below)
    far = multiplied(multiplied(lower.error, above), inverted(multiplied(below, lower.value)))
    found = added(found, around(hull(far, negated(far))))
    if rounds_above:
        upper = carrying.rounded(above)
        far = multiplied(upper.error, inverted(lower.value))
        found = added(found, around(hull(far, negated(far))))
    return found
