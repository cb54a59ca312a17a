"""Digits: rounding, balls, and pages that a pocket calculator can follow."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from flint import arb, ctx, fmpq
from hypothesis import assume, given
from hypothesis import strategies as st
from mpmath import MPContext

import chalkgrad
from chalkgrad.errors import Unproven
from chalkgrad.evaluation.rounding import Digits, Shown, show_ball, show_exact, show_given
from chalkgrad.evaluation.runner import PRECISIONS, proven
from strategies import Spec, numbers, specs, thorough

MODES = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "truncate": ROUND_DOWN}


def exact(text: str) -> fmpq:
    value = Fraction(text)
    return fmpq(value.numerator, value.denominator)


def text_of(text: str, decimals: int, rounding: str = "half_up") -> str:
    return show_exact(exact(text), Digits(decimals=decimals, rounding=rounding)).text


# ---- rounding, by hand ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "decimals", "rounding", "expected"),
    [
        ("0.0075", 3, "half_up", "0.008"),  # the float nearest to 0.0075 lies below it and would give 0.007
        ("0.0075", 3, "half_even", "0.008"),
        ("0.0085", 3, "half_even", "0.008"),
        ("0.0085", 3, "half_up", "0.009"),
        ("0.0079", 3, "truncate", "0.007"),
        ("-0.0075", 3, "half_up", "-0.008"),  # away from zero
        ("-0.0085", 3, "half_even", "-0.008"),
        ("-0.0079", 3, "truncate", "-0.007"),  # towards zero
        ("2.5", 0, "half_up", "3"),
        ("2.5", 0, "half_even", "2"),
        ("-2.5", 0, "half_up", "-3"),
        ("2/3", 4, "half_up", "0.6667"),
        ("2/3", 4, "truncate", "0.6666"),
        ("-2/3", 4, "half_up", "-0.6667"),
        ("1.99996", 4, "half_up", "2.0000"),  # the carry runs through, and the zeros say how far it was rounded
        ("0.99999", 2, "half_up", "1.00"),
        ("100/3", 2, "half_up", "33.33"),
        ("0.00005", 4, "half_up", "0.0001"),
    ],
)
def test_decimals(value: str, decimals: int, rounding: str, expected: str) -> None:
    shown = show_exact(exact(value), Digits(decimals=decimals, rounding=rounding))
    assert shown == (expected, False)


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        ("0.15", 9, "0.15"),
        ("-0.5", 1, "-0.5"),
        ("7", 4, "7"),
        ("-12", 0, "-12"),
        ("0", 3, "0"),
        ("1/8", 3, "0.125"),
        ("1.50", 4, "1.5"),
    ],
)
def test_a_number_that_fits_is_printed_as_it_is(value: str, decimals: int, expected: str) -> None:
    assert show_exact(exact(value), Digits(decimals=decimals)) == (expected, True)


@pytest.mark.parametrize(
    ("value", "decimals", "expected", "is_exact"),
    [
        ("0.000021", 4, "2.1e-5", True),
        ("-0.000021", 4, "-2.1e-5", True),
        ("0.000004", 3, "4e-6", True),
        ("0.0000214", 4, "2.1e-5", False),
        ("0.0000215", 4, "2.2e-5", False),
        ("0.00000999", 3, "1.0e-5", False),
        ("-1/300000", 4, "-3.3e-6", False),
        ("1/3", 0, "3.3e-1", False),
    ],
)
def test_too_small_for_its_decimals(value: str, decimals: int, expected: str, is_exact: bool) -> None:
    assert show_exact(exact(value), Digits(decimals=decimals)) == (expected, is_exact)


def test_truncation_does_not_reach_zero_either() -> None:
    assert text_of("0.00009", 4, "truncate") == "9e-5"
    assert text_of("0.0000999", 4, "truncate") == "9.9e-5"


@pytest.mark.parametrize(
    ("value", "significant", "expected", "is_exact"),
    [
        ("2/3", 6, "0.666667", False),
        ("-200/3", 6, "-66.6667", False),
        ("1/3000", 3, "0.000333", False),
        ("1/30000", 3, "3.33e-5", False),
        ("0.00001", 6, "1e-5", True),
        ("99999.96", 6, "100000", False),
        ("0.25", 6, "0.25", True),
        ("1234567", 6, "1234567", True),  # a whole number is printed as it is
        ("1234567.8", 3, "1230000", False),
        ("12345678.9", 3, "1.23e7", False),
    ],
)
def test_significant_digits(value: str, significant: int, expected: str, is_exact: bool) -> None:
    assert show_exact(exact(value), Digits(significant=significant)) == (expected, is_exact)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0.150", "0.15"),
        ("1/3", "1/3"),
        ("-2/7", "-2/7"),
        ("6/4", "1.5"),
        ("-0.123456789", "-0.123456789"),
        ("3", "3"),
        ("0.00005", "0.00005"),
        ("0.0000123456789", "0.0000123456789"),  # in scientific notation as long
        ("0.000000123456789", "1.23456789e-7"),
        ("1/100000000", "1e-8"),
        ("-0.00000025", "-2.5e-7"),
    ],
)
def test_what_is_given_keeps_all_its_digits(value: str, expected: str) -> None:
    assert show_given(exact(value), Digits(decimals=2)) == (expected, True)


@pytest.mark.parametrize(
    ("value", "expected"), [(arb.pos_inf(), "inf"), (arb.neg_inf(), "-inf"), (arb.nan(), "nan"), (arb(0), "0")]
)
def test_balls_that_are_no_ordinary_number(value: arb, expected: str) -> None:
    assert show_ball(value, Digits(decimals=3)).text == expected


# ---- rounding, against Python's decimal module ------------------------------------------------------------------

roundings = st.sampled_from(tuple(MODES))
rationals = st.one_of(
    st.builds(Fraction, st.integers(-(10**9), 10**9), st.integers(1, 10**6)),
    # near what the decimals can hold, ties included
    st.builds(lambda k, n: Fraction(k, 2 * 10**n), st.integers(-(10**6), 10**6), st.integers(0, 14)),
)
WIDE = Context(prec=400)
"""Enough digits for a fraction with a short denominator to be told from every tie it is not."""


def wide(value: Fraction) -> Decimal:
    return WIDE.divide(Decimal(value.numerator), Decimal(value.denominator))


def expected_value(value: Fraction, digits: Digits) -> Decimal:
    """What should be printed, by the decimal module."""
    mode = MODES[digits.rounding]
    if digits.decimals is not None:
        rounded = wide(value).quantize(Decimal(1).scaleb(-digits.decimals), mode, WIDE)
        if rounded or not value:
            return rounded
        return Context(prec=2, rounding=mode).plus(wide(value))
    if value.denominator == 1 and abs(value) < 10**15:
        return Decimal(value.numerator)
    return Context(prec=digits.significant, rounding=mode).plus(wide(value))


def is_well_formed(shown: Shown, value: Fraction, digits: Digits) -> bool:
    """Whether the text has the digits asked for and owns up to what it leaves out."""
    says = Fraction(Decimal(shown.text))
    if shown.exact != (says == value):
        return False
    mantissa = shown.text.partition("e")[0]
    decimals = len(mantissa.partition(".")[2])
    if shown.exact:
        return not ("." in mantissa and mantissa.endswith("0"))
    if digits.decimals is not None and "e" not in shown.text:
        return decimals == digits.decimals
    count = 2 if digits.decimals is not None else digits.significant
    significant = len(mantissa.lstrip("-0.").replace(".", ""))
    whole = "." not in mantissa and mantissa.endswith("0")  # 1230000: zeros that only hold the place
    return significant == count or (whole and significant > count)


digit_wishes = st.one_of(
    st.builds(lambda n, r: Digits(decimals=n, rounding=r), st.integers(0, 15), roundings),
    st.builds(lambda n, r: Digits(significant=n, rounding=r), st.integers(1, 15), roundings),
)


@thorough
@given(rationals, digit_wishes)
def test_exact_numbers_round_as_decimal_does(value: Fraction, digits: Digits) -> None:
    shown = show_exact(exact(str(value)), digits)
    assert Decimal(shown.text) == expected_value(value, digits)
    assert is_well_formed(shown, value, digits)


@thorough
@given(rationals.filter(bool), digit_wishes)
def test_no_number_but_zero_is_shown_as_zero(value: Fraction, digits: Digits) -> None:
    for shown in (show_exact(exact(str(value)), digits), settled(value, digits)):
        assert Decimal(shown.text) != 0
        assert shown.text.startswith("-") == (value < 0)


def settled(value: Fraction, digits: Digits) -> Shown:
    """The digits of a fraction that is known only as a ball."""
    with ctx.workprec(1024):
        # a third is no dyadic number: the ball has a radius, whatever the fraction
        return show_ball(arb(exact(str(value))) * arb(fmpq(1, 3)) * 3, digits)


@thorough
@given(rationals, digit_wishes)
def test_balls_show_the_digits_of_the_fraction_they_enclose(value: Fraction, digits: Digits) -> None:
    assume(value.denominator != 1 or digits.decimals is not None)  # no ball knows that it is a whole number
    assert Decimal(settled(value, digits).text) == expected_value(value, digits)


@thorough
@given(st.integers(-(10**6), 10**6), st.integers(1, 12), roundings)
def test_balls_without_radius_round_ties_too(k: int, bits: int, rounding: str) -> None:
    """A dyadic fraction makes a ball of radius 0, which may lie exactly on a tie."""
    value, digits = Fraction(2 * k + 1, 2**bits), Digits(decimals=bits - 1, rounding=rounding)
    with ctx.workprec(128):
        shown = show_ball(arb(exact(str(value))), digits)
    assert Decimal(shown.text) == expected_value(value, digits)


def test_a_ball_too_wide_is_refused() -> None:
    with ctx.workprec(20):
        third = arb(1) / 3
        assert show_ball(third, Digits(decimals=4)).text == "0.3333"
        with pytest.raises(Unproven):
            show_ball(third, Digits(decimals=9))
        with pytest.raises(Unproven):  # positive or negative?
            show_ball(third - arb(fmpq(1, 3)), Digits(decimals=4))


def test_precision_grows_until_every_digit_is_proven() -> None:
    seen: list[int] = []

    def make() -> str:
        seen.append(ctx.prec)
        # 1/3 + 2^-200 - 1/3: with less than 200 bits it cannot be told from 0
        return show_ball(arb(1) / 3 + arb(2) ** -200 - arb(1) / 3, Digits(significant=3)).text

    before = ctx.prec
    assert proven(make) == "6.22e-61"  # 2^-200 = 6.223…·10^-61
    assert seen == [128, 512]
    assert ctx.prec == before


def test_what_no_precision_proves_is_refused() -> None:
    seen: list[int] = []

    def make() -> None:
        seen.append(ctx.prec)
        raise Unproven("a digit")

    with pytest.raises(Unproven):
        proven(make)
    assert tuple(seen) == PRECISIONS


# ---- whole examples, worked again with 80 digits ---------------------------------------------------------------

mp: Any = MPContext()
mp.dps = 80


class Undefined(Exception):  # noqa: N818
    """A logarithm of 0 or a division by 0: nothing to compare."""


def written(value: Any) -> Any:
    """A number of the spec."""
    fraction = Fraction(str(value))
    return mp.mpf(fraction.numerator) / fraction.denominator


def decimal_of(value: Any) -> Decimal:
    """A result to 60 digits: enough to find back the tie or the whole number that 80 digits only approach."""
    return Decimal(0) if abs(value) < mp.mpf(10) ** -60 else Decimal(mp.nstr(value, 60))


def phi(z: Any) -> Any:
    return mp.exp(-(z**2) / 2) / mp.sqrt(2 * mp.pi)


def sigma(z: Any) -> Any:
    return 1 / (1 + mp.exp(-z))


def cdf(z: Any) -> Any:
    return (1 + mp.erf(z / mp.sqrt(2))) / 2


# The function, and its derivative as it is written on a board, in z, the output a and alpha.
ACTIVATIONS: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
    "identity": (lambda z, alpha: z, lambda z, a, alpha: 1),
    "sigmoid": (lambda z, alpha: sigma(z), lambda z, a, alpha: a * (1 - a)),
    "tanh": (lambda z, alpha: mp.tanh(z), lambda z, a, alpha: 1 - a**2),
    "arctan": (lambda z, alpha: mp.atan(z), lambda z, a, alpha: 1 / (1 + z**2)),
    "relu": (lambda z, alpha: max(z, 0), lambda z, a, alpha: int(z > 0)),
    "leaky_relu": (lambda z, alpha: z if z > 0 else alpha * z, lambda z, a, alpha: 1 if z > 0 else alpha),
    "elu": (
        lambda z, alpha: z if z > 0 else alpha * (mp.exp(z) - 1),
        lambda z, a, alpha: 1 if z > 0 else a + alpha,
    ),
    "softplus": (lambda z, alpha: mp.log(1 + mp.exp(z)), lambda z, a, alpha: sigma(z)),
    "gelu": (lambda z, alpha: z * cdf(z), lambda z, a, alpha: cdf(z) + z * phi(z)),
    "silu": (lambda z, alpha: z * sigma(z), lambda z, a, alpha: sigma(z) + z * sigma(z) * (1 - sigma(z))),
}
ACTIVATIONS |= {
    "logistic": ACTIVATIONS["sigmoid"],
    "swish": ACTIVATIONS["silu"],
    "prelu": ACTIVATIONS["leaky_relu"],
}
ALPHA = {"leaky_relu": "0.01", "prelu": "0.25", "elu": "1"}


def loss_share(loss: str, a: Any, y: Any, m: int) -> Any:
    if loss.endswith("squared_error"):
        return (y - a) ** 2 * {
            "half_squared_error": mp.mpf(1) / 2,
            "squared_error": 1,
            "mean_squared_error": mp.mpf(1) / m,
        }[loss]
    terms = [(y, a), (1 - y, 1 - a)] if loss == "binary_cross_entropy" else [(y, a)]
    if any(argument <= 0 for factor, argument in terms if factor):
        raise Undefined
    return -sum(factor * mp.log(argument) for factor, argument in terms if factor)


def loss_slope(loss: str, a: Any, y: Any, m: int) -> Any:
    if loss.endswith("squared_error"):
        return (a - y) * {"half_squared_error": 1, "squared_error": 2, "mean_squared_error": mp.mpf(2) / m}[loss]
    if a == 0 or (loss == "binary_cross_entropy" and a == 1):
        raise Undefined
    return -y / a + ((1 - y) / (1 - a) if loss == "binary_cross_entropy" else 0)


class Calculator:
    """Works a spec step by step; `keep` says what of a result the next step goes on from."""

    def __init__(self, spec: Spec, keep: Callable[[Any], Any]) -> None:
        self.spec, self.keep = spec, keep
        self.layers = spec["network"]["layers"]
        self.x, self.y = ([[written(v) for v in row] for row in spec["data"][key]] for key in "xy")
        self.samples = range(len(self.x))
        self.loss = spec["network"]["loss"]
        self.mean = spec["network"].get("reduction", "mean") == "mean"
        self.train = spec.get("train") or {}
        self.sequential = self.train.get("update") == "sequential"
        self.now: dict[Any, Any] = {}
        self.found: dict[str, Any] = {}
        self.time = 0

    def copy(self, name: str, value: Any, n: int) -> Any:
        """Note a link that is itself a number of the page, such as dz/da: one goes on from that, 3/7, say."""
        self.put(name, value, n)
        return value

    def put(self, name: str, value: Any, n: int | None = None, ahead: int = 0) -> Any:
        """Note a result, and hand back what is carried on of it."""
        sample = f"@{n + 1}" if n is not None and len(self.x) > 1 else ""
        time = self.time + ahead
        self.found[f"{name}{sample}{ {0: '', 1: chr(39)}.get(time, f'#{time}') }"] = value = mp.mpf(value)
        return self.keep(value)

    def run(self) -> dict[str, Any]:
        """Every result, by id, before it was rounded."""
        weights = [[[written(w) for w in row] for row in layer["weights"]] for layer in self.layers]
        biases = [self._biases(layer["bias"]) for layer in self.layers]
        steps = self.train.get("steps", 1) if self.train else 0
        for self.time in range(steps + 1):
            sums, outputs = self._forward(weights, biases)
            if self.time == steps > 0:
                break
            weights, biases = self._backward(weights, biases, sums, outputs)
        return self.found

    @staticmethod
    def _biases(bias: Any) -> dict[str, Any]:
        if bias == "none":
            return {}
        return (
            {"": written(bias["shared"])}
            if isinstance(bias, dict)
            else {f"[{j}]": written(b) for j, b in enumerate(bias, 1)}
        )

    def _activation(self, layer: Spec) -> tuple[str, Any]:
        wish = layer["activation"]
        name, given = (wish, None) if isinstance(wish, str) else (wish["name"], wish["alpha"])
        return name, written(given if given is not None else ALPHA.get(name, 0))

    def _forward(self, weights: Any, biases: Any) -> tuple[Any, Any]:
        sums, outputs, costs = [], [], []
        for n in self.samples:
            before, row_z, row_a = self.x[n], [], []
            for number, layer in enumerate(self.layers, 1):
                w, b = weights[number - 1], biases[number - 1]
                name, alpha = self._activation(layer)
                z = [
                    self.put(f"z{number}[{j}]", mp.fdot(line, before) + b.get("", b.get(f"[{j}]", 0)), n)
                    for j, line in enumerate(w, 1)
                ]
                if name == "softmax":
                    results = [mp.exp(u) / sum(map(mp.exp, z)) for u in z]
                else:
                    results = [ACTIVATIONS[name][0](u, alpha) for u in z]
                before = [self.put(f"a{number}[{j}]", result, n) for j, result in enumerate(results, 1)]
                row_z.append(z)
                row_a.append(before)
            shares = [loss_share(self.loss, a, y, len(before)) for a, y in zip(before, self.y[n], strict=True)]
            if len(shares) > 1:
                shares = [self.put(f"J[{j}]", share, n) for j, share in enumerate(shares, 1)]
            costs.append(self.put("J", mp.fsum(shares), n))
            sums.append(row_z)
            outputs.append(row_a)
        if len(costs) > 1:
            self.put("J", self._reduced(costs))
        return sums, outputs

    def _reduced(self, values: list[Any]) -> Any:
        return mp.fsum(values) / len(values) if self.mean else mp.fsum(values)

    def _backward(self, weights: Any, biases: Any, sums: Any, outputs: Any) -> tuple[Any, Any]:
        new_weights, new_biases = list(weights), list(biases)
        deltas: list[list[Any]] = []
        for index in reversed(range(len(self.layers))):
            above = new_weights if self.sequential else weights
            deltas = [self._deltas(index, n, above, sums[n], outputs[n], deltas) for n in self.samples]
            moved = dict(self._moved(index, weights[index], biases[index], outputs, deltas))
            new_weights[index] = [
                [moved[f"W{index + 1}[{j},{k}]"] for k in range(1, len(row) + 1)]
                for j, row in enumerate(weights[index], 1)
            ]
            new_biases[index] = {key: moved[f"b{index + 1}{key}"] for key in biases[index]}
        return new_weights, new_biases

    def _deltas(self, index: int, n: int, weights: Any, sums: Any, outputs: Any, above: Any) -> list[Any]:
        """dJ/da, da/dz and delta of one layer, for one sample."""
        number, z, a = index + 1, sums[index], outputs[index]
        units = range(len(a))
        if index == len(self.layers) - 1:
            slopes = [loss_slope(self.loss, a[j], self.y[n][j], len(a)) for j in units]
        else:
            links = [
                [self.copy(f"dz{number + 1}[{i}]/da{number}[{j}]", weight, n) for j, weight in enumerate(row, 1)]
                for i, row in enumerate(weights[index + 1], 1)
            ]
            slopes = [mp.fdot(above[n], [row[j] for row in links]) for j in units]
        slopes = [self.put(f"dJ/da{number}[{j + 1}]", slopes[j], n) for j in units]
        name, alpha = self._activation(self.layers[index])
        local = {
            (i, j): self.put(f"da{number}[{i + 1}]/dz{number}[{j + 1}]", value, n)
            for i, j, value in self._jacobian(name, alpha, z, a)
        }
        return [
            self.put(f"delta{number}[{j + 1}]", mp.fsum(slopes[i] * local.get((i, j), 0) for i in units), n)
            for j in units
        ]

    @staticmethod
    def _jacobian(name: str, alpha: Any, z: Any, a: Any) -> Iterator[tuple[int, int, Any]]:
        for i in range(len(a)):
            if name != "softmax":
                yield i, i, ACTIVATIONS[name][1](z[i], a[i], alpha)
                continue
            for j in range(len(a)):
                yield i, j, a[i] * (1 - a[i]) if i == j else -a[i] * a[j]

    def _moved(
        self, index: int, weights: Any, biases: Any, outputs: Any, deltas: Any
    ) -> Iterator[tuple[str, Any]]:
        """The gradients of a layer's parameters, and each parameter after the update."""
        number = index + 1
        for j, row in enumerate(weights, 1):
            for k, weight in enumerate(row, 1):
                each = []
                for n in self.samples:
                    came_in = (self.x[n] if index == 0 else outputs[n][index - 1])[k - 1]
                    link = self.copy(f"dz{number}[{j}]/dW{number}[{j},{k}]", came_in, n)
                    each.append(self.put(f"dJ/dW{number}[{j},{k}]", deltas[n][j - 1] * link, n))
                yield self._parameter(f"W{number}", f"[{j},{k}]", weight, each)
        for key, bias in biases.items():
            each = []
            for n in self.samples:
                reached = range(1, len(weights) + 1) if key == "" else [int(key[1:-1])]
                for j in reached:
                    self.put(f"dz{number}[{j}]/db{number}{key}", 1, n)
                each.append(self.put(f"dJ/db{number}{key}", mp.fsum(deltas[n][j - 1] for j in reached), n))
            yield self._parameter(f"b{number}", key, bias, each)

    def _parameter(self, name: str, key: str, value: Any, gradients: list[Any]) -> tuple[str, Any]:
        gradient = gradients[0]
        if len(gradients) > 1:
            gradient = self.put(f"dJ/d{name}{key}", self._reduced(gradients))
        if self.train and name not in self.train.get("freeze", ()):
            rate = written(self.train["optimizer"]["learning_rate"])
            value = self.put(f"{name}{key}", value - rate * gradient, ahead=1)
        return f"{name}{key}", value


def worked(spec: Spec, digits: Digits) -> dict[str, Decimal]:
    """What every step of a spec must show."""

    def rounded(value: Any) -> Decimal:
        return expected_value(Fraction(decimal_of(value)), digits)

    shown = spec["show"].get("carry") == "shown"
    results = Calculator(spec, (lambda value: written(rounded(value))) if shown else (lambda value: value)).run()
    return {id: rounded(value) for id, value in results.items()}


@st.composite
def page_wishes(draw: st.DrawFn, carry: str) -> Spec:
    """A network and how its digits are to be shown; also such that are updated layer by layer."""
    spec = draw(specs(custom=False, most_layers=3, most_units=3, most_steps=2))
    if "train" in spec and draw(st.booleans()):
        spec["train"]["update"] = "sequential"
    digits = draw(
        st.sampled_from(
            ({"decimals": 3}, {"decimals": 4}, {"decimals": 9}, {"significant": 3}, {"significant": 6})
        )
    )
    spec["show"] = {"carry": carry, "rounding": draw(roundings), **digits}
    return spec


def digits_of(spec: Spec) -> Digits:
    show = spec["show"]
    return Digits(show.get("decimals"), show.get("significant"), show["rounding"])


def shows_what_was_worked(spec: Spec) -> None:
    try:
        expected = worked(spec, digits_of(spec))
    except Undefined:
        assume(False)
    # Numbers on the edge of an overflow are no page.
    assume(max(abs(value) for value in expected.values()) < 10**6)
    shown = {
        step["id"]: step["shown"] for step in chalkgrad.solve(spec).data()["steps"] if step["section"] != "given"
    }
    assert {id: Decimal(text) for id, text in shown.items() if "~" not in id} == expected


@thorough
@given(page_wishes("shown"))
def test_carry_shown_can_be_followed_on_a_pocket_calculator(spec: Spec) -> None:
    """Each number shown is the rounded result of its formula, worked with the numbers shown before it."""
    shows_what_was_worked(spec)


@thorough
@given(page_wishes("full"))
def test_carry_full_shows_the_rounded_value_of_the_exact_quantity(spec: Spec) -> None:
    shows_what_was_worked(spec)


# ---- the printed page, line by line -------------------------------------------------------------------------


class Symbolic(Exception):  # noqa: N818
    """There are names in it, or something else that is not worked with a calculator."""


class Reader:
    """Reads a printed formula in which only numbers are left, and works it out.

    >>> Reader(r"\\frac{1}{2} {(1 - 0.5)}^{2}").value()
    mpf('0.125')
    """

    TOKEN = re.compile(r"\s*(\d+(?:\.\d+)?|\\[a-zA-Z]+|[-+(){}^,e])")
    CALLS = {"\\ln": "log", "\\tanh": "tanh", "\\arctan": "atan"}
    OWN = {"\\sigma": sigma, "\\Phi": cdf, "\\varphi": phi}

    def __init__(self, text: str) -> None:
        self.tokens: list[str] = []
        position, text = 0, re.sub(r"\\color\{\w+\}", "", text).strip()
        while position < len(text):
            match = self.TOKEN.match(text, position)
            if match is None:
                raise Symbolic
            self.tokens.append(match[1])
            position = match.end()

    def value(self) -> Any:
        result = self.sum()
        if self.tokens:
            raise Symbolic
        return result

    def peek(self) -> str:
        return self.tokens[0] if self.tokens else ""

    def take(self, *texts: str) -> str:
        if not self.tokens or self.peek() not in texts:
            raise Symbolic
        return self.tokens.pop(0)

    def sum(self) -> Any:
        result = -self.product() if self.peek() == "-" and self.tokens.pop(0) else self.product()
        while self.peek() in ("+", "-"):
            result += self.product() if self.tokens.pop(0) == "+" else -self.product()
        return result

    def product(self) -> Any:
        result = self.power()
        while self.peek() not in ("+", "-", ")", "}", ",", ""):
            if self.peek() == "\\cdot":
                self.tokens.pop(0)
            result *= self.power()
        return result

    def power(self) -> Any:
        base = self.atom()
        while self.peek() == "^":
            self.tokens.pop(0)
            base = base ** self.group()
        return base

    def group(self, opening: str = "{", closing: str = "}") -> Any:
        self.take(opening)
        result = self.sum()
        self.take(closing)
        return result

    def atom(self) -> Any:
        token = self.peek()
        if token in ("(", "{"):
            return self.group(token, ")" if token == "(" else "}")
        self.take(token)
        if token and token[0].isdigit():
            return mp.mpf(token)
        if token == "e":
            return mp.e
        if token == "\\frac":
            above, below = self.group(), self.group()
            if below == 0:
                raise Undefined
            return above / below
        if token == "\\max":
            self.take("(")
            first = self.sum()
            self.take(",")
            second = self.sum()
            self.take(")")
            return max(first, second)
        if token in self.OWN:
            return self.OWN[token](self.power())
        if token in self.CALLS:
            argument = self.power()
            if token == "\\ln" and argument <= 0:
                raise Undefined
            return getattr(mp, self.CALLS[token])(argument)
        raise Symbolic


def worked_lines(page: str) -> Iterator[tuple[Any, str, Any, str]]:
    """Wherever a formula in numbers stands left of `=` or `≈` and a number right of it: both, and the line."""
    for line in page.splitlines():
        if "& =" not in line or "{cases}" in line or "matrix" in line:
            continue
        parts = re.split(r"(?<= )(=|\\approx) ", line.removesuffix("\\cr").partition("&")[2])
        for left, relation, right in zip(parts[0::2], parts[1::2], parts[2::2], strict=False):
            try:
                yield Reader(left).value(), relation, Reader(right).value(), line
            except (Symbolic, Undefined):
                continue


def false_lines(spec: Spec) -> tuple[list[str], int]:
    """The lines that a pocket calculator finds false on a page that carries digits, and how many it tried."""
    wrong, tried, digits = [], 0, digits_of(spec)
    for left, relation, right, line in worked_lines(chalkgrad.solve(spec).to_markdown()):
        tried += 1
        said = left if relation == "=" else mp.mpf(str(expected_value(Fraction(decimal_of(left)), digits)))
        if abs(said - right) > mp.mpf(10) ** -60 * (1 + abs(said)):
            wrong.append(line)
    return wrong, tried


@thorough
@given(page_wishes("shown"))
def test_every_line_of_a_page_that_carries_digits_is_true(spec: Spec) -> None:
    wrong, tried = false_lines(spec)
    assert wrong == []
    assert tried > 1  # at the very least a sum and the cost


def test_the_reader_of_lines_reads_lines() -> None:
    """By hand, so that the test above cannot pass by reading nothing, or nonsense."""
    page = r"""
    z & = w x = 0.5 \cdot 3 + (-1) = 0.5 \cr
    J & = \frac{1}{2} {(y - a)}^{2} = \frac{1}{2} {(1 - 0.75)}^{2} \approx 0.03 \cr
    a & = \frac{1}{1 + e^{-(-0)}} = 0.5 \cr
    d & = {\color{brown} 0.5} \cdot {\color{seagreen} \frac{3}{7}} \approx 2.1 \cdot {10}^{-1}
    """
    found = [(float(left), relation, float(right)) for left, relation, right, _ in worked_lines(page)]
    assert found == [
        (0.5, "=", 0.5),
        (0.03125, "\\approx", 0.03),
        (0.5, "=", 0.5),
        (pytest.approx(3 / 14), "\\approx", 0.21),
    ]


def fractions() -> Spec:
    """A weight and an input whose digits are not all that they are, under carried digits."""
    layers = [{"units": 1, "activation": "identity", "weights": [[w]], "bias": "none"} for w in (0, "3/7")]
    return {
        "network": {"layers": layers, "loss": "half_squared_error"},
        "data": {"x": [["1/3"]], "y": [[0.4]]},
        "show": {"decimals": 3, "carry": "shown", "rounding": "half_up"},
    }


def test_fractions_on_a_page_that_carries_digits() -> None:
    """(-0.4) · 3/7 is -0.171; (-0.4) · 0.429 is -0.172.  The page must work with what it prints."""
    wrong, tried = false_lines(fractions())
    assert wrong == []
    assert tried >= 4


def test_fractions_in_data_that_carry_digits() -> None:
    """So must `substituted` in JSON."""
    steps = chalkgrad.solve(fractions()).data()["steps"]
    chains = {step["id"]: step for step in steps if step["section"] == "backward" and step["factors"]}
    digits = digits_of(fractions())
    worked_out = {
        id: expected_value(Fraction(decimal_of(Reader(step["substituted"]).value())), digits)
        for id, step in chains.items()
    }
    assert "dJ/da1[1]" in worked_out
    assert worked_out == {id: Decimal(step["shown"]) for id, step in chains.items()}


@pytest.mark.parametrize("carry", ["full", "shown"])
def test_a_matrix_of_rounded_numbers_is_not_called_equal(carry: str) -> None:
    """0.3 · 0.3 = 0.09 and 0.5 · 0.3 = 0.15 are 0.1 and 0.2 to one decimal: the last sign on the line is ≈."""
    layers = [{"units": 2, "activation": "identity", "weights": [[0.3], [0.5]], "bias": "none"}]
    spec = {
        "network": {"layers": layers, "loss": "half_squared_error"},
        "data": {"x": [[0.3]], "y": [[0, 1]]},
        "show": {"decimals": 1, "carry": carry, "views": ["matrix"]},
    }
    page = chalkgrad.solve(spec).to_markdown().splitlines()
    line = next(line for line in page if line.startswith("Z^{(1)} &"))
    assert r"\begin{bmatrix} 0.1 & 0.2 \end{bmatrix}" in line
    assert re.findall(r" (=|\\approx) ", line)[-1] == r"\approx"


def test_the_two_ways_to_carry_differ() -> None:
    """Else the tests above would show nothing."""
    carried, full = (chalkgrad.solve("calculator", carry=carry) for carry in ("shown", "full"))
    assert [step.id for step in carried if step.shown != full[step.id].shown]


def test_a_rounded_number_keeps_its_last_zeros() -> None:
    """0.39698… carried on as 0.3970 is still a rounded number: its fourth decimal is known to be 0."""
    example = chalkgrad.solve(
        {
            "network": {
                "layers": [{"units": 1, "activation": "identity", "weights": [["1/3"]]}],
                "loss": "squared_error",
            },
            "data": {"x": [["1.191"]], "y": [[0]]},
            "show": {"decimals": 2, "carry": "shown"},
        }
    )
    assert example["z1[1]"].shown == "0.40"  # 0.397
    assert example["J"].shown == "0.16"


def test_exact_and_rounded_numbers_are_told_apart_on_the_page() -> None:
    page = chalkgrad.solve("mazur").to_markdown()
    assert "= 0.3775" in page
    assert r"\approx 0.593269992" in page
    assert "≈ 0.3775" not in page
    assert r"\approx 0.3775" not in page


@thorough
@given(numbers(-3, 3), numbers(-3, 3), numbers(-3, 3))
def test_rectifiers_and_the_identity_stay_exact(w: Any, x: Any, y: Any) -> None:
    """Nothing of this network is irrational, so every value is the float nearest to the exact fraction."""
    layers = [
        {"units": 1, "activation": "relu", "weights": [[w]], "bias": ["1/7"]},
        {"units": 1, "activation": {"name": "leaky_relu", "alpha": "1/3"}, "weights": [["-2/3"]], "bias": [0.1]},
    ]
    train = {"optimizer": {"name": "sgd", "learning_rate": 0.3}}
    example = chalkgrad.solve(
        {"network": {"layers": layers, "loss": "squared_error"}, "data": {"x": [[x]], "y": [[y]]}, "train": train}
    )
    w, x, y = (Fraction(str(number)) for number in (w, x, y))
    third, rate = Fraction(1, 3), Fraction(3, 10)
    z1 = w * x + Fraction(1, 7)
    a1 = max(z1, Fraction(0))
    z2 = -2 * third * a1 + Fraction(1, 10)
    a2 = z2 if z2 > 0 else z2 * third
    delta2 = 2 * (a2 - y) * (1 if z2 > 0 else third)
    delta1 = delta2 * -2 * third * (z1 > 0)
    expected = {
        "a2[1]": a2,
        "J": (y - a2) ** 2,
        "delta1[1]": delta1,
        "W1[1,1]'": w - rate * delta1 * x,
        "b2[1]'": Fraction(1, 10) - rate * delta2,
    }
    assert {id: example[id].value for id in expected} == {id: float(value) for id, value in expected.items()}


# ---- updates layer by layer -------------------------------------------------------------------------------------


def by_hand(spec: Spec, *, sequential: bool) -> dict[str, float]:
    """One step for two layers of sigmoids, in NumPy; hidden deltas from the new output weights or the old."""
    first, last = spec["network"]["layers"]
    x, y = (np.array(spec["data"][key], dtype=float) for key in "xy")
    w1, b1, w2, b2 = (np.array(layer[key], dtype=float) for layer in (first, last) for key in ("weights", "bias"))
    rate = spec["train"]["optimizer"]["learning_rate"]
    a1 = 1 / (1 + np.exp(-(x @ w1.T + b1)))
    a2 = 1 / (1 + np.exp(-(a1 @ w2.T + b2)))
    delta2 = (a2 - y) * a2 * (1 - a2)
    new_w2 = w2 if "W2" in spec["train"].get("freeze", ()) else w2 - rate * delta2.T @ a1 / len(x)
    delta1 = delta2 @ (new_w2 if sequential else w2) * a1 * (1 - a1)
    new_w1, new_b1 = w1 - rate * delta1.T @ x / len(x), b1 - rate * delta1.mean(axis=0)
    return {"delta1[1]@2": delta1[1, 0], "W1[1,2]'": new_w1[0, 1], "W1[2,1]'": new_w1[1, 0], "b1[2]'": new_b1[1]}


def two_layers(update: str, **train: Any) -> Spec:
    layers = [
        {"units": 2, "activation": "sigmoid", "weights": [[0.1, 0.5], [-0.7, 0.3]], "bias": [0.2, -0.1]},
        {"units": 2, "activation": "sigmoid", "weights": [[0.6, -0.4], [0.9, 0.2]], "bias": [0.1, 0.3]},
    ]
    return {
        "network": {"layers": layers, "loss": "half_squared_error"},
        "data": {"x": [[1, 0.5], [-0.3, 2]], "y": [[1, 0], [0.2, 0.7]]},
        "train": {"optimizer": {"name": "sgd", "learning_rate": 0.5}, "update": update, **train},
    }


@pytest.mark.parametrize("update", ["sequential", "simultaneous"])
@pytest.mark.parametrize("freeze", [[], ["W2"]], ids=["all move", "W2 frozen"])
def test_updates_layer_by_layer(update: str, freeze: list[str]) -> None:
    spec = two_layers(update, freeze=freeze)
    example = chalkgrad.solve(spec)
    expected = by_hand(spec, sequential=update == "sequential")
    assert {id: example[id].value for id in expected} == pytest.approx(expected, rel=1e-12)
    other = by_hand(spec, sequential=update != "sequential")
    # where the output weights stay, there is nothing to tell the two apart
    assert (other == pytest.approx(expected, rel=1e-4)) == bool(freeze)
