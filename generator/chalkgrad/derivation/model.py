"""A derivation is a list of steps; printing it and evaluating it are readings of the same list.

The list describes one optimisation step.  Several steps are the same list read again with the parameters that
the reading before has made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import NamedTuple

from sympy import Expr, Symbol

from chalkgrad.algebra.ops import average
from chalkgrad.errors import ChalkgradError
from chalkgrad.network.model import Network
from chalkgrad.network.training import Schedule
from chalkgrad.quantities import AnyQuantity, Partial, Quantity


class Kind(Enum):
    """What kind of move a step is."""

    APPLY = "an op is applied: z1[1] from weights and inputs"
    REDUCE = "the samples of a batch are averaged or added: J from J@1, J@2"
    LOCAL = "the local derivative of one op: da1[1]/dz1[1]"
    CHAIN = "the chain rule, a sum over paths of products of factors: delta1[1]"
    SHARED = "what is made once a step, for all parameters: the rate, the length of the gradient, a Hessian"
    UPDATE = "a parameter moves: W1[1,1]'"


DECIDED = (Kind.LOCAL, Kind.SHARED)
"""Steps for which the sign of a number may be enough: which case holds, whether a try is better."""


class Ref(NamedTuple):
    """A quantity that a step uses."""

    quantity: AnyQuantity
    ahead: int = 0
    """1 where the value after this optimisation step's update is meant."""
    member: int = 0
    """Of which sample of the batch, by its place there, counted from 1; 0 for the sample of the step."""


class Step(NamedTuple):
    """One quantity and the formula that makes it."""

    kind: Kind
    quantity: AnyQuantity
    expression: Expr
    """In formal arguments; a REDUCE step has the formal sum of one argument, repeated over samples."""
    bindings: tuple[tuple[Symbol, Ref], ...]
    """What each formal argument of the expression stands for."""
    ahead: int = 0
    """1 for updates: the quantity is defined for the next moment."""


class Path(NamedTuple):
    """One way from the cost to a quantity: what arrives from above, and the local factor."""

    upstream: Ref | None
    """The derivative of the cost by what the quantity feeds; None where that is the cost itself."""
    local: Ref


@dataclass(frozen=True)
class Derivation:
    """The steps of one optimisation step, in an order in which each uses only what stands before it."""

    network: Network
    forward: tuple[Step, ...]
    backward: tuple[Step, ...]
    """Gradients and, where there is training, updates (between the gradients where those are sequential)."""
    paths: Mapping[Partial, tuple[Path, ...]]
    """For each derivative of the cost, the paths it adds up."""
    collapsed: Mapping[Partial, Step]
    """A shorter formula for a delta, where the activation and the loss fit each other."""
    updates: Mapping[Quantity, tuple[Step, ...]]
    """For each parameter that moves, the steps of its update; the last makes the parameter."""
    schedule: Schedule
    """Which samples each update uses."""
    shared: tuple[Step, ...] = ()
    """What the optimizer makes once a step, for all parameters: the rate, the length of the gradient."""
    sequential: bool = False

    @property
    def steps(self) -> tuple[Step, ...]:
        """Everything, in order."""
        return self.forward + self.backward

    @cached_property
    def moving(self) -> frozenset[Quantity]:
        """The parameters that are updated, and what the optimizer remembers of them."""
        return frozenset(step.quantity for steps in self.updates.values() for step in steps)  # type: ignore[misc]

    @cached_property
    def by_quantity(self) -> Mapping[tuple[AnyQuantity, int], Step]:
        """The step that makes a quantity (0) or its updated value (1)."""
        return {(step.quantity, step.ahead): step for step in self.steps}

    def gradient(self, parameter: Quantity) -> Partial:
        """The derivative of the cost (of the batch) by a parameter."""
        network = self.network
        return Partial(network.cost, parameter, per_sample=not network.reduced)

    def reduced(self, step: Step, samples: tuple[int, ...]) -> Step:
        """A mean or sum over samples, over these only: what a mini-batch makes of it."""
        if len(samples) == len(step.bindings):
            return step
        op = average(len(samples), mean=bool(self.network.mean))
        ref = step.bindings[0][1]
        return step._replace(expression=op.formula, bindings=tuple((symbol, ref) for symbol in op.inputs))

    def check(self) -> None:
        """Refuse a list that binds a quantity twice or uses one before it is made."""
        known: set[tuple[AnyQuantity, int]] = {(quantity, 0) for quantity in self.network.given}
        for step in self.steps:
            missing = [ref for _, ref in step.bindings if (ref.quantity, ref.ahead) not in known]
            # softmax outputs are companions of each other: their derivatives come after all of them
            if missing or (step.quantity, step.ahead) in known:
                raise ChalkgradError(f"the derivation is out of order at {step.quantity.id}: {missing}")
            known.add((step.quantity, step.ahead))
