"""Activation sheets as a network: every function of the same weighted sum, a sample for each point.

What a sheet says of a function's behaviour (where it saturates, its least value) is made here too, by nodes that
have no arguments, so that every number of the page is proven and written alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

import sympy as sp
from sympy import Expr

from chalkgrad.algebra.behaviour import SMALL_SLOPE, Behaviour, behaviour
from chalkgrad.algebra.ops import Op, formal, total
from chalkgrad.algebra.order import add, call, minus, over
from chalkgrad.catalogue.activations import Activation, Z, activation_op, softmax_op
from chalkgrad.network.model import Network, Node
from chalkgrad.quantities import Partial, Quantity, Role
from chalkgrad.spec.lessons.activations import ActivationsLesson
from chalkgrad.spec.model import Spec

POINT = Quantity(Role.WEIGHTED_SUM, "", per_sample=True)
"""The weighted sum of which every function is taken."""


def wire(name: str, *, per_sample: bool = False) -> Quantity:
    """A quantity by a name of its own."""
    return Quantity(Role.WIRE, name=name, per_sample=per_sample)


@dataclass(frozen=True)
class Sheet:
    """A function and the quantities of its sheet."""

    row: Activation
    settings: Mapping[Quantity, Fraction]
    value: Quantity
    """The function's value at the point."""
    name: str
    """Tells its quantities from those of the other functions."""

    @property
    def slope(self) -> Partial:
        """Its derivative at the point."""
        return Partial(self.value, POINT, per_sample=True)

    @property
    def behaviour(self) -> Behaviour | None:
        """How it behaves; None of the user's own formulas, which may be anything, and of the step."""
        if self.row.name == "formula" or not self.row.differentiable:
            return None
        numbers = {formal(q.name): sp.Rational(v.numerator, v.denominator) for q, v in self.settings.items()}
        return _behaviour(self.row.formula, tuple(numbers.items()))

    @property
    def constants(self) -> dict[str, Expr]:
        """The numbers that its behaviour speaks of, by what they are."""
        found = self.behaviour
        if found is None:
            return {}
        known = {
            "below": found.saturates_below,
            "above": found.saturates_above,
            "turn": found.turns_at,
            "low": None if found.turns_at is not None else found.range.inf,
            "high": found.range.sup,
            "left": found.kink and found.kink[0],
            "right": found.kink and found.kink[1],
        }
        return {what: e for what, e in known.items() if e is not None and e.is_Rational}

    def constant(self, what: str) -> Quantity:
        """The quantity that holds one of these numbers."""
        return wire(f"{self.name.replace('_', '')}_{what}")


@cache
def _behaviour(formula: Expr, numbers: tuple[tuple[Expr, Expr], ...]) -> Behaviour:
    return behaviour(formula.subs(dict(numbers)), Z)


def sheets(lesson: ActivationsLesson) -> list[Sheet]:
    """The functions in their order; the second of a kind is told from the first by a number."""
    out: list[Sheet] = []
    counts: dict[str, int] = {}
    for place, function in enumerate(lesson.functions, 1):
        counts[function.row.name] = counts.get(function.row.name, 0) + 1
        name = function.row.name + (str(counts[function.row.name]) if counts[function.row.name] > 1 else "")
        settings = {Quantity(Role.SETTING, place, name=k): v for k, v in function.settings.items()}
        out.append(Sheet(function.row, settings, wire(name, per_sample=True), name))
    return out


@dataclass(frozen=True)
class Softmax:
    """The quantities of the numeric example of softmax."""

    size: int

    def _each(self, role: Role) -> list[Quantity]:
        return [Quantity(role, "", (j,)) for j in range(1, self.size + 1)]

    @property
    def sums(self) -> list[Quantity]:
        """The weighted sums."""
        return self._each(Role.WEIGHTED_SUM)

    @property
    def outputs(self) -> list[Quantity]:
        """The outputs."""
        return self._each(Role.ACTIVATION)

    def _wires(self, letter: str) -> list[Quantity]:
        return [wire(f"{letter}{j}") for j in range(1, self.size + 1)]

    @property
    def exponentials(self) -> list[Quantity]:
        """e to the weighted sums."""
        return self._wires("e")

    @property
    def lowered(self) -> list[Quantity]:
        """e to the weighted sums less the shift."""
        return self._wires("f")

    @property
    def again(self) -> list[Quantity]:
        """The outputs from these."""
        return self._wires("s")

    def jacobian(self) -> list[list[Partial]]:
        """The derivative of each output, by each weighted sum."""
        return [[Partial(a, z) for z in self.sums] for a in self.outputs]


TOTAL, LOWERED_TOTAL, SHIFT = wire("S"), wire("R"), wire("c")
"""The sum of the exponentials, of the lowered ones, and what is taken from every weighted sum."""

BOUND = wire("slope_bound")
"""Below it a slope is called small."""

_C = formal("c")
EXPONENTIAL = Op("exponential", (Z,), call(sp.exp, Z))
LOWERED = Op("lowered", (Z, _C), call(sp.exp, add(Z, minus(_C))))
SHARE = Op("share", (Z, _C), over(Z, _C))
"""A part of a sum."""


def build(spec: Spec) -> Network:
    """The network of the sheets."""
    lesson = spec.lesson
    assert isinstance(lesson, ActivationsLesson)  # noqa: S101 (what this module is for)
    found = sheets(lesson)
    given: dict[Quantity, tuple[Fraction, ...]] = {POINT: lesson.at} if found else {}
    nodes: list[Node] = []
    for sheet in found:
        given |= {setting: (value,) for setting, value in sheet.settings.items()}
        nodes += _function_nodes(sheet)
    if any(sheet.behaviour for sheet in found):
        nodes.append(Node(BOUND, Op("bound", (), SMALL_SLOPE), ()))
    ends = [sheet.value for sheet in found]
    stages: list[tuple[Quantity, ...]] = [(POINT,)] if found else []
    if lesson.softmax_at:
        softmax = Softmax(len(lesson.softmax_at))
        given |= {z: (value,) for z, value in zip(softmax.sums, lesson.softmax_at, strict=True)}
        given[SHIFT] = (max(lesson.softmax_at),)
        nodes += _softmax_nodes(softmax)
        ends += [*softmax.outputs, *softmax.exponentials, *softmax.lowered]
        stages.append(tuple(softmax.sums))
    return Network(
        tuple(nodes),
        given,
        (),
        ends[0],
        tuple(stages),
        tuple(ends),
        samples=len(lesson.at) if found else 1,
        mean=None,
    )


def _function_nodes(sheet: Sheet) -> Iterator[Node]:
    op = activation_op(sheet.row)
    settings = tuple(sheet.settings)
    yield Node(sheet.value, op, (POINT, *settings))
    for what, number in sheet.constants.items():
        yield Node(sheet.constant(what), Op(what, (), number), ())
    if "turn" in sheet.constants:
        yield Node(sheet.constant("least"), op, (sheet.constant("turn"), *settings))


def _softmax_nodes(softmax: Softmax) -> Iterator[Node]:
    z, e, f, a = softmax.sums, softmax.exponentials, softmax.lowered, softmax.outputs
    for j in range(softmax.size):
        yield Node(e[j], EXPONENTIAL, (z[j],))
    yield Node(TOTAL, total(softmax.size), tuple(e))
    for j in range(softmax.size):
        yield Node(a[j], softmax_op(softmax.size, j + 1), tuple(z), tuple(a))
    for j in range(softmax.size):
        yield Node(f[j], LOWERED, (z[j], SHIFT))
    yield Node(LOWERED_TOTAL, total(softmax.size), tuple(f))
    for j in range(softmax.size):
        yield Node(softmax.again[j], SHARE, (f[j], LOWERED_TOTAL))
