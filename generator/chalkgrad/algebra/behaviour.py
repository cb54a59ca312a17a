"""How a function of one variable behaves: where it tends, what it reaches, where its slope dies away.

Everything is found from the formula: limits by SymPy, turning points and the ends of saturation by a search in
floating point whose result is then confirmed to thirty digits.

>>> z = formal("z")
>>> found = behaviour(1 / (1 + sp.exp(-z)), z)
>>> found.range, found.saturates_above
(Interval.open(0, 1), 23/5)
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import sympy as sp
from sympy import Expr, Interval, Symbol

from chalkgrad.algebra.functions import defined

SMALL_SLOPE = sp.Rational(1, 100)
"""A slope below this lets next to nothing through."""
GRID = sp.Rational(1, 10)
"""How finely the ends of saturation are told."""
FARTHEST = 30
"""How far out they are looked for."""
DIGITS = 40
"""To how many digits turning points are found."""


@dataclass(frozen=True)
class Behaviour:
    """What a sheet says of a function."""

    range: Interval
    """The values it takes."""
    slopes: tuple[Expr, Expr]
    """What the slope tends to on the left and on the right."""
    saturates_below: Expr | None
    """To the left of this the slope is small, but not 0; None where it is not."""
    saturates_above: Expr | None
    """The same on the right."""
    dead_below: bool
    """Whether the slope is exactly 0 for all negative z."""
    is_odd: bool
    """Whether f(−z) = −f(z), so that its values lie evenly around 0."""
    is_rising: bool
    """Whether it falls nowhere."""
    turns_at: Expr | None
    """Where it has its least value, to forty digits, where it falls before and rises after it."""
    kink: tuple[Expr, Expr] | None
    """The slopes at 0 from the left and from the right, where they differ."""


@cache
def behaviour(formula: Expr, z: Symbol) -> Behaviour:
    """How a function behaves; the formula has no other symbol than its variable."""
    plain = defined(formula).doit()
    below, above = _side(plain, z, -1), _side(plain, z, 1)
    slope_below, slope_above = sp.diff(below, z), sp.diff(above, z)
    ends = (sp.limit(below, z, -sp.oo), sp.limit(above, z, sp.oo))
    # a slope that tends to anything tends to 0 where the function itself stays finite
    slopes = tuple(
        sp.Integer(0) if end.is_finite else sp.limit(slope, z, to)
        for end, slope, to in zip(ends, (slope_below, slope_above), (-sp.oo, sp.oo), strict=True)
    )
    at_kink = (slope_below.subs(z, 0), slope_above.subs(z, 0))
    turn = sp.Integer(0) if at_kink[0] * at_kink[1] < 0 else _turning_point(slope_below, slope_above, z)
    reached = [plain.subs(z, 0), *([below.subs(z, turn)] if turn is not None else [])]
    dead = slope_below == 0
    return Behaviour(
        _range(ends, reached),
        (slopes[0], slopes[1]),
        _saturation(slope_below, z, -1) if slopes[0] == 0 and not dead else None,
        _saturation(slope_above, z, 1) if slopes[1] == 0 and slope_above != 0 else None,
        dead,
        _is_odd(below, above, z),
        turn is None and _rises(slope_below, z, -1) and _rises(slope_above, z, 1),
        turn,
        at_kink if sp.simplify(at_kink[0] - at_kink[1]) != 0 else None,
    )


def _side(plain: Expr, z: Symbol, sign: int) -> Expr:
    """The formula that holds on one side of 0."""
    if not isinstance(plain, sp.Piecewise):
        return plain
    (then, _), (otherwise, _) = plain.args
    return then if sign > 0 else otherwise


def _is_odd(below: Expr, above: Expr, z: Symbol) -> bool:
    if abs(sp.N(below.subs(z, -1) + above.subs(z, 1))) > SMALL_SLOPE:
        return False
    return bool(sp.simplify(below.subs(z, -z) + above) == 0)


def _range(ends: tuple[Expr, Expr], reached: list[Expr]) -> Interval:
    """From the least to the largest of what is tended to or reached; an end that is only tended to is open."""
    values = [*ends, *reached]
    low, high = min(values), max(values)
    return Interval(low, high, left_open=low not in reached, right_open=high not in reached)


def _float(e: Expr, z: Symbol) -> Callable[[float], float]:
    function = sp.lambdify(z, e, "mpmath")
    return lambda x: float(function(x))


def _turning_point(below: Expr, above: Expr, z: Symbol) -> Expr | None:
    """Where the slope changes from falling to rising, away from 0."""
    for slope, sign in ((below, -1), (above, 1)):
        if not slope.free_symbols:
            continue
        value = _float(slope, z)
        points = [sign * i / 4 for i in range(1, 41)]
        for near, far in itertools.pairwise(points):
            if value(near) * value(far) < 0:
                return _root(slope, z, min(near, far), max(near, far))
    return None


def _root(e: Expr, z: Symbol, low: float, high: float) -> Expr:
    """A root between two bounds, so near that no page can tell; confirmed by a change of sign around it."""
    found = sp.nsolve(e, z, (low, high), solver="anderson", prec=2 * DIGITS, verify=False)
    root = sp.Rational(str(sp.N(found, DIGITS)))
    near = sp.Rational(1, 10 ** (DIGITS - 1))
    left, right = (sp.N(e.subs(z, root + side * near), 2 * DIGITS) for side in (-1, 1))
    assert left * right < 0  # noqa: S101 (what the search has found)
    return root


def _saturation(slope: Expr, z: Symbol, sign: int) -> Expr | None:
    """The nearest point of the grid beyond which the slope stays small; None where that is far out."""
    value = _float(slope, z)
    count = int(FARTHEST / GRID)
    large = [i for i in range(count) if abs(value(sign * i * float(GRID))) >= float(SMALL_SLOPE)]
    if not large or large[-1] == count - 1:
        return None
    end = sign * (large[-1] + 1) * GRID
    assert abs(sp.N(slope.subs(z, end), 30)) < SMALL_SLOPE  # noqa: S101 (what the search has found)
    return end


def _rises(slope: Expr, z: Symbol, sign: int) -> bool:
    if not slope.free_symbols:
        return bool(slope >= 0)
    value = _float(slope, z)
    return all(value(sign * i / 4) >= 0 for i in range(1, 41))
