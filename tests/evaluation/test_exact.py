"""Fractions in columns are what fractions one by one are: Python's own, and FLINT's reading of formulas."""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np
import pytest
from flint import fmpq

from chalkgrad.algebra.ops import formal
from chalkgrad.algebra.parsing import parse
from chalkgrad.evaluation.columns import Column
from chalkgrad.evaluation.exact import LIMIT, Exact, Exacts, settled, unknown
from chalkgrad.evaluation.fold import compiled
from chalkgrad.evaluation.scalars import Rationals, fraction

FORMULAS = (
    "u*v + u/3 - 2",
    "(u - v)**3*u",
    "1/(1 + exp(-u)) + v",
    "max(u, v)*abs(u)",
    "u/v",
    "sqrt(u*u) + log(v*v)",
    "u**5*v**7 + cos(u)",
)


def drawn(seed: str, size: int, most: int) -> list[Fraction]:
    rng = random.Random(seed)
    return [Fraction(rng.randint(-most, most), rng.choice([1, 2, 4, 5, 10])) for _ in range(size)]


def as_fraction(value: fmpq | None) -> Fraction | None:
    return None if value is None else Fraction(int(value.p), int(value.q))


@pytest.mark.parametrize("most", [1, 12, 10**9])
@pytest.mark.parametrize("formula", FORMULAS)
def test_columns_know_what_single_fractions_know(formula: str, most: int) -> None:
    function = compiled(parse(formula, ["u", "v"]), (formal("u"), formal("v")))
    left, right = drawn(formula, 60, most), drawn(formula[::-1], 60, most)
    columns = [Exact.of(Column.of(left)), Exact.of(Column.of(right))]
    with np.errstate(all="ignore"):
        found = settled(function(Exacts(), columns)) or unknown()
    for i, (u, v) in enumerate(zip(left, right, strict=True)):
        alone = fraction(
            Rationals(), function, [fmpq(u.numerator, u.denominator), fmpq(v.numerator, v.denominator)]
        )
        assert found.value(i) == alone


def test_sums_and_products_outgrow_machine_integers_unharmed() -> None:
    huge = Fraction(LIMIT - 1, 7)
    values = [huge, -huge, Fraction(1, 3)]
    column = Exact.of(Column.of(values))
    total = Exacts().add(column, column)
    product = Exacts().mul(total, column)
    assert [as_fraction(value) for value in total.values()] == [2 * value for value in values]
    assert [as_fraction(value) for value in product.values()] == [2 * value * value for value in values]
    assert not product.is_whole


def test_fractions_that_have_become_small_are_machine_integers_again() -> None:
    found = settled(Exact(np.array([fmpq(1, 2), fmpq(3, 4)], dtype=object)))
    assert found is not None
    assert found.is_whole
    assert (found.above.tolist(), found.below) == ([2, 3], 4)


def test_a_sign_decides_a_case_and_is_no_number() -> None:
    relu = compiled(parse("relu(z)", ["z"]), (formal("z"),))
    slope = compiled(parse("relu(z)", ["z"]).diff(formal("z")).doit(), (formal("z"),))
    signs = unknown(np.array([1, -1, 0], dtype=np.int8))
    below = function_values(relu, signs)
    assert below == [None, fmpq(0), None]
    assert function_values(slope, signs)[1] == fmpq(0)


def function_values(function: object, value: Exact) -> list[fmpq | None]:
    found = function(Exacts(), [value])  # type: ignore[operator]
    return [found.value(i) for i in range(3)]
