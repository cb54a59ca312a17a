"""What can be wrong with the spec of a single neuron, told with its place; `‹` marks it."""

from __future__ import annotations

from pathlib import Path

import pytest

from chalkgrad import SpecError, solve
from chalkgrad.cli import main
from chalkgrad.spec.judge import read_spec

SPEC = """\
title: Small
neuron:
  rule: perceptron
  weights: [0, 0.5]
  bias: -1
data:
  x: [[0, 0], [0, 1], [1, 1]]
  y: [0, 0, 1]
train: {learning_rate: 0.5, max_epochs: 20, order: online}
compare:
  - {learning_rate: 0.1}
"""

TARGETS = "targets, one a sample, such as [0, 0, 0, 1]"

MISTAKES: dict[str, tuple[tuple[str, str], str, str, str]] = {
    # the change, what was found, part of what was expected, part of the hint
    "a misspelt rule": (
        ("rule: perceptron", "rule: ‹perceptrom"),
        '"perceptrom"',
        "a learning rule: perceptron, adaline, logistic",
        'did you mean "perceptron"?',
    ),
    "no bias": (
        ("  rule: perceptron\n  weights: [0, 0.5]\n  bias: -1", "  ‹rule: perceptron\n  weights: [0, 0.5]"),
        'no "bias"',
        "a neuron with bias: where the bias starts",
        "",
    ),
    "too few weights": (("weights: [0, 0.5]", "weights: ‹[0]"), "1 weight", "2, one for each input", ""),
    "weights in rows": (("weights: [0, 0.5]", "weights: [‹[0, 0.5]]"), "a list of 2", "a number such as 0.15", ""),
    "too many targets": (
        ("y: [0, 0, 1]", "y: ‹[0, 0, 1, 1]"),
        "targets for 4 samples",
        "3, one for each row of x",
        "x stands at line 7",
    ),
    "two targets a sample": (
        ("y: [0, 0, 1]", "y: [‹[0, 1], [0, 1], [1, 0]]"),
        "2 targets a sample",
        "one: a neuron has one output",
        "",
    ),
    "targets that are no list": (("y: [0, 0, 1]", "y: ‹1"), '"1"', TARGETS, ""),
    "a target that a step never reaches": (
        ("y: [0, 0, 1]", "y: [0, ‹2, 1]"),
        '"2"',
        "0 or 1, all that a step function gives",
        "",
    ),
    "classes -1 and 1": (
        ("y: [0, 0, 1]", "y: [0, ‹-1, 1]"),
        '"-1"',
        "0 or 1, all that a step function gives",
        "write the classes -1 and 1 as 0 and 1",
    ),
    "the same in rows": (("y: [0, 0, 1]", "y: [[0], [‹-1], [1]]"), '"-1"', "0 or 1", "write the classes"),
    "a rate of 0": (("{learning_rate: 0.5,", "{learning_rate: ‹0,"), '"0"', "a number above 0", ""),
    "a negative rate to compare": (
        ("{learning_rate: 0.1}", "{learning_rate: ‹-0.1}"),
        '"-0.1"',
        "a number above 0",
        "",
    ),
    "no epochs": (("max_epochs: 20", "max_epochs: ‹0"), '"0"', "a whole number from 1 to 1000", ""),
    "an order that is none": (
        ("order: online", "order: ‹random"),
        '"random"',
        "an order of updates: online, batch",
        "",
    ),
    "an optimizer": (
        ("train: {", "train: {‹optimizer: sgd, "),
        'the key "optimizer"',
        "train: learning_rate, max_epochs, order",
        "",
    ),
    "a network too": (("neuron:", "‹network: {}\nneuron:"), 'the key "network"', "neuron", ""),
    "a run with too many weights": (
        ("{learning_rate: 0.1}", "{weights: ‹[1, 2, 3]}"),
        "3 weights",
        "2, one for each input",
        "",
    ),
    "more runs than are told apart": (
        ("  - {learning_rate: 0.1}", "  ‹" + "\n  ".join(f"- {{learning_rate: {n}}}" for n in range(1, 7))),
        "6 runs to compare with",
        "at most 5, so that their curves can be told apart",
        "",
    ),
    "more epochs than a page holds": (
        ("max_epochs: 20", "max_epochs: ‹1000"),
        "6,000 samples × epochs × runs",
        "at most 5,000",
        "take fewer samples or fewer epochs",
    ),
    "a view for networks": (
        ("title: Small", "title: Small\nshow: {views: [‹matrix]}"),
        '"matrix"',
        "a view: scalar",
        "",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_every_problem_is_told_at_its_place(name, tmp_path, monkeypatch, capsys):
    (old, new), found, expected, hint = MISTAKES[name]
    assert SPEC.count(old) == 1
    marked = SPEC.replace(old, new)
    before, _, _ = marked.partition("‹")
    line, column = before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1
    (tmp_path / "one.yaml").write_text(marked.replace("‹", ""), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SpecError) as caught:
        read_spec(Path("one.yaml"))
    (problem,) = caught.value.problems
    assert (problem.place.line, problem.place.column) == (line, column)
    assert problem.found == found
    assert expected in problem.expected
    assert hint in problem.hint

    assert main(["solve", "one.yaml", "-o", "pages"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"one.yaml:{line}:{column}: found {found}, expected ")
    assert [p.name for p in tmp_path.iterdir()] == ["one.yaml"], "something was written"


def test_the_base_of_the_table_solves(tmp_path):
    path = tmp_path / "one.yaml"
    path.write_text(SPEC, encoding="utf-8")
    assert read_spec(path).lesson.epochs == 20


def test_a_logistic_target_is_a_probability():
    spec = {
        "neuron": {"rule": "logistic", "weights": [0], "bias": 0},
        "data": {"x": [[1], [2]], "y": [0.5, -1]},
        "train": {"learning_rate": 1},
    }
    with pytest.raises(SpecError, match="a number from 0 to 1, as binary_cross_entropy needs"):
        solve(spec)


def test_targets_may_stand_in_rows():
    spec = {
        "neuron": {"rule": "adaline", "weights": [0], "bias": 0},
        "data": {"x": [[1], [2]], "y": [1, -1]},
        "train": {"learning_rate": "1/4", "max_epochs": 2},
    }
    rows = {**spec, "data": {"x": [[1], [2]], "y": [[1], [-1]]}}
    assert solve(spec).to_markdown() == solve(rows).to_markdown()
