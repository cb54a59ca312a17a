"""Gates of a computation graph: what is written in them, and the local derivative that teachers write.

A row is a formula in the inputs u and v and a number c that belongs to the gate.  Whatever formula a step has, it
is a gate where a row has the same shape: `x2**2` is `u**c`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import sympy as sp
from sympy import Expr, Symbol

from chalkgrad.algebra.functions import maximum, minimum, relu, sigmoid, softplus
from chalkgrad.algebra.ops import OUTPUT, Op, formal
from chalkgrad.algebra.order import add, call, minus, mul, over, power

U, V, C = formal("u"), formal("v"), formal("c")
A = OUTPUT
_HALF = sp.Rational(1, 2)


@dataclass(frozen=True)
class Gate:
    """One kind of gate."""

    name: str
    formula: Expr
    """In u, v and c, in written order."""
    sign: str = ""
    """What stands in the gate: a sign or the name of a function, with c after it where the gate has one; where
    there is none, the formula itself."""
    textbook: Mapping[Symbol, Expr] = field(default_factory=dict)
    """The derivatives that teachers write differently from what SymPy's `diff` returns, in the inputs and the
    output a."""


GATES: tuple[Gate, ...] = (
    Gate("copy", U, "="),
    Gate("plus_number", add(U, C), "+"),
    Gate("number_plus", add(C, U), "+"),
    Gate("plus", add(U, V), "+"),
    Gate("number_minus", add(C, minus(U))),
    Gate("minus", add(U, minus(V)), "−"),
    Gate("negative", minus(U)),
    Gate("number_times", mul(C, U), "×"),
    Gate("times", mul(U, V), "×"),
    Gate("reciprocal", power(U, -1)),
    Gate("number_over", over(C, U)),
    Gate("over", over(U, V), "/"),
    Gate("square_root", power(U, _HALF), "√", {U: over(1, mul(2, A))}),
    Gate("power", power(U, C)),
    Gate("exp", call(sp.exp, U), "exp", {U: A}),
    Gate("log", call(sp.log, U), "ln"),
    Gate("sin", call(sp.sin, U), "sin"),
    Gate("cos", call(sp.cos, U), "cos"),
    Gate("arctan", call(sp.atan, U), "arctan"),
    Gate("erf", call(sp.erf, U), "erf"),
    Gate("abs", call(sp.Abs, U)),
    Gate("sigmoid", call(sigmoid, U), "sigma", {U: mul(A, add(1, minus(A)))}),
    Gate("tanh", call(sp.tanh, U), "tanh", {U: add(1, minus(power(A, 2)))}),
    Gate("relu", call(relu, U), "ReLU"),
    Gate("softplus", call(softplus, U), "softplus"),
    Gate("max", call(maximum, U, V), "max"),
    Gate("max_number", call(maximum, U, C)),
    Gate("number_max", call(maximum, C, U)),
    Gate("min", call(minimum, U, V), "min"),
    Gate("min_number", call(minimum, U, C)),
    Gate("number_min", call(minimum, C, U)),
)
"""In the order in which they are tried: what is special before what is general."""


@dataclass(frozen=True)
class Fitting:
    """A gate, and what stands in the places of its letters."""

    gate: Gate
    places: Mapping[Symbol, Expr]
    """u and v to quantities, c to a number."""


def gate_of(formula: Expr) -> Fitting | None:
    """The gate that a formula is; None where it takes several."""
    for gate in GATES:
        places: dict[Symbol, Expr] = {}
        if _fits(gate.formula, formula, places):
            return Fitting(gate, places)
    return None


def _fits(pattern: Expr, formula: Expr, places: dict[Symbol, Expr]) -> bool:
    if pattern == C:
        places[C] = formula
        return not formula.free_symbols
    if pattern.is_Symbol:
        places[pattern] = formula
        return bool(formula.is_Symbol)
    if not pattern.args:
        return bool(pattern == formula)
    if pattern.func is not formula.func or len(pattern.args) != len(formula.args):
        return False
    return all(_fits(part, own, places) for part, own in zip(pattern.args, formula.args, strict=True))


def step_op(name: str, formula: Expr) -> Op:
    """The op of a circuit's step: its formula in the names of the quantities that it uses.

    >>> x = formal("x")
    >>> step_op("y", power(x, _HALF)).partial(x)
    1/(2*y)
    """
    output = formal(name)
    fitting = gate_of(formula)
    textbook = {}
    if fitting is not None and len(set(fitting.places.values())) == len(fitting.places):
        put = {**fitting.places, A: output}
        textbook = {
            fitting.places[argument]: _put(derivative, put)
            for argument, derivative in fitting.gate.textbook.items()
        }
    return Op(name, symbols_of(formula), formula, textbook, output=output)


def symbols_of(formula: Expr) -> tuple[Symbol, ...]:
    """The variables of a formula, in the order in which they are met when reading it."""
    if formula.is_Symbol:
        return (formula,)
    return tuple(dict.fromkeys(symbol for part in formula.args for symbol in symbols_of(part)))


def _put(expression: Expr, places: Mapping[Symbol, Expr]) -> Expr:
    """An expression with other things in the places of its letters, in the same order."""
    if expression in places:
        return places[expression]
    if not expression.args:
        return expression
    return expression.func(*(_put(part, places) for part in expression.args), evaluate=False)
