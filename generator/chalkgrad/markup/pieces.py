"""What printers hand to each other: printed mathematics, and what kind of thing it is."""

from __future__ import annotations

from typing import NamedTuple

NUMBER, LITERAL, SYMBOL, RAISED, FRACTION, GROUP, SUM = (
    "number", "literal", "symbol", "raised", "fraction", "group", "sum"
)  # fmt: skip


class Piece(NamedTuple):
    """Printed mathematics, and what kind of thing it is: that decides what may stand beside it."""

    text: str
    kind: str = SYMBOL
