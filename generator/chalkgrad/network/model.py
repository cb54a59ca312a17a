"""The one model that everything after it works on: nodes in topological order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from chalkgrad.algebra.ops import Op
from chalkgrad.catalogue.activations import Activation
from chalkgrad.catalogue.learning_rules import LearningRule
from chalkgrad.catalogue.losses import Loss
from chalkgrad.quantities import Quantity, Role


@dataclass(frozen=True)
class Node:
    """A quantity that an op makes from others: `z1[1]` is a weighted sum of `W1[1,1]`, `x[1]`, …"""

    quantity: Quantity
    op: Op
    arguments: tuple[Quantity, ...]
    """One for each input of the op."""
    companions: tuple[Quantity, ...] = ()
    """One for each companion of the op: the outputs of the whole layer, for softmax."""


@dataclass(frozen=True)
class Layer:
    """What the layers of a network are called and how large they are."""

    number: int
    units: int
    inputs: int
    activation: Activation
    settings: tuple[Quantity, ...] = ()
    bias: str = "none"
    """`none`, `unit` (one a unit) or `shared`."""

    def weights(self) -> list[list[Quantity]]:
        """The weight matrix: a row for each unit, a column for each unit before it."""
        columns = range(1, self.inputs + 1)
        return [[Quantity(Role.WEIGHT, self.number, (j, k)) for k in columns] for j in range(1, self.units + 1)]

    def bias_of(self, unit: int) -> Quantity | None:
        """The bias of a unit (the shared one where there is one for all)."""
        if self.bias == "none":
            return None
        return Quantity(Role.BIAS, self.number, () if self.bias == "shared" else (unit,))

    def biases(self) -> list[Quantity]:
        """The biases, each once."""
        return list(dict.fromkeys(b for j in range(1, self.units + 1) if (b := self.bias_of(j))))

    def parameters(self) -> list[Quantity]:
        """Weights row by row, then biases."""
        return [*(w for row in self.weights() for w in row), *self.biases()]

    def sums(self) -> list[Quantity]:
        """The weighted sums."""
        return [Quantity(Role.WEIGHTED_SUM, self.number, (j,), per_sample=True) for j in range(1, self.units + 1)]

    def outputs(self) -> list[Quantity]:
        """The activations."""
        return [Quantity(Role.ACTIVATION, self.number, (j,), per_sample=True) for j in range(1, self.units + 1)]


@dataclass(frozen=True)
class Network:
    """Quantities tied by ops, and the numbers it starts from."""

    nodes: tuple[Node, ...]
    """In topological order; each quantity is made once."""
    given: Mapping[Quantity, tuple[Fraction, ...]]
    """A number for each sample, or one where the samples share it."""
    parameters: tuple[Quantity, ...]
    """What training moves, layer by layer."""
    cost: Quantity
    """The loss of a sample, or the output of a circuit; where there are several samples, see `batch_cost`."""
    stages: tuple[tuple[Quantity, ...], ...]
    """The quantities by which the cost is differentiated, in an order in which each comes after all that it feeds;
    where updates go stage by stage, the parameters of a stage move together."""
    ends: tuple[Quantity, ...] = ()
    """Quantities besides the cost that are differentiated for themselves: each function of a sheet."""
    is_seeded: bool = False
    """Whether the derivative of the cost by itself, 1, is a number of the page: what a circuit begins with."""
    samples: int = 1
    mean: bool | None = True
    """Whether the cost of a batch is the mean of the samples' or their sum; None where each stands for itself."""
    layers: tuple[Layer, ...] = ()
    """None where the quantities are not arranged in layers."""
    loss: Loss | None = None
    rule: LearningRule | None = None
    """By which a single neuron learns; None where parameters follow an optimizer."""
    runs: int = 1
    """From how many starts it learns."""
    series: Mapping[Quantity, tuple[Fraction, ...]] = field(default_factory=dict)
    """Given numbers of which every step has its own, such as what a search draws."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Inputs, then the units of each layer; empty where there are none."""
        return (self.layers[0].inputs, *(layer.units for layer in self.layers)) if self.layers else ()

    @property
    def reduced(self) -> bool:
        """Whether there are several samples whose costs, and gradients, become one."""
        return self.samples > 1 and self.mean is not None

    @property
    def batch_cost(self) -> Quantity:
        """The cost of the batch; of one sample alone it is the sample's loss."""
        return self.cost if not self.reduced else self.cost._replace(per_sample=False)

    def inputs(self) -> list[Quantity]:
        """The inputs."""
        return [Quantity(Role.INPUT, 0, (k,), per_sample=True) for k in range(1, self.layers[0].inputs + 1)]

    def targets(self) -> list[Quantity]:
        """The targets."""
        return [Quantity(Role.TARGET, 0, (j,), per_sample=True) for j in range(1, self.layers[-1].units + 1)]

    def before(self, layer: Layer) -> list[Quantity]:
        """What a layer takes in: the inputs, or the activations of the layer before."""
        return self.inputs() if layer.number == 1 else self.layers[layer.number - 2].outputs()
