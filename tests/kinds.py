"""Which examples are about what, for tests of one kind of lesson."""

from __future__ import annotations

from chalkgrad import resources
from chalkgrad.spec.judge import read_spec
from chalkgrad.spec.lessons.kinds import kind_of
from chalkgrad.spec.source import read_file


def examples(kind: str) -> list[str]:
    """The names of the examples of a kind, by its key: `network`, `circuit`."""
    return [name for name in resources.example_names() if kind_of(read_file(resources.example(name))).key == kind]


NETWORKS = examples("network")

RUNS = [name for name in NETWORKS if (train := read_spec(resources.example(name)).train) and train.epochs]
"""Networks trained for epochs: most of their updates are told in tables only, or not at all."""
LISTED = [name for name in NETWORKS if not ((train := read_spec(resources.example(name)).train) and train.batches)]
"""Networks that a listing can train: every update uses all samples."""
