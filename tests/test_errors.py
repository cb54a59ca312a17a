"""What chalkgrad says when it cannot go on: one tree of exceptions, problems as data, one place for words."""

from __future__ import annotations

import copy
import pickle
import re

import pytest

import chalkgrad
from chalkgrad import errors
from chalkgrad.errors import (
    ChalkgradError,
    FormulaError,
    OutputError,
    Place,
    Problem,
    SpecError,
    UnknownId,
    did_you_mean,
    nearest,
)


def descendants(cls: type) -> set[type]:
    return {cls} | {d for child in cls.__subclasses__() for d in descendants(child)}


def test_the_docstring_draws_the_whole_tree():
    drawn = re.findall(r"^    (?:[├└]── )?([A-Z]\w+)", errors.__doc__ or "", re.MULTILINE)
    raised = {cls.__name__ for cls in descendants(ChalkgradError) if cls.__module__ == "chalkgrad.errors"}
    assert set(drawn) == raised
    assert len(drawn) == len(set(drawn))


def test_every_error_of_the_package_stands_in_the_tree():
    assert {cls.__module__ for cls in descendants(ChalkgradError)} == {"chalkgrad.errors"}


def test_the_public_names_are_there():
    assert sorted(chalkgrad.__all__) == sorted(set(chalkgrad.__all__))
    for name in chalkgrad.__all__:
        assert getattr(chalkgrad, name) is not None
    assert {"ChalkgradError", "SpecError", "UnknownId", "OutputError"} <= set(chalkgrad.__all__)


def test_an_unknown_id_is_a_key_error_too():
    assert issubclass(UnknownId, KeyError)
    assert str(UnknownId("no such number")) == "no such number", "KeyError alone would quote it"


HERE = Place("net.yaml", 5, 12)


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (HERE, "net.yaml:5:12"),
        (Place("net.yaml"), "net.yaml"),
        (Place("<spec>", path="network.loss"), "<spec>: network.loss"),
    ],
)
def test_a_place(place, text):
    assert str(place) == text


def test_a_problem():
    assert str(Problem(HERE, '"a"', '"b"')) == 'net.yaml:5:12: found "a", expected "b"'
    assert str(Problem(HERE, '"a"', '"b"', "try c")) == 'net.yaml:5:12: found "a", expected "b"; try c'


def test_problems_are_told_once_in_the_order_of_their_places():
    late = Problem(Place("net.yaml", 10, 2), "x", "y")
    early = Problem(Place("net.yaml", 9, 30), "x", "y")
    error = SpecError([late, early, late])
    assert error.problems == (early, late)
    assert str(error) == f"{early}\n{late}"


def test_problems_with_and_without_a_line_stand_side_by_side():
    error = SpecError(
        [
            Problem(Place("a", 3, 1), "x", "y"),
            Problem(Place("a"), "x", "y"),
            Problem(Place("a", path="p"), "x", "y"),
        ]
    )
    assert len(error.problems) == 3


@pytest.mark.parametrize(
    "error",
    [
        SpecError([Problem(HERE, "a", "b", "c"), Problem(Place("net.yaml", 6, 1), "d", "e")]),
        FormulaError("found nothing", 7),
        UnknownId("no such number"),
        OutputError("cannot write"),
    ],
    ids=lambda e: type(e).__name__,
)
def test_an_error_survives_the_way_between_processes(error):
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert type(again) is type(error)
        assert str(again) == str(error)
        assert vars(again) == vars(error)


WORDS = ["sigmoid", "tanh", "softmax", "mean_squared_error", "W1", "W2"]


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("sigmiod", "sigmoid"),
        ("SIGMOID", "sigmoid"),
        ("tahn", "tanh"),
        ("mean_square_error", "mean_squared_error"),
        ("w2", "W2"),
    ],
)
def test_the_nearest_word(word, meant):
    assert nearest(word, WORDS) == meant
    assert did_you_mean(word, WORDS) == f'did you mean "{meant}"?'


@pytest.mark.parametrize("word", ["", "quartz", "x", "🙂"])
def test_where_nothing_is_near_nothing_is_said(word):
    assert nearest(word, WORDS) == did_you_mean(word, WORDS) == ""
    assert nearest(word, []) == ""
