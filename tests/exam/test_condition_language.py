"""Conditions mean what they mean in mathematics; what is none is told with its place."""

from __future__ import annotations

import time
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalkgrad import solve
from chalkgrad.algebra.grammar import MAX_DEPTH, MAX_LENGTH
from chalkgrad.catalogue.conditions import CONDITIONS
from chalkgrad.errors import Place, SpecError
from chalkgrad.evaluation.columns import Column
from chalkgrad.exam.conditions.conditions import Conditions
from chalkgrad.spec.conditions import Switches
from chalkgrad.spec.exam import Where

NONE = Switches(off=frozenset(row.name for row in CONDITIONS))
NET = solve(
    {
        "network": {
            "layers": [
                {"units": 2, "activation": "sigmoid", "weights": [[0.5, -0.3], [0.1, 0.8]], "bias": [0.2, -0.4]},
                {"units": 1, "activation": "sigmoid", "weights": [[0.7, -0.9]], "bias": [0.3]},
            ],
            "loss": "half_squared_error",
        },
        "data": {"x": [[0.5, -1]], "y": [[1]]},
        "train": {"optimizer": {"name": "sgd", "learning_rate": 0.5}, "steps": 2},
        "show": {"decimals": 4},
    }
)
BATCH = solve(
    {
        "network": {
            "layers": [{"units": 2, "activation": "tanh", "weights": [[0.5], [0.25]], "bias": "none"}],
            "loss": "half_squared_error",
        },
        "data": {"x": [[1], [2], [-1]], "y": [[0, 1], [1, 0], [1, 1]]},
    }
)
CIRCUIT = solve(
    {
        "circuit": {
            "inputs": {"a": 2, "b": -3, "c": 10, "d": -2},
            "steps": {"s": "a*b + c", "q": "s*d", "x": "q**2"},
            "output": "x",
        }
    }
)


def holds(example, text, **given):
    """Whether a condition holds for one candidate: the example's own numbers, some of them replaced."""
    columns = {example.at(id): Column.of([Fraction(str(value))]) for id, value in given.items()}
    (verdict,) = Conditions(example, [Where(text, Place("x"))], NONE, []).verdicts(columns).values()
    return bool(verdict[0])


def problem(example, text):
    with pytest.raises(SpecError) as caught:
        Conditions(example, [Where(text, Place("exam.yaml", 7, 10))], NONE, [])
    (found,) = caught.value.problems
    return found


# --- meaning ---------------------------------------------------------------------------------------------------

TRUE = [
    # of the network as it is given
    "x[1] == 0.5",
    "x[1] == 1/2",
    "x[1] != x[2]",
    "W1[1,1] + W1[1,2] == 0.2",
    "z1[1] == 0.5*0.5 + 0.3 + 0.2",
    "0.6 < z1[1] < 0.8",
    "0.8 > z1[1] > 0.6",
    "-1 <= x[2] <= x[2] < x[1] == 0.5",
    "2**3 == 8",
    "-2**2 == -4",
    "2**-1 == 0.5",
    "2 ^ 3 == 8",
    "x[1]**(1/2) > 0.7",
    "x[1]**0 == 1",
    "8 - 2 - 1 == 5",
    "8/2/2 == 2",
    "abs(x[2]) == 1",
    "max(1, 3, 2) == 3",
    "min(1, 3, 2) == 1",
    "max(W1[*,*]) == 0.8",
    "min(abs(W1[*,1])) == 0.1",
    "max(z1[1], z1[2], 5) == 5",
    "all(abs(delta1[*]) > 0.001)",
    "all(W1[*,1] > W1[*,2] or W1[*,2] == 0.8)",
    "any(W1[*,*] == -0.3)",
    "all(abs(W1[*,*]) < 1)",
    "all(b1[*] < abs(W1[*,2]))",
    "all(da1[*]/dz1[*] > 0.1)",
    "all(max(W1[*,1], W1[*,2]) > 0)",
    "all(W1[*,1] <= max(W1[*,*]))",
    "not (x[1] > 1 or x[2] > 1)",
    "not x[1] > 1 and x[1] > 0",
    "(x[1] > 0) and ((x[2] < 0))",
    "(x[1] + x[2])*2 == -1",
    "((x[1])) > ((x[2]))",
    "x[1] > 9 or x[2] < 0 and x[1] > 0",
    "W1[1,2]' != W1[1,2]",
    "W1[1,2]#1 == W1[1,2]'",
    "W1[1,2]#0 == W1[1,2]",
    "W1[1,2]#2 != W1[1,2]'",
    "x[1]#2 == x[1]",
    "x[1]@1 == x[1]",
    "W1[ 1, 2 ] == -0.3",
    "J > J' > J#2",
    "all(J#* < J)",
    "delta2[1]*a1[1] == dJ/dW2[1,1]",
    "dz2[1]/da1[1] == W2[1,1]",
    "dJ/da2[1] == a2[1] - 1",
    "exp(0) == 1",
    "sqrt(4) == 2",
    "3.14 < pi < 3.15",
    "eta == 0.5",
]  # fmt: skip


@pytest.mark.parametrize("text", TRUE)
def test_what_is_true_holds(text):
    assert holds(NET, text)
    assert not holds(NET, f"not ({text})")


@pytest.mark.parametrize(
    "text",
    [
        "z1[1]@2 == 2*z1[1]@1",
        "all(abs(z1[*]@2) > 0.4)",
        "all(z1[*]@* != 0)",
        "J@2 != J@1",
        "all(J@* > 0)",
        "abs(J - (J@1 + J@2 + J@3)/3) == 0",
        "x[1]@3 == -1",
    ],
)
def test_samples_are_told_apart(text):
    assert holds(BATCH, text)
    assert not holds(BATCH, f"not ({text})")


@pytest.mark.parametrize("text", ["s == 4", "dx/da == 2*q*d*b", "x/d == -32", "a/b == -2/3", "ds/da*a == b*a"])
def test_a_circuit_has_names_of_its_own(text):
    assert holds(CIRCUIT, text)


def test_a_name_with_a_slash_is_a_division_where_no_number_has_it():
    assert holds(CIRCUIT, "s/d == -2")  # no ds/dd is meant
    assert not holds(CIRCUIT, "ds/dc == 2")  # the derivative, 1


# --- against arithmetic in Python ------------------------------------------------------------------------------

SIGNS = ("<", "<=", ">", ">=", "==", "!=")
LEAVES = {"a": "a", "b": "b", "c": "c", "d": "d", "s": "a*b + c", "q": "(a*b + c)*d"}
"""Ids of the circuit, and what they are in terms of its inputs."""


@st.composite
def amounts(draw, depth=3):
    """The text of an amount, and the same for Python's fractions."""
    if depth == 0 or draw(st.booleans()):
        if draw(st.booleans()):
            name = draw(st.sampled_from(sorted(LEAVES)))
            return name, f"({LEAVES[name]})"
        number = draw(st.integers(0, 20))
        return f"{number / 4}", f"Fraction({number}, 4)"
    kind = draw(st.sampled_from(["+", "-", "*", "abs", "max", "min", "-u", "**"]))
    one, own = draw(amounts(depth=depth - 1))
    if kind == "abs":
        return f"abs({one})", f"abs({own})"
    if kind == "-u":
        return f"-({one})", f"(-({own}))"
    if kind == "**":
        return f"({one})**2", f"(({own})**2)"
    two, other = draw(amounts(depth=depth - 1))
    if kind in ("max", "min"):
        return f"{kind}({one}, {two})", f"{kind}({own}, {other})"
    return f"({one}) {kind} ({two})", f"(({own}) {kind} ({other}))"


@st.composite
def claims(draw, depth=2):
    """The text of a condition, which is Python too."""
    kind = draw(st.sampled_from(["<", "and", "or", "not"])) if depth else "<"
    if kind == "not":
        one, own = draw(claims(depth=depth - 1))
        return f"not ({one})", f"(not {own})"
    if kind in ("and", "or"):
        (one, own), (two, other) = draw(claims(depth=depth - 1)), draw(claims(depth=depth - 1))
        return f"({one}) {kind} ({two})", f"({own} {kind} {other})"
    parts = draw(st.lists(amounts(), min_size=2, max_size=3))
    signs = draw(st.lists(st.sampled_from(SIGNS), min_size=len(parts) - 1, max_size=len(parts) - 1))
    text, own = parts[0]
    for sign, (more, other) in zip(signs, parts[1:], strict=True):
        text, own = f"{text} {sign} {more}", f"{own} {sign} {other}"
    return text, f"({own})"


TABLE = tuple(Fraction(n, 4) for n in range(-4, 5))


@settings(max_examples=60, deadline=None)
@given(claims(), st.integers(0, 2**32))
def test_conditions_agree_with_fractions_in_python(claim, seed):
    text, own = claim
    if len(text) > MAX_LENGTH:
        return
    rng = np.random.default_rng(seed)
    columns = {CIRCUIT.at(name): Column(TABLE, rng.integers(0, len(TABLE), 40)) for name in "abcd"}
    (verdict,) = Conditions(CIRCUIT, [Where(text, Place("x"))], NONE, []).verdicts(columns).values()
    rows = zip(*(column.values() for column in columns.values()), strict=True)
    oracle = [eval(own, {"Fraction": Fraction}, dict(zip("abcd", row, strict=True))) for row in rows]
    assert verdict.tolist() == oracle


def worked(*row):
    """The network by hand, to fifty digits."""
    with mpmath.workdps(50):
        values = (mpmath.mpf(n.numerator) / n.denominator for n in row)
        x1, x2, w11, w12, w21, w22, b1, b2, v1, v2, c, y = values
        z1, z2 = w11 * x1 + w12 * x2 + b1, w21 * x1 + w22 * x2 + b2
        a1, a2 = 1 / (1 + mpmath.exp(-z1)), 1 / (1 + mpmath.exp(-z2))
        z = v1 * a1 + v2 * a2 + c
        a = 1 / (1 + mpmath.exp(-z))
        delta = (a - y) * a * (1 - a)
        slope = delta * v1 * a1 * (1 - a1) * x2
        return {"z1": z1, "z2": z2, "a": a, "delta": delta, "slope": slope, "new": w12 - slope / 2}


IDS = "x[1] x[2] W1[1,1] W1[1,2] W1[2,1] W1[2,2] b1[1] b1[2] W2[1,1] W2[1,2] b2[1] y[1]".split()


def test_a_network_agrees_with_its_numbers_by_hand():
    rng = np.random.default_rng(5)
    grid = tuple(Fraction(n, 10) for n in range(-10, 11))
    columns = {NET.at(id): Column(grid, rng.integers(0, len(grid), 300)) for id in IDS}
    tests = {
        "0.4 < a2[1] < 0.6": lambda n: 0.4 < n["a"] < 0.6,
        "abs(dJ/dW1[1,2]) > 0.005": lambda n: abs(n["slope"]) > 0.005,
        "z1[1]*z1[2] > 0 or delta2[1] > 0": lambda n: n["z1"] * n["z2"] > 1e-40 or n["delta"] > 1e-40,
        "max(z1[*]) < abs(W1[1,2]')": lambda n: abs(n["new"]) - max(n["z1"], n["z2"]) > 1e-40,
        "z1[1] == z1[2] or z1[1] == 0": lambda n: abs(n["z1"] - n["z2"]) < 1e-40 or abs(n["z1"]) < 1e-40,
        "dJ/dW1[1,2] == 0": lambda n: abs(n["slope"]) < 1e-40,
    }
    numbers = [worked(*row) for row in zip(*(column.values() for column in columns.values()), strict=True)]
    for text, oracle in tests.items():
        with mpmath.workdps(50):
            expected = [bool(oracle(n)) for n in numbers]
        verdicts = Conditions(NET, [Where(text, Place("x"))], NONE, []).verdicts(columns)
        assert verdicts[text].tolist() == expected, text
        assert 0 < sum(expected) < len(expected), f"{text} tells nothing apart"


def test_no_candidate_depends_on_its_neighbours():
    """Chunks, their ends and their order change nothing."""
    rng = np.random.default_rng(8)
    count = 2**13 + 11
    grid = tuple(Fraction(n, 10) for n in range(-10, 11))
    columns = {NET.at(id): Column(grid, rng.integers(0, len(grid), count)) for id in IDS}
    conditions = Conditions(NET, [Where("abs(delta1[1]) > 0.02", Place("x"))], Switches(), [NET.at("delta1[1]")])
    whole = conditions.verdicts(columns)
    assert all(0 < whole[name].sum() < count for name in ("abs(delta1[1]) > 0.02", "lost_answer"))
    order = rng.permutation(count)
    mixed = conditions.verdicts({at: Column(c.table, c.picks[order]) for at, c in columns.items()})
    for name, verdict in whole.items():
        assert (mixed[name] == verdict[order]).all(), name


# --- what is open in floating point ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x == y", True),  # the same number by two ways, neither a fraction
        ("x != y", False),
        ("x <= y", True),
        ("x < y", False),
        ("x - y == 0", True),
        ("x < y + 1e-25", True),
        ("x < y - 1e-25", False),
        ("max(x, y) == min(x, y)", True),
        ("not x < y and not y < x", True),
        ("x == y or x > 10**9", True),
    ],
)
def test_what_floating_point_leaves_open_is_settled(text, expected):
    steps = {"x": "exp(a)*exp(a)", "y": "exp(2*a)", "f": "x*y"}
    circuit = solve({"circuit": {"inputs": {"a": 1}, "steps": steps, "output": "f"}})
    columns = {circuit.at("a"): Column.of([Fraction(1), Fraction(1, 3)])}
    conditions = Conditions(circuit, [Where(text, Place("x"))], NONE, [])
    (verdict,) = conditions.verdicts(columns).values()
    assert verdict.tolist() == [expected, expected]
    assert conditions.settled > 0, "else this tests nothing"


def test_thirds_are_no_decimals():
    columns = {CIRCUIT.at("a"): Column.of([Fraction(1, 3), Fraction(33333333333333333, 10**17)])}
    verdicts = Conditions(CIRCUIT, [Where("3*a == 1", Place("x"))], NONE, []).verdicts(columns)
    assert verdicts["3*a == 1"].tolist() == [True, False]


def test_numbers_beyond_machine_integers_stay_exact():
    big = Fraction(10**9 + 7)
    columns = {CIRCUIT.at(name): Column.of([big, big + 1]) for name in "abd"}
    text = "x == ((a*a + 10)*a)**2"
    assert Conditions(CIRCUIT, [Where(text, Place("x"))], NONE, []).verdicts(columns)[text].all()


def test_nothing_holds_for_what_has_no_value():
    circuit = solve({"circuit": {"inputs": {"a": 1, "b": 2}, "steps": {"u": "log(a)", "x": "u*b"}, "output": "x"}})
    columns = {circuit.at("a"): Column.of([Fraction(0), Fraction(-1), Fraction(1)])}
    for text in ("x < 1", "x >= 1", "not x < 1", "x == x + 1 or x != 5 - 5"):
        (verdict,) = Conditions(circuit, [Where(text, Place("x"))], NONE, []).verdicts(columns).values()
        assert verdict.tolist() == [False, False, text in ("x < 1",)], text
    (either,) = Conditions(circuit, [Where("x < 1 or b == 2", Place("x"))], NONE, []).verdicts(columns).values()
    assert either.all(), "one half that is true suffices"


# --- mistakes --------------------------------------------------------------------------------------------------

WRONG = {
    # text: where it is told, counted from 0, and a part of what is said
    "a2[1]": (5, 'found "the end" where a comparison such as < was expected'),
    "a2[1] = 1": (6, "equality is written =="),
    "a2[2] > 0": (0, 'did you mean "a2[1]"'),
    "0.1 < dJ/dW1[1,3] < 1": (6, 'did you mean "dJ/dW1['),
    "delta1[*] > 0": (0, "write all(…) or any(…)"),
    "all(x[1] > 0)": (0, "no id with a *"),
    "all(W1[*,1] > W2[1,*]*0 + b2[*])": (26, "do not run over the same indices"),
    "any(delta3[*] > 0)": (4, "is neither the id"),
    "max(x[1]) > 0": (0, "max takes 2 arguments, not 1"),
    "abs(x[1], x[2]) > 0": (0, "abs takes 1 argument, not 2"),
    "a2[1] >": (7, 'found "the end" where a number'),
    "> 3": (0, 'found ">" where a number'),
    "(a2[1] > 0": (10, 'where ")" was expected'),
    "a2[1] > 0)": (9, "should end"),
    "(a2[1] > 0) + 1": (7, 'where ")" was expected'),
    "a2[1] > 0 and": (13, "where a number"),
    "and a2[1] > 0": (0, 'found "and" where a number'),
    "1 < (x[1] > 0)": (10, 'where ")" was expected'),
    "x[1] > 0 x[2]": (9, "should end"),
    "x[1] > 1/0": (9, "a division by 0"),
    "2**x[1] > 0": (1, "an exponent must be a number"),
    "x[1]**99 > 0": (4, "an exponent must be a number"),
    "x[1] > 'a'": (7, "has no meaning"),
    "x[0] > 0": (0, "is neither the id"),
    "x[1;2] > 0": (1, 'the character "["'),
    "dJ / dW1[1,2] > 0": (0, "is neither the id"),
    "J#3 > 0": (0, "is neither the id"),
    "": (0, 'found "the end"'),
    "x.real > 0": (0, "is neither the id"),
    "__import__('os') > 0": (11, "has no meaning"),
    "all > 0": (4, 'where "(" was expected'),
    "x[1] > all(x[*] > 0)": (7, 'found "all" where a number'),
    "not": (3, "where a number"),
}  # fmt: skip


@pytest.mark.parametrize("text", WRONG)
def test_what_is_no_condition_is_told_with_its_place(text):
    offset, said = WRONG[text]
    found = problem(NET, text)
    assert said in str(found), str(found)
    assert (found.place.line, found.place.column) == (7, 10 + offset), str(found)


def test_all_mistakes_are_told_at_once_and_in_order():
    where = [
        Where("a2[9] > 0", Place("e.yaml", 9, 3)),
        Where("1 < ", Place("e.yaml", 4, 3)),
        Where("J > 0", Place("e")),
    ]
    with pytest.raises(SpecError) as caught:
        Conditions(NET, where, NONE, [])
    assert [(p.place.line, p.place.column) for p in caught.value.problems] == [(4, 6), (9, 3)]


@pytest.mark.parametrize("opening", ["(", "abs(", "-(", "not (", "all("])
def test_deep_nesting_is_refused(opening):
    text = opening * (MAX_DEPTH + 1) + "1"
    assert "nested more than" in str(problem(NET, text))


@pytest.mark.parametrize(
    "text",
    ["x[1]" + "+x[1]" * 10**5 + " > 0", "not " * 10**5, "(" * 10**5, "9" * 10**5],
    ids=["sum", "not", "(", "9"],
)
def test_endless_input_is_refused_at_once(text):
    start = time.perf_counter()
    assert "characters" in str(problem(NET, text))
    assert time.perf_counter() - start < 1


def test_the_longest_conditions_are_read():
    assert holds(NET, "not " * 98 + "J > 0")
    assert holds(NET, "x[1]" + "+x[1]" * 78 + " > 0")
