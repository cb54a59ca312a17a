"""In every kind of lesson, every id can stand in a condition, and means the number that the page tells."""

from __future__ import annotations

import math

import pytest

from chalkgrad import solve
from chalkgrad.errors import Place
from chalkgrad.evaluation.rounding import Digits
from chalkgrad.exam.conditions.conditions import Conditions
from chalkgrad.exam.structure import is_given
from chalkgrad.spec.conditions import Switches
from chalkgrad.spec.exam import Where

LESSONS = """
mazur circuit circuit_max perceptron_or adaline_batch logistic_neuron batch mini_batches adam softmax leaky newton
matrices
""".split()
SOME = 25


@pytest.mark.parametrize("name", LESSONS)
def test_ids_mean_the_numbers_of_the_page(name):
    example = solve(name)
    ids = [id for id in example.ids() if "~" not in id]
    chosen = ids[:: max(1, len(ids) // SOME)]
    where = []
    for id in chosen:
        value = example[id].value
        if math.isfinite(value) and abs(value) < 1e9:
            where.append(Where(f"abs({id} - ({value:.15f})) <= 0.000001*max(1, abs({id}))", Place(id)))
    answers = [at for id in chosen if not is_given(example, at := example.at(id))][:6]
    conditions = Conditions(example, where, Switches(), answers, Digits(decimals=4))
    verdicts = conditions.verdicts({})
    assert [one.text for one in where if not verdicts[one.text][0]] == []
    assert len(where) > 5
    assert all(verdict.shape == (1,) for verdict in verdicts.values())


def test_there_is_a_lesson_of_each_kind():
    assert len({type(solve(name).spec.lesson) for name in LESSONS}) >= 4
