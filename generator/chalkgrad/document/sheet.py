"""The sheet of one activation function: formula, behaviour, graph, derivative line by line, values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import sympy as sp
from sympy import Expr, Symbol

from chalkgrad.algebra.differentiation import SPELLED_OUT, UNDONE_BY, Move, prime
from chalkgrad.algebra.functions import defined, normal_cdf, relu
from chalkgrad.algebra.functions import step as step_function
from chalkgrad.algebra.ops import OUTPUT, formal
from chalkgrad.algebra.order import add, call, minus, mul, over, power
from chalkgrad.algebra.textbook import textbook_moves
from chalkgrad.catalogue.activations import Z
from chalkgrad.derivation.model import Kind, Step
from chalkgrad.document.graphs import graph
from chalkgrad.document.model import (
    Block,
    Cell,
    Equations,
    Facts,
    Inline,
    Line,
    Link,
    NumberCell,
    Paragraph,
    Remark,
    Table,
)
from chalkgrad.document.moves import lines
from chalkgrad.document.plot import Plot
from chalkgrad.document.scribe import EQUALS, Scribe, equal
from chalkgrad.markup.nodes import (
    EMPTY,
    Applied,
    Branch,
    Formula,
    Fraction,
    Math,
    Name,
    Num,
    Relation,
    Row,
    Sign,
    Word,
)
from chalkgrad.network.activations import BOUND, POINT, Sheet
from chalkgrad.quantities import AnyQuantity, At, Partial, Quantity, Role


class SheetWriter:
    """Writes the sheet of one function."""

    def __init__(self, scribe: Scribe, sheet: Sheet) -> None:
        self.scribe = scribe
        self.sheet = sheet
        self.row = sheet.row
        self.z = Name(POINT._replace(per_sample=False))
        self.negative = Row((self.z, Sign("<"), Word("0")))
        self.names: dict[Symbol, Math] = {Z: self.z}
        self.names |= {formal(q.name): scribe.name(q) for q in sheet.settings}

    def applied(self, argument: Math, *, prime: bool = False) -> Applied:
        """The function, or its derivative, of something."""
        return Applied(self.row.symbol, argument, prime=prime)

    def equation(self, number: Math) -> Row:
        """`z = −4.6`."""
        return Row((self.z, EQUALS, number))

    def blocks(self) -> Iterator[Block]:
        """The whole sheet."""
        yield from self._formula()
        if facts := tuple(self._facts()):
            yield Facts(facts)
        if self.scribe.spec.show.drawings != "none":
            yield self._graph()
        if self.row.differentiable:
            yield from self._derivative()
        else:
            yield from self._no_derivative()
        yield from self._values()

    # ---- the function -------------------------------------------------------------------------------------

    def _formula(self) -> Iterator[Block]:
        formula = self.row.formula
        assert formula is not None  # noqa: S101 (softmax has a sheet of its own)
        spelled = SPELLED_OUT[formula.func](Z) if formula.func in SPELLED_OUT else None
        links = [] if _is_own_name(formula, self.row.symbol) else [equal(Formula(formula, self.names))]
        if spelled is not None:
            links.append(equal(Formula(spelled, self.names)))
        if formula.func is step_function:
            links = [equal(Formula(_step_cases(), self.names))]
        if links:
            yield Equations((Line(self.applied(self.z), tuple(links)),))
            if formula.has(normal_cdf):
                yield Paragraph(
                    self.scribe.say(
                        "sheet.normal", cdf=Applied("Phi", self.z), pdf=Applied("phi", self.z), z=self.z
                    )
                )
                yield Equations((Line(Applied("phi", self.z), (equal(Formula(_NORMAL, self.names)),)),))
        else:
            yield Paragraph(self.scribe.say("sheet.inverse_of", f=self.applied(self.z), z=self.z))

    def _facts(self) -> Iterator[tuple[Inline, tuple[Inline, ...]]]:
        found = self.sheet.behaviour
        if found is None:
            if not self.row.differentiable:
                yield self.scribe.say("fact.range"), (self.scribe.say("sheet.two_values"),)
            return
        yield self.scribe.say("fact.range"), ((interval(self.scribe, self.sheet),),)
        yield self.scribe.say("fact.shape"), (self.scribe.words.join(*self._shape()),)
        yield self.scribe.say("fact.saturation"), (self._saturation(),)

    def _shape(self) -> Iterator[Inline]:
        found = self.sheet.behaviour
        assert found is not None  # noqa: S101 (asked before)
        if found.is_rising:
            if found.dead_below:
                yield self.scribe.say("sheet.flat_and_rising", negative=self.negative)
            else:
                yield self.scribe.say("sheet.rising")
        if found.turns_at is not None:
            turn, least = self.sheet.constant("turn"), self.sheet.constant("least")
            value = Row((self.applied(self.z), Relation((), (At(least),)), Num(At(least))))
            yield self.scribe.say(
                "sheet.least", at=Row((self.z, Relation((), (At(turn),)), Num(At(turn)))), value=value
            )
        if found.is_odd:
            yield self.scribe.say("sheet.odd")
        elif found.range.inf >= 0:
            yield self.scribe.say("sheet.never_negative")
        else:
            yield self.scribe.say("sheet.both_signs")

    def _saturation(self) -> Inline:
        found = self.sheet.behaviour
        assert found is not None  # noqa: S101 (asked before)
        constants = [what for what in ("below", "above") if what in self.sheet.constants]
        ends = {what: self.equation(Num(At(self.sheet.constant(what)))) for what in constants}
        bound, scribe = Num(At(BOUND)), self.scribe
        if len(ends) == 2:
            told = scribe.say("sheet.saturates", below=ends["below"], above=ends["above"], bound=bound)
        elif "below" in ends:
            told = scribe.say("sheet.saturates_left", below=ends["below"], bound=bound)
        elif found.dead_below:
            told = scribe.say("sheet.dead", negative=self.negative)
        else:
            told = scribe.say("sheet.saturates_nowhere")
        return told

    def _graph(self) -> Plot:
        numbers = {formal(q.name): sp.Rational(v.numerator, v.denominator) for q, v in self.sheet.settings.items()}
        formula = self.row.formula
        assert formula is not None  # noqa: S101 (softmax has a sheet of its own)
        curves: list[tuple[Expr, Math, AnyQuantity]] = [
            (formula.subs(numbers), self.applied(self.z), self.sheet.value)
        ]
        key = "alt.function"
        if self.row.differentiable:
            slope = sp.diff(defined(formula.subs(numbers)).doit(), Z)
            curves.append((slope, self.applied(self.z, prime=True), self.sheet.slope))
            key = "alt.function_and_slope"
        name = self.scribe.language.sentence(f"activation.{self.row.name}")
        alt = self.scribe.language.sentence(key).format(name=name)
        return graph(self.scribe, self.sheet.name.replace("_", "-"), alt, (Z, self.z, POINT), curves)

    # ---- the derivative -----------------------------------------------------------------------------------

    def _derivative(self) -> Iterator[Block]:
        formula, symbol = self.row.formula, self.row.symbol
        assert formula is not None  # noqa: S101 (softmax has a sheet of its own)
        named = self.row.called or (formula if _is_own_name(formula, symbol) else OUTPUT)
        moves = textbook_moves(formula, Z, self.row.derivative, named)
        by_inverse = formula.func in UNDONE_BY and formula.args == (Z,)
        if not (by_inverse or _is_own_name(formula, symbol)) and formula.func is not relu:
            moves = [Move((), call(prime, formula, Z)), *moves]
        names = {**self.names, OUTPUT: Name(VALUE) if by_inverse else self.applied(self.z)}
        if by_inverse:
            named_value = Row((Name(VALUE), EQUALS, self.applied(self.z)))
            undone = Row((Applied("tan", Name(VALUE)), EQUALS, self.z))
            yield Paragraph(self.scribe.say("sheet.derivative_of_inverse", named=named_value, undone=undone))
        else:
            yield Paragraph(self.scribe.say("sheet.derivative", f=self.applied(self.z)))
        yield Equations(lines(self.scribe, self.applied(self.z, prime=True), moves, names))
        found = self.sheet.behaviour
        if found is not None and found.kink is not None:
            left, right = (Num(At(self.sheet.constant(side))) for side in ("left", "right"))
            slope = Row((self.applied(Word("0"), prime=True), EQUALS, left))
            zero = self.equation(Word("0"))
            yield Remark(self.scribe.say("sheet.kink", zero=zero, left=left, right=right, slope=slope))
        if self.row.name == "relu":
            yield Paragraph(self.scribe.say("sheet.indicator", one=Applied("one", Sign("…"))))

    def _no_derivative(self) -> Iterator[Block]:
        """Why there is none: the difference quotient at the jump grows beyond every bound."""
        h = formal("h")
        low, high = (branch for branch, _ in reversed(_step_cases().args))
        quotient = over(add(high, minus(low)), h)
        assert sp.limit(quotient.doit(), h, 0, "+") is sp.oo  # noqa: S101 (what the line says)
        above = Row((self.applied(Word("0")), Sign("−"), self.applied(Row((Sign("−"), Word("h"))))))
        names = {h: Word("h")}
        links = (
            equal(Formula(quotient, names)),
            equal(Formula(over(1, h), names)),
            Link(Sign("→"), Sign("∞")),
        )
        step_back = Row((Word("h"), Sign(">"), Word("0")))
        apart = Row((self.z, Sign("≠"), Word("0")))
        yield Paragraph(self.scribe.say("sheet.no_derivative", f=self.applied(self.z), h=step_back, apart=apart))
        yield Equations((Line(Fraction(above, Word("h")), links),))
        yield Paragraph(self.scribe.say("sheet.no_learning"))

    # ---- the values ---------------------------------------------------------------------------------------

    def _values(self) -> Iterator[Block]:
        scribe, value, slope = self.scribe, self.sheet.value, self.sheet.slope
        points = [*({1} if isinstance(self.row.formula, sp.Piecewise) else ()), scribe.network.samples]
        made: list[AnyQuantity] = [value, slope] if self.row.differentiable else [value]
        rows = [self._worked(q, n) for n in dict.fromkeys(points) for q in made]
        at = scribe.words.listed([(self.equation(scribe.num(POINT, n)),) for n in dict.fromkeys(points)])
        yield Paragraph(scribe.say("sheet.values", at=at))
        yield Equations(tuple(rows))
        head: list[Inline] = [(self.z,), (self.applied(self.z),)]
        if self.row.differentiable:
            head.append((self.applied(self.z, prime=True),))
        body: list[tuple[Cell, ...]] = []
        for n in scribe.samples:
            cells: list[Cell] = [NumberCell(At(POINT, n)), NumberCell(At(value, n))]
            if self.row.differentiable:
                cells.append(NumberCell(At(slope, n)))
            body.append(tuple(cells))
        yield Table(tuple(head), tuple(body))

    def _worked(self, quantity: AnyQuantity, sample: int) -> Line:
        """The function or its derivative at a point: its formula in numbers, then the result."""
        scribe = self.scribe
        step = scribe.step(quantity)
        left = self.applied(scribe.num(POINT, sample), prime=isinstance(quantity, Partial))
        if isinstance(step.expression, sp.Piecewise):
            (then, _), (otherwise, _) = step.expression.args
            cases = (self._case(step, e, sample) for e in (then, otherwise, otherwise))
            return Line(left, (Link(EMPTY, Branch(At(POINT, sample), *cases)),))
        line = scribe.worked(step, sample, symbols=False)
        # tanh(2) = tanh(2) would say nothing
        named = step.kind is Kind.APPLY and _is_own_name(step.expression, self.row.symbol)
        return replace(line, left=left, links=line.links[-1:] if named else line.links)

    def _case(self, step: Step, expression: Expr, sample: int) -> Row:
        """What one case comes to."""
        scribe, part = self.scribe, step._replace(expression=expression)
        used, result = scribe.used(part, sample), scribe.result(step, sample)
        end = (Relation(used, (result,)), Num(result))
        if expression.is_Rational or expression.is_Symbol:
            return Row(end)
        return Row((Relation(used), scribe.numbers(part, sample), *end))


VALUE = Quantity(Role.ACTIVATION, "")
"""A letter for the function's value."""


_NORMAL = over(call(sp.exp, minus(over(power(Z, 2), 2))), power(mul(2, sp.pi), sp.Rational(1, 2)))
"""The density of the standard normal distribution."""


def _is_own_name(formula: Expr, symbol: str) -> bool:
    """Whether a formula is nothing but the function's own name before z."""
    return isinstance(formula, sp.Function) and formula.args == (Z,) and formula.func.__name__ in (symbol, "atan")


def _step_cases() -> Expr:
    condition = sp.GreaterThan(Z, 0, evaluate=False)
    return sp.Piecewise((sp.Integer(1), condition), (sp.Integer(0), True), evaluate=False)


def interval(scribe: Scribe, sheet: Sheet) -> Row:
    """The range of a function between its brackets."""
    found = sheet.behaviour
    assert found is not None  # noqa: S101 (asked before)
    reach = found.range
    turns = found.turns_at is not None
    least = At(sheet.constant("least"))
    return Row(
        (
            *((Relation((), (least,)),) if turns else ()),
            Word("(" if reach.left_open else "["),
            Num(least) if turns else _end(sheet, "low", reach.inf),
            Sign(scribe.language.separator),
            _end(sheet, "high", reach.sup),
            Word(")" if reach.right_open else "]"),
        )
    )


def _end(sheet: Sheet, what: str, e: Expr) -> Math:
    if e.is_infinite:
        return Row((Sign("−"), Sign("∞"))) if e < 0 else Sign("∞")
    if what in sheet.constants:
        return Num(At(sheet.constant(what)))
    above, below = sp.fraction(e)
    size = Fraction(Formula(abs(above), {}), Formula(below, {}))
    return Row((Sign("−"), size)) if e < 0 else size
