"""The printer that all markups share: it knows mathematics and its conventions, not markup.

Sums and products are printed in the order in which they were written.  Signs of multiplication, parentheses
around negative numbers, minus signs and fractions are decided here, once; a markup only says what a fraction
or an index looks like.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple

import sympy as sp
from sympy import Expr

from chalkgrad.algebra import functions
from chalkgrad.errors import ChalkgradError
from chalkgrad.markup import nodes
from chalkgrad.markup.naming import Naming, SymbolParts
from chalkgrad.markup.nodes import Math
from chalkgrad.markup.slots import BASE, OPERAND, PLAIN, BranchSlot, NumberSlot, RelationSlot, Slots
from chalkgrad.quantities import Quantity, Role

NUMBER, LITERAL, SYMBOL, RAISED, GROUP, SUM = "number", "literal", "symbol", "raised", "group", "sum"


class Piece(NamedTuple):
    """Printed mathematics, and what kind of thing it is: that decides what may stand beside it."""

    text: str
    kind: str = SYMBOL


_PER_SAMPLE = frozenset({Role.INPUT, Role.TARGET, Role.WEIGHTED_SUM, Role.ACTIVATION})
"""What each sample has of its own."""

_FUNCTION_NAMES: dict[Any, str] = {
    sp.tanh: "tanh",
    sp.atan: "arctan",
    sp.sin: "sin",
    sp.cos: "cos",
    sp.log: "ln",
    sp.erf: "erf",
    sp.Max: "max",
    sp.Min: "min",
    sp.sign: "sgn",
    sp.Heaviside: "H",
    functions.sigmoid: "sigma",
    functions.softplus: "softplus",
    functions.normal_cdf: "Phi",
    functions.normal_pdf: "phi",
    functions.step: "step",
}


@dataclass
class Printer:
    """Turns nodes into text with markers; subclasses supply the markup."""

    naming: Naming
    slots: Slots = field(default_factory=Slots)
    names: dict[nodes.Name, Piece] = field(default_factory=dict, init=False)
    """Names already printed: the same few stand all over a page."""

    # ---- what a markup supplies -------------------------------------------------------------------------

    def letter(self, base: str) -> str:
        """A letter, a Greek letter spelled out, or a word."""
        raise NotImplementedError

    def script(self, base: str, sub: str, sup: str) -> str:
        """Something with indices."""
        raise NotImplementedError

    def fraction(self, above: str, below: str) -> str:
        """A fraction."""
        raise NotImplementedError

    def root(self, body: str) -> str:
        """A square root."""
        raise NotImplementedError

    def parentheses(self, body: str) -> str:
        """Parentheses as high as what they hold."""
        raise NotImplementedError

    def bars(self, body: str) -> str:
        """An absolute value."""
        raise NotImplementedError

    def function(self, name: str) -> str:
        """The name of a function, before its argument."""
        raise NotImplementedError

    def sign(self, sign: str) -> str:
        """A sign by its name."""
        raise NotImplementedError

    def brace(self, body: str, label: str) -> str:
        """A brace below."""
        raise NotImplementedError

    def tint(self, colour: str, body: str) -> str:
        """A colour of the page."""
        raise NotImplementedError

    def matrix(self, rows: Sequence[Sequence[str | None]], shape: tuple[int, int] | None) -> str:
        """A matrix with its shape under it."""
        raise NotImplementedError

    def shaped(self, body: str, shape: tuple[int, int]) -> str:
        """A shape under a name."""
        raise NotImplementedError

    def cases(self, rows: Sequence[tuple[str, str]]) -> str:
        """A case distinction: value and condition."""
        raise NotImplementedError

    def big_sum(self, index: str) -> str:
        """The sign of a sum over an index."""
        raise NotImplementedError

    # ---- nodes --------------------------------------------------------------------------------------------

    def show(self, node: Math) -> str:
        """The text of a node, with markers for its numbers."""
        return self.piece(node, PLAIN).text

    def piece(self, node: Math, surroundings: str) -> Piece:
        """The text and the kind of a node in some surroundings."""
        return self._rules[type(node)](self, node, surroundings)

    def _name(self, node: nodes.Name, _: str) -> Piece:
        found = self.names.get(node)
        if found is None:
            found = self.names[node] = self._print_name(node)
        return found

    def _print_name(self, node: nodes.Name) -> Piece:
        quantity = node.quantity
        if isinstance(quantity, Quantity):
            parts = self.naming.symbol(quantity, node.sample, node.ahead)
            return Piece(self.symbol(parts), RAISED if parts.sup or parts.prime else SYMBOL)
        if short := self.naming.derivative(quantity, node.sample):
            return Piece(self.symbol(short))
        sample = node.sample if quantity.per_sample else ""
        above = quantity.of if quantity.per_sample else quantity.of._replace(per_sample=False)
        numerator = self.symbol(self.naming.symbol(above, sample or 1))
        denominator = self.symbol(self.naming.symbol(quantity.by, sample or 1, node.ahead))
        return Piece(self._derivative(numerator, denominator), GROUP)

    def _derivative(self, above: str, below: str) -> str:
        d = self.sign("∂")
        return self.fraction(f"{d}{above}", f"{d}{below}")

    def symbol(self, parts: SymbolParts) -> str:
        """Base letter with its indices."""
        sub, sup = parts.below, parts.above
        if parts.prime:
            sup += self.sign("′")
        base = self._with_prefix(parts)
        return self.script(base, self.index(sub), self.index(sup)) if sub or sup else base

    def _with_prefix(self, parts: SymbolParts) -> str:
        """The base letter; dz is a word, a d before any other letter stands beside it."""
        if len(parts.base) == 1 and parts.base.isascii():
            return self.letter(parts.prefix + parts.base)
        return (
            f"{self.letter(parts.prefix)} {self.letter(parts.base)}" if parts.prefix else self.letter(parts.base)
        )

    def index(self, text: str) -> str:
        """What stands in an index: letters and digits, or a word."""
        return text

    def _matrix_name(self, node: nodes.MatrixName, _: str) -> Piece:
        own = node.sample if node.role in _PER_SAMPLE or self.naming.notation.derivative else ""
        parts = self.naming.matrix(node.role, node.layer, node.ahead, own if isinstance(own, int) else "")
        if not node.gradient:
            return Piece(self._transposed(self.symbol(parts), node.transposed))
        if prefix := self.naming.notation.derivative:
            return Piece(self._transposed(self.symbol(parts._replace(prefix=prefix)), node.transposed))
        cost = self.symbol(self.naming.symbol(Quantity(Role.COST, per_sample=node.sample != ""), node.sample))
        return Piece(self._transposed(self._derivative(cost, self.symbol(parts)), node.transposed, compound=True))

    def _delta_name(self, node: nodes.DeltaName, surroundings: str) -> Piece:
        if self.naming.notation.has_delta:
            text = self.symbol(self.naming.matrix("delta", node.layer, 0, node.sample))
            return Piece(self._transposed(text, node.transposed))
        sample = node.sample or (self.naming.notation.indices["n"] if self.naming.samples > 1 else "")
        written = nodes.MatrixName(
            Role.WEIGHTED_SUM, node.layer, transposed=node.transposed, gradient=True, sample=sample
        )
        return self._matrix_name(written, surroundings)

    def _transposed(self, text: str, transposed: bool, *, compound: bool = False) -> str:
        if not transposed:
            return text
        return self.script(self.parentheses(text) if compound or "^" in text else text, "", self.sign("T"))

    def group(self, text: str) -> str:
        """Something that takes an index as a whole."""
        return text

    def _num(self, node: nodes.Num, surroundings: str) -> Piece:
        return Piece(self.slots.marker(NumberSlot(node.at, surroundings)), NUMBER)

    def _relation(self, node: nodes.Relation, _: str) -> Piece:
        return Piece(self.slots.marker(RelationSlot(node.used, node.results)))

    def _branch(self, node: nodes.Branch, _: str) -> Piece:
        texts = (self.show(case) for case in (node.positive, node.zero, node.negative))
        return Piece(self.slots.marker(BranchSlot(node.switch, *texts)))

    def _word(self, node: nodes.Word, _: str) -> Piece:
        return Piece(self.letter(node.text), LITERAL if node.text.isdigit() else SYMBOL)

    def _sign(self, node: nodes.Sign, _: str) -> Piece:
        return Piece(self.sign(node.sign))

    def _row(self, node: nodes.Row, _: str) -> Piece:
        return Piece(" ".join(text for item in node.items if (text := self.show(item))))

    def _product_node(self, node: nodes.Product, _: str) -> Piece:
        factors = []
        for factor in node.factors:
            piece = self.piece(factor, OPERAND)
            factors.append(self.parentheses(piece.text) if piece.kind == SUM else piece.text)
        return Piece(f" {self.sign(self.naming.notation.times)} ".join(factors), GROUP)

    def _fraction(self, node: nodes.Fraction, _: str) -> Piece:
        return Piece(self.fraction(self.show(node.above), self.show(node.below)), GROUP)

    def _brace(self, node: nodes.Brace, _: str) -> Piece:
        return Piece(self.brace(self.show(node.body), self.show(node.label)), GROUP)

    def _tint(self, node: nodes.Tint, surroundings: str) -> Piece:
        piece = self.piece(node.body, surroundings)
        return Piece(self.tint(node.colour, piece.text), piece.kind)

    def _paren(self, node: nodes.Paren, _: str) -> Piece:
        return Piece(self.parentheses(self.show(node.body)), GROUP)

    def _applied(self, node: nodes.Applied, _: str) -> Piece:
        name = self.function(node.function)
        if node.prime:
            name = self.script(name, "", self.sign("′"))
        return Piece(name + self.parentheses(self.show(node.argument)))

    def _big_sum(self, node: nodes.BigSum, _: str) -> Piece:
        body = self.piece(node.body, OPERAND)
        text = self.parentheses(body.text) if body.kind == SUM else body.text
        return Piece(f"{self.big_sum(self.show(node.index))} {text}", GROUP)

    def _matrix(self, node: nodes.Matrix, _: str) -> Piece:
        rows = [[None if entry is None else self.show(entry) for entry in row] for row in node.rows]
        return Piece(self.matrix(rows, node.shape), GROUP)

    def _shaped(self, node: nodes.Shaped, _: str) -> Piece:
        return Piece(self.shaped(self.show(node.body), node.shape), GROUP)

    def _raised(self, node: nodes.Raised, _: str) -> Piece:
        return Piece(self.script(self.group(self.show(node.body)), "", self.show(node.above)), GROUP)

    # ---- formulas -----------------------------------------------------------------------------------------

    def _formula(self, node: nodes.Formula, surroundings: str) -> Piece:
        return _FormulaPrinter(self, node).print(node.expression, surroundings)

    def _continued(self, node: nodes.Continued, _: str) -> Piece:
        return Piece(_FormulaPrinter(self, node.sum).terms(node.sum.expression)[1], GROUP)

    _rules: ClassVar[dict[Any, Callable[..., Piece]]] = {
        nodes.Name: _name,
        nodes.MatrixName: _matrix_name,
        nodes.DeltaName: _delta_name,
        nodes.Num: _num,
        nodes.Relation: _relation,
        nodes.Branch: _branch,
        nodes.Word: _word,
        nodes.Sign: _sign,
        nodes.Row: _row,
        nodes.Product: _product_node,
        nodes.Fraction: _fraction,
        nodes.Brace: _brace,
        nodes.Tint: _tint,
        nodes.Paren: _paren,
        nodes.Applied: _applied,
        nodes.BigSum: _big_sum,
        nodes.Matrix: _matrix,
        nodes.Shaped: _shaped,
        nodes.Raised: _raised,
        nodes.Formula: _formula,
        nodes.Continued: _continued,
    }


class _FormulaPrinter:
    """Prints one SymPy expression, in written order, with nodes in the places of its symbols."""

    def __init__(self, printer: Printer, node: nodes.Formula) -> None:
        self.printer = printer
        self.bindings = node.bindings

    def print(self, e: Expr, surroundings: str = PLAIN) -> Piece:
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
        if isinstance(e, sp.Piecewise):
            return self._cases(e)
        return self._function(e)

    def _rational(self, e: Any, surroundings: str) -> Piece:
        p = self.printer
        text = str(abs(int(e.p))) if e.q == 1 else p.fraction(str(abs(int(e.p))), str(int(e.q)))
        if e < 0:
            text = f"{p.sign('−')}{text}"
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
            sign = p.sign("−") if negative else p.sign("+") if i else ""
            out.append(f"{sign} {text}" if sign and i else f"{sign}{text}")
        return out

    def _product(self, e: Expr) -> Piece:
        p = self.printer
        negative, body = _negated(e)
        if negative:
            piece = self.print(body, OPERAND)
            text = p.parentheses(piece.text) if piece.kind == SUM else piece.text
            return Piece(f"{p.sign('−')}{text}", SUM)
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
            numerator = self._joined(above) if above else "1"
            return Piece(p.fraction(numerator, self._joined(below)), GROUP)
        return Piece(self._joined(above), GROUP)

    def _joined(self, factors: Sequence[Expr]) -> str:
        """Factors side by side, with a sign between them where a reader needs one."""
        if len(factors) == 1:
            return self.print(factors[0]).text
        p, out, last = self.printer, "", None
        for factor in factors:
            piece = self.print(factor, OPERAND)
            if piece.kind == SUM:
                piece = Piece(p.parentheses(piece.text), GROUP)
            if last is not None:
                needs_sign = piece.kind in (NUMBER, LITERAL) or last == NUMBER
                out += f" {p.sign(p.naming.notation.times)} " if needs_sign else " "
            out += piece.text
            last = piece.kind
        return out

    def _power(self, e: Expr) -> Piece:
        p = self.printer
        if e.exp == sp.Rational(1, 2):
            return Piece(p.root(self.print(e.base).text))
        if e.exp.is_Rational and e.exp < 0:
            return Piece(p.fraction("1", self.print(_reciprocal(e)).text), GROUP)
        base = self.print(e.base, BASE)
        text = base.text
        compound = base.kind in (SUM, GROUP, RAISED) or isinstance(e.base, (sp.Function, sp.Pow))
        if compound:
            text = p.parentheses(text)
        exponent = str(e.exp) if e.exp.q == 1 else f"{e.exp.p}/{e.exp.q}"
        return Piece(p.script(p.group(text), "", exponent), NUMBER if base.kind == NUMBER else SYMBOL)

    def _cases(self, e: sp.Piecewise) -> Piece:
        p, rows = self.printer, []
        (then, condition), (otherwise, _) = e.args
        strict = isinstance(condition, sp.StrictGreaterThan)
        lhs = self.print(condition.lhs).text
        rows.append((self.print(then).text, f"{lhs} {p.sign('>' if strict else '≥')} 0"))
        rows.append((self.print(otherwise).text, f"{lhs} {p.sign('≤' if strict else '<')} 0"))
        return Piece(p.cases(rows), GROUP)

    def _function(self, e: Expr) -> Piece:
        p = self.printer
        if e.func is functions.relu:
            return Piece(p.function("max") + p.parentheses(f"0{p.sign(';')} {self.print(e.args[0]).text}"))
        if e.func is functions.positive:
            return Piece(p.function("one") + p.parentheses(f"{self.print(e.args[0]).text} {p.sign('>')} 0"))
        if isinstance(e, sp.Abs):
            return Piece(p.bars(self.print(e.args[0]).text))
        name = _FUNCTION_NAMES.get(e.func)
        if name is None:
            raise ChalkgradError(f"no rule to print {e.func}")
        arguments = (
            f"{p.sign(';')} ".join(self.print(a).text for a in sp.ordered(e.args)) if len(e.args) > 1 else None
        )
        if isinstance(e, sp.Heaviside) or arguments is None:
            inner = self.print(e.args[0])
            bare = name == "ln" and inner.kind in (NUMBER, SYMBOL, RAISED) and e.args[0].is_Symbol
            if bare:
                # ln 0.75, but ln(−0.75): a negative number brings its own parentheses
                return Piece(f"{p.function(name)} {self.print(e.args[0], OPERAND).text}", GROUP)
            return Piece(p.function(name) + p.parentheses(inner.text))
        return Piece(p.function(name) + p.parentheses(arguments))


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


def _is_divisor(e: Expr) -> bool:
    return bool(e.is_Pow and e.exp.is_Rational and e.exp < 0)


def _reciprocal(e: Expr) -> Expr:
    return e.base if e.exp == -1 else sp.Pow(e.base, -e.exp, evaluate=False)


def _long(e: Expr) -> bool:
    return bool(e.is_Symbol or e.is_Rational)
