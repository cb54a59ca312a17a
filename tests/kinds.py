"""Which examples are about what, for tests of one kind of lesson."""

from __future__ import annotations

from chalkgrad import resources
from chalkgrad.spec.lessons.kinds import kind_of
from chalkgrad.spec.source import read_file


def examples(kind: str) -> list[str]:
    """The names of the examples of a kind, by its key: `network`, `circuit`."""
    return [name for name in resources.example_names() if kind_of(read_file(resources.example(name))).key == kind]


NETWORKS = examples("network")
