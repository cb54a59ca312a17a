"""Each misconception gives the numbers of a student who does exactly that, in random networks."""

from __future__ import annotations

import math

import numpy as np
import pytest

import chalkgrad
from chalkgrad.catalogue.misconceptions import MISCONCEPTIONS, NETWORK
from chalkgrad.derivation.mistaken.rules import mistaken
from float_numbers import numbers
from mistaken_students import STUDENTS, Net, Student, agree, random_net

KINDS = [
    (["sigmoid", "sigmoid"], "half_squared_error"),
    (["tanh", "identity"], "squared_error"),
    (["relu", "sigmoid"], "binary_cross_entropy"),
    (["softplus", "tanh"], "mean_squared_error"),
    (["arctan", "leaky_relu", "sigmoid"], "half_squared_error"),
    (["sigmoid", "tanh", "sigmoid"], "binary_cross_entropy"),
    (["tanh", "softmax"], "cross_entropy"),
    (["sigmoid"], "half_squared_error"),
]


def nets(mistake: str) -> list[Net]:
    rng = np.random.default_rng(len(mistake) * 1000 + sum(map(ord, mistake)))
    return [random_net(rng, *kind, square=square) for kind in KINDS for square in (False, True)]


def compared(found: dict[str, float], expected: dict[str, float]) -> list[str]:
    """The ids on which two walks differ."""
    return [
        id
        for id, value in expected.items()
        if id in found and math.isfinite(value) and not agree(found[id], value)
    ]


@pytest.mark.parametrize("mistake", STUDENTS)
def test_a_misconception_gives_the_numbers_of_a_student_who_has_it(mistake):
    met = 0
    for net in nets(mistake):
        derivation = chalkgrad.solve(net.spec()).derivation
        expected = STUDENTS[mistake](net).walk()
        (changed,) = [m.derivation for m in mistaken(derivation) if m.id == mistake] or (None,)
        if changed is None:  # then it must change nothing
            assert mistake in ("forgot_sigma_hidden", "forgot_sigma_output", "forgot_half", "forgot_two",
                               "forgot_share", "sigma_again", "summed", "averaged") or not compared(
                Student(net).walk(), expected
            ), net.spec()  # fmt: skip
            continue
        changed.check()
        assert compared(numbers(changed), expected) == [], net.spec()
        met += bool(compared(Student(net).walk(), expected))
    assert met >= (1 if mistake in ("forgot_share", "own_output_only", "sigma_again", "dropped_path[2]") else 2)


def test_who_makes_no_mistake_has_the_numbers_of_the_page():
    for net in nets("right"):
        found = numbers(chalkgrad.solve(net.spec()).derivation)
        assert compared(found, Student(net).walk()) == []
        assert len(set(Student(net).walk()) - set(found)) == 0 or len(net.x) == 1


def test_every_row_for_networks_has_its_student():
    rows = {row.name for row in MISCONCEPTIONS if NETWORK in row.kinds}
    assert rows - {name.split("[")[0] for name in STUDENTS} == {"old_weights"}


def test_old_weights_undo_the_layer_by_layer_update():
    """Where the update goes layer by layer, using the old weights is what everybody else does."""
    for net in nets("old_weights"):
        spec = net.spec()
        spec["train"]["update"] = "sequential"
        derivation = chalkgrad.solve(spec).derivation
        assert compared(numbers(derivation), STUDENTS["updated_weights"](net).walk()) == []
        for found in mistaken(derivation, ["old_weights"]):
            found.derivation.check()
            assert compared(numbers(found.derivation), Student(net).walk()) == []
        assert len(net.weights) == 1 or list(mistaken(derivation, ["old_weights"]))
        assert not list(mistaken(derivation, ["updated_weights"]))
