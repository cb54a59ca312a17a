"""Formulas: one SymPy expression printed in written order, with nodes in the places of its symbols.

Signs of multiplication, parentheses around negative numbers, minus signs and fractions are decided here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import sympy as sp
from sympy import Expr

from chalkgrad.algebra import functions
from chalkgrad.algebra.differentiation import partial_prime, prime
from chalkgrad.algebra.marks import struck, tends
from chalkgrad.algebra.order import mul
from chalkgrad.errors import ChalkgradError
from chalkgrad.markup import nodes
from chalkgrad.markup.pieces import FRACTION, GROUP, LITERAL, NUMBER, RAISED, SUM, SYMBOL, Piece
from chalkgrad.markup.slots import BASE, OPERAND, PLAIN

if TYPE_CHECKING:
    from chalkgrad.markup.base import Printer

_FUNCTION_NAMES: dict[Any, str] = {
    sp.tanh: "tanh",
    sp.atan: "arctan",
    sp.tan: "tan",
    sp.sin: "sin",
    sp.cos: "cos",
    sp.log: "ln",
    sp.erf: "erf",
    functions.maximum: "max",
    functions.minimum: "min",
    sp.sign: "sgn",
    functions.sigmoid: "sigma",
    functions.softplus: "softplus",
    functions.normal_cdf: "Phi",
    functions.normal_pdf: "phi",
    functions.step: "step",
}


class FormulaPrinter:
    """Prints one SymPy expression, in written order, with nodes in the places of its symbols."""

    def __init__(self, printer: Printer, node: nodes.Formula) -> None:
        self.printer = printer
        self.bindings = node.bindings

    def print(self, e: Expr, surroundings: str = PLAIN) -> Piece:
        """The expression, in some surroundings."""
        if e.is_Symbol:
            return self.printer.piece(self.bindings[e], surroundings)
        if e.is_Rational:
            return self._rational(e, surroundings)
        if e.is_Add:
            return self._sum(e)
        if e.is_Mul:
            return self._product(e)
        if isinstance(e, sp.exp):
            return Piece(self.printer.script(self.printer.letter("e"), "", self.print(e.args[0]).text))
        if e.is_Pow:
            return self._power(e)
        if e is sp.pi:
            return Piece(self.printer.letter("pi"))
        if isinstance(e, prime):
            return self._prime(e)
        if isinstance(e, sp.Piecewise):
            return self._cases(e)
        return self._function(e)

    def _rational(self, e: Any, surroundings: str) -> Piece:
        p = self.printer
        text = (
            p.number(str(abs(int(e.p))))
            if e.q == 1
            else p.fraction(p.number(str(abs(int(e.p)))), p.number(str(int(e.q))))
        )
        if e < 0:
            text = f"{p.leading('−')}{text}"
            return Piece(text, SUM) if surroundings == PLAIN else Piece(p.parentheses(text), GROUP)
        return Piece(text, LITERAL)

    def _sum(self, e: Expr) -> Piece:
        return Piece(" ".join(self.terms(e)), SUM)

    def terms(self, e: Expr) -> list[str]:
        """The terms of a sum, each with its sign; the first without a plus."""
        p, out = self.printer, []
        for i, term in enumerate(e.args):
            negative, body = _negated(term)
            piece = self.print(body, OPERAND if i or negative else PLAIN)
            text = p.parentheses(piece.text) if piece.kind == SUM else piece.text
            if i:
                out.append(f"{p.sign('−' if negative else '+')} {text}")
            else:
                out.append(f"{p.leading('−')}{text}" if negative else text)
        return out

    def _product(self, e: Expr) -> Piece:
        p = self.printer
        negative, body = _negated(e)
        if negative:
            piece = self.print(body, OPERAND)
            text = p.parentheses(piece.text) if piece.kind == SUM else piece.text
            return Piece(f"{p.leading('−')}{text}", SUM)
        above = [f for f in e.args if not _is_divisor(f)]
        below = [_reciprocal(f) for f in e.args if _is_divisor(f)]
        rationals = [f for f in above if f.is_Rational and f.q != 1 and len(above) == 2 and not below]
        if (
            rationals
            and (other := next((f for f in above if f is not rationals[0]), None)) is not None
            and not _long(other)
        ):
            return Piece(self._joined([rationals[0], other]), GROUP)
        if below:
            numerator = self._joined(above) if above else p.number("1")
            return Piece(p.fraction(numerator, self._joined(below)), FRACTION)
        return Piece(self._joined(above), GROUP)

    def _joined(self, factors: Sequence[Expr]) -> str:
        """Factors side by side, with a sign between them where a reader needs one."""
        if len(factors) == 1:
            return self.print(factors[0]).text
        p, out, last, before = self.printer, "", None, sp.Integer(1)
        for factor in factors:
            piece = self.print(factor, OPERAND)
            if piece.kind == SUM:
                piece = Piece(p.parentheses(piece.text), GROUP)
            if last is not None:
                needs_sign = piece.kind in (NUMBER, LITERAL) or last == NUMBER or _needs_sign(before, factor)
                # a letter right before a bar of a fraction would seem to belong to it
                apart = f" {p.sign('thin')} " if piece.kind == FRACTION and last in (SYMBOL, RAISED) else " "
                out += f" {p.sign(p.naming.notation.times)} " if needs_sign else apart
            out += piece.text
            last, before = piece.kind, factor
        return out

    def _power(self, e: Expr) -> Piece:
        p = self.printer
        if e.exp == sp.Rational(1, 2):
            return Piece(p.root(self.print(e.base).text))
        if e.exp.is_Rational and e.exp < 0:
            return Piece(p.fraction(p.number("1"), self.print(_reciprocal(e)).text), FRACTION)
        base = self.print(e.base, BASE)
        if not e.exp.is_Rational:
            return Piece(p.script(p.group(base.text), "", self.print(e.exp).text))
        text = base.text
        compound = base.kind in (SUM, GROUP, FRACTION, RAISED) or isinstance(e.base, (sp.Function, sp.Pow))
        if compound:
            text = p.parentheses(text)
        exponent = p.number(str(e.exp.p))
        if e.exp.q != 1:
            exponent = f"{exponent}{p.sign('/')}{p.number(str(e.exp.q))}"
        return Piece(p.script(p.group(text), "", exponent), NUMBER if base.kind == NUMBER else SYMBOL)

    def _prime(self, e: prime) -> Piece:
        """A derivative still to be taken: `(u)′`, or `∂/∂z (u)` where there are several variables."""
        p = self.printer
        body = p.parentheses(self.print(e.args[0]).text)
        if isinstance(e, partial_prime):
            by = p.fraction(p.sign("∂"), f"{p.sign('∂')}{self.print(e.args[1]).text}")
            return Piece(f"{by} {body}", GROUP)
        return Piece(p.script(p.group(body), "", p.sign("′")), GROUP)

    def _cases(self, e: sp.Piecewise) -> Piece:
        p, rows = self.printer, []
        (then, condition), (otherwise, _) = e.args
        strict = isinstance(condition, sp.StrictGreaterThan)
        lhs = self.print(condition.lhs).text
        rows.append((self.print(then).text, f"{lhs} {p.sign('>' if strict else '≥')} {p.number('0')}"))
        rows.append((self.print(otherwise).text, f"{lhs} {p.sign('≤' if strict else '<')} {p.number('0')}"))
        return Piece(p.cases(rows), GROUP)

    def _listed(self, *arguments: str) -> str:
        """Arguments with a separator that no decimal mark can be taken for."""
        return f"{self.printer.sign(self.printer.separator)} ".join(arguments)

    def _function(self, e: Expr) -> Piece:
        p = self.printer
        if isinstance(e, struck):
            inner = self.print(e.args[0])
            return inner._replace(text=p.struck(inner.text))
        if isinstance(e, tends):
            part, limit = (self.print(argument).text for argument in e.args)
            return Piece(p.brace(part, f"{p.sign('→')} {limit}"), GROUP)
        if e.func is functions.relu:
            return Piece(
                p.function("max") + p.parentheses(self._listed(p.number("0"), self.print(e.args[0]).text))
            )
        if e.func is functions.positive:
            return Piece(
                p.function("one") + p.parentheses(f"{self.print(e.args[0]).text} {p.sign('>')} {p.number('0')}")
            )
        if e.func is functions.exceeds:
            larger, smaller = (self.print(argument).text for argument in e.args)
            return Piece(p.function("one") + p.parentheses(f"{larger} {p.sign('>')} {smaller}"))
        if isinstance(e, sp.Abs):
            return Piece(p.bars(self.print(e.args[0]).text))
        if e.func is sp.floor:
            return Piece(p.floor(self.print(e.args[0]).text))
        if e.func is functions.cos_pi:
            return Piece(p.function("cos") + p.parentheses(self.print(mul(sp.pi, e.args[0])).text))
        name = _FUNCTION_NAMES.get(e.func)
        if name is None:
            raise ChalkgradError(f"no rule to print {e.func}")
        if len(e.args) == 1:
            inner = self.print(e.args[0])
            bare = name == "ln" and inner.kind in (NUMBER, SYMBOL, RAISED) and e.args[0].is_Symbol
            if bare:
                # ln 0.75, but ln(−0.75): a negative number brings its own parentheses
                return Piece(p.applied(name, self.print(e.args[0], OPERAND).text), GROUP)
            return Piece(p.function(name) + p.parentheses(inner.text))
        return Piece(p.function(name) + p.parentheses(self._listed(*(self.print(a).text for a in e.args))))


def _negated(e: Expr) -> tuple[bool, Expr]:
    """Whether a term begins with a negative coefficient, and the term without its sign."""
    if e.is_Rational and e < 0:
        return True, -e
    if e.is_Mul and e.args[0].is_Rational and e.args[0] < 0:
        rest = e.args[1:]
        coefficient = -e.args[0]
        factors = rest if coefficient == 1 else (coefficient, *rest)
        return True, factors[0] if len(factors) == 1 else sp.Mul(*factors, evaluate=False)
    return False, e


def _needs_sign(before: Expr, after: Expr) -> bool:
    """Whether two factors would not read as a product side by side: 1(u + v), u(−1), two fractions."""
    fractions = all(e.is_Mul and any(map(_is_divisor, e.args)) for e in (before, after))
    return before in (0, 1) or (after.is_Rational and after < 0) or fractions


def _is_divisor(e: Expr) -> bool:
    return bool(e.is_Pow and e.exp.is_Rational and e.exp < 0)


def _reciprocal(e: Expr) -> Expr:
    return e.base if e.exp == -1 else sp.Pow(e.base, -e.exp, evaluate=False)


def _long(e: Expr) -> bool:
    return bool(e.is_Symbol or e.is_Rational)
