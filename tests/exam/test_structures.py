"""The shapes of exercises: what is filled in is the same page that a spec with these numbers has."""

from __future__ import annotations

import numpy as np
import pytest
import yaml

import chalkgrad
from chalkgrad import resources
from chalkgrad.derivation.ids import id_of
from chalkgrad.example import Example
from chalkgrad.pipeline import exam

EXAMS = [name for name in resources.exam_names() if name != "final"]


def some_picks(sizes, count, seed):
    generator = np.random.default_rng(seed)
    return np.stack([generator.integers(0, size, count) for size in sizes], axis=1)


def alone(exercise, row):
    """The page's numbers of one paper, solved as a spec of its own."""
    spec, _ = exercise.spec.read(list(map(int, row)))
    return Example(spec)


@pytest.mark.parametrize("name", EXAMS)
def test_what_is_filled_in_is_what_is_solved_alone(name):
    (exercise,) = exam(name).exercises
    picks = some_picks(exercise.sizes, 4, 7)
    seen = 0
    for structure, rows in exercise.shapes(picks):
        columns = structure.columns(picks[rows])
        papers = [
            {id_of(structure.example.derivation, at): column.values()[i] for at, column in columns.items()}
            for i in range(len(rows))
        ]
        for row, page in zip(rows, structure.example.fill("md", papers), strict=True):
            own = alone(exercise, picks[row])
            # a page filled in has no pictures beside it, nor has a page by itself
            assert page == own.to_markdown()
            seen += 1
    assert seen == len(picks)


def test_a_draw_of_an_activation_gives_shapes():
    (exercise,) = exam("rectifier").exercises
    assert exercise.structural == (0, 1)
    picks = some_picks(exercise.sizes, 40, 1)
    shapes = exercise.shapes(picks)
    assert len(shapes) == 9
    assert sorted(row for _, rows in shapes for row in rows) == list(range(40))
    names = {structure.example.network.layers[0].activation.name for structure, _ in shapes}
    assert names == {"relu", "leaky_relu", "tanh"}


def test_a_draw_stands_for_a_matrix_of_draws():
    (exercise,) = exam("rectifier").exercises
    spec, _ = exercise.spec.read([0] * len(exercise.sizes))
    first = spec.lesson.network.layers[0]
    assert (len(first.weights), len(first.weights[0]), len(first.bias)) == (3, 2, 3)


def test_questions_know_what_their_stars_mean():
    (exercise,) = exam("rectifier").exercises
    structure = exercise.structure([0] * len(exercise.sizes))
    table, cost, weight = structure.questions
    assert table.ids == ("z1[1]", "z1[2]", "z1[3]", "a1[1]", "a1[2]", "a1[3]")
    assert sum(table.points) == 4
    assert (cost.label, weight.label) == ("b", "c")
    assert weight.ids == ("dJ/dW1[1,1]",)


NUMBERS = """\
network:
  layers:
    - units: 2
      activation: {name: leaky_relu, alpha: {draw: choice, from: [0.1, 0.25]}}
      weights: {draw: permutation, of: [[1, 2], [3, 4]]}
      bias: {shared: {draw: integer, low: 0, high: 2}}
    - {units: 1, activation: identity, weights: [[1, -1]]}
  loss: half_squared_error
data: {x: [[1, 1]], y: [[0]]}
train: {optimizer: {name: momentum, beta: {draw: choice, from: [0.5, 0.9]}, learning_rate: 0.1},
        steps: {draw: integer, low: 1, high: 2}}
exam: {seed: hush, variants: 2, ask: [J]}
"""


def test_numbers_of_every_kind_can_be_drawn():
    (exercise,) = exam(yaml.safe_load(NUMBERS)).exercises
    assert exercise.sizes == (2, 2, 3, 2, 2)
    assert exercise.structural == (4,)  # how many steps there are shapes the page
    structure = exercise.structure([0] * 5)
    varied = {v.at.id(1): v.table for v in structure.varied}
    assert varied["W1[2,1]"] == (3, 1)
    assert varied["b1"] == (0, 1, 2)
    assert sorted(set(varied) - {"b1"}) == ["W1[1,1]", "W1[1,2]", "W1[2,1]", "W1[2,2]", "alpha1", "beta"]


def test_an_exam_can_be_read_from_data():
    spec = yaml.safe_load(resources.exam("gates").read_text("utf-8"))
    (exercise,) = chalkgrad.pipeline.exam(spec).exercises
    assert exercise.sizes == (8, 8, 8)
