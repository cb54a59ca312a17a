"""Thousands of variants at once show the digits that each shows alone.

Alone, a variant is read by FLINT's balls and rationals; together, by NumPy's float balls: two arithmetics that
share no code.
"""

from __future__ import annotations

import json
import random
from fractions import Fraction

import numpy as np
import pytest
from flint import arb, ctx, fmpq

import chalkgrad
from chalkgrad import resources
from chalkgrad.algebra.ops import formal
from chalkgrad.algebra.parsing import parse
from chalkgrad.evaluation.columns import Column
from chalkgrad.evaluation.floats import FloatBall, Floats
from chalkgrad.evaluation.fold import compiled
from chalkgrad.evaluation.rounding import Digits
from chalkgrad.evaluation.runner import evaluate
from chalkgrad.evaluation.scalars import Balls
from chalkgrad.evaluation.variants import Variants
from chalkgrad.quantities import At, Role

DRAWN = (Role.INPUT, Role.WEIGHT, Role.BIAS)
COUNT = 40


def drawn(example: chalkgrad.Example, seed: int, steps: int) -> list[dict[At, Fraction]]:
    """Variants whose numbers lie on a grid; a coarse one hits kinks, zeros and ties."""
    rng = random.Random(seed)
    places = [at for at in example.program.registers if at.time == 0 and at.quantity in example.network.given]
    places = [at for at in places if getattr(at.quantity, "role", None) in DRAWN]
    return [{at: Fraction(rng.randint(-steps, steps), steps) for at in places} for _ in range(COUNT)]


def at_once(example: chalkgrad.Example, variants: list[dict[At, Fraction]]) -> Variants:
    """All of them in columns."""
    columns = {at: Column.of([variant[at] for variant in variants]) for at in variants[0]}
    return Variants(example.program, example.derivation, example.digits, columns, len(variants))


@pytest.mark.parametrize("steps", [2, 100])
@pytest.mark.parametrize("name", [n for n in resources.example_names() if n != "calculator"])
def test_together_as_alone(name: str, steps: int) -> None:
    example = chalkgrad.solve(name)
    variants = drawn(example, 7, steps)
    together = at_once(example, variants)
    finite = together.is_finite(At(example.network.batch_cost))
    for index, variant in enumerate(variants):
        places = example.program.given | {example.program.register(at): value for at, value in variant.items()}
        alone = evaluate(example.program, example.derivation, example.digits, given=places)
        for at in example.program.registers:
            if finite[index]:
                assert together.column(at).texts[index] == alone.shown(at).text, at.id(example.network.samples)
        assert [e for e in alone.events if e.kind == "kink"] == together.events[index]


def test_most_digits_need_no_second_look() -> None:
    """Else the variants would not be fast."""
    example = chalkgrad.solve("mazur")
    together = at_once(example, drawn(example, 3, 100))
    shown = sum(len(together.column(at).texts) for at in example.program.registers)
    assert together.settled < shown / 50


FORMULAS = (
    "exp(z)*log(2 + z**2) - z/(1 + exp(-z))",
    "tanh(z)*arctan(z) + sqrt(3 + sin(z))",
    "erf(z)*cos(z) - max(z, 0.3)*abs(z - 1)",
    "z**7 - 1/(5 + z**3) + softplus(z)*sigmoid(z)",
)


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_float_ball_holds_the_number(formula: str) -> None:
    """The midpoint is never further from the number than the radius says."""
    function = compiled(parse(formula, ["z"]), (formal("z"),))
    rng = random.Random(formula)
    values = [Fraction(rng.randint(-150, 150), 100) for _ in range(200)]
    wide = np.array([np.longdouble(v.numerator) / np.longdouble(v.denominator) for v in values])
    with np.errstate(all="ignore"):  # 0/0 where the midpoint is 0: its radius is infinite then
        ball = function(Floats(), [FloatBall(wide, np.abs(wide) * np.finfo(np.longdouble).eps)])
    with ctx.workprec(200):
        for value, mid, rad in zip(values, ball.mid, ball.rad, strict=True):
            if not np.isfinite(rad):  # says that it knows nothing, which is true
                continue
            true = function(Balls(), [arb(fmpq(value.numerator, value.denominator))])
            numerator, denominator = mid.as_integer_ratio()
            assert abs(true - arb(fmpq(int(numerator), int(denominator)))) <= arb(
                float(rad) * (1 + 1e-12) + 1e-300
            )
            assert rad < 1e-13


def test_pages_come_in_order_with_their_own_remarks() -> None:
    """A dead unit is told in its own variant only."""
    example = chalkgrad.solve("relu", language="en")
    variants = [{"b1[1]": b} for b in ("0", "-5", "0.1", "-5", "0.2")]
    pages = list(example.fill("md", variants))
    assert ["b^{(1)} _{1} = -5$" in page for page in pages] == [False, True, False, True, False]
    dead = [page.count("the unit is dead") for page in pages]
    assert dead == [1, 2, 1, 2, 1]
    assert pages[1] == pages[3]


def test_infinite_and_carried_variants_are_written_too() -> None:
    spec = {
        "network": {
            "layers": [{"units": 1, "activation": "relu", "weights": [[1]], "bias": [0]}],
            "loss": "binary_cross_entropy",
        },
        "data": {"x": [[0.5]], "y": [[1]]},
    }
    fine, infinite = chalkgrad.solve(spec).fill("md", [{"x[1]": 0.5}, {"x[1]": -1}])
    assert r"\infty" in infinite
    assert r"\infty" not in fine
    data = json.loads(chalkgrad.solve(spec | {"data": {"x": [[-1]], "y": [[1]]}}).text("json"))
    assert {step["id"]: (step["value"], step["shown"]) for step in data["steps"]}["J"] == (None, "inf")
    carried = chalkgrad.solve("calculator")
    (page,) = carried.fill("md", [{"x[1]": "1"}])
    assert page == carried.to_markdown()


def test_an_unknown_or_derived_number_cannot_be_given() -> None:
    example = chalkgrad.solve("mazur")
    with pytest.raises(chalkgrad.UnknownId, match="W1"):
        list(example.fill("md", [{"W1[1,9]": 1}]))
    with pytest.raises(chalkgrad.UnknownId):
        list(example.fill("md", [{"z1[1]": 1}]))
    with pytest.raises(ValueError, match="abc"):
        list(example.fill("md", [{"x[1]": "abc"}]))


@pytest.mark.parametrize("rounding", ["half_up", "half_even", "truncate"])
@pytest.mark.parametrize(
    "digits", [Digits(decimals=0), Digits(decimals=2), Digits(significant=1), Digits(significant=9)]
)
def test_all_roundings_and_digits(rounding: str, digits: Digits) -> None:
    show = {"rounding": rounding} | (
        {"decimals": digits.decimals} if digits.decimals is not None else {"significant": digits.significant}
    )
    example = chalkgrad.solve("regression", **show)
    variants = drawn(example, 11, 10)[:15]
    together = at_once(example, variants)
    for index, variant in enumerate(variants):
        places = example.program.given | {example.program.register(at): value for at, value in variant.items()}
        alone = evaluate(example.program, example.derivation, example.digits, given=places)
        for at in example.program.registers:
            assert together.column(at).texts[index] == alone.shown(at).text
