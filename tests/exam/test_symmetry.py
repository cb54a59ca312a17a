"""One of all papers that differ in the order of hidden units: compared with writing out every order."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from itertools import permutations, product

import numpy as np
import pytest

from chalkgrad import resources
from chalkgrad.evaluation.columns import Column
from chalkgrad.exam.drawing import CANONICAL_ORDER, Drawing
from chalkgrad.exam.exercise import Exercise
from chalkgrad.exam.parameters import Slot
from chalkgrad.exam.seeding import Secret
from chalkgrad.exam.symmetry import Symmetry
from chalkgrad.quantities import At, Quantity, Role
from chalkgrad.spec.exam import read_exam

SECRET = Secret(bytes(32))


def choice(*values):
    return {"draw": "choice", "from": list(values)}


def network(*layers, inputs=2):
    """A spec: its layers as (weights, bias), or (weights, bias, activation)."""
    return {
        "exam": {"seed": "s", "variants": 1, "ask": ["J"]},
        "network": {
            "layers": [
                {
                    "units": units,
                    "activation": activation[0] if activation else "sigmoid",
                    "weights": weights,
                    "bias": bias,
                }
                for units, weights, bias, *activation in layers
            ],
            "loss": "half_squared_error",
        },
        "data": {"x": [[1, 2][:inputs]], "y": [[1] * layers[-1][0]]},
    }


AB = choice(1, 2)
ABC = choice(1, 2, 3)

SPECS = {
    "all alike": network((2, [[ABC, AB], [ABC, AB]], [AB, AB]), (1, [[AB, AB]], [0])),
    "three units": network((3, [[AB], [AB], [AB]], [AB, AB, AB]), (1, [[AB, AB, AB]], [0]), inputs=1),
    "two outputs": network((2, [[AB], [AB]], "none"), (2, [[AB, AB], [ABC, ABC]], [0, 1]), inputs=1),
    "only what leads out is drawn": network((2, [[1, 2], [1, 2]], [0, 0]), (1, [[ABC, ABC]], [0])),
    "what leads out differs": network((2, [[ABC, AB], [ABC, AB]], [AB, AB]), (1, [[3, 4]], [0])),
    "one unit is given": network((3, [[1, 2], [AB, AB], [AB, AB]], [0, 0, 0]), (1, [[AB, AB, AB]], [0])),
    "values overlap": network((2, [[AB, AB], [choice(2, 3), AB]], [0, 0]), (1, [[AB, AB]], [0])),
    "values overlap in a ring": network(
        (3, [[choice(1, 2)], [choice(2, 3)], [choice(3, 1)]], [0, 0, 0]), (1, [[1, 1, 1]], [0]), inputs=1
    ),
    "written in other orders": network(
        (2, [[choice(1, 2)], [choice(2, 1)]], [AB, AB]), (1, [[1, 1]], [0]), inputs=1
    ),
    "a shared bias": network((2, [[AB], [AB]], {"shared": ABC}), (1, [[AB, AB]], [0]), inputs=1),
    "rows drawn as wholes": network(
        (2, [choice([1, 2], [2, 3], [1, 3]), choice([1, 3], [2, 3], [1, 2])], [0, 0]), (1, [[AB, AB]], [0])
    ),
    "a matrix drawn as a whole": network(
        (2, choice([[1, 2], [3, 4]], [[3, 4], [1, 2]], [[3, 4], [3, 4]], [[5, 6], [1, 2]]), [0, 0]),
        (1, [[AB, AB]], [0]),
    ),
    "rows in an order": network(
        (3, {"draw": "permutation", "of": [[1], [2], [3]]}, [AB, AB, AB]), (1, [[1, 1, 1]], [0]), inputs=1
    ),
    "a row in an order": network(
        (2, [{"draw": "permutation", "of": [1, 2, 3][:2]}, {"draw": "permutation", "of": [1, 2]}], [AB, AB]),
        (1, [[AB, 1]], [0]),
    ),
    "two hidden layers": network(
        (2, [[AB], [AB]], "none"), (2, [[AB, AB], [AB, AB]], [AB, AB]), (1, [[AB, AB]], [0]), inputs=1
    ),
    "two hidden layers, of which one can move": network(
        (2, [[1], [2]], [0, 0]), (2, [[AB, AB], [AB, AB]], [0, 0]), (1, [[AB, AB]], [0]), inputs=1
    ),
    "two hidden layers that are level": network(
        (2, [[1], [1]], [0, 0]), (2, [[ABC, ABC], [ABC, ABC]], [0, 0]), (1, [[1, 1]], [0]), inputs=1
    ),
    "two hidden layers, mixed": network(
        (2, [[AB], [choice(2, 3)]], [0, 0]),
        (2, [[AB, AB], [AB, choice(1, 3)]], [0, 0]),
        (1, [[1, AB]], [0]),
        inputs=1,
    ),
}


def drawn(spec) -> Exercise:
    """The exercise of a spec, whatever its conditions would say."""
    return Exercise(read_exam(spec).exercises[0], None, "typst")


def matrices(net, numbers):
    """Each layer's weights and biases, as plain tuples."""
    found = []
    for layer in net.layers:
        rows = tuple(tuple(numbers[w] for w in row) for row in layer.weights())
        biases = tuple(numbers[b] for j in range(1, layer.units + 1) if (b := layer.bias_of(j)) is not None)
        found.append((rows, biases, layer.bias == "unit"))
    return tuple(found)


def orders(layers):
    """The same network with its hidden units in every order, with NumPy's indexing alone."""
    for moves in product(*(permutations(range(len(rows))) for rows, _, _ in layers[:-1])):
        arrays = [np.array(rows, dtype=object) for rows, _, _ in layers]
        biases = [b for _, b, _ in layers]
        for i, move in enumerate(moves):
            arrays[i] = arrays[i][list(move)]
            if layers[i][2]:
                biases[i] = tuple(biases[i][j] for j in move)
            arrays[i + 1] = arrays[i + 1][:, list(move)]
        yield tuple(
            (tuple(map(tuple, a.tolist())), b, own)
            for a, b, (_, _, own) in zip(arrays, biases, layers, strict=True)
        )


def every(spec):
    """All candidates of a spec: their picks, their matrices, and which are in canonical order."""
    exercise = drawn(spec)
    picks = np.array(list(product(*map(range, exercise.sizes))))
    ((structure, _),) = exercise.shapes(picks)
    symmetry = Symmetry(structure.example.network, [Slot(v.at, v.table, v.draw) for v in structure.varied])
    columns = structure.columns(picks)
    given = {q: values[0] for q, values in structure.example.network.given.items()}
    values = {at.quantity: column.values() for at, column in columns.items()}
    networks = [
        matrices(structure.example.network, {**given, **{q: column[i] for q, column in values.items()}})
        for i in range(len(picks))
    ]
    return picks, networks, symmetry.holds(columns, len(picks)), symmetry


@pytest.mark.parametrize("name", SPECS)
def test_of_all_orders_that_can_be_drawn_one_is_let_through(name):
    _, networks, held, _ = every(SPECS[name])
    drawable = set(networks)
    assert len(drawable) == len(networks)
    through = defaultdict(set)
    for one, through_it in zip(networks, held, strict=True):
        orbit = frozenset(other for other in orders(one) if other in drawable)
        through[orbit] |= {one} if through_it else set()
    assert {len(ones) for ones in through.values()} == {1}


@pytest.mark.parametrize("name", SPECS)
def test_draws_said_to_ascend_do(name):
    picks, _, held, symmetry = every(SPECS[name])
    for draws in symmetry.ascending:
        assert (np.diff(picks[held][:, list(draws)], axis=1) >= 0).all()


def test_orders_of_things_that_are_the_same_are_drawn_once():
    spec = network((2, [[1, 2], [3, 4]], [0, 0]), (1, [[1, 1]], [0]))
    spec["data"]["x"] = [{"draw": "permutation", "of": ["0.5", "1/2"]}]
    spec["network"]["layers"][1]["weights"] = [{"draw": "permutation", "of": [1, "1.0"]}]
    assert drawn(spec).sizes == (1, 1)


def test_draws_ascend_where_units_are_alike():
    *_, symmetry = every(SPECS["all alike"])
    assert symmetry.ascending == ((0, 2),)
    slots = [slot for slot in symmetry.parameters.slots if slot.draw is not None]
    network = symmetry.parameters.network
    assert Symmetry(network, slots, weighted=[2]).ascending == ()
    # the weights of both units that have most values are weighted: others are compared first
    assert Symmetry(network, slots, weighted=[0, 2]).ascending == ((1, 3),)
    assert Symmetry(network, slots, weighted=range(6)).ascending == ()


@pytest.mark.parametrize("name", SPECS)
def test_a_space_has_every_paper_that_is_let_through(name):
    """With the draws that ascend drawn together, no paper is lost and none comes twice."""
    picks, _, held, _ = every(SPECS[name])
    exercise = drawn(SPECS[name])
    drawing = Drawing(exercise, SECRET, lambda _: lambda columns, count: {})
    chosen = drawing.chooser.chosen(range(1, drawing.chooser.capacity + 1)).picks
    assert sorted(map(tuple, chosen.tolist())) == sorted(map(tuple, picks[held].tolist()))


def test_the_order_may_be_left_open():
    exercise = drawn(SPECS["all alike"])
    closed, opened = (
        Drawing(exercise, SECRET, lambda _: lambda columns, count: {}, canonical=canonical)
        for canonical in (True, False)
    )
    assert opened.chooser.capacity == np.prod(exercise.sizes)
    assert closed.chooser.capacity < opened.chooser.capacity
    assert CANONICAL_ORDER in closed.verdicts(np.zeros((1, len(exercise.sizes)), np.intp))
    assert CANONICAL_ORDER not in opened.verdicts(np.zeros((1, len(exercise.sizes)), np.intp))


@pytest.mark.parametrize("name", ["gates", "perceptron"])
def test_other_lessons_have_no_units_to_exchange(name):
    exercise = drawn(resources.exam(name))
    drawing = Drawing(exercise, SECRET, lambda _: lambda columns, count: {})
    assert drawing.chooser.capacity == drawing.space.points == np.prod(exercise.sizes)


def test_many_hidden_units_leave_papers():
    """Of eight units, one order in 40,320 is let through: they are drawn in order, not by trying."""
    uniform = {"draw": "uniform", "low": -1, "high": 1, "step": "0.1"}
    spec = network((8, uniform, uniform), (1, [[1, 2, 3, 4, 5, 6, 7, 8]], [0]))
    spec["network"]["layers"][1]["weights"] = {**uniform, "shape": [1, 8]}
    exercise = drawn(spec)
    drawing = Drawing(exercise, SECRET, lambda _: lambda columns, count: {})
    chosen = drawing.chooser.chosen(range(1, 501))
    assert len(np.unique(chosen.picks, axis=0)) == 500
    assert chosen.tally.drawn.mean() < 5


def test_what_cannot_be_judged_for_its_size_is_not_let_through():
    """Nine units with overlapping values: too many orders to look at, so nothing that might be there twice."""
    spec = network((9, [[choice(i, i + 1)] for i in range(9)], [0] * 9), (1, [[1] * 9], [0]), inputs=1)
    exercise = drawn(spec)
    ((structure, _),) = exercise.shapes(np.zeros((1, 9), np.intp))
    symmetry = Symmetry(structure.example.network, [Slot(v.at, v.table, v.draw) for v in structure.varied])
    assert not symmetry.holds(structure.columns(np.zeros((3, 9), np.intp)), 3).any()


def test_values_are_compared_and_not_places_in_a_list():
    """The same value is found in another place of another draw's list."""
    exercise = drawn(SPECS["written in other orders"])
    ((structure, _),) = exercise.shapes(np.zeros((1, 4), np.intp))
    symmetry = Symmetry(structure.example.network, [Slot(v.at, v.table, v.draw) for v in structure.varied])
    one, two = Fraction(1), Fraction(2)

    def held(first, second, biases):
        weights = [At(Quantity(Role.WEIGHT, 1, (j, 1))) for j in (1, 2)]
        ats = [*weights, *(At(Quantity(Role.BIAS, 1, (j,))) for j in (1, 2))]
        tables = [(one, two), (two, one), (one, two), (one, two)]
        picks = [tables[i].index(value) for i, value in enumerate((first, second, *biases))]
        return symmetry.holds(
            {at: Column(t, np.array([p])) for at, t, p in zip(ats, tables, picks, strict=True)}, 1
        )[0]

    assert held(one, two, (two, one)) != held(two, one, (one, two))
    assert held(one, one, (two, two))
