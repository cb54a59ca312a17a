"""Derivatives by their definition, of a circuit's functions: the difference quotient, step by step, to its limit.

Beside each function that takes several gates stands the same by the chain rule; then come the numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import sympy as sp
from sympy import Expr, Symbol

from chalkgrad.algebra.limits import Limit, Move, Standard, derivative
from chalkgrad.algebra.ops import formal
from chalkgrad.algebra.order import add, call, over
from chalkgrad.catalogue.gates import gate_of
from chalkgrad.catalogue.wording import load_wording
from chalkgrad.document import subfunctions
from chalkgrad.document.model import Block, Equations, Inline, Line, Paragraph, Remark
from chalkgrad.document.scribe import EQUALS, Scribe, equal
from chalkgrad.document.subfunctions import in_names
from chalkgrad.errors import NotByDefinition
from chalkgrad.markup import nodes
from chalkgrad.markup.measure import Measure
from chalkgrad.markup.naming import Naming
from chalkgrad.markup.nodes import EMPTY, Formula, Fraction, Math, Name, Paren, Row, Sign, Word
from chalkgrad.messages import Message, told
from chalkgrad.network.circuit import wire
from chalkgrad.network.model import Node
from chalkgrad.quantities import Partial, Quantity

MOST_WIDTH = 52
"""In digits: what fits beside a name and a limit on the narrowest of slides."""

_U = formal("u")

STANDARDS: Mapping[Standard, tuple[Expr, int]] = {
    Standard.EXPONENTIAL: (over(add(call(sp.exp, _U), -1), _U), 1),
    Standard.LOGARITHM: (over(call(sp.log, add(1, _U)), _U), 1),
    Standard.SINE: (over(call(sp.sin, _U), _U), 1),
    Standard.COSINE: (over(add(call(sp.cos, _U), -1), _U), 0),
}
"""What tends to what as u tends to 0."""


def blocks(scribe: Scribe) -> Iterator[Block]:
    """Every function of the circuit, by each of its variables; one gate of a kind in full."""
    yield Paragraph(scribe.say("limit.definition"))
    teller = _Teller(scribe)
    for node in scribe.network.nodes:
        yield from teller.function(node)
    if teller.alike:
        names = scribe.words.listed([(scribe.name(quantity),) for quantity in teller.alike])
        yield Paragraph(scribe.say("limit.alike", count=len(teller.alike), names=names))


@dataclass
class _Teller:
    """Writes the limits of a page, and remembers what was said."""

    scribe: Scribe
    kinds: set[str] = field(default_factory=set)
    """The gates that were worked."""
    standards: set[Standard] = field(default_factory=set)
    """The standard limits that were named."""
    alike: list[Quantity] = field(default_factory=list)
    """What gates of a kind that was worked already make."""

    def function(self, node: Node) -> Iterator[Block]:
        """A function, its derivatives by definition, and by the chain rule where it takes several gates."""
        gate = gate_of(node.op.formula)
        if gate is not None and gate.gate.name in self.kinds and self.scribe.detail != "full":
            self.alike.append(node.quantity)
            return
        self.kinds |= {gate.gate.name} if gate else set()
        made = Row((self.scribe.name(node.quantity), EQUALS, in_names(self.scribe, node.op.formula)))
        yield Paragraph(self.scribe.say("limit.function", function=made))
        results: dict[Symbol, Expr] = {}
        for symbol in node.op.inputs:
            yield from self._by(node, symbol, results)
        if gate is None:
            yield from subfunctions.blocks(self.scribe, node, results)

    def _by(self, node: Node, symbol: Symbol, results: dict[Symbol, Expr]) -> Iterator[Block]:
        """The derivative by one variable: by definition, then in numbers; what comes out joins the results."""
        name = self.scribe.name(self._local(node, symbol))
        try:
            limit = self._limit(node.op.formula, symbol)
        except NotByDefinition as error:
            reason = told(error.message, load_wording(self.scribe.language.code))
            yield Paragraph(self.scribe.say("limit.refused", derivative=name, reason=reason))
            yield Equations(tuple(self._numbers(node, symbol, name, None)))
            return
        results[symbol] = limit.result
        lines = list(self._chain_of(limit, self._quotient(node, symbol, limit), name))
        yield Equations((*lines, *self._numbers(node, symbol, EMPTY, limit.result)))
        yield from self._said(limit)

    def _limit(self, formula: Expr, symbol: Symbol) -> Limit:
        """The limit on lines that fit; raises `NotByDefinition`."""
        limit = derivative(formula, symbol)
        if any(self._is_wide(one) for one in (limit, *_parts(limit))):
            raise NotByDefinition(Message("its lines would be wider than a page"))
        return limit

    def _is_wide(self, limit: Limit) -> bool:
        """Whether a line would run into the margin: the fractions of a difference quotient cannot be broken."""
        measure = Measure(Naming(self.scribe.notation, self.scribe.network.shape))
        shown = (measure.show(in_names(self.scribe, step.expression)) for step in limit.steps)
        return any(measure.width(text) > MOST_WIDTH for text in shown)

    # ---- by definition ------------------------------------------------------------------------------------

    def _quotient(self, node: Node, symbol: Symbol, limit: Limit) -> Math:
        """(f(x + h, y) − f(x, y))/h in letters."""
        h = Word(limit.increment.name)

        def at(moved: bool) -> Math:
            places: list[Math] = []
            for other in node.op.inputs:
                if places:
                    places.append(Sign(self.scribe.language.separator))
                own: Math = Name(wire(other.name))
                places.append(Row((own, Sign("+"), h)) if moved and other == symbol else own)
            return Row((self.scribe.name(node.quantity), Paren(Row(tuple(places)))))

        return self._under(limit, Fraction(Row((at(True), Sign("−"), at(False))), h))

    def _chain_of(self, limit: Limit, first: Math, left: Math) -> Iterator[Line]:
        """The steps below each other, after what the chain of equalities begins with."""
        yield Line(left, (equal(first),), spaced=True)
        for step in limit.steps:
            body: Math = in_names(self.scribe, step.expression)
            yield Line(EMPTY, (equal(body if step.move is Move.ARRIVED else self._under(limit, body)),))

    def _under(self, limit: Limit, body: Math) -> Math:
        return nodes.Limit(Word(limit.increment.name), Word("0"), body)

    def _said(self, limit: Limit) -> Iterator[Block]:
        """The standard limits that were used, those of the parts, and what may not be 0."""
        for part in _parts(limit):
            yield Paragraph(self.scribe.say("limit.part"))
            (first, *_) = part.steps
            yield Equations(tuple(self._part(part, self._under(part, in_names(self.scribe, first.expression)))))
        fresh = [
            standard
            for one in (limit, *_parts(limit))
            for step in one.steps
            for standard in step.standards
            if standard not in self.standards
        ]
        if fresh:
            self.standards |= set(fresh)
            known = [self._standard(standard) for standard in dict.fromkeys(fresh)]
            yield Remark(
                self.scribe.say("limit.standard", count=len(known), limits=self.scribe.words.listed(known))
            )
        for one in (limit, *_parts(limit)):
            if one.nonzero is not None:
                zero = Row((in_names(self.scribe, one.nonzero), EQUALS, Word("0")))
                variable = Name(wire(one.variable.name))
                yield Remark(self.scribe.say("limit.zero", zero=zero, variable=variable))

    def _part(self, part: Limit, first: Math) -> Iterator[Line]:
        _, *steps = part.steps
        for i, step in enumerate(steps):
            body: Math = in_names(self.scribe, step.expression)
            whole = body if step.move is Move.ARRIVED else self._under(part, body)
            yield Line(EMPTY if i else first, (equal(whole),))

    def _standard(self, standard: Standard) -> Inline:
        expression, value = STANDARDS[standard]
        quotient = Formula(expression, {_U: Word("u")})
        return (Row((nodes.Limit(Word("u"), Word("0"), quotient), EQUALS, Word(str(value)))),)

    # ---- in numbers ---------------------------------------------------------------------------------------

    def _numbers(self, node: Node, symbol: Symbol, left: Math, known: Expr | None) -> Iterator[Line]:
        """The derivative as the gate has it, unless it stands there already, then the numbers put in."""
        step = self.scribe.step(self._local(node, symbol))
        if known is not None and step.expression.is_Rational:
            return
        links = self.scribe.worked(step).links
        is_known = known is not None and step.expression.doit() == known.doit()
        yield Line(left, links[1:] if is_known else links)

    def _local(self, node: Node, symbol: Symbol) -> Partial:
        """The derivative of a gate by what it takes in, as the derivation has it."""
        paths = self.scribe.derivation.paths[self.scribe.gradient(wire(symbol.name))]
        locals_ = [path.local.quantity for path in paths]
        return next(q for q in locals_ if isinstance(q, Partial) and q.of == node.quantity)


def _parts(limit: Limit) -> tuple[Limit, ...]:
    """The limits that a limit rests on, each once, those that it names itself first."""
    found = dict.fromkeys(limit.parts)
    for part in limit.parts:
        found |= dict.fromkeys(_parts(part))
    return tuple(found)
