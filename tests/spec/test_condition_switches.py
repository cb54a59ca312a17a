"""Switches of conditions, and conditions in a spec: what they mean, and mistakes told with line and column."""

from __future__ import annotations

from fractions import Fraction

import jsonschema
import pytest

from chalkgrad import SpecError
from chalkgrad.catalogue.wording import load_wording
from chalkgrad.exam.conditions.conditions import Conditions
from chalkgrad.exam.exercise import Exercise
from chalkgrad.spec.conditions import SWITCHES, Switches
from chalkgrad.spec.exam import read_exam
from chalkgrad.spec.readers import Report
from chalkgrad.spec.source import from_data, read_text

SPEC = """\
exam:
  seed: hush
  variants: 4
  ask: ["a1[1]", "dJ/dW1[1,1]"]
  where:
    - "0.1 < a1[1] < 0.9"
    - all(abs(W1[*,*]) > 0.2)
    - >
      abs(dJ/dW1[1,1])
      > 0.001
  conditions: {saturation: 6, dead_relu: false}
network:
  layers: [{units: 1, activation: sigmoid, weights: {draw: uniform, low: -1, high: 1, step: 0.5}, bias: none}]
  loss: half_squared_error
data: {x: [[{draw: choice, from: [1, 2]}, 0.5]], y: [[1]]}
"""


def read(text):
    report = Report()
    return SWITCHES.read(read_text(text, "exam.yaml"), report), report.problems


def test_switches_are_flags_or_bounds():
    found, problems = read("{dead_relu: false, kink: off, saturation: 6, lost_answer: 3, undefined: true}")
    assert problems == []
    assert not found.is_on("dead_relu")
    assert not found.is_on("kink")
    assert all(found.is_on(name) for name in ("saturation", "lost_answer", "undefined", "equal_answers"))
    assert (found.bound("saturation"), found.bound("lost_answer")) == (6, 3)
    assert found.bound("kink") == Switches().bound("kink") == Fraction(1, 100)


@pytest.mark.parametrize(
    ("text", "column", "found", "expected"),
    [
        ("{saturation: -4}", 14, '"-4"', "a number above 0"),
        ("{saturation: none}", 14, '"none"', "a number"),
        ("{saturation: [4]}", 14, "a list of 1", "true, false or a number above 0"),
        ("{lost_answer: 1.5}", 15, '"1.5"', "a whole number of at least 1"),
        ("{lost_answer: 0}", 15, '"0"', "a whole number of at least 1"),
        ("{dead_relu: 3}", 13, '"3"', "true or false"),
        ("{ded_relu: false}", 2, 'the key "ded_relu"', 'did you mean "dead_relu"'),
        ("[dead_relu]", 1, "a list of 1", "a condition"),
    ],
)
def test_a_wrong_switch_is_told(text, column, found, expected):
    _, (problem,) = read(text)
    assert (problem.place.line, problem.place.column) == (1, column)
    assert found in str(problem)
    assert expected in str(problem)


def test_the_schema_of_a_switch_is_what_is_read():
    schema = SWITCHES.schema()
    for data in ({"saturation": 6}, {"kink": False}, {"lost_answer": 2}, {"dead_relu": True}, {}):
        jsonschema.validate(data, schema)
        report = Report()
        SWITCHES.read(from_data(data), report)
        assert report.problems == []
    for data in ({"saturation": -1}, {"dead_relu": 3}, {"lost_answer": 1.5}, {"nobody": True}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(data, schema)


def conditions(text, tmp_path):
    path = tmp_path / "exam.yaml"
    path.write_text(text, encoding="utf-8")
    spec = read_exam(path)
    exercise = Exercise(spec.exercises[0], None, "typst")
    found = exercise.structure([0] * len(exercise.sizes))
    return Conditions(found.example, found.task.where, found.task.switches, found.asked)


def test_a_spec_says_what_must_hold(tmp_path):
    found = conditions(SPEC, tmp_path)
    assert found.names[:3] == ("0.1 < a1[1] < 0.9", "all(abs(W1[*,*]) > 0.2)", "abs(dJ/dW1[1,1]) > 0.001")
    assert set(found.names[3:]) == {"saturation", "lost_answer", "equal_answers"}


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ('"0.1 < a1[1] < 0.9"', '"0.1 < ‹a1[2] < 0.9"', "a1[1]"),
        ('"0.1 < a1[1] < 0.9"', "'0.1 < ‹a1[2] < 0.9'", "a1[1]"),
        ("all(abs(W1[*,*]) > 0.2)", "all(abs(‹W2[*,*]) > 0.2)", "is neither the id"),
        ("all(abs(W1[*,*]) > 0.2)", "abs(‹W1[*,*]) > 0.2", "all(…) or any(…)"),
    ],
)
def test_a_mistake_in_a_condition_is_told_with_its_column(old, new, word, tmp_path):
    before = SPEC.replace(old, new).partition("‹")[0]
    with pytest.raises(SpecError) as caught:
        conditions(SPEC.replace(old, new.replace("‹", "")), tmp_path)
    (problem,) = caught.value.problems
    line = before.count("\n") + 1
    assert (problem.place.line, problem.place.column) == (line, len(before.rpartition("\n")[2]) + 1)
    assert word in str(problem)
    assert "uma condição que não pode ser lida" in problem.told(load_wording("pt_BR"))
    assert "una condición que no puede leerse" in problem.told(load_wording("es"))
