"""The four equations of backpropagation (Nielsen 2015, chapter 2), proved.

In letters for every layer first; then for the given network, unit by unit as it is derived, and in matrices.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chalkgrad.document.grid import grid, row
from chalkgrad.document.model import Block, Equations, Line, Link, Paragraph
from chalkgrad.document.numbering import Numbering
from chalkgrad.document.scribe import Scribe, equal
from chalkgrad.markup.nodes import (
    EMPTY,
    Applied,
    BigSum,
    DeltaName,
    Math,
    Matrix,
    MatrixName,
    Name,
    Paren,
    Product,
    Row,
    Sign,
    Word,
    Words,
)
from chalkgrad.network.model import Layer
from chalkgrad.quantities import AnyQuantity, Partial, Quantity, Role

COST = Quantity(Role.COST)


def blocks(scribe: Scribe, numbering: Numbering) -> Iterator[Block]:
    """BP1 to BP4."""
    writer = _Writer(scribe)
    yield Paragraph(scribe.say("bp.given", delta=writer.delta("l", "j"), z=writer.sum("l", "j"), cost=Name(COST)))
    for heading, why, general, own in (
        ("bp.output", "bp.output_why", writer.output, writer.output_here),
        ("bp.hidden", "bp.hidden_why", writer.hidden, writer.hidden_here),
        ("bp.biases", "bp.biases_why", writer.biases, writer.biases_here),
        ("bp.weights", "bp.weights_why", writer.weights, writer.weights_here),
    ):
        yield numbering.heading(2, scribe.say(heading))
        yield Paragraph(scribe.say(why))
        yield Equations(tuple(general()))
        here = tuple(own())
        if here:
            yield Paragraph(scribe.say("bp.here"))
            yield Equations(here)


def bare(quantity: AnyQuantity) -> AnyQuantity:
    """The same of no sample in particular."""
    if isinstance(quantity, Partial):
        return Partial(quantity.of._replace(per_sample=False), quantity.by._replace(per_sample=False))
    return quantity._replace(per_sample=False)


class _Writer:
    """Writes the equations in the letters of the page's notation."""

    def __init__(self, scribe: Scribe) -> None:
        self.scribe = scribe
        indices = scribe.notation.indices
        self.i, self.j, self.k, self.level = (indices[letter] for letter in ("i", "j", "k", "l"))
        self.next, self.before = f"{self.level}+1", f"{self.level}-1"
        names = {layer.activation.symbol for layer in scribe.network.layers if not layer.activation.couples}
        self.function = names.pop() if len(names) == 1 else "f"
        self.coupled = scribe.network.layers[-1].activation.couples

    # ---- letters ------------------------------------------------------------------------------------------

    def _q(self, role: Role, level: int | str, *indices: str) -> Quantity:
        return Quantity(role, self.level if level == "l" else level, indices)

    def sum(self, level: str, j: str) -> Name:
        """A weighted sum."""
        return Name(self._q(Role.WEIGHTED_SUM, level, self.j if j == "j" else j))

    def delta(self, level: str, j: str) -> Name:
        """The derivative of the cost by a weighted sum."""
        return Name(Partial(COST, self._q(Role.WEIGHTED_SUM, level, self.j if j == "j" else j)))

    def _because(self, body: Math, key: str) -> Line:
        words = Words(self.scribe.language.sentence(key))
        return Line(EMPTY, (equal(body), Link(Sign("qquad"), words)))

    def _lines(self, left: Math, *steps: tuple[Math, str]) -> Iterator[Line]:
        first, *rest = (self._because(body, key) for body, key in steps)
        yield Line(left, first.links)
        yield from rest

    def _partial(self, of: Quantity, by: Quantity) -> Name:
        return Name(Partial(of, by))

    def output(self) -> Iterator[Line]:
        """BP1 in letters."""
        last = len(self.scribe.network.layers)
        z, a = self._q(Role.WEIGHTED_SUM, last, self.j), self._q(Role.ACTIVATION, last, self.j)
        other = self._q(Role.ACTIVATION, last, self.i)
        paths = BigSum(Word(self.i), Product((Name(Partial(COST, other)), self._partial(other, z))))
        steps: list[tuple[Math, str]] = [(paths, "bp.chain")]
        if not self.coupled:
            steps.append((Product((Name(Partial(COST, a)), self._partial(a, z))), "bp.own"))
            slope = Applied(self.function, Name(z), prime=True)
            steps.append((Product((Name(Partial(COST, a)), slope)), "bp.activation"))
        yield from self._lines(Name(Partial(COST, z)), *steps)

    def hidden(self) -> Iterator[Line]:
        """BP2 in letters."""
        z, a = self._q(Role.WEIGHTED_SUM, self.level, self.j), self._q(Role.ACTIVATION, self.level, self.j)
        after = self._q(Role.WEIGHTED_SUM, self.next, self.i)
        above, weight = Name(Partial(COST, after)), Name(self._q(Role.WEIGHT, self.next, self.i, self.j))
        slope = Applied(self.function, Name(z), prime=True)
        yield from self._lines(
            Name(Partial(COST, z)),
            (BigSum(Word(self.i), Product((above, self._partial(after, z)))), "bp.chain"),
            (BigSum(Word(self.i), Product((above, self._partial(after, a), self._partial(a, z)))), "bp.through"),
            (BigSum(Word(self.i), Product((above, weight, slope))), "bp.linear"),
            (Product((Paren(BigSum(Word(self.i), Product((weight, above)))), slope)), "bp.factored"),
        )

    def biases(self) -> Iterator[Line]:
        """BP3 in letters."""
        z, b = self._q(Role.WEIGHTED_SUM, self.level, self.j), self._q(Role.BIAS, self.level, self.j)
        yield from self._lines(
            Name(Partial(COST, b)),
            (Product((Name(Partial(COST, z)), self._partial(z, b))), "bp.one"),
            (Name(Partial(COST, z)), "bp.bias"),
        )

    def weights(self) -> Iterator[Line]:
        """BP4 in letters."""
        z, w = self._q(Role.WEIGHTED_SUM, self.level, self.j), self._q(Role.WEIGHT, self.level, self.j, self.k)
        a = Name(self._q(Role.ACTIVATION, self.before, self.k))
        yield from self._lines(
            Name(Partial(COST, w)),
            (Product((Name(Partial(COST, z)), self._partial(z, w))), "bp.one"),
            (Product((Name(Partial(COST, z)), a)), "bp.weight"),
        )

    # ---- the given network ----------------------------------------------------------------------------------

    def _across(self, entries: Sequence[Math]) -> Matrix:
        """A vector along the units: a column or a row, as the notation asks."""
        if self.scribe.notation.columns:
            return grid(len(entries), 1, lambda i, _: entries[i])
        return grid(1, len(entries), lambda _, k: entries[k])

    def _slopes(self, layer: Layer) -> Matrix:
        symbol = layer.activation.symbol
        return self._across([Applied(symbol, Name(bare(z)), prime=True) for z in layer.sums()])

    def _gradients(self, quantities: Sequence[Quantity]) -> Matrix:
        return self._across([Name(Partial(COST, q._replace(per_sample=False))) for q in quantities])

    def _terms(self, quantity: Quantity, *, arriving_first: bool = False) -> Row:
        """What reaches a quantity along all its paths, as the derivation has it."""
        scribe = self.scribe
        items: list[Math] = []
        for path in scribe.derivation.paths[scribe.gradient(quantity)]:
            local = scribe.step(path.local.quantity)
            symbols = scribe.symbols(local)
            named = {s: _bare_name(node) for s, node in symbols.bindings.items()}
            factor = type(symbols)(symbols.expression, named)
            arriving = [Name(bare(path.upstream.quantity))] if path.upstream else []
            term: list[Math] = [factor, *arriving] if local.expression != 1 else [*arriving]
            term = term[::-1] if arriving_first else term
            items += [Sign("+")] if items else []
            items.append(Product(tuple(term)) if len(term) > 1 else term[0])
        return Row(tuple(items))

    def output_here(self) -> Iterator[Line]:
        """BP1 for the last layer: unit by unit, then in matrices."""
        layer = self.scribe.network.layers[-1]
        outputs, z = layer.outputs(), layer.sums()
        if self.coupled:
            for own in z:
                yield Line(
                    Name(Partial(COST, own._replace(per_sample=False))), (equal(self._coupled(layer, own)),)
                )
            return
        for own, output in zip(z, outputs, strict=True):
            slope = Applied(layer.activation.symbol, Name(bare(own)), prime=True)
            arriving = Name(Partial(COST, output._replace(per_sample=False)))
            yield Line(Name(Partial(COST, own._replace(per_sample=False))), (equal(Product((arriving, slope))),))
        names = row(
            MatrixName(Role.ACTIVATION, layer.number, gradient=True),
            Sign("⊙"),
            Applied(layer.activation.symbol, MatrixName(Role.WEIGHTED_SUM, layer.number), prime=True),
        )
        entries = row(self._gradients(outputs), Sign("⊙"), self._slopes(layer))
        yield Line(DeltaName(layer.number), (equal(names), equal(entries)), spaced=True)

    def _coupled(self, layer: Layer, own: Quantity) -> Row:
        items: list[Math] = []
        for output in layer.outputs():
            items += [Sign("+")] if items else []
            partial = bare(Partial(output, own))
            items.append(Product((Name(Partial(COST, output._replace(per_sample=False))), Name(partial))))
        return Row(tuple(items))

    def hidden_here(self) -> Iterator[Line]:
        """BP2 for every hidden layer, from the last of them."""
        layers = self.scribe.network.layers
        for layer in reversed(layers[:-1]):
            following = layers[layer.number]
            for place, (own, output) in enumerate(zip(layer.sums(), layer.outputs(), strict=True)):
                slope = Applied(layer.activation.symbol, Name(bare(own)), prime=True)
                total = Product((Paren(self._terms(output)), slope))
                left = Name(Partial(COST, own._replace(per_sample=False)))
                yield Line(left, (equal(total),), spaced=place == 0 and layer.number < len(layers) - 1)
            names, entries = self._arriving(following)
            slope_name = Applied(layer.activation.symbol, MatrixName(Role.WEIGHTED_SUM, layer.number), prime=True)
            yield Line(
                DeltaName(layer.number),
                (
                    equal(row(*names, Sign("⊙"), slope_name)),
                    equal(row(*entries, Sign("⊙"), self._slopes(layer))),
                ),
                spaced=True,
            )

    def _arriving(self, following: Layer) -> tuple[tuple[Math, ...], tuple[Math, ...]]:
        """The weights of the next layer and its deltas, multiplied in the notation's order."""
        columns, to_from = self.scribe.notation.columns, self.scribe.notation.to_from
        turned = columns == to_from
        name = MatrixName(Role.WEIGHT, following.number, transposed=turned)
        rows = following.weights()
        if columns:
            rows = [list(column) for column in zip(*rows, strict=True)]
        letters = grid(len(rows), len(rows[0]), lambda i, k: Name(rows[i][k]))
        delta, entries = DeltaName(following.number), self._gradients(following.sums())
        return ((name, delta), (letters, entries)) if columns else ((delta, name), (entries, letters))

    def biases_here(self) -> Iterator[Line]:
        """BP3 for every layer that has a bias for each unit; a shared bias adds its units up."""
        for layer in self.scribe.network.layers:
            if layer.bias == "unit":
                name = MatrixName(Role.BIAS, layer.number, gradient=True)
                yield Line(name, (equal(DeltaName(layer.number)), equal(self._gradients(layer.sums()))))
            elif layer.bias == "shared":
                (shared,) = layer.biases()
                yield Line(Name(Partial(COST, shared)), (equal(self._terms(shared)),))

    def weights_here(self) -> Iterator[Line]:
        """BP4 for every layer: one entry, then the whole matrix as a product."""
        columns, to_from = self.scribe.notation.columns, self.scribe.notation.to_from
        network = self.scribe.network
        for layer in network.layers:
            first = layer.weights()[0][0]
            yield Line(
                Name(Partial(COST, first)),
                (equal(self._terms(first, arriving_first=True)),),
                spaced=layer.number > 1,
            )
            before = MatrixName(Role.ACTIVATION, layer.number - 1)
            deltas = [Name(Partial(COST, z._replace(per_sample=False))) for z in layer.sums()]
            values = [Name(bare(a)) for a in network.before(layer)]
            # a column times a row: the one of the two that the notation has lying is turned up
            tall, flat = (deltas, values) if to_from else (values, deltas)
            left: Math = (
                DeltaName(layer.number, transposed=not columns) if to_from else _turned(before, not columns)
            )
            right: Math = _turned(before, columns) if to_from else DeltaName(layer.number, transposed=columns)
            entries = row(_column(tall), _row(flat))
            name = MatrixName(Role.WEIGHT, layer.number, gradient=True)
            yield Line(name, (equal(row(left, right)), equal(entries)))


def _turned(name: MatrixName, turned: bool) -> MatrixName:
    return MatrixName(name.role, name.layer, transposed=turned)


def _column(entries: Sequence[Math]) -> Matrix:
    return grid(len(entries), 1, lambda i, _: entries[i])


def _row(entries: Sequence[Math]) -> Matrix:
    return grid(1, len(entries), lambda _, k: entries[k])


def _bare_name(node: Math) -> Math:
    return Name(bare(node.quantity)) if isinstance(node, Name) else node
