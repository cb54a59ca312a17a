"""Filling slots: the structure is rendered once, numbers come in as often as there are variants."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from chalkgrad.evaluation.rounding import Shown
from chalkgrad.markup.slots import BranchSlot, ColumnSlot, NumberSlot, RelationSlot, Slot, Slots, pieces
from chalkgrad.quantities import At
from chalkgrad.render.numbers import NumberStyle, decimals_of


class Numbers(Protocol):
    """Where digits come from."""

    def shown(self, at: At) -> Shown:
        """The digits of a quantity."""

    def is_exact(self, at: At) -> bool:
        """Whether `=` may stand before them."""


@dataclass(frozen=True)
class Filler:
    """How a format fills its slots."""

    style: NumberStyle
    """In mathematics."""
    cells: NumberStyle
    """In cells of tables."""
    pad: Callable[[str, int, bool], str]
    """Pads a written number by so many decimals, and by the mark where it has none, so that columns align."""
    equals: str = "="
    rounded: str = r"\approx"

    def fill(self, text: str, slots: Slots, numbers: Numbers) -> str:
        """The text with every marker replaced."""
        out = []
        done: dict[int, str] = {}
        for piece in pieces(text):
            if isinstance(piece, str):
                out.append(piece)
                continue
            found = done.get(piece)
            if found is None:
                found = done[piece] = self.slot(slots.slots[piece], slots, numbers)
            out.append(found)
        return "".join(out)

    def slot(self, slot: Slot, slots: Slots, numbers: Numbers) -> str:
        """What stands in one slot."""
        if isinstance(slot, NumberSlot):
            return self.style.write(numbers.shown(slot.at), slot.surroundings)
        if isinstance(slot, RelationSlot):
            exact = all(numbers.shown(at).exact for at in slot.used) and (slot.result is None or numbers.is_exact(slot.result))
            return self.equals if exact else self.rounded
        if isinstance(slot, BranchSlot):
            text = numbers.shown(slot.switch).text
            case = slot.negative if text[0] == "-" else slot.zero if text == "0" else slot.positive
            return self.fill(case, slots, numbers)
        return self.column(slot, numbers)

    def column(self, slot: ColumnSlot, numbers: Numbers) -> str:
        """A number of a table, padded to the decimals of its column."""
        shown = numbers.shown(slot.at)
        written = self.cells.write(shown)
        if "e" in shown.text or "/" in shown.text or shown.value is None:
            return written
        most = max(decimals_of(numbers.shown(at).text) for at in slot.column)
        own = decimals_of(shown.text)
        if most <= own:
            return written
        return self.pad(written, most - max(own, 0), own < 0)
