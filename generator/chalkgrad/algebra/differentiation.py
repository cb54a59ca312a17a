"""Differentiation as it is done on a board: one rule after the other, each named.

`prime(u, z)` is a derivative that is still to be taken.  A round takes every one of them one rule further, so
each line follows from the line before; `differentiated` lists the rounds until none is left.

>>> z = formal("z")
>>> for move in differentiated(mul(z, call(sigmoid, z)), z):
...     print([rule.name for rule in move.rules], move.result)
['PRODUCT'] sigmoid(z)*prime(z, z) + z*prime(sigmoid(z), z)
['VARIABLE', 'SIGMOID'] 1*sigmoid(z) + z*(sigmoid(z)*(1 - sigmoid(z)))
['TIDY'] z*sigmoid(z)*(1 - sigmoid(z)) + sigmoid(z)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeAlias

import sympy as sp
from sympy import Expr, Function, Symbol

from chalkgrad.algebra.functions import (
    maximum,
    minimum,
    normal_cdf,
    normal_pdf,
    positive,
    relu,
    sigmoid,
    softplus,
    step,
)
from chalkgrad.algebra.order import add, call, cases, minus, mul, over, power
from chalkgrad.algebra.tidying import fraction_of, rebuilt, tidied
from chalkgrad.errors import NotDifferentiable


class Rule(Enum):
    """Why one line follows from the line before.  The value shows the rule."""

    DEFINITION = "tanh z = (e^z − e^−z)/(e^z + e^−z)"
    CONSTANT = "(c)′ = 0"
    VARIABLE = "(z)′ = 1"
    SUM = "(u + v)′ = u′ + v′"
    FACTOR = "(c u)′ = c u′"
    PRODUCT = "(u v)′ = u′ v + u v′"
    QUOTIENT = "(u/v)′ = (u′ v − u v′)/v²"
    POWER = "(z^n)′ = n z^(n − 1)"
    CHAIN = "f(u)′ = f′(u) u′"
    CASES = "each case has its own derivative"
    INVERSE = "f′(z) = 1/g′(f(z)), where g undoes f"
    UNDO = "tan(arctan z) = z"
    EXP = "(e^z)′ = e^z"
    LN = "(ln z)′ = 1/z"
    SIN = "(sin z)′ = cos z"
    COS = "(cos z)′ = −sin z"
    TAN = "(tan z)′ = 1 + tan² z"
    TANH = "(tanh z)′ = 1 − tanh² z"
    ARCTAN = "(arctan z)′ = 1/(1 + z²)"
    ERF = "(erf z)′ = 2 e^(−z²)/√π"
    ABS = "|z|′ = sgn z"
    RELU = "max(0, z)′ = 1(z > 0)"
    SIGMOID = "σ′ = σ(1 − σ)"
    SOFTPLUS = "softplus′ = σ"
    NORMAL = "Φ′ = φ, for Φ is the integral of φ"
    TIDY = "0 u = 0, 1 u = u, −(−u) = u"
    EQUAL_FACTORS = "u u = u²"
    FRACTION_POWER = "u²/v² = (u/v)²"
    SPLIT = "(v − u)/v = 1 − u/v"
    ZERO = "u = u + 1 − 1"
    FRACTIONS = "u/(v w) = (1/v)(u/w)"
    EXTEND = "e^z/(1 + e^z) = 1/(1 + e^−z)"
    FACTOR_OUT = "c u + c v = c(u + v)"
    EXPAND = "c(u + v) = c u + c v"
    EXP_OF_SUM = "e^(u − c) = e^u e^−c"
    CANCEL = "(c u)/(c v) = u/v"
    JACOBIAN = "∂a_i/∂z_i = a_i(1 − a_i), ∂a_i/∂z_j = −a_i a_j"
    NORMALISED = "y_1 + … + y_n = 1"
    INSERT = "z_1 = W_1 x + b_1"
    GROUPED = "u + v + w = u + (v + w)"
    NAMED = "1/(1 + e^−z) is called σ(z)"


@dataclass(frozen=True)
class Move:
    """A line of a calculation: the rules that were used, and what it says."""

    rules: tuple[Rule, ...]
    result: Expr


class prime(Function):  # type: ignore[misc]  # noqa: N801 (printed like the functions of the field)
    """The derivative of an expression by a variable, still to be taken."""

    nargs = 2

    def doit(self, **hints: Any) -> Expr:
        """SymPy's derivative."""
        body, variable = self.args
        return sp.diff(body.doit(), variable)


class partial_prime(prime):  # noqa: N801
    """The same where there are several variables, so that it has to say by which."""


Slope: TypeAlias = Callable[[Expr], Expr]

SLOPES: Mapping[Any, tuple[Rule, Slope]] = {
    sp.exp: (Rule.EXP, lambda u: call(sp.exp, u)),
    sp.log: (Rule.LN, lambda u: over(1, u)),
    sp.sin: (Rule.SIN, lambda u: call(sp.cos, u)),
    sp.cos: (Rule.COS, lambda u: minus(call(sp.sin, u))),
    sp.tan: (Rule.TAN, lambda u: add(1, power(call(sp.tan, u), 2))),
    sp.tanh: (Rule.TANH, lambda u: add(1, minus(power(call(sp.tanh, u), 2)))),
    sp.atan: (Rule.ARCTAN, lambda u: over(1, add(1, power(u, 2)))),
    sp.erf: (Rule.ERF, lambda u: mul(over(2, power(sp.pi, sp.Rational(1, 2))), call(sp.exp, minus(power(u, 2))))),
    sp.Abs: (Rule.ABS, lambda u: call(sp.sign, u)),
    relu: (Rule.RELU, lambda u: call(positive, u)),
    sigmoid: (Rule.SIGMOID, lambda u: mul(call(sigmoid, u), add(1, minus(call(sigmoid, u))))),
    softplus: (Rule.SOFTPLUS, lambda u: call(sigmoid, u)),
    normal_cdf: (Rule.NORMAL, lambda u: call(normal_pdf, u)),
}
"""The derivatives that a table of functions has."""

_E = sp.exp

SPELLED_OUT: Mapping[Any, Callable[[Expr], Expr]] = {
    sp.tanh: lambda z: over(add(call(_E, z), minus(call(_E, minus(z)))), add(call(_E, z), call(_E, minus(z)))),
    sigmoid: lambda z: over(1, add(1, call(_E, minus(z)))),
    softplus: lambda z: call(sp.log, add(1, call(_E, z))),
    relu: lambda z: cases(z, z, 0),
}
"""What the functions are that have a derivation of their own."""

UNDONE_BY: Mapping[Any, Any] = {sp.atan: sp.tan}
"""The functions that are known as the inverse of another."""


def differentiated(formula: Expr, variable: Symbol) -> list[Move]:
    """The derivative of a formula, line by line; the last line has no derivative left to take.

    Raises `NotDifferentiable` for a step, at which nothing can be differentiated.
    """
    if formula.has(step):
        raise NotDifferentiable("a step has no derivative where it jumps, and the derivative 0 elsewhere")
    return taken(call(prime, formula, variable))


def taken(line: Expr) -> list[Move]:
    """Every derivative of a line that is still to be taken, round by round."""
    moves: list[Move] = []
    while line.has(prime):
        rules: dict[Rule, None] = {}
        line = _round(tidied(line), rules)
        moves.append(Move(tuple(rules), line))
    if (tidy := tidied(line)) != line:
        moves.append(Move((Rule.TIDY,), tidy))
    return moves


def _round(e: Expr, rules: dict[Rule, None]) -> Expr:
    """One rule further at every place; notes the rules that were used."""
    if isinstance(e, prime):
        used, result = _applied(*e.args)
        rules.update(dict.fromkeys(used))
        return result
    if not e.has(prime):
        return e
    if isinstance(e, sp.Piecewise):
        return rebuilt(e, [(_round(branch, rules), condition) for branch, condition in e.args])
    return rebuilt(e, [_round(part, rules) for part in e.args])


def _applied(e: Expr, by: Symbol) -> tuple[tuple[Rule, ...], Expr]:
    """The rule for the outermost operation of what is to be differentiated."""
    if by not in e.free_symbols:
        return (Rule.CONSTANT,), sp.Integer(0)
    if e == by:
        return (Rule.VARIABLE,), sp.Integer(1)
    if e.is_Add:
        return (Rule.SUM,), add(*(_signed(term, by) for term in e.args))
    if e.is_Mul:
        return _product(e, by)
    if isinstance(e, sp.Piecewise):
        return (Rule.CASES,), rebuilt(e, [(call(prime, branch, by), condition) for branch, condition in e.args])
    if isinstance(e, maximum | minimum):
        first, other = e.args
        larger, smaller = (first, other) if isinstance(e, maximum) else (other, first)
        switch = tidied(add(larger, minus(smaller)))
        return (Rule.CASES,), cases(switch, call(prime, first, by), call(prime, other, by))
    if e.is_Pow and not isinstance(e, sp.exp):
        return _power(e, by)
    rule, slope = SLOPES[e.func]
    (inner,) = e.args
    return _chained(rule, slope(inner), inner, by)


def _signed(term: Expr, by: Symbol) -> Expr:
    """The derivative of a term of a sum, its sign before it."""
    if term.is_Mul and term.args[0] == -1:
        return minus(call(prime, mul(*term.args[1:]), by))
    return call(prime, term, by)


def _chained(rule: Rule, slope: Expr, inner: Expr, by: Symbol) -> tuple[tuple[Rule, ...], Expr]:
    """The outer derivative, times the inner one where there is something inside."""
    if inner == by:
        return (rule,), slope
    above, below = fraction_of(slope)
    if below != 1:
        product = call(prime, inner, by) if above == 1 else mul(above, call(prime, inner, by))
        return (rule, Rule.CHAIN), over(product, below)
    return (rule, Rule.CHAIN), mul(slope, call(prime, inner, by))


def _product(e: Expr, by: Symbol) -> tuple[tuple[Rule, ...], Expr]:
    constant = [factor for factor in e.args if by not in factor.free_symbols and factor != 1]
    moving = [factor for factor in e.args if by in factor.free_symbols]
    above, below = fraction_of(e)
    if constant and not (above.free_symbols and by in below.free_symbols and by not in above.free_symbols):
        if moving == [by]:
            return (Rule.FACTOR, Rule.VARIABLE), mul(*constant)
        rest = mul(1, *moving) if fraction_of(mul(*moving))[0] == 1 else mul(*moving)
        return (Rule.FACTOR,), mul(*constant, call(prime, rest, by))
    if below != 1:
        slope = add(mul(call(prime, above, by), below), minus(mul(above, call(prime, below, by))))
        return (Rule.QUOTIENT,), over(slope, power(below, 2))
    factors = list(e.args)
    terms = [
        mul(*(call(prime, factor, by) if i == j else factor for j, factor in enumerate(factors)))
        for i in range(len(factors))
    ]
    return (Rule.PRODUCT,), add(*terms)


def _power(e: Expr, by: Symbol) -> tuple[tuple[Rule, ...], Expr]:
    base, exponent = e.args
    if exponent == sp.Rational(1, 2):
        return _chained(Rule.POWER, over(1, mul(2, e)), base, by)
    if exponent.is_Integer and exponent < 0:
        return _product(mul(1, e), by)
    lower = tidied(power(base, exponent - 1))
    return _chained(Rule.POWER, mul(exponent, lower), base, by)
