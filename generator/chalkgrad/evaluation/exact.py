"""Exact fractions of many variants at once: whole numbers over one denominator.

Where the whole numbers outgrow an int64, or where every variant has a denominator of its own, FLINT's rationals
stand in their place, over 1: the arithmetic is the same.

>>> quarters = Exact.of(Column.of([Fraction(1, 2), Fraction(-3, 4)]))
>>> quarters.above.tolist(), quarters.below
([2, -3], 4)
>>> Exacts().add(quarters, quarters).values()
[1, -3/2]
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from chalkgrad.evaluation.columns import Column
from chalkgrad.evaluation.fold import Compiled
from chalkgrad.evaluation.scalars import Irrational, Rationals, too_long

LIMIT = 2**62
"""Below it, a sum of two numbers still fits into an int64."""

Flags: TypeAlias = NDArray[np.bool_]
_ALL: Flags = np.ones(1, dtype=bool)
_NONE: Flags = np.zeros(1, dtype=bool)
_NOTHING: Any = fmpq(0)


class Exact(NamedTuple):
    """The fractions above/below, one a variant or one for all, where they are known."""

    above: NDArray[Any]
    """int64, or FLINT's rationals over a denominator of 1; anything where nothing is known."""
    below: int = 1
    known: Flags = _ALL
    """Where the number is a fraction."""
    most: int = 0
    """No number of an int64 array is above it, or below its opposite."""
    signs: NDArray[np.int8] | None = None
    """Where the number is no fraction: its sign, 0 where even that is open."""

    @classmethod
    def of(cls, column: Column) -> Exact:
        """A column of given numbers."""
        below = math.lcm(*(value.denominator for value in column.table))
        table = [value.numerator * (below // value.denominator) for value in column.table]
        most = max(map(abs, table))
        if max(below, most) < LIMIT:
            return cls(np.array(table, dtype=np.int64)[column.picks], below, most=most)
        fractions = [fmpq(value.numerator, value.denominator) for value in column.table]
        return cls(_objects(fractions)[column.picks])

    @classmethod
    def one(cls, value: Fraction) -> Exact:
        """A number that all variants share."""
        return cls.of(Column((value,), np.zeros(1, dtype=np.intp)))

    @property
    def is_whole(self) -> bool:
        """Whether its numerators are machine integers."""
        return self.above.dtype != object

    @property
    def long(self) -> NDArray[Any]:
        """The same as FLINT's rationals."""
        if not self.is_whole:
            return self.above
        found: NDArray[Any] = np.frompyfunc(lambda n: fmpq(n, self.below), 1, 1)(self.above)
        return found

    @property
    def is_zero(self) -> Flags:
        """Where it is exactly 0."""
        zero: Flags = self.known & (self.above == 0)
        return zero

    def value(self, variant: int) -> fmpq | None:
        """One of the fractions; None where the number is none."""
        if not self.known[variant if len(self.known) > 1 else 0]:
            return None
        found = self.above[variant if len(self.above) > 1 else 0]
        return fmpq(int(found), self.below) if self.is_whole else found

    def values(self) -> list[fmpq | None]:
        """All of them."""
        return [self.value(i) for i in range(max(len(self.above), len(self.known)))]

    def nothing_where(self, zero: Flags) -> Exact:
        """The same, and 0 in some variants."""
        nothing: Any = 0 if self.is_whole else _NOTHING
        return self._replace(above=np.where(zero, nothing, self.above), known=self.known | zero)

    def with_signs(self, signs: NDArray[np.int8]) -> Exact:
        """The same, with the signs of what is no fraction."""
        return self._replace(signs=signs)


def unknown(signs: NDArray[np.int8] | None = None) -> Exact:
    """Numbers that are no fractions, but for what their signs say."""
    return Exact(np.zeros(1, dtype=np.int64), known=_NONE, signs=signs)


class Exacts:
    """The arithmetic of exact fractions; it says where the result is one, and leaves out the rest."""

    def __init__(self) -> None:
        self.kinks: Flags = _NONE
        """Where a case distinction was met exactly at its switch, and its two sides differ there."""

    def rational(self, p: int, q: int) -> Exact:
        """p/q."""
        return Exact.one(Fraction(p, q))

    def add(self, a: Exact, b: Exact) -> Exact:
        """a + b."""
        known = a.known & b.known
        left, right, below, most = _alike(a, b)
        if most < LIMIT:
            return Exact(left + right, below, known, most)
        return Exact(a.long + b.long, 1, known)

    def mul(self, a: Exact, b: Exact) -> Exact:
        """a · b; nothing times any finite number is nothing."""
        product = _times(a, b)
        settled = (a.is_zero & _finite(b)) | (b.is_zero & _finite(a))
        return product._replace(known=(a.known & b.known) | settled)

    def product(self, factors: Sequence[Compiled], values: Sequence[Exact]) -> Exact:
        """The product; an exact 0 settles it, whatever the rest."""
        first, *rest = [factor(self, values) for factor in factors]
        result: Exact = first
        known, zero = result.known, result.is_zero
        for factor in rest:
            known, zero = known & factor.known, zero | factor.is_zero
            result = _times(result, factor)
        return result._replace(known=known | zero, signs=None)

    def power(self, a: Exact, p: int, q: int) -> Exact:
        """Whole powers, and roots of perfect powers."""
        if q == 1 and p > 0:
            if a.is_whole and max(a.most, a.below) ** p < LIMIT:
                return Exact(a.above**p, a.below**p, a.known, a.most**p)
            return Exact(a.long**p, 1, a.known)
        return _each(a, lambda value: Rationals().power(value, p, q))

    def raised(self, a: Exact, b: Exact) -> Exact:
        """A whole power, the same for all variants."""
        exponent = int(b.above[0]) // b.below
        return self.power(a, exponent, 1) if exponent else self.rational(1, 1)._replace(known=a.known)

    def floor(self, a: Exact) -> Exact:
        """Exact."""
        return _each(a, Rationals().floor)

    def function(self, name: str, a: Exact) -> Exact:
        """The few places where these functions are rational."""
        if name == "cos_pi":
            return _each(a, lambda value: Rationals().function(name, value))
        if name == "log":
            return Exact(np.zeros(1, dtype=np.int64), known=a.known & (a.above == a.below))
        value = int(name in ("exp", "cos"))
        return Exact(np.full(1, value, dtype=np.int64), known=a.is_zero, most=value)

    def pi(self) -> Exact:
        """Not a fraction."""
        return unknown()

    def choose(self, switch: Exact, cases: Sequence[Compiled], values: Sequence[Exact]) -> Exact:
        """The case that the sign of the switch picks."""
        above, at, below = (case(self, values) for case in cases)
        sign = np.where(switch.known, np.sign(np.where(switch.known, switch.above, 0)).astype(np.int8), 0)
        if switch.signs is not None:
            sign = np.where(switch.known, sign, switch.signs)
        zero = switch.is_zero
        if zero.any():
            self.kinks = self.kinks | (zero & above.known & below.known & _differ(above, below))
        chosen = _picked(sign > 0, above, _picked(sign < 0, below, at))
        return chosen._replace(known=chosen.known & (switch.known | (sign != 0)))


def settled(result: Exact) -> Exact | None:
    """A result as it is carried on: None where it is a fraction for no variant, or one too long to be shown."""
    if not result.known.any():
        return None
    if result.is_whole:
        return result._replace(signs=None)
    known = np.broadcast_to(result.known, result.above.shape)
    rows = np.flatnonzero(known)
    values = result.above[rows]
    if long := [row for row, value in zip(rows.tolist(), values, strict=True) if too_long(value)]:
        known = known.copy()
        known[long] = False
        return settled(Exact(result.above, 1, known))
    below = 1
    for value in values:
        below = math.lcm(below, int(value.q))
        if below >= LIMIT:
            return Exact(np.where(known, result.above, _NOTHING), 1, known)
    whole = [int(value.p) * (below // int(value.q)) for value in values]
    most = max(map(abs, whole))
    if most >= LIMIT:
        return Exact(np.where(known, result.above, _NOTHING), 1, known)
    above = np.zeros(known.shape, dtype=np.int64)
    above[rows] = whole
    return Exact(above, below, known, most)


def _objects(values: Sequence[fmpq]) -> NDArray[Any]:
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def _alike(a: Exact, b: Exact) -> tuple[NDArray[Any], NDArray[Any], int, int]:
    """The numerators over a common denominator, and what bounds their sum; `LIMIT` where they do not fit."""
    if a.is_whole and b.is_whole:
        below = math.lcm(a.below, b.below)
        up, down = below // a.below, below // b.below
        most = a.most * up + b.most * down
        if max(below, most) < LIMIT:
            return a.above * up, b.above * down, below, most
    return a.above, b.above, 1, LIMIT


def _times(a: Exact, b: Exact) -> Exact:
    if a.is_whole and b.is_whole and max(a.most * b.most, a.below * b.below) < LIMIT:
        return Exact(a.above * b.above, a.below * b.below, most=a.most * b.most)
    return Exact(a.long * b.long)


def _finite(a: Exact) -> Flags:
    return a.known if a.signs is None else a.known | (a.signs != 0)


def _differ(a: Exact, b: Exact) -> Flags:
    left, right, _, most = _alike(a, b)
    different: Flags = left != right if most < LIMIT else a.long != b.long
    return different


def _picked(condition: Flags, a: Exact, b: Exact) -> Exact:
    """The first where a condition holds, else the second; with its sign where it is no fraction."""
    known = np.where(condition, a.known, b.known)
    signs = None
    if a.signs is not None or b.signs is not None:
        signs = np.where(condition, 0 if a.signs is None else a.signs, 0 if b.signs is None else b.signs)
    left, right, below, most = _alike(a, b)
    if most < LIMIT:
        return Exact(np.where(condition, left, right), below, known, most, signs)
    return Exact(np.where(condition, a.long, b.long), 1, known, signs=signs)


def _each(a: Exact, function: Callable[[fmpq], fmpq]) -> Exact:
    """A function of the fractions one by one; equal ones are worked once."""
    known = np.broadcast_to(a.known, np.broadcast_shapes(a.known.shape, a.above.shape)).copy()
    above = np.full(known.shape, fmpq(0), dtype=object)
    above_of = np.broadcast_to(a.above, known.shape)
    worked: dict[fmpq, fmpq | None] = {}
    for row in np.flatnonzero(known).tolist():
        value = fmpq(int(above_of[row]), a.below) if a.is_whole else above_of[row]
        if value not in worked:
            try:
                worked[value] = function(value)
            except Irrational:
                worked[value] = None
        found = worked[value]
        if found is None:
            known[row] = False
        else:
            above[row] = found
    return settled(Exact(above, 1, known)) or unknown()
