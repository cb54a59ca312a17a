"""The printer that all markups share: it knows mathematics and its conventions, not markup.

Sums and products are printed in the order in which they were written.  Signs of multiplication, parentheses
around negative numbers, minus signs and fractions are decided here, once; a markup only says what a fraction
or an index looks like.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from chalkgrad.markup import nodes
from chalkgrad.markup.formulas import FormulaPrinter
from chalkgrad.markup.naming import Naming, SymbolParts
from chalkgrad.markup.nodes import Math
from chalkgrad.markup.pieces import FRACTION, GROUP, LITERAL, NUMBER, RAISED, SUM, SYMBOL, Piece
from chalkgrad.markup.slots import (
    OPERAND,
    PLAIN,
    BlankSlot,
    BranchSlot,
    EntrySlot,
    NumberSlot,
    RelationSlot,
    Slots,
)
from chalkgrad.quantities import At, Quantity, Role

_SIGNS_OF_NUMBERS = frozenset("+−")
"""Signs that may stand before one thing as well as between two."""


@dataclass(frozen=True)
class Dialect:
    """What differs between the formats in which one markup is read."""

    newline: str = r"\\"
    """Between the rows of a matrix."""
    signs: Mapping[str, str] = field(default_factory=dict)
    """Signs that are written differently."""
    colours: Mapping[str, str] = field(default_factory=dict)
    """How the format says each colour of the page; without an entry a thing is not tinted."""
    uncover: str = ""
    """How the format uncovers a TEXT in a STEP; empty where all is seen at once."""


_PER_SAMPLE = frozenset({Role.INPUT, Role.TARGET, Role.WEIGHTED_SUM, Role.ACTIVATION})
"""What each sample has of its own."""


@dataclass
class Printer:
    """Turns nodes into text with markers; subclasses supply the markup."""

    naming: Naming
    slots: Slots = field(default_factory=Slots)
    dialect: Dialect = field(default_factory=Dialect)
    separator: str = ","
    """Between the arguments of a function: `;` where a comma is the decimal mark."""
    names: dict[nodes.Name, Piece] = field(default_factory=dict, init=False)
    """Names already printed: the same few stand all over a page."""

    # ---- what a markup supplies -------------------------------------------------------------------------

    def letter(self, base: str) -> str:
        """A letter, a Greek letter spelled out, or a word."""
        raise NotImplementedError

    def number(self, text: str) -> str:
        """A whole number that belongs to a formula, not to a quantity."""
        return text

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

    def floor(self, body: str) -> str:
        """The whole part of a number."""
        raise NotImplementedError

    def function(self, name: str) -> str:
        """The name of a function, before its argument."""
        raise NotImplementedError

    def words(self, text: str) -> str:
        """Words of the page's language."""
        raise NotImplementedError

    def sign(self, sign: str) -> str:
        """A sign by its name."""
        raise NotImplementedError

    def leading(self, sign: str) -> str:
        """A plus or minus that belongs to what follows it, not between two things."""
        return self.sign(sign)

    def applied(self, function: str, argument: str) -> str:
        """A function before an argument without parentheses: `ln 2`."""
        return f"{self.function(function)} {argument}"

    def brace(self, body: str, label: str) -> str:
        """A brace below."""
        raise NotImplementedError

    def tint(self, colour: str, body: str) -> str:
        """A colour of the page."""
        raise NotImplementedError

    def struck(self, body: str) -> str:
        """A line through what cancels."""
        raise NotImplementedError

    def boxed(self, body: str) -> str:
        """A box around an answer."""
        raise NotImplementedError

    def limit(self, below: str) -> str:
        """`lim` with something below it."""
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

    def blank(self, room: str, number: int) -> str:
        """A place to write in: a line under empty room, and small beside it the number of the blank.

        `room` will be filled with spaces, as the markup's `NumberStyle` writes them, as wide as the answer.
        """
        raise NotImplementedError

    def marked(self, text: str, id: str) -> str:
        """The name or the number of the quantity with this id: where a markup can carry an id, the reader can
        be led to where it was computed."""
        return text

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
            piece = self._print_name(node)
            found = self.names[node] = Piece(self.marked(piece.text, self.id_of(node)), piece.kind)
        return found

    def id_of(self, node: nodes.Name) -> str:
        """The id of a named quantity; empty for the letters of general statements."""
        quantity = node.quantity
        parts = (quantity,) if isinstance(quantity, Quantity) else (quantity.of, quantity.by)
        general = isinstance(node.sample, str) or any(
            isinstance(place, str) for part in parts for place in (part.layer, *part.indices)
        )
        return "" if general else self.naming.id(At(quantity, int(node.sample), node.time + node.ahead))

    def _print_name(self, node: nodes.Name) -> Piece:
        quantity = node.quantity
        if isinstance(quantity, Quantity):
            parts = self.naming.symbol(quantity, node.sample, node.ahead, node.time)
            return Piece(self.symbol(parts), RAISED if parts.sup or parts.prime else SYMBOL)
        if short := self.naming.derivative(quantity, node.sample):
            return Piece(self.symbol(short))
        sample = node.sample if quantity.per_sample else ""
        above = quantity.of if quantity.per_sample else quantity.of._replace(per_sample=False)
        numerator = self.symbol(self.naming.symbol(above, sample or 1))
        denominator = self.symbol(self.naming.symbol(quantity.by, sample or 1, node.ahead))
        return Piece(self._derivative(numerator, denominator), FRACTION)

    def _derivative(self, above: str, below: str) -> str:
        d = self.sign("∂")
        return self.fraction(f"{d}{above}", f"{d}{below}")

    def symbol(self, parts: SymbolParts) -> str:
        """Base letter with its indices."""
        sub = self.index(parts.below) if parts.below else ""
        sup = (self.index(parts.above) if parts.above else "") + (self.sign("′") if parts.prime else "")
        base = self._with_prefix(parts)
        return self.script(base, sub, sup) if sub or sup else base

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
        own = own if isinstance(own, int) else ""
        parts = self.naming.matrix(node.role, node.layer, node.ahead, own, node.state)
        if not node.gradient:
            return Piece(self._transposed(parts) if node.transposed else self.symbol(parts))
        if prefix := self.naming.notation.derivative:
            parts = parts._replace(prefix=prefix)
            return Piece(self._transposed(parts) if node.transposed else self.symbol(parts))
        cost = self.symbol(self.naming.symbol(Quantity(Role.COST, per_sample=node.sample != ""), node.sample))
        text = self._derivative(cost, self.symbol(parts))
        return (
            Piece(self.script(self.parentheses(text), "", self.sign("T")))
            if node.transposed
            else Piece(text, FRACTION)
        )

    def _delta_name(self, node: nodes.DeltaName, surroundings: str) -> Piece:
        if self.naming.notation.has_delta:
            parts = self.naming.matrix("delta", node.layer, 0, node.sample)
            return Piece(self._transposed(parts) if node.transposed else self.symbol(parts))
        sample = node.sample or (self.naming.notation.indices["n"] if self.naming.samples > 1 else "")
        written = nodes.MatrixName(
            Role.WEIGHTED_SUM, node.layer, transposed=node.transposed, gradient=True, sample=sample
        )
        return self._matrix_name(written, surroundings)

    def _transposed(self, parts: SymbolParts) -> str:
        """With a T above; what has something above already gets parentheses first."""
        text = self.symbol(parts)
        return self.script(self.parentheses(text) if parts.above or parts.prime else text, "", self.sign("T"))

    def group(self, text: str) -> str:
        """Something that takes an index as a whole."""
        return text

    def _num(self, node: nodes.Num, surroundings: str) -> Piece:
        marker = self.slots.marker(NumberSlot(node.at, surroundings))
        return Piece(self.marked(marker, self.naming.id(node.at)), NUMBER)

    def _blank(self, node: nodes.Blank, _: str) -> Piece:
        return Piece(self.blank(self.slots.marker(BlankSlot(node.at)), node.number), NUMBER)

    def _relation(self, node: nodes.Relation, _: str) -> Piece:
        return Piece(self.slots.marker(RelationSlot(node.used, node.results, node.factors)))

    def _branch(self, node: nodes.Branch, _: str) -> Piece:
        texts = (self.show(case) for case in (node.positive, node.zero, node.negative))
        return Piece(self.slots.marker(BranchSlot(node.switch, *texts)))

    def _word(self, node: nodes.Word, _: str) -> Piece:
        if node.text.isascii() and node.text.isdigit():
            return Piece(self.number(node.text), LITERAL)
        return Piece(self.letter(node.text))

    def _words(self, node: nodes.Words, _: str) -> Piece:
        return Piece(self.tint("shape", self.words(node.text)), GROUP)

    def _sign(self, node: nodes.Sign, _: str) -> Piece:
        return Piece(self.sign(node.sign))

    def _row(self, node: nodes.Row, _: str) -> Piece:
        out: list[str] = []
        joins = True  # whether what stands before leaves a plus or minus without a left side
        for item in node.items:
            sign = item.sign if isinstance(item, nodes.Sign) else ""
            text = self.leading(sign) if joins and sign in _SIGNS_OF_NUMBERS else self.show(item)
            if text:
                out.append(text)
                joins = bool(sign) or isinstance(item, nodes.Relation)
        return Piece(" ".join(out))

    def _product_node(self, node: nodes.Product, _: str) -> Piece:
        factors = []
        for factor in node.factors:
            piece = self.piece(factor, OPERAND)
            factors.append(self.parentheses(piece.text) if piece.kind == SUM else piece.text)
        return Piece(f" {self.sign(self.naming.notation.times)} ".join(factors), GROUP)

    def _fraction(self, node: nodes.Fraction, _: str) -> Piece:
        return Piece(self.fraction(self.show(node.above), self.show(node.below)), FRACTION)

    def _brace(self, node: nodes.Brace, _: str) -> Piece:
        return Piece(self.brace(self.show(node.body), self.show(node.label)), GROUP)

    def _tint(self, node: nodes.Tint, surroundings: str) -> Piece:
        piece = self.piece(node.body, surroundings)
        return Piece(self.tint(node.colour, piece.text), piece.kind)

    def _struck(self, node: nodes.Struck, surroundings: str) -> Piece:
        piece = self.piece(node.body, surroundings)
        return Piece(self.struck(piece.text), piece.kind)

    def _boxed(self, node: nodes.Boxed, surroundings: str) -> Piece:
        box = self.boxed(self.piece(node.body, surroundings).text)
        label = f" {self.sign('space')} {self.tint('shape', self.words(node.label))}" if node.label else ""
        return Piece(box + label, GROUP)

    def _limit(self, node: nodes.Limit, _: str) -> Piece:
        below = f"{self.show(node.variable)} {self.sign('→')} {self.show(node.target)}"
        body = self.piece(node.body, OPERAND)
        text = self.parentheses(body.text) if body.kind == SUM else body.text
        return Piece(f"{self.limit(below)} {text}", GROUP)

    def _uncovered(self, node: nodes.Uncovered, surroundings: str) -> Piece:
        piece = self.piece(node.body, surroundings)
        if not self.dialect.uncover or not piece.text:
            return piece
        # a relation keeps its room on both sides; anything else is one thing, its first minus a sign
        text = piece.text if isinstance(node.body, nodes.Sign | nodes.Relation) else self.group(piece.text)
        return piece._replace(text=self.dialect.uncover.replace("STEP", str(node.step)).replace("TEXT", text))

    def _paren(self, node: nodes.Paren, _: str) -> Piece:
        return Piece(self.parentheses(self.show(node.body)), GROUP)

    def _applied(self, node: nodes.Applied, _: str) -> Piece:
        name = self.function(node.function)
        if node.prime:
            name = self.script(name, "", self.sign("′"))
        return Piece(name + self.parentheses(self.show(node.argument)))

    def _function_name(self, node: nodes.Function, _: str) -> Piece:
        return Piece(self.function(node.name))

    def _big_sum(self, node: nodes.BigSum, _: str) -> Piece:
        body = self.piece(node.body, OPERAND)
        text = self.parentheses(body.text) if body.kind == SUM else body.text
        return Piece(f"{self.big_sum(self.show(node.index))} {text}", GROUP)

    def _matrix(self, node: nodes.Matrix, _: str) -> Piece:
        columns = [
            tuple(e.at for e in column if isinstance(e, nodes.Num)) for column in zip(*node.rows, strict=True)
        ]
        rows = [
            [self._entry(entry, column) for entry, column in zip(row, columns, strict=True)] for row in node.rows
        ]
        return Piece(self.matrix(rows, node.shape), GROUP)

    def _entry(self, entry: Math | None, column: tuple[At, ...]) -> str | None:
        """An entry of a matrix; its numbers align with those above and below them."""
        if not isinstance(entry, nodes.Num) or len(column) == 1:
            return None if entry is None else self.show(entry)
        return self.marked(self.slots.marker(EntrySlot(entry.at, column)), self.naming.id(entry.at))

    def _shaped(self, node: nodes.Shaped, _: str) -> Piece:
        return Piece(self.shaped(self.show(node.body), node.shape), GROUP)

    def _raised(self, node: nodes.Raised, _: str) -> Piece:
        return Piece(self.script(self.group(self.show(node.body)), "", self.show(node.above)), GROUP)

    # ---- formulas -----------------------------------------------------------------------------------------

    def _formula(self, node: nodes.Formula, surroundings: str) -> Piece:
        return FormulaPrinter(self, node).print(node.expression, surroundings)

    def _continued(self, node: nodes.Continued, _: str) -> Piece:
        return Piece(FormulaPrinter(self, node.sum).terms(node.sum.expression)[1], GROUP)

    _rules: ClassVar[dict[Any, Callable[..., Piece]]] = {
        nodes.Name: _name,
        nodes.MatrixName: _matrix_name,
        nodes.DeltaName: _delta_name,
        nodes.Num: _num,
        nodes.Blank: _blank,
        nodes.Relation: _relation,
        nodes.Branch: _branch,
        nodes.Word: _word,
        nodes.Words: _words,
        nodes.Sign: _sign,
        nodes.Row: _row,
        nodes.Product: _product_node,
        nodes.Fraction: _fraction,
        nodes.Brace: _brace,
        nodes.Tint: _tint,
        nodes.Struck: _struck,
        nodes.Boxed: _boxed,
        nodes.Limit: _limit,
        nodes.Uncovered: _uncovered,
        nodes.Paren: _paren,
        nodes.Applied: _applied,
        nodes.Function: _function_name,
        nodes.BigSum: _big_sum,
        nodes.Matrix: _matrix,
        nodes.Shaped: _shaped,
        nodes.Raised: _raised,
        nodes.Formula: _formula,
        nodes.Continued: _continued,
    }
