"""Training runs, in batches and over epochs, against gradients by HIPS autograd and a loop written here."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from hypothesis import given
from hypothesis import strategies as st

import chalkgrad
from chalkgrad.document.training import told
from chalkgrad.errors import SpecError
from strategies import thorough

START = [[[0.4, -0.3], [-0.2, 0.6]], [0.1, -0.2], [[0.5, -0.7]], [0.3]]
POINTS = [[0.5, -1], [1, 0.2], [-0.3, 0.8], [-1, -0.4], [0.7, 0.9]]
GOALS = [1, 0, 1, 1, 0]


def spec(samples: int = 5, mean: bool = True, **train: Any) -> dict[str, Any]:
    w1, b1, w2, b2 = START
    layers = [
        {"units": 2, "activation": "tanh", "weights": w1, "bias": b1},
        {"units": 1, "activation": "sigmoid", "weights": w2, "bias": b2},
    ]
    reduction = "mean" if mean else "sum"
    return {
        "network": {"layers": layers, "loss": "binary_cross_entropy", "reduction": reduction},
        "data": {"x": POINTS[:samples], "y": [[y] for y in GOALS[:samples]]},
        "train": {"optimizer": {"name": "sgd", "learning_rate": 0.5}, **train},
    }


def cost(parameters: list[np.ndarray], batch: list[int], mean: bool) -> Any:
    w1, b1, w2, b2 = parameters
    x, y = anp.array(POINTS)[batch], anp.array(GOALS)[batch]
    a = 1 / (1 + anp.exp(-(anp.tanh(x @ w1.T + b1) @ w2.T + b2)))[:, 0]
    losses = -(y * anp.log(a) + (1 - y) * anp.log(1 - a))
    return anp.mean(losses) if mean else anp.sum(losses)


def by_id(parameters: list[np.ndarray]) -> dict[str, float]:
    w1, b1, w2, b2 = parameters
    out = {f"W1[{j + 1},{k + 1}]": w1[j, k] for j in range(2) for k in range(2)}
    out |= {f"b1[{j + 1}]": b1[j] for j in range(2)}
    return out | {"W2[1,1]": w2[0, 0], "W2[1,2]": w2[0, 1], "b2[1]": b2[0]}


@thorough
@given(st.integers(1, 5), st.integers(1, 5), st.integers(1, 4), st.booleans())
def test_every_update_uses_its_own_samples(samples: int, size: int, epochs: int, mean: bool) -> None:
    size = min(size, samples)
    example = chalkgrad.solve(spec(samples, mean, epochs=epochs, batch_size=size))
    parameters = [np.array(p, dtype=float) for p in START]
    batches = [list(range(samples))[i : i + size] for i in range(0, samples, size)]
    everyone = list(range(samples))
    all_cost = "J@all" if len(batches) > 1 else "J"
    time = 0
    for _ in range(epochs):
        assert example[f"{all_cost}#{time}"].value == pytest.approx(cost(parameters, everyone, mean), rel=1e-12)
        for batch in batches:
            assert example[f"J#{time}"].value == pytest.approx(cost(parameters, batch, mean), rel=1e-12)
            gradients = grad(cost)(parameters, batch, mean)
            for id, slope in by_id(gradients).items():
                assert example[f"dJ/d{id}#{time}"].value == pytest.approx(slope, rel=1e-9, abs=1e-14)
            parameters = [p - 0.5 * g for p, g in zip(parameters, gradients, strict=True)]
            time += 1
            for id, value in by_id(parameters).items():
                assert example[f"{id}#{time}"].value == pytest.approx(value, rel=1e-11)
    assert example[f"{all_cost}#{time}"].value == pytest.approx(cost(parameters, everyone, mean), rel=1e-12)


def test_xor_is_learned() -> None:
    example = chalkgrad.solve("xor")
    outputs = [example[f"a2[1]@{n}#70"].value for n in (1, 2, 3, 4)]
    assert [round(a) for a in outputs] == [0, 1, 1, 0]
    costs = [example[f"J#{t}"].value for t in range(71)]
    assert all(after < before for before, after in pairwise(costs))


def test_central_differences_are_of_the_batch() -> None:
    example = chalkgrad.solve(spec(epochs=1, batch_size=2))
    for step in example:
        if step.id.endswith("~error"):
            assert step.value < 1e-5


@given(st.integers(1, 10_000))
def test_epochs_are_told_from_the_first_to_the_last(last: int) -> None:
    epochs = told(last)
    assert epochs[0] == 0
    assert epochs[-1] == last
    assert epochs == sorted(set(epochs))
    assert len(epochs) <= 21


@pytest.mark.parametrize(
    ("train", "path", "found", "expected"),
    [
        ({"steps": 2, "epochs": 2}, "train.epochs", "both steps and epochs", "one of them"),
        ({"epochs": 2, "batch_size": 6}, "train.batch_size", "a batch of 6", "at most 5, the number of samples"),
        ({"epochs": 0}, "train.epochs", '"0"', "a whole number from 1 to 10000"),
        ({"epochs": 1, "batch_size": 1.5}, "train.batch_size", '"1.5"', "a whole number from 1 to 10000"),
    ],
)
def test_what_cannot_be_is_told(train: dict[str, Any], path: str, found: str, expected: str) -> None:
    with pytest.raises(SpecError) as caught:
        chalkgrad.solve(spec(**train))
    (problem,) = caught.value.problems
    assert (problem.place.path, str(problem.found), str(problem.expected)) == (path, found, expected)
