"""Worksheets: the page with its later or its earlier steps left blank, and the key to them.

`backward` works the forward pass and the cost, and leaves to the student what follows from them; `forward` leaves
the forward pass and the cost blank.  A number that is the answer of a blank is blank wherever it stands: the
places of one number share the number of the blank, so that nothing can be read off further down the page.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from chalkgrad.document.answers import named, passes
from chalkgrad.document.mapping import mapped, source_of
from chalkgrad.document.model import Block, Cell, Drawing, Equations, Inline, Link, NumberCell, Table
from chalkgrad.document.outline import is_forward
from chalkgrad.document.plot import Part, Plot, numbers_of
from chalkgrad.document.scribe import Scribe
from chalkgrad.markup.nodes import Blank, Num
from chalkgrad.quantities import At

MOST_DIGITS = 10
"""With more digits, or names that tell the step too, two answers do not fit beside each other in the key."""

ASIDE = frozenset({"outcome"})
"""The parts of a line that a page does not show."""


@dataclass
class Worksheet:
    """Leaves numbers blank, and remembers which."""

    scribe: Scribe
    numbers: dict[At, int] = field(default_factory=dict)
    """The number of each blank, counted in the order of the page."""

    @property
    def direction(self) -> str:
        """Which steps are left blank."""
        return self.scribe.spec.show.fade

    def faded(self, blocks: list[Block]) -> list[Block]:
        """The blocks with blanks in the place of what the student is to find.

        They are counted along the text of a page; a drawing, and what only slides say, show numbers of the text,
        also where they stand before it.  Of a plot the axes are left, and what shows no number left blank.
        """
        pictures = (Drawing, Plot)
        text = [block if isinstance(block, pictures) else mapped(block, self._blank, ASIDE) for block in blocks]
        return [self._with_asides(block) for block in text]

    def _with_asides(self, block: Block) -> Block:
        if isinstance(block, Plot):
            block = replace(block, parts=tuple(map(self._drawn, block.parts)))
        if isinstance(block, Drawing | Plot):
            return mapped(block, self._blank)  # type: ignore[no-any-return]
        if isinstance(block, Equations):
            return Equations(tuple(replace(line, outcome=self._known(line.outcome)) for line in block.lines))
        return block

    def _drawn(self, part: Part) -> Part:
        """A part of a plot; one that shows a number left blank is for the reader to draw."""
        numbers = (number for number in numbers_of(part) if isinstance(number, At))
        is_left_out = any(self._is_left_out(source_of(self.scribe.derivation, at)) for at in numbers)
        return replace(part, is_left_out=True) if is_left_out else part

    def _known(self, outcome: tuple[Link, ...]) -> tuple[Link, ...]:
        """What a line comes to, with blanks; nothing where it would ask for a number that the text does not."""
        before = dict(self.numbers)
        blank: tuple[Link, ...] = mapped(outcome, self._blank)
        if self.numbers == before:
            return blank
        self.numbers = before
        return ()

    def instructions(self) -> Inline:
        """What there is to do."""
        scribe, show = self.scribe, self.scribe.spec.show
        with_key = show.key == "end"
        return scribe.words.join(
            scribe.say(f"fade.{self.direction}"),
            scribe.say("fade.same_number"),
            scribe.say("fade.key") if with_key else (),
            scribe.say("fade.last_digits") if with_key and show.carry == "full" else (),
        )

    def key(self) -> Table:
        """Number, quantity and answer of every blank."""
        head = (
            self.scribe.say("table.blank"),
            self.scribe.say("table.quantity"),
            self.scribe.say("table.answer"),
        )
        show = self.scribe.spec.show
        digits = show.significant if show.decimals is None else show.decimals
        abreast = 2 if (digits or 0) <= MOST_DIGITS and passes(self.scribe) == 1 else 1
        answers = [((str(n),), named(self.scribe, at), NumberCell(at)) for at, n in self.numbers.items()]
        rows: list[tuple[Cell, ...]] = []
        for i in range(0, len(answers), abreast):
            row: list[Cell] = [cell for answer in answers[i : i + abreast] for cell in answer]
            rows.append((*row, *[()] * (abreast * len(head) - len(row))))
        return Table(head * abreast, tuple(rows))

    def _blank(self, place: Num | NumberCell) -> Any:
        at = source_of(self.scribe.derivation, place.at)
        if not self._is_left_out(at):
            return place
        blank = Blank(at, self.numbers.setdefault(at, len(self.numbers) + 1))
        return blank if isinstance(place, Num) else (blank,)

    def _is_left_out(self, at: At) -> bool:
        quantity, derivation = at.quantity, self.scribe.derivation
        if quantity in derivation.network.given and not (at.time and quantity in derivation.moving):
            return False
        if self.direction == "backward":
            return not is_forward(quantity) or at.time > 0
        return (is_forward(quantity) and at.time < passes(self.scribe)) or at in self.scribe.outline.twins
