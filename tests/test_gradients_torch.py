"""Every number of random networks against PyTorch in float64: its activations, losses and optimizer."""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import assume, given

import chalkgrad
from oracles import Walk, comparable, disagreements, torch_walk
from strategies import LOSSES, PLAIN, SLOPED, Spec, specs, thorough
from test_gradients import small

if os.environ.get("CI"):  # there the second oracle must not go missing unnoticed
    import torch
else:
    torch = pytest.importorskip("torch")


def agrees(spec: Spec) -> None:
    """Assert that what PyTorch finds is what chalkgrad says."""
    agrees_with(torch_walk(spec), spec)


def agrees_with(walk: Walk, spec: Spec) -> None:
    example = chalkgrad.solve(spec)
    assert disagreements(lambda id: example[id].value, walk) == []


@thorough
@given(specs())
def test_random_specs(spec: Spec) -> None:
    walk = torch_walk(spec)
    assume(comparable(walk))
    agrees_with(walk, spec)


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("loss", LOSSES)
def test_every_loss(loss: str, reduction: str) -> None:
    agrees(small("sigmoid", loss, reduction=reduction))


@pytest.mark.parametrize("activation", [*PLAIN, *({"name": name, "alpha": "2/7"} for name in SLOPED)], ids=str)
def test_every_activation(activation: Any) -> None:
    agrees(small(activation))


@pytest.mark.parametrize(
    "activation",
    [
        "relu",
        "leaky_relu",
        {"name": "prelu", "alpha": 0.5},
        {"name": "elu", "alpha": 0.5},
        {"formula": "abs(z)"},
        {"formula": "max(z, 2*z)"},
        {"formula": "min(z, 2*z)"},
        {"formula": "relu(z) + 3*relu(-z)"},
    ],
    ids=str,
)
def test_exactly_at_the_kink(activation: Any) -> None:
    """At z = 0 itself the derivative is a convention: PyTorch's."""
    layer = {"units": 1, "activation": activation, "weights": [[0.5]], "bias": [-1]}
    spec = {
        "network": {"layers": [layer], "loss": "half_squared_error"},
        "data": {"x": [[2]], "y": [[-1]]},
        "train": {"optimizer": {"name": "sgd", "learning_rate": 0.5}},
    }
    walk = torch_walk(spec)
    assert walk.values["z1[1]"] == 0
    agrees_with(walk, spec)
