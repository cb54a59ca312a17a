"""Slots: the places of a finished text that numbers are filled into.

A page is rendered once; where a number will stand it carries a marker.  A slot says which number, in which
surroundings (a negative number inside a product stands in parentheses), and what depends on it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from chalkgrad.quantities import At

OPEN, CLOSE = "\ue000", "\ue001"
"""Private-use characters: no spec can bring them in, for its texts lose everything unprintable."""
MARKER = re.compile(f"{OPEN}(\\d+){CLOSE}")

PLAIN, OPERAND, BASE = "plain", "operand", "base"
"""Surroundings of a number: alone, inside a product or after a sign, or raised to a power."""
LITERAL, PRINTED = "literal", "printed"
"""Forms of a number in code."""


class NumberSlot(NamedTuple):
    """The digits of a quantity."""

    at: At
    surroundings: str = PLAIN


class BlankSlot(NamedTuple):
    """Empty room, as wide as the digits of a quantity."""

    at: At
    is_plain: bool = False
    """Whether it stands in a picture, where there is text and no mathematics."""


class PlainSlot(NamedTuple):
    """The digits of a quantity in a picture, where there is text and no mathematics."""

    at: At


class ColumnSlot(NamedTuple):
    """The digits of a quantity in a table, padded so that the column aligns on its decimal mark."""

    at: At
    column: tuple[At, ...]


class EntrySlot(NamedTuple):
    """The digits of a quantity in a matrix, with room beside them so that its column aligns on the mark."""

    at: At
    column: tuple[At, ...]


class RelationSlot(NamedTuple):
    """`=` or `≈`."""

    used: tuple[At, ...]
    results: tuple[At, ...]
    factors: tuple[At, ...] = ()
    """Numbers that make the left side exactly 0 where they are, whatever else was rounded."""
    is_plain: bool = False
    """Whether it stands in a picture, where there is text and no mathematics."""


class BranchSlot(NamedTuple):
    """One of three texts, which may hold slots themselves."""

    switch: At
    positive: str
    zero: str
    negative: str


class CodeSlot(NamedTuple):
    """A number in code: `literal`, a given one as Python reads it, or `printed`, as a listing prints it."""

    at: At
    form: str


class PictureSlot(NamedTuple):
    """A picture that is drawn when the numbers are known; its text may hold slots itself."""

    draw: Callable[[Callable[[At], float]], str]
    """Makes it, asking for the float64 of the quantities it shows."""


class TextSlot(NamedTuple):
    """A text that each sheet has of its own, by name: the number of a paper, the name of a student."""

    name: str


class DigitsSlot(NamedTuple):
    """A number that each sheet brings along, by name: one of the answers to choose from."""

    name: str


Slot: TypeAlias = (
    NumberSlot
    | BlankSlot
    | PlainSlot
    | ColumnSlot
    | EntrySlot
    | RelationSlot
    | BranchSlot
    | CodeSlot
    | PictureSlot
    | TextSlot
    | DigitsSlot
)


@dataclass
class Slots:
    """The slots of one text; the same slot is kept once."""

    slots: list[Slot] = field(default_factory=list)
    places: dict[tuple[type, Slot], int] = field(default_factory=dict)
    """By kind too: two kinds of slots may hold the same."""

    def marker(self, slot: Slot) -> str:
        """The marker that stands for a slot in the text."""
        key = (type(slot), slot)
        place = self.places.get(key)
        if place is None:
            place = self.places[key] = len(self.slots)
            self.slots.append(slot)
        return f"{OPEN}{place}{CLOSE}"


@lru_cache(64)
def pieces(text: str) -> tuple[str | int, ...]:
    """A text cut at its markers: strings and the numbers of slots, in turn.

    The same few texts are filled again and again.
    """
    cut = MARKER.split(text)
    return tuple(int(piece) if i % 2 else piece for i, piece in enumerate(cut) if i % 2 or piece)
