"""Matrices too large to print are printed by their corners, with a few entries worked."""

from __future__ import annotations

import random
from typing import Any

import pytest

import chalkgrad
from chalkgrad.document.grid import kept


def network(columns: bool) -> dict[str, Any]:
    rng = random.Random(5)

    def matrix(rows: int, width: int) -> list[list[str]]:
        return [[f"{rng.uniform(-0.5, 0.5):.2f}" for _ in range(width)] for _ in range(rows)]

    layers = [
        {"units": 8, "activation": "tanh", "weights": matrix(8, 60), "bias": matrix(1, 8)[0]},
        {"units": 9, "activation": "softmax", "weights": matrix(9, 8), "bias": matrix(1, 9)[0]},
    ]
    return {
        "network": {"layers": layers, "loss": "cross_entropy"},
        "data": {"x": matrix(1, 60), "y": [[0, 1, 0, 0, 0, 0, 0, 0, 0]]},
        "train": {"optimizer": {"name": "sgd", "learning_rate": 0.1}},
        "show": {"views": ["matrix"], "notation": "nielsen" if columns else "theta"},
    }


@pytest.mark.parametrize("columns", [True, False])
def test_the_page_shows_corners_and_shapes(columns: bool) -> None:
    example = chalkgrad.solve(network(columns))
    text = example.to_markdown()
    assert r"\ddots" in text
    shapes = (r"8\times 60", r"60\times 1") if columns else (r"60\times 8", r"1\times 60")
    assert all(shape in text for shape in shapes)
    shown = example["W1[8,60]'"].shown
    assert f"& {shown}" in text, "the last entry of the new matrix closes its corner"
    assert example["W1[4,30]'"].shown not in text


def test_an_entry_is_worked_with_dots_between() -> None:
    example = chalkgrad.solve(network(columns=True))
    line = next(line for line in example.to_latex().splitlines() if line.startswith("z^{2} _{1} &"))
    assert (
        r"w^{2} _{11} a^{1} _{1} + w^{2} _{12} a^{1} _{2} + \dots + w^{2} _{1,60} a^{1} _{60} + b^{2} _{1}" in line
    )


def test_the_check_has_the_printed_parameters_only() -> None:
    example = chalkgrad.solve(network(columns=True))
    assert example["dJ/dW1[1,60]~"].value == pytest.approx(example["dJ/dW1[1,60]"].value, rel=1e-4)
    with pytest.raises(chalkgrad.UnknownId):
        example["dJ/dW1[1,30]~"]


def test_all_rows_of_a_small_matrix_are_kept() -> None:
    assert kept(6, 6) == [0, 1, 2, 3, 4, 5]
    assert kept(7, 6) == [0, 1, None, 6]
