"""Two kinds of single numbers: rationals, which are exact, and balls, which know how far off they may be.

Both come from FLINT (Johansson 2017, "Arb: efficient arbitrary-precision midpoint-radius interval
arithmetic").  A rational reading stops with `Irrational` at the first function value that is no fraction.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from fractions import Fraction

from flint import arb, ctx, fmpq

from chalkgrad.errors import Unproven
from chalkgrad.evaluation.fold import Compiled
from chalkgrad.messages import Message

MAX_BITS = 8192
"""Fractions with longer numerators or denominators are not carried on exactly: no page could show them."""


class Irrational(Exception):  # noqa: N818
    """The value is not a fraction, or not one that could be carried."""


class Sign(Enum):
    """All that is known of a finite number that is no fraction: enough to decide a case, or to be multiplied
    by 0; not to compute with."""

    POSITIVE = 1
    NEGATIVE = -1


def sign_of(value: arb) -> Sign | None:
    """The sign of a ball, where it is finite and has one."""
    if not value.is_finite():
        return None
    return Sign.POSITIVE if value > 0 else Sign.NEGATIVE if value < 0 else None


class Rationals:
    """Exact fractions."""

    def __init__(self) -> None:
        self.kinks = 0
        """How often a case distinction was met exactly at its switch, and its two sides differ there."""

    def rational(self, p: int, q: int) -> fmpq:
        """p/q."""
        return fmpq(p, q)

    def add(self, a: fmpq, b: fmpq) -> fmpq:
        """a + b."""
        return a + b

    def mul(self, a: fmpq, b: fmpq) -> fmpq:
        """a · b; nothing times any finite number is nothing."""
        if isinstance(a, Sign) or isinstance(b, Sign):
            if a == 0 or b == 0:
                return fmpq(0)
            raise Irrational
        return a * b

    def product(self, factors: Sequence[Compiled], values: Sequence[fmpq]) -> fmpq:
        """The product; an exact 0 settles it, whatever the rest."""
        result = fmpq(1)
        refusal: Irrational | None = None
        for factor in factors:
            try:
                value = factor(self, values)
            except Irrational as error:
                refusal = error
                continue
            if isinstance(value, Sign):
                refusal = Irrational()
                continue
            if value == 0:
                return fmpq(0)
            result *= value
        if refusal:
            raise refusal
        return result

    def power(self, a: fmpq, p: int, q: int) -> fmpq:
        """Whole powers, and roots of perfect powers."""
        if isinstance(a, Sign) or (a == 0 and p < 0):
            raise Irrational
        if q == 1:
            return a**p
        numerator, denominator = _root(int(a.p), q), _root(int(a.q), q)
        if a < 0 or numerator is None or denominator is None:
            raise Irrational
        return fmpq(numerator, denominator) ** p

    def raised(self, a: fmpq, b: fmpq) -> fmpq:
        """A whole power."""
        return a ** int(b.p)

    def floor(self, a: fmpq) -> fmpq:
        """Exact."""
        return fmpq(int(a.p) // int(a.q))

    def function(self, name: str, a: fmpq) -> fmpq:
        """The few places where these functions are rational: exp 0, log 1, 0 for those that vanish at 0, and
        cos πa for halves and thirds."""
        if name == "cos_pi":
            turns = fmpq(int(a.p) % (2 * int(a.q)), int(a.q))
            if turns in _COSINES:
                return _COSINES[turns]
        elif name == "log":
            if a == 1:
                return fmpq(0)
        elif a == 0:
            return fmpq(1 if name in ("exp", "cos") else 0)
        raise Irrational

    def pi(self) -> fmpq:
        """Not a fraction."""
        raise Irrational

    def choose(self, switch: fmpq | Sign, cases: Sequence[Compiled], values: Sequence[fmpq]) -> fmpq:
        """The case that the sign of the switch picks."""
        if isinstance(switch, Sign):
            decided: fmpq = cases[0 if switch is Sign.POSITIVE else 2](self, values)
            return decided
        if switch == 0:
            self.kinks += bool(cases[0](self, values) != cases[2](self, values))
        chosen: fmpq = cases[0 if switch > 0 else 1 if switch == 0 else 2](self, values)
        return chosen


_TWICE_COSINE = {0: 2, 2: 1, 3: 0, 4: -1, 6: -2, 8: -1, 9: 0, 10: 1}
_COSINES = {fmpq(sixths, 6): fmpq(twice, 2) for sixths, twice in _TWICE_COSINE.items()}
"""cos πa for a from 0 up to 2, where it is a fraction (Niven 1956)."""


def _root(n: int, q: int) -> int | None:
    if n < 0:
        return None
    root = round(n ** (1 / q)) if n < 2**50 else 0
    return root if root**q == n else None


class Balls:
    """Real balls at the precision of FLINT's current context."""

    def __init__(self) -> None:
        self.kinks = 0
        self.log_zeros = 0
        """How often the logarithm of exactly 0 was taken."""

    def rational(self, p: int, q: int) -> arb:
        """p/q."""
        return arb(fmpq(p, q))

    def add(self, a: arb, b: arb) -> arb:
        """a + b."""
        return a + b

    def mul(self, a: arb, b: arb) -> arb:
        """a · b."""
        return a * b

    def product(self, factors: Sequence[Compiled], values: Sequence[arb]) -> arb:
        """The product; an exact 0 settles it, also against an infinite factor."""
        results = []
        seen = self.log_zeros
        for factor in factors:
            value = factor(self, values)
            if value.is_zero():
                self.log_zeros = seen
                return arb(0)
            results.append(value)
        result: arb = results[0]
        for value in results[1:]:
            result = result * value
        return result

    def power(self, a: arb, p: int, q: int) -> arb:
        """a to the power p/q; whole powers by multiplication, which also holds for balls around 0."""
        base = a if q == 1 else a.sqrt() if q == 2 else a ** arb(fmpq(1, q))
        result = base
        for _ in range(abs(p) - 1):
            result = result * base
        return result if p > 0 else 1 / result

    def raised(self, a: arb, b: arb) -> arb:
        """A whole power."""
        exponent = round(float(b.mid()))
        return self.power(a, exponent, 1) if exponent else arb(1)

    def floor(self, a: arb) -> arb:
        """A ball around two whole numbers needs more precision."""
        whole = a.floor().unique_fmpz()
        if whole is None:
            raise Unproven(Message("the whole part of a number"))
        return arb(whole)

    def function(self, name: str, a: arb) -> arb:
        """The functions that FLINT knows by the same names; log 0 is −∞, and noted."""
        if name == "log" and a.is_zero():
            self.log_zeros += 1
            return arb.neg_inf()
        result: arb = getattr(a, name)()
        return result

    def pi(self) -> arb:
        """π."""
        return arb.pi()

    def choose(self, switch: arb, cases: Sequence[Compiled], values: Sequence[arb]) -> arb:
        """The case that the sign of the switch picks; a switch that may be 0 needs more precision."""
        if switch.is_nan():
            return switch
        place = _sign_case(switch)
        if place == 1:
            self.kinks += not cases[0](self, values).overlaps(cases[2](self, values))
        chosen: arb = cases[place](self, values)
        return chosen


def _sign_case(switch: arb) -> int:
    """0 for positive, 1 for zero, 2 for negative."""
    if switch > 0:
        return 0
    if switch < 0:
        return 2
    if vanishes(switch):
        return 1
    raise Unproven(Message("the sign of a case distinction"))


CONVINCED = 512
"""From this precision on, a number closer to 0 than 2^-256 counts as 0.

No ball of positive radius can prove that a number is exactly 0 (two equal irrational contributions that cancel,
say).  A number that a network of a page's size makes from a page's decimals is either 0 or far larger than
10^-77.
"""


def vanishes(value: arb) -> bool:
    """Whether a ball is so narrow around 0 that the number is taken to be 0."""
    if ctx.prec < CONVINCED or not value.is_finite():
        return value.is_zero()
    return bool(abs(value) < arb(2) ** (-CONVINCED // 2))


def fraction(arithmetic: Rationals, function: Compiled, values: Sequence[fmpq | Sign | None]) -> fmpq | None:
    """The value of a function as a fraction; None where it is none, or too long to be carried."""
    if None in values:
        return None
    try:
        result = function(arithmetic, values)
    except (Irrational, TypeError):  # a sign takes part in no arithmetic
        return None
    return None if isinstance(result, Sign) or too_long(result) else result


def exact_fraction(value: Fraction) -> fmpq:
    """A `Fraction` as FLINT's rational."""
    return fmpq(value.numerator, value.denominator)


def too_long(value: fmpq) -> bool:
    """Whether a fraction has grown beyond what is carried."""
    return bool(value.q.bit_length() > MAX_BITS or value.p.bit_length() > MAX_BITS)


def precision(bits: int) -> object:
    """A context in which balls are computed to so many bits."""
    return ctx.workprec(bits)
