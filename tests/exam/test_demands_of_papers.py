"""Conditions on wrong answers, read back from keys of whole exams."""

from __future__ import annotations

from typing import Any

import pytest

from chalkgrad.errors import SpecError
from chalkgrad.exam.key import PaperKey
from chalkgrad.pipeline import exam
from mistaken_students import STUDENTS, Net, Student

WEIGHTS = {"draw": "uniform", "low": -1, "high": 1, "step": 0.1, "not": 0}
IDS = ["delta2[1]", "dJ/dW1[1,1]"]


def spec(conditions: dict[str, Any], ask: list[Any] | None = None, work: int = 4) -> dict[str, Any]:
    layer = {
        "activation": "sigmoid",
        "weights": WEIGHTS,
        "bias": {"draw": "uniform", "low": -0.5, "high": 0.5, "step": 0.1},
    }
    return {
        "exam": {
            "seed": "a secret",
            "variants": 30,
            "ask": ask or [{"find": id} for id in IDS],
            "conditions": conditions,
            "work_with": work,
        },
        "network": {"layers": [{"units": 2, **layer}, {"units": 1, **layer}], "loss": "half_squared_error"},
        "data": {"x": [[1.5, -0.5]], "y": [[1]]},
        "train": {"optimizer": {"name": "sgd", "learning_rate": 0.5}},
        "show": {"decimals": 4},
    }


def walk(paper: PaperKey, mistake: str) -> dict[str, float]:
    """What a student finds with the numbers that a key says were given."""
    import numpy as np

    given = {id: float(text) for id, text in dict(paper.given).items()}
    weights = [
        np.array([[given[f"W{n}[{j},{k}]"] for k in (1, 2)] for j in units])
        for n, units in ((1, (1, 2)), (2, (1,)))
    ]
    biases = [np.array([given["b1[1]"], given["b1[2]"]]), np.array([given["b2[1]"]])]
    x, y = np.array([[given["x[1]"], given["x[2]"]]]), np.array([[given["y[1]"]]])
    net = Net(weights, biases, ["sigmoid", "sigmoid"], "half_squared_error", True, x, y, given["eta"])
    return STUDENTS.get(mistake, Student)(net).walk()


def accepted(papers: list[PaperKey], mistake: str) -> int:
    """How many wrong answers of a mistake lie in what a key accepts, though they are not the right number."""
    count = 0
    for paper in papers:
        wrong, right = walk(paper, mistake), walk(paper, "")
        for answer in paper.answers:
            assert abs(answer.value - right[answer.id]) < 1e-12
            is_other = abs(wrong[answer.id] - right[answer.id]) > 1e-14
            count += is_other and float(answer.low) <= wrong[answer.id] <= float(answer.high)
    return count


def test_a_wrong_method_is_accepted_in_no_paper_where_that_is_demanded():
    names = ["sign", "forgot_two", "updated_weights"]
    lenient = exam(spec({})).keys(range(1, 31))
    strict = exam(spec({"misconceptions": names})).keys(range(1, 31))
    assert sum(accepted(lenient, name) for name in names) > 0
    assert [accepted(strict, name) for name in names] == [0, 0, 0]


def test_what_rejects_is_told_by_its_name(tmp_path):
    made = exam(spec({"misconceptions": ["updated_weights"]}))
    (part,) = made.chunk(range(1, 31)).parts
    rejected = part.tally.broken["misconceptions: updated_weights"].sum()
    assert rejected > 0
    report = (made.save(tmp_path, ["key"]) / "fairness.md").read_text("utf-8")
    (line,) = [line for line in report.splitlines() if "a wrong method is accepted" in line]
    assert line.startswith("| a wrong method is accepted: Updated weights on the way back | ")


def test_all_of_them_can_be_demanded():
    made = exam(spec({"misconceptions": True}, [{"find": "delta2[1]"}], work=5))
    (part,) = made.chunk(range(1, 31)).parts
    named = [name for name in part.tally.broken if name.startswith("misconceptions: ")]
    assert "misconceptions: forgot_sigma" in named
    assert len(named) >= 8
    papers = made.keys(range(1, 31))
    assert not any(accepted(papers, name.removeprefix("misconceptions: ")) for name in named)


@pytest.mark.parametrize("wish", ["maybe", ["signs"], [["sign"]]])
def test_what_is_no_misconception_is_told(wish):
    with pytest.raises(SpecError) as error:
        exam(spec({"misconceptions": wish}))
    assert "misconceptions" in str(error.value)
    assert ("sign" in str(error.value)) or wish == "maybe"


def test_choices_of_a_paper_lie_outside_of_what_is_accepted():
    made = exam(spec({}, [{"find": "dJ/dW1[1,1]", "as": "choice"}]))
    (part,) = made.chunk(range(1, 31)).parts
    texts = part.worked.choices["a"].texts(part.worked.wrong)
    papers = made.keys(range(1, 31))
    for row, paper in enumerate(papers):
        (answer,) = paper.answers
        inside = [
            letter
            for letter, column in zip("ABCD", texts, strict=True)
            if float(answer.low) <= float(column[row]) <= float(answer.high)
        ]
        assert inside == [answer.letter]


def test_letters_are_the_same_for_a_paper_alone():
    ask = [{"find": "delta2[1]", "as": "choice", "choices": 3}]
    made, again = exam(spec({}, ask)), exam(spec({}, ask))
    (alone,) = again.keys([17])
    assert alone.answers == made.keys(range(1, 31))[16].answers
