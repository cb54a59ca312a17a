"""A derivation unrolled into instructions: one register for each number, in the order they are made.

Rationals, balls and NumPy arrays all interpret the same program.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

import sympy as sp
from sympy import Expr, Symbol

from chalkgrad.algebra.functions import maximum
from chalkgrad.algebra.order import call
from chalkgrad.derivation.model import Derivation, Kind, Ref, Step
from chalkgrad.evaluation.fold import Compiled, compiled
from chalkgrad.quantities import AnyQuantity, At, Partial, Quantity, Role

DIFFERENCE_STEP = sp.Rational(1, 1000)
"""The h of the central differences: near enough to the derivative, and a number one can type.

It is no smaller so that in float64 the rounding of the cost stays well below the error of the difference
itself: the relative error that is printed then is the true one.
"""


def over_all(cost: Quantity) -> Quantity:
    """The cost over all samples, where updates use some of them: known where an epoch begins, and at the end."""
    return Quantity(Role.COST, name=f"{cost.name}.all" if cost.name else "all")


ALL_COST = over_all(Quantity(Role.COST))


class Instruction(NamedTuple):
    """One number from others."""

    register: int
    function: Compiled
    arguments: tuple[int, ...]
    at: At | None
    """The quantity; None for what the central differences need on the way."""
    kind: Kind | None
    """What kind of step it comes from; None for the central differences."""
    copies: bool = False
    """Whether it only passes its one argument on: the derivative of w·x by w is x."""
    twin: tuple[int, tuple[int, ...]] | None = None
    """For the central differences: the register and the arguments of the same step before anything was moved.
    Where the arguments did not change, neither did the result; so a parameter without influence has a
    difference that is exactly 0, not merely too small to see."""


@dataclass
class Program:
    """Registers with given numbers, and instructions for the others."""

    registers: dict[At, int] = field(default_factory=dict)
    given: dict[int, Fraction] = field(default_factory=dict)
    instructions: list[Instruction] = field(default_factory=list)
    size: int = 0
    updates: int = 0
    """How many optimisation steps it runs through."""

    def fresh(self) -> int:
        """A register of its own."""
        self.size += 1
        return self.size - 1

    def register(self, at: At) -> int:
        """The register of a quantity."""
        return self.registers[at]


def difference_of(gradient: Partial) -> tuple[Quantity, Quantity]:
    """The names of the central difference beside a gradient, and of its relative error."""
    return Quantity(Role.DIFFERENCE, name=gradient.id), Quantity(Role.DIFFERENCE_ERROR, name=gradient.id)


def unroll(derivation: Derivation, *, updates: int, checked: Sequence[Quantity], carry_shown: bool) -> Program:
    """The program of a derivation: `updates` optimisation steps, the forward pass with the parameters reached,
    and central differences for the `checked` parameters.

    The differences are of the network with all digits, also where the page carries the digits shown.
    """
    unroller = _Unroller(derivation)
    unroller.program.updates = updates
    unroller.givens(updates)
    for time in range(updates + 1):
        unroller.read(derivation.forward if time == updates > 0 else derivation.steps, time)
        if derivation.schedule.batches and derivation.schedule.begins_epoch(time):
            unroller.read_all(time)
    if checked:
        unroller.differences(checked, afresh=carry_shown)
    return unroller.program


@dataclass
class _Unroller:
    derivation: Derivation
    program: Program = field(default_factory=Program)
    functions: dict[tuple[int, Kind], Compiled] = field(default_factory=dict)

    def _function(self, step: Step) -> Compiled:
        """A step's formula, compiled; steps of one op share it, so a large network looks few of them up."""
        key = (id(step.expression), step.kind)
        found = self.functions.get(key)
        if found is None:
            strict = step.kind not in (Kind.APPLY, Kind.LOCAL)
            found = compiled(step.expression, tuple(symbol for symbol, _ in step.bindings), strict=strict)
            self.functions[key] = found
        return found

    def givens(self, updates: int) -> None:
        """A register for each given number; what does not move keeps it at every later moment."""
        program = self.program
        for quantity, values in self.derivation.network.given.items():
            for n, value in enumerate(values, 1):
                place = program.fresh()
                program.given[place] = value
                program.registers[At(quantity, n, 0)] = place
                if quantity.role is Role.COUNT:
                    self._at_each_step(quantity, [Fraction(t) for t in range(1, updates + 1)])
                elif quantity in self.derivation.network.series:
                    self._at_each_step(quantity, self.derivation.network.series[quantity])
                elif quantity not in self.derivation.moving:
                    for time in range(1, updates + 1):
                        program.registers[At(quantity, n, time)] = place

    def _at_each_step(self, quantity: Quantity, values: Sequence[Fraction]) -> None:
        """The number of a quantity in each later step."""
        program = self.program
        for time, value in enumerate(values[1:], 1):
            place = program.registers[At(quantity, 1, time)] = program.fresh()
            program.given[place] = value

    def read(self, steps: Iterable[Step], time: int) -> None:
        """The instructions of one reading of the derivation."""
        batch = self.derivation.schedule.batch(time)
        for whole in steps:
            step = self.derivation.reduced(whole, batch) if whole.kind is Kind.REDUCE else whole
            for n in batch if step.quantity.per_sample else (1,):
                self._record(step, At(step.quantity, n, time + step.ahead), _arguments(step, n, time, batch))

    def read_all(self, time: int) -> None:
        """The forward pass of every sample that is not in the batch, and the cost of all of them."""
        derivation, registers = self.derivation, self.program.registers
        everyone = tuple(range(1, derivation.network.samples + 1))
        for step in derivation.forward:
            if step.kind is Kind.REDUCE:
                assert isinstance(step.quantity, Quantity)  # noqa: S101 (costs alone are reduced going forward)
                self._record(step, At(over_all(step.quantity), 1, time), _arguments(step, 1, time, everyone))
                continue
            for n in everyone if step.quantity.per_sample else (1,):
                if (at := At(step.quantity, n, time)) not in registers:
                    self._record(step, at, _arguments(step, n, time, everyone))

    def _record(self, step: Step, at: At, arguments: Sequence[At]) -> None:
        """One instruction, and its result under the quantity's name."""
        places = tuple(self.program.registers[argument] for argument in arguments)
        place = self.program.registers[at] = self.program.fresh()
        self.program.instructions.append(
            Instruction(place, self._function(step), places, at, step.kind, step.expression.is_Symbol)
        )

    def differences(self, checked: Sequence[Quantity], *, afresh: bool) -> None:
        """(J(w + h) − J(w − h))/(2h) beside each gradient; only what depends on w is computed again."""
        derivation, program = self.derivation, self.program
        batch = derivation.schedule.batch(0)
        forward = [derivation.reduced(s, batch) if s.kind is Kind.REDUCE else s for s in derivation.forward]
        users: dict[AnyQuantity, list[int]] = {}
        for index, step in enumerate(forward):
            for _, ref in step.bindings:
                users.setdefault(ref.quantity, []).append(index)
        base = {at: place for at, place in program.registers.items() if at.time == 0}
        if afresh:
            self._again(list(forward), base, None)
        cost = At(derivation.network.batch_cost)
        for parameter in checked:
            affected = [forward[i] for i in _downstream(parameter, forward, users)]
            costs = []
            for shift in (_UP, _DOWN):
                moved = dict(base)
                moved[At(parameter)] = self._emit(shift, (base[At(parameter)],), None)
                self._again(affected, moved, base)
                costs.append(moved[cost])
            gradient = derivation.gradient(parameter)
            difference, error = difference_of(gradient)
            slope = self._emit(SLOPE, tuple(costs), At(difference))
            self._emit(_ERROR, (program.registers[At(gradient)], slope), At(error))

    def _again(self, steps: Sequence[Step], places: dict[At, int], before: dict[At, int] | None) -> None:
        """Evaluate steps once more, from and into registers of their own; `before` are those of the first time."""
        batch = self.derivation.schedule.batch(0)
        for step in steps:
            function = self._function(step)
            for n in batch if step.quantity.per_sample else (1,):
                used = _arguments(step, n, 0, batch)
                arguments = tuple(places[at] for at in used)
                place, made = self.program.fresh(), At(step.quantity, n)
                twin = (before[made], tuple(before[at] for at in used)) if before else None
                self.program.instructions.append(
                    Instruction(place, function, arguments, None, None, step.expression.is_Symbol, twin)
                )
                places[made] = place

    def _emit(self, formula: tuple[Expr, tuple[Symbol, ...]], arguments: tuple[int, ...], at: At | None) -> int:
        place = self.program.fresh()
        self.program.instructions.append(Instruction(place, compiled(*formula), arguments, at, None))
        if at is not None:
            self.program.registers[at] = place
        return place


def _arguments(step: Step, sample: int, time: int, batch: Sequence[int]) -> list[At]:
    """What a step uses, for one sample; a reduction uses every sample of the batch once."""
    if step.kind is Kind.REDUCE:
        return [At(ref.quantity, n, time) for n, (_, ref) in zip(batch, step.bindings, strict=True)]
    return [
        At(ref.quantity, _sample(ref, sample, batch) if ref.quantity.per_sample else 1, time + ref.ahead)
        for _, ref in step.bindings
    ]


def _sample(ref: Ref, sample: int, batch: Sequence[int]) -> int:
    """The sample that is meant: that of the step, or one by its place in the batch."""
    return batch[ref.member - 1] if ref.member else sample


def _downstream(parameter: Quantity, forward: Sequence[Step], users: dict[AnyQuantity, list[int]]) -> list[int]:
    affected: set[int] = set()
    waiting: list[AnyQuantity] = [parameter]
    while waiting:
        for index in users.get(waiting.pop(), ()):
            if index not in affected:
                affected.add(index)
                waiting.append(forward[index].quantity)
    return sorted(affected)


_w, _g, _d = (Symbol(name, real=True) for name in "wgd")
_UP = (sp.Add(_w, DIFFERENCE_STEP, evaluate=False), (_w,))
_DOWN = (sp.Add(_w, -DIFFERENCE_STEP, evaluate=False), (_w,))
SLOPE = (
    sp.Mul(sp.Add(_g, sp.Mul(-1, _d, evaluate=False), evaluate=False), 1 / (2 * DIFFERENCE_STEP), evaluate=False),
    (_g, _d),
)
# A numerator that is exactly 0 settles the quotient, also where both derivatives are 0.
_ERROR = (
    sp.Mul(
        call(sp.Abs, sp.Add(_g, sp.Mul(-1, _d, evaluate=False), evaluate=False)),
        sp.Pow(call(maximum, call(sp.Abs, _g), call(sp.Abs, _d)), -1, evaluate=False),
        evaluate=False,
    ),
    (_g, _d),
)
