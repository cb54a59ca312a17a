"""What is wrong with a surface is told with line, column, what was expected and a way out."""

from __future__ import annotations

import pytest

from chalkgrad import SpecError, resources
from chalkgrad.spec.judge import read_spec

SPEC = """\
network:
  layers:
    - {units: 2, activation: tanh, weights: [[0.1, -0.2], [0.3, 0.4]], bias: [0.1, -0.1]}
    - {units: 1, activation: sigmoid, weights: [[0.5, -0.6]], bias: {shared: 0.2}}
  loss: half_squared_error
data: {x: [[1, 0.5]], y: [[0.75]]}
show:
  surface: SURFACE
"""


@pytest.mark.parametrize(
    ("surface", "column", "found", "expected", "hint"),
    [
        ("W1", 12, '"W1"', 'a list of two parameters, such as ["W1[1,1]", "W1[1,2]"]', ""),
        ('["W1[1,1]"]', 12, "a list of 1", "a list of two parameters", ""),
        ('["W1[1,1]", "W1[1,2]", "b2"]', 12, "3 parameters", "two: one an axis", ""),
        ('["W1[1,1]", "W1[1,3]"]', 24, '"W1[1,3]"', "a parameter: W1[1,1], W1[1,2]", 'did you mean "W1[1,'),
        ('["W1[1,1]", "w1[1,2]"]', 24, '"w1[1,2]"', "a parameter: ", 'did you mean "W1[1,2]"'),
        ('["b1[2]", "b2[1]"]', 22, '"b2[1]"', "a parameter: ", 'did you mean "b'),
        ('["b2", "b2"]', 19, "b2 a second time", "two different parameters", ""),
        ('{of: ["b2", "W1[1,1]"], from: [1, 0], to: [1, 2]}', 55, "an axis from 1 to 1", "ends above", ""),
        ('{of: ["b2", "W1[1,1]"], from: [1, 0, 2]}', 42, "3 numbers", "two: one an axis", ""),
        ('{of: ["b2", "W1[1,1]"], from: 1}', 42, "1", "a list of two numbers", ""),
        ("{from: [1, 2]}", 12, "", "of", ""),
    ],
)
def test_a_mistake_is_told(surface: str, column: int, found: str, expected: str, hint: str, tmp_path) -> None:
    path = tmp_path / "spec.yaml"
    path.write_text(SPEC.replace("SURFACE", surface), "utf-8")
    with pytest.raises(SpecError) as caught:
        read_spec(path)
    (problem,) = caught.value.problems
    assert (problem.place.line, problem.place.column) == (8, column)
    assert found in str(problem.found)
    assert expected in str(problem.expected)
    assert hint in str(problem.hint)


@pytest.mark.parametrize("kind", ["circuit", "matrices"])
def test_what_has_no_cost_over_parameters_has_no_surface(kind: str) -> None:
    with pytest.raises(SpecError) as caught:
        read_spec(resources.example(kind), surface=["W1[1,1]", "W1[1,2]"])
    assert 'the key "surface"' in str(caught.value)


def test_a_surface_is_read_in_both_shapes(tmp_path) -> None:
    path = tmp_path / "spec.yaml"
    path.write_text(SPEC.replace("SURFACE", '["W2[1,2]", "b2"]'), "utf-8")
    plain = read_spec(path).show.surface
    assert plain is not None
    assert (plain.of, plain.low, plain.high) == (("W2[1,2]", "b2"), None, None)
    path.write_text(SPEC.replace("SURFACE", '{of: ["W2[1,2]", "b2"], from: [-1, 0.5], to: [1/3, 2]}'), "utf-8")
    given = read_spec(path).show.surface
    assert given is not None
    assert [float(n) for n in (*(given.low or ()), *(given.high or ()))] == [-1, 0.5, pytest.approx(1 / 3), 2]
