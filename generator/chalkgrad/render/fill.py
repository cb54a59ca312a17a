"""Filling slots: the structure is rendered once, numbers come in as often as there are variants."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from types import MappingProxyType
from typing import Protocol, TypeAlias

import numpy as np

from chalkgrad.evaluation.chosen import Chosen
from chalkgrad.evaluation.digits import DigitsColumn
from chalkgrad.evaluation.rounding import Shown
from chalkgrad.markup.python import literal, printed
from chalkgrad.markup.slots import (
    LITERAL,
    BlankSlot,
    BranchSlot,
    CodeSlot,
    ColumnSlot,
    DigitsSlot,
    EntrySlot,
    NumberSlot,
    PictureSlot,
    PlainSlot,
    RelationSlot,
    Slot,
    Slots,
    TextSlot,
    pieces,
)
from chalkgrad.quantities import At
from chalkgrad.render.numbers import Extent, NumberStyle, decimals_of, extent, widest

NOTHING = Shown("0", True)
_ALL = np.ones(1, dtype=bool)


def _case(slot: BranchSlot, switch: str) -> str:
    """The text that the switch's digits pick."""
    return slot.negative if switch[0] == "-" else slot.zero if switch == "0" else slot.positive


Texts: TypeAlias = Mapping[str, str]
"""What a sheet has of its own, by name; the digits of a number as `Shown` has them."""
NO_TEXTS: Mapping[str, str] = MappingProxyType({})


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

    def column(self, at: At) -> DigitsColumn:
        """The digits of a quantity, one entry a variant."""

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
    escape: Callable[[str], str]
    """Makes a text safe."""

    def fill(self, text: str, slots: Slots, numbers: Numbers | None = None, texts: Texts = NO_TEXTS) -> str:
        """The text with every marker replaced; without numbers where there are only texts to fill in."""
        out = []
        done: dict[int, str] = {}
        for piece in pieces(text):
            if isinstance(piece, str):
                out.append(piece)
                continue
            found = done.get(piece)
            if found is None:
                slot = slots.slots[piece]
                if isinstance(slot, TextSlot | DigitsSlot):
                    found = self._own(slot, texts[slot.name])
                else:
                    assert numbers is not None  # noqa: S101 (told to the type checker)
                    found = self.slot(slot, slots, numbers)
                done[piece] = found
            out.append(found)
        return "".join(out)

    def _own(self, slot: TextSlot | DigitsSlot, text: str) -> str:
        """What a sheet has of its own."""
        return self.escape(text) if isinstance(slot, TextSlot) else self.style.write_all((text,))[0]

    def slot(self, slot: Slot, slots: Slots, numbers: Numbers) -> str:
        """What stands in one slot."""
        if isinstance(slot, NumberSlot):
            return self.style.write(numbers.shown(slot.at).text, slot.surroundings)
        if isinstance(slot, BlankSlot):
            return (self.plain if slot.is_plain else self.style).room(numbers.shown(slot.at).text)
        if isinstance(slot, PlainSlot):
            return self.plain.write(numbers.shown(slot.at).text)
        if isinstance(slot, RelationSlot):
            nothing = any(numbers.shown(at) == NOTHING for at in slot.factors)
            known = nothing or all(numbers.shown(at).exact for at in slot.used)
            exact = known and all(map(numbers.is_exact, slot.results))
            style = self.plain if slot.is_plain else self.style
            return style.equals if exact else style.rounded
        if isinstance(slot, BranchSlot):
            return self.fill(_case(slot, numbers.shown(slot.switch).text), slots, numbers)
        if isinstance(slot, PictureSlot):
            return self.fill(slot.draw(numbers.double), slots, numbers)
        if isinstance(slot, EntrySlot):
            return self.entry(slot, numbers)
        if isinstance(slot, CodeSlot):
            return (
                literal(numbers.shown(slot.at).text) if slot.form == LITERAL else printed(numbers.double(slot.at))
            )
        assert isinstance(slot, ColumnSlot)  # noqa: S101 (the texts of a sheet are no numbers of the page)
        return self.column(slot, numbers)

    def fill_all(
        self,
        text: str,
        slots: Slots,
        variants: NumberColumns,
        texts: Mapping[str, Sequence[str]] = NO_TEXTS,
    ) -> list[str]:
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
                slot = slots.slots[piece]
                if isinstance(slot, TextSlot | DigitsSlot):
                    filled[piece] = [self._own(slot, own) for own in texts[slot.name]]
                else:
                    filled[piece] = self._slot_column(slot, slots, variants, decimals, extents)
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
            return self.style.write_all(variants.column(slot.at).texts, slot.surroundings)
        if isinstance(slot, BlankSlot):
            style = self.plain if slot.is_plain else self.style
            return [style.room(text) for text in variants.column(slot.at).texts]
        if isinstance(slot, PlainSlot):
            return self.plain.write_all(variants.column(slot.at).texts)
        if isinstance(slot, RelationSlot):
            return self._relation_column(slot, variants)
        if isinstance(slot, ColumnSlot):
            return self._table_column(slot, variants, decimals)
        if isinstance(slot, EntrySlot):
            return self._entry_column(slot, variants, extents)
        if isinstance(slot, BranchSlot):
            return self._branch_column(slot, slots, variants)
        if isinstance(slot, CodeSlot):
            if slot.form == LITERAL:
                return list(map(literal, variants.column(slot.at).texts))
            return list(map(printed, variants.double_column(slot.at)))
        return [self.slot(slot, slots, numbers) for numbers in variants.each()]

    def _relation_column(self, slot: RelationSlot, variants: NumberColumns) -> list[str]:
        exact = _ALL
        for at in slot.used:
            exact = exact & variants.column(at).exact
        for at in slot.factors:
            exact = exact | variants.column(at).nothing
        for at in slot.results:
            exact = exact & variants.column(at).exact
        style = self.plain if slot.is_plain else self.style
        if exact.all() or not exact.any():
            return [style.equals if exact[0] else style.rounded] * variants.count
        return [style.equals if is_exact else style.rounded for is_exact in exact.tolist()]

    def _branch_column(self, slot: BranchSlot, slots: Slots, variants: NumberColumns) -> list[str]:
        """Each variant's own case; the variants of one case are filled together."""
        rows: dict[str, list[int]] = {}
        for row, text in enumerate(variants.column(slot.switch).texts):
            rows.setdefault(_case(slot, text), []).append(row)
        column = [""] * variants.count
        for case, own in rows.items():
            for row, text in zip(own, self.fill_all(case, slots, Chosen(variants, own)), strict=True):
                column[row] = text
        return column

    def column(self, slot: ColumnSlot, numbers: Numbers) -> str:
        """A number of a table, padded to the decimals of its column."""
        most = max(decimals_of(numbers.shown(at).text) for at in slot.column)
        return self._padded(numbers.shown(slot.at).text, most)

    def _table_column(
        self, slot: ColumnSlot, variants: NumberColumns, found: dict[tuple[At, ...], list[list[int]]]
    ) -> list[str]:
        """A table's numbers, padded; `found` keeps each column's decimals, and in the end their maximum."""
        decimals = found.get(slot.column)
        if decimals is None:
            decimals = [list(map(decimals_of, variants.column(at).texts)) for at in slot.column]
            decimals.append([max(row) for row in zip(*decimals, strict=True)])
            found[slot.column] = decimals
        texts = variants.column(slot.at).texts
        rows = zip(
            texts, self.cells.write_all(texts), decimals[slot.column.index(slot.at)], decimals[-1], strict=True
        )
        return [written if own == most else self._padded(text, most) for text, written, own, most in rows]

    def entry(self, slot: EntrySlot, numbers: Numbers) -> str:
        """A number of a matrix, with the room that its column asks for."""
        text = numbers.shown(slot.at).text
        own, most = extent(text), widest(extent(numbers.shown(at).text) for at in slot.column)
        written = self.style.write(text)
        return self.style.aligned(written, own, most) if any(own) else written

    def _entry_column(
        self, slot: EntrySlot, variants: NumberColumns, extents: dict[tuple[At, ...], list[list[Extent]]]
    ) -> list[str]:
        """The same for many variants; `extents` keeps those of each column, and in the end the widest."""
        found = extents.get(slot.column)
        if found is None:
            found = [list(map(extent, variants.column(at).texts)) for at in slot.column]
            found.append([widest(row) for row in zip(*found, strict=True)])
            extents[slot.column] = found
        texts = self.style.write_all(variants.column(slot.at).texts)
        rows = zip(texts, found[slot.column.index(slot.at)], found[-1], strict=True)
        return [
            text if own == most or not any(own) else self.style.aligned(text, own, most)
            for text, own, most in rows
        ]

    def _padded(self, text: str, most: int) -> str:
        written = self.cells.write(text)
        own = decimals_of(text)
        if most <= own or not text.lstrip("-").replace(".", "", 1).isdigit():
            return written
        return self.pad(written, most - max(own, 0), own < 0)
