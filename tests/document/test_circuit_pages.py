"""Pages of circuits are read back from their text, and every equality on them is reckoned again."""

from __future__ import annotations

import re

import pytest

import chalkgrad
from chalkgrad.catalogue.languages import language_names
from kinds import examples
from page_reader import Reading, pocket_check
from schools import SCHOOLS

CIRCUITS = examples("circuit")
GRAPHS = [name for name in CIRCUITS if name.startswith("circuit")]
"""Those that are worked forward and back; what limits say is read elsewhere."""
NOTATIONS = tuple(SCHOOLS)
FORK = {
    "circuit": {
        "inputs": {"a": "0.7", "b": "-1.3"},
        "steps": {"u": "exp(a)", "v": "u*b", "w": "v/(1 + u**2)", "x": "w + u**3"},
    }
}
"""The output's own gate and two others use the same quantity."""


@pytest.mark.parametrize("style", ["d", "partial"])
@pytest.mark.parametrize(("name", "notation"), [(n, NOTATIONS[i % len(NOTATIONS)]) for i, n in enumerate(GRAPHS)])
def test_what_is_printed_follows_from_what_is_printed(name: str, notation: str, style: str) -> None:
    for carry in ("full", "shown"):
        example = chalkgrad.solve(name, notation=notation, derivatives=style, carry=carry, language="en")
        markdown, latex = pocket_check(Reading(example.to_markdown())), pocket_check(Reading(example.to_latex()))
        assert not markdown.objections
        assert not latex.objections
        assert markdown.checks == latex.checks >= 15


@pytest.mark.parametrize("carry", ["full", "shown"])
@pytest.mark.parametrize("style", ["d", "partial"])
@pytest.mark.parametrize("decimals", [2, 4])
def test_a_fork_at_the_output_adds_up(carry: str, style: str, decimals: int) -> None:
    text = chalkgrad.solve(FORK, derivatives=style, carry=carry, decimals=decimals).to_markdown()
    verdict = pocket_check(Reading(text))
    assert not verdict.objections
    assert verdict.checks >= 25
    assert "$u$ goes to 3 gates, $v$, $w$ and $x$" in text


def test_the_reader_sees_a_wrong_number() -> None:
    text = chalkgrad.solve("circuit_product", language="en").to_markdown()
    assert pocket_check(Reading(text.replace("= -4 ", "= -5 ", 1))).objections


@pytest.mark.parametrize("name", GRAPHS)
def test_every_gate_is_worked_and_every_quantity_gets_its_derivative(name: str) -> None:
    example = chalkgrad.solve(name, language="en")
    forward = example.to_markdown().partition("Backward pass")[0]
    assert all(example[node.quantity.id].symbolic in forward for node in example.network.nodes)
    stages = [quantity for stage in example.network.stages for quantity in stage]
    made = [node.quantity for node in example.network.nodes if node.quantity != example.network.cost]
    assert sorted(q.name for q in stages) == sorted(q.name for q in (*example.network.given, *made))


def test_a_circuit_reads_in_every_language() -> None:
    pages = {code: chalkgrad.solve("circuit_max", language=code).to_markdown() for code in language_names()}
    texts = {code: re.sub(r"\$[^$]*\$", "", page) for code, page in pages.items()}
    assert len({text.count("\n") for text in texts.values()}) == 1
    for code in set(pages) - {"en"}:
        assert not re.search(r"\b(gate|wire|input|value|output)\b", texts[code])


def test_steps_that_were_split_are_shown_whole_first() -> None:
    split = {"inputs": {"a": 2, "b": 3}, "steps": {"p": "a*b + 1", "q": "(p - a)**2"}, "split": "gates"}
    text = chalkgrad.solve({"circuit": split}).to_markdown()
    assert "| Steps | " in text
    assert "q = {(p - a)}^{2}" in text.replace("\\displaystyle ", "")


# ---------------------------------------------------------------------------------------------------- drawings


def test_a_graph_has_a_wire_for_each_use_and_numbers_on_all_of_them() -> None:
    svg = chalkgrad.solve("circuit_sigmoid").text("svg")
    assert svg.count('class="unit') == 5 + 8
    assert svg.count('class="edge"') == 12 + 1
    assert svg.count('class="value"') == svg.count('class="gradient"') == 13
    assert 'data-q="f7 df/df7"' in svg


def test_a_graph_too_large_is_not_drawn() -> None:
    steps = {f"s{i}": f"s{i - 1}*a + {i}" if i else "a*a" for i in range(25)}
    large = {"circuit": {"inputs": {"a": "0.5"}, "steps": steps, "split": "gates"}}
    assert "<svg" not in chalkgrad.solve(large).to_html().partition("</header>")[0]
    assert r"\begin{chalkdrawing}" not in chalkgrad.solve(large).to_latex()


def test_a_graph_without_room_says_where_its_numbers_are() -> None:
    text = chalkgrad.solve("circuit_micrograd", language="en").to_html()
    assert "no room for the numbers" in text
    assert 'class="gradient"' not in text
