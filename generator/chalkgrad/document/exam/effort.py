"""How much room an answer needs: as many lines as there are operations between what is known and what is asked."""

from __future__ import annotations

from collections.abc import Iterable

from chalkgrad.document.scribe import Scribe
from chalkgrad.quantities import AnyQuantity, At

FEWEST, MOST = 3, 12
"""Lines of an answer."""
EACH = 4
"""How many numbers are put together on a line, about."""


class Effort:
    """Remembers what was asked before: nobody works it twice."""

    def __init__(self, scribe: Scribe) -> None:
        self.scribe = scribe
        self.known: set[tuple[AnyQuantity, int]] = set()

    def lines(self, ats: Iterable[At]) -> int:
        """The lines that an answer is worked on."""
        numbers = sum(self._numbers(at) for at in ats)
        return min(max(FEWEST, round(numbers / EACH) + 1), MOST)

    def _numbers(self, at: At) -> int:
        """How many numbers are put together on the way to one, but for what is known already."""
        steps = self.scribe.derivation.by_quantity
        moved = (at.quantity, 1) in steps and at.time > 0
        waiting, total = [(at.quantity, int(moved))], 0
        while waiting and total < EACH * MOST:
            place = waiting.pop()
            step = steps.get(place)
            if place in self.known or step is None:
                continue
            self.known.add(place)
            total += max(len(step.bindings), 1)
            waiting += [(ref.quantity, ref.ahead) for _, ref in step.bindings]
        return total
