"""Random spec dicts: what a user might write, with every activation, loss and bias that has a gradient.

The numbers come from a page's grid (tenths, hundredths, small fractions) and in every spelling a spec takes:
as floats, as text, as fractions.
"""

from __future__ import annotations

import os
from fractions import Fraction
from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

thorough = settings(
    max_examples=100 if os.environ.get("CI") else 60,
    deadline=None,
    # A spec is a big draw, and specs near a kink or with numbers beyond any page are thrown away again.
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
"""How hard Hypothesis tries where each example solves a spec: `@thorough` above `@given`."""

Spec = dict[str, Any]

PLAIN = (
    "identity",
    "sigmoid",
    "logistic",
    "tanh",
    "arctan",
    "relu",
    "leaky_relu",
    "prelu",
    "elu",
    "softplus",
    "softmax",
    "gelu",
    "silu",
    "swish",
)
SLOPED = ("leaky_relu", "prelu", "elu")
SQUARED = ("half_squared_error", "squared_error", "mean_squared_error")
LOSSES = (*SQUARED, "binary_cross_entropy", "cross_entropy")

GOOD_FORMULAS = (
    "z*sigmoid(z)",
    "z",
    "z/(1 + abs(z))",
    "max(0.1*z, z)",
    "min(max(z, -1), 1)",
    "log(1 + exp(z))",
    "sqrt(1 + z**2) - 1",
    "-z**2/4 + z",
    "exp(-z**2)",
    "sin(z) + 0.5*cos(2*z)",
    "z*tanh(softplus(z))",
    "0.5*z*(1 + erf(z/sqrt(2)))",
    "relu(z) - relu(-z)/3",
    "arctan(pi*z)/pi",
)
"""Formulas that people do use, so that every run meets some."""


def spelled(value: Fraction, decimals: int, spelling: str) -> float | int | str:
    """A number of the grid in one of the spellings a spec takes."""
    if spelling == "fraction":
        return f"{value.numerator}/{value.denominator}"
    if spelling == "text":
        return f"{float(value):.{decimals}f}"
    return int(value) if value.denominator == 1 else float(value)


def numbers(least: Fraction | int = -1, most: Fraction | int = 1) -> st.SearchStrategy[float | int | str]:
    """A decimal or a fraction between two bounds."""
    least, most = Fraction(least), Fraction(most)

    def on_grid(size: int, decimals: int, spelling: str) -> st.SearchStrategy[float | int | str]:
        low, high = -((-least * size) // 1), most * size // 1
        return st.integers(int(low), int(high)).map(lambda k: spelled(Fraction(k, size), decimals, spelling))

    return st.one_of(
        on_grid(10, 1, "float"),
        on_grid(100, 2, "float"),
        on_grid(100, 2, "text"),
        on_grid(3, 0, "fraction"),
        on_grid(7, 0, "fraction"),
    )


def rows(count: int, width: int, entries: st.SearchStrategy[Any]) -> st.SearchStrategy[list[list[Any]]]:
    """A matrix."""
    return st.lists(st.lists(entries, min_size=width, max_size=width), min_size=count, max_size=count)


def _unary(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    shapes = (
        "tanh({})",
        "sigmoid({})",
        "softplus({})",
        "relu({})",
        "arctan({})",
        "erf({})",
        "sin({})",
        "cos({})",
        "abs({})",
        "exp(-({})**2)",
        "log(1 + ({})**2)",
        "sqrt(1 + ({})**2)",
        "({})**2",
        "-({})",
        "1/(1 + ({})**2)",
    )
    return st.builds(str.format, st.sampled_from(shapes), inner)


def _binary(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    shapes = (
        "({} + {})",
        "({} - {})",
        "({} * {})",
        "{} - ({})",
        "max({}, {})",
        "min({}, {})",
        "({})/(2 + cos({}))",
    )
    return st.builds(str.format, st.sampled_from(shapes), inner, inner)


def formulas() -> st.SearchStrategy[str]:
    """Expressions in z, defined and of page size everywhere."""
    leaves = st.sampled_from(("z", "z", "z", "0.5*z", "z/3", "0.3", "2"))
    random = st.recursive(leaves, lambda inner: _unary(inner) | _binary(inner), max_leaves=4)
    return st.one_of(st.sampled_from(GOOD_FORMULAS), random.filter(lambda text: "z" in text))


def sloped() -> st.SearchStrategy[Spec]:
    """Activations with their setting spelled out."""
    return st.builds(
        lambda name, alpha: {"name": name, "alpha": alpha},
        st.sampled_from(SLOPED),
        numbers(Fraction(1, 100), Fraction(3, 2)),
    )


def activations(*, custom: bool = True) -> st.SearchStrategy[Any]:
    """Every activation that has a derivative."""
    kinds = [st.sampled_from(PLAIN), st.sampled_from(PLAIN), sloped()]
    if custom:
        kinds.append(formulas().map(lambda text: {"formula": text}))
    return st.one_of(*kinds)


def biases(units: int) -> st.SearchStrategy[Any]:
    """None, one a unit, or one for the layer."""
    return st.one_of(
        st.just("none"),
        st.lists(numbers(), min_size=units, max_size=units),
        numbers().map(lambda number: {"shared": number}),
    )


@st.composite
def layers(draw: st.DrawFn, before: int, units: int, activation: Any) -> Spec:
    """One layer."""
    return {
        "units": units,
        "activation": activation,
        "weights": draw(rows(units, before, numbers())),
        "bias": draw(biases(units)),
    }


@st.composite
def distributions(draw: st.DrawFn, size: int) -> list[Any]:
    """Targets that add up to exactly 1: one-hot, or shares."""
    if draw(st.booleans()):
        hot = draw(st.integers(0, size - 1))
        return [int(j == hot) for j in range(size)]
    parts = draw(st.lists(st.integers(0, 9), min_size=size, max_size=size).filter(any))
    return [f"{part}/{sum(parts)}" for part in parts]


def targets(loss: str, samples: int, outputs: int) -> st.SearchStrategy[list[list[Any]]]:
    """Targets in the loss's domain."""
    if loss == "cross_entropy":
        return st.lists(distributions(outputs), min_size=samples, max_size=samples)
    probability = loss == "binary_cross_entropy"
    return rows(samples, outputs, numbers(0, 1) if probability else numbers(-2, 2))


@st.composite
def trains(draw: st.DrawFn, spec: Spec, most_steps: int = 3) -> Spec:
    """How a spec is trained; at least one parameter moves."""
    names = []
    for number, layer in enumerate(spec["network"]["layers"], 1):
        names += [f"W{number}"] if layer["bias"] == "none" else [f"W{number}", f"b{number}"]
    train: Spec = {
        "optimizer": {"name": "sgd", "learning_rate": draw(numbers(Fraction(1, 100), Fraction(1, 2)))},
        "steps": draw(st.integers(1, most_steps)),
    }
    frozen = draw(st.lists(st.sampled_from(names), unique=True, max_size=len(names) - 1)) if len(names) > 1 else []
    if frozen:
        train["freeze"] = frozen
    return train


@st.composite
def specs(
    draw: st.DrawFn, *, custom: bool = True, most_layers: int = 4, most_units: int = 5, most_steps: int = 3
) -> Spec:
    """A whole spec, with or without training."""
    shape = draw(st.lists(st.integers(1, most_units), min_size=2, max_size=most_layers + 1))
    loss = draw(st.sampled_from(LOSSES))
    samples = draw(st.integers(1, 3))
    stack = []
    for number, (before, units) in enumerate(pairwise(shape), 1):
        activation = draw(activations(custom=custom))
        if number == len(shape) - 1 and loss == "binary_cross_entropy":
            activation = draw(st.sampled_from(("sigmoid", "logistic")))
        if number == len(shape) - 1 and loss == "cross_entropy":
            activation = "softmax"
        stack.append(draw(layers(before, units, activation)))
    network: Spec = {"layers": stack, "loss": loss}
    reduction = draw(st.sampled_from((None, "mean", "sum")))
    if reduction:
        network["reduction"] = reduction
    data = {"x": draw(rows(samples, shape[0], numbers(-2, 2))), "y": draw(targets(loss, samples, shape[-1]))}
    spec: Spec = {"network": network, "data": data}
    if draw(st.integers(0, 5)):
        spec["train"] = draw(trains(spec, most_steps))
    return spec
