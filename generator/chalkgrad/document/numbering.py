"""The numbers of headings."""

from __future__ import annotations

from dataclasses import dataclass, field

from chalkgrad.document.model import Heading, Inline


@dataclass
class Numbering:
    """Numbers headings and remembers them."""

    counters: list[int] = field(default_factory=lambda: [0, 0])

    def heading(self, level: int, text: Inline) -> Heading:
        """The next heading of a level: 2.1 after 2."""
        self.counters[level - 1] += 1
        self.counters[level:] = [0] * (len(self.counters) - level)
        number = ".".join(str(n) for n in self.counters[:level])
        return Heading(level, number, text, f"section-{number.replace('.', '-')}")
