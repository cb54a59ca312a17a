"""An op: a function of formal arguments that is derived once and applied many times."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

import sympy as sp
from sympy import Expr, Symbol

from chalkgrad.algebra.order import add, mul, written


def formal(name: str) -> Symbol:
    """A formal argument: a real variable of this name."""
    return Symbol(name, real=True)


OUTPUT = formal("a")
"""The formal name of an op's result, for textbook derivatives such as a(1 − a)."""


@dataclass(frozen=True, eq=False)
class Op:
    """A formula in formal arguments, and its partial derivatives.

    >>> z = formal("z")
    >>> Op("square", (z,), z**2).partial(z)
    2*z
    """

    name: str
    inputs: tuple[Symbol, ...]
    formula: Expr
    """In written order."""
    textbook: Mapping[Symbol, Expr] = field(default_factory=dict)
    """The derivatives that teachers write differently from what `diff` returns; tests prove them equal.
    They may also use `output` and the companions."""
    output: Symbol = OUTPUT
    companions: tuple[Symbol, ...] = ()
    """Formal names for the results of the other units of the layer (softmax needs them)."""
    differentiable: bool = True
    """Whether derivatives are taken through it."""

    def partial(self, argument: Symbol) -> Expr:
        """The derivative by one argument: the textbook form where the op has one, else SymPy's."""
        return _partial(self, argument)


@cache
def _partial(op: Op, argument: Symbol) -> Expr:
    return op.textbook[argument] if argument in op.textbook else derived(op.formula, argument)


def derived(formula: Expr, argument: Symbol) -> Expr:
    """SymPy's derivative in a readable order.

    Only the terms of a sum in which the argument occurs are differentiated: a weighted sum of 784 inputs
    costs no more a derivative than one of two.
    """
    terms = _terms_by_symbol(formula).get(argument, ())
    slope = sp.Add(*(sp.diff(term, argument) for term in terms))
    return written(slope, _parts(terms)) if slope.free_symbols else slope.doit()


def _parts(terms: Iterable[Expr]) -> frozenset[Expr]:
    """What the functions in a formula are applied to: in a derivative too it stands as it was written."""
    return frozenset(
        argument for term in terms for function in term.atoms(sp.Function) for argument in function.args
    )


@cache
def _terms_by_symbol(formula: Expr) -> Mapping[Symbol, tuple[Expr, ...]]:
    """The terms of a sum in which each symbol occurs."""
    found: dict[Symbol, list[Expr]] = {}
    for term in sp.Add.make_args(formula):
        for symbol in term.free_symbols:
            found.setdefault(symbol, []).append(term)
    return {symbol: tuple(terms) for symbol, terms in found.items()}


@cache
def weighted_sum(size: int, *, bias: bool) -> Op:
    """`w_1 x_1 + … + w_n x_n + b`: inputs w_1…w_n, x_1…x_n and, if there is one, b."""
    weights = sp.symbols(f"w1:{size + 1}", real=True)
    inputs = sp.symbols(f"x1:{size + 1}", real=True)
    offset = (formal("b"),) if bias else ()
    terms = [mul(w, x) for w, x in zip(weights, inputs, strict=True)]
    # One term is differentiated; the other 783 of a large layer differ in nothing but their names.
    w, x = formal("w"), formal("x")
    by_weight, by_input = derived(mul(w, x), w), derived(mul(w, x), x)
    partials: dict[Symbol, Expr] = {}
    for own, value in zip(weights, inputs, strict=True):
        partials[own] = by_weight.xreplace({w: own, x: value})
        partials[value] = by_input.xreplace({w: own, x: value})
    return Op("weighted_sum", (*weights, *inputs, *offset), add(*terms, *offset), partials)


@cache
def total(size: int) -> Op:
    """The sum of its arguments."""
    shares = sp.symbols(f"s1:{size + 1}", real=True)
    return Op("total", tuple(shares), add(*shares))


@cache
def chain(lengths: tuple[int, ...]) -> Op:
    """The sum over paths of products of factors: `chain((2, 2))` is f1 f2 + f3 f4."""
    factors = iter(sp.symbols(f"f1:{sum(lengths) + 1}", real=True))
    paths = [[next(factors) for _ in range(length)] for length in lengths]
    return Op("chain", tuple(f for path in paths for f in path), add(*(mul(*path) for path in paths)))


@cache
def average(size: int, *, mean: bool) -> Op:
    """The sum of its arguments, or their mean, written as one n-th of the sum."""
    gradients = sp.symbols(f"g1:{size + 1}", real=True)
    formula = add(*gradients)
    return Op("average", tuple(gradients), mul(sp.Rational(1, size), formula) if mean else formula)
