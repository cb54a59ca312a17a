"""The usual ways to an answer: quantity by quantity or the chain multiplied out, the long chain or its short form.

Within a way it is open in which order factors and terms are worked.  A derivative that is a single product may
also go unnamed: its factors stand among those of what uses it, so that every order covers both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import NamedTuple

from chalkgrad.derivation.model import Derivation, Kind
from chalkgrad.evaluation.fold import Compiled, compiled
from chalkgrad.evaluation.program import Instruction, Program
from chalkgrad.evaluation.worksheet import MOST_TERMS, Given, Pencil, Plus, Times, Worksheet, Written, used_by
from chalkgrad.quantities import At, Partial


class Way(NamedTuple):
    """What a student makes up their mind about."""

    multiplies_out: bool
    """Whether the chain rule's sums over paths are multiplied out."""
    divides_each: bool
    """Whether the gradients of a batch are divided one by one before they are added."""
    is_short: bool
    """Whether an output's delta is found by its short form, where it has one."""


WAYS = tuple(Way(*flags) for flags in product((False, True), repeat=3))


class Routes(NamedTuple):
    """A worksheet, and where the answers stand on it: in each way somewhere else, or in the same place."""

    sheet: Worksheet
    answers: dict[At, tuple[int, ...]]


def routes(program: Program, derivation: Derivation, asked: Sequence[At]) -> Routes:
    """Every way to what is asked, on one worksheet."""
    sheet = Worksheet()
    makers = {instruction.register: instruction for instruction in program.instructions}
    answers: dict[At, tuple[int, ...]] = {}
    for way in WAYS:
        writer = _Writer(program, derivation, sheet, makers, way)
        for at in asked:
            place = writer.place(program.register(at))
            known = answers.get(at, ())
            answers[at] = known if place in known else (*known, place)
    return Routes(sheet, answers)


class _Writer:
    """One way through a program."""

    def __init__(
        self,
        program: Program,
        derivation: Derivation,
        sheet: Worksheet,
        makers: dict[int, Instruction],
        way: Way,
    ) -> None:
        self.program = program
        self.derivation = derivation
        self.sheet = sheet
        self.makers = makers
        self.way = way
        self.written: dict[int, Written] = {}

    def place(self, register: int) -> int:
        """Where a number stands; whatever it is made from is written first."""
        waiting = [register]
        while waiting:  # a training run is deeper than Python calls may nest
            current = waiting[-1]
            if current in self.written:
                waiting.pop()
                continue
            missing = [used for used in self._uses(current)[1] if used not in self.written]
            waiting += missing
            if not missing:
                self.written[current] = self._write(current)
        return self.sheet.place(self.written[register])

    def _uses(self, register: int) -> tuple[Compiled | None, tuple[int, ...]]:
        """The formula of a number, and the registers of what stands in it."""
        if register in self.program.given:
            return None, ()
        instruction = self.makers[register]
        at = instruction.at
        if self.way.is_short and at is not None and isinstance(at.quantity, Partial):
            step = self.derivation.collapsed.get(at.quantity)
            if step is not None:
                formula = compiled(step.expression, tuple(symbol for symbol, _ in step.bindings))
                ats = [at._replace(quantity=ref.quantity) for _, ref in step.bindings]
                return formula, tuple(self.program.register(self._own(used)) for used in ats)
        return instruction.function, instruction.arguments

    def _own(self, at: At) -> At:
        return at if at in self.program.registers else at._replace(sample=1)

    def _write(self, register: int) -> Written:
        formula, arguments = self._uses(register)
        if formula is None:
            return Times(1, ((self.sheet.enter(Given(register)), False),))
        kind = self.makers[register].kind
        spread = self.way.divides_each if kind is Kind.REDUCE else self.way.multiplies_out
        pencil = Pencil(self.sheet, self.program.given, spread=spread and kind in (Kind.REDUCE, Kind.CHAIN))
        written: Written = formula(pencil, [self._argument(used, kind, pencil) for used in arguments])
        return written

    def _argument(self, register: int, user: Kind | None, pencil: Pencil) -> Written:
        """A number as its user takes it: whole, or as the factors it is made of."""
        written = self.written[register]
        if register in self.makers and user in (Kind.CHAIN, Kind.REDUCE):
            kind = self.makers[register].kind
            if kind in (Kind.CHAIN, Kind.LOCAL) and isinstance(written, Times):
                return written
            if kind is Kind.CHAIN and self.way.multiplies_out and _is_short(written):
                return written
        return pencil.at(self.sheet.place(written))


def _is_short(written: Written) -> bool:
    return isinstance(written, Plus) and len(written.terms) <= MOST_TERMS


def reached(sheet: Worksheet, places: Sequence[int]) -> Iterator[int]:
    """Every place that some places need, themselves included, in order."""
    needed = set(places)
    for place in range(max(needed, default=-1), -1, -1):
        if place in needed:
            needed.update(used_by(sheet.entries[place]))
    return iter(sorted(needed))
