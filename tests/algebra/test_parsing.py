"""Formulas are read safely, and mean what they mean in Python and in mathematics."""

from __future__ import annotations

import re
import time
from fractions import Fraction

import mpmath
import pytest
import sympy as sp
from hypothesis import assume, given
from hypothesis import strategies as st

from chalkgrad.algebra.functions import defined
from chalkgrad.algebra.grammar import MAX_DEPTH, MAX_LENGTH
from chalkgrad.algebra.ops import derived, formal
from chalkgrad.algebra.parsing import FUNCTIONS, parse
from chalkgrad.errors import FormulaError

Z = formal("z")


# --- what is not a formula -------------------------------------------------------------------------------------

HOSTILE = {
    # text: where the problem is told
    "__import__('os').system('true')": 11,
    "z.__class__": 1,
    "z.real": 1,
    "().__class__.__bases__[0]": 2,
    "lambda: z": 6,
    "lambda z: z": 8,
    "[z for z in (1,)]": 0,
    "z[0]": 1,
    "{z}": 0,
    "'z'": 0,
    '"z"': 0,
    "f'{z}'": 1,
    "z if z else 1": 2,
    "z and z": 2,
    "z < 1": 2,
    "z == z": 2,
    "z = 1": 2,
    "z := 1": 2,
    "z; z": 1,
    "z\\\n+1": 1,
    "print(z)": 0,
    "eval(z)": 0,
    "exec(z)": 0,
    "open(z)": 0,
    "Symbol(z)": 0,
    "exp.func": 3,
    "exp": 3,
    "exp exp": 4,
    "z(1)": 1,
    "2(3)": 1,
    "2z": 1,
    "z z": 2,
    "z // 2": 3,
    "z % 2": 2,
    "z @ z": 2,
    "z & z": 2,
    "~z": 0,
    "!z": 0,
    "z!": 1,
    "1e999": 4,
    "0x10": 1,
    "1_000": 1,
    "1j": 1,
    "\u0663*z": 0,  # a digit, but not one of ours
    "z,z": 1,
    "max(z)": 0,
    "exp(z,z)": 0,
    "exp()": 4,
    "(z": 2,
    "z)": 1,
    "()": 1,
    "z +": 3,
    "* z": 0,
    "z ** ": 4,
    "": 0,
    "   ": 0,
    "z + \x00": 4,
    "z + \u200b1": 4,
    "9**9**9": 1,
    "z**z": 1,
    "2**z": 1,
    "z**1000": 1,
    "z**-21": 1,
    "(2+3)**2": 5,
    "sin(1)**2": 6,
}  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_no_formula_is_refused_at_its_place(text):
    with pytest.raises(FormulaError) as caught:
        parse(text, ["z"])
    assert caught.value.offset == HOSTILE[text], str(caught.value)


def test_python_is_never_evaluated(tmp_path):
    proof = tmp_path / "ran"
    for text in (
        f"__import__('pathlib').Path('{proof}').touch()",
        f"open('{proof}', 'w')",
        f"exec(\"open('{proof}','w')\")",
        f"z*(lambda: open('{proof}','w'))()",
    ):
        with pytest.raises(FormulaError):
            parse(text, ["z"])
    assert not proof.exists()


@pytest.mark.parametrize(
    ("text", "word"),
    [("sigmod(z)", "sigmoid"), ("z*tahn(z)", "tanh"), ("Exp(z)", "exp"), ("sqroot(z)", "sqrt")],
)
def test_a_misspelt_name_is_guessed(text, word):
    with pytest.raises(FormulaError, match=f'did you mean "{word}"'):
        parse(text, ["z"])


@pytest.mark.parametrize(
    "text",
    [
        "z" + "+z" * 10**6,
        "(" * 10**6,
        "-" * 10**6 + "z",
        "9" * 10**6,
        "exp(" * 10**5 + "z",
        " " * 10**6,
    ],
    ids=["sum", "parentheses", "signs", "digits", "calls", "blanks"],
)
def test_endless_input_is_refused_at_once(text):
    start = time.perf_counter()
    with pytest.raises(FormulaError, match=r"characters"):
        parse(text, ["z"])
    assert time.perf_counter() - start < 0.5


@pytest.mark.parametrize("opening", ["(", "exp(", "-(", "z**(", "max(z,"])
def test_deep_nesting_is_refused(opening):
    depth = MAX_DEPTH + 1
    text = opening * depth + "1" + ")" * depth
    assert len(text) <= MAX_LENGTH, "else its length is what is refused"
    with pytest.raises(FormulaError, match=r"nested more than"):
        parse(text, ["z"])


@pytest.mark.parametrize("text", ["-" * 399 + "z", "z" + "*z" * 199, "z" + "-z" * 199, "z" + "/z" * 199])
def test_the_longest_chains_are_read(text):
    assert parse(text, ["z"]).free_symbols == {Z}


def test_a_number_is_read_exactly():
    assert parse("0.1", []) == sp.Rational(1, 10)
    assert parse("1e-3", []) == sp.Rational(1, 1000)
    assert parse(".25", []) == sp.Rational(1, 4)
    assert parse("2.", []) == 2


def refusal(text: str) -> int | None:
    """Where a text is refused; None where it is read."""
    try:
        parse(text, ["z"])
    except FormulaError as error:
        return error.offset
    return None


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text):
    offset = refusal(text)
    assert offset is None or 0 <= offset <= max(len(text), MAX_LENGTH)


@given(
    st.lists(
        st.sampled_from(
            [*FUNCTIONS, "z", "(", ")", "+", "-", "*", "/", "**", "^", ",", "2", "0.5", "1e3", "pi", " "]
        ),
        max_size=25,
    )
)
def test_any_tokens_are_read_or_refused(tokens):
    text = " ".join(tokens)
    offset = refusal(text)
    assert offset is None or 0 <= offset <= len(text)


# --- precedence: Python is the oracle --------------------------------------------------------------------------

VALUE = Fraction(7, 3)


def _joined(pieces: tuple[str, str, str, str]) -> str:
    left, sign, right, space = pieces
    return f"{left}{space}{sign}{space}{right}"


def _extended(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    space = st.sampled_from(["", " "])
    # a base has the variable in it: powers of computed constants are not taken
    base = st.one_of(
        st.just("z"), st.sampled_from("123"), inner.map(lambda e: f"(z + {e})"), inner.map(lambda e: f"({e}*z)")
    )
    return st.one_of(
        st.tuples(inner, st.sampled_from("+-*/"), inner, space).map(_joined),
        inner.map(lambda e: f"-{e}"),
        inner.map(lambda e: f"({e})"),
        st.tuples(base, st.just("**"), st.sampled_from(["2", "3", "-1", "-2", "0"]), space).map(_joined),
    )


EXPRESSIONS = st.recursive(st.sampled_from(["z", "1", "2", "3", "7", "0.5"]), _extended, max_leaves=7)


def in_python(text: str) -> Fraction:
    """What Python makes of the text, computing with fractions."""
    exact = re.sub(r"\d+(\.\d+)?", lambda m: f"Fraction('{m[0]}')", text)
    return eval(exact, {"Fraction": Fraction, "z": VALUE})


def through_sympy(text: str) -> Fraction:
    """What the parsed expression is worth."""
    number = parse(text, ["z"]).subs(Z, sp.Rational(VALUE.numerator, VALUE.denominator)).doit()
    assert number.is_Rational, number
    return Fraction(int(number.p), int(number.q))


@given(EXPRESSIONS)
def test_precedence_is_that_of_python(text):
    assume(len(text) <= MAX_LENGTH)
    try:
        expected = in_python(text)
    except ZeroDivisionError:
        assume(False)
    assert through_sympy(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "-z**2",
        "(-z)**2",
        "2-3-z",
        "2-(3-z)",
        "z/2*3",
        "z/2/3",
        "z/(2*3)",
        "2*-z",
        "2--z",
        "-z**-2",
        "z-1*2+3",
        "-2*z/-3",
        "1/z**2",
    ],
)
def test_precedence_where_it_is_easily_got_wrong(text):
    assert through_sympy(text) == in_python(text)


def test_the_caret_is_a_power_too():
    assert parse("z^2", ["z"]) == parse("z**2", ["z"])


# --- functions: mpmath and central differences are the oracles -------------------------------------------------

IN_MPMATH = {
    "sqrt": mpmath.sqrt,
    "exp": mpmath.exp,
    "log": mpmath.log,
    "sin": mpmath.sin,
    "cos": mpmath.cos,
    "tanh": mpmath.tanh,
    "arctan": mpmath.atan,
    "erf": mpmath.erf,
    "abs": abs,
    "sigmoid": lambda u: 1 / (1 + mpmath.exp(-u)),
    "relu": lambda u: max(u, mpmath.mpf(0)),
    "softplus": lambda u: mpmath.log(1 + mpmath.exp(u)),
    "max": max,
    "min": min,
    "pi": mpmath.pi,
}

FORMULAS = [
    "z*sigmoid(z)",
    "sqrt(1 + z**2)",
    "exp(-z**2/2)",
    "log(2 + z*z)",
    "sin(z)*cos(2*z) - z",
    "tanh(3*z - 1)/2",
    "arctan(z**3)",
    "erf(z)*z + erf(z/2)",
    "abs(z)*z",
    "relu(z - 2) + relu(-z)",
    "softplus(2*z) - softplus(-z)",
    "z*tanh(softplus(z))",
    "1/(1 + exp(-z)) - sigmoid(z)**2",
    "(z**3 - 2*z)**-2 + pi*z",
    "(1 + z**2)**0.5",
    "z - sqrt(3)*z + 1/(z**2 + 0.1)",
    "max(z, z**2) + min(1, 2*z)",
    "max(0.1*z, z)",
    "min(max(z, -1), 1)",
    "sigmoid(sigmoid(sigmoid(z)))",
]
POINTS = ["-2.3", "-0.4", "0.7", "1.9"]  # away from every kink of these formulas


def at(expression: sp.Expr, point: str) -> mpmath.mpf:
    """The value of an expression to thirty digits, by way of the functions' definitions."""
    number = sp.N(defined(expression).subs(Z, sp.Rational(point)).doit(), 30)
    return mpmath.mpf(str(number))


def by_mpmath(text: str, z: mpmath.mpf) -> mpmath.mpf:
    exact = re.sub(r"(?<![\w.])\d+(\.\d+)?", lambda m: f"mpf('{m[0]}')", text)
    return eval(exact, {**IN_MPMATH, "mpf": mpmath.mpf, "z": z})


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_has_the_value_that_mpmath_finds(text):
    with mpmath.workdps(40):
        for point in POINTS:
            expected = by_mpmath(text, mpmath.mpf(point))
            assert abs(at(parse(text, ["z"]), point) - expected) < mpmath.mpf(10) ** -25 * (1 + abs(expected))


@pytest.mark.parametrize("text", FORMULAS)
def test_a_derivative_is_what_the_central_difference_finds(text):
    slope = derived(parse(text, ["z"]), Z)
    with mpmath.workdps(50):
        h = mpmath.mpf(10) ** -12  # an error of about h², 1e-24
        for point in POINTS:
            z = mpmath.mpf(point)
            expected = (by_mpmath(text, z + h) - by_mpmath(text, z - h)) / (2 * h)
            assert abs(at(slope, point) - expected) < mpmath.mpf(10) ** -18 * (1 + abs(expected))


def test_every_function_is_tried_above():
    used = set(re.findall(r"[a-z]+(?=\()", " ".join(FORMULAS)))
    assert used == set(FUNCTIONS)
