"""Which rule changes a derivation for which misconception.

>>> from chalkgrad.pipeline import solve
>>> [found.id for found in mistaken(solve("chain").derivation, ["sign", "dropped_path", "ascended"])]
['sign', 'ascended']
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from chalkgrad.catalogue.misconceptions import CIRCUIT, DESCENT, MISCONCEPTIONS, NETWORK, NEURON, Misconception
from chalkgrad.derivation.mistaken import backward, forward, gates, neurons, paths, updates
from chalkgrad.derivation.model import Derivation
from chalkgrad.network.model import Network

Rule: TypeAlias = Callable[[Derivation], Iterable[Derivation]]
"""From a derivation to what a misconception makes of it; nothing where it changes nothing."""


@dataclass(frozen=True)
class Mistaken:
    """A derivation with one misconception in it."""

    misconception: Misconception
    derivation: Derivation
    place: int = 0
    """Of several places the one where it is done, counted from 1; 0 where it is done everywhere."""

    @property
    def id(self) -> str:
        """`forgot_sigma`, `dropped_path[2]`."""
        return f"{self.misconception.name}[{self.place}]" if self.place else self.misconception.name


_RULES: Mapping[str, Rule] = {
    "no_bias": forward.no_bias,
    "took_z": forward.took_z,
    "took_z_output": forward.took_z_output,
    "from_to": forward.from_to,
    "sign": backward.sign,
    "error_of_z": neurons.error_of_z,
    "forgot_half": backward.forgot_half,
    "forgot_two": backward.forgot_two,
    "forgot_share": backward.forgot_share,
    "summed": partial(backward.reduced, mean=False),
    "averaged": partial(backward.reduced, mean=True),
    "forgot_sigma": backward.forgot_sigma,
    "forgot_sigma_hidden": backward.forgot_sigma_hidden,
    "forgot_sigma_output": backward.forgot_sigma_output,
    "forgot_mask": backward.forgot_mask,
    "sigma_again": backward.sigma_again,
    "own_output_only": backward.own_output_only,
    "slope_of_z": backward.slope_of_z,
    "slope_at_a": backward.slope_at_a,
    "updated_weights": backward.updated_weights,
    "old_weights": backward.old_weights,
    "transposed": backward.transposed,
    "no_input": backward.no_input,
    "input_of_z": backward.input_of_z,
    "forgot_outer": gates.forgot_outer,
    "forgot_inner": gates.forgot_inner,
    "forgot_upstream": gates.forgot_upstream,
    "lost_minus": gates.lost_minus,
    "own_factor": gates.own_factor,
    "target_for_error": neurons.target_for_error,
    "kept_bias": updates.kept_bias,
    "forgot_rate": updates.forgot_rate,
    "ascended": updates.ascended,
}

_OF_NEURONS: Mapping[str, Rule] = {
    "summed": partial(neurons.reduced, mean=False),
    "averaged": partial(neurons.reduced, mean=True),
    "no_input": neurons.no_input,
}
"""Where a neuron's own way to learn asks for another rule."""


def kind_of(network: Network) -> str:
    """Of which kind its derivations are, for the rows of misconceptions; empty where none can be met."""
    if network.rule is not None:
        return NEURON
    if network.layers:
        return NETWORK
    if network.is_seeded:
        return CIRCUIT
    return DESCENT if network.parameters else ""


def mistaken(derivation: Derivation, names: Collection[str] | None = None) -> Iterator[Mistaken]:
    """The derivation with each misconception that can be met in it, or with each of those named."""
    kind = kind_of(derivation.network)
    for row in MISCONCEPTIONS:
        if kind not in row.kinds or (names is not None and row.name not in names):
            continue
        if row.is_placed:
            yield from (Mistaken(row, changed, place) for place, changed in paths.dropped_path(derivation))
            continue
        rule = _OF_NEURONS.get(row.name) if kind == NEURON else None
        yield from (Mistaken(row, changed) for changed in (rule or _RULES[row.name])(derivation))
