"""Formulas as Python code, for NumPy arrays or PyTorch tensors, in the order in which they are written.

>>> from chalkgrad.algebra.parsing import parse
>>> z = Symbol("z", real=True)
>>> NUMPY.code(parse("z**2/4 + tanh(-z)", ["z"]), {z: "z1"})
'z1**2 / 4 + np.tanh(-z1)'
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, NamedTuple

import sympy as sp
from sympy import Expr, Symbol

from chalkgrad.algebra import functions
from chalkgrad.algebra.order import add, minus, written
from chalkgrad.errors import ChalkgradError

LARGEST_DIVISOR = 9
"""`x / 3`, but `0.01 * x`."""


class Strength(IntEnum):
    """How strongly a piece of code holds together: what is weaker than its place stands in parentheses."""

    SUM = 1
    NEGATED = 2
    PRODUCT = 3
    POWER = 4
    ATOM = 5


class Code(NamedTuple):
    """A piece of code and how strongly it holds together."""

    text: str
    strength: Strength = Strength.ATOM

    def at(self, least: Strength) -> str:
        """The text, in parentheses where its place asks for something stronger."""
        return self.text if self.strength >= least else f"({self.text})"


@dataclass(frozen=True, eq=False)
class Library:
    """What a library calls the functions of the field."""

    module: str
    """The name under which it is imported."""
    names: Mapping[Any, str]
    """Functions of one argument."""
    larger: str
    """The larger of two, entry by entry."""
    smaller: str
    half: str = "0.5"
    """A half, as an argument of a function of arrays."""
    constant: str = "{}"
    """What a constant becomes where a function wants an array."""

    def code(self, formula: Expr, names: Mapping[Symbol, str | Code], least: Strength = Strength.SUM) -> str:
        """A formula as code, with `names` for its symbols."""
        return _Writer(self, names).write(formula).at(least)


def literal(shown: str) -> str:
    """The digits of a given number as Python reads them: a decimal as it is, a whole number as a float.

    >>> literal("0.15"), literal("-2"), literal("1/3")
    ('0.15', '-2.0', '1/3')
    """
    return f"{shown}.0" if shown.lstrip("-").isdigit() else shown


def printed(value: float) -> str:
    """What the `show` of a listing prints: up to ten digits and ten decimals, and no minus before 0.

    >>> printed(0.29837110876000272), printed(-1e-17), printed(123456.7890123)
    ('0.2983711088', '0', '123456.789')
    """
    return f"{round(value, 10) + 0:.10g}"


_COMMON = {
    sp.exp: "exp",
    sp.log: "log",
    sp.tanh: "tanh",
    sp.atan: "arctan",
    sp.sin: "sin",
    sp.cos: "cos",
    sp.Abs: "abs",
    sp.sign: "sign",
    sp.floor: "floor",
}

NUMPY = Library(
    "np",
    {
        **{function: f"np.{name}" for function, name in _COMMON.items()},
        # what NumPy lacks is defined at the top of a listing
        sp.erf: "erf",
        functions.sigmoid: "sigmoid",
        functions.normal_cdf: "Phi",
        functions.normal_pdf: "phi",
    },
    "np.maximum",
    "np.minimum",
)

PYTORCH = Library(
    "torch",
    {
        **{function: f"torch.{name}" for function, name in _COMMON.items()},
        sp.erf: "torch.erf",
        functions.relu: "torch.relu",
        functions.sigmoid: "torch.sigmoid",
        functions.normal_cdf: "torch.special.ndtr",
    },
    "torch.maximum",
    "torch.minimum",
    half="torch.tensor(0.5)",
    constant="torch.tensor({})",
)


class _Writer:
    """Writes one formula."""

    def __init__(self, library: Library, names: Mapping[Symbol, str | Code]) -> None:
        self.library = library
        self.names = names

    def write(self, e: Expr) -> Code:
        if e.is_Symbol:
            name = self.names[e]
            return name if isinstance(name, Code) else Code(name)
        if e.is_Rational:
            return _rational(e)
        if e.is_Add:
            return Code(self._sum(e.args), Strength.SUM)
        if e.is_Mul:
            return self._product(e)
        if e.is_Pow and not isinstance(e, sp.exp):
            return self._power(e)
        if e is sp.pi:
            return Code(f"{self.library.module}.pi")
        if isinstance(e, sp.Piecewise):
            (then, condition), (otherwise, _) = e.args
            sign = ">=" if isinstance(condition, sp.GreaterThan) else ">"
            return self._where(condition.lhs, sign, then, otherwise)
        return self._function(e)

    def _sum(self, terms: Sequence[Expr]) -> str:
        out = ""
        for term in terms:
            negative, body = _negated(term)
            code = self.write(body)
            text = code.at(Strength.PRODUCT if out or negative else Strength.SUM)
            sign = "-" if negative else "+" if out else ""
            out += f" {sign} {text}" if out else f"{sign}{text}"
        return out

    def _product(self, e: Expr) -> Code:
        negative, body = _negated(e)
        if negative:
            return Code(f"-{self.write(body).at(Strength.PRODUCT)}", Strength.NEGATED)
        above: list[Code] = []
        below: list[Code] = []
        for factor in e.args:
            if factor.is_Pow and factor.exp.is_Rational and factor.exp < 0:
                below.append(self.write(_reciprocal(factor)))
            elif factor.is_Rational:
                number, divisor = _as_division(factor)
                above += number
                below += divisor
            else:
                above.append(self.write(factor))
        first, *rest = above or [Code("1")]
        if not rest and not below:
            return first
        text = " * ".join([first.at(Strength.NEGATED), *(code.at(Strength.POWER) for code in rest)])
        if len(below) == 1:
            text += f" / {below[0].at(Strength.POWER)}"
        elif below:
            text += f" / ({' * '.join(code.at(Strength.POWER) for code in below)})"
        return Code(text, Strength.PRODUCT if first.strength != Strength.NEGATED else Strength.NEGATED)

    def _power(self, e: Expr) -> Code:
        if e.exp.is_Rational and e.exp < 0:
            return Code(f"1 / {self.write(_reciprocal(e)).at(Strength.POWER)}", Strength.PRODUCT)
        base = self.write(e.base)
        if e.exp == sp.Rational(1, 2) and e.free_symbols:
            return Code(f"{self.library.module}.sqrt({base.text})")
        exponent = (_rational(e.exp) if e.exp.is_Rational else self.write(e.exp)).at(Strength.ATOM)
        plain = base.text.replace(".", "").isidentifier() or base.text.isdigit()
        return Code(f"{base.at(Strength.ATOM)}{'**' if plain else ' ** '}{exponent}", Strength.POWER)

    def _function(self, e: Expr) -> Code:
        if e.func in self.library.names:
            return Code(f"{self.library.names[e.func]}({self._argument(e.args[0])})")
        if e is sp.E:
            return self.write(sp.exp(1, evaluate=False))
        if e.func is functions.relu:
            return Code(f"{self.library.larger}(0, {self.write(e.args[0]).text})")
        if e.func is functions.positive:
            return self._where(e.args[0], ">", sp.Integer(1), sp.Integer(0))
        if e.func is functions.step:
            return self._where(e.args[0], ">=", sp.Integer(1), sp.Integer(0))
        if e.func is functions.exceeds:
            # the two sides of a tie share the slope, as in PyTorch's maximum
            excess = add(e.args[0], minus(e.args[1]))
            return Code(f"{self.library.module}.heaviside({self._argument(excess)}, {self.library.half})")
        pair = {functions.maximum: self.library.larger, functions.minimum: self.library.smaller}.get(e.func)
        if pair is not None:
            return Code(f"{pair}({', '.join(map(self._argument, e.args))})")
        if e.func in functions.DEFINITIONS:
            return self.write(written(functions.DEFINITIONS[e.func](*e.args)))
        raise ChalkgradError(f"no rule to write {e.func} as code")

    def _argument(self, e: Expr) -> str:
        """An argument of a function."""
        text = self.write(e).text
        # what is made by functions is an array already
        return text if e.free_symbols or e.atoms(sp.Function) else self.library.constant.format(literal(text))

    def _where(self, switch: Expr, sign: str, then: Expr, otherwise: Expr) -> Code:
        """A case distinction; whole numbers are floats, or the result would be whole."""
        cases = [f"{float(case)}" if case.is_Integer else self.write(case).text for case in (then, otherwise)]
        return Code(f"{self.library.module}.where({self.write(switch).text} {sign} 0, {', '.join(cases)})")


def _rational(e: Any) -> Code:
    p, q = int(e.p), int(e.q)
    weak = Strength.NEGATED if p < 0 else Strength.ATOM
    if q == 1:
        return Code(str(p), weak)
    decimal = _decimal(p, q)
    return Code(decimal, weak) if decimal else Code(f"{p} / {q}", Strength.NEGATED if p < 0 else Strength.PRODUCT)


def _decimal(p: int, q: int) -> str | None:
    """p/q as a decimal that says all of it; None where there is no short one.

    >>> _decimal(3, 10), _decimal(1, 3)
    ('0.3', None)
    """
    text = repr(p / q)
    return text if sp.Rational(text) == sp.Rational(p, q) else None


def _as_division(e: Any) -> tuple[list[Code], list[Code]]:
    """A coefficient as factors above and below the line: a half divides by 2, 2/3 stands above and below."""
    p, q = int(e.p), int(e.q)
    if q == 1 or (q > LARGEST_DIVISOR and _decimal(p, q)) or (p != 1 and _decimal(p, q)):
        return [_rational(e)] if e != 1 else [], []
    return [Code(str(p))] if p != 1 else [], [Code(str(q))]


def _negated(e: Expr) -> tuple[bool, Expr]:
    """Whether a term begins with a minus sign, and the term without it."""
    if e.is_Rational and e < 0:
        return True, -e
    if e.is_Mul and e.args[0].is_Rational and e.args[0] < 0:
        coefficient, rest = -e.args[0], e.args[1:]
        factors = rest if coefficient == 1 else (coefficient, *rest)
        return True, factors[0] if len(factors) == 1 else sp.Mul(*factors, evaluate=False)
    return False, e


def _reciprocal(e: Expr) -> Expr:
    return e.base if e.exp == -1 else sp.Pow(e.base, -e.exp, evaluate=False)
