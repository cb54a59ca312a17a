"""Which examples are about what, for tests of one kind of lesson."""

from __future__ import annotations

import yaml

from chalkgrad import resources


def examples(kind: str) -> list[str]:
    """The names of the examples whose spec has this key: `network`, `circuit`."""
    return [name for name in resources.example_names() if kind in _spec(name)]


def _spec(name: str) -> dict[str, object]:
    spec: dict[str, object] = yaml.safe_load(resources.example(name).read_text("utf-8"))
    return spec


NETWORKS = examples("network")
