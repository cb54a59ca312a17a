"""Functions: a copy of the function and of its variables for each method that looks for a minimum."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from chalkgrad.algebra.ops import Op, formal
from chalkgrad.catalogue.descents import LOCAL, NEWTON, RANDOM, REACH
from chalkgrad.network import training
from chalkgrad.network.model import Network, Node
from chalkgrad.quantities import Quantity, Role
from chalkgrad.spec.lessons.function import FunctionLesson, Method
from chalkgrad.spec.model import Spec

GRID = 1000
"""Draws lie on a grid: so many parts of the interval that they are drawn from."""
DIRECTION, TRY = "d", "p"
"""What is called the way from a point, and the point that is tried."""


def of(lesson: FunctionLesson, index: int, quantity: Quantity) -> Quantity:
    """The copy of a quantity for one of several methods, counted from 1; the quantity itself for a single one."""
    return quantity._replace(indices=(index,)) if len(lesson.methods) > 1 else quantity


def variables(lesson: FunctionLesson, index: int) -> tuple[Quantity, ...]:
    """The variables, as a method moves them."""
    return tuple(of(lesson, index, Quantity(Role.WIRE, name=name)) for name in lesson.start)


def value(lesson: FunctionLesson, index: int) -> Quantity:
    """The value of the function, where a method has come to."""
    return of(lesson, index, Quantity(Role.WIRE, per_sample=True, name="f"))


def ends(name: str) -> tuple[Quantity, Quantity]:
    """The ends of the interval that random search looks in."""
    return training.setting(f"low_{name}"), training.setting(f"high_{name}")


def build(spec: Spec) -> Network:
    """The function as a network: the variables are its parameters."""
    lesson = spec.lesson
    assert isinstance(lesson, FunctionLesson)  # noqa: S101 (told by the registry of kinds)
    op = Op("f", tuple(map(formal, lesson.start)), lesson.formula, output=formal("f"))
    given: dict[Quantity, tuple[Fraction, ...]] = {}
    series: dict[Quantity, tuple[Fraction, ...]] = {}
    nodes: list[Node] = []
    for index, method in enumerate(lesson.methods, 1):
        own = variables(lesson, index)
        nodes.append(Node(value(lesson, index), op, own))
        given |= {v: (number,) for v, number in zip(own, lesson.start.values(), strict=True)}
        drawn = dict(_draws(lesson, index, method))
        series |= drawn
        given |= {quantity: values[:1] for quantity, values in drawn.items()}
        if method.optimizer is not None or method.name == NEWTON:
            given[of(lesson, index, training.RATE)] = (method.rate,)
        given |= {of(lesson, index, training.setting(k)): (v,) for k, v in method.coefficients.items()}
        states = method.optimizer.states if method.optimizer else ()
        given |= {training.state(name, v): (Fraction(0),) for v in own for name in states}
    if any(method.optimizer and method.optimizer.counts for method in lesson.methods):
        given[training.COUNT] = (Fraction(1),)
    for name, interval in lesson.region.items():
        given |= {end: (number,) for end, number in zip(ends(name), interval, strict=True)}
    everywhere = tuple(v for index in range(1, len(lesson.methods) + 1) for v in variables(lesson, index))
    return Network(tuple(nodes), given, everywhere, nodes[0].quantity, (everywhere,), series=series)


def _draws(lesson: FunctionLesson, index: int, method: Method) -> Iterator[tuple[Quantity, tuple[Fraction, ...]]]:
    """What a search draws for each variable and step.

    The bits of NumPy's PCG64, seeded with the seed and the place of the method; of each 64 bits u, times 1001 and
    cut after the 64th bit, make a whole number from 0 to 1000; the draw is that many thousandths of the interval.
    So it is a decimal, and the same on every machine.
    """
    if method.name not in (RANDOM, LOCAL):
        return
    bits = iter(np.random.PCG64([lesson.seed, index]).random_raw(lesson.steps * len(lesson.start)).tolist())
    drawn: dict[str, list[Fraction]] = {name: [] for name in lesson.start}
    reach = method.coefficients.get(REACH, Fraction(1))
    for _ in range(lesson.steps):
        for name in lesson.start:
            low, high = lesson.region[name] if method.name == RANDOM else (-reach, reach)
            drawn[name].append(low + (high - low) * Fraction((next(bits) * (GRID + 1)) >> 64, GRID))
    letter = TRY if method.name == RANDOM else DIRECTION
    for variable in variables(lesson, index):
        yield training.state(letter, variable), tuple(drawn[variable.name])
