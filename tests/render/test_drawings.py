"""Drawings: nothing overlaps, the numbers are the page's own, the links lead somewhere.

The SVG is read back as XML, and every text is set again here, with the widths of Times, to see what it covers.
"""

from __future__ import annotations

import math
import random
import re
import xml.etree.ElementTree as ET
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

import chalkgrad
from chalkgrad import resources
from kinds import NETWORKS
from svg_reader import SVG, Rect, Text, texts_of

A4 = 455  # points between the margins

# ---------------------------------------------------------------------------------------------------- reading back


class Drawn:
    """An SVG drawing, read back."""

    def __init__(self, svg: str) -> None:
        self.root = ET.fromstring(svg)
        self.width, self.height = map(float, self.root.get("viewBox", "").split()[2:])
        self.texts = texts_of(self.root)
        self.circles = [
            (float(c.get("cx", "")), float(c.get("cy", "")), float(c.get("r", "")), group.get("data-q", ""))
            for group in self.root.iter(f"{SVG}g")
            for c in group.iter(f"{SVG}circle")
        ]
        self.arrows = [g for g in self.root.iter(f"{SVG}g") if "edge" in g.get("class", "").split()]

    def of(self, kind: str) -> list[Text]:
        return [text for text in self.texts if text.kind == kind]

    def marked(self) -> list[str]:
        return [arrow.get("data-q", "") for arrow in self.arrows if "marked" in arrow.get("class", "")]


def beside(example: chalkgrad.Example) -> dict[str, str]:
    """The files that a Markdown page has beside it."""
    return {path.name: str(text) for path, text in example.files("", ["md"]).items() if path.suffix == ".svg"}


def spec(shape: list[int], digits: int, seed: int = 0, **show: Any) -> dict[str, Any]:
    """A network with random numbers of so many decimals."""
    rng = random.Random(seed)

    def number() -> str:
        return f"{rng.uniform(-1, 1):.{digits}f}"

    layers = [
        {
            "units": units,
            "activation": "sigmoid",
            "weights": [[number() for _ in range(before)] for _ in range(units)],
            "bias": [number() for _ in range(units)],
        }
        for before, units in pairwise(shape)
    ]
    return {
        "network": {"layers": layers, "loss": "half_squared_error"},
        "data": {"x": [[number() for _ in range(shape[0])]], "y": [[number() for _ in range(shape[-1])]]},
        "train": {"optimizer": {"name": "sgd", "learning_rate": 0.5}},
        "show": {"views": ["matrix"], **show},
    }


# ---------------------------------------------------------------------------------------------------- geometry


def objections(drawn: Drawn) -> list[str]:
    """Everything that stands in the way of something else."""
    out = [f"{text.content} sticks out" for text in drawn.texts if sticks_out(text.box, drawn)]
    for one, other in combinations(drawn.texts, 2):
        if one.box.overlap(other.box) > 0.3:
            out.append(f"{one.content} over {other.content}")
    for x, y, r, id in drawn.circles:
        for text in drawn.texts:
            if text.kind != "name" and reaches_into(text.box, x, y, r):
                out.append(f"{text.content} over the circle of {id}")
    if drawn.width > A4:
        out.append(f"{drawn.width} points wide")
    return out


def sticks_out(box: Rect, drawn: Drawn) -> bool:
    return box.left < 0 or box.top < 0 or box.right > drawn.width or box.bottom > drawn.height


def reaches_into(box: Rect, x: float, y: float, r: float) -> bool:
    near = (min(max(x, box.left), box.right), min(max(y, box.top), box.bottom))
    return math.dist(near, (x, y)) < r


@settings(max_examples=30)
@given(st.lists(st.integers(1, 5), min_size=2, max_size=4), st.integers(0, 5), st.integers(0, 99))
def test_nothing_overlaps(shape: list[int], digits: int, seed: int) -> None:
    drawn = Drawn(chalkgrad.solve(spec(shape, digits, seed)).text("svg"))
    assert objections(drawn) == []
    expected = sum(a * b for a, b in pairwise(shape))
    assert len(drawn.arrows) == expected
    if len(shape) <= 3:
        assert len(drawn.of("weight")) == expected, "every weight stands at its arrow"


@pytest.mark.parametrize("digits", [1, 2, 4, 6])
@pytest.mark.parametrize("notation", ["theta", "nielsen"])
def test_five_five_five_has_room_for_all_weights(digits: int, notation: str) -> None:
    drawn = Drawn(chalkgrad.solve(spec([5, 5, 5], digits, notation=notation)).text("svg"))
    assert objections(drawn) == []
    assert len(drawn.of("weight")) == 50


@pytest.mark.parametrize("name", resources.example_names())
@pytest.mark.parametrize("notation", ["theta", "mazur", "nielsen"])
def test_nothing_overlaps_in_the_examples(name: str, notation: str) -> None:
    for svg in beside(chalkgrad.solve(name, notation=notation)).values():
        assert objections(Drawn(svg)) == []


@pytest.mark.parametrize("scale", ["0.0000012", "1234567.5"])
def test_tiny_and_huge_numbers_have_room(scale: str) -> None:
    network = spec([2, 2, 2], 1, decimals=4)
    for layer in network["network"]["layers"]:
        layer["activation"] = "identity"
    network["data"] = {"x": [[scale, f"-{scale}"]], "y": [[0, scale]]}
    network["network"]["layers"][0]["bias"] = "none"
    network["network"]["layers"][1]["bias"] = "none"
    drawn = Drawn(chalkgrad.solve(network).text("svg"))
    assert any("·10" in text.content for text in drawn.of("delta")) == (scale[0] == "0")
    assert objections(drawn) == []


def test_the_reader_sees_overlaps() -> None:
    svg = chalkgrad.solve("mazur").text("svg")
    moved = re.sub(r'(<text class="weight"[^>]*) x="[\d.]+" y="[\d.]+"', r'\1 x="90" y="40"', svg)
    assert any(" over " in objection for objection in objections(Drawn(moved)))
    narrow = re.sub(r'viewBox="0 0 \d+', 'viewBox="0 0 99', svg)
    assert any("sticks out" in objection for objection in objections(Drawn(narrow)))
    wide = svg.replace('viewBox="0 0 ', 'viewBox="0 0 9')
    assert any("points wide" in objection for objection in objections(Drawn(wide)))


@pytest.mark.parametrize("shape", [[1, 1], [2, 2, 2], [3, 5, 1], [5, 5, 5]])
def test_arrows_meet_circles(shape: list[int]) -> None:
    drawn = Drawn(chalkgrad.solve(spec(shape, 1)).text("svg"))
    for arrow in drawn.arrows:
        line, head = (path.get("d", "") for path in arrow.iter(f"{SVG}path"))
        x, y = map(float, re.findall(r"-?[\d.]+", line)[:2])
        u, v = map(float, re.findall(r"-?[\d.]+", head)[:2])
        for point in ((x, y), (u, v)):
            gap = min(abs(math.dist(point, (cx, cy)) - r) for cx, cy, r, _ in drawn.circles)
            assert gap < 0.5, "the tip touches the line around a unit"


# ---------------------------------------------------------------------------------------------------- content


def shown(example: chalkgrad.Example) -> dict[str, str]:
    return {step.id: step.shown for step in example}


@pytest.mark.parametrize("name", NETWORKS)
def test_every_number_is_the_pages_own(name: str) -> None:
    example = chalkgrad.solve(name, language="en")
    numbers = shown(example)
    drawn = Drawn(example.text("svg"))
    read = 0
    for text in drawn.texts:
        found = re.search(r"(?:^|[=≈] )(−?\d[\d./]*)$", re.sub(r"\s+", " ", text.content))
        if found and text.kind not in ("name", "count"):
            assert found[1].replace("−", "-") == numbers[text.id]
            read += 1
    weights = sum(id.startswith("W") and "'" not in id and "#" not in id for id in numbers)
    assert read >= weights > 0
    assert {id for text in drawn.of("weight") for id in [text.id]} <= set(numbers)


def test_targets_and_deltas_say_what_they_are_without_colour() -> None:
    drawn = Drawn(chalkgrad.solve("mazur").text("svg"))
    assert [re.sub(r"\s+", " ", t.content) for t in drawn.of("target")] == ["targeto1 = 0.01", "targeto2 = 0.99"]
    assert [re.sub(r"\s+", " ", t.content) for t in drawn.of("delta")] == [
        "δo1 ≈ 0.138498562",
        "δo2 ≈ −0.038098237",
    ]
    assert [t.content for t in drawn.of("value")] == [
        "0.05", "0.1", "0.593269992", "0.596884378", "0.751365070", "0.772928465",
    ]  # fmt: skip
    assert [t.content for t in drawn.of("name")] == ["i1", "i2", "outh1", "outh2", "outo1", "outo2"]
    assert [re.sub(r"\s+", " ", t.content) for t in drawn.of("weight")][:2] == ["w1 = 0.15", "w3 = 0.25"]


def test_units_carry_the_ids_of_what_they_compute() -> None:
    drawn = Drawn(chalkgrad.solve("mazur").text("svg"))
    assert [ids for *_, ids in drawn.circles][1:3] == ["x[2]", "z1[1] a1[1] delta1[1]"]


def test_several_samples_have_names_and_weights_only() -> None:
    drawn = Drawn(chalkgrad.solve("batch").text("svg"))
    assert {text.kind for text in drawn.texts} == {"name", "weight"}
    assert "x1" in [text.content for text in drawn.texts]


def test_a_large_network_is_elided() -> None:
    drawn = Drawn(chalkgrad.solve(spec([12, 7, 2], 1)).text("svg"))
    assert len(drawn.circles) == 3 + 3 + 2
    assert [text.content for text in drawn.of("count")] == ["12", "7"]
    assert [ids for *_, ids in drawn.circles][2] == "x[12]"
    assert not drawn.of("weight")
    assert objections(drawn) == []
    arrows = {arrow.get("data-q") for arrow in drawn.arrows}
    assert {"W1[7,12]", "W1[1,2]", "W2[2,7]"} <= arrows
    assert "W1[3,1]" not in arrows


def test_a_deep_network_is_elided() -> None:
    drawn = Drawn(chalkgrad.solve(spec([2] * 12, 1)).text("svg"))
    assert [ids.split()[0] for *_, ids in drawn.circles] == ["x[1]", "x[2]", "z1[1]", "z1[2]", "z11[1]", "z11[2]"]
    assert objections(drawn) == []


# ---------------------------------------------------------------------------------------------------- paths


def test_a_weight_of_the_output_layer_has_one_path() -> None:
    drawn = Drawn(beside(chalkgrad.solve("mazur"))["mazur-paths-2.svg"])
    assert drawn.marked() == ["W2[1,1]", ""]
    assert [ids for *_, ids in drawn.circles][-1] == "J"
    assert {text.id for text in drawn.texts} >= {"dz2[1]/dW2[1,1]", "da2[1]/dz2[1]", "dJ/da2[1]"}


def test_a_hidden_weight_has_a_path_through_every_output() -> None:
    drawn = Drawn(beside(chalkgrad.solve("mazur"))["mazur-paths-1.svg"])
    assert drawn.marked() == ["W1[1,1]", "W2[1,1]", "W2[2,1]", "", ""]
    assert [t.content for t in drawn.texts if t.kind in ("weight", "up")] == ["w5", "w7", "δo1", "δo2"]


def test_softmax_parts_the_paths_between_sums_and_outputs() -> None:
    drawn = Drawn(beside(chalkgrad.solve("softmax"))["softmax-paths-1.svg"])
    assert len(drawn.marked()) == 1 + 3 + 3
    assert {f"da1[{i}]/dz1[1]" for i in (1, 2, 3)} <= {text.id for text in drawn.texts}


def test_a_path_is_thicker_than_the_rest() -> None:
    drawn = Drawn(beside(chalkgrad.solve("mazur"))["mazur-paths-1.svg"])
    widths = {
        "marked" in arrow.get("class", ""): float(next(iter(arrow)).get("stroke-width", ""))
        for arrow in drawn.arrows
    }
    assert widths[True] >= 2 * widths[False]


@pytest.mark.parametrize(
    ("wish", "files"), [("none", []), ("network", ["network"]), ("all", ["network", "paths-1", "paths-2"])]
)
def test_what_is_drawn_is_what_is_wanted(wish: str, files: list[str]) -> None:
    example = chalkgrad.solve("mazur", drawings=wish)
    assert sorted(beside(example)) == [f"mazur-{name}.svg" for name in files]
    assert example.to_latex().count(r"\begin{chalkdrawing}") == len(files)


def test_a_drawing_alone_that_is_not_wanted() -> None:
    with pytest.raises(chalkgrad.OutputError, match=r"show\.drawings is none"):
        chalkgrad.solve("mazur", drawings="none").text("svg")


# ---------------------------------------------------------------------------------------------------- in pages


@pytest.mark.parametrize("name", ["mazur", "leaky", "three_layers", "softmax"])
def test_tikz_has_the_texts_of_the_svg(name: str) -> None:
    example = chalkgrad.solve(name)

    def plain(latex: str) -> str:
        latex = re.sub(r"\\frac\{(\w+)\}\{(\w+)\}", r"\1/\2", latex).replace("{,}", ",")
        return re.sub(r"\\[a-z]+|[^\d.,/=-]", "", latex)

    tikz = re.search(r"\\begin\{chalkdrawing\}(.*?)\\end\{chalkdrawing\}", example.to_latex(), re.S)
    assert tikz is not None
    latex = [plain(text) for text in re.findall(r"\\lettersize\{[\d.]+\}\$(.*)\$\};", tikz[1])]
    digits = [re.sub(r"[^\d.,/=-]", "", t.content.replace("−", "-")) for t in Drawn(example.text("svg")).texts]
    assert sorted(map(sorted, latex)) == sorted(map(sorted, digits))


STRANGE = "a \"b\" <c> & 'd' ](e) $f$ \\g_h*i* ]]> <!-- {x}"


def test_links_of_a_markdown_page_lead_to_its_files(tmp_path: Path) -> None:
    source = tmp_path / "my net (1) [x].yaml"
    source.write_text(resources.example("mazur").read_text("utf-8"), encoding="utf-8")
    paths = chalkgrad.solve(source).save(tmp_path / "out", ["md"])
    text = next(path for path in paths if path.suffix == ".md").read_text("utf-8")
    images = re.findall(r'<img src="([^"]*)" alt="([^"]*)"', MarkdownIt("commonmark").render(text))
    assert len(images) == 3
    for address, alt in images:
        assert (paths[0].parent / unquote(address)).is_file()
        assert len(alt.split()) > 5
    assert len(paths) == 4


def test_a_strange_title_is_text() -> None:
    example = chalkgrad.solve({**spec([2, 2], 1), "title": STRANGE})
    root = Drawn(example.text("svg")).root
    assert root.findtext(f"{SVG}title") == STRANGE
    assert root.get("role") == "img"
    assert root.get("aria-label") == root.findtext(f"{SVG}desc")


def test_a_page_without_files_has_no_links_to_them() -> None:
    assert "![" not in chalkgrad.solve("mazur").to_markdown()


def test_variants_have_their_own_numbers_in_drawings() -> None:
    example = chalkgrad.solve("mazur")
    one, two = (Drawn(svg) for svg in example.fill("svg", [{"W1[1,1]": "0.77"}, {"W1[1,1]": "-0.5"}]))
    assert "w1 = 0.77" in [re.sub(r"\s+", " ", t.content) for t in one.texts]
    assert "w1 = −0.5" in [re.sub(r"\s+", " ", t.content) for t in two.texts]
