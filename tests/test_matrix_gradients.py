"""Gradients of matrices: torch finds the same, and every product on the page, in every orientation, is one."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import pytest
import torch

import chalkgrad
from chalkgrad.catalogue.notations import notation_names
from chalkgrad.errors import SpecError

X = [[1, 2, -1], [0, 1, 3]]
W = [["1/2", -1, 2], [3, "0.25", -2], [1, 1, 0], ["-0.4", 2, 5]]
B = [1, -2, "0.5", 0]
G = [[1, -1, 2, "0.5"], [0, 3, "-0.2", 1]]

LESSONS: dict[str, dict[str, Any]] = {
    "all": {"x": X, "weights": W, "bias": B, "upstream": G},
    "a plain sum": {"x": X, "weights": W},
    "one sample": {"x": X[:1], "weights": W, "bias": B, "upstream": G[:1]},
    "one unit": {"x": X, "weights": W[:1], "bias": B[:1], "upstream": [[2], [-1]]},
    "one number": {"x": [[3]], "weights": [[2]]},
}


def tensor(rows: Any) -> torch.Tensor:
    def number(entry: Any) -> Any:
        return [number(e) for e in entry] if isinstance(entry, list) else float(Fraction(str(entry)))

    return torch.tensor(number(rows), dtype=torch.float64, requires_grad=True)


@pytest.mark.parametrize("matrices", LESSONS.values(), ids=LESSONS)
def test_torch_finds_the_same(matrices: dict[str, Any]) -> None:
    example = chalkgrad.solve({"matrices": matrices})
    x, w = tensor(matrices["x"]), tensor(matrices["weights"])
    b = tensor(matrices.get("bias", [0] * len(matrices["weights"])))
    y = x @ w.T + b
    y.backward(tensor(matrices["upstream"]).detach() if "upstream" in matrices else torch.ones_like(y))
    assert x.grad is not None
    assert w.grad is not None
    assert b.grad is not None

    def at(n: int) -> str:
        return f"@{n}" if len(x) > 1 else ""

    for n, row in enumerate(x.grad, 1):
        for k, entry in enumerate(row, 1):
            assert example[f"dJ/dx[{k}]{at(n)}"].value == pytest.approx(entry.item(), abs=1e-12)
    for j, row in enumerate(w.grad, 1):
        for k, entry in enumerate(row, 1):
            assert example[f"dJ/dW1[{j},{k}]"].value == pytest.approx(entry.item(), abs=1e-12)
    for n, row in enumerate(y, 1):
        for j, entry in enumerate(row, 1):
            assert example[f"z1[{j}]{at(n)}"].value == pytest.approx(entry.item(), abs=1e-12)
    if "bias" in matrices:
        for j, entry in enumerate(b.grad, 1):
            assert example[f"dJ/db1[{j}]"].value == pytest.approx(entry.item(), abs=1e-12)


# --- the page ----------------------------------------------------------------------------------------------------

SHAPE = re.compile(
    r"\\underset\{\{\\color\{gray\} (\d+)\\times (\d+)\}\}\{\\begin\{bmatrix\} (.*?) \\end\{bmatrix\}\}"
)


def equalities(text: str) -> list[list[list[torch.Tensor]]]:
    """The chains of equalities with matrices: sides, each a sum of products of matrices."""
    found = []
    for block in re.findall(r"\\begin\{aligned\}(.*?)\\end\{aligned\}", text, re.DOTALL):
        for line in re.split(r"\\cr\n(?! &)", block):
            sides = [side for side in re.split(r" (?:=|\\approx) ", line) if "bmatrix" in side]
            if sides:
                found.append([[product_of(term) for term in split_sum(side)] for side in sides])
    return found


def split_sum(side: str) -> list[str]:
    return side.split("}} + \\underset") if "}} + \\underset" in side else [side]


def product_of(text: str) -> torch.Tensor:
    """The product of the matrices of a term, each of the shape that stands below it."""
    text = text if text.lstrip().startswith(("\\underset", "&")) else f"\\underset{text}"
    whole = None
    for rows, columns, body in SHAPE.findall(text if text.endswith("}}") else text + "}}"):
        plain = re.sub(r"\\(?:en|thick)space", "", body)
        entries = [[float(entry) for entry in row.split("&")] for row in plain.split(r"\cr")]
        matrix = torch.tensor(entries, dtype=torch.float64)
        assert matrix.shape == (int(rows), int(columns))
        whole = matrix if whole is None else whole @ matrix
    assert whole is not None, text
    return whole


@pytest.mark.parametrize("notation", notation_names())
def test_products_on_the_page_are_products(notation: str) -> None:
    page = chalkgrad.solve({"matrices": LESSONS["all"]}, notation=notation).to_markdown()
    chains = [chain for chain in equalities(page) if len(chain) > 1]
    assert len(chains) == 4, "the product and the gradients of weights, inputs and biases"
    for chain in chains:
        sums = [torch.stack(side).sum(dim=0) for side in chain]
        assert all(torch.allclose(side, sums[0]) for side in sums)


def test_each_gradient_stands_beside_its_matrix_with_its_shape() -> None:
    page = chalkgrad.solve({"matrices": LESSONS["all"]}, notation="ng").to_markdown()
    shaped = r"\\underset\{\{\\color\{gray\} (.+?)\}\}\{(.+?)\}"
    rows = re.findall(rf"^{shaped} & \\to {shaped}(?: \\cr)?$", page, re.MULTILINE)
    assert [(matrix, shape) for shape, matrix, *_ in rows] == [
        ("Z^{[1]}", r"4\times 2"),
        ("W^{[1]}", r"4\times 3"),
        ("X", r"3\times 2"),
        ("b^{[1]}", r"4\times 1"),
    ]
    for shape, matrix, other, gradient in rows:
        assert gradient == rf"\mathit{{d{matrix[0]}}}{matrix[1:]}"
        assert shape == other


def test_one_entry_is_worked_from_its_sum() -> None:
    page = chalkgrad.solve({"matrices": LESSONS["all"]}, notation="theta").to_markdown()
    assert r"= \sum _{n} \delta^{(1)} _{n,j} x _{n,k}" in page
    assert r"= 1 \cdot 1 + 0 \cdot 0 = 1" in page, "dJ/dw11 from the first columns of G and X"


# --- misuse ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"weights": [[1, 2]]}, "found 2 weights a row, expected 3, one for each input"),
        ({"bias": [1]}, "found 1 bias, expected 4, one for each row of weights"),
        ({"upstream": G[:1]}, "found derivatives for 1 sample, expected 2, one row for each row of x"),
        ({"upstream": [[1], [2]]}, "found 1 derivative a sample, expected 4, one for each row of weights"),
        ({"upstream": [[1, 2, 3, 4], [1]]}, "found a row of 1 (row 2), expected 4 numbers"),
        ({"x": []}, "found an empty list, expected inputs, a row a sample"),
        ({"wieghts": W}, 'did you mean "weights"?'),
        (
            {"x": [[1] * 300] * 300, "weights": [[1] * 300] * 2, "bias": [1, 1], "upstream": [[1, 1]] * 300},
            "180,000",
        ),
    ],
)
def test_matrices_that_do_not_fit(change: dict[str, Any], told: str) -> None:
    with pytest.raises(SpecError) as error:
        chalkgrad.solve({"matrices": LESSONS["all"] | change})
    assert told in str(error.value)
    assert str(error.value).startswith("network: matrices") or "matrices" in str(error.value)


def test_where_a_mistake_stands(tmp_path: Any) -> None:
    spec = tmp_path / "own.yaml"
    spec.write_text("matrices:\n  x: [[1, 2]]\n  weights: [[1, 2, 3]]\n")
    with pytest.raises(SpecError, match=r"own\.yaml:3:13: found 3 weights a row, expected 2"):
        chalkgrad.solve(spec)


def test_no_view_and_no_program_of_networks() -> None:
    with pytest.raises(SpecError, match=r'found "scalar", expected a view: matrix'):
        chalkgrad.solve({"matrices": LESSONS["all"]}, views=["scalar"])
