"""What a key accepts: the answers of students who round by hand, each with the numbers of their own paper."""

from __future__ import annotations

import random
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

import chalkgrad
from chalkgrad.exam.key import PaperKey
from rounding_students import answers

SPEC = """\
title: Exam 2, question 3
exam:
  seed: keep-this-secret
  variants: 40
  ask:
    - {find: "a2[1]", points: 1}
    - {find: "delta2[1]", points: 2}
    - {find: "dJ/dW1[1,2]", points: 3}
    - {find: "W1[1,2]'", points: 1}
  work_with: WORK
network:
  layers:
    - {units: 2, activation: sigmoid, weights: {draw: uniform, low: -1, high: 1, step: 0.1, not: 0},
       bias: {draw: uniform, low: -0.5, high: 0.5, step: 0.1}}
    - {units: 1, activation: sigmoid, weights: {draw: uniform, low: -1, high: 1, step: 0.1, not: 0},
       bias: {draw: uniform, low: -0.5, high: 0.5, step: 0.1}}
  loss: half_squared_error
data:
  x: [[{draw: choice, from: [0.5, 1, 1.5, 2]}, {draw: choice, from: [-1, -0.5, 0.5, 1]}]]
  y: [[{draw: choice, from: [0, 1]}]]
train: {optimizer: {name: sgd, learning_rate: {draw: choice, from: [0.1, 0.2, 0.5]}}}
show: {decimals: 4}
"""


def on_paper(paper: PaperKey) -> dict[str, Any]:
    """The network of one paper, from the numbers that the key says it has."""
    given = dict(paper.given)

    def layer(number: int, units: int, inputs: int) -> dict[str, Any]:
        rows = range(1, units + 1)
        return {
            "activation": "sigmoid",
            "weights": [[given[f"W{number}[{j},{k}]"] for k in range(1, inputs + 1)] for j in rows],
            "bias": [given[f"b{number}[{j}]"] for j in rows],
        }

    return {
        "network": {"layers": [layer(1, 2, 2), layer(2, 1, 2)], "loss": "half_squared_error"},
        "data": {"x": [[given["x[1]"], given["x[2]"]]], "y": [[given["y[1]"]]]},
        "train": {"optimizer": {"learning_rate": given["eta"]}},
    }


@pytest.mark.parametrize(
    ("work", "digits"), [("4", {"decimals": 4}), ("{significant: 4}", {"significant": 4})], ids=str
)
def test_a_key_accepts_whoever_rounds_correctly(tmp_path: Path, work: str, digits: dict[str, int]) -> None:
    exam = chalkgrad.exam(yaml.safe_load(SPEC.replace("WORK", work)))
    for paper in exam.keys(range(1, 21)):
        spec = on_paper(paper)
        for seed in range(25):
            found = answers(spec, random.Random(f"{paper.paper} {seed}"), **digits)
            for answer in paper.answers:
                low, high = Decimal(answer.low), Decimal(answer.high)
                assert low <= found[answer.id] <= high, (paper.paper, answer.id, seed)
                assert low <= Decimal(answer.value) <= high
