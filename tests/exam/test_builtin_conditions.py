"""What every exam holds its numbers to: decided as one would by hand, in fractions or to fifty digits."""

from __future__ import annotations

import itertools
import math
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import mpmath
import numpy as np
import pytest

from chalkgrad import solve
from chalkgrad.catalogue.conditions import BY_NAME, CONDITIONS
from chalkgrad.errors import Place
from chalkgrad.evaluation.alone import Alone
from chalkgrad.evaluation.columns import Column
from chalkgrad.evaluation.rounding import Digits
from chalkgrad.exam.conditions.builtin import BUILT_IN
from chalkgrad.exam.conditions.conditions import Conditions
from chalkgrad.exam.drawing import CANONICAL_ORDER
from chalkgrad.spec.conditions import Switches
from chalkgrad.spec.exam import Where

TENTHS = tuple(Fraction(n, 10) for n in range(-10, 11))


def network(activations, *, inputs=2, units=2, samples=1, loss="half_squared_error", **more):
    """A network of the activations' layers, `units` wide but for the last."""
    widths = [inputs, *[units] * (len(activations) - 1), 1]
    layers = [
        {
            "units": here,
            "activation": activation,
            "weights": [[Fraction(3 * j + k + 1, 10) for k in range(before)] for j in range(here)],
            "bias": [Fraction(j + 1, 20) for j in range(here)],
        }
        for activation, before, here in zip(activations, widths, widths[1:], strict=False)
    ]
    data = {"x": [[k + 1 - n for k in range(inputs)] for n in range(samples)], "y": [[1]] * samples}
    spec = {"network": {"layers": layers, "loss": loss}, "data": data, "show": {"decimals": 4}, **more}
    return solve(spec)


def verdicts(example, asked, columns=None, *, work=4, where=(), **switches):
    """What each condition says of some candidates; columns by id."""
    off = frozenset(name for name, value in switches.items() if value is False)
    bounds = {name: Fraction(str(value)) for name, value in switches.items() if value is not False}
    given = {example.at(id): column for id, column in (columns or {}).items()}
    ats = [example.at(id) for id in asked]
    written = [Where(text, Place("x")) for text in where]
    conditions = Conditions(example, written, Switches(off, bounds), ats, Digits(decimals=work))
    found = conditions.verdicts(given)
    _agree_one_by_one(conditions, given, found)
    return {name: verdict.tolist() for name, verdict in found.items()}


def _agree_one_by_one(conditions, columns, found, most=25):
    """The same of some candidates each by itself, in fractions and balls of FLINT's."""
    program = conditions.example.program
    makers = {instruction.register: instruction for instruction in conditions._screening.instructions}
    makers |= conditions._makers
    for row in range(min(most, len(next(iter(columns.values())).picks) if columns else 1)):
        drawn = {program.register(at): column.table[column.picks[row]] for at, column in columns.items()}
        one = Alone({**program.given, **drawn}, makers)
        alone = {name: truth.alone(one) is True for name, truth in conditions.truths.items()}
        for name, holds in alone.items():
            # what is open stays so where another condition rejects the candidate
            rejected = not all(found[other][row] for other in found if other != name)
            assert holds == found[name][row] or (rejected and found[name][row]), (name, row)
        assert all(alone.values()) == all(verdict[row] for verdict in found.values())


def random_columns(ids, count=400, table=TENTHS, seed=0):
    rng = np.random.default_rng(seed)
    return {id: Column(table, rng.integers(0, len(table), count)) for id in ids}


def rows(columns):
    return [
        dict(zip(columns, row, strict=True)) for row in zip(*(c.values() for c in columns.values()), strict=True)
    ]


WEIGHTS = ["W1[1,1]", "W1[1,2]", "W1[2,1]", "W1[2,2]", "b1[1]", "b1[2]"]


def test_every_row_of_the_catalogue_is_decided():
    # what is offered, and what other papers there are, is no matter of an example's numbers
    elsewhere = ["distractors", CANONICAL_ORDER]
    assert [*BUILT_IN, *elsewhere] == [row.name for row in CONDITIONS] == list(BY_NAME)


# --- dead units, kinks, saturation -----------------------------------------------------------------------------


def z(row, unit, x=(1, 2)):
    return row[f"W1[{unit},1]"] * x[0] + row[f"W1[{unit},2]"] * x[1] + row[f"b1[{unit}]"]


def test_a_dead_unit_on_the_way_is_found_and_no_other():
    example = network(["relu", "identity"])
    columns = random_columns(WEIGHTS)
    found = verdicts(example, ["dJ/dW1[1,2]"], columns, kink=False)["dead_relu"]
    assert found == [z(row, 1) > 0 for row in rows(columns)]
    assert 100 < sum(found) < 300
    both = verdicts(example, ["dJ/dW1[1,2]", "delta1[2]"], columns)["dead_relu"]
    assert both == [z(row, 1) > 0 and z(row, 2) > 0 for row in rows(columns)]


def test_a_unit_is_dead_where_it_is_so_for_every_sample():
    example = network(["relu", "identity"], samples=2)  # x = (1, 2) and (0, 1)
    columns = random_columns(WEIGHTS)
    found = verdicts(example, ["dJ/dW1[1,2]"], columns)["dead_relu"]
    assert found == [z(row, 1) > 0 or z(row, 1, (0, 1)) > 0 for row in rows(columns)]
    one = verdicts(example, ["dJ/dW1[1,2]@2"], columns)["dead_relu"]
    assert one == [z(row, 1, (0, 1)) > 0 for row in rows(columns)]


def test_a_kink_is_told_where_a_derivative_is_taken():
    example = network(["relu", "identity"])
    columns = random_columns(WEIGHTS, 2000)
    exact = verdicts(example, ["dJ/dW1[1,2]"], columns, kink="0.000001")["kink"]
    assert exact == [z(row, 1) != 0 for row in rows(columns)]
    assert 10 < exact.count(False) < 200
    near = verdicts(example, ["dJ/dW1[1,2]"], columns, kink="0.2")["kink"]
    assert near == [abs(z(row, 1)) >= Fraction(1, 5) for row in rows(columns)]


@pytest.mark.parametrize("activation", ["leaky_relu", {"name": "elu"}, {"formula": "max(z, 0.1*z)"}])
def test_leaky_units_have_kinks_and_do_not_die(activation):
    example = network([activation, "identity"])
    columns = random_columns(WEIGHTS)
    found = verdicts(example, ["dJ/dW1[1,2]"], columns)
    assert all(found.get("dead_relu", [True]))
    assert all(k or abs(z(row, 1)) < Fraction(1, 50) for k, row in zip(found["kink"], rows(columns), strict=True))
    assert not all(found["kink"])


def test_without_derivatives_there_is_neither():
    example = network(["relu", "relu"])
    assert not {"dead_relu", "kink"} & set(verdicts(example, ["a2[1]"]))
    assert not {"dead_relu", "kink"} & set(verdicts(network(["sigmoid", "identity"]), ["dJ/dW1[1,1]"]))


def test_behind_irrational_numbers_units_die_too():
    example = network(["sigmoid", "relu", "identity"])
    ids = ["W2[1,1]", "W2[1,2]", "b2[1]"]
    columns = random_columns(ids, 200)
    found = verdicts(example, ["dJ/dW2[1,1]"], columns)["dead_relu"]
    a1, a2 = example["a1[1]"].value, example["a1[2]"].value
    assert found == [row["W2[1,1]"] * a1 + row["W2[1,2]"] * a2 + row["b2[1]"] > 0 for row in rows(columns)]


@pytest.mark.parametrize(
    "activation", ["sigmoid", "tanh", "arctan", {"formula": "exp(-z**2)"}, {"formula": "erf(z)"}]
)
def test_what_is_flat_on_both_sides_saturates(activation):
    example = network([activation, "identity"])
    columns = {"x[1]": Column.of([Fraction(n) for n in range(-60, 60)])}
    found = verdicts(example, ["a1[1]"], columns)["saturation"]
    sums = [Fraction(1, 10) * row["x[1]"] + Fraction(1, 5) * 2 + Fraction(1, 20) for row in rows(columns)]
    assert found == [abs(value) < 4 for value in sums]
    wider = verdicts(example, ["a1[1]"], columns, saturation="5.5")["saturation"]
    assert wider == [abs(value) < Fraction(11, 2) for value in sums]
    assert "saturation" not in verdicts(example, ["a1[1]"], columns, saturation=False)
    assert "saturation" not in verdicts(example, ["z1[1]"], columns), "its activation is not asked for"


@pytest.mark.parametrize("activation", ["relu", "identity", "softplus", "silu", "gelu", "leaky_relu"])
def test_what_goes_on_for_ever_does_not(activation):
    assert "saturation" not in verdicts(network([activation, "identity"]), ["a1[1]"])


def test_gates_saturate_too():
    steps = {"u": "a*b", "v": "tanh(u)", "w": "1/(b*b + 1)", "x": "v*w"}
    example = solve({"circuit": {"inputs": {"a": 1, "b": 1}, "steps": steps, "output": "x"}})
    columns = {"a": Column.of([Fraction(n) for n in range(-9, 10)])}
    found = verdicts(example, ["dx/da"], columns, lost_answer=False)
    assert found["saturation"] == [abs(row["a"]) < 4 for row in rows(columns)]
    whole = solve({"circuit": {"inputs": {"a": 1, "b": 1}, "steps": {"x": "b*sigmoid(2*a + b)"}, "output": "x"}})
    found = verdicts(whole, ["dx/da"], columns, lost_answer=False)
    assert found["saturation"] == [abs(2 * row["a"] + 1) < 4 for row in rows(columns)]


def test_gates_have_kinks_and_ties():
    steps = {"u": "max(a, b)", "v": "abs(u - 2)", "x": "v + relu(b)"}
    example = solve({"circuit": {"inputs": {"a": 1, "b": 5}, "steps": steps, "output": "x"}})
    values = [Fraction(n, 2) for n in range(-6, 7)]
    pairs = list(itertools.product(values, values))
    columns = {"a": Column.of([a for a, _ in pairs]), "b": Column.of([b for _, b in pairs])}
    found = verdicts(example, ["dx/db"], columns, lost_answer=False)
    assert found["kink"] == [a != b and max(a, b) != 2 and b != 0 for a, b in pairs]
    assert found["dead_relu"] == [b > 0 and max(a, b) != 2 for a, b in pairs], "the smaller of two is not dead"


# --- answers ---------------------------------------------------------------------------------------------------

TIMES = {"inputs": {"a": 2, "b": 3}, "steps": {"x": "a*b"}, "output": "x"}
PRODUCT = solve({"circuit": TIMES, "show": {"decimals": 3}})


@pytest.mark.parametrize("digits", [1, 2, 3])
def test_an_answer_of_which_little_is_left_is_lost(digits):
    columns = random_columns("ab", 500, tuple(Fraction(n, 100) for n in range(-40, 41)))
    found = verdicts(PRODUCT, ["x"], columns, work=3, lost_answer=digits)["lost_answer"]

    def kept(value):
        fits = (value * 1000).denominator == 1
        return value != 0 and (fits or abs(value) >= Fraction(10) ** (digits - 4))

    assert found == [kept(row["a"] * row["b"]) for row in rows(columns)]
    assert 0 < sum(found) < 500


def test_the_fewer_decimals_of_page_and_student_count():
    columns = {"a": Column.of([Fraction(1, 30), Fraction(1, 3), Fraction(3)])}
    assert verdicts(PRODUCT, ["dx/db"], columns, work=1)["lost_answer"] == [False, False, True]
    assert verdicts(PRODUCT, ["dx/db"], columns, work=9)["lost_answer"] == [True, True, True]


def test_whole_numbers_are_not_lost_without_decimals():
    example = solve({"circuit": TIMES, "show": {"decimals": 0}})
    columns = {"a": Column.of([Fraction(n) for n in range(-3, 4)])}
    assert verdicts(example, ["x"], columns, work=0)["lost_answer"] == [n != 0 for n in range(-3, 4)]


def test_a_gradient_that_nearly_vanishes_is_lost():
    example = network(["sigmoid", "sigmoid"])
    columns = random_columns([*WEIGHTS, "W2[1,1]", "y[1]"], 300)
    found = verdicts(example, ["dJ/dW1[1,2]"], columns)["lost_answer"]
    with mpmath.workdps(40):
        for holds, row in zip(found, rows(columns), strict=True):
            x = (mpmath.mpf(1), mpmath.mpf(2))
            number = {id: mpmath.mpf(value.numerator) / value.denominator for id, value in row.items()}
            sums = [number[f"W1[{j},1]"] * x[0] + number[f"W1[{j},2]"] * x[1] + number[f"b1[{j}]"] for j in (1, 2)]
            a1, a2 = (1 / (1 + mpmath.exp(-s)) for s in sums)
            a = 1 / (1 + mpmath.exp(-(number["W2[1,1]"] * a1 + a2 / 5 + mpmath.mpf(1) / 20)))
            slope = (a - number["y[1]"]) * a * (1 - a) * number["W2[1,1]"] * a1 * (1 - a1) * x[1]
            assert holds == (abs(slope) >= mpmath.mpf("0.001"))
    assert 20 < found.count(False) < 280


def shown(value, decimals):
    return (
        Decimal(value.numerator * 10**6 // value.denominator)
        .scaleb(-6)
        .quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    )


def test_answers_that_look_alike_are_told():
    steps = {"u": "a/3", "v": "b/7", "x": "u*v"}
    example = solve(
        {"circuit": {"inputs": {"a": 2, "b": 3}, "steps": steps, "output": "x"}, "show": {"decimals": 2}}
    )
    columns = random_columns("ab", 2000, tuple(Fraction(n, 10) for n in range(1, 60)))
    found = verdicts(example, ["u", "v"], columns, lost_answer=False)["equal_answers"]
    oracle = [shown(row["a"] / 3, 2) != shown(row["b"] / 7, 2) for row in rows(columns)]
    assert found == oracle
    assert 10 < found.count(False) < 200


def test_answers_that_look_alike_are_told_of_irrational_numbers_too():
    steps = {"u": "exp(a)", "v": "exp(b)", "w": "exp(c)", "x": "u*v*w"}
    inputs = {"a": 2, "b": 3, "c": 1}
    for digits, places in (({"decimals": 2}, None), ({"significant": 2}, 2)):
        example = solve({"circuit": {"inputs": inputs, "steps": steps, "output": "x"}, "show": digits})
        columns = random_columns("abc", 1500, tuple(Fraction(n, 100) for n in range(-300, 100)))
        found = verdicts(example, ["u", "v", "w"], columns, lost_answer=False)["equal_answers"]

        def look(value, places=places):
            number = Decimal(repr(math.exp(float(value))))
            if places:
                return number.quantize(Decimal(1).scaleb(number.adjusted() + 1 - places), ROUND_HALF_UP)
            return number.quantize(Decimal("0.01"), ROUND_HALF_UP)

        oracle = [len({look(value) for value in row.values()}) == 3 for row in rows(columns)]
        if digits == {"decimals": 2}:  # e^-3 = 0.0498 is shown with two decimals: none is too small
            assert min(math.exp(float(value)) for row in rows(columns) for value in row.values()) > 0.005
        assert found == oracle
        assert 10 < found.count(False) < 800


def test_numbers_that_are_always_equal_may_both_be_asked():
    example = network(["sigmoid", "sigmoid"])
    assert "equal_answers" not in verdicts(example, ["delta2[1]", "dJ/db2[1]"])
    assert "equal_answers" not in verdicts(example, ["delta2[1]", "delta2[1]"])
    columns = random_columns(WEIGHTS, 50)
    assert all(verdicts(example, ["delta2[1]", "dJ/db2[1]", "a2[1]"], columns)["equal_answers"])


def test_dead_numbers_of_the_example_are_no_reason_to_call_two_answers_one():
    example = solve(
        {
            "network": {
                "layers": [
                    {"units": 2, "activation": "relu", "weights": [[-1, -1], [-2, -1]], "bias": "none"},
                    {"units": 1, "activation": "identity", "weights": [[1, 2]], "bias": "none"},
                ],
                "loss": "half_squared_error",
            },
            "data": {"x": [[1, 2]], "y": [[1]]},
        }
    )
    columns = {"W1[1,1]": Column.of([Fraction(5), Fraction(5)]), "W1[2,1]": Column.of([Fraction(5), Fraction(-5)])}
    found = verdicts(example, ["dJ/dW1[1,1]", "dJ/dW1[2,2]"], columns)
    assert found["dead_relu"] == [True, False]
    assert found["equal_answers"] == [True, True]
    equal = {"W1[1,1]": Column.of([Fraction(-9)]), "W1[2,1]": Column.of([Fraction(-9)])}
    assert verdicts(example, ["dJ/dW1[1,1]", "dJ/dW1[2,2]"], equal)["equal_answers"] == [False]


# --- values that there are not ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formula", "has_value"),
    [
        ("log(a - b)", lambda a, b: a > b),
        ("1/(a - b)", lambda a, b: a != b),
        ("sqrt(a*b)", lambda a, b: a * b > 0),  # at 0 a root has no slope
        ("b*(a + b)**-2", lambda a, b: a + b != 0),
        ("log(exp(a) - exp(b))", lambda a, b: a > b),
        ("a/(1 + b**2)", lambda a, b: True),
    ],
)
def test_what_has_no_value_is_rejected(formula, has_value):
    example = solve({"circuit": {"inputs": {"a": 3, "b": 2}, "formula": formula}})
    values = [Fraction(n, 2) for n in range(-4, 5)]
    pairs = list(itertools.product(values, values))
    columns = {"a": Column.of([a for a, _ in pairs]), "b": Column.of([b for _, b in pairs])}
    found = verdicts(example, [], columns, lost_answer=False, equal_answers=False).get(
        "undefined", [True] * len(pairs)
    )
    assert found == [has_value(a, b) for a, b in pairs]


def test_a_sigmoid_always_has_a_value():
    assert "undefined" not in verdicts(network(["sigmoid", "sigmoid"]), ["a2[1]"])
    assert "undefined" not in verdicts(network(["arctan", "softplus"]), ["a2[1]"])


def test_the_logarithm_of_an_output():
    example = solve(
        {
            "network": {
                "layers": [{"units": 1, "activation": "identity", "weights": [["1/2"]], "bias": "none"}],
                "loss": "binary_cross_entropy",
            },
            "data": {"x": [[1]], "y": [[1]]},
        }
    )
    columns = {"x[1]": Column.of([Fraction(n, 2) for n in range(-2, 7)])}
    found = verdicts(example, ["delta1[1]"], columns, lost_answer=False)
    assert found["undefined"] == [0 < row["x[1]"] / 2 < 1 for row in rows(columns)]


# --- other lessons ---------------------------------------------------------------------------------------------


def test_a_perceptron_may_answer_0():
    neuron = {"rule": "perceptron", "weights": [0, 0], "bias": 0}
    data = {"x": [[0, 0], [0, 1], [1, 0], [1, 1]], "y": [0, 0, 0, 1]}
    example = solve({"neuron": neuron, "data": data, "train": {"learning_rate": "1/2", "max_epochs": 3}})
    assert verdicts(example, ["w[1]#1", "w[2]#1", "b#1"]) == {}


def test_a_logistic_neuron_must_not():
    neuron = {"rule": "logistic", "weights": [0.5, -1], "bias": 0}
    data = {"x": [[0, 1], [1, 0]], "y": [0, 1]}
    example = solve({"neuron": neuron, "data": data, "train": {"learning_rate": 1, "max_epochs": 2}})
    columns = {"w[2]": Column.of([Fraction(-1), Fraction(9)])}
    found = verdicts(example, ["w[1]#2", "w[2]#2"], columns)
    assert found["saturation"] == [True, False]
    assert {"lost_answer", "equal_answers"} < set(found)


def test_all_may_be_switched_off():
    switched = dict.fromkeys(BY_NAME, False)
    assert verdicts(network(["relu", "sigmoid"]), ["dJ/dW1[1,1]", "a2[1]"], **switched) == {}
    found = verdicts(network(["relu", "sigmoid"]), ["a2[1]"], where=["J > 0"], **switched)
    assert found == {"J > 0": [True]}
