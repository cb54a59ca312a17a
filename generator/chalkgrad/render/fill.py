"""Filling slots: the structure is rendered once, numbers come in as often as there are variants."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import repeat
from typing import Protocol

from chalkgrad.evaluation.rounding import Shown
from chalkgrad.markup.python import literal, printed
from chalkgrad.markup.slots import (
    LITERAL,
    BlankSlot,
    BranchSlot,
    CodeSlot,
    ColumnSlot,
    EntrySlot,
    NumberSlot,
    PictureSlot,
    PlainSlot,
    RelationSlot,
    Slot,
    Slots,
    pieces,
)
from chalkgrad.quantities import At
from chalkgrad.render.numbers import Extent, NumberStyle, decimals_of, extent, widest

NOTHING = Shown("0", True)


class Numbers(Protocol):
    """Where digits come from."""

    def shown(self, at: At) -> Shown:
        """The digits of a quantity."""

    def is_exact(self, at: At) -> bool:
        """Whether `=` may stand before them."""

    def double(self, at: At) -> float:
        """The float64 nearest to a quantity, with all digits carried."""


class NumberColumns(Protocol):
    """The same for many variants at once."""

    count: int

    def column(self, at: At) -> list[Shown]:
        """The digits of a quantity, one entry a variant."""

    def exact_column(self, at: At) -> list[bool]:
        """Where `=` may stand before them."""

    def double_column(self, at: At) -> list[float]:
        """The nearest float64 of a quantity, one entry a variant."""

    def each(self) -> Iterator[Numbers]:
        """Each variant's numbers by themselves."""


@dataclass(frozen=True)
class Filler:
    """How a format fills its slots."""

    style: NumberStyle
    """In mathematics."""
    cells: NumberStyle
    """In cells of tables."""
    plain: NumberStyle
    """In pictures, where there is text and no mathematics."""
    pad: Callable[[str, int, bool], str]
    """Pads a written number by so many decimals, and by the mark where it has none, so that columns align."""

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
        if isinstance(slot, BlankSlot):
            return (self.plain if slot.is_plain else self.style).room(numbers.shown(slot.at))
        if isinstance(slot, PlainSlot):
            return self.plain.write(numbers.shown(slot.at))
        if isinstance(slot, RelationSlot):
            nothing = any(numbers.shown(at) == NOTHING for at in slot.factors)
            known = nothing or all(numbers.shown(at).exact for at in slot.used)
            exact = known and all(map(numbers.is_exact, slot.results))
            style = self.plain if slot.is_plain else self.style
            return style.equals if exact else style.rounded
        if isinstance(slot, BranchSlot):
            text = numbers.shown(slot.switch).text
            case = slot.negative if text[0] == "-" else slot.zero if text == "0" else slot.positive
            return self.fill(case, slots, numbers)
        if isinstance(slot, PictureSlot):
            return self.fill(slot.draw(numbers.double), slots, numbers)
        if isinstance(slot, EntrySlot):
            return self.entry(slot, numbers)
        if isinstance(slot, CodeSlot):
            return (
                literal(numbers.shown(slot.at).text) if slot.form == LITERAL else printed(numbers.double(slot.at))
            )
        return self.column(slot, numbers)

    def fill_all(self, text: str, slots: Slots, variants: NumberColumns) -> list[str]:
        """The text for every variant: a column of texts for each piece, joined row by row."""
        filled: dict[int, Iterable[str]] = {}
        decimals: dict[tuple[At, ...], list[list[int]]] = {}
        extents: dict[tuple[At, ...], list[list[Extent]]] = {}
        columns: list[Iterable[str]] = []
        for piece in pieces(text):
            if isinstance(piece, str):
                columns.append(repeat(piece, variants.count))
                continue
            if piece not in filled:
                filled[piece] = self._slot_column(slots.slots[piece], slots, variants, decimals, extents)
            columns.append(filled[piece])
        return list(map("".join, zip(*columns, strict=True)))

    def _slot_column(
        self,
        slot: Slot,
        slots: Slots,
        variants: NumberColumns,
        decimals: dict[tuple[At, ...], list[list[int]]],
        extents: dict[tuple[At, ...], list[list[Extent]]],
    ) -> list[str]:
        if isinstance(slot, NumberSlot):
            return self.style.write_all(variants.column(slot.at), slot.surroundings)
        if isinstance(slot, BlankSlot):
            style = self.plain if slot.is_plain else self.style
            return [style.room(shown) for shown in variants.column(slot.at)]
        if isinstance(slot, PlainSlot):
            return self.plain.write_all(variants.column(slot.at))
        if isinstance(slot, RelationSlot):
            flags = [variants.exact_column(at) for at in (*slot.used, *slot.results)]
            style = self.plain if slot.is_plain else self.style
            equals, rounded = style.equals, style.rounded
            if any(NOTHING in variants.column(at) for at in slot.factors):
                return [self.slot(slot, slots, numbers) for numbers in variants.each()]
            if any(True not in column for column in flags):
                return [rounded] * variants.count
            if not any(False in column for column in flags):
                return [equals] * variants.count
            return [equals if all(row) else rounded for row in zip(*flags, strict=True)]
        if isinstance(slot, ColumnSlot):
            return self._table_column(slot, variants, decimals)
        if isinstance(slot, EntrySlot):
            return self._entry_column(slot, variants, extents)
        if isinstance(slot, CodeSlot):
            if slot.form == LITERAL:
                return [literal(shown.text) for shown in variants.column(slot.at)]
            return list(map(printed, variants.double_column(slot.at)))
        return [self.slot(slot, slots, numbers) for numbers in variants.each()]

    def column(self, slot: ColumnSlot, numbers: Numbers) -> str:
        """A number of a table, padded to the decimals of its column."""
        most = max(decimals_of(numbers.shown(at).text) for at in slot.column)
        return self._padded(numbers.shown(slot.at), most)

    def _table_column(
        self, slot: ColumnSlot, variants: NumberColumns, found: dict[tuple[At, ...], list[list[int]]]
    ) -> list[str]:
        """A table's numbers, padded; `found` keeps each column's decimals, and in the end their maximum."""
        decimals = found.get(slot.column)
        if decimals is None:
            decimals = [[decimals_of(shown.text) for shown in variants.column(at)] for at in slot.column]
            decimals.append([max(row) for row in zip(*decimals, strict=True)])
            found[slot.column] = decimals
        column = variants.column(slot.at)
        rows = zip(
            column, self.cells.write_all(column), decimals[slot.column.index(slot.at)], decimals[-1], strict=True
        )
        return [text if own == most else self._padded(shown, most) for shown, text, own, most in rows]

    def entry(self, slot: EntrySlot, numbers: Numbers) -> str:
        """A number of a matrix, with the room that its column asks for."""
        shown = numbers.shown(slot.at)
        own, most = extent(shown.text), widest(extent(numbers.shown(at).text) for at in slot.column)
        text = self.style.write(shown)
        return self.style.aligned(text, own, most) if any(own) else text

    def _entry_column(
        self, slot: EntrySlot, variants: NumberColumns, extents: dict[tuple[At, ...], list[list[Extent]]]
    ) -> list[str]:
        """The same for many variants; `extents` keeps those of each column, and in the end the widest."""
        found = extents.get(slot.column)
        if found is None:
            found = [[extent(shown.text) for shown in variants.column(at)] for at in slot.column]
            found.append([widest(row) for row in zip(*found, strict=True)])
            extents[slot.column] = found
        texts = self.style.write_all(variants.column(slot.at))
        rows = zip(texts, found[slot.column.index(slot.at)], found[-1], strict=True)
        return [
            text if own == most or not any(own) else self.style.aligned(text, own, most)
            for text, own, most in rows
        ]

    def _padded(self, shown: Shown, most: int) -> str:
        written = self.cells.write(shown)
        own = decimals_of(shown.text)
        if most <= own or not shown.text.lstrip("-").replace(".", "", 1).isdigit():
            return written
        return self.pad(written, most - max(own, 0), own < 0)
