"""Markdown pages survive the Markdown readers they are made for.

GitHub runs its Markdown reader over mathematics before MathJax sees it, and allows only some macros.
"""

from __future__ import annotations

import re

import pytest
from markdown_it import MarkdownIt

import chalkgrad
from chalkgrad import resources
from kinds import NETWORKS, examples

FORBIDDEN = (r"\operatorname", r"\phantom", r"\mbox", r"\def", r"\newcommand", r"\\")
MATH = re.compile(r"\$\$.*?\$\$|\$[^$\n]+\$", re.DOTALL)


def pages() -> list[tuple[str, dict[str, object]]]:
    both = {"views": ["scalar", "matrix"], "detail": "full"}
    return [
        (name, show)
        for name in resources.example_names()
        for show in ({}, both, {"notation": "mazur"}, {"fade": "backward"}, {"fade": "forward"})
        if show is not both or name in NETWORKS
    ]


@pytest.mark.parametrize(("name", "show"), pages())
def test_mathematics_passes_through_unchanged(name: str, show: dict[str, object]) -> None:
    text = chalkgrad.solve(name, **show).to_markdown()
    formulas = MATH.findall(text)
    assert len(formulas) > 4
    for formula in formulas:
        assert not [macro for macro in FORBIDDEN if macro in formula], formula
        assert not re.search(r"\\[^a-zA-Z]", formula), f"an escape that Markdown would eat: {formula}"
        assert not re.search(r"(?<! )_", formula), f"an underscore that may turn into emphasis: {formula}"
        assert not re.search(r"[*<`]", formula), formula
    read = MarkdownIt("commonmark").enable("table").render(text)
    assert "<em>_" not in read
    for formula in formulas:
        if not formula.startswith("$$"):
            assert formula.replace("&", "&amp;").replace(">", "&gt;") in read


@pytest.mark.parametrize("name", resources.example_names())
def test_tables_are_tables(name: str) -> None:
    text = chalkgrad.solve(name).to_markdown()
    read = MarkdownIt("commonmark").enable("table").render(text)
    heads = [line for line in text.splitlines() if re.fullmatch(r"\|(:?-+:?\|)+", line)]
    assert read.count("<table>") == len(heads)
    assert heads or name in examples("proofs"), "every page but that of a proof has a table"


def test_a_title_is_text_and_nothing_else() -> None:
    spec = {
        "title": "*a* _b_ [c](d) <b>e</b> `f` $g$ | # h",
        "network": {"layers": [{"units": 1, "activation": "tanh", "weights": [[1]]}], "loss": "squared_error"},
        "data": {"x": [[1]], "y": [[1]]},
    }
    read = MarkdownIt("commonmark").render(chalkgrad.solve(spec).to_markdown().splitlines()[0])
    assert read == "<h1>*a* _b_ [c](d) &lt;b&gt;e&lt;/b&gt; `f` $g$ | # h</h1>\n"
