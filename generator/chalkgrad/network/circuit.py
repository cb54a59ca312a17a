"""Circuits: from the steps of a spec to nodes, each step a node or taken apart into gates."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from sympy import Expr

from chalkgrad.algebra.splitting import split
from chalkgrad.catalogue.gates import step_op
from chalkgrad.network.model import Network, Node
from chalkgrad.quantities import Quantity, Role
from chalkgrad.spec.lessons.circuit import CircuitLesson
from chalkgrad.spec.model import Spec

LETTERS = "uvqspt"
"""Of the names of gates that the spec does not name, where the output's own letter is taken."""


def wire(name: str) -> Quantity:
    """A quantity of a circuit."""
    return Quantity(Role.WIRE, per_sample=True, name=name)


def build(spec: Spec) -> Network:
    """The network of a circuit, with its numbers."""
    lesson = spec.lesson
    assert isinstance(lesson, CircuitLesson)  # noqa: S101 (told to the type checker)
    inputs = tuple(map(wire, lesson.inputs))
    nodes = []
    for name, expression in _gates(lesson):
        op = step_op(name, expression)
        nodes.append(Node(wire(name), op, tuple(wire(symbol.name) for symbol in op.inputs)))
    return Network(
        tuple(nodes),
        {quantity: (value,) for quantity, value in zip(inputs, lesson.inputs.values(), strict=True)},
        inputs,
        wire(lesson.output),
        tuple(_stages(nodes)),
        is_seeded=True,
    )


def _gates(lesson: CircuitLesson) -> list[tuple[str, Expr]]:
    if not lesson.is_split:
        return list(lesson.steps.items())
    fresh = _names(lesson)
    return [gate for name, expression in lesson.steps.items() for gate in split(expression, name, fresh)]


def _names(lesson: CircuitLesson) -> Callable[[], str]:
    """Names for gates: x1, x2, … on the way to x; another letter where one of these is taken."""
    taken = (*lesson.inputs, *lesson.steps)
    letters = [lesson.output, *LETTERS] if len(lesson.steps) == 1 and len(lesson.output) == 1 else [*LETTERS]
    free = (letter for letter in letters if not any(_counts(name, letter) for name in taken))
    letter = next(free, "gate")
    count = 0

    def fresh() -> str:
        nonlocal count
        count += 1
        return f"{letter}{count}"

    return fresh


def _counts(name: str, letter: str) -> bool:
    """Whether a name is a letter with a number, or without one: u, u2."""
    return name != letter and name.startswith(letter) and name[1:].lstrip("_").isdigit()


def _stages(nodes: Sequence[Node]) -> Iterator[tuple[Quantity, ...]]:
    """What each gate takes in, from the output back; a quantity that forks comes after the last gate it feeds."""
    users: Mapping[Quantity, int] = {
        argument: place for place, node in reversed(list(enumerate(nodes))) for argument in node.arguments
    }
    for place in range(len(nodes) - 1, -1, -1):
        first = [argument for argument in nodes[place].arguments if users[argument] == place]
        if first:
            yield tuple(first)
