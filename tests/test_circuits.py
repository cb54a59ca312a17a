"""Circuits: what they compute, against published numbers, automatic differentiation and slopes."""

from __future__ import annotations

import math
import random
from fractions import Fraction
from typing import Any

import pytest
import torch
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import chalkgrad
from chalkgrad import resources

TORCH: dict[str, Any] = {
    "sqrt": torch.sqrt,
    "exp": torch.exp,
    "log": torch.log,
    "sin": torch.sin,
    "cos": torch.cos,
    "tanh": torch.tanh,
    "abs": torch.abs,
    "sigmoid": torch.sigmoid,
    "relu": torch.relu,
    "softplus": torch.nn.functional.softplus,
    "max": torch.maximum,
    "min": torch.minimum,
}


def by_torch(circuit: dict[str, Any]) -> dict[str, float]:
    """Every value and every derivative of the output, by PyTorch's own engine; its steps are Python's."""
    names: dict[str, Any] = {
        name: torch.tensor(float(Fraction(str(value))), dtype=torch.float64, requires_grad=True)
        for name, value in circuit["inputs"].items()
    }
    steps = circuit.get("steps") or {circuit.get("output", "f"): circuit["formula"]}
    for name, text in steps.items():
        names[name] = eval(str(text), {"__builtins__": {}, **_lifted()}, names)
        names[name].retain_grad()
    output = circuit.get("output") or list(steps)[-1]
    names[output].backward()
    found = {name: float(tensor.detach()) for name, tensor in names.items()}
    return found | {f"d{output}/d{name}": float(tensor.grad) for name, tensor in names.items()}


def _lifted() -> dict[str, Any]:
    def lift(function):
        return lambda *values: function(*(torch.as_tensor(v, dtype=torch.float64) for v in values))

    return {name: lift(function) for name, function in TORCH.items()}


def agrees(circuit: dict[str, Any]) -> None:
    example = chalkgrad.solve({"circuit": circuit})
    expected = by_torch(circuit)
    for id, value in expected.items():
        assert example[id].value == pytest.approx(value, rel=1e-9, abs=1e-12), id


# ---------------------------------------------------------------------------------------------------- published


def test_the_sum_times_a_number_of_cs231n() -> None:
    """CS231n, "Backpropagation, Intuitions": x = -2, y = 5, z = -4."""
    example = chalkgrad.solve("circuit_product")
    shown = {id: example[id].shown for id in ("q", "f", "df/dq", "df/dz", "df/dx", "df/dy")}
    assert shown == {"q": "3", "f": "-12", "df/dq": "-4", "df/dz": "3", "df/dx": "-4", "df/dy": "-4"}


def test_the_sigmoid_circuit_of_cs231n() -> None:
    """CS231n, the same notes: the picture of the neuron, with two decimals above and below every wire."""
    example = chalkgrad.solve("circuit_sigmoid")
    above = ["-2", "6", "4", "1", "-1", "0.37", "1.37", "0.73"]
    below = ["0.20", "0.20", "0.20", "0.20", "-0.20", "-0.53", "-0.53", "1"]
    gates = [*(f"f{i}" for i in range(1, 8)), "f"]
    assert [example[gate].shown for gate in gates] == above
    assert [example[f"df/d{gate}"].shown for gate in gates] == below
    inputs = {"w0": "-0.20", "x0": "0.39", "w1": "-0.39", "x1": "-0.59", "w2": "0.20"}
    assert {name: example[f"df/d{name}"].shown for name in inputs} == inputs


def test_the_example_of_micrograd() -> None:
    """README of micrograd: prints 24.7041, 138.8338 and 645.5773."""
    example = chalkgrad.solve("circuit_micrograd")
    assert [example[id].shown for id in ("g", "dg/da", "dg/db")] == ["24.7041", "138.8338", "645.5773"]


def test_the_square_of_a_product() -> None:
    """x = ((ab + c)d)² by hand: at (2, -3, 10, -2), u = ab + c = 4 and v = ud = -8."""
    example = chalkgrad.solve("circuit")
    u, v = 4, -8
    by_hand = {"a": 2 * v * -2 * -3, "b": 2 * v * -2 * 2, "c": 2 * v * -2, "d": 2 * v * u}
    assert example["x"].value == v**2
    assert {name: example[f"dx/d{name}"].value for name in by_hand} == by_hand


@pytest.mark.parametrize(
    "name", ["circuit", "circuit_quotient", "circuit_max", "circuit_product", "circuit_micrograd"]
)
def test_examples_agree_with_torch(name: str) -> None:
    agrees(yaml.safe_load(resources.example(name).read_text("utf-8"))["circuit"])


# ---------------------------------------------------------------------------------------------------- any circuit


def _expressions(names: list[str]) -> st.SearchStrategy[str]:
    def grown(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        smooth = st.sampled_from(["tanh", "sin", "cos", "sigmoid", "softplus", "relu", "abs"])
        return st.one_of(
            st.tuples(parts, st.sampled_from("+-*"), parts).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
            st.tuples(parts, parts).map(lambda t: f"{t[0]}/(1 + ({t[1]})**2)"),
            st.tuples(parts, parts).map(lambda t: f"sqrt(2 + ({t[0]})**2)*{t[1]}"),
            parts.map(lambda t: f"log(2 + ({t})**2)"),
            parts.map(lambda t: f"exp(-({t})**2)"),
            parts.map(lambda t: f"({t})**3"),
            parts.map(lambda t: f"(-{t})"),
            st.tuples(smooth, parts).map(lambda t: f"{t[0]}({t[1]})"),
            st.tuples(st.sampled_from(["max", "min"]), parts, parts).map(lambda t: f"{t[0]}({t[1]}, {t[2]})"),
        )

    return st.recursive(st.sampled_from([*names, *names, "2", "0.5"]), grown, max_leaves=5)


@st.composite
def circuits(draw: st.DrawFn) -> dict[str, Any]:
    """A circuit of three steps that all lead to the output."""
    rng = random.Random(draw(st.integers(0, 10_000)))
    inputs = {name: f"{rng.uniform(-2, 2):.3f}" for name in "abc"}
    steps = {"p": f"a + {draw(_expressions(['a', 'b', 'c']))}"}
    steps["q"] = f"b*c - {draw(_expressions(['a', 'b', 'c', 'p']))}"
    steps["r"] = f"p*q + {draw(_expressions(['a', 'p', 'q']))}"
    return {"inputs": inputs, "steps": steps, "output": "r", "split": draw(st.sampled_from(["gates", "none"]))}


@settings(max_examples=15)
@given(circuits())
def test_random_circuits_agree_with_torch(circuit: dict[str, Any]) -> None:
    try:
        expected = by_torch(circuit)
    except ZeroDivisionError:
        assume(False)
    assume(all(math.isfinite(value) and abs(value) < 1e6 for value in expected.values()))
    try:
        agrees(circuit)
    except chalkgrad.SpecError as error:
        assert "power of a computed constant" in str(error)  # noqa: PT017


# ---------------------------------------------------------------------------------------------------- conventions


def test_at_a_tie_each_gets_half_and_the_page_says_so() -> None:
    tied = {"inputs": {"a": 3, "b": 3}, "formula": "max(a, b)"}
    example = chalkgrad.solve({"circuit": tied})
    assert [example[id].value for id in ("df/da", "df/db")] == [0.5, 0.5]
    agrees(tied)
    assert "each gets half" in example.to_markdown()


def test_at_a_kink_the_convention_is_said() -> None:
    example = chalkgrad.solve({"circuit": {"inputs": {"a": 2}, "formula": "relu(a - 2)"}})
    assert example["df/da"].value == 0
    assert "a kink is hit exactly" in example.to_markdown()


def test_no_convention_is_said_where_none_is_needed() -> None:
    assert "kink" not in chalkgrad.solve("circuit_max").to_markdown()


# ---------------------------------------------------------------------------------------------------- names


def test_gates_without_a_name_are_counted_from_the_output() -> None:
    example = chalkgrad.solve({"circuit": {"inputs": {"a": 2}, "formula": "(3*a + 1)**2", "output": "y"}})
    assert [id for id in example.ids() if "/" not in id and "~" not in id] == ["a", "y1", "y2", "y"]


def test_names_that_are_taken_are_not_taken_again() -> None:
    example = chalkgrad.solve({"circuit": {"inputs": {"f1": 2, "u2": 3}, "formula": "(f1*u2 + 1)**2"}})
    assert [id for id in example.ids() if "/" not in id and "~" not in id] == ["f1", "u2", "v1", "v2", "f"]


@pytest.mark.parametrize("notation", ["theta", "neuron", "ng"])
def test_derivatives_are_written_as_wanted(notation: str) -> None:
    circuit = {"circuit": {"inputs": {"a": 2, "b": 3}, "formula": "a*b"}}
    letter, quotient = r"\mathit{da}", r"\frac{\partial f}{\partial a}"
    pages = {style: chalkgrad.solve(circuit, notation=notation, derivatives=style) for style in ("d", "partial")}
    assert letter in pages["d"].to_markdown()
    assert quotient not in pages["d"].to_markdown()
    assert quotient in pages["partial"].to_markdown()
    assert letter not in pages["partial"].to_markdown()


@pytest.mark.parametrize(
    ("notation", "letters"), [("theta", False), ("neuron", True), ("ng", True), ("mazur", False)]
)
def test_each_school_writes_derivatives_of_a_circuit_in_its_own_way(notation: str, letters: bool) -> None:
    text = chalkgrad.solve("circuit_product", notation=notation).to_markdown()
    assert (r"\mathit{df}" in text) is letters


def test_nothing_raised_to_0_is_1_whatever_it_is():
    steps = {"u": "exp(a)", "v": "u**0", "w": "(a - 1)**0", "x": "(v + w)*b"}
    example = chalkgrad.solve({"circuit": {"inputs": {"a": 1, "b": 2}, "steps": steps, "output": "x"}})
    assert [example[id].value for id in ("v", "w", "x", "dx/da", "dx/db")] == [1, 1, 4, 0, 2]
