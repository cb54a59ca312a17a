"""How the built-in conditions are decided.  A row of the catalogue has a function here: what it looks at, and what
has to be true of it; None where a lesson has nothing of the kind."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
import sympy as sp
from sympy import Expr, Symbol

from chalkgrad.algebra import functions
from chalkgrad.algebra.demands import demands
from chalkgrad.derivation.model import Kind, Step
from chalkgrad.evaluation.doubles import Doubles
from chalkgrad.evaluation.fold import compiled, switches
from chalkgrad.evaluation.program import Instruction
from chalkgrad.evaluation.rounding import Digits
from chalkgrad.evaluation.screening import needed
from chalkgrad.exam.conditions.answers import Distinct, Fits, independent
from chalkgrad.exam.conditions.assembly import Assembly
from chalkgrad.exam.conditions.truths import Every, Sign, Truth, some
from chalkgrad.example import Example
from chalkgrad.quantities import At, Partial, Role
from chalkgrad.spec.conditions import Switches

BELOW, AT, ABOVE = frozenset({-1}), frozenset({0}), frozenset({1})
FLAT_FUNCTIONS = (functions.sigmoid, sp.tanh, sp.atan, sp.erf)
"""Functions of a circuit that tend to a constant on both sides."""
FAR, FLAT = 30.0, 0.01
"""Where an activation moves by less than this on its way from 29 to 30, on either side, it is flat there."""


@dataclass(frozen=True)
class Asked:
    """What is asked, and what leads to it."""

    example: Example
    ats: tuple[At, ...]
    assembly: Assembly
    switches: Switches
    work: Digits
    """The digits that a student carries."""
    drawn: Collection[At]
    """The given numbers that vary."""

    @cached_property
    def path(self) -> list[Instruction]:
        """The instructions by which the answers are made."""
        program = self.example.program
        return needed(program.instructions, [program.register(at) for at in self.ats])

    def steps(self, instructions: list[Instruction]) -> Iterator[tuple[At, Step, Mapping[Symbol, int]]]:
        """What instructions compute: the step, and the registers that its symbols stand for."""
        known = self.example.derivation.by_quantity
        for instruction in instructions:
            at = instruction.at
            for step in [] if at is None else [known.get((at.quantity, ahead)) for ahead in (1, 0)]:
                same = step is not None and step.kind is instruction.kind
                if step is not None and same and len(step.bindings) == len(instruction.arguments):
                    assert at is not None  # noqa: S101 (told to the type checker)
                    symbols = (symbol for symbol, _ in step.bindings)
                    yield at, step, dict(zip(symbols, instruction.arguments, strict=True))
                    break

    @property
    def is_discrete(self) -> bool:
        """Whether the answers are counts and corrections of a perceptron, of which 0 is one as good as another."""
        rule = self.example.network.rule
        return rule is not None and not rule.descends


def undefined(asked: Asked) -> Truth | None:
    """No number of the page without a value."""
    found = {
        Sign(asked.assembly.made(demand.part, places), demand.signs): None
        for _, step, places in asked.steps(asked.example.program.instructions)
        for demand in demands(step.expression)
    }
    return Every(tuple(found)) if found else None


def dead_relu(asked: Asked) -> Truth | None:
    """No unit whose derivative is 0 for every sample on the way of what is asked."""
    found: dict[tuple[object, int], list[Truth]] = {}
    for at, step, _ in asked.steps(asked.path):
        if step.kind is Kind.LOCAL and _may_die(step.expression):
            alive = Sign(asked.example.program.register(at), BELOW | ABOVE)
            found.setdefault((at.quantity, at.time), []).append(alive)
    return Every(tuple(some(*samples) for samples in found.values())) if found else None


def _may_die(slope: Expr) -> bool:
    """Whether a derivative is a matter of cases, of which one may be 0.  Where two quantities are compared, the
    gradient goes the other way instead."""
    compares = any(all(side.free_symbols for side in part.args) for part in slope.atoms(functions.exceeds))
    return not compares and next(switches(slope), None) is not None


def kink(asked: Asked) -> Truth | None:
    """No derivative taken at, or near, the point where a formula changes."""
    bound = asked.switches.bound("kink")
    places = {
        asked.assembly.made(switch, places): None
        for _, step, places in asked.steps(asked.path)
        if step.kind is Kind.LOCAL
        for switch in switches(step.expression)
        if switch.free_symbols
    }
    far = [_outside(asked.assembly, place, bound) for place in places]
    return Every(tuple(far)) if far else None


def _outside(assembly: Assembly, place: int, bound: Fraction) -> Truth:
    """A number at least this far from 0."""
    return some(assembly.compared(place, ABOVE | AT, bound), assembly.compared(place, BELOW | AT, -bound))


def saturation(asked: Asked) -> Truth | None:
    """No weighted sum where a sigmoid, a tanh and the like are flat."""
    bound = asked.switches.bound("saturation")
    places = {
        place: None
        for at, step, places in asked.steps(asked.path)
        if step.kind in (Kind.APPLY, Kind.LOCAL)
        for place in _bounded(asked, at, step, places)
    }
    inside: list[Truth] = [
        part
        for place in places
        for part in (asked.assembly.compared(place, BELOW, bound), asked.assembly.compared(place, ABOVE, -bound))
    ]
    return Every(tuple(inside)) if inside else None


def _bounded(asked: Asked, at: At, step: Step, places: Mapping[Symbol, int]) -> Iterator[int]:
    """What functions that are flat on both sides are applied to, in a step or in what it differentiates."""
    made = at.quantity.of if isinstance(at.quantity, Partial) else at.quantity
    if made.role is not Role.ACTIVATION:
        for part in sp.preorder_traversal(step.expression):
            if isinstance(part, FLAT_FUNCTIONS) and part.args[0].free_symbols:
                yield asked.assembly.made(part.args[0], places)
        return
    example = asked.example
    applied = example.derivation.by_quantity[made, 0]
    sums = {symbol: ref for symbol, ref in applied.bindings if ref.quantity not in example.network.given}
    if len(sums) == 1 and _is_flat(applied, example):
        (ref,) = sums.values()
        yield example.program.register(at._replace(quantity=ref.quantity))


def _is_flat(activation: Step, example: Example) -> bool:
    """Whether an activation hardly moves any more far from 0, on either side; a step is another matter."""
    if activation.expression.has(functions.step):
        return False
    given = example.network.given
    points = np.array([-FAR, 1 - FAR, 0, FAR - 1, FAR])
    values = [
        np.asarray(float(given[ref.quantity][0])) if ref.quantity in given else points  # type: ignore[index]
        for _, ref in activation.bindings
    ]
    function = compiled(activation.expression, tuple(symbol for symbol, _ in activation.bindings))
    with np.errstate(all="ignore"):
        f = np.broadcast_to(function(Doubles(), values), points.shape)
    return bool(np.isfinite(f).all() and abs(f[1] - f[0]) < FLAT and abs(f[4] - f[3]) < FLAT)


def lost_answer(asked: Asked) -> Truth | None:
    """No answer that is 0, or of which rounding leaves too little."""
    if asked.is_discrete or not asked.ats:
        return None
    shown = (asked.example.digits.decimals, asked.work.decimals)
    decimals = min((one for one in shown if one is not None), default=None)
    return Every(tuple(_kept(asked, at, decimals) for at in dict.fromkeys(asked.ats)))


def _kept(asked: Asked, at: At, decimals: int | None) -> Truth:
    place = asked.example.program.register(at)
    is_something = Sign(place, BELOW | ABOVE)
    if decimals is None:
        return is_something
    least = Fraction(10) ** (int(asked.switches.bound("lost_answer")) - 1 - decimals)
    fits = Fits(place, decimals, asked.example.evaluation.value(at).exact is not None)
    return Every((is_something, some(_outside(asked.assembly, place, least), fits)))


def equal_answers(asked: Asked) -> Truth | None:
    """No two answers alike."""
    if asked.is_discrete:
        return None
    example = asked.example
    ats = independent(asked.ats, asked.assembly, asked.drawn)
    if len(ats) < 2:
        return None
    places = tuple(example.program.register(at) for at in ats)
    return Distinct(places, tuple(ats), example.digits, example.derivation)


BUILT_IN: Mapping[str, Callable[[Asked], Truth | None]] = {
    "undefined": undefined,
    "dead_relu": dead_relu,
    "kink": kink,
    "saturation": saturation,
    "lost_answer": lost_answer,
    "equal_answers": equal_answers,
}
"""One function for each row of `catalogue/conditions.py`."""
