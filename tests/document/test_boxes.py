"""What was asked for stands in a box where the page computes it, once, in every format."""

from __future__ import annotations

import re

import pytest

import chalkgrad
from chalkgrad.document.asked import Asked
from chalkgrad.example import Example

ASKED = ("a2[1]", "delta1[2]", "dJ/dW1[1,2]", "W1[1,2]'")
BOXES = {
    "md": r"\\boxed\{",
    "tex": r"\\boxed\{",
    "html": r'<mrow class="boxed">',
    "pdf": r"(?<![a-z] )boxed\((?!body)",
}


def boxed(name: str, ids: tuple[str, ...] = ASKED, **show: object) -> Example:
    example = chalkgrad.solve(name, **show)
    labels = "abcdefgh"
    return Example(example.spec, asked=[Asked(example.at(id), f"{labels[i]}) 2 P") for i, id in enumerate(ids)])


def answers(text: str) -> dict[str, str]:
    """The numbers in boxes of a Markdown page, by what stands beside them."""
    found = re.findall(r"\\boxed\{(.*?)\} \\enspace \{\\color\{gray\} \\text\{(.) *\) 2 P\}\}", text)
    return {label: number.replace("{,}", ".") for number, label in found}


@pytest.mark.parametrize("form", BOXES)
def test_each_answer_has_one_box_in_every_format(form: str) -> None:
    text = boxed("mazur").text(form)
    assert len(re.findall(BOXES[form], text)) == len(ASKED)
    assert all(text.count(f"{label}) 2 P") == 1 for label in "abcd")


@pytest.mark.parametrize("show", [{}, {"views": ["matrix"]}, {"detail": "full"}, {"views": ["scalar", "matrix"]}])
def test_the_numbers_in_boxes_are_the_answers(show: dict[str, object]) -> None:
    example = boxed("mazur", **show)
    assert answers(example.to_markdown()) == {
        label: example[id].shown for label, id in zip("abcd", ASKED, strict=True)
    }


def test_a_number_in_a_table_is_boxed_in_its_cell() -> None:
    example = boxed("mazur", ("z1[2]", "delta1[1]"), detail="summary")
    assert not example.unshown
    (row,) = [line for line in example.to_markdown().splitlines() if r"\boxed" in line and "a) 2 P" in line]
    assert row.startswith("|")
    assert example["z1[2]"].shown in row


def test_the_new_cost_is_boxed_in_its_sentence() -> None:
    example = boxed("mazur", ("J'",), check="forward")
    (line,) = [line for line in example.to_markdown().splitlines() if r"\boxed" in line]
    assert example["J'"].shown in line
    assert "difference" not in example.to_markdown()


def test_every_case_of_a_distinction_has_the_box() -> None:
    """Filled for many papers, the box stands whichever way a rectifier goes."""
    example = boxed("relu", ("a1[1]",), check="none")
    pages = list(example.fill("md", [{"b1[1]": b} for b in ("0", "-5", "1")]))
    assert [page.count(r"\boxed{") for page in pages] == [1, 1, 1]


def test_what_a_page_does_not_compute_is_told() -> None:
    assert [one.label for one in boxed("mazur", ("J'",), check="none").unshown] == ["a) 2 P"]


def test_without_a_check_nothing_is_checked() -> None:
    page = chalkgrad.solve("mazur", check="none")
    assert "Check" in chalkgrad.solve("mazur").to_markdown()
    assert "Check" not in page.to_markdown()
    assert not any(id.endswith("~") for id in page.ids())
    circuit = chalkgrad.solve("circuit", check="none")
    assert len(circuit.to_markdown()) < len(chalkgrad.solve("circuit").to_markdown())
