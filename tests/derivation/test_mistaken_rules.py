"""Misconceptions in circuits and neurons, worked by hand; and what holds for all of them."""

from __future__ import annotations

import numpy as np
import pytest

import chalkgrad
from chalkgrad import resources
from chalkgrad.catalogue.languages import language_names, load_language
from chalkgrad.catalogue.misconceptions import MISCONCEPTIONS
from chalkgrad.derivation.mistaken.rules import mistaken
from float_numbers import numbers


def circuit(mistake: str, inputs: dict[str, object], steps: dict[str, str], output: str) -> dict[str, float]:
    """The derivatives of a circuit's output that somebody gets who makes a mistake."""
    example = chalkgrad.solve({"circuit": {"inputs": inputs, "steps": steps, "output": output}})
    (found,) = [m for m in mistaken(example.derivation) if m.id == mistake]
    found.derivation.check()
    return {id: value for id, value in numbers(found.derivation).items() if id.startswith("d")}


# x = ((ab + c)d)², with ab + c = 4 and (ab + c)d = −8
BOARD = ({"a": 2, "b": -3, "c": 10, "d": -2}, {"x1": "a*b + c", "x2": "x1*d", "x": "x2**2"}, "x")


def test_without_the_outer_derivative():
    """dx/dx2 is 1, and the rest of the chain goes on from there."""
    found = circuit("forgot_outer", *BOARD)
    assert (found["dx/dx2"], found["dx/dx1"], found["dx/da"], found["dx/dd"]) == (1, -2, (-2) * (-3), 4)


def test_without_the_inner_derivative():
    """Each input gets what arrives at the gate that it feeds: 2·(−8) at x2 = x1·d, 32 at x1."""
    found = circuit("forgot_inner", *BOARD)
    assert (found["dx/da"], found["dx/db"], found["dx/dc"], found["dx/dd"]) == (32, 32, 32, -16)


def test_without_what_arrives_from_above():
    """A local derivative is taken for the whole."""
    found = circuit("forgot_upstream", *BOARD)
    assert (found["dx/dx2"], found["dx/dx1"], found["dx/da"], found["dx/dd"]) == (-16, -2, -3, 4)


def test_each_factor_its_own_derivative():
    """d(x1·d) by x1 is taken to be x1; a*b + c is no product, so it is worked right."""
    found = circuit("own_factor", *BOARD)
    assert (found["dx/dx1"], found["dx/dd"], found["dx/da"]) == (-16 * 4, -16 * -2, -64 * -3)


def test_a_path_left_out():
    """f = u·v with u = x + 1 and v = 3x: by u comes 3x = 6, by v comes 3(x + 1) = 9."""
    parts = ({"x": 2}, {"u": "x + 1", "v": "3*x", "f": "u*v"}, "f")
    first, second = (circuit(f"dropped_path[{place}]", *parts)["df/dx"] for place in (1, 2))
    assert {first, second} == {6, 9}


def test_a_lost_minus():
    """f = (a − b)/c: by b it is −1/c, by c it is −(a − b)/c²."""
    parts = ({"a": 5, "b": 1, "c": 2}, {"u": "a - b", "f": "u/c"}, "f")
    found = circuit("lost_minus", *parts)
    assert (found["df/da"], found["df/db"], found["df/dc"]) == (0.5, 0.5, 1)


# --- neurons ---------------------------------------------------------------------------------------------------

X, Y = np.array([[1.0, 2.0], [-1.0, 0.5], [0.5, -1.5]]), np.array([1.0, 0.0, 1.0])
W, B, RATE = np.array([0.3, -0.2]), 0.1, 0.25
OUTPUTS = {
    "perceptron": lambda z: 1.0 if z >= 0 else 0.0,
    "adaline": lambda z: z,
    "logistic": lambda z: 1 / (1 + np.exp(-z)),
}


def taught(rule: str, order: str, mistake: str) -> dict[str, float]:
    """Two epochs of a neuron that makes a mistake: written from the three lines of its rule."""
    f, w, b, found = OUTPUTS[rule], W.copy(), B, {}
    mean = {"logistic": mistake != "summed"}.get(rule, mistake == "averaged")
    batches = [[0, 1, 2]] if order == "batch" else [[0], [1], [2]]
    for epoch in (1, 2):
        mark = {1: "'", 2: "#2"}[epoch]
        for batch in batches:
            steps, shifts = [], []
            for n in batch:
                z = w @ X[n] + (0 if mistake == "no_bias" else b)
                e = Y[n] - (z if mistake == "error_of_z" else f(z))
                e = -e if mistake == "sign" else e
                found[f"z@{n + 1}{mark}"], found[f"e@{n + 1}{mark}"] = z, e
                used = Y[n] if mistake == "target_for_error" else e
                steps.append(used * (np.ones(2) if mistake == "no_input" else X[n]))
                shifts.append(used)
            share = 1 / len(batch) if mean else 1
            rate = 1 if mistake == "forgot_rate" else -RATE if mistake == "ascended" else RATE
            w = w + rate * share * sum(steps)
            b = b if mistake == "kept_bias" else b + rate * share * sum(shifts)
        found |= {f"w[1]{mark}": w[0], f"w[2]{mark}": w[1], f"b{mark}": b}
    return {id: float(value) for id, value in found.items()}


MISTAKES = ["no_bias", "sign", "error_of_z", "summed", "averaged", "no_input", "target_for_error", "kept_bias",
            "forgot_rate", "ascended"]  # fmt: skip


@pytest.mark.parametrize("order", ["online", "batch"])
@pytest.mark.parametrize("rule", OUTPUTS)
def test_neurons_learn_as_those_do_who_are_mistaken(rule, order):
    spec = {
        "neuron": {"rule": rule, "weights": W.tolist(), "bias": B},
        "data": {"x": X.tolist(), "y": Y.tolist()},
        "train": {"learning_rate": RATE, "max_epochs": 2, "order": order},
    }
    example = chalkgrad.solve(spec)
    assert disagreeing(numbers(example.derivation), taught(rule, order, "")) == []
    met = []
    for mistake in mistaken(example.derivation):
        mistake.derivation.check()
        expected = taught(rule, order, mistake.id)
        assert disagreeing(numbers(mistake.derivation), expected) == [], mistake.id
        met.append(mistake.id)
        if not (rule == "adaline" and mistake.id == "error_of_z") and not (
            order == "online" and mistake.id in ("summed", "averaged")
        ):
            assert disagreeing(taught(rule, order, ""), expected), f"{mistake.id} changes nothing"
    assert set(MISTAKES) - set(met) == {"averaged" if rule == "logistic" else "summed"}


def disagreeing(found, expected):
    return [id for id, value in expected.items() if abs(found[id] - value) > 1e-9]


# --- all of them -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", resources.example_names())
def test_each_changed_derivation_is_a_derivation(name):
    """In order, every quantity made once; and it is another one."""
    derivation = chalkgrad.solve(name).derivation
    ids = []
    for found in mistaken(derivation):
        found.derivation.check()
        assert found.derivation.steps != derivation.steps
        assert {s.quantity for s in found.derivation.steps} == {s.quantity for s in derivation.steps}
        ids.append(found.id)
    assert len(ids) == len(set(ids))


def test_only_those_that_are_named():
    derivation = chalkgrad.solve("mazur").derivation
    assert [m.id for m in mistaken(derivation, ["dropped_path", "sign"])] == [
        "sign",
        "dropped_path[1]",
        "dropped_path[2]",
    ]
    assert list(mistaken(derivation, [])) == []


@pytest.mark.parametrize("language", language_names())
def test_every_misconception_has_its_sentence(language):
    spoken = load_language(language)
    for row in MISCONCEPTIONS:
        assert ("{place}" in spoken.sentence(f"mistake.{row.name}")) is row.is_placed
