"""Code is asked for where none can be written."""

from __future__ import annotations

from typing import Any

import pytest

import chalkgrad
from chalkgrad.errors import SpecError

CIRCUIT = {"circuit": {"inputs": {"a": 2}, "steps": {"x": "a**2"}}}
BATCHES = {
    "network": {"layers": [{"units": 1, "activation": "tanh", "weights": [[1]]}], "loss": "squared_error"},
    "data": {"x": [[1], [2]], "y": [[0], [1]]},
    "train": {"optimizer": {"name": "sgd", "learning_rate": 1}, "epochs": 1, "batch_size": 1},
}


@pytest.mark.parametrize(
    "spec", [CIRCUIT, BATCHES, {"activations": ["tanh"]}], ids=["circuit", "batches", "sheet"]
)
def test_it_is_told(spec: dict[str, Any]) -> None:
    chalkgrad.solve(spec)
    with pytest.raises(SpecError) as caught:
        chalkgrad.solve({**spec, "show": {"code": ["numpy"]}})
    (problem,) = caught.value.problems
    assert problem.place.path == "show.code"
    assert "networks whose updates use all samples" in str(problem.expected)
