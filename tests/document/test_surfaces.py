"""The cost over two parameters and the path on it, against gradient descent written down in NumPy."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest

import chalkgrad
from chalkgrad.document.model import Paragraph
from chalkgrad.document.plot import Contours, Curve, Plot, Points, Spot
from chalkgrad.evaluation.surface import Surface
from chalkgrad.markup.measure import LineMeasure
from chalkgrad.quantities import At
from chalkgrad.render.plot import plotted
from chalkgrad.render.plot_letters import Letters

SADDLE, PLATEAU = chalkgrad.solve("saddle"), chalkgrad.solve("plateau")
LINE = chalkgrad.solve("mini_batches")


def plot_of(example: chalkgrad.Example, name: str) -> Plot:
    (found,) = [block for block in example.document.blocks if isinstance(block, Plot) and block.name == name]
    return found


def numbers(example: chalkgrad.Example, spots: tuple[Spot, ...]) -> list[tuple[float, ...]]:
    double = example.evaluation.double
    return [tuple(double(n) if isinstance(n, At) else float(n) for n in spot) for spot in spots]


def path(example: chalkgrad.Example) -> list[tuple[float, ...]]:
    (found,) = [part for part in plot_of(example, "surface").parts if isinstance(part, Curve)]
    return numbers(example, found.points)


def surface(example: chalkgrad.Example) -> Surface:
    (found,) = [part for part in plot_of(example, "surface").parts if isinstance(part, Contours)]
    assert isinstance(found.field, Surface)
    return found.field


def heights(example: chalkgrad.Example, across: Any, up: Any) -> Any:
    return surface(example).heights(example.evaluation.double, np.asarray(across), np.asarray(up))


def test_the_path_is_that_of_gradient_descent() -> None:
    """Two weights in a row: J = (w2·w1·x − y)²/2 with x = y = 1."""
    w, v = 0.6, -0.5
    expected = [(w, v)]
    for _ in range(60):
        error = v * w - 1
        w, v = w - 0.2 * error * v, v - 0.2 * error * w
        expected.append((w, v))
    assert np.array(path(SADDLE)) == pytest.approx(np.array(expected), abs=1e-12)


def test_the_surface_is_the_cost() -> None:
    w, v = np.meshgrid(np.linspace(-2, 2, 9), np.linspace(-2, 2, 9))
    assert heights(SADDLE, w, v) == pytest.approx((w * v - 1) ** 2 / 2, abs=1e-14)
    sigmoid = 1 / (1 + np.exp(-(w + v)))
    assert heights(PLATEAU, w, v) == pytest.approx(sigmoid**2 / 2, rel=1e-13)


def test_the_surface_is_the_cost_of_all_samples_where_updates_use_some() -> None:
    w, b = np.meshgrid(np.linspace(-1, 3, 5), np.linspace(-1, 2, 4))
    samples = [(-1, -1), (0, 1), (1, 2), (2, 5)]
    expected = sum((w * x + b - y) ** 2 / 2 for x, y in samples) / 4
    assert heights(LINE, w, b) == pytest.approx(expected, rel=1e-13)


def test_other_parameters_are_as_they_are_at_the_end() -> None:
    spec = {
        "network": {
            "layers": [{"units": 1, "activation": "tanh", "weights": [["0.5", "-0.3"]], "bias": ["0.1"]}],
            "loss": "half_squared_error",
        },
        "data": {"x": [[1, 2], [0, -1]], "y": [[1], [0]]},
        "train": {"optimizer": {"name": "sgd", "learning_rate": "0.5"}, "epochs": 4},
        "show": {"surface": ["W1[1,2]", "b1[1]"]},
    }
    x, y, w, b = np.array([[1, 2], [0, -1]]), np.array([1, 0]), np.array([0.5, -0.3]), 0.1
    for _ in range(4):
        a = np.tanh(x @ w + b)
        delta = (a - y) * (1 - a**2)
        w, b = w - 0.5 * (delta @ x) / 2, b - 0.5 * delta.mean()
    example = chalkgrad.solve(spec)
    assert path(example)[-1] == pytest.approx((w[1], b))
    for weight, bias in ((w[1], b), (0.7, -0.4)):
        a = np.tanh(x @ np.array([w[0], weight]) + bias)
        assert heights(example, weight, bias) == pytest.approx(((a - y) ** 2).mean() / 2)


def test_the_saddle_has_a_line_of_its_own_height() -> None:
    """At (0, 0) the cost is 1/2: two lines of that height cross there."""
    picture = plotted(
        plot_of(SADDLE, "surface"), SADDLE.evaluation.double, Letters(LineMeasure(SADDLE.naming)), 455
    )
    middle = [
        trace
        for trace in picture.traces
        if trace.width == "thin" and trace.colour == "muted" and passes(trace.points, zero(picture))
    ]
    assert len(middle) >= 2


def zero(picture: Any) -> tuple[float, float]:
    """Where (0, 0) lies: both axes go from −2 to 2."""
    axes = max((t.points for t in picture.traces if t.colour == "ink"), key=len)
    (left, top), (_, bottom), (right, _) = axes
    return (left + right) / 2, (top + bottom) / 2


def passes(points: tuple[tuple[float, float], ...], through: tuple[float, float]) -> bool:
    places = [
        (a[0] + t / 50 * (b[0] - a[0]), a[1] + t / 50 * (b[1] - a[1]))
        for a, b in itertools.pairwise(points)
        for t in range(51)
    ]
    return min(math.dist(place, through) for place in places) < 2.5


def test_the_curve_of_the_cost_has_the_costs_of_the_page() -> None:
    curve = next(part for part in plot_of(PLATEAU, "cost").parts if isinstance(part, Curve))
    found = numbers(PLATEAU, curve.points)
    assert [epoch for epoch, _ in found] == list(range(101))
    z = 5.0
    for _, cost in found:
        a = 1 / (1 + math.exp(-z))
        assert cost == pytest.approx(a * a / 2, rel=1e-9)
        z -= 2 * 2 * a * a * (1 - a)  # weight and bias both move by 2·δ, and x = 1


def test_counted_updates_have_a_curve_too() -> None:
    spec = {
        "network": {
            "layers": [{"units": 1, "activation": "identity", "weights": [["0.5"]]}],
            "loss": "half_squared_error",
        },
        "data": {"x": [[1]], "y": [[1]]},
        "train": {"optimizer": {"name": "sgd", "learning_rate": "0.5"}, "steps": 3},
    }
    example = chalkgrad.solve(spec)
    curve = next(part for part in plot_of(example, "cost").parts if isinstance(part, Curve))
    assert numbers(example, curve.points) == [(t, 0.125 / 4**t) for t in range(4)]
    spec["train"] = {"optimizer": {"name": "sgd", "learning_rate": "0.5"}}
    assert not [block for block in chalkgrad.solve(spec).document.blocks if isinstance(block, Plot)]


def test_no_pictures_are_drawn_where_none_are_wanted() -> None:
    for drawings in ("none", "network"):
        blocks = chalkgrad.solve("saddle", drawings=drawings, surface=["W1[1,1]", "W2[1,1]"]).document.blocks
        names = [block.name for block in blocks if isinstance(block, Plot)]
        assert names == ["surface"], "only what was asked for by name"


def test_without_training_only_the_point_is_shown() -> None:
    spec = {
        "network": {
            "layers": [{"units": 1, "activation": "sigmoid", "weights": [["0.5", "2"]]}],
            "loss": "half_squared_error",
        },
        "data": {"x": [[1, -1]], "y": [[1]]},
        "show": {"surface": ["W1[1,1]", "W1[1,2]"]},
    }
    example = chalkgrad.solve(spec)
    (mark,) = [part for part in plot_of(example, "surface").parts if not isinstance(part, Contours)]
    assert isinstance(mark, Points)
    assert numbers(example, mark.spots) == [(0.5, 2.0)]
    said = "".join(
        str(span) for block in example.document.blocks if isinstance(block, Paragraph) for span in block.text
    )
    assert "updates" not in said


def test_a_worksheet_leaves_the_path_to_the_reader() -> None:
    example = chalkgrad.solve("mini_batches", fade="backward")
    curves = [part for part in plot_of(example, "surface").parts if isinstance(part, Curve | Points)]
    assert [part.is_left_out for part in curves] == [True, True, True, False]
