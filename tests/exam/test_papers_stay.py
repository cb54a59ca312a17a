"""A paper depends on the secret, the exercise and its number, and on nothing else; and it stays what it is."""

from __future__ import annotations

import csv
from fractions import Fraction
from itertools import permutations

import numpy as np
import pytest
import yaml

from chalkgrad import resources
from chalkgrad.cli import main
from chalkgrad.errors import TooFewPapers
from chalkgrad.exam.permutation import ROUNDS
from chalkgrad.pipeline import exam
from plain_bits import plain_key, plain_permutation

GOLDEN = yaml.safe_load("""
exam:
  seed: correct horse battery staple
  variants: 1000
  ask: ["a2[1]", "dJ/dW1[1,2]"]
  where: ["0.2 < a2[1] < 0.8"]
network:
  layers:
    - units: 2
      activation: {draw: choice, from: [sigmoid, tanh]}
      weights: {draw: uniform, low: -1, high: 1, step: 0.1, not: 0, shape: [2, 2]}
      bias: {draw: normal, sd: 0.5, step: 0.1}
    - units: 1
      activation: sigmoid
      weights: {draw: uniform, low: -1, high: 1, step: 0.1, not: 0}
      bias: [{draw: choice, from: [0.1, 1/3]}]
  loss: half_squared_error
data:
  x: [{draw: permutation, of: [0.5, 1]}]
  y: [[{draw: integer, low: 0, high: 1}]]
""")

PAPERS = {
    # W1, b1, W2, b2, x, y: whoever changes one of these changes the papers that teachers have handed out
    1: "-1 -1/5 -4/5 -9/10 | 4/5 -9/10 | -1/10 -3/5 | 1/10 | 1 1/2 | 1",
    2: "-1/5 -4/5 3/5 1/2 | -7/10 1/5 | -2/5 7/10 | 1/10 | 1 1/2 | 0",
    17: "-1 1/5 2/5 3/5 | 2/5 1/5 | -9/10 -9/10 | 1/10 | 1/2 1 | 0",
    1000: "3/10 -1/2 1 3/10 | -3/10 1/5 | -1 -7/10 | 1/3 | 1/2 1 | 0",
}
"""Papers of the exam above, as they were first made."""


def numbers(made, papers) -> list[dict[str, str]]:
    """The numbers of some papers of a one-exercise exam, by their ids."""
    (drawing,) = made.drawings
    own = [made.numbers[paper - 1] for paper in papers]
    picks = drawing.chooser.chosen(own).picks
    found: list[dict[str, str]] = [{} for _ in own]
    for structure, rows in drawing.exercise.shapes(picks):
        for at, column in structure.columns(picks[rows]).items():
            for row, value in zip(rows, column.values(), strict=True):
                found[row][at.id(1)] = str(value)
    return found


def given(made, *papers: int) -> list[str]:
    groups = ("W1", "b1", "W2", "b2", "x", "y")
    return [
        " | ".join(" ".join(v for id, v in sorted(own.items()) if id.startswith(letter)) for letter in groups)
        for own in numbers(made, papers)
    ]


def test_papers_are_what_they_were():
    assert given(exam(GOLDEN), *PAPERS) == list(PAPERS.values())


PLAIN = yaml.safe_load("""
exam:
  seed: segredo
  variants: 2000
  ask: ["a1[1]"]
  where: ["a1[1] > 0.3"]
network:
  layers:
    - units: 1
      activation: sigmoid
      weights: {draw: uniform, low: -1, high: 1, step: 0.01}
      bias: {draw: uniform, low: -0.5, high: 0.5, step: 0.01}
  loss: half_squared_error
data:
  x: {draw: uniform, low: -1, high: 1, step: 0.01, shape: [1, 5]}
  y: [[{draw: uniform, low: 0, high: 1, step: 0.25}]]
""")


def test_papers_are_what_the_description_says():
    """From the secret's text to the numbers of a paper, in plain whole numbers: no array, no code of ours."""
    made = exam(PLAIN)
    sizes = (*[201] * 5, 101, *[201] * 5, 5)
    keep, size = [], 1
    for place, radix in enumerate(sizes):  # the first draws that fit together into 62 bits
        if size * radix <= 1 << 62:
            keep, size = [*keep, place], size * radix
    rounds = [plain_key("segredo", "exercise", "exam", f"round {i}") for i in range(ROUNDS)]
    block = made.drawings[0].chooser.layout.places
    for paper in (1, 2, 1999):
        drawn = int(made.drawings[0].chooser.chosen([paper]).tally.drawn[0])
        point = plain_permutation(rounds, size, (paper - 1) * block + drawn - 1)
        steps = {}
        for place in keep:
            point, steps[place] = divmod(point, sizes[place])
        (own,) = numbers(made, [paper])
        for place, step in steps.items():
            id, low, width = (
                (f"W1[1,{place + 1}]", -1, Fraction(1, 100))
                if place < 5
                else ("b1[1]", Fraction(-1, 2), Fraction(1, 100))
                if place == 5
                else (f"x[{place - 5}]", -1, Fraction(1, 100))
                if place < 11
                else ("y[1]", 0, Fraction(1, 4))
            )
            assert Fraction(own[id]) == low + step * width


def test_a_paper_alone_is_the_paper_among_others():
    together = given(exam("backpropagation", variants=40), *range(1, 41))
    more = exam("backpropagation", variants=2000)
    assert [*given(more, 17), *given(more, 40)] == [together[16], together[39]]


def test_another_secret_gives_other_papers():
    other = {**GOLDEN, "exam": {**GOLDEN["exam"], "seed": "correct horse battery stapler"}}
    assert set(given(exam(other), *range(1, 1001))).isdisjoint(PAPERS.values())


def bank(*names):
    """An exam of exercises that differ in their names only."""
    exercise = {key: value for key, value in PLAIN.items() if key != "exam"}
    ask = {"ask": PLAIN["exam"]["ask"]}
    exercises = [{"name": name, "exam": ask, **exercise} for name in names]
    return {"exam": {"seed": "segredo", "variants": 30, "exercises": exercises}}


def test_an_exercise_in_front_changes_no_number():
    before, after = (exam(bank(*names)) for names in (("one", "two"), ("new", "one", "two")))
    for old, new in zip(before.drawings, after.drawings[1:], strict=True):
        assert (old.chooser.chosen(range(1, 31)).picks == new.chooser.chosen(range(1, 31)).picks).all()


def test_exercises_with_the_same_draws_draw_differently():
    one, two = (d.chooser.chosen(range(1, 31)).picks for d in exam(bank("one", "two")).drawings)
    assert not (one == two).all(axis=1).any()


def roster(tmp_path, *ids):
    path = tmp_path / f"{len(ids)}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["name", "id"], *([f"Student {id}", id] for id in ids)])
    return path


def test_a_student_more_changes_no_other_paper(tmp_path):
    few = exam("backpropagation", roster=roster(tmp_path, "1001", "ana", "1003"))
    more = exam("backpropagation", roster=roster(tmp_path, "1001", "bela", "ana", "999", "1003"))
    assert given(few, 1, 2, 3) == given(more, 1, 3, 5)


def test_students_whose_ids_lead_to_one_paper_are_told(tmp_path, capsys):
    there = exam("gates").drawings[0].chooser.capacity
    listed = roster(tmp_path, "7", "eva", str(7 + there), "8")
    made = exam("gates", roster=listed)
    assert [student.id for student in made.moved] == [str(7 + there), "8"]
    assert made.numbers[0] == 7
    assert made.numbers[2:] == (8, 9)
    assert main(["exam", "gates", "--roster", str(listed), "--to", "md", "-o", str(tmp_path)]) == 0
    told = capsys.readouterr().err
    assert (
        f"2 students have the next free papers, since earlier ones' ids lead to the same: {7 + there}, 8" in told
    )


def test_the_order_of_hidden_units_may_be_left_open():
    opened = {**GOLDEN, "exam": {**GOLDEN["exam"], "conditions": {"canonical_order": False}}}
    strict, free = exam(GOLDEN).drawings[0], exam(opened).drawings[0]
    assert free.space.points == 2 * 20**6 * 31**2 * 2 * 2 * 2
    assert strict.space.points == free.space.points * 21 // 40  # W1[1,1] no further than W1[2,1]
    seen = free.chooser.chosen(range(1, 101)).picks
    assert (seen[:, 1] > seen[:, 3]).any()


def test_an_exam_may_draw_its_shape_alone():
    spec = {
        "exam": {"seed": "s", "variants": 3, "ask": ["a1[1]"]},
        "network": {
            "layers": [
                {
                    "units": 1,
                    "activation": {"draw": "choice", "from": ["sigmoid", "tanh", "softplus"]},
                    "weights": [["1/2", "1/4"]],
                    "bias": ["1/10"],
                }
            ],
            "loss": "half_squared_error",
        },
        "data": {"x": [[1, 2]], "y": [[1]]},
    }
    made = exam(spec)
    assert sorted(made.drawings[0].chooser.chosen([1, 2, 3]).picks.tolist()) == [[0], [1], [2]]
    with pytest.raises(TooFewPapers, match="4 papers are asked for, and there are 3 different ones"):
        exam(spec, variants=4)


def test_no_two_papers_are_the_same_up_to_the_order_of_hidden_units():
    made = exam("backpropagation", variants=2000)
    seen: set[tuple[str, ...]] = set()
    for own in numbers(made, range(1, 2001)):
        orders = []
        for order in permutations((1, 2)):
            units = [(own[f"W1[{j},1]"], own[f"W1[{j},2]"], own[f"b1[{j}]"], own[f"W2[1,{j}]"]) for j in order]
            rest = [value for id, value in sorted(own.items()) if not id.startswith(("W1", "b1", "W2"))]
            orders.append((*units[0], *units[1], *rest))
        assert seen.isdisjoint(orders)
        seen.update(orders)


def test_the_secret_is_in_no_error():
    with pytest.raises(TooFewPapers) as caught:
        exam("gates", variants=1000)
    assert "change-this-secret" not in str(caught.value)
    assert "correct horse" not in repr(exam(GOLDEN).drawings[0].space)


@pytest.mark.parametrize("name", resources.exam_names())
def test_all_bundled_exams_have_as_many_papers_as_they_ask_for(name):
    made = exam(name)
    for drawing in made.drawings:
        picks = drawing.chooser.chosen(made.numbers).picks
        assert len(np.unique(picks, axis=0)) == len(made.numbers)
