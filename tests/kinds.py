"""Which examples are about what, for tests of one kind of lesson."""

from __future__ import annotations

import re

from chalkgrad import resources


def examples(kind: str) -> list[str]:
    """The names of the examples whose spec has this key: `network`, `circuit`."""
    texts = {name: resources.example(name).read_text("utf-8") for name in resources.example_names()}
    return [name for name, text in texts.items() if re.search(rf"^{kind}:", text, re.MULTILINE)]


NETWORKS = examples("network")
