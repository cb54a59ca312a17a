"""Every number of random networks against an independent automatic differentiation (HIPS autograd)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given

import chalkgrad
from chalkgrad.catalogue import activations, losses
from chalkgrad.errors import SpecError, UnknownId
from oracles import Walk, autograd_walk, comparable, disagreements
from strategies import LOSSES, PLAIN, SLOPED, Spec, specs, thorough

# Unit by unit, by hand: the loss and what it wants of the outputs.
OUTPUTS = {
    "half_squared_error": ("identity", [0.3, -0.7]),
    "squared_error": ("tanh", [0.3, -0.7]),
    "mean_squared_error": ("identity", [0.3, -0.7]),
    "binary_cross_entropy": ("sigmoid", [1, 0.25]),
    "cross_entropy": ("softmax", ["1/3", "2/3"]),
}


def agrees(spec: Spec) -> chalkgrad.Example:
    """Assert that every number that chalkgrad works out is autograd's, and that none is missing or extra."""
    return agrees_with(autograd_walk(spec), spec)


def agrees_with(walk: Walk, spec: Spec) -> chalkgrad.Example:
    assert comparable(walk)
    example = chalkgrad.solve(spec)
    values = {step.id: step.value for step in example if step.section != "given" and "~" not in step.id}
    assert set(values) == set(walk.values)
    assert disagreements(values.__getitem__, walk) == []
    return example


def small(activation: Any, loss: str = "half_squared_error", **network: Any) -> Spec:
    """A 2-3-2 network over two samples with this activation in its hidden layer; no sum is near 0."""
    outputs, targets = OUTPUTS[loss]
    hidden = {
        "units": 3,
        "activation": activation,
        "weights": [[0.5, -0.3], [-0.8, 0.6], [0.1, 0.9]],
        "bias": [0.1, -0.2, 0.4],
    }
    last = {
        "units": 2,
        "activation": outputs,
        "weights": [[0.7, -0.4, 0.2], [-0.5, 0.3, 1.1]],
        "bias": {"shared": 0.15},
    }
    return {
        "network": {"layers": [hidden, last], "loss": loss, **network},
        "data": {"x": [[1.5, -0.5], [-0.4, 1.2]], "y": [targets, targets[::-1]]},
        "train": {"optimizer": {"name": "sgd", "learning_rate": 0.3}, "steps": 2},
    }


def test_the_strategies_know_the_catalogue() -> None:
    """A new activation or loss must be added to the strategies and the oracles."""
    differentiable = {name for name, row in activations.BY_NAME.items() if row.differentiable}
    assert set(PLAIN) == differentiable
    assert set(SLOPED) == {row.name for row in activations.ACTIVATIONS if "alpha" in row.settings}
    assert set(LOSSES) == set(losses.BY_NAME)


@thorough
@given(specs())
def test_random_specs(spec: Spec) -> None:
    walk = autograd_walk(spec)
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
    "formula",
    [
        "z*sigmoid(z)",
        "-z**2",  # minus binds less than the power
        "2**3/(9 + z**2)/2 - z/4*3",  # division and product from the left
        "z**3/9 - 2**-1*z",
        "1 - 2 - z",
        "1/(1 + abs(z))",
        "max(min(z, 0.9), -0.5*z)",
        "sqrt(z**2 + 1)",
        "log(cos(z)**2 + 1)/pi",
    ],
)
def test_formulas_mean_what_they_mean_in_python(formula: str) -> None:
    agrees(small({"formula": formula}))


def test_a_caret_is_a_power() -> None:
    caret, stars = (chalkgrad.solve(small({"formula": text})) for text in ("z^3", "z**3"))
    assert [step.value for step in caret] == [step.value for step in stars]


@pytest.mark.parametrize("loss", ["half_squared_error", "squared_error", "mean_squared_error"])
@pytest.mark.parametrize(
    "activation", ["identity", "tanh", "arctan", {"formula": "z**2"}, {"formula": "z**3 + z"}], ids=str
)
def test_irrational_contributions_that_cancel(activation: Any, loss: str) -> None:
    """Two equal hidden units, weighted 1 and -1: their sum is 0, and so is the cost, not undefined."""
    layers = [
        {"units": 2, "activation": "sigmoid", "weights": [[0.3], [0.3]], "bias": "none"},
        {"units": 1, "activation": activation, "weights": [[1, -1]], "bias": "none"},
    ]
    example = agrees(
        {
            "network": {"layers": layers, "loss": loss},
            "data": {"x": [[1]], "y": [[0]]},
            "train": small("tanh")["train"],
        }
    )
    assert (example["a2[1]"].value, example["J"].value, example["J"].shown) == (0, 0, "0")


def test_mean_is_the_default_reduction() -> None:
    agrees(small("tanh"))  # `small` says nothing of the reduction, and the oracle takes the mean


def test_a_frozen_parameter_stays() -> None:
    spec = small("tanh")
    spec["train"]["freeze"] = ["W1", "b2"]
    example = agrees(spec)
    assert "b1[1]'" in example.ids()
    assert "W2[1,1]#2" in example.ids()
    assert not [id for id in example.ids() if id.startswith(("W1[1,1]'", "W1[1,1]#", "b2'", "b2#"))]


def test_other_spellings_of_an_id() -> None:
    example = chalkgrad.solve(small("tanh"))
    assert example["W1[1,2]#1"] == example["W1[1,2]'"]
    assert example["W1[1,2]#0"] == example["W1[1,2]"]
    assert example["W1[1, 2]#2"].value != example["W1[1,2]'"].value
    with pytest.raises(UnknownId, match=r"W1\[3,2\]"):
        example["W1[4,2]"]


def test_one_sample_may_be_named() -> None:
    example = chalkgrad.solve("mazur")
    assert example["a1[1]@1"] == example["a1[1]"]
    assert example["dJ/dW2[1,1]@1"] == example["dJ/dW2[1,1]"]


# ---- the step function, which has no gradient -----------------------------------------------------------------


def stepping() -> Spec:
    """Two step units: one below its switch, one exactly at it."""
    layers = [
        {"units": 2, "activation": "step", "weights": [[1, -2], ["1/3", 0.5]], "bias": [0.5, "-5/6"]},
        {"units": 1, "activation": "identity", "weights": [[3, 4]], "bias": [-1]},
    ]
    return {"network": {"layers": layers, "loss": "squared_error"}, "data": {"x": [[1, 1]], "y": [[1]]}}


def test_step_forward() -> None:
    example = chalkgrad.solve(stepping())
    expected = {"z1[1]": -0.5, "a1[1]": 0, "z1[2]": 0, "a1[2]": 1, "z2[1]": 3, "a2[1]": 3, "J": 4}
    assert {id: example[id].value for id in example.ids() if example[id].section != "given"} == expected


def test_step_cannot_be_trained() -> None:
    spec = stepping() | {"train": {"optimizer": {"name": "sgd", "learning_rate": 0.1}}}
    with pytest.raises(SpecError, match='"step"') as caught:
        chalkgrad.solve(spec)
    assert [problem.place.path for problem in caught.value.problems] == ["network.layers[0].activation"]
