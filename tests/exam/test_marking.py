"""The tables at the end of worked solutions, read back from Markdown: the numbers of mistaken students."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from chalkgrad.catalogue.languages import load_language
from chalkgrad.catalogue.misconceptions import MISCONCEPTIONS, SLIPS
from chalkgrad.exam.key import PaperKey
from chalkgrad.pipeline import exam
from mistaken_students import STUDENTS, Net, Student

IDS = ["a2[1]", "delta1[2]", "dJ/dW1[2,1]", "b1[2]'"]
PAPERS = range(1, 13)
SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


def spec(misconceptions: Any = True, **more: Any) -> dict[str, Any]:
    weights = {"draw": "uniform", "low": -1, "high": 1, "step": 0.1, "not": 0}
    layer = {"units": 2, "activation": "tanh", "weights": weights, "bias": [0.2, -0.3]}
    ask = [{"find": IDS[0]}, {"find": IDS[1:3]}, {"find": IDS[3]}, {"find": "dJ/dW2[1,1]", "as": "choice"}]
    return {
        "exam": {"seed": "s", "variants": len(PAPERS), "ask": ask, "misconceptions": misconceptions, **more},
        "network": {"layers": [layer, {**layer, "activation": "sigmoid"}], "loss": "half_squared_error"},
        "data": {"x": [[1.5, -0.5]], "y": [[{"draw": "choice", "from": [0.1, 0.9]}, 1]]},
        "train": {"optimizer": {"name": "sgd", "learning_rate": 0.5}},
        "show": {"decimals": 4},
    }


def walk(paper: PaperKey, mistake: str) -> dict[str, float]:
    given = {id: float(text) for id, text in dict(paper.given).items()}

    def matrix(n: int) -> np.ndarray:
        return np.array([[given[f"W{n}[{j},{k}]"] for k in (1, 2)] for j in (1, 2)])

    biases = [np.array([given[f"b{n}[{j}]"] for j in (1, 2)]) for n in (1, 2)]
    data = [np.array([[given[f"{letter}[{i}]"] for i in (1, 2)]]) for letter in "xy"]
    net = Net([matrix(1), matrix(2)], biases, ["tanh", "sigmoid"], "half_squared_error", True, *data, given["eta"])
    return STUDENTS.get(mistake, Student)(net).walk()


def names(code: str) -> dict[str, str]:
    """Mistakes and slips by what is said of them."""
    spoken = load_language(code)
    right = spoken.sentence("mistakes.right")
    found = {right: "", right.strip("*"): ""}
    for row in MISCONCEPTIONS:
        for place in range(1, 5) if row.is_placed else [0]:
            said = spoken.sentence(f"mistake.{row.name}").format(place=place)
            found[said] = f"{row.name}[{place}]" if place else row.name
    return found | {spoken.sentence(f"slip.{slip.name}"): slip.name for slip in SLIPS}


def tables(sheet: str) -> list[list[list[str]]]:
    """The tables below the heading, cell by cell."""
    end = sheet.split("What wrong ways lead to")[1]
    blocks = re.findall(r"(?:^\|.*\n)+", end, flags=re.MULTILINE)
    return [[[cell.strip() for cell in line.strip(" |").split(" | ")] for line in b.splitlines()] for b in blocks]


def number(cell: str) -> float:
    """A number of a table: `−2.1·10⁻⁵` or, in mathematics, `$-0.5$`."""
    mantissa, _, power = cell.strip("$").replace("−", "-").partition("·10")
    return float(f"{mantissa}e{power.translate(SUPERSCRIPTS) or 0}")


def test_every_number_is_that_of_a_student_who_does_this():
    made = exam(spec())
    known = names("en")
    sheets, papers = made.sheets("md", PAPERS, solved=True), made.keys(PAPERS)
    told = set()
    for sheet, paper in zip(sheets, papers, strict=True):
        numbers, letters = tables(sheet)
        asked = [*IDS, "dJ/dW2[1,1]"]
        assert len(numbers[0]) == 1 + len(asked)
        row: list[str] = []
        for label, *cells in numbers[2:]:
            mistake = known[label.removeprefix("· ")]
            assert (cells == row) or not label.startswith("· ")
            row = cells
            found, right = walk(paper, mistake), walk(paper, "")
            told.add(mistake)
            for id, cell in zip(asked, row, strict=True):
                if cell == "–":
                    assert abs(found[id] - right[id]) < 1e-12, (mistake, id)
                else:
                    assert abs(number(cell) - found[id]) <= 0.50001e-4, (mistake, id)
        assert [line[0] for line in letters[2:]] == list("ABCD")
        for letter, shown, said in letters[2:]:
            mistake = known[said]
            assert (mistake == "") == (letter == paper.answers[-1].letter)
            if mistake in STUDENTS:
                assert abs(number(shown) - walk(paper, mistake)["dJ/dW2[1,1]"]) <= 0.50001e-4
    assert {"", "sign", "forgot_sigma", "transposed", "dropped_path[2]", "kept_bias", "ascended"} <= told
    assert "updated_weights" in told


def test_only_mistakes_that_are_asked_for_are_told():
    (sheet,) = exam(spec(["sign", "dropped_path"])).sheets("md", [3], solved=True)
    known = names("en")
    rows = {known[row[0].removeprefix("· ")] for row in tables(sheet)[0][2:]}
    assert rows == {"", "sign", "dropped_path[1]", "dropped_path[2]"}


def test_nothing_is_told_where_nobody_asks():
    (sheet,) = exam(spec(False)).sheets("md", [3], solved=True)
    assert "What wrong ways" not in sheet


def test_papers_tell_nothing_of_mistakes():
    (sheet,) = exam(spec()).sheets("md", [3], solved=False)
    assert not [said for said in names("en") if said.strip("*") in sheet]


def test_mistakes_that_cannot_be_seen_stand_with_the_right_answer():
    """With an input of 1, it makes no difference whether it is multiplied by."""
    data = spec(["no_input"])
    data["data"]["x"] = [[1, 1]]
    data["exam"]["ask"] = [{"find": "dJ/dW1[1,1]"}]
    (sheet,) = exam(data).sheets("md", [1], solved=True)
    (table,) = tables(sheet)
    assert table[2][1] == table[3][1]
    assert [row[0] for row in table[2:]] == ["*The right answer*", "· Not multiplied by the input"]
    assert "A row that begins with a dot" in sheet


@pytest.mark.parametrize(("name", "language"), [("tex", "en"), ("pdf", "es"), ("html", "pt_BR")])
def test_every_format_and_language_has_them(name, language):
    (sheet,) = exam(spec(["sign", "from_to"]), language=language).sheets(name, [2], solved=True)
    spoken = load_language(language)
    for key in ("mistakes.heading", "mistake.sign", "mistake.from_to"):
        assert spoken.sentence(key) in sheet
