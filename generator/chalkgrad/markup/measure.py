"""How wide mathematics will be: a printer whose text has about as many characters as the set line has widths.

Lines are broken before they are set, the same way in every format, by what they would need.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chalkgrad.catalogue.letters import GREEK, taken_apart
from chalkgrad.markup.base import Printer
from chalkgrad.markup.slots import MARKER, BlankSlot, BranchSlot, EntrySlot, NumberSlot
from chalkgrad.quantities import At

_SMALL = 0.72
_LETTER = 0.9


def _wide(count: float) -> str:
    return "m" * max(round(count), 0)


@dataclass
class Measure(Printer):
    """Prints nodes as text of their width, in digits."""

    digits: Callable[[At], int] = lambda _: 8
    """How many characters the number of a quantity has."""

    def width(self, text: str) -> int:
        """The width of printed text, numbers included."""
        total = 0
        for i, piece in enumerate(MARKER.split(text)):
            if i % 2 == 0:
                total += len(piece)
                continue
            slot = self.slots.slots[int(piece)]
            if isinstance(slot, NumberSlot):
                total += self.digits(slot.at) + (slot.surroundings != "plain")
            elif isinstance(slot, EntrySlot):
                total += self._column_width(slot)
            elif isinstance(slot, BlankSlot):
                total += self.digits(slot.at)
            elif isinstance(slot, BranchSlot):
                total += max(self.width(t) for t in slot[1:])
            else:
                total += 1
        return total

    def _column_width(self, slot: EntrySlot) -> int:
        """Aligned on their mark, numbers reach further together than each alone, unless it is by a sign."""
        widths = [self.digits(at) for at in slot.column]
        return max(widths) + (max(widths) - min(widths) > 1)

    def letter(self, base: str) -> str:
        """One letter, or as many as a word has."""
        single = base in GREEK or len(base) == 1 or taken_apart(base)[0]
        return _wide(1.2) if single else _wide(len(base))

    def script(self, base: str, sub: str, sup: str) -> str:
        """The longer of the two indices counts."""
        return base + _wide(_SMALL * max(self.width(sub), self.width(sup)))

    def fraction(self, above: str, below: str) -> str:
        """The longer part counts."""
        return _wide(max(self.width(above), self.width(below)) + 1)

    def root(self, body: str) -> str:
        """A little more than what is under it."""
        return f"mm{body}"

    def parentheses(self, body: str) -> str:
        """Two characters more."""
        return f"({body})"

    def bars(self, body: str) -> str:
        """Two characters more."""
        return f"|{body}|"

    def floor(self, body: str) -> str:
        """Two characters more."""
        return f"|{body}|"

    def function(self, name: str) -> str:
        """The name's letters."""
        return _wide(1) if name in GREEK or name == "one" else name

    def words(self, text: str) -> str:
        """Letters of text are narrower than digits."""
        return _wide(_LETTER * len(text))

    def sign(self, sign: str) -> str:
        """A sign; most have a space of their own around them, which the printed text counts already."""
        return {"quad": "m", "qquad": "mmm", "space": "", "thin": "", "′": "", "·": "", ",": ","}.get(sign, "m")

    def brace(self, body: str, label: str) -> str:
        """The longer of body and label counts."""
        return _wide(max(self.width(body), _SMALL * self.width(label)))

    def tint(self, colour: str, body: str) -> str:
        """Colour takes no room."""
        return body

    def struck(self, body: str) -> str:
        """A line through it takes no room."""
        return body

    def boxed(self, body: str) -> str:
        """Room at both sides."""
        return f"m{body}m"

    def limit(self, below: str) -> str:
        """The wider of the two lines counts."""
        return _wide(max(2.6, _SMALL * self.width(below)))

    def matrix(self, rows: Sequence[Sequence[str | None]], shape: tuple[int, int] | None) -> str:
        """Columns, each as wide as its widest entry."""
        columns = zip(*rows, strict=True)
        return _wide(2 + sum(2 + max(2 if e is None else self.width(e) for e in column) for column in columns))

    def shaped(self, body: str, shape: tuple[int, int]) -> str:
        """The shape is rarely wider than the name."""
        return body if self.width(body) > 3 else "mmm"

    def cases(self, rows: Sequence[tuple[str, str]]) -> str:
        """The widest row."""
        return _wide(3 + max(self.width(value) + self.width(condition) for value, condition in rows))

    def blank(self, room: str, number: int) -> str:
        """The number stands below."""
        return room

    def big_sum(self, index: str) -> str:
        """The sign of a sum."""
        return "mmm"


@dataclass
class LineMeasure(Measure):
    """The same where fractions stand on one line, as in drawings."""

    def fraction(self, above: str, below: str) -> str:
        """With a slash."""
        return f"{above}/{below}"
