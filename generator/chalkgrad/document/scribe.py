"""Turns steps of a derivation into lines of a page: symbols, then numbers, then the result."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import sympy as sp
from sympy import Expr, Symbol

from chalkgrad.algebra.functions import maximum, minimum, positive
from chalkgrad.algebra.ops import chain
from chalkgrad.catalogue.languages import Language
from chalkgrad.catalogue.losses import Loss
from chalkgrad.catalogue.notations import Notation
from chalkgrad.derivation.model import Derivation, Kind, Ref, Step
from chalkgrad.document.model import Inline, Line, Link
from chalkgrad.document.outline import Outline
from chalkgrad.document.plot import Text
from chalkgrad.document.sentences import Sentences
from chalkgrad.markup.nodes import (
    EMPTY,
    Applied,
    Branch,
    Formula,
    Math,
    Name,
    Num,
    Product,
    Relation,
    Row,
    Sign,
    Tint,
)
from chalkgrad.network.model import Layer, Network
from chalkgrad.network.training import COUNT
from chalkgrad.quantities import AnyQuantity, At, Partial, Quantity, Role
from chalkgrad.spec.model import Spec

EQUALS = Sign("=")


def equal(body: Math) -> Link:
    """`= body`."""
    return Link(EQUALS, body)


@dataclass(frozen=True)
class Scribe:
    """Everything a section needs to be written: the derivation, the words, and the moment it speaks of."""

    spec: Spec
    derivation: Derivation
    notation: Notation
    words: Sentences
    outline: Outline
    detail: str
    time: int = 0
    """How many updates were made before the optimisation step that is being written."""

    @property
    def network(self) -> Network:
        """The network."""
        return self.derivation.network

    @property
    def loss(self) -> Loss:
        """The loss of a network."""
        assert self.network.loss is not None  # noqa: S101 (asked only where there are layers)
        return self.network.loss

    @property
    def language(self) -> Language:
        """The language."""
        return self.words.language

    @property
    def samples(self) -> tuple[int, ...]:
        """The numbers of the samples that the optimisation step uses."""
        return self.derivation.schedule.batch(self.time)

    def say(self, key: str, count: int | None = None, **spans: object) -> Inline:
        """A sentence of the page's language."""
        return self.words.say(key, count, **spans)  # type: ignore[arg-type]

    def label(self, key: str, **spans: object) -> Text:
        """A few words in a picture, perhaps with mathematics."""
        return self.say(key, None, **spans)  # type: ignore[return-value]

    def layer_number(self, layer: Layer | int) -> int:
        """A layer's number as the notation counts."""
        return (layer if isinstance(layer, int) else layer.number) + self.notation.layer_offset

    @property
    def check(self) -> str:
        """What is checked at the end."""
        return self.spec.show.check or "differences"

    def at_time(self, time: int) -> Scribe:
        """The same scribe, speaking of another moment."""
        return replace(self, time=time)

    # ---- quantities ---------------------------------------------------------------------------------------

    def at(self, ref: Ref, sample: int = 1) -> At:
        """Where the number of a reference is found."""
        return At(ref.quantity, sample if ref.quantity.per_sample else 1, self._moment(ref) + ref.ahead)

    def _moment(self, ref: Ref) -> int:
        """When a quantity's number was made; a given one that training leaves alone has one number for good, but
        for the count of the steps."""
        quantity = ref.quantity
        changes = quantity in self.derivation.moving or quantity == COUNT or quantity in self.network.series
        return 0 if quantity in self.network.given and not changes else self.time

    def name(self, ref: Ref | AnyQuantity, sample: int | str = 1) -> Name:
        """A quantity's name."""
        ref = ref if isinstance(ref, Ref) else Ref(ref)
        return Name(ref.quantity, sample, ref.ahead, self._moment(ref))

    def num(self, ref: Ref | AnyQuantity, sample: int = 1) -> Num:
        """A quantity's number."""
        ref = ref if isinstance(ref, Ref) else Ref(ref)
        return Num(self.at(ref, sample))

    def step(self, quantity: AnyQuantity, ahead: int = 0) -> Step:
        """The step that makes a quantity."""
        return self.of_batch(self.derivation.by_quantity[(quantity, ahead)])

    def of_batch(self, step: Step) -> Step:
        """A step as it is taken now: a mean or sum is over the samples that this optimisation step uses."""
        return self.derivation.reduced(step, self.samples) if step.kind is Kind.REDUCE else step

    def gradient(self, quantity: Quantity) -> Partial:
        """The derivative of a sample's cost by a quantity."""
        return Partial(self.network.cost, quantity, per_sample=True)

    # ---- formulas -----------------------------------------------------------------------------------------

    def symbols(self, step: Step, sample: int = 1) -> Formula:
        """A step's formula with names in its places."""
        return Formula(step.expression, {s: self.name(ref, n) for s, ref, n in self._places(step, sample)})

    def numbers(self, step: Step, sample: int = 1) -> Formula:
        """A step's formula with numbers in its places."""
        return Formula(step.expression, {s: self.num(ref, n) for s, ref, n in self._places(step, sample)})

    def used(self, step: Step, sample: int = 1) -> tuple[At, ...]:
        """The numbers whose rounding shows in a step's result: a mere comparison is not touched by it."""
        if step.expression.func is positive:
            return ()
        free = step.expression.free_symbols
        return tuple(self.at(ref, n) for s, ref, n in self._places(step, sample) if s in free)

    def result(self, step: Step, sample: int = 1) -> At:
        """Where a step's number is found."""
        return self.at(Ref(step.quantity, step.ahead), sample)

    def worked(self, step: Step, sample: int = 1, *, symbols: bool = True, between: Sequence[Link] = ()) -> Line:
        """A step as a line: name = symbols = numbers ≈ result.

        `between` replaces the link with the symbols.
        """
        left = self.name(Ref(step.quantity, step.ahead), sample)
        used, result = self.used(step, sample), self.result(step, sample)
        links = list(between) if between else [equal(self.symbols(step, sample))] if symbols else []
        if isinstance(step.expression, sp.Piecewise):
            return Line(left, (*links, *self._branch_links(step, sample)))
        if step.expression.is_Rational:
            return Line(left, (*[link for link in links if between], Link(Relation((), (result,)), Num(result))))
        if not step.expression.is_Symbol:
            if step.expression.func in (maximum, minimum):  # one of them, as it is: nothing is computed
                links += [
                    Link(Relation((), (result,)), part) for part in (self.numbers(step, sample), Num(result))
                ]
                return Line(left, tuple(links))
            factors = self._factors(step, sample)
            links.append(Link(Relation(used, (), factors), self.numbers(step, sample)))
            return Line(left, (*links, Link(Relation(used, (result,), factors), Num(result))))
        return Line(left, (*links, Link(Relation((), (result,)), Num(result))))

    def _factors(self, step: Step, sample: int) -> tuple[At, ...]:
        """The numbers that multiply the whole of a step's formula."""
        factors = _factors_of(step.expression)
        return tuple(self.at(ref, n) for s, ref, n in self._places(step, sample) if s in factors)

    def _branch_links(self, step: Step, sample: int) -> list[Link]:
        """The branch of a case distinction that the number takes, worked; then the result."""
        (then, condition), (otherwise, _) = step.expression.args
        at_zero = then if isinstance(condition, sp.GreaterThan) else otherwise
        switch_symbol = next(iter(condition.free_symbols))
        refs = dict(step.bindings)
        switch = self.at(refs[switch_symbol], sample)

        result = self.result(step, sample)

        def case(expression: Expr) -> Math:
            if expression.is_Rational:
                return Row((Relation((), (result,)), Num(result)))
            part = step._replace(expression=expression)
            copied = expression.is_Symbol
            symbols: tuple[Math, ...] = (EQUALS, self.symbols(part, sample))
            if not copied:
                symbols = (*symbols, Relation(self.used(part, sample)), self.numbers(part, sample))
            return Row((*symbols, Relation(() if copied else self.used(part, sample), (result,)), Num(result)))

        return [Link(EMPTY, Branch(switch, case(then), case(at_zero), case(otherwise)))]

    def _places(self, step: Step, sample: int) -> Iterable[tuple[Symbol, Ref, int]]:
        """Each formal argument with its reference and sample; a reduction runs over the samples of the batch."""
        if step.kind is Kind.REDUCE:
            return [(s, ref, n) for n, (s, ref) in zip(self.samples, step.bindings, strict=True)]
        return [(s, ref, self.samples[ref.member - 1] if ref.member else sample) for s, ref in step.bindings]

    # ---- activations --------------------------------------------------------------------------------------

    def activation(self, layer: Layer, unit: int, sample: int, *, symbols: bool = True) -> Line:
        """A unit's activation as a line."""
        quantity = layer.outputs()[unit - 1]
        step = self.step(quantity)
        if layer.activation.name == "identity":
            return self.worked(step, sample, symbols=symbols)
        if layer.activation.couples:
            return self.worked(step, sample, symbols=symbols)
        function = equal(Applied(layer.activation.symbol, self.name(layer.sums()[unit - 1], sample)))
        piecewise = isinstance(step.expression, sp.Piecewise)
        return self.worked(step, sample, between=[function] if symbols or piecewise else (), symbols=False)

    def slope(self, layer: Layer, unit: int, sample: int, *, symbols: bool = True) -> Line:
        """The derivative of a unit's activation by its weighted sum, as a line."""
        z, a = layer.sums()[unit - 1], layer.outputs()[unit - 1]
        slope = Partial(a, z, per_sample=True)
        step = self.step(slope)
        if step.expression.is_Rational:
            return self.as_link(self.worked(step, sample), slope)
        if isinstance(step.expression, sp.Piecewise):
            between = [equal(Applied(layer.activation.symbol, self.name(z, sample), prime=True))]
            return self.as_link(self.worked(step, sample, between=between), slope)
        return self.as_link(self.worked(step, sample, symbols=symbols), slope)

    def as_link(self, line: Line, quantity: AnyQuantity) -> Line:
        """A line in the colour of its quantity as a link of the chain: the name, and the number at the end."""
        colour = _colour(quantity)
        *links, last = line.links
        if isinstance(last.body, Num):
            last = replace(last, body=Tint(colour, last.body))
        return replace(line, left=Tint(colour, line.left), links=(*links, last))

    # ---- chains -------------------------------------------------------------------------------------------

    def chain(self, quantity: Partial, sample: int = 1, *, factors: bool = True, symbols: bool = True) -> Line:
        """A sum over paths: names of the factors, their local forms, numbers, result.

        Factors that are 1 (a bias moves its weighted sum one to one) are written out once, then left out.
        """
        step = self.step(quantity)
        if step.kind is Kind.LOCAL:
            return self.worked(step, sample, symbols=symbols)
        paths = self.derivation.paths[quantity]
        links: list[Link] = []
        if factors:
            names = [
                Product(tuple(self._tinted(ref, sample) for ref in path if ref is not None)) for path in paths
            ]
            links.append(equal(added(names)))
        short, refs = self._short(quantity)
        if factors and not symbols:  # the numbers answer the factors just named, one to one
            short = [[ref for ref in path if ref is not None] for path in paths]
        lengths = tuple(map(len, short))
        op = chain(lengths)
        flat = [ref for path in short for ref in path]
        if symbols and refs:
            links.append(
                equal(Formula(op.formula, {s: self.name(r, sample) for s, r in zip(op.inputs, flat, strict=True)}))
            )
        used, result = tuple(self.at(r, sample) for r in flat), self.result(step, sample)
        if len(flat) > 1:
            tinted = {
                s: Tint(_colour(r.quantity), self.num(r, sample)) for s, r in zip(op.inputs, flat, strict=True)
            }
            product = used if len(paths) == 1 else ()
            links.append(Link(Relation(used, (), product), Formula(op.formula, tinted)))
            links.append(Link(Relation(used, (result,), product), Num(result)))
        else:
            links.append(Link(Relation((), (result,)), Num(result)))
        return Line(self.name(quantity, sample), tuple(links))

    def _short(self, quantity: Partial) -> tuple[list[list[Ref]], bool]:
        """Each path with its local factor replaced by what it equals, where that is one quantity, or nothing
        where it is 1; and whether that changed anything."""
        out, changed = [], False
        for path in self.derivation.paths[quantity]:
            local = self.step(path.local.quantity)
            refs = [path.upstream] if path.upstream else []
            if local.expression.is_Symbol:
                refs.append(local.bindings[0][1])
                changed = True
            elif local.expression == 1 and refs:
                changed = True
            else:
                refs.append(path.local)
            out.append(refs)
        return out, changed

    def _tinted(self, ref: Ref, sample: int) -> Math:
        return Tint(_colour(ref.quantity), self.name(ref, sample))

    def reduction(self, quantity: AnyQuantity, *, symbols: bool = True) -> Line:
        """The mean or sum over the samples as a line."""
        return self.worked(self.step(quantity), symbols=symbols)

    def local_symbols(self, quantity: Partial, sample: int = 1) -> Math:
        """What a local derivative is, in symbols: the label under its brace."""
        step = self.step(quantity)
        if isinstance(step.expression, sp.Piecewise) and quantity.of.role is Role.ACTIVATION:
            layer = self.network.layers[int(quantity.of.layer) - 1]
            return Applied(layer.activation.symbol, self.name(quantity.by, sample), prime=True)
        return self.symbols(step, sample)


def _factors_of(expression: Expr) -> tuple[Expr, ...]:
    """The factors of a product, of products inside it too."""
    if not expression.is_Mul:
        return (expression,)
    return tuple(factor for part in expression.args for factor in _factors_of(part))


def added(terms: Iterable[Math]) -> Math:
    """Terms with plus signs between them."""
    terms = list(terms)
    symbols = [Symbol(f"t{i}") for i in range(len(terms))]
    return (
        Formula(sp.Add(*symbols, evaluate=False), dict(zip(symbols, terms, strict=True)))
        if len(terms) > 1
        else terms[0]
    )


def _colour(quantity: AnyQuantity) -> str:
    """Upstream derivatives, local slopes, and what comes in from below have a colour each."""
    if isinstance(quantity, Quantity):
        return "inp"
    if quantity.of.role is Role.COST:
        return "up"
    return "loc" if quantity.of.role is Role.ACTIVATION else "inp"
