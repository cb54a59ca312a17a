"""Every derivative of the catalogue is proved by SymPy from the formula beside it."""

from __future__ import annotations

import mpmath
import pytest
import sympy as sp

from chalkgrad.algebra import functions
from chalkgrad.algebra.functions import defined
from chalkgrad.algebra.ops import formal
from chalkgrad.algebra.order import add, cases, minus, mul, power
from chalkgrad.algebra.proofs import proved_equal
from chalkgrad.catalogue import activations, losses, optimizers
from chalkgrad.catalogue.activations import ACTIVATIONS, ALPHA, A, Z, activation_op, softmax_op
from chalkgrad.catalogue.losses import COLLAPSES, LOSSES, collapse_op, loss_op

SMOOTH = [row for row in ACTIVATIONS if row.formula is not None and row.differentiable]


def proves(formula: sp.Expr, slope: sp.Expr) -> bool:
    """Whether a slope that may speak of the output a is the derivative of the formula by z."""
    plain = defined(formula).doit()
    return proved_equal(slope.subs(A, plain), sp.diff(plain, Z))


# --- activations -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", SMOOTH, ids=lambda row: row.name)
def test_the_textbook_derivative_is_the_derivative(row):
    assert row.derivative is not None, "every row says its derivative as teachers write it"
    assert proves(row.formula, row.derivative)


@pytest.mark.parametrize("row", SMOOTH, ids=lambda row: row.name)
def test_the_derivative_that_is_used_is_the_one_proved(row):
    assert activation_op(row).partial(Z) == row.derivative


TEXTBOOK = {  # the functions as the literature defines them, in mpmath
    "identity": lambda z, _: z,
    "sigmoid": lambda z, _: 1 / (1 + mpmath.exp(-z)),
    "tanh": lambda z, _: (mpmath.exp(z) - mpmath.exp(-z)) / (mpmath.exp(z) + mpmath.exp(-z)),
    "arctan": lambda z, _: mpmath.atan(z),
    "relu": lambda z, _: max(z, 0),
    "leaky_relu": lambda z, alpha: z if z > 0 else alpha * z,
    "prelu": lambda z, alpha: z if z > 0 else alpha * z,
    "elu": lambda z, alpha: z if z > 0 else alpha * mpmath.expm1(z),  # Clevert et al. (2016), eq. 15
    "softplus": lambda z, _: mpmath.log1p(mpmath.exp(z)),
    "gelu": lambda z, _: z * mpmath.ncdf(z),  # Hendrycks and Gimpel (2016)
    "silu": lambda z, _: z / (1 + mpmath.exp(-z)),  # Elfwing et al. (2018)
}


@pytest.mark.parametrize("row", SMOOTH, ids=lambda row: row.name)
@pytest.mark.parametrize("point", ["-3.1", "-0.25", "0.5", "2.75"])
def test_formula_and_derivative_are_those_of_the_literature(row, point):
    alpha = sp.Rational(3, 10)
    with mpmath.workdps(50):
        z, h = mpmath.mpf(point), mpmath.mpf(10) ** -12
        function = TEXTBOOK[row.name]
        value = function(z, mpmath.mpf("0.3"))
        slope = (function(z + h, mpmath.mpf("0.3")) - function(z - h, mpmath.mpf("0.3"))) / (2 * h)
        plain = defined(row.formula).doit()
        for expression, expected, error in (
            (plain, value, "1e-25"),
            (row.derivative.subs(A, plain), slope, "1e-18"),
        ):
            found = sp.N(defined(expression).subs({Z: sp.Rational(point), ALPHA: alpha}).doit(), 35)
            assert abs(mpmath.mpf(str(found)) - expected) < mpmath.mpf(error)


def test_every_row_is_compared_with_the_literature():
    assert {row.name for row in SMOOTH} == set(TEXTBOOK)
    assert {row.name for row in ACTIVATIONS} - set(TEXTBOOK) == {"step", "softmax"}


WRONG = {
    "sigmoid": mul(A, add(1, A)),
    "tanh": add(1, minus(A)),
    "arctan": add(1, power(Z, 2)),
    "relu": sp.Integer(1),
    "leaky_relu": cases(Z, ALPHA, 1),
    "elu": cases(Z, 1, add(A, minus(ALPHA))),
    "softplus": functions.sigmoid(-Z),
    "gelu": functions.normal_cdf(Z),
    "silu": mul(functions.sigmoid(Z), add(1, minus(functions.sigmoid(Z)))),
    "identity": Z,
}


@pytest.mark.parametrize("name", WRONG)
def test_the_proof_refuses_a_wrong_derivative(name):
    assert not proves(activations.BY_NAME[name].formula, WRONG[name])


@pytest.mark.parametrize(
    "function",
    [functions.sigmoid, functions.softplus, functions.normal_cdf, functions.normal_pdf, functions.relu],
    ids=lambda f: f.__name__,
)
def test_a_function_that_sympy_lacks_has_the_derivative_of_its_definition(function):
    assert proved_equal(function(Z).diff(Z), sp.diff(defined(function(Z)), Z))


def test_the_conventions_at_the_kink():
    assert defined(activations.BY_NAME["relu"].derivative).subs(Z, 0).doit() == 0
    assert activations.BY_NAME["leaky_relu"].derivative.subs(Z, 0).doit() == ALPHA
    elu = activations.BY_NAME["elu"]
    assert elu.derivative.subs(A, 0).subs(Z, 0).doit() == ALPHA
    step = defined(activations.BY_NAME["step"].formula)
    assert [step.subs(Z, value).doit() for value in (-1, 0, 1)] == [0, 1, 1]


def test_the_step_has_no_derivative():
    from chalkgrad.errors import NotDifferentiable

    with pytest.raises(NotDifferentiable):
        activation_op(activations.BY_NAME["step"]).partial(Z)


@pytest.mark.parametrize("size", [2, 3, 4])
def test_the_jacobian_of_softmax(size):
    ops = [softmax_op(size, unit) for unit in range(1, size + 1)]
    outputs = dict(zip(ops[0].companions, (op.formula for op in ops), strict=True))
    for op in ops:
        for z in op.inputs:
            assert proved_equal(op.partial(z).subs(outputs), sp.diff(op.formula.doit(), z))


@pytest.mark.parametrize("size", [2, 3])
def test_the_proof_refuses_a_softmax_without_its_off_diagonal(size):
    op = softmax_op(size, 1)
    assert not proved_equal(sp.Integer(0), sp.diff(op.formula.doit(), op.inputs[1]))


def test_softmax_sums_to_one():
    assert proved_equal(sum(softmax_op(3, unit).formula.doit() for unit in (1, 2, 3)), sp.Integer(1))


def test_every_name_and_alias_is_found_once():
    names = [name for row in ACTIVATIONS for name in (row.name, *row.aliases)]
    assert len(names) == len(set(names))
    assert activations.BY_NAME["logistic"] is activations.BY_NAME["sigmoid"]


# --- losses ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", LOSSES, ids=lambda row: row.name)
def test_the_derivative_of_a_loss(row):
    assert proved_equal(row.derivative, sp.diff(row.share.doit(), losses.A))


@pytest.mark.parametrize("row", LOSSES, ids=lambda row: row.name)
@pytest.mark.parametrize("outputs", [1, 2, 3])
def test_the_derivative_of_a_loss_of_several_outputs(row, outputs):
    op = loss_op(row, outputs)
    factor = sp.Rational(1, outputs) if row.averaged else 1
    assert proved_equal(op.formula, factor * row.share)
    assert proved_equal(op.partial(losses.A), sp.diff(op.formula.doit(), losses.A))


BY_THE_BOOK = {
    "half_squared_error": lambda a, y: (y - a) ** 2 / 2,
    "squared_error": lambda a, y: (y - a) ** 2,
    "mean_squared_error": lambda a, y: (y - a) ** 2,
    "binary_cross_entropy": lambda a, y: -(y * sp.log(a) + (1 - y) * sp.log(1 - a)),
    "cross_entropy": lambda a, y: -y * sp.log(a),
}


def test_every_loss_is_that_of_the_literature():
    assert {row.name for row in LOSSES} == set(BY_THE_BOOK)
    for row in LOSSES:
        assert proved_equal(row.share, BY_THE_BOOK[row.name](losses.A, losses.Y))
        assert row.averaged == (row.name == "mean_squared_error")


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("half_squared_error", losses.Y - losses.A),
        ("squared_error", losses.A - losses.Y),
        ("binary_cross_entropy", -losses.Y / losses.A),
        ("cross_entropy", losses.Y / losses.A),
    ],
)
def test_the_proof_refuses_a_wrong_loss(name, wrong):
    assert not proved_equal(wrong, sp.diff(losses.BY_NAME[name].share.doit(), losses.A))


# --- where an activation and a loss collapse -------------------------------------------------------------------


def collapsed(size: int, targets: tuple[sp.Expr, ...], unit: int) -> tuple[sp.Expr, sp.Expr]:
    """The sum over paths from softmax and cross-entropy to z of a unit, and the short form of the row."""
    outputs = softmax_op(size, 1).companions
    share = loss_op(losses.BY_NAME["cross_entropy"], size)
    z = softmax_op(size, 1).inputs[unit]
    total = sum(
        share.partial(losses.A).subs({losses.A: a, losses.Y: y}) * softmax_op(size, i).partial(z)
        for i, (a, y) in enumerate(zip(outputs, targets, strict=True), 1)
    )
    short = collapse_op("softmax", "cross_entropy")
    assert short is not None
    return total, short.formula.subs({losses.A: outputs[unit], losses.Y: targets[unit]})


@pytest.mark.parametrize("size", [2, 3, 4])
def test_softmax_and_cross_entropy_collapse_where_targets_sum_to_one(size):
    free = sp.symbols(f"y1:{size}", real=True)
    targets = (*free, 1 - sum(free))
    for unit in range(size):
        assert proved_equal(*collapsed(size, targets, unit))


@pytest.mark.parametrize("size", [2, 3, 4])
def test_without_that_condition_they_do_not(size):
    targets = sp.symbols(f"y1:{size + 1}", real=True)
    assert not proved_equal(*collapsed(size, targets, 0))
    assert losses.BY_NAME["cross_entropy"].distribution, "so the judge must ask for it"


def test_sigmoid_and_binary_cross_entropy_collapse():
    short = collapse_op("sigmoid", "binary_cross_entropy")
    assert short is not None
    product = losses.BY_NAME["binary_cross_entropy"].derivative * activations.BY_NAME["sigmoid"].derivative
    assert proved_equal(product, short.formula)


def test_every_collapse_is_proved_above():
    assert {(row.activation, row.loss) for row in COLLAPSES} == {
        ("softmax", "cross_entropy"),
        ("sigmoid", "binary_cross_entropy"),
    }


@pytest.mark.parametrize(
    ("activation", "loss"),
    [("sigmoid", "half_squared_error"), ("tanh", "binary_cross_entropy"), ("softmax", "binary_cross_entropy")],
)
def test_nothing_else_collapses(activation, loss):
    assert collapse_op(activation, loss) is None


# --- optimizers ------------------------------------------------------------------------------------------------


def test_gradient_descent_goes_against_the_gradient():
    row = optimizers.BY_NAME["sgd"]
    w, eta, g = (formal(name) for name in ("w", "eta", "g"))
    # Mazur (2015): w5 = 0.40, rate 0.5, gradient 0.082167041 give 0.35891648
    moved = (
        row.rules[-1]
        .formula.subs({w: sp.Rational("0.40"), eta: sp.Rational("0.5"), g: sp.Rational("0.082167041")})
        .doit()
    )
    assert round(float(moved), 8) == 0.35891648
    assert proved_equal(row.rules[-1].formula, w - eta * g)
