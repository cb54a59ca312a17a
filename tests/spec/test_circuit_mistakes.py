"""What can be wrong in a circuit is told with its place, what was found, what was expected, and a way out."""

from __future__ import annotations

from pathlib import Path

import pytest

import chalkgrad
from chalkgrad.cli import main

GOOD = """\
circuit:
  inputs: {a: 2, b: -3}
  steps:
    p: a*b + 1
    q: p**2
  output: q
"""


def told(tmp_path: Path, text: str) -> list[str]:
    """The problems of a spec, without the file's name."""
    path = tmp_path / "c.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(chalkgrad.SpecError) as error:
        chalkgrad.solve(path)
    return [str(problem).removeprefix(f"{path}:") for problem in error.value.problems]


MISTAKES = [  # what is changed, into what, and what is told
    ("p: a*b + 1", "p: a*bb + 1", '4:10: found an expression that does not read ("bb" is neither'),
    ("p: a*b + 1", "p: a*exq(b)", 'did you mean "exp"?'),
    ("p: a*b + 1", "p: a*(b + 1", "4:16: found an expression that does not read"),
    ("p: a*b + 1", "p: a*b + q", '4:14: found "q" before it is made, expected what stands above it: a, b'),
    ("p: a*b + 1", "p: a*b + p", '4:14: found "p" made from itself'),
    ("p: a*b + 1", "p: a*b + q", "a circuit has no cycle"),
    ("q: p**2", "q: a*b", '4:5: found the step "p", used nowhere, expected one that leads to the output q'),
    ("b: -3", "b: -3, c: 1", '2:25: found the input "c", used nowhere'),
    ("b: -3", "b: 2, a: 1", '2:24: found the key "a" a second time'),
    ("q: p**2", "a: p**2", '5:8: found the name "a" a second time'),
    ("output: q", "output: r", '6:11: found the output "r", expected one of the steps: p, q'),
    ("output: q", "output: qq", 'did you mean "q"?'),
    ("b: -3", "b: -3, exp: 1", '2:25: found the name "exp", expected a name that no function has'),
    ("b: -3", "b: -3, pi: 1", '2:25: found the name "pi"'),
    ("b: -3", 'b: -3, "a b": 1', '2:25: found the name "a b", expected a letter or a short word'),
    ("b: -3", "b: -3, da: 1", '2:25: found the name "da", expected another name: this is how the derivative by a'),
    ("b: -3", "b: x", '2:21: found "x", expected a number'),
    ("p: a*b + 1", "p: log(b) + a", "4:8: found the logarithm of -3 in p, expected numbers for which"),
    ("p: a*b + 1", "p: a/(b + 3)", "4:8: found a division by 0 in p"),
    ("p: a*b + 1", "p: sqrt(b) + a", "4:8: found the root of -3 in p"),
    ("p: a*b + 1", "p: sqrt(b + 3) + a", "4:8: found the root of 0, where it has no slope in p"),
    ("p: a*b + 1", "p: exp(1000*a) + b", "4:8: found a number too large to be shown in p"),
    ("q: p**2", "q: 1/(p + 5)", "5:8: found a division by 0 in q"),
    ("p: a*b + 1", "p: 2 + 1", "4:8: found a step that uses nothing"),
    ("  output: q", "  formula: a*b", "found both steps and formula, expected one of them"),
    ("output: q", "split: gate", 'found "gate", expected a way to split: gates, none'),
    ("  steps:\n    p: a*b + 1\n    q: p**2\n", "", 'found neither "steps" nor "formula"'),
    ("inputs: {a: 2, b: -3}", "inputs: {}", "2:11: found an empty mapping, expected a name and a number"),
    ("p: a*b + 1\n    q: p**2", "p: a*b\n    p_: p + 1\n    q: p_", "found the name"),
    ("p: a*b + 1\n    q: p**2", "p1: a*b\n    p_1: p1 + 1\n    q: p_1", 'found the names "p1" and "p_1"'),
]


@pytest.mark.parametrize(("old", "new", "message"), MISTAKES)
def test_a_mistake_is_told_where_it_stands(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in GOOD
    problems = told(tmp_path, GOOD.replace(old, new))
    assert any(message in problem for problem in problems), problems


def test_a_name_that_looks_like_eulers_number(tmp_path: Path) -> None:
    text = "circuit:\n  inputs: {e: 2}\n  formula: exp(e)\n"
    assert any('found the name "e" beside exp' in problem for problem in told(tmp_path, text))


def test_a_formula_is_told_at_its_character(tmp_path: Path) -> None:
    (problem,) = told(tmp_path, "circuit:\n  inputs: {a: 2}\n  formula: (a + 1)*c\n")
    assert problem.startswith('3:20: found an expression that does not read ("c" is neither')


def test_nothing_is_written_and_no_traceback_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "c.yaml"
    path.write_text(GOOD.replace("p**2", "log(p)"), encoding="utf-8")
    assert main(["solve", str(path), "-o", str(tmp_path / "out")]) == 2
    said = capsys.readouterr().err
    assert "5:8: found the logarithm of -5 in q" in said
    assert "Traceback" not in said
    assert not (tmp_path / "out").exists()


def test_the_good_one_is_good(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text(GOOD, encoding="utf-8")
    assert chalkgrad.solve(path)["q"].value == 25


@pytest.mark.parametrize(
    ("language", "said"), [("es", "una división por 0 en q"), ("pt_BR", "uma divisão por 0 em q")]
)
def test_mistakes_are_told_in_the_language_of_the_spec(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str, said: str
) -> None:
    path = tmp_path / "c.yaml"
    path.write_text(GOOD.replace("p**2", "1/(p + 5)") + f"show: {{language: {language}}}\n", encoding="utf-8")
    assert main(["solve", str(path), "-o", str(tmp_path / "out")]) == 2
    assert said in capsys.readouterr().err
