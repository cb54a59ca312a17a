"""Tolerances: nobody who rounds correctly is left out, and not much room is left over.

The students (`rounding_students.py`) work in decimals and know nothing of worksheets and slopes.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from flint import arb, ctx
from hypothesis import given, settings
from hypothesis import strategies as st

import chalkgrad
from chalkgrad.evaluation.carrying import Carrying
from chalkgrad.evaluation.columns import Column, Columns
from chalkgrad.evaluation.ranges import Range
from chalkgrad.evaluation.reachable import AT_ONCE, Reachable
from chalkgrad.example import Example
from rounding_students import answers, furthest

FOUR = {"decimals": 4}
ASKED = ("a2[1]", "delta2[1]", "dJ/dW1[1,2]", "W1[1,2]'")
WEIGHTS = tuple(Fraction(k, 10) for k in range(-10, 11) if k)
BIASES = tuple(Fraction(k, 10) for k in range(-5, 6))


def network(
    rng: random.Random,
    activations: Sequence[str] = ("sigmoid", "sigmoid"),
    loss: str = "half_squared_error",
    shape: Sequence[int] = (2, 2, 1),
    samples: int = 1,
) -> dict[str, Any]:
    """A network with numbers as an exam draws them."""

    def number(table: Sequence[Fraction]) -> float:
        return float(rng.choice(table))

    def target() -> list[int]:
        if loss == "cross_entropy":
            right = rng.randrange(shape[-1])
            return [int(j == right) for j in range(shape[-1])]
        return [rng.choice([0, 1]) for _ in range(shape[-1])]

    layers = [
        {
            "units": units,
            "activation": activation,
            "weights": [[number(WEIGHTS) for _ in range(inputs)] for _ in range(units)],
            "bias": [number(BIASES) for _ in range(units)],
        }
        for activation, inputs, units in zip(activations, shape[:-1], shape[1:], strict=True)
    ]
    x = [[rng.choice([-1, -0.5, 0.5, 1, 1.5, 2]) for _ in range(shape[0])] for _ in range(samples)]
    return {
        "network": {"layers": layers, "loss": loss},
        "data": {"x": x, "y": [target() for _ in range(samples)]},
        "train": {"optimizer": {"name": "sgd", "learning_rate": rng.choice([0.1, 0.2, 0.5])}},
        "show": {"decimals": 4},
    }


def intervals(example: Example, ids: Sequence[str], columns: Columns = {}, **digits: int) -> dict[str, Range]:  # noqa: B006
    ats = [example.at(id) for id in ids]
    found = Reachable(example.program, example.derivation, ats, Carrying(**digits)).intervals(columns)
    return {id: found[at] for id, at in zip(ids, ats, strict=True)}


def outside(spec: Mapping[str, Any], students: int, seed: int, **digits: int) -> Iterator[str]:
    """Every answer of some students that lies outside of what is said to be reachable."""
    example = chalkgrad.solve(spec)
    ids = [id for id in answers(spec, random.Random(seed), **digits) if id in example.ids()]
    assert len(ids) > 10
    found = intervals(example, ids, **digits)
    ends = {id: (found[id].low[0], found[id].high[0]) for id in ids}
    for number in range(students):
        for id, value in answers(spec, random.Random(f"{seed} {number}"), **digits).items():
            if id in ends and not ends[id][0] <= float(value) + 1e-13 <= ends[id][1] + 2e-13:
                yield f"{id}: {value} by student {number}, not in {ends[id]}"


@pytest.mark.parametrize("digits", [FOUR, {"significant": 4}, {"decimals": 2}], ids=str)
def test_thousands_of_students_before_the_exam_all_land_inside(digits):
    rng = random.Random(str(digits))
    papers, students = (5, 250) if digits == FOUR else (2, 100)
    for seed in range(papers):
        assert list(outside(network(rng), students, seed, **digits)) == []


NETWORKS = {
    "relu": (("relu", "identity"), "half_squared_error", (2, 2, 1), 1),
    "tanh": (("tanh", "sigmoid"), "squared_error", (2, 2, 1), 1),
    "two outputs": (("tanh", "tanh"), "half_squared_error", (2, 2, 2), 1),
    "softmax": (("sigmoid", "softmax"), "cross_entropy", (2, 2, 2), 1),
    "relu and softmax": (("relu", "softmax"), "cross_entropy", (2, 3, 3), 1),
    "a batch": (("sigmoid", "sigmoid"), "half_squared_error", (2, 2, 2), 3),
    "a batch with cross-entropy": (("sigmoid", "sigmoid"), "binary_cross_entropy", (2, 2, 1), 2),
    "three layers": (("sigmoid", "tanh", "sigmoid"), "half_squared_error", (2, 2, 2, 1), 1),
}


@pytest.mark.parametrize("digits", [FOUR, {"decimals": 2}, {"significant": 3}], ids=str)
@pytest.mark.parametrize("kind", NETWORKS)
def test_students_before_other_networks_land_inside_too(kind, digits):
    rng = random.Random(f"{kind} {digits}")
    assert list(outside(network(rng, *NETWORKS[kind]), 30, 1, **digits)) == []


@settings(max_examples=60 if os.environ.get("CI") else 8, deadline=None)
@given(
    rng=st.randoms(use_true_random=False),
    kind=st.sampled_from(sorted(NETWORKS)),
    digits=st.sampled_from([{"decimals": d} for d in (1, 3, 5)] + [{"significant": s} for s in (2, 5)]),
)
def test_students_before_any_network_land_inside(rng, kind, digits):
    assert list(outside(network(rng, *NETWORKS[kind]), 6, rng.randrange(2**30), **digits)) == []


def test_a_search_among_students_fills_much_of_the_interval():
    """The widest spread that a search meets, over a few papers, as a share of the interval."""
    rng = random.Random(3)
    ids = ASKED[:3]
    widest = dict.fromkeys(ids, 0.0)
    for seed in range(2):
        spec = network(rng)
        found = intervals(chalkgrad.solve(spec), ids, **FOUR)
        for id in ids:
            low, high = (furthest(spec, id, sign, seed, 40, 80, **FOUR) for sign in (-1, 1))
            assert found[id].low[0] - 1e-13 <= float(low)
            assert float(high) <= found[id].high[0] + 1e-13
            width = found[id].high[0] - found[id].low[0]
            widest[id] = max(widest[id], float(high - low) / width)
    assert widest["a2[1]"] > 0.6
    assert min(widest.values()) > 0.25


def test_the_intervals_are_a_few_units_wide():
    rng = random.Random(5)
    for _ in range(10):
        for id, (low, high) in intervals(chalkgrad.solve(network(rng)), ASKED, **FOUR).items():
            assert high[0] - low[0] < 8e-4, id


# ---- against every order there is --------------------------------------------------------------------------


def rounded(value: Fraction, decimals: int) -> Fraction:
    """Half up: away from 0."""
    scaled = abs(value) * 10**decimals
    units = int(scaled + Fraction(1, 2))
    return Fraction(units if value > 0 else -units, 10**decimals)


def every_product(factors: tuple[Fraction, ...], decimals: int) -> set[Fraction]:
    """What any brackets and any choice of roundings lead to."""

    @lru_cache(None)
    def found(chosen: int) -> frozenset[Fraction]:
        if chosen.bit_count() == 1:
            return frozenset([factors[chosen.bit_length() - 1]])
        results = set()
        part = (chosen - 1) & chosen
        while part:
            for a in found(part):
                for b in found(chosen ^ part):
                    results |= {a * b, rounded(a * b, decimals)}
            part = (part - 1) & chosen
        return frozenset(results)

    return set(found(2 ** len(factors) - 1))


@pytest.mark.parametrize("count", [2, 3, 4, 5])
def test_every_bracketing_of_a_product_lies_inside(count):
    rng = random.Random(count)
    names, shares = "abcde"[:count], []
    for _ in range(8):
        values = tuple(Fraction(rng.randint(-3000, 3000) or 1, 1000) for _ in names)
        spec = {
            "circuit": {
                "inputs": {name: str(float(v)) for name, v in zip(names, values, strict=True)},
                "steps": {"p": "*".join(names)},
                "output": "p",
            },
            "show": {"decimals": 4},
        }
        low, high = intervals(chalkgrad.solve(spec), ["p"], decimals=3)["p"]
        reachable = every_product(values, 3)
        assert low[0] <= float(min(reachable)) + 1e-13
        assert float(max(reachable)) <= high[0] + 1e-13
        shares.append(float(max(reachable) - min(reachable)) / (high[0] - low[0]))
    assert np.mean(shares) > 0.2


def every_sum(terms: tuple[Fraction, ...], decimals: int) -> set[Fraction]:
    """What any order and any choice of roundings of the terms and of the partial sums lead to."""
    results = set()
    for order in permutations(terms):
        sums = {order[0], rounded(order[0], decimals)}
        for term in order[1:]:
            made = {a + b for a in sums for b in (term, rounded(term, decimals))}
            sums = made | {rounded(value, decimals) for value in made}
        results |= sums
    return results


def test_every_order_of_a_sum_lies_inside():
    rng = random.Random(2)
    for _ in range(10):
        pairs = [(Fraction(rng.randint(1, 99), 100), Fraction(rng.randint(-99, 99), 100)) for _ in "123"]
        inputs = {
            f"{name}{i}": str(float(v)) for i, pair in enumerate(pairs) for name, v in zip("wx", pair, strict=True)
        }
        step = " + ".join(f"w{i}*x{i}" for i in range(3)) + " + c"
        spec = {"circuit": {"inputs": {**inputs, "c": "0.5"}, "steps": {"z": step}, "output": "z"}}
        low, high = intervals(chalkgrad.solve(spec), ["z"], decimals=2)["z"]
        reachable = every_sum((*(w * x for w, x in pairs), Fraction(1, 2)), 2)
        assert low[0] <= float(min(reachable)) + 1e-13
        assert float(max(reachable)) <= high[0] + 1e-13
        assert high[0] - low[0] < float(max(reachable) - min(reachable)) + 0.02


# ---- what is known without any doubt ------------------------------------------------------------------------


def test_numbers_of_few_digits_are_reached_exactly():
    spec = network(random.Random(1))
    found = intervals(chalkgrad.solve(spec), ["z1[1]", "z1[2]"], **FOUR)
    for id, (low, high) in found.items():
        assert low[0] == pytest.approx(chalkgrad.solve(spec)[id].value, abs=1e-15), id
        assert high[0] - low[0] < 1e-15, id


def test_the_truth_lies_inside_however_many_digits_are_carried():
    spec = network(random.Random(4), ("tanh", "softmax"), "cross_entropy", (2, 2, 3))
    example = chalkgrad.solve(spec)
    ids = [id for id in example.ids() if id[0] in "zadJ" and "~" not in id][::3]
    for decimals in (0, 4, 12):
        for id, (low, high) in intervals(example, ids, decimals=decimals).items():
            assert low[0] <= example[id].value + 1e-15, id
            assert example[id].value - 1e-15 <= high[0], id
            assert decimals < 4 or high[0] - low[0] < 100 * 10.0**-decimals, id


def test_a_logistic_function_by_itself_against_balls():
    """One number, rounded or not: the interval reaches from the number to what it is rounded to, no further than
    finer roundings and the exponential's own rounding ask."""
    spec = {"circuit": {"inputs": {"z": "0.7"}, "steps": {"a": "sigmoid(z)"}, "output": "a"}}
    low, high = intervals(chalkgrad.solve(spec), ["a"], decimals=4)["a"]
    with ctx.workprec(100):
        power = (-arb("0.7")).exp()
        exact = 1 / (1 + power)
        by_power = 1 / (1 + arb("0.4966"))  # e^-0.7 = 0.49658…
        assert arb(low[0]) < exact < arb(high[0])
        assert arb(low[0]) < by_power < arb(high[0])
    assert (low[0], high[0]) == pytest.approx((0.6682 - 2e-5, 0.6682), abs=2e-5)


def test_a_rectifier_that_rounding_may_switch_is_left_open():
    """z is 0.4·0.3 − 0.12 + 0.00004: above 0, and 0 for who rounds it to four decimals."""
    spec = {
        "circuit": {
            "inputs": {"w": "0.4", "x": "0.30011", "c": "-0.12"},
            "steps": {"z": "w*x + c", "a": "relu(z)", "p": "3*a"},
            "output": "p",
        }
    }
    found = intervals(chalkgrad.solve(spec), ["a", "dp/dw"], decimals=4)
    assert found["a"].low[0] <= 0 < found["a"].high[0]
    assert found["dp/dw"].low[0] <= 0 < 0.9 < found["dp/dw"].high[0]


def test_more_digits_are_never_punished():
    spec = network(random.Random(8))
    example = chalkgrad.solve(spec)
    found = intervals(example, ASKED, decimals=3)
    for seed in range(100):
        for id, value in answers(spec, random.Random(seed), decimals=4 + seed % 3).items():
            if id in found:
                assert found[id].low[0] - 1e-13 <= float(value) <= found[id].high[0] + 1e-13


# ---- single neurons and circuits, worked with every number rounded ------------------------------------------


def test_a_neuron_that_learns_online():
    spec = {
        "neuron": {"rule": "logistic", "weights": [0.3, -0.2], "bias": 0.1},
        "data": {"x": [[1, 0.5], [0.25, 1]], "y": [1, 0]},
        "train": {"learning_rate": 0.3, "max_epochs": 2, "order": "online"},
        "show": {"decimals": 4},
    }
    example = chalkgrad.solve(spec)
    found = intervals(example, ["w[1]#2", "w[2]#2", "b#2"], decimals=3)
    places = Fraction(1, 1000)

    def near(value: Fraction) -> Fraction:
        return Fraction(round(value / places)) * places

    w, b = [Fraction("0.3"), Fraction("-0.2")], Fraction("0.1")
    for _ in range(2):
        for x, y in (([Fraction(1), Fraction("0.5")], 1), ([Fraction("0.25"), Fraction(1)], 0)):
            z = near(near(w[0] * x[0]) + near(w[1] * x[1]) + b)
            e = y - near(Fraction(1 / (1 + float(np.exp(-float(z))))))
            step = near(Fraction("0.3") * e)
            w = [near(old + near(step * own)) for old, own in zip(w, x, strict=True)]
            b = near(b + step)
    for id, value in (("w[1]#2", w[0]), ("w[2]#2", w[1]), ("b#2", b)):
        assert found[id].low[0] <= float(value) <= found[id].high[0], id
        assert found[id].high[0] - found[id].low[0] < 0.02


# ---- many papers ---------------------------------------------------------------------------------------------


def drawn(example: Example, count: int, seed: int) -> Columns:
    rng = np.random.default_rng(seed)

    def column(table: Sequence[Fraction]) -> Column:
        return Column(tuple(table), rng.integers(0, len(table), count))

    given = {at: at.quantity.id for at in example.program.registers if at.time == 0}
    tables = {
        "W": WEIGHTS,
        "b": BIASES,
        "x": (Fraction(1, 2), Fraction(1), Fraction(-1)),
        "y": (Fraction(0), Fraction(1)),
    }
    places = set(example.program.given)
    return {
        at: column(tables[id[0]])
        for at, id in given.items()
        if id[0] in tables and example.program.register(at) in places
    }


def test_a_paper_is_the_same_whoever_sits_beside_it():
    example = chalkgrad.solve(network(random.Random(0)))
    columns = drawn(example, AT_ONCE + 50, 1)
    together = intervals(example, ASKED, columns, **FOUR)
    for paper in (0, 17, AT_ONCE - 1, AT_ONCE, AT_ONCE + 49):
        alone = {at: Column(column.table, column.picks[paper : paper + 1]) for at, column in columns.items()}
        for id, (low, high) in intervals(example, ASKED, alone, **FOUR).items():
            assert low[0] == pytest.approx(together[id].low[paper], abs=1e-15), (id, paper)
            assert high[0] == pytest.approx(together[id].high[paper], abs=1e-15), (id, paper)


def test_a_paper_of_many_is_that_of_its_own_spec():
    spec = network(random.Random(0))
    example = chalkgrad.solve(spec)
    columns = drawn(example, 30, 2)
    together = intervals(example, ASKED, columns, **FOUR)
    for paper in range(0, 30, 7):
        own = {at.id(1): column.values()[paper] for at, column in columns.items()}
        layers = [
            layer
            | {
                "weights": [
                    [str(own[f"W{n}[{j},{k}]"]) for k in range(1, len(row) + 1)]
                    for j, row in enumerate(layer["weights"], 1)
                ],
                "bias": [str(own[f"b{n}[{j}]"]) for j in range(1, layer["units"] + 1)],
            }
            for n, layer in enumerate(spec["network"]["layers"], 1)
        ]
        data = {"x": [[str(own["x[1]"]), str(own["x[2]"])]], "y": [[str(own["y[1]"])]]}
        single = chalkgrad.solve({**spec, "network": {**spec["network"], "layers": layers}, "data": data})
        for id, (low, high) in intervals(single, ASKED, **FOUR).items():
            assert (low[0], high[0]) == pytest.approx(
                (together[id].low[paper], together[id].high[paper]), abs=1e-15
            )


def test_wrong_signs_and_forgotten_slopes_lie_outside_in_nearly_all_papers():
    example = chalkgrad.solve(network(random.Random(0)))
    columns = drawn(example, 1000, 3)
    found = intervals(example, ["delta2[1]", "a2[1]"], columns, **FOUR)
    y = np.array([float(value) for value in columns[example.at("y[1]")].values()])
    a = (found["a2[1]"].low + found["a2[1]"].high) / 2
    right = (a - y) * a * (1 - a)
    low, high = found["delta2[1]"]
    assert ((low <= right) & (right <= high)).all()
    for wrong in (-right, a - y, (a - y) * a):
        assert ((wrong < low) | (wrong > high)).mean() > 0.99
