"""What training adds to a network: the rate, the optimizer's numbers, and which samples each update uses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from chalkgrad.catalogue import optimizers
from chalkgrad.quantities import Quantity, Role
from chalkgrad.spec.model import TrainSpec

RATE = Quantity(Role.RATE)
COUNT = Quantity(Role.COUNT)


def setting(name: str) -> Quantity:
    """A number of the optimizer, such as how much of the past it keeps."""
    return Quantity(Role.SETTING, name=name)


def shared(name: str) -> Quantity:
    """What an optimizer makes once a step, for all parameters: the rate, the length of the gradient."""
    return RATE if name == optimizers.RATE.name else Quantity(Role.SHARED, name=name)


def state(name: str, parameter: Quantity) -> Quantity:
    """What the optimizer remembers of a parameter, or makes of it on the way."""
    layer = parameter.name if parameter.role is Role.WIRE else parameter.layer
    return Quantity(Role.STATE, layer, parameter.indices, name=name)


def starting(train: TrainSpec, parameters: Iterable[Quantity]) -> dict[Quantity, tuple[Fraction, ...]]:
    """The numbers that the optimizer starts from: its settings, and states that remember nothing yet."""
    made = [shared(rule.makes) for rule in train.optimizer.shared]
    given: dict[Quantity, tuple[Fraction, ...]] = {} if RATE in made else {RATE: (train.learning_rate,)}
    given |= {setting(name): (value,) for name, value in train.coefficients.items()}
    if train.optimizer.counts:
        given[COUNT] = (Fraction(1),)
    moving = [p for p in parameters if (p.name or f"{p.role.value}{p.layer}") not in train.freeze]
    return given | {state(name, p): (Fraction(0),) for p in moving for name in train.optimizer.states}


@dataclass(frozen=True)
class Schedule:
    """Which samples are used when: by the forward pass and by the update that follows it.

    >>> schedule = Schedule(3, ((1, 2), (3,)), steps=4)
    >>> [schedule.batch(time) for time in range(5)]
    [(1, 2), (3,), (1, 2), (3,), (1, 2, 3)]
    """

    samples: int
    batches: tuple[tuple[int, ...], ...] = ()
    """Of one epoch, in their order; none where every update uses all samples."""
    steps: int = 0
    """How many updates there are."""

    def batch(self, time: int) -> tuple[int, ...]:
        """The samples of the update after `time` updates; after the last there is a forward pass of all."""
        if not self.batches or time >= self.steps:
            return tuple(range(1, self.samples + 1))
        return self.batches[time % len(self.batches)]

    @property
    def epoch(self) -> int:
        """How many updates an epoch has."""
        return max(len(self.batches), 1)

    def begins_epoch(self, time: int) -> bool:
        """Whether an epoch begins, or all of them have ended, after so many updates."""
        return time % self.epoch == 0 or time == self.steps
