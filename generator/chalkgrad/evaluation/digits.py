"""The digits of many variants at once: from float balls and exact fractions to texts."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, cached_property
from typing import Any

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from chalkgrad.evaluation.exact import LIMIT, Exact
from chalkgrad.evaluation.floats import FloatBall, Wide, exponents, units
from chalkgrad.evaluation.rounding import SMALLEST_FIXED, TINY_DIGITS, Digits, Shown, fixed, scientific, show_exact

KEPT = 50_000
"""So many texts of rounded numbers are kept: with few decimals the same ones come again and again."""


class _Texts(dict[int, str]):
    """Rounded numbers by their units of the last decimal; of a number below 0 they are negative."""

    def __init__(self, decimals: int, *, trim: bool) -> None:
        super().__init__()
        self.decimals, self.trim = decimals, trim

    def __missing__(self, units: int) -> str:
        if len(self) > KEPT:
            self.clear()
        text = self[units] = fixed(abs(units), self.decimals, negative=units < 0, trim=self.trim)
        return text


@cache
def rounded_texts(decimals: int) -> _Texts:
    """Texts of rounded numbers with so many decimals, by their units of the last one.

    >>> rounded_texts(4)[-381]
    '-0.0381'
    """
    return _Texts(decimals, trim=False)


class DigitsColumn:
    """The digits of one quantity, an entry a variant."""

    def __init__(self, texts: list[str], exact: NDArray[np.bool_]) -> None:
        self.texts = texts
        """As `Shown.text` has them."""
        self.exact = exact
        """Where the text is the whole truth; one entry where it holds for all."""

    def shown(self, variant: int) -> Shown:
        """The digits of one variant."""
        return Shown(self.texts[variant], bool(self.exact[variant if len(self.exact) > 1 else 0]))

    @cached_property
    def nothing(self) -> NDArray[np.bool_]:
        """Where it is exactly 0."""
        if not self.exact.any():
            return self.exact
        nothing: NDArray[np.bool_] = self.exact & np.fromiter(map("0".__eq__, self.texts), bool, len(self.texts))
        return nothing

    def chosen(self, rows: list[int]) -> DigitsColumn:
        """Those of some variants."""
        exact = self.exact[rows] if len(self.exact) > 1 else self.exact
        return DigitsColumn([self.texts[row] for row in rows], exact)


class Writer:
    """Writes numbers with so many digits, remembering what it wrote."""

    def __init__(self, digits: Digits) -> None:
        self.digits = digits
        decimals = digits.decimals or 0
        self._rounded = rounded_texts(decimals)
        self._whole = _Texts(decimals, trim=True)

    def rounded(self, ball: FloatBall) -> list[str | None]:
        """The digits of numbers that are no fractions, so that none is a tie; None where they are not proven, and
        for what is no finite number."""
        digits = self.digits
        truncate = digits.rounding == "truncate"
        negative = ball.mid < 0
        if digits.decimals is None:
            assert digits.significant is not None  # noqa: S101 (exactly one of the two is set)
            return list(_significant(ball, digits.significant, negative, truncate=truncate))
        whole, sure = units(ball, Wide(10) ** digits.decimals, truncate=truncate)
        plain = sure & (whole > 0)
        texts: list[str | None] = [*map(self._rounded.__getitem__, np.where(negative, -whole, whole).tolist())]
        if plain.all():
            return texts
        rows = np.flatnonzero(~plain)
        small = FloatBall(ball.mid[rows], ball.rad[rows])
        tiny = _significant(small, TINY_DIGITS, negative[rows], truncate=truncate, always_scientific=True)
        for row, is_sure, text in zip(rows.tolist(), sure[rows].tolist(), tiny, strict=True):
            texts[row] = text if is_sure else None
        return texts

    def exact(self, exact: Exact) -> list[Shown]:
        """The digits of fractions; anything where nothing is known."""
        if exact.is_whole and self.digits.decimals is not None:
            scale = 10**self.digits.decimals
            if max(exact.most * scale, 2 * exact.below) < LIMIT:
                return self._decimal(exact, scale)
        values = exact.long.tolist()
        written = {value: show_exact(value, self.digits) for value in set(values)}
        return [written[value] for value in values]

    def _decimal(self, exact: Exact, scale: int) -> list[Shown]:
        """Fractions with few digits above and below: rounded in whole numbers."""
        whole, rest = np.divmod(np.abs(exact.above) * scale, exact.below)
        rounding = self.digits.rounding
        if rounding == "half_up":
            up = 2 * rest >= exact.below
        elif rounding == "half_even":
            up = (2 * rest > exact.below) | ((2 * rest == exact.below) & (whole % 2 == 1))
        else:
            up = np.zeros(rest.shape, dtype=bool)
        is_whole = rest == 0
        numbers = np.where(exact.above < 0, -(whole + up), whole + up)
        shown = [
            Shown((self._whole if fits else self._rounded)[n], fits)
            for n, fits in zip(numbers.tolist(), is_whole.tolist(), strict=True)
        ]
        for row in np.flatnonzero((numbers == 0) & ~is_whole).tolist():
            shown[row] = show_exact(fmpq(int(exact.above[row]), exact.below), self.digits)
        return shown


def _significant(
    ball: FloatBall, count: int, negative: NDArray[Any], *, truncate: bool, always_scientific: bool = False
) -> Iterator[str | None]:
    e, known = exponents(ball)
    whole, sure = units(ball, Wide(10) ** (count - 1 - e).astype(Wide), truncate=truncate)
    rows = zip(whole.tolist(), e.tolist(), (known & sure).tolist(), negative.tolist(), strict=True)
    for n, exponent, is_sure, minus in rows:
        if not is_sure:
            yield None
            continue
        if n == 10**count:
            n, exponent = n // 10, exponent + 1  # noqa: PLW2901 (9.99… rounds up to the next power of ten)
        decimals = count - 1 - exponent
        if always_scientific or exponent < SMALLEST_FIXED or exponent >= max(count, 7):
            yield scientific(n, count, exponent, negative=minus)
        else:
            yield fixed(n, decimals, negative=minus)
