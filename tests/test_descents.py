"""Ways down a function against someone else's: torch.optim, NumPy's linear algebra on HIPS autograd's Hessian, and
searches written down again from their description."""

from __future__ import annotations

import importlib.util
import os
import re
from fractions import Fraction
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad, hessian
from hypothesis import given, settings
from hypothesis import strategies as st

import chalkgrad
from chalkgrad.errors import SpecError
from page_reader import Reading, pocket_check

STEPS = 5
ROSENBROCK = "(1 - x)**2 + 5*(y - x**2)**2"
NUMBERS = st.decimals("-1.5", "1.5", places=2).map(float)


def spec(method: dict[str, Any], formula: str = ROSENBROCK, **more: Any) -> dict[str, Any]:
    function = {"formula": formula, "start": more.pop("start", {"x": 0.5, "y": -0.5})}
    if region := more.pop("region", None):
        function["region"] = region
    return {"function": function, "methods": [method], "steps": STEPS} | more


def rosenbrock(p: Any) -> Any:
    return (1 - p[0]) ** 2 + 5 * (p[1] - p[0] ** 2) ** 2


def path(example: Any, names: str = "xy") -> np.ndarray:
    return np.array([[example[f"{name}#{t}"].value for name in names] for t in range(STEPS + 1)])


@settings(max_examples=20)
@given(NUMBERS, NUMBERS, st.sampled_from([1, 0.5, 0.25]))
def test_newton_solves_the_system_of_the_hessian(x: float, y: float, share: float) -> None:
    start = np.array([x, y])
    if abs(np.linalg.det(hessian(rosenbrock)(start))) < 1e-3:
        return
    point, expected = start, [start]
    for _ in range(STEPS):
        matrix = hessian(rosenbrock)(point)
        if np.linalg.cond(matrix) > 1e4:
            return
        point = point - share * np.linalg.solve(matrix, grad(rosenbrock)(point))
        expected.append(point)
    example = chalkgrad.solve(spec({"name": "newton", "learning_rate": share}, start={"x": x, "y": y}))
    assert path(example) == pytest.approx(np.array(expected), rel=1e-8, abs=1e-8)


def test_newton_reaches_the_bottom_of_a_bowl_at_once() -> None:
    example = chalkgrad.solve(spec({"name": "newton"}, "x**2 + x*y + 2*y**2 - 3*x"))
    bottom = np.linalg.solve([[2, 1], [1, 4]], [3, 0])
    assert path(example)[1] == pytest.approx(bottom)
    assert path(example)[STEPS] == pytest.approx(bottom)


@pytest.mark.parametrize(
    ("formula", "start", "said"),
    [
        ("x*y", {"x": 1, "y": 2}, "here that is a saddle"),
        ("x**2 - y**2", {"x": 1, "y": 2}, "here that is a saddle"),
        ("-x**2 - y**2", {"x": 1, "y": 2}, "the top of a hill"),
        ("x**2 + y**2", {"x": 1, "y": 2}, "the surface is a bowl here"),
        ("(x + y)**2", {"x": 1, "y": 2}, "the Hessian has no inverse"),
        ("x**4 + y**4", {"x": 0, "y": 1}, "the Hessian has no inverse"),
        ("sqrt(1 + x**2)", {"x": 2}, "In step 1 the function rises"),
        ("x**3", {"x": 0}, "there is nothing to divide by"),
        ("cos(x)", {"x": 0.1}, "here that is a maximum"),
    ],
)
@pytest.mark.parametrize("decimals", [2, 6])
def test_what_newton_meets_is_said(formula: str, start: dict[str, float], said: str, decimals: int) -> None:
    example = chalkgrad.solve(spec({"name": "newton"}, formula, start=start, show={"decimals": decimals}))
    text = example.to_markdown()
    assert said in text
    assert "undefined" not in text, "the page ends where there is no step"


def test_a_saddle_is_where_newton_goes() -> None:
    example = chalkgrad.solve(spec({"name": "newton"}, "x*y"))
    assert path(example)[1:] == pytest.approx(np.zeros((STEPS, 2)))


NEEDS_TORCH = pytest.mark.skipif(
    not os.environ.get("CI") and importlib.util.find_spec("torch") is None, reason="torch is not installed"
)


@NEEDS_TORCH
@pytest.mark.parametrize(
    ("method", "kind", "told"),
    [
        ({"name": "sgd"}, "SGD", {}),
        ({"name": "momentum", "beta": 0.8}, "SGD", {"momentum": 0.8}),
        ({"name": "nesterov", "beta": 0.8}, "SGD", {"momentum": 0.8, "nesterov": True}),
        ({"name": "adagrad"}, "Adagrad", {}),
        ({"name": "rmsprop", "rho": 0.9}, "RMSprop", {"alpha": 0.9}),
        ({"name": "adam"}, "Adam", {}),
    ],
)
def test_optimizers_on_a_function_are_those_of_torch(
    method: dict[str, Any], kind: str, told: dict[str, Any]
) -> None:
    import torch

    p = torch.tensor([0.5, -0.5], dtype=torch.float64, requires_grad=True)
    optimizer = getattr(torch.optim, kind)([p], lr=0.02, **told)
    example = chalkgrad.solve(spec({**method, "learning_rate": 0.02}))
    for t in range(1, STEPS + 1):
        optimizer.zero_grad()
        rosenbrock(p).backward()
        optimizer.step()
        found = [example[f"{name}#{t}"].value for name in "xy"]
        assert found == pytest.approx(p.detach().numpy(), rel=1e-10, abs=1e-12)


def drawn(seed: int, index: int, count: int, low: Fraction, high: Fraction) -> list[Fraction]:
    """The documented stream: thousandths of the interval, from the upper ends of PCG64's 64 bits."""
    raw = np.random.PCG64([seed, index]).random_raw(count)
    return [low + (high - low) * Fraction(int(u) * 1001 // 2**64, 1000) for u in raw]


@settings(max_examples=20)
@given(st.integers(0, 10**6))
def test_random_search_keeps_the_best_of_its_draws(seed: int) -> None:
    region = {"x": [-2, 2], "y": [-2, 2]}
    example = chalkgrad.solve(spec({"name": "random_search"}, "x*y", region=region, seed=seed))
    draws = drawn(seed, 1, 2 * STEPS, Fraction(-2), Fraction(2))
    best = (Fraction(1, 2), Fraction(-1, 2))
    expected = [best]
    for point in zip(draws[::2], draws[1::2], strict=True):
        best = min(best, point, key=lambda p: p[0] * p[1])
        expected.append(best)
    assert path(example) == pytest.approx(np.array(expected, dtype=float), rel=1e-15)


@settings(max_examples=20)
@given(st.integers(0, 10**6), st.sampled_from([0.25, 1, 2]))
def test_local_search_moves_where_it_is_better(seed: int, reach: float) -> None:
    example = chalkgrad.solve(spec({"name": "random_local_search", "reach": reach}, "x*y", seed=seed))
    draws = drawn(seed, 1, 2 * STEPS, Fraction(-reach), Fraction(reach))
    best = (Fraction(1, 2), Fraction(-1, 2))
    expected = [best]
    for way in zip(draws[::2], draws[1::2], strict=True):
        tried = (best[0] + way[0], best[1] + way[1])
        best = tried if tried[0] * tried[1] < best[0] * best[1] else best
        expected.append(best)
    assert path(example) == pytest.approx(np.array(expected, dtype=float), rel=1e-15)


def test_methods_side_by_side_do_not_touch_each_other() -> None:
    methods = [{"name": "newton"}, {"name": "sgd", "learning_rate": 0.02}, {"name": "random_local_search"}]
    together = chalkgrad.solve(spec(methods[0]) | {"methods": methods})
    for index, method in enumerate(methods[:2], 1):
        alone = chalkgrad.solve(spec(method))
        for t in range(STEPS + 1):
            for name in "xyf":
                assert together[f"{name}[{index}]#{t}"].value == alone[f"{name}#{t}"].value


def test_the_hessian_is_that_of_autograd() -> None:
    def f(p: Any) -> Any:
        return anp.exp(p[0] * p[1]) + anp.sin(p[0]) * p[1] ** 2

    example = chalkgrad.solve(spec({"name": "newton"}, "exp(x*y) + sin(x)*y**2"))
    expected = hessian(f)(np.array([0.5, -0.5]))
    found = [example[f"H_{place}"].value for place in ("xx", "xy", "yy")]
    assert found == pytest.approx([expected[0, 0], expected[0, 1], expected[1, 1]])
    assert example["D"].value == pytest.approx(np.linalg.det(expected))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"methods": [{"name": "sgd", "learning_rate": 0}]}, "a number above 0"),
        ({"methods": [{"name": "newtn"}]}, 'did you mean "newton"?'),
        ({"methods": [{"name": "newton", "reach": 1}]}, "the method newton: name, learning_rate"),
        ({"methods": []}, "a list of methods"),
        ({"methods": [{"name": "newton"}] * 5}, "at most 4"),
        ({"methods": [{"name": "random_search"}]}, "a region in which it looks"),
        ({"steps": 0}, "a whole number from 1 to 50"),
        ({"seed": -1}, "a whole number from 0"),
        ({"function": {"formula": "x**2 +", "start": {"x": 1}}}, "a formula in x"),
        ({"function": {"formula": "x**2", "start": {"x": 1, "y": 2}}}, "a formula without y"),
        ({"function": {"formula": "x*y*z", "start": {"x": 1, "y": 2, "z": 3}}}, "one or two variables"),
        ({"function": {"formula": "log(x)", "start": {"x": -1}}}, "a start where the function has a value"),
        ({"function": {"formula": "1/x", "start": {"x": 0}}}, "a start where the function has a value"),
        ({"function": {"formula": "f**2", "start": {"f": 1}}}, "a single letter"),
        ({"function": {"formula": "xy**2", "start": {"xy": 1}}}, "a single letter"),
        (
            {"function": {"formula": "x**2", "start": {"x": 1}, "region": {"x": [2, 1]}}},
            "two numbers, such as [-2, 2]",
        ),
        (
            {"function": {"formula": "x**2", "start": {"x": 1}, "region": {"y": [1, 2]}}},
            "an interval for each variable: x",
        ),
    ],
)
def test_mistakes_are_told(change: dict[str, Any], expected: str) -> None:
    with pytest.raises(SpecError, match=re.escape(expected)):
        chalkgrad.solve(spec({"name": "newton"}, "x*y") | change)


@pytest.mark.parametrize("carry", ["full", "shown"])
@pytest.mark.parametrize(("name", "at_least"), [("newton", 40), ("overshoot", 18), ("searches", 55)])
def test_a_pocket_calculator_agrees_with_every_line(name: str, at_least: int, carry: str) -> None:
    verdict = pocket_check(Reading(chalkgrad.solve(name, language="en", carry=carry).to_markdown()))
    assert not verdict.objections, "\n".join(verdict.objections)
    assert verdict.checks >= at_least
