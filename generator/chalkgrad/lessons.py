"""The kinds of lessons: how each is built from its spec, and who writes its page.  One row a kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from chalkgrad.derivation import descent, learning
from chalkgrad.derivation.model import Derivation
from chalkgrad.derivation.reverse import derive
from chalkgrad.document import activations as activations_page
from chalkgrad.document import circuit as circuit_page
from chalkgrad.document import function as function_page
from chalkgrad.document import matrices as matrices_page
from chalkgrad.document import network as network_page
from chalkgrad.document import proofs as proofs_page
from chalkgrad.document.model import Block, Inline
from chalkgrad.document.neurons import page as neuron_page
from chalkgrad.document.page import Sections
from chalkgrad.document.scribe import Scribe
from chalkgrad.network import activations, circuit, function, matrices, mlp, neuron, proofs
from chalkgrad.network.model import Network
from chalkgrad.spec.lessons.activations import ActivationsLesson
from chalkgrad.spec.lessons.circuit import CircuitLesson
from chalkgrad.spec.lessons.function import FunctionLesson
from chalkgrad.spec.lessons.matrices import MatricesLesson
from chalkgrad.spec.lessons.network import NetworkLesson
from chalkgrad.spec.lessons.neuron import NeuronLesson
from chalkgrad.spec.lessons.proofs import ProofsLesson
from chalkgrad.spec.model import Lesson, Spec


def _by_reverse_accumulation(network: Network, spec: Spec) -> Derivation:
    return derive(network, spec.train)


def _by_a_rule(network: Network, spec: Spec) -> Derivation:
    return learning.derive(network, spec.train)


def _nothing(_: Scribe) -> Iterable[Block]:
    """The subtitle says all that there is to know."""
    return ()


@dataclass(frozen=True)
class Way:
    """The way of a kind of lesson through the rooms."""

    build: Callable[[Spec], Network]
    sections: Sections
    subtitle: Callable[[Scribe], Iterable[Inline]]
    """In a few words, what is worked."""
    posed: Callable[[Scribe], Iterable[Block]]
    """What is given, before anything is worked: how an exercise begins."""
    derive: Callable[[Network, Spec], Derivation] = _by_reverse_accumulation


WAYS: Mapping[type[Lesson], Way] = {
    ActivationsLesson: Way(activations.build, activations_page.sections, activations_page.subtitle, _nothing),
    CircuitLesson: Way(circuit.build, circuit_page.sections, circuit_page.subtitle, circuit_page.posed),
    FunctionLesson: Way(
        function.build, function_page.sections, function_page.subtitle, function_page.posed, descent.derive
    ),
    MatricesLesson: Way(matrices.build, matrices_page.sections, matrices_page.subtitle, matrices_page.posed),
    ProofsLesson: Way(proofs.build, proofs_page.sections, proofs_page.subtitle, _nothing),
    NetworkLesson: Way(mlp.build, network_page.sections, network_page.subtitle, network_page.posed),
    NeuronLesson: Way(neuron.build, neuron_page.sections, neuron_page.subtitle, neuron_page.posed, _by_a_rule),
}
