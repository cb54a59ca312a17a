"""Matrices of quantities: which entries are printed, how samples lie, which shapes stand below.

Every entry is a quantity of the scalar view; nothing is computed a second time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias, TypeVar

from chalkgrad.derivation.model import Ref
from chalkgrad.document.model import Link
from chalkgrad.document.scribe import Scribe
from chalkgrad.markup.nodes import Math, Matrix, MatrixName, Num, Relation, Row, Shaped, Sign, Word
from chalkgrad.network.model import Layer
from chalkgrad.quantities import AnyQuantity, At, Role

MOST_ROWS, MOST_COLUMNS = 6, 6
"""A larger matrix is printed by its corners, with dots between."""

Numbered: TypeAlias = AnyQuantity | Ref
"""What has a number."""

ONE = "𝟏"
"""The name of a matrix of ones, of whatever shape stands under it."""

T = TypeVar("T")


def kept(count: int, most: int) -> list[int | None]:
    """Which of `count` rows or columns are printed; None for the dots.

    >>> kept(4, 6), kept(784, 6)
    ([0, 1, 2, 3], [0, 1, None, 783])
    """
    return list(range(count)) if count <= most else [0, 1, None, count - 1]


def printed_rows(count: int) -> list[int]:
    """The rows that are printed, without the dots."""
    return [i for i in kept(count, MOST_ROWS) if i is not None]


def corner(entries: Sequence[Sequence[T]]) -> list[T]:
    """The entries that are printed."""
    if not entries or not entries[0]:
        return []
    columns = [k for k in kept(len(entries[0]), MOST_COLUMNS) if k is not None]
    return [entries[i][k] for i in printed_rows(len(entries)) for k in columns]


def grid(rows: int, columns: int, entry: Callable[[int, int], Math]) -> Matrix:
    """A matrix of which only what is printed is made."""
    across = kept(columns, MOST_COLUMNS)
    body = tuple(
        tuple(None if i is None or k is None else entry(i, k) for k in across) for i in kept(rows, MOST_ROWS)
    )
    return Matrix(body, (rows, columns))


def numbers_of(scribe: Scribe, rows: Sequence[Sequence[Numbered]], sample: int = 1) -> Matrix:
    """The numbers of a matrix of quantities."""
    return grid(len(rows), len(rows[0]), lambda i, k: scribe.num(rows[i][k], sample))


def values_of(scribe: Scribe, quantities: Sequence[Numbered]) -> Matrix:
    """The numbers of a layer's quantities for the samples of the batch, laid out as the notation asks."""
    units, batch = len(quantities), scribe.samples
    if scribe.notation.columns:
        return grid(units, len(batch), lambda i, k: scribe.num(quantities[i], batch[k]))
    return grid(len(batch), units, lambda i, k: scribe.num(quantities[k], batch[i]))


def printed_samples(scribe: Scribe) -> list[int]:
    """The samples of the batch whose rows or columns are printed."""
    return [scribe.samples[i] for i in printed_rows(len(scribe.samples))]


def column_of(scribe: Scribe, quantities: Sequence[Numbered], sample: int) -> Matrix:
    """The numbers of one sample along the units: a column or a row, as the notation asks."""
    if scribe.notation.columns:
        return numbers_of(scribe, [[quantity] for quantity in quantities], sample)
    return numbers_of(scribe, [quantities], sample)


def diagonal_of(scribe: Scribe, quantities: Sequence[Numbered], sample: int) -> Matrix:
    """A square matrix with numbers on its diagonal and zeros around them."""
    size = len(quantities)
    return grid(size, size, lambda i, k: scribe.num(quantities[i], sample) if i == k else Word("0"))


def laid(scribe: Scribe, rows: Sequence[Sequence[T]]) -> Sequence[Sequence[T]]:
    """What belongs to weights, given with a row for each unit they lead to, in the notation's own orientation."""
    return rows if scribe.notation.to_from else list(zip(*rows, strict=True))


def weights_of(scribe: Scribe, layer: Layer, *, down: str, ahead: int = 0) -> tuple[Shaped, Matrix]:
    """A layer's weight matrix by name and by numbers, with a row for each unit it leads `to`, or comes `from`:
    transposed where the notation lays it the other way."""
    rows: Sequence[Sequence[Ref]] = [[Ref(w, ahead) for w in weights] for weights in layer.weights()]
    shape = (layer.units, layer.inputs) if down == "to" else (layer.inputs, layer.units)
    turned = (down == "to") != scribe.notation.to_from
    numbers = numbers_of(scribe, rows if down == "to" else list(zip(*rows, strict=True)))
    return Shaped(MatrixName(Role.WEIGHT, layer.number, ahead, transposed=turned), shape), numbers


def ones(rows: int, columns: int) -> tuple[Shaped, Matrix]:
    """A matrix of ones by name and by numbers."""
    return Shaped(Word(ONE), (rows, columns)), grid(rows, columns, lambda _, __: Word("1"))


def vector_of(scribe: Scribe, quantities: Sequence[Numbered], copies: int = 1) -> Matrix:
    """The numbers of a vector along the units: a column or a row, as the notation asks, so many times."""
    if scribe.notation.columns:
        return grid(len(quantities), copies, lambda i, _: scribe.num(quantities[i]))
    return grid(copies, len(quantities), lambda _, k: scribe.num(quantities[k]))


def transposed(matrix: Matrix) -> Matrix:
    """Rows and columns exchanged."""
    assert matrix.shape is not None  # noqa: S101 (every matrix of numbers has one)
    return Matrix(tuple(zip(*matrix.rows, strict=True)), matrix.shape[::-1])


def printed(*matrices: Matrix) -> tuple[At, ...]:
    """The numbers that stand in matrices."""
    return tuple(num.at for matrix in matrices for row in matrix.rows for num in row if isinstance(num, Num))


def result(matrix: Matrix, used: tuple[At, ...] = ()) -> Link:
    """`= matrix` where every number on both sides is exact, else `≈ matrix`."""
    return Link(Relation(used, printed(matrix)), matrix)


def shape_of(scribe: Scribe, units: int) -> tuple[int, int]:
    """The shape of a layer's matrix of values."""
    n = len(scribe.samples)
    return (units, n) if scribe.notation.columns else (n, units)


def named_values(scribe: Scribe, layer: int, role: Role = Role.ACTIVATION) -> Shaped:
    """A layer's activations (layer 0: the inputs) or the targets, by name, with their shape."""
    units = scribe.network.shape[-1 if role is Role.TARGET else layer]
    return Shaped(MatrixName(role, layer), shape_of(scribe, units))


def product(*factors: Math) -> tuple[Math, ...]:
    """Factors side by side; names with shapes under them need room between them."""
    first, *rest = factors
    return (first, *(item for factor in rest for item in (Sign("space"), factor)))


def jacobian_name(scribe: Scribe, partials: Sequence[Sequence[AnyQuantity]], sample: int) -> Matrix:
    """A matrix of derivatives by its first and its last entry."""
    first, last = scribe.name(partials[0][0], sample), scribe.name(partials[-1][-1], sample)
    return Matrix(((first, Sign("…")), (Sign("…"), last)))


def row(*items: Math) -> Row:
    """Things one after the other."""
    return Row(items)
