"""A derivation is an ordered list of single assignments."""

from __future__ import annotations

from dataclasses import replace

import pytest

import chalkgrad
from chalkgrad import resources
from chalkgrad.errors import ChalkgradError


@pytest.mark.parametrize("name", resources.example_names())
def test_each_step_uses_only_what_stands_before_it(name: str) -> None:
    chalkgrad.solve(name).derivation.check()


def test_a_list_out_of_order_is_refused() -> None:
    derivation = chalkgrad.solve("mazur").derivation
    with pytest.raises(ChalkgradError, match="out of order"):
        replace(derivation, forward=derivation.forward[::-1]).check()
    with pytest.raises(ChalkgradError, match="out of order"):
        replace(derivation, forward=(*derivation.forward, derivation.forward[0])).check()


def test_cost_grows_with_edges_not_with_paths() -> None:
    """Twice as deep is twice as many steps, though paths are squared."""

    def steps(depth: int) -> int:
        layer = {"units": 3, "activation": "tanh", "weights": [[0.1, 0.2, 0.3]] * 3}
        spec = {
            "network": {"layers": [layer] * depth, "loss": "squared_error"},
            "data": {"x": [[1, 2, 3]], "y": [[1, 0, 1]]},
        }
        return len(chalkgrad.solve(spec).derivation.steps)

    assert steps(8) - steps(4) == steps(12) - steps(8)
