"""The ids that a condition may use: every number of an example, and patterns of them such as `delta1[*]`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property

from chalkgrad.derivation.ids import ids_of
from chalkgrad.errors import did_you_mean
from chalkgrad.example import Example
from chalkgrad.messages import Message
from chalkgrad.quantities import At, Quantity, Role, plain_id

BASE = r"[A-Za-z_∂]\w*(?:\.[A-Za-z_]\w*)?(?:\[\s*(?:[0-9]+|\*)(?:\s*,\s*(?:[0-9]+|\*))*\s*\])?"
MOMENT = r"(?:@(?:[0-9]+|\*|[A-Za-z]\w*))?(?:\#(?:[0-9]+|\*)|')?"
ID = BASE + MOMENT
"""`W1[1,2]'`, `J@2`, `x[1]#2`, `run2.w[1]`."""
DERIVATIVE = rf"[d∂]{BASE}/[d∂]{BASE}{MOMENT}"
"""`dJ/dW1[1,2]@3`; where no number has such an id, it is a division."""

CHECKS = (Role.DIFFERENCE, Role.DIFFERENCE_ERROR)

Matches = Mapping[tuple[int, ...], At]
"""What an id means; what a pattern means, for each way to put numbers into its wildcards."""


class Ids:
    """The ids of an example."""

    def __init__(self, example: Example) -> None:
        self.example = example
        self._found: dict[str, Matches] = {}

    @cached_property
    def known(self) -> Mapping[str, At]:
        """Every number by its id, also what is given at later moments."""
        return {
            id: at
            for at in self.example.program.registers
            if not (isinstance(at.quantity, Quantity) and at.quantity.role in CHECKS)
            for id in ids_of(self.example.derivation, at)
        }

    def matches(self, text: str) -> Matches:
        """What an id or a pattern means; nothing where no number has such an id.

        Wildcards are counted from left to right: `W1[*,*]` means `{(1, 1): W1[1,1], (1, 2): W1[1,2], …}`.
        """
        found = self._found.get(text)
        if found is None:
            found = self._found[text] = self._matches(plain_id(text, self.example.network.samples))
        return found

    def _matches(self, id: str) -> Matches:
        if "*" not in id:
            return {(): self.known[id]} if id in self.known else {}
        pattern = re.compile(re.escape(id).replace(r"\*", "([0-9]+)"))
        hits = ((pattern.fullmatch(known), at) for known, at in self.known.items())
        return {tuple(map(int, hit.groups())): at for hit, at in hits if hit}

    def nearest(self, text: str, functions: Mapping[str, object]) -> Message:
        """`did you mean "delta1[1]"?`."""
        return did_you_mean(plain_id(text, self.example.network.samples), [*functions, *self.known])
