"""Functions as points, close enough together that the line through them looks smooth.

Formulas are evaluated as float64 by the one fold over expressions.  Where a case distinction changes its case, the
place is found to the last bit, so that kinks are sharp and jumps upright gaps.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from sympy import Expr, Symbol

from chalkgrad.evaluation.doubles import Doubles
from chalkgrad.evaluation.fold import Compiled, compiled

Array = NDArray[np.float64]
Points = tuple[tuple[float, float], ...]

FIRST = 65
"""How many points are tried first."""
PASSES = 14
"""How often the distance between points may be halved."""
BEND = 1 / 3000
"""How far a line may be off its function, as a share of what is seen."""
JUMP = 1e-6
"""A step between points so near, as a share of what is seen, is no line but a jump."""
GAP = (math.nan, math.nan)
"""What interrupts a line."""


class _Watched(Doubles):
    """Float64, with a record of which cases were taken."""

    def __init__(self) -> None:
        self.signs: list[Array] = []

    def choose(self, switch: Array, cases: Sequence[Compiled], values: Sequence[Array]) -> Array:
        """The case that the sign of the switch picks."""
        self.signs.append(np.sign(switch))
        return super().choose(switch, cases, values)


def function(expression: Expr, symbols: Sequence[Symbol]) -> Callable[..., Array]:
    """A formula as a function of arrays of one shape.

    >>> from sympy.abc import x, y
    >>> float(function(x * y, (x, y))(np.array(2.0), np.array(3.0)))
    6.0
    """
    run = compiled(expression, tuple(symbols))

    def heights(*values: Array) -> Array:
        with np.errstate(all="ignore"):
            return np.broadcast_to(run(Doubles(), values), np.shape(values[0])).astype(float)

    return heights


def sampled(
    expression: Expr,
    symbol: Symbol,
    low: float,
    high: float,
    *,
    view: tuple[float, float] | None = None,
    settings: Mapping[Symbol, float] | None = None,
) -> Points:
    """Points of a formula's curve from `low` to `high`; where it jumps or has no value, a point of nan.

    `view` says between which heights the curve is seen: no points are spent beyond them.  `settings` are the
    values of the formula's other letters.
    """
    return _Sampler(expression, symbol, settings or {}).points(low, high, view)


class _Sampler:
    def __init__(self, expression: Expr, symbol: Symbol, settings: Mapping[Symbol, float]) -> None:
        self.run = compiled(expression, (symbol, *settings))
        self.settings = [np.asarray(float(value)) for value in settings.values()]

    def heights(self, xs: Array) -> tuple[Array, Array]:
        """The function's values, and at each point one number that tells which cases it is in."""
        watched = _Watched()
        with np.errstate(all="ignore"):
            ys = np.broadcast_to(self.run(watched, [xs, *self.settings]), xs.shape).astype(float)
        case = np.zeros(xs.shape)
        for signs in watched.signs:
            case = 3 * case + np.nan_to_num(np.broadcast_to(signs, xs.shape)) + 1
        return ys, case

    def points(self, low: float, high: float, view: tuple[float, float] | None) -> Points:
        xs = np.linspace(low, high, FIRST)
        ys, cases = self.heights(xs)
        changes = np.flatnonzero(cases[1:] != cases[:-1])
        turns = [turn for i in changes for turn in self._turn(float(xs[i]), float(xs[i + 1]))]
        xs = np.unique(np.concatenate([xs, turns]))
        ys, cases = self.heights(xs)
        bottom, top = _seen(ys) if view is None else view
        for _ in range(PASSES):
            new = self._new(xs, ys, bottom, top, high - low)
            if not len(new):
                break
            xs = np.unique(np.concatenate([xs, new]))
            ys, cases = self.heights(xs)
        return _with_gaps(xs, ys, bottom, top, high - low)

    def _turn(self, left: float, right: float) -> tuple[float, float]:
        """The two neighbouring float64 between which the case changes; of several changes one."""
        case = self.heights(np.array([left]))[1][0]
        while True:
            middle = (left + right) / 2
            if not left < middle < right:
                return left, right
            if self.heights(np.array([middle]))[1][0] == case:
                left = middle
            else:
                right = middle

    def _new(self, xs: Array, ys: Array, bottom: float, top: float, width: float) -> Array:
        """Where more points are needed: in the middle of what is not straight enough."""
        middles = (xs[1:] + xs[:-1]) / 2
        wide = xs[1:] - xs[:-1] > JUMP * width
        found, _ = self.heights(middles)
        height = (top - bottom) or 1.0
        left, right = ys[:-1], ys[1:]
        with np.errstate(all="ignore"):
            bent = abs(found - (left + right) / 2) > BEND * height
            beyond = [
                ((left > top + height) & (right > top + height) & (found > top + height)),
                ((left < bottom - height) & (right < bottom - height) & (found < bottom - height)),
            ]
        border = np.isfinite(left) != np.isfinite(right)
        wanted: Array = middles[wide & (bent | border) & ~beyond[0] & ~beyond[1]]
        return wanted


def _seen(ys: Array) -> tuple[float, float]:
    """From where to where most values lie."""
    finite = ys[np.isfinite(ys)]
    if not len(finite):
        return 0.0, 1.0
    bottom, top = np.quantile(finite, [0.02, 0.98])
    return float(bottom), float(top)


def _with_gaps(xs: Array, ys: Array, bottom: float, top: float, width: float) -> Points:
    """The points, with gaps where the function jumps, has a pole or no value."""
    height = top - bottom
    with np.errstate(all="ignore"):
        steps = abs(ys[1:] - ys[:-1])
        jumps = np.isfinite(steps) & (steps > 20 * BEND * height) & (xs[1:] - xs[:-1] <= 2 * JUMP * width)
        high, low = ys > top + height, ys < bottom - height
    poles = (high[1:] & low[:-1]) | (low[1:] & high[:-1]) | (np.isinf(ys[1:]) & np.isinf(ys[:-1]))
    unseen = (high[1:] & high[:-1]) | (low[1:] & low[:-1])
    gaps = np.concatenate([[False], (jumps & ~unseen) | poles]).tolist()
    out: list[tuple[float, float]] = []
    for x, y, gap in zip(xs.tolist(), ys.tolist(), gaps, strict=True):
        if gap:
            out.append(GAP)
        out.append(GAP if math.isnan(y) else (x, y))
    return tuple(out)
