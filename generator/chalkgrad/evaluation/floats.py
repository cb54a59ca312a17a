"""Balls in floating point, for thousands of variants at a time: NumPy arrays of midpoints and radii.

Every operation bounds its own rounding, so a digit that the radius does not touch is proven; the few that it
does touch are settled by FLINT, variant by variant.  Midpoints are NumPy's widest floats: where these have
more than 53 bits, a central difference is sharp enough to prove its relative error too.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from chalkgrad.evaluation.fold import Compiled

Wide = np.longdouble
Array: TypeAlias = NDArray[Any]
LIBRARY = 3 * np.finfo(Wide).eps
"""A bound of the relative error of library functions: glibc's manual lists up to 3 ulp for the hyperbolic ones."""

_erf = np.frompyfunc(math.erf, 1, 1)


class FloatBall(NamedTuple):
    """Midpoints and radii, one for each variant (or one for all)."""

    mid: Array
    rad: Array


class Floats:
    """The arithmetic of float balls.  An undecidable case gets an infinite radius, never a wrong value.

    `kind` is the float that it counts in: the widest proves many digits; float64, six times as fast, is enough
    where a sign is asked for.
    """

    def __init__(self, kind: Any = Wide) -> None:
        ulp = np.finfo(kind).eps
        self.kind = kind
        self.eps = kind(0.75) * ulp
        """A bound of one operation's relative rounding error: half an ulp, and room for the rounding of the
        radius."""
        self.library = (3 if kind is Wide else 8) * ulp
        """The same for library functions; those that NumPy brings for float64 are within 4 ulp."""
        self.exponential = self.library / 2
        """The same for exp, which is within 1 ulp everywhere."""
        self.tiny = np.finfo(kind).tiny
        """Where numbers become too small for a float."""

    def rational(self, p: int, q: int) -> FloatBall:
        """p/q."""
        mid = np.asarray(self.kind(p) / self.kind(q))
        exact = q & (q - 1) == 0 and abs(p) < 2**53
        return FloatBall(mid, np.asarray(self.kind(0) if exact else abs(mid) * self.eps))

    def add(self, a: FloatBall, b: FloatBall) -> FloatBall:
        """a + b."""
        mid = a.mid + b.mid
        # 0 + 0 stays exactly 0, which decides products and cases
        return FloatBall(mid, a.rad + b.rad + abs(mid) * self.eps)

    def mul(self, a: FloatBall, b: FloatBall) -> FloatBall:
        """a · b."""
        mid = a.mid * b.mid
        size = abs(mid)
        rad = abs(a.mid) * b.rad + abs(b.mid) * a.rad + a.rad * b.rad + size * self.eps
        if np.any(size < self.tiny):  # a product that is too small for a float is not 0
            rad = np.where((size < self.tiny) & ~_is_zero(a) & ~_is_zero(b), rad + self.tiny, rad)
        return FloatBall(mid, rad)

    def product(self, factors: Sequence[Compiled], values: Sequence[FloatBall]) -> FloatBall:
        """The product; exactly 0 wherever a factor is."""
        balls = [factor(self, values) for factor in factors]
        result: FloatBall = balls[0]
        for ball in balls[1:]:
            result = self.mul(result, ball)
        zero = _is_zero(balls[0])
        for ball in balls[1:]:
            zero = zero | _is_zero(ball)
        if not np.any(zero):
            return result
        return FloatBall(np.where(zero, 0, result.mid), np.where(zero, 0, result.rad))

    def power(self, a: FloatBall, p: int, q: int) -> FloatBall:
        """Whole powers and square roots; other roots are left to FLINT."""
        if q == 2:
            least = np.maximum(a.mid - a.rad, 0)
            mid = np.sqrt(a.mid)
            a = FloatBall(mid, a.rad / np.sqrt(least) + abs(mid) * self.eps)
        elif q != 1:
            return FloatBall(a.mid, np.full_like(a.mid, np.inf))
        result = a
        for _ in range(abs(p) - 1):
            result = self.mul(result, a)
        return result if p > 0 else self._inverse(result)

    def raised(self, a: FloatBall, b: FloatBall) -> FloatBall:
        """A whole power, the same for all variants."""
        exponent = round(float(b.mid.flat[0]))
        return self.power(a, exponent, 1) if exponent else FloatBall(np.ones_like(a.mid), np.zeros_like(a.rad))

    def floor(self, a: FloatBall) -> FloatBall:
        """The whole part, where the radius leaves no doubt."""
        low, high = np.floor(a.mid - a.rad), np.floor(a.mid + a.rad)
        return FloatBall(low, np.where(low == high, 0, np.inf))

    def _inverse(self, a: FloatBall) -> FloatBall:
        mid = 1 / a.mid
        room = abs(a.mid) - a.rad
        rad = np.where(room > 0, a.rad / (abs(a.mid) * room), np.inf)
        return FloatBall(mid, rad + abs(mid) * self.eps)

    def function(self, name: str, a: FloatBall) -> FloatBall:
        """The function at the midpoint; how far it can move within the radius."""
        if name == "exp":
            mid = np.exp(a.mid)
            return FloatBall(mid, mid * (np.expm1(a.rad) * 2 + self.exponential) + self.tiny)  # which is never 0
        if name == "log":
            mid = np.log(a.mid)
            ratio = a.rad / abs(a.mid)
            return FloatBall(mid, np.where(ratio < 0.5, 2 * ratio, np.inf) + abs(mid) * self.library + self.eps)
        if name == "erf":
            mid = np.asarray(_erf(np.asarray(a.mid, dtype=float)), dtype=self.kind)
            return FloatBall(mid, 2 * a.rad + self.kind(2.0**-50))
        if name == "cos_pi":
            angle = self.kind(math.pi) * a.mid
            # float64's π is off by less than 2⁻⁵³
            rad = 4 * a.rad + abs(a.mid) * self.kind(2.0**-52) + (abs(angle) + 1) * self.library
            return FloatBall(np.cos(angle), rad)
        mid = {"tanh": np.tanh, "atan": np.arctan, "sin": np.sin, "cos": np.cos}[name](a.mid)
        return FloatBall(mid, a.rad + (abs(mid) + (name in ("sin", "cos"))) * self.library)

    def pi(self) -> FloatBall:
        """π, as float64 has it."""
        return FloatBall(np.asarray(self.kind(math.pi)), np.asarray(self.kind(2.0**-51)))

    def choose(self, switch: FloatBall, cases: Sequence[Compiled], values: Sequence[FloatBall]) -> FloatBall:
        """Each variant's own case; undecided where the switch may have either sign."""
        above, at, below = (case(self, values) for case in cases)
        is_above, is_below, is_at = switch.mid > switch.rad, switch.mid < -switch.rad, _is_zero(switch)
        decided = is_above | is_below | is_at
        mid = np.where(is_above, above.mid, np.where(is_at, at.mid, below.mid))
        rad = np.where(is_above, above.rad, np.where(is_at, at.rad, below.rad))
        return FloatBall(mid, np.where(decided, rad, np.inf))


def _is_zero(ball: FloatBall) -> Array:
    return np.asarray((ball.mid == 0) & (ball.rad == 0))


def units(ball: FloatBall, scale: Array | Wide, *, truncate: bool) -> tuple[Array, Array]:
    """|value| · scale rounded to whole numbers, and where that is proven."""
    scaled = abs(ball.mid) * scale
    slack = ball.rad * scale + scaled * LIBRARY
    shift = Wide(0) if truncate else Wide(0.5)
    low, high = np.floor(scaled - slack + shift), np.floor(scaled + slack + shift)
    proven = (low == high) & (high < 2.0**62) & (abs(ball.mid) > ball.rad)
    return np.where(proven, low, 0).astype(np.int64), proven


def exponents(ball: FloatBall) -> tuple[Array, Array]:
    """The e with 10^e ≤ |value| < 10^(e+1), and where that is proven."""
    size = np.where(ball.mid == 0, 1, abs(ball.mid))
    logs, blur = np.log10(size), ball.rad / size * 2 + LIBRARY * 64
    low, high = np.floor(logs - blur), np.floor(logs + blur)
    return np.where(low == high, low, 0).astype(np.int64), (low == high) & (abs(ball.mid) > ball.rad)
