"""Mathematics as a reader sees it, before any notation or markup.

A node says what stands there (the name of a quantity, its number, a formula with things in its places); the
printers say how it looks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from sympy import Expr, Symbol

from chalkgrad.quantities import AnyQuantity, At, Role


@dataclass(frozen=True)
class Name:
    """A quantity by its name: `w₅`, `∂J/∂w₅`, `δ₁`."""

    quantity: AnyQuantity
    sample: int | str = 1
    ahead: int = 0
    """1 for a parameter after the update."""
    time: int = 0
    """How many updates were made before the optimisation step that speaks of it: the name is the same, the
    number is another."""


@dataclass(frozen=True)
class MatrixName:
    """All quantities of one role and layer as a matrix: `Θ⁽¹⁾`."""

    role: Role
    layer: int | str = 0
    ahead: int = 0
    transposed: bool = False
    gradient: bool = False
    """The derivative of the cost by it."""
    sample: int | str = ""
    """The sample that is meant, and whose cost is differentiated; empty for the batch."""
    state: str = ""
    """What the optimizer keeps or makes of them, by its letter."""


@dataclass(frozen=True)
class DeltaName:
    """All deltas of a layer as a matrix."""

    layer: int | str
    transposed: bool = False
    sample: int | str = ""
    """The sample that is meant; empty for the batch."""


@dataclass(frozen=True)
class Num:
    """The number of a quantity, a slot to be filled."""

    at: At


@dataclass(frozen=True)
class Blank:
    """The place of a number that the reader is to find, as wide as the number: a slot."""

    at: At
    number: int
    """Printed with it; the places of one number share it."""


@dataclass(frozen=True)
class Formula:
    """A SymPy expression with something in the place of each formal argument."""

    expression: Expr
    bindings: Mapping[Symbol, Math]

    def __hash__(self) -> int:
        """By identity: formulas are never compared."""
        return id(self)


@dataclass(frozen=True)
class Word:
    """A word, letter or whole number that stands in mathematics as it is."""

    text: str


@dataclass(frozen=True)
class Words:
    """Words of the page's language beside mathematics: the name of a rule."""

    text: str


@dataclass(frozen=True)
class Sign:
    """A sign by its name: `=`, `≈`, `·`, `⊙`, `+`, `−`, `→`, `,`, `′`."""

    sign: str


@dataclass(frozen=True)
class Relation:
    """`=` where everything shown beside it is exact, else `≈`: a slot."""

    used: tuple[At, ...] = ()
    """The numbers on the page that the left side was computed from."""
    results: tuple[At, ...] = ()
    """The numbers that follow, where they are computed here."""
    factors: tuple[At, ...] = ()
    """Those used that multiply all the rest: where one is exactly 0, so is the product, whatever was rounded."""


@dataclass(frozen=True)
class Row:
    """Things one after the other."""

    items: tuple[Math, ...]


@dataclass(frozen=True)
class Product:
    """Factors with the notation's sign of multiplication between them."""

    factors: tuple[Math, ...]


@dataclass(frozen=True)
class Fraction:
    """One thing over another."""

    above: Math
    below: Math


@dataclass(frozen=True)
class Brace:
    """Something with a brace below it, and what the brace says."""

    body: Math
    label: Math


@dataclass(frozen=True)
class Tint:
    """Something in one of the page's colours: `up`, `loc` or `inp`, the three links of a chain."""

    colour: str
    body: Math


@dataclass(frozen=True)
class Struck:
    """Something that is struck out, for it cancels."""

    body: Math


@dataclass(frozen=True)
class Boxed:
    """Something in a box, and words beside it: an answer with its points."""

    body: Math
    label: str


@dataclass(frozen=True)
class Limit:
    """The limit of something as a letter tends to a value: `lim` with `h → 0` below it."""

    variable: Math
    target: Math
    body: Math


@dataclass(frozen=True)
class Paren:
    """Something in parentheses."""

    body: Math


@dataclass(frozen=True)
class Applied:
    """A function of something: `σ(z)`, or its derivative `σ′(z)`."""

    function: str
    argument: Math
    prime: bool = False


@dataclass(frozen=True)
class Function:
    """The name of a function by itself: `exp`, `max`, `σ`."""

    name: str


@dataclass(frozen=True)
class BigSum:
    """Σ over an index."""

    index: Math
    body: Math


@dataclass(frozen=True)
class Matrix:
    """A matrix; None stands for entries left out (dots)."""

    rows: tuple[tuple[Math | None, ...], ...]
    shape: tuple[int, int] | None = None
    """Printed under the matrix."""


@dataclass(frozen=True)
class Shaped:
    """A matrix's name with its shape under it."""

    body: Math
    shape: tuple[int, int]


@dataclass(frozen=True)
class Raised:
    """Something with something small above: `Wᵀ`."""

    body: Math
    above: Math


@dataclass(frozen=True)
class Branch:
    """What stands there depends on the sign of a number: a slot."""

    switch: At
    positive: Math
    zero: Math
    negative: Math


@dataclass(frozen=True)
class Uncovered:
    """Something that a slide uncovers in a later step; it takes its room from the first."""

    body: Math
    step: int


@dataclass(frozen=True)
class Continued:
    """The second term of a sum, with its sign: what is left of a sum that was broken before it."""

    sum: Formula


Math: TypeAlias = (
    Name
    | MatrixName
    | DeltaName
    | Num
    | Blank
    | Formula
    | Word
    | Words
    | Sign
    | Relation
    | Row
    | Product
    | Fraction
    | Brace
    | Tint
    | Struck
    | Boxed
    | Limit
    | Paren
    | Applied
    | Function
    | BigSum
    | Matrix
    | Shaped
    | Raised
    | Branch
    | Uncovered
    | Continued
)

EMPTY = Row(())
