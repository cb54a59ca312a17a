"""One fold over SymPy expressions, for every kind of number.

An expression is compiled once to nested closures; an arithmetic says what `+`, `exp` or a case distinction
mean.  Nothing is ever turned into Python source.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any, Protocol, TypeAlias, TypeVar

import sympy as sp
from sympy import Expr, Symbol

from chalkgrad.algebra import functions
from chalkgrad.algebra.order import add, minus
from chalkgrad.errors import ChalkgradError

T = TypeVar("T")
Compiled: TypeAlias = Callable[[Any, Sequence[Any]], Any]
"""Called with an arithmetic and the values of the formal arguments."""


class Arithmetic(Protocol[T]):
    """What a kind of number must be able to do."""

    def rational(self, p: int, q: int) -> T:
        """The number p/q."""

    def add(self, a: T, b: T) -> T:
        """a + b."""

    def mul(self, a: T, b: T) -> T:
        """a · b."""

    def product(self, factors: Sequence[Compiled], values: Sequence[T]) -> T:
        """The product of what the factors give; 0 as soon as one is exactly 0 (0 · ln 0 = 0)."""

    def power(self, a: T, p: int, q: int) -> T:
        """a to the power p/q."""

    def raised(self, a: T, b: T) -> T:
        """a to the power b, where b is a whole number from 0."""

    def floor(self, a: T) -> T:
        """The greatest whole number that is not above a."""

    def function(self, name: str, a: T) -> T:
        """exp, log, tanh, atan, sin, cos, cos_pi or erf of a."""

    def pi(self) -> T:
        """π."""

    def choose(self, switch: T, cases: Sequence[Compiled], values: Sequence[T]) -> T:
        """What the first, second or third case gives, as the switch is positive, zero or negative."""


@cache
def compiled(expression: Expr, symbols: tuple[Symbol, ...], *, strict: bool = False) -> Compiled:
    """A function of (arithmetic, values), the values in the order of `symbols`.

    `strict` multiplies every factor, so that 0 · ∞ is undefined; else an exact 0 settles a product.
    """
    return _Compiler({symbol: i for i, symbol in enumerate(symbols)}, strict).fold(expression)


class _Compiler:
    def __init__(self, places: dict[Symbol, int], strict: bool) -> None:
        self.places = places
        self.strict = strict

    def fold(self, e: Expr) -> Compiled:
        if e.is_Symbol:
            place = self.places[e]
            return lambda ar, xs: xs[place]
        if e.is_Rational:
            p, q = int(e.p), int(e.q)
            return lambda ar, xs: ar.rational(p, q)
        if e.is_Add:
            return self._sum([self.fold(term) for term in e.args])
        if e.is_Mul:
            return self._product([self.fold(factor) for factor in e.args])
        if e.is_Pow and e.exp == 0:
            return lambda ar, xs: ar.rational(1, 1)
        if e.is_Pow and e.exp.is_Rational:
            base, p, q = self.fold(e.base), int(e.exp.p), int(e.exp.q)
            return lambda ar, xs: ar.power(base(ar, xs), p, q)
        if e.is_Pow and not isinstance(e, sp.exp):
            root, exponent = self.fold(e.base), self.fold(e.exp)
            return lambda ar, xs: ar.raised(root(ar, xs), exponent(ar, xs))
        if e is sp.pi:
            return lambda ar, xs: ar.pi()
        if e is sp.E:
            return lambda ar, xs: ar.function("exp", ar.rational(1, 1))
        if isinstance(e, sp.Piecewise):
            return self._piecewise(e)
        if e.func in _NAMES:
            name, argument = _NAMES[e.func], self.fold(e.args[0])
            return lambda ar, xs: ar.function(name, argument(ar, xs))
        if e.func is sp.floor:
            body = self.fold(e.args[0])
            return lambda ar, xs: ar.floor(body(ar, xs))
        if e.func in functions.DEFINITIONS and e.func not in _SWITCHES:
            return self.fold(functions.DEFINITIONS[e.func](*e.args))
        return self._switch(e)

    def _sum(self, terms: list[Compiled]) -> Compiled:
        first, *rest = terms

        def add(ar: Any, xs: Sequence[Any]) -> Any:
            total = first(ar, xs)
            for term in rest:
                total = ar.add(total, term(ar, xs))
            return total

        return add

    def _product(self, factors: list[Compiled]) -> Compiled:
        if not self.strict:
            return lambda ar, xs: ar.product(factors, xs)
        first, *rest = factors

        def multiply(ar: Any, xs: Sequence[Any]) -> Any:
            result = first(ar, xs)
            for factor in rest:
                result = ar.mul(result, factor(ar, xs))
            return result

        return multiply

    def _piecewise(self, e: sp.Piecewise) -> Compiled:
        (then, condition), (otherwise, _) = e.args
        at_zero = then if isinstance(condition, sp.GreaterThan) else otherwise
        if condition.rhs != 0 or not isinstance(condition, (sp.StrictGreaterThan, sp.GreaterThan)):
            raise ChalkgradError(f"no rule to evaluate the case distinction {e}")
        return self._choose(condition.lhs, then, at_zero, otherwise)

    def _switch(self, e: Expr) -> Compiled:
        rule = _SWITCHES.get(e.func)
        if rule is None:
            raise ChalkgradError(f"no rule to evaluate {e.func}")
        return self._choose(*rule(*e.args))

    def _choose(self, switch: Expr, *cases: Any) -> Compiled:
        value = self.fold(switch)
        branches = [self.fold(sp.sympify(case, strict=True)) for case in cases]
        return lambda ar, xs: ar.choose(value(ar, xs), branches, xs)


def switches(e: Expr) -> Iterator[Expr]:
    """The numbers on whose signs the cases of a formula depend.

    >>> u, v = sp.symbols("u v")
    >>> list(switches(sp.Abs(u) + 2 * functions.maximum(u, v)))
    [u, u - v]
    """
    if isinstance(e, sp.Piecewise):
        (then, condition), (otherwise, _) = e.args
        yield condition.lhs
        parts: Sequence[Expr] = (then, otherwise)
    else:
        if e.func in _SWITCHES:
            yield _SWITCHES[e.func](*e.args)[0]
        parts = e.args
    for part in parts:
        yield from switches(part)


_NAMES = {
    sp.exp: "exp",
    sp.log: "log",
    sp.tanh: "tanh",
    sp.atan: "atan",
    sp.sin: "sin",
    sp.cos: "cos",
    sp.erf: "erf",
    functions.cos_pi: "cos_pi",
}

_HALF = sp.Rational(1, 2)


def _excess(u: Expr, v: Expr) -> Expr:
    return add(u, minus(v))


# switch, value where it is positive, zero, negative
_SWITCHES: dict[Any, Callable[..., tuple[Any, Any, Any, Any]]] = {
    functions.relu: lambda z: (z, z, 0, 0),
    functions.positive: lambda z: (z, 1, 0, 0),
    functions.step: lambda z: (z, 1, 1, 0),
    sp.Abs: lambda u: (u, u, 0, sp.Mul(-1, u)),
    sp.sign: lambda u: (u, 1, 0, -1),
    functions.maximum: lambda u, v: (_excess(u, v), u, u, v),
    functions.minimum: lambda u, v: (_excess(u, v), v, u, u),
    # the two sides of a tie share the slope, as in PyTorch's maximum
    functions.exceeds: lambda u, v: (_excess(u, v), 1, _HALF, 0),
}
