"""Every optimizer against the formulas of its publication in NumPy, and against torch.optim where it is installed.

Gradients come from HIPS autograd, so that nothing here is chalkgrad's but the numbers it is asked for.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable, Iterator
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from hypothesis import given, settings
from hypothesis import strategies as st

import chalkgrad

STEPS = 5
X, Y = [[1, 0.5], [0.3, -2]], [[1], [0]]
START = [[[0.1, -0.2], [0.3, 0.4]], [0.1, -0.1], [[0.5, -0.6]], [0.2]]

Parameters = list[np.ndarray]
Rule = Callable[[np.ndarray, np.ndarray, dict[str, np.ndarray], int], np.ndarray]


def spec(optimizer: dict[str, Any], **train: Any) -> dict[str, Any]:
    w1, b1, w2, b2 = START
    layers = [
        {"units": 2, "activation": "tanh", "weights": w1, "bias": b1},
        {"units": 1, "activation": "sigmoid", "weights": w2, "bias": b2},
    ]
    return {
        "network": {"layers": layers, "loss": "half_squared_error"},
        "data": {"x": X, "y": Y},
        "train": {"optimizer": optimizer, "steps": STEPS, **train},
    }


def cost(parameters: Parameters) -> Any:
    w1, b1, w2, b2 = parameters
    hidden = anp.tanh(anp.array(X) @ w1.T + b1)
    out = 1 / (1 + anp.exp(-(hidden @ w2.T + b2)))
    return anp.mean(anp.sum((anp.array(Y) - out) ** 2 / 2, axis=1))


def trained(rule: Rule) -> Iterator[Parameters]:
    """The parameters after each step."""
    parameters = [np.array(p, dtype=float) for p in START]
    memory: list[dict[str, np.ndarray]] = [{} for _ in parameters]
    for t in range(1, STEPS + 1):
        gradients = grad(cost)(parameters)
        parameters = [rule(w, g, m, t) for w, g, m in zip(parameters, gradients, memory, strict=True)]
        yield parameters


def agrees(optimizer: dict[str, Any], rule: Rule) -> None:
    example = chalkgrad.solve(spec(optimizer))
    names = ("W1", "b1", "W2", "b2")
    for t, parameters in enumerate(trained(rule), 1):
        for name, values in zip(names, parameters, strict=True):
            for place, value in np.ndenumerate(values):
                id = f"{name}[{','.join(str(i + 1) for i in place)}]#{t}"
                assert example[id].value == pytest.approx(value, rel=1e-10, abs=1e-12), id


RATES = st.decimals("0.01", "0.5", places=2).map(float)
SHARES = st.decimals("0.1", "0.95", places=2).map(float)


@settings(max_examples=40)
@given(RATES, SHARES)
def test_momentum(rate: float, beta: float) -> None:
    def rule(w: Any, g: Any, m: Any, t: int) -> Any:
        m["v"] = beta * m.get("v", 0) + g
        return w - rate * m["v"]

    agrees({"name": "momentum", "learning_rate": rate, "beta": beta}, rule)


@settings(max_examples=40)
@given(RATES, SHARES)
def test_nesterov_in_its_first_form(rate: float, beta: float) -> None:
    """Sutskever et al. (2013), eq. 3 and 4, look ahead first; their θ + μv is the parameter that PyTorch keeps."""

    def rule(w: Any, g: Any, m: Any, t: int) -> Any:
        velocity = m.get("velocity", np.zeros_like(w))
        base = w - beta * velocity
        m["velocity"] = beta * velocity - rate * g
        return base + m["velocity"] + beta * m["velocity"]

    agrees({"name": "nesterov", "learning_rate": rate, "beta": beta}, rule)


@settings(max_examples=40)
@given(RATES)
def test_adagrad(rate: float) -> None:
    def rule(w: Any, g: Any, m: Any, t: int) -> Any:
        m["s"] = m.get("s", 0) + g * g
        return w - rate * g / (np.sqrt(m["s"]) + 1e-10)

    agrees({"name": "adagrad", "learning_rate": rate}, rule)


@settings(max_examples=40)
@given(RATES, SHARES)
def test_rmsprop(rate: float, rho: float) -> None:
    def rule(w: Any, g: Any, m: Any, t: int) -> Any:
        m["s"] = rho * m.get("s", 0) + (1 - rho) * g * g
        return w - rate * g / (np.sqrt(m["s"]) + 1e-8)

    agrees({"name": "rmsprop", "learning_rate": rate, "rho": rho}, rule)


@settings(max_examples=40)
@given(RATES, SHARES, SHARES)
def test_adam(rate: float, beta1: float, beta2: float) -> None:
    def rule(w: Any, g: Any, m: Any, t: int) -> Any:
        m["m"] = beta1 * m.get("m", 0) + (1 - beta1) * g
        m["v"] = beta2 * m.get("v", 0) + (1 - beta2) * g * g
        mean, square = m["m"] / (1 - beta1**t), m["v"] / (1 - beta2**t)
        return w - rate * mean / (np.sqrt(square) + 1e-8)

    agrees({"name": "adam", "learning_rate": rate, "beta1": beta1, "beta2": beta2}, rule)


TORCH = {
    "sgd": ("SGD", {}),
    "momentum": ("SGD", {"momentum": 0.9}),
    "nesterov": ("SGD", {"momentum": 0.9, "nesterov": True}),
    "adagrad": ("Adagrad", {}),
    "rmsprop": ("RMSprop", {}),
    "adam": ("Adam", {}),
}


@pytest.mark.skipif(
    not os.environ.get("CI") and importlib.util.find_spec("torch") is None, reason="torch is not installed"
)
@pytest.mark.parametrize("decay", [0, 0.25])
@pytest.mark.parametrize("name", TORCH)
def test_the_defaults_are_those_of_torch(name: str, decay: float) -> None:
    import torch

    kind, settings = TORCH[name]
    tensors = [torch.tensor(p, dtype=torch.float64, requires_grad=True) for p in START]
    optimizer = getattr(torch.optim, kind)(tensors, lr=0.1, weight_decay=decay, **settings)
    example = chalkgrad.solve(
        spec({"name": name, "learning_rate": 0.1}, **({"weight_decay": decay} if decay else {}))
    )
    x, y = torch.tensor(X, dtype=torch.float64), torch.tensor(Y, dtype=torch.float64)
    for t in range(1, STEPS + 1):
        optimizer.zero_grad()
        w1, b1, w2, b2 = tensors
        out = torch.sigmoid(torch.tanh(x @ w1.T + b1) @ w2.T + b2)
        ((y - out) ** 2 / 2).sum(1).mean().backward()
        optimizer.step()
        for name, tensor in zip(("W1", "b1", "W2", "b2"), tensors, strict=True):
            for place, value in np.ndenumerate(tensor.detach().numpy()):
                id = f"{name}[{','.join(str(i + 1) for i in place)}]#{t}"
                assert example[id].value == pytest.approx(value, rel=1e-10, abs=1e-12), id


def test_what_is_remembered_has_ids() -> None:
    example = chalkgrad.solve(spec({"name": "momentum", "learning_rate": 0.1, "beta": 0.5}))
    gradient = example["dJ/dW2[1,1]"].value
    assert example["vW2[1,1]'"].value == pytest.approx(gradient)
    assert example["vW2[1,1]#2"].value == pytest.approx(0.5 * gradient + example["dJ/dW2[1,1]'"].value)
