"""The kinds of lessons: how each is built from its spec, and who writes its page.  One row a kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from chalkgrad.document import circuit as circuit_page
from chalkgrad.document import matrices as matrices_page
from chalkgrad.document import network as network_page
from chalkgrad.document.model import Inline
from chalkgrad.document.page import Sections
from chalkgrad.document.scribe import Scribe
from chalkgrad.network import circuit, matrices, mlp
from chalkgrad.network.model import Network
from chalkgrad.spec.lessons.circuit import CircuitLesson
from chalkgrad.spec.lessons.matrices import MatricesLesson
from chalkgrad.spec.lessons.network import NetworkLesson
from chalkgrad.spec.model import Lesson, Spec


@dataclass(frozen=True)
class Way:
    """The way of a kind of lesson through the rooms."""

    build: Callable[[Spec], Network]
    sections: Sections
    subtitle: Callable[[Scribe], Iterable[Inline]]
    """In a few words, what is worked."""


WAYS: Mapping[type[Lesson], Way] = {
    CircuitLesson: Way(circuit.build, circuit_page.sections, circuit_page.subtitle),
    MatricesLesson: Way(matrices.build, matrices_page.sections, matrices_page.subtitle),
    NetworkLesson: Way(mlp.build, network_page.sections, network_page.subtitle),
}
