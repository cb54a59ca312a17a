"""The right way and all wrong ways as one program: what they have in common is computed once.

Two instructions are the same where they apply the same function to the same registers, so a mistake costs only
the numbers that it changes.  A wrong answer is a quantity like any other: its digits are proven as all are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from chalkgrad.catalogue.misconceptions import SLIPS, R
from chalkgrad.derivation.mistaken.rules import Mistaken
from chalkgrad.derivation.model import Derivation
from chalkgrad.evaluation.fold import compiled
from chalkgrad.evaluation.program import Instruction, Program, unroll
from chalkgrad.quantities import At, Quantity, Role


def wrong(mistake: str, at: At, samples: int) -> At:
    """The number that a mistake gives for a quantity.

    >>> from chalkgrad.quantities import Partial
    >>> wrong("sign", At(Partial(Quantity(Role.COST), Quantity(Role.WEIGHTED_SUM, 1, (2,)))), 1).id(1)
    'sign:delta1[2]'
    """
    return At(Quantity(Role.MISTAKEN, name=f"{mistake}:{at.id(samples)}"))


@dataclass(frozen=True)
class WrongAnswers:
    """A program for some asked numbers, and for what each mistake makes of them."""

    program: Program
    asked: tuple[At, ...]
    mistakes: tuple[Mistaken, ...]
    """Those that change at least one of them, in the order in which a walk-through meets them."""
    places: Mapping[tuple[str, At], At]
    """For each mistake and each asked number that it changes, the wrong one."""
    slips: Mapping[tuple[str, At], At]
    """For each slip and each number of which it was asked for, what it makes of it."""

    def of(self, at: At) -> dict[str, At]:
        """The wrong answers for an asked number, by mistake."""
        return {mistake: place for (mistake, asked), place in self.places.items() if asked == at}

    def slips_of(self, at: At) -> dict[str, At]:
        """The numbers near an asked one, by slip."""
        return {slip: place for (slip, asked), place in self.slips.items() if asked == at}


def wrong_answers(
    derivation: Derivation, mistakes: Iterable[Mistaken], asked: Sequence[At], slipped: Collection[At] = ()
) -> WrongAnswers:
    """The program of the right answers and of those that the mistakes give instead; for those `slipped`, of the
    slips too.

    A mistake for which an asked number is made of the same instructions does not apply to it.
    """
    updates = min(derivation.schedule.steps, max((at.time for at in asked), default=0) + 1)
    merging = _Merging(derivation.network.samples)
    right = merging.read(derivation, updates)
    merging.program.registers.update(right)
    found: list[Mistaken] = []
    places: dict[tuple[str, At], At] = {}
    for mistake in mistakes:
        registers = merging.read(mistake.derivation, updates, mistake.id)
        changed = [at for at in asked if registers[at] != right[at]]
        for at in changed:
            place = places[mistake.id, at] = wrong(mistake.id, at, merging.samples)
            merging.program.registers[place] = registers[at]
        if changed:
            found.append(mistake)
    slips = {(slip.name, at): merging.slip(slip.name, at) for at in slipped for slip in SLIPS}
    return WrongAnswers(merging.program, tuple(asked), tuple(found), places, slips)


@dataclass
class _Merging:
    """Programs read one after the other into one."""

    samples: int
    program: Program = field(default_factory=Program)
    given: dict[At, int] = field(default_factory=dict)
    made: dict[tuple[object, tuple[int, ...]], int] = field(default_factory=dict)

    def read(self, derivation: Derivation, updates: int, mistake: str = "") -> dict[At, int]:
        """Where the numbers of a derivation are found in the common program."""
        read = unroll(derivation, updates=updates, checked=(), carry_shown=False)
        moved: dict[int, int] = {}
        for at, place in read.registers.items():
            if place in read.given and place not in moved:
                moved[place] = self._given(at, read)
        for instruction in read.instructions:
            moved[instruction.register] = self._made(instruction, moved, mistake)
        return {at: moved[place] for at, place in read.registers.items()}

    def slip(self, name: str, at: At) -> At:
        """What a slip makes of a number."""
        (formula,) = (slip.formula for slip in SLIPS if slip.name == name)
        named = wrong(name, at, self.samples)
        arguments = (self.program.register(at),)
        place = self.program.registers[named] = self.program.fresh()
        self.program.instructions.append(Instruction(place, compiled(formula, (R,)), arguments, named, None))
        return named

    def _given(self, at: At, read: Program) -> int:
        if at not in self.given:
            place = self.given[at] = self.program.fresh()
            self.program.given[place] = read.given[read.register(at)]
        return self.given[at]

    def _made(self, instruction: Instruction, moved: Mapping[int, int], mistake: str) -> int:
        arguments = tuple(moved[place] for place in instruction.arguments)
        key = (instruction.function, arguments)
        if key not in self.made:
            at = instruction.at
            named = wrong(mistake, at, self.samples) if mistake and at is not None else at
            place = self.made[key] = self.program.fresh()
            self.program.instructions.append(instruction._replace(register=place, arguments=arguments, at=named))
        return self.made[key]
