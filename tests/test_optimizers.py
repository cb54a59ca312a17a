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


def agrees(optimizer: dict[str, Any], rule: Rule, **train: Any) -> None:
    example = chalkgrad.solve(spec(optimizer, **train))
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


@settings(max_examples=20)
@given(RATES, SHARES, SHARES, st.decimals("0.01", "0.5", places=2).map(float))
def test_adamw(rate: float, beta1: float, beta2: float, decay: float) -> None:
    def rule(w: Any, g: Any, m: Any, t: int) -> Any:
        m["m"] = beta1 * m.get("m", 0) + (1 - beta1) * g
        m["v"] = beta2 * m.get("v", 0) + (1 - beta2) * g * g
        mean, square = m["m"] / (1 - beta1**t), m["v"] / (1 - beta2**t)
        shrunk = w * (1 - rate * decay)
        return shrunk - rate * mean / (np.sqrt(square) + 1e-8)

    agrees({"name": "adamw", "learning_rate": rate, "beta1": beta1, "beta2": beta2}, rule, weight_decay=decay)


TORCH = {
    "sgd": ("SGD", {}),
    "momentum": ("SGD", {"momentum": 0.9}),
    "nesterov": ("SGD", {"momentum": 0.9, "nesterov": True}),
    "adagrad": ("Adagrad", {}),
    "rmsprop": ("RMSprop", {}),
    "adam": ("Adam", {}),
    "adamw": ("AdamW", {}),
}
NEEDS_TORCH = pytest.mark.skipif(
    not os.environ.get("CI") and importlib.util.find_spec("torch") is None, reason="torch is not installed"
)


def agrees_with_torch(
    train: dict[str, Any],
    kind: str,
    settings: dict[str, Any],
    *,
    change: Callable[[list[Any]], object] = lambda tensors: None,
    schedule: Callable[[Any], Any] | None = None,
) -> None:
    """Five steps of `train` beside those of an optimizer of torch; `change` is done to the gradients before each
    step, `schedule` makes the scheduler that follows it."""
    import torch

    tensors = [torch.tensor(p, dtype=torch.float64, requires_grad=True) for p in START]
    optimizer = getattr(torch.optim, kind)(tensors, lr=0.1, **settings)
    scheduler = schedule(optimizer) if schedule else None
    example = chalkgrad.solve(spec(**train))
    x, y = torch.tensor(X, dtype=torch.float64), torch.tensor(Y, dtype=torch.float64)
    for t in range(1, STEPS + 1):
        optimizer.zero_grad()
        w1, b1, w2, b2 = tensors
        out = torch.sigmoid(torch.tanh(x @ w1.T + b1) @ w2.T + b2)
        ((y - out) ** 2 / 2).sum(1).mean().backward()
        change(tensors)
        optimizer.step()
        if scheduler:
            scheduler.step()
        for name, tensor in zip(("W1", "b1", "W2", "b2"), tensors, strict=True):
            for place, value in np.ndenumerate(tensor.detach().numpy()):
                id = f"{name}[{','.join(str(i + 1) for i in place)}]#{t}"
                assert example[id].value == pytest.approx(value, rel=1e-10, abs=1e-12), id


@NEEDS_TORCH
@pytest.mark.parametrize("decay", [None, 0.25])
@pytest.mark.parametrize("name", TORCH)
def test_the_defaults_are_those_of_torch(name: str, decay: float | None) -> None:
    kind, settings = TORCH[name]
    told = {} if decay is None else {"weight_decay": decay}
    agrees_with_torch({"optimizer": {"name": name, "learning_rate": 0.1}, **told}, kind, {**settings, **told})


@NEEDS_TORCH
@settings(max_examples=8)
@given(st.sampled_from(sorted(TORCH)), st.decimals("0.001", "0.2", places=3).map(float))
def test_clipping_by_value_is_that_of_torch(name: str, bound: float) -> None:
    from torch.nn.utils import clip_grad_value_

    kind, settings = TORCH[name]
    train = {"optimizer": {"name": name, "learning_rate": 0.1}, "clip": {"value": bound}}
    agrees_with_torch(train, kind, settings, change=lambda tensors: clip_grad_value_(tensors, bound))


@NEEDS_TORCH
@settings(max_examples=8)
@given(st.sampled_from(sorted(TORCH)), st.decimals("0.001", "0.5", places=3).map(float))
def test_clipping_by_norm_is_that_of_torch(name: str, bound: float) -> None:
    import torch
    from torch.nn.utils import clip_grad_norm_

    def clip(tensors: list[Any]) -> None:
        """torch divides by the length + 10⁻⁶; told a bound as much greater, it divides by the length."""
        length = torch.linalg.norm(torch.cat([tensor.grad.flatten() for tensor in tensors]))
        clip_grad_norm_(tensors, bound * (length + 1e-6) / length)

    kind, settings = TORCH[name]
    train = {"optimizer": {"name": name, "learning_rate": 0.1}, "clip": {"norm": bound}}
    agrees_with_torch(train, kind, settings, change=clip)


@NEEDS_TORCH
@settings(max_examples=8)
@given(st.sampled_from(sorted(TORCH)), st.decimals("0.001", "0.5", places=3).map(float))
def test_the_l1_penalty_is_the_slope_of_the_absolute_value(name: str, l1: float) -> None:
    def penalise(tensors: list[Any]) -> None:
        (l1 * sum(tensor.abs().sum() for tensor in tensors)).backward()  # adds to the gradients

    kind, settings = TORCH[name]
    train = {"optimizer": {"name": name, "learning_rate": 0.1}, "l1": l1}
    agrees_with_torch(train, kind, settings, change=penalise)


def test_a_weight_at_0_is_not_pulled() -> None:
    layer = {"units": 1, "activation": "identity", "weights": [[0, 1]]}
    example = chalkgrad.solve(
        {
            "network": {"layers": [layer], "loss": "half_squared_error"},
            "data": {"x": [[0, 1]], "y": [[1]]},
            "train": {"optimizer": {"name": "sgd", "learning_rate": 1}, "l1": 0.5},
        }
    )
    assert [example[f"W1[1,{k}]'"].value for k in (1, 2)] == [0, 0.5]


def _scheduler(name: str) -> tuple[dict[str, Any], Callable[[Any], Any]]:
    from torch.optim import lr_scheduler as s

    return {
        "step": ({"ratio": 0.5, "every": 2}, lambda o: s.StepLR(o, step_size=2, gamma=0.5)),
        "exponential": ({"ratio": 0.8}, lambda o: s.ExponentialLR(o, gamma=0.8)),
        "cosine": ({"end": 0.01, "over": 3}, lambda o: s.CosineAnnealingLR(o, T_max=3, eta_min=0.01)),
        "inverse_time": ({"decay": 0.25}, lambda o: s.LambdaLR(o, lambda k: 1 / (1 + 0.25 * k))),
        "linear": ({"end": 0.02, "over": 3}, lambda o: s.LinearLR(o, 1, 0.2, total_iters=3)),
    }[name]


@NEEDS_TORCH
@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
@pytest.mark.parametrize("name", ["step", "exponential", "cosine", "inverse_time", "linear"])
def test_the_schedules_are_those_of_torch(name: str, optimizer: str) -> None:
    told, make = _scheduler(name)
    kind, settings = TORCH[optimizer]
    train = {"optimizer": {"name": optimizer, "learning_rate": 0.1}, "schedule": {"name": name, **told}}
    agrees_with_torch(train, kind, settings, schedule=make)


@settings(max_examples=20)
@given(RATES, st.decimals("0", "0.1", places=3).map(float), st.integers(1, 6))
def test_the_cosine_runs_from_the_first_rate_to_the_last(rate: float, end: float, over: int) -> None:
    schedule = {"name": "cosine", "end": end, "over": over}
    example = chalkgrad.solve(spec({"name": "sgd", "learning_rate": rate}, schedule=schedule, steps=over + 1))
    rates = [example[f"eta#{t}"].value for t in range(over + 1)]
    expected = [end + (rate - end) / 2 * (1 + np.cos(np.pi * t / over)) for t in range(over + 1)]
    assert rates == pytest.approx(expected, rel=1e-12, abs=1e-15)
    assert (rates[0], rates[-1]) == (rate, end)


@NEEDS_TORCH
def test_all_of_it_together_is_torch() -> None:
    from torch.nn.utils import clip_grad_value_
    from torch.optim.lr_scheduler import ExponentialLR

    def change(tensors: list[Any]) -> None:
        clip_grad_value_(tensors, 0.02)
        for tensor in tensors:
            tensor.grad += 0.01 * tensor.detach().sign()

    train = {
        "optimizer": {"name": "momentum", "learning_rate": 0.1},
        "clip": {"value": 0.02},
        "l1": 0.01,
        "weight_decay": 0.05,
        "schedule": {"name": "exponential", "ratio": 0.5},
    }
    settings = {"momentum": 0.9, "weight_decay": 0.05}
    agrees_with_torch(train, "SGD", settings, change=change, schedule=lambda o: ExponentialLR(o, 0.5))


def test_what_is_remembered_has_ids() -> None:
    example = chalkgrad.solve(spec({"name": "momentum", "learning_rate": 0.1, "beta": 0.5}))
    gradient = example["dJ/dW2[1,1]"].value
    assert example["vW2[1,1]'"].value == pytest.approx(gradient)
    assert example["vW2[1,1]#2"].value == pytest.approx(0.5 * gradient + example["dJ/dW2[1,1]'"].value)
