"""How the training of a single neuron went: for how long, and whether anything moved in the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from chalkgrad.evaluation.runner import Evaluation
from chalkgrad.network.neuron import ERROR, of_run
from chalkgrad.quantities import At


@dataclass(frozen=True)
class Progress:
    """One run."""

    epochs: int
    """How many were run: training stops with the first in which nothing moves."""
    has_settled: bool
    """Whether nothing moved in the last one."""
    moved: tuple[bool, ...]
    """For each epoch that was run, whether it left the parameters elsewhere than it found them."""
    errors: tuple[tuple[bool, ...], ...]
    """For each epoch that was run, and each sample, whether there was an error."""
    circle: tuple[int, int] | None = None
    """Two epochs after which the parameters were exactly the same, though they had moved in between."""

    def mistakes(self, epoch: int) -> int:
        """How many errors were made in an epoch, counted from 1."""
        return sum(self.errors[epoch - 1])


def progress_of(evaluation: Evaluation) -> tuple[Progress, ...]:
    """How each run of a neuron went; nothing for what is no neuron."""
    network = evaluation.derivation.network
    return tuple(_run(evaluation, run) for run in range(1, network.runs + 1)) if network.rule else ()


def samples_of(evaluation: Evaluation) -> tuple[tuple[Fraction, ...], ...]:
    """What a neuron learns from, a row a sample: inputs, then the target."""
    network = evaluation.derivation.network
    if network.rule is None:
        return ()
    quantities = [*network.inputs(), *network.targets()]
    rows = (_exact(evaluation, [At(q, n) for q in quantities]) for n in range(1, network.samples + 1))
    return tuple(row for row in rows if row is not None)  # what is given is a fraction


def _run(evaluation: Evaluation, run: int) -> Progress:
    derivation = evaluation.derivation
    network, schedule = derivation.network, derivation.schedule
    parameters = [of_run(parameter, run) for parameter in network.layers[0].parameters()]
    errors: list[tuple[bool, ...]] = []
    places = [_exact(evaluation, [At(p) for p in parameters])]
    for begin in range(0, evaluation.updates, schedule.epoch):
        moments = range(begin, begin + schedule.epoch)
        turns = [At(of_run(ERROR, run), n, time) for time in moments for n in schedule.batch(time)]
        errors.append(tuple(evaluation.value(at).exact != 0 for at in turns))
        moved = [_exact(evaluation, [At(p, 1, time) for p in parameters]) for time in (*moments, moments.stop)]
        places.append(moved[-1])
        if moved[0] is not None and all(place == moved[0] for place in moved):
            return Progress(len(errors), True, _moved(places), tuple(errors))
    return Progress(len(errors), False, _moved(places), tuple(errors), _circle(places))


def _moved(places: Sequence[tuple[Fraction, ...] | None]) -> tuple[bool, ...]:
    return tuple(before is None or before != after for before, after in pairwise(places))


def _exact(evaluation: Evaluation, places: Sequence[At]) -> tuple[Fraction, ...] | None:
    """The numbers at some places, where all of them are fractions."""
    values = [evaluation.value(at).exact for at in places]
    exact = [Fraction(int(value.p), int(value.q)) for value in values if value is not None]
    return tuple(exact) if len(exact) == len(values) else None


def _circle(places: Sequence[tuple[Fraction, ...] | None]) -> tuple[int, int] | None:
    """The first place that is met twice, by the numbers of the epochs before it."""
    seen: dict[tuple[Fraction, ...], int] = {}
    for epoch, place in enumerate(places):
        if place is not None and seen.setdefault(place, epoch) != epoch:
            return seen[place], epoch
    return None
