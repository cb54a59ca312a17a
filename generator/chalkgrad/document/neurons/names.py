"""What the page of a neuron calls things where no sample and no weight in particular is meant."""

from __future__ import annotations

from chalkgrad.document.scribe import Scribe
from chalkgrad.evaluation.program import over_all
from chalkgrad.markup.nodes import Name
from chalkgrad.network.neuron import COST, ERROR, of_run
from chalkgrad.network.training import RATE
from chalkgrad.quantities import At, Quantity, Role

TARGET = Quantity(Role.TARGET, 0, (1,), per_sample=True)
SUM = Quantity(Role.WEIGHTED_SUM, 1, (1,), per_sample=True)
OUTPUT = Quantity(Role.ACTIVATION, 1, (1,), per_sample=True)
BIAS = Quantity(Role.BIAS, 1, (1,))


def bare(quantity: Quantity) -> Name:
    """A quantity's name without its sample."""
    return Name(quantity._replace(per_sample=False))


class Letters:
    """General names: of a sample n where the rule follows from what it costs, or adds up over a batch; else of no
    sample in particular."""

    def __init__(self, scribe: Scribe) -> None:
        network = scribe.network
        self.several = len(scribe.samples) > 1
        """Whether a correction adds up over samples."""
        self.n = scribe.notation.indices["n"]
        descends = network.rule is not None and network.rule.descends
        self.marked = network.samples > 1 and (descends or self.several)
        k = scribe.notation.indices["k"]
        self.w = Name(Quantity(Role.WEIGHT, 1, (1, k)))
        self.b = Name(BIAS)
        self.rate = Name(RATE)
        self.x = self._of(Quantity(Role.INPUT, 0, (k,), per_sample=True))
        self.y, self.z, self.a, self.e = map(self._of, (TARGET, SUM, OUTPUT, ERROR))
        self.share = self._of(COST)
        """The cost of a sample."""
        self.cost = Name(Quantity(Role.COST)) if self.several else self.share
        """What a correction descends."""

    def _of(self, quantity: Quantity) -> Name:
        return Name(quantity, self.n) if self.marked else bare(quantity)


def cost_at(scribe: Scribe, epoch: int, run: int = 1) -> At:
    """The cost over all samples after so many epochs."""
    schedule, network = scribe.derivation.schedule, scribe.network
    cost = of_run(COST, run)
    if network.reduced:
        cost = cost._replace(per_sample=False)
    return At(over_all(cost) if schedule.batches else cost, 1, epoch * schedule.epoch)


def parameters(scribe: Scribe, run: int = 1) -> list[Quantity]:
    """The weights and the bias of a run."""
    return [of_run(parameter, run) for parameter in scribe.network.layers[0].parameters()]
