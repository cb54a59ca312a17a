"""The key of an exam: whoever reads it with a program, or in a spreadsheet, reads what solutions say."""

from __future__ import annotations

import csv
import io
import json
import re
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import pytest

from chalkgrad.evaluation.rounding import Digits
from chalkgrad.exam import key
from chalkgrad.pipeline import exam

PAPERS = range(1, 26)


class Ends(NamedTuple):
    low: np.ndarray
    high: np.ndarray


@pytest.fixture(scope="module")
def made():
    return exam("backpropagation", variants=len(PAPERS), language="pt_BR")


def rows_of(text):
    return list(csv.DictReader(io.StringIO(key.CSV_HEAD + text)))


def boxes(text):
    """The numbers in boxes of a worked solution, in the order of the questions."""
    found = re.findall(r"\\boxed\{(.*?)\} \\enspace \{\\color\{gray\} \\text\{(\w+)\)", text)
    return [(label, number.replace("{,}", ",")) for number, label in found]


def test_solution_and_key_agree(made):
    keys = made.keys(PAPERS)
    sheets = made.sheets("md", PAPERS, solved=True)
    rows = rows_of(key.csv_piece(keys))
    for paper, sheet in zip(PAPERS, sheets, strict=True):
        own = [(row["question"], row["shown"]) for row in rows if row["paper"] == str(paper)]
        assert sorted(boxes(sheet)) == sorted(own)
        assert own


def test_they_agree_where_each_step_goes_on_from_the_digits_shown():
    """Carried digits lead to other last digits: the key has those that the solution prints."""
    made = exam("backpropagation", variants=30, carry="shown", language="en")
    papers, full = range(1, 31), exam("backpropagation", variants=30, language="en")
    keys = made.keys(papers)
    for paper, sheet in zip(keys, made.sheets("md", papers, solved=True), strict=True):
        assert sorted(boxes(sheet)) == sorted((answer.question, answer.shown) for answer in paper.answers)
    exact = [answer.shown for paper in full.keys(papers) for answer in paper.answers]
    assert exact != [answer.shown for paper in keys for answer in paper.answers]


def test_both_keys_say_the_same(made):
    keys = made.keys(PAPERS)
    rows = iter(rows_of(key.csv_piece(keys)))
    data = json.loads("".join(key.json_whole([key.json_piece(keys[:10]), "", key.json_piece(keys[10:])])))
    assert [paper["paper"] for paper in data["papers"]] == list(PAPERS)
    for paper in data["papers"]:
        for answer in paper["answers"]:
            row = next(rows)
            assert (row["paper"], row["id"], row["shown"]) == (str(paper["paper"]), answer["id"], answer["shown"])
            for name in ("value", "low", "high", "points"):
                assert float(row[name]) == answer[name]
    assert next(rows, None) is None


def test_every_given_number_is_told_and_leads_to_the_answers(made):
    """A paper of the key's numbers, solved by itself, has the key's answers."""
    (exercise,) = made.exercises
    example = exercise.structure([0] * len(exercise.sizes)).example
    for paper in made.keys(PAPERS[:4]):
        assert set(paper.given) == {step.id for step in example if step.section == "given"}
        page = next(example.fill("md", [paper.given]))
        assert all(answer.shown.replace(",", "{,}") in page for answer in paper.answers)


def test_answers_lie_within_what_is_accepted(made):
    for paper in made.keys(PAPERS):
        for answer in paper.answers:
            assert Fraction(answer.low) <= Fraction(answer.shown.replace(",", ".")) <= Fraction(answer.high)


@pytest.mark.parametrize("name", ["=1+1", "+1", "-2+3", "@SUM(A1)", "\t=1", " =1", "＝1", '=cmd|"/C calc"!A0'])
def test_no_name_is_a_formula(name):
    answer = key.Answer("a", "z1[1]", 0.5, "0.5", "0.4", "0.6", 1)
    (row,) = rows_of(key.csv_piece([key.PaperKey(1, name, name, {}, (answer,))]))
    assert row["student"] == row["student_id"] == f"'{name}"


@pytest.mark.parametrize("name", ["Ana", "Sá, José", 'Ada "Countess" Lovelace', "O'Neil", "李; 雷", "two\nlines"])
def test_names_come_back_as_they_are(name):
    answer = key.Answer("2b", "dJ/dW1[1,2]", -0.5, "-0,5", "-0.6", "-0.4", 0.5, "C")
    (row,) = rows_of(key.csv_piece([key.PaperKey(7, name, "x", {"W1[1,1]": "0.3"}, (answer,))]))
    expected = ("7", name, "2b", "dJ/dW1[1,2]", "-0.5", "-0,5", "-0.6", "-0.4", "0.5", "C", "x")
    assert tuple(row.values()) == expected
    data = json.loads("".join(key.json_whole([key.json_piece([key.PaperKey(7, name, "x", {}, (answer,))])])))
    assert data["papers"][0]["student"] == name
    assert data["papers"][0]["answers"][0]["letter"] == "C"


def test_an_exam_without_papers_is_json_too():
    assert json.loads("".join(key.json_whole([]))) == {"papers": []}


def test_no_number_is_null():
    answer = key.Answer("a", "J", float("inf"), "inf", "inf", "inf", 1)
    data = json.loads("".join(key.json_whole([key.json_piece([key.PaperKey(1, "", "", {}, (answer,))])])))
    found = data["papers"][0]["answers"][0]
    assert (found["value"], found["low"], found["shown"]) == (None, None, "inf")


@pytest.mark.parametrize("digits", [Digits(decimals=4), Digits(decimals=0), Digits(significant=3)])
def test_bounds_are_rounded_outward(digits):
    rng = np.random.default_rng(3)
    values = rng.normal(size=400) * 10.0 ** rng.integers(-3, 3, 400)
    ends = Ends(values - abs(values) * 0.01, values + abs(values) * 0.01)
    low, high = key.bounds(ends, values.tolist(), digits)
    for value, below, above, least, most in zip(values, ends.low, ends.high, low, high, strict=True):
        unit = Fraction(10) ** -digits.decimals if digits.decimals is not None else Fraction(abs(value)) / 100
        slack = Fraction(2, 10**6) * unit
        assert Fraction(least) <= Fraction(float(below)) + slack
        assert Fraction(most) >= Fraction(float(above)) - slack
        assert (
            Fraction(most) - Fraction(least) <= Fraction(float(above)) - Fraction(float(below)) + 2 * unit + slack
        )
