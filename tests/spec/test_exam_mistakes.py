"""What can be wrong with the spec of an exam, told with its place; `‹` marks it."""

from __future__ import annotations

from pathlib import Path

import pytest

import chalkgrad
from chalkgrad import SpecError
from chalkgrad.catalogue.wording import load_wording
from chalkgrad.pipeline import exam
from chalkgrad.spec.exam import read_exam

SPEC = """\
title: Small exam
exam:
  seed: hush
  variants: 4
  ask:
    - {find: "a1[1]", points: 2}
    - {find: "dJ/dW1[1,1]"}
  where: ["a1[1] > 0.1"]
  work_with: 4
network:
  layers:
    - units: 1
      activation: sigmoid
      weights: {draw: uniform, low: -1, high: 1, step: 0.5, not: 0}
      bias: [{draw: integer, low: 0, high: 2}]
  loss: half_squared_error
data:
  x: [[{draw: choice, from: [1, 2]}, 0.5]]
  y: [[1]]
"""

MISTAKES: dict[str, tuple[tuple[str, str], str, str, str]] = {
    # the change, what was found, part of what was expected, part of the hint
    "no seed": (("exam:\n  seed: hush", "exam:\n  ‹variants: 4"), "an exam without a seed", "seed: a secret", ""),
    "no questions": (
        (
            'exam:\n  seed: hush\n  variants: 4\n  ask:\n    - {find: "a1[1]", points: 2}\n'
            '    - {find: "dJ/dW1[1,1]"}',
            "exam:\n  ‹seed: hush\n  variants: 4",
        ),
        "an exam without questions",
        "ask: what the student must find",
        "",
    ),
    "a misspelt key": (("variants: 4", "‹varians: 4"), 'the key "varians"', "an exam: ask", '"variants"'),
    "an id of nothing": (('find: "a1[1]"', 'find: ‹"a2[1]"'), '"a2[1]"', "ids of numbers", 'did you mean "a1[1]"'),
    "a wildcard of nothing": (('find: "a1[1]"', 'find: ‹"q1[*]"'), '"q1[*]"', "ids of numbers", 'like "q1[*]"'),
    "a given number": (('find: "a1[1]"', 'find: ‹"x[1]"'), '"x[1]"', "numbers to compute, not given ones", ""),
    "no points": (("points: 2", "points: ‹0"), '"0"', "a number above 0", ""),
    "a number that can be drawn twice": (
        ("from: [1, 2]", "from: [1/2, 1, ‹0.5]"),
        '"0.5" a second time',
        "alternatives that differ",
        "",
    ),
    "a list that can be drawn twice": (
        ("x: [[{draw: choice, from: [1, 2]}, 0.5]]", "x: [{draw: choice, from: [[1, 2], ‹[1.0, 2]]}]"),
        "a list of 2 a second time",
        "alternatives that differ",
        "",
    ),
    "a form of nobody": (
        ("points: 2", "as: ‹essay"),
        '"essay"',
        "a form: number, table, choice",
        "",
    ),
    "a choice of a table": (
        ('{find: "a1[1]", points: 2}', '‹{find: ["a1[1]", J], as: choice}'),
        "a choice for several numbers",
        "one id to choose for",
        "",
    ),
    "a misspelt draw": (
        ("{draw: uniform", "{draw: ‹unifrom"),
        '"unifrom"',
        "a kind of draw: uniform, integer, choice, normal, permutation",
        'did you mean "uniform"?',
    ),
    "bounds the wrong way round": (
        ("low: -1, high: 1,", "low: -1, high: ‹-2,"),
        "from -1 to -2",
        "an upper bound that is not below",
        "",
    ),
    "steps that miss": (
        ("high: 1, step: 0.5", "high: ‹1, step: 0.3"),
        "from -1 to 1 by 0.3",
        "steps that lead exactly",
        "",
    ),
    "no step": (("step: 0.5, not: 0", "not: 0"), 'no "step"', "a uniform draw with step", ""),
    "nothing left to draw": (
        ("{draw: integer, low: 0, high: 2}", "‹{draw: integer, low: 0, high: 0, not: 0}"),
        "a draw without any value",
        "at least one value",
        "",
    ),
    "a grid without end": (
        (
            "weights: {draw: uniform, low: -1, high: 1, step: 0.5",
            "weights: ‹{draw: uniform, low: -1, high: 1, step: 0.0001",
        ),
        "a draw of more than 10,000 values",
        "a coarser grid",
        "",
    ),
    "a draw inside a draw": (
        ("from: [1, 2]", "from: [1, ‹{draw: integer, low: 0, high: 1}]"),
        "a draw inside a draw",
        "a value",
        "",
    ),
    "too many to permute": (
        ("{draw: choice, from: [1, 2]}", "{draw: permutation, of: ‹[1, 2, 3, 4, 5, 6, 7, 8]}"),
        "8 values to permute",
        "at most 7",
        "",
    ),
    "a target that the loss refuses": (
        (
            "loss: half_squared_error\ndata:\n  x: [[{draw: choice, from: [1, 2]}, 0.5]]\n  y: [[1]]",
            "loss: binary_cross_entropy\ndata:\n  x: [[1, 0.5]]\n  y: [[{draw: choice, from: [0, ‹2]}]]",
        ),
        "the target 2",
        "as binary_cross_entropy needs",
        "",
    ),
    "two ways to carry digits": (
        ("work_with: 4", "work_with: ‹four"),
        '"four"',
        "a whole number from 0 to 15",
        "",
    ),
}


def wrong(text: str) -> SpecError:
    """What the exam of a text is refused with."""
    with pytest.raises(SpecError) as caught:
        exam(text)
    return caught.value


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_where_it_stands(name, tmp_path):
    (old, new), found, expected, hint = MISTAKES[name]
    assert SPEC.count(old) == 1
    text = SPEC.replace(old, new)
    marked = text.find("‹")
    path = tmp_path / "small.yaml"
    path.write_text(text.replace("‹", ""), encoding="utf-8")
    problem = wrong(path).problems[0]
    assert problem.found == found
    assert expected in problem.expected
    assert hint in problem.hint
    if marked >= 0:
        before = text[:marked]
        assert (problem.place.line, problem.place.column) == (before.count("\n") + 1, marked - before.rfind("\n"))


@pytest.mark.parametrize("name", MISTAKES)
@pytest.mark.parametrize("code", ["pt_BR", "es"])
def test_a_mistake_is_told_in_the_language(name, code, tmp_path):
    (old, new), *_ = MISTAKES[name]
    path = tmp_path / "small.yaml"
    path.write_text(SPEC.replace(old, new).replace("‹", ""), encoding="utf-8")
    error = wrong(path)
    assert error.told(load_wording(code)) != str(error)


def test_a_lesson_is_no_exam(tmp_path):
    path = tmp_path / "small.yaml"
    path.write_text(SPEC[SPEC.index("network:") :], encoding="utf-8")
    (problem,) = wrong(path).problems
    assert (problem.place.line, problem.found) == (1, "no exam")
    assert "exam: {seed: my-secret" in problem.hint


@pytest.mark.parametrize(("start", "found"), [("title:", "an exam"), ("network:", "a draw")])
def test_an_exam_is_no_lesson(start, found, tmp_path):
    path = tmp_path / "small.yaml"
    path.write_text(SPEC[SPEC.index(start) :], encoding="utf-8")
    with pytest.raises(SpecError) as caught:
        chalkgrad.solve(path)
    (problem,) = caught.value.problems
    assert problem.found == found
    assert "chalkgrad exam" in problem.hint


SQUARE = {
    "exam": {"ask": ["f"]},
    "circuit": {"inputs": {"x": {"draw": "integer", "low": 1, "high": 3}}, "steps": {"f": "x**2"}, "output": "f"},
}


def several(**exam_keys: object) -> dict[str, object]:
    """An exam of two exercises."""
    return {"exam": {"seed": "hush", "exercises": [{"name": "first", **SQUARE}, dict(SQUARE)], **exam_keys}}


def test_exercises_of_an_exam_have_names():
    read = read_exam(several())
    assert [exercise.name for exercise in read.exercises] == ["first", "exercise-2"]
    assert read.choose == 2
    assert not read.is_single


@pytest.mark.parametrize(
    ("spec", "found"),
    [
        (several(choose=3), "3 of 2"),
        (several() | {"train": {}}, 'the key "train"'),
        (several(exercises=["nowhere.yaml"]), "no such file in nowhere.yaml"),
        (several(exercises=[{"name": "a", "circuit": {}}]), "an exercise without questions"),
    ],
)
def test_mistakes_of_several_exercises(spec, found):
    assert found in [problem.found for problem in wrong(spec).problems]


def test_the_same_exercise_twice():
    spec = several()
    spec["exam"]["exercises"][1]["name"] = "first"  # type: ignore[index]
    (problem,) = wrong(spec).problems
    assert problem.found == 'the exercise "first" a second time'


def test_the_bundled_exams_are_read():
    for name in chalkgrad.resources.exam_names():
        assert isinstance(chalkgrad.resources.exam(name), Path)
        assert exam(name).exercises


def test_questions_and_conditions_are_told_together(tmp_path):
    path = tmp_path / "small.yaml"
    text = SPEC.replace('find: "a1[1]"', 'find: "a7[1]"').replace('"a1[1] > 0.1"', '"abz(a1[1]) > 0.1"')
    path.write_text(text, encoding="utf-8")
    question, condition = wrong(path).problems
    assert (question.place.line, question.found) == (6, '"a7[1]"')
    assert condition.place.line == 8
    assert 'did you mean "abs"?' in condition.found
