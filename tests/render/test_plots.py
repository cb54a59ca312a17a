"""Plots: everything in its place, in every format; the SVG is read back, its texts set again."""

from __future__ import annotations

import itertools
import math
import re
import subprocess
import xml.etree.ElementTree as ET
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy.abc import x, y

import chalkgrad
from chalkgrad import resources
from chalkgrad.document.fade import Worksheet
from chalkgrad.document.model import Document, Paragraph
from chalkgrad.document.plot import (
    PENS,
    Arrow,
    Axis,
    Contours,
    Curve,
    HalfPlane,
    Part,
    Pen,
    Plot,
    Points,
    Region,
    Straight,
    Text,
)
from chalkgrad.evaluation.columns import Column
from chalkgrad.evaluation.surface import Graph, Surface
from chalkgrad.evaluation.variants import Variants
from chalkgrad.markup.measure import LineMeasure
from chalkgrad.markup.nodes import Applied, Name, Num, Word
from chalkgrad.quantities import At, Quantity, Role
from chalkgrad.render.axes import Axes
from chalkgrad.render.contours import contours
from chalkgrad.render.formats import load_format
from chalkgrad.render.page import Page, render
from chalkgrad.render.plot import plotted, size_of
from chalkgrad.render.plot_letters import Letters
from chalkgrad.render.plotted import Plotted
from svg_reader import SVG, texts_of

MAZUR = chalkgrad.solve("mazur")
LETTERS = Letters(LineMeasure(MAZUR.naming, digits=lambda _: 9))
J = MAZUR.network.batch_cost
W1, W5 = Quantity(Role.WEIGHT, 1, (1, 1)), Quantity(Role.WEIGHT, 2, (1, 1))
ACROSS, UP = Axis((Word("z"),)), Axis((Word("a"),))
FORMATS = ("tex", "fragment", "beamer", "appendix", "pdf", "html", "md", "ipynb", "svg")


def no_numbers(at: At) -> float:
    raise LookupError(at)


def plot(*parts: Part, across: Axis = ACROSS, up: Axis = UP, **more: object) -> Plot:
    return Plot("a", "What there is to see.", across, up, parts, **more)  # type: ignore[arg-type]


def pages(block: Plot, form: str, language: str = "en", example: chalkgrad.Example = MAZUR) -> Page:
    document = Document("page", "A page", ("of plots",), (Paragraph(("Look.",)), block), language)
    example = example if language == example.language.code else chalkgrad.solve("mazur", language=language)
    return render(document, load_format(form), example.language, example.naming, lambda _: 9)


def svg_of(block: Plot, language: str = "en") -> str:
    return pages(block, "svg", language).fill(MAZUR.evaluation)


def some(count: int = 3) -> Plot:
    """A plot with a bit of everything."""
    curves = [
        Curve(
            tuple((t / 5, math.tanh(k * t / 5)) for t in range(-20, 21)), PENS[k], (Applied("tanh", Word(str(k))),)
        )
        for k in range(1, count + 1)
    ]
    return plot(
        HalfPlane(1, 2, -3, "inp", ("above",)),
        Region(((-3, -1), (-2, -1), (-2, 0)), "up"),
        *curves,
        Straight(1, -4, 0, Pen("muted", "dashdotted", "thin"), ("a line",)),
        Points(((-3, 0.5), (3, Fraction(-1, 2))), "triangle", Pen("up"), ("marks",), (("one",), (Num(At(W1)),))),
        Arrow((0, 0), (2, -0.8), Pen("inp", width="thick"), ("an arrow",)),
    )


# ---------------------------------------------------------------------------------------------------- layout

NUMBER = st.floats(-1e3, 1e3) | st.sampled_from([math.inf, -math.inf, math.nan, 1e308, 0.0, Fraction(1, 3), 7])
SPOTS = st.lists(st.tuples(NUMBER, NUMBER), min_size=1, max_size=8).map(tuple)
LABEL: st.SearchStrategy[Text] = st.sampled_from([(), ("name",), (Word("w"), " = 3"), ("a longer name",)])
PEN = st.sampled_from([*PENS, Pen("muted", width="thin"), Pen(width="thick")])
PART: st.SearchStrategy[Part] = st.one_of(
    st.builds(Curve, SPOTS, PEN, LABEL),
    st.builds(Points, SPOTS, st.sampled_from("disc ring dot square box triangle cross".split()), PEN, LABEL),
    st.builds(Straight, NUMBER, NUMBER, NUMBER, PEN, LABEL),
    st.builds(HalfPlane, NUMBER, NUMBER, NUMBER, st.just("loc"), LABEL),
    st.builds(Region, SPOTS, st.just("up"), LABEL),
    st.builds(Arrow, st.tuples(NUMBER, NUMBER), st.tuples(NUMBER, NUMBER), PEN, LABEL),
)


def places(picture: Plotted) -> list[tuple[float, float]]:
    groups = [
        *(s.corners for s in picture.shades),
        *(t.points for t in picture.traces),
        *(m.corners for m in picture.marks),
        *(((d.x - d.radius, d.y - d.radius), (d.x + d.radius, d.y + d.radius)) for d in picture.discs),
    ]
    return [point for group in groups for point in group]


@settings(max_examples=60)
@given(
    st.lists(PART, max_size=5).map(tuple),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["wide", "low", "square"]),
)
def test_whatever_the_data_nothing_lies_outside(
    parts: tuple[Part, ...], is_logarithmic: bool, is_true_to_scale: bool, shape: str
) -> None:
    up = Axis(("height",), is_logarithmic=is_logarithmic)
    picture = plotted(
        plot(*parts, up=up, shape=shape, is_true_to_scale=is_true_to_scale), no_numbers, LETTERS, 455
    )
    assert (picture.width, picture.height) == pytest.approx(size_of(plot(shape=shape), 455, math.inf))
    for a, b in places(picture):
        assert math.isfinite(a)
        assert math.isfinite(b)
        assert 0 <= a <= picture.width
        assert 0 <= b <= picture.height


def objections(svg: str) -> list[str]:
    """Texts that run into each other or out of the picture."""
    root = ET.fromstring(svg)
    width, height = map(float, root.get("viewBox", "").split()[2:])
    texts = texts_of(root)
    out = [
        f"{t.content} sticks out"
        for t in texts
        if t.box.left < 0 or t.box.top < 0 or t.box.right > width or t.box.bottom > height
    ]
    pairs = itertools.combinations(texts, 2)
    return out + [
        f"{one.content} over {other.content}" for one, other in pairs if one.box.overlap(other.box) > 0.3
    ]


@pytest.mark.parametrize("shape", ["wide", "low", "square"])
@pytest.mark.parametrize("count", [1, 2, 3])
def test_texts_keep_apart(shape: str, count: int) -> None:
    block = some(count)
    block = Plot(block.name, block.alt, block.across, block.up, block.parts, shape)
    assert objections(svg_of(block)) == []


@pytest.mark.parametrize(
    ("across", "up"),
    [
        (Axis((Word("t"),), 0, 12, is_whole=True), Axis((Name(J),), 0, Fraction(3, 10_000))),
        (Axis(("updates of all the weights",), -1, 1), Axis(("the cost of the batch",), 1e6, 5e6)),
        (Axis((), -1000, 1000), Axis((), 0.99999, 1.00001)),
        (Axis(("x",), 1, 1e9, is_logarithmic=True), Axis(("y",), 1e-7, 1, is_logarithmic=True)),
    ],
)
@pytest.mark.parametrize("language", ["en", "es"])
def test_numbers_at_axes_keep_apart(across: Axis, up: Axis, language: str) -> None:
    svg = svg_of(plot(across=across, up=up), language)
    assert objections(svg) == []
    assert len(ET.fromstring(svg).findall(f"{SVG}text")) >= 6


def test_the_reader_sees_overlaps() -> None:
    svg = svg_of(some())
    assert objections(re.sub(r'(<text[^>]*) x="[\d.]+" y="[\d.]+"', r'\1 x="90" y="40"', svg))


def test_a_label_stands_beside_its_curve() -> None:
    curves = [Curve(((0, 0), (1, k)), PENS[k], (f"slope {k}",)) for k in (0, 1, 2)]
    picture = plotted(plot(*curves), no_numbers, LETTERS, 455)
    labels = {text.text[0]: text.box for text in picture.letterings if isinstance(text.text, tuple)}
    lines = {trace.colour: trace.points for trace in picture.traces if trace.width == "usual"}
    for k in (0, 1, 2):
        box = labels[f"slope {k}"]
        middle = ((box.left + box.right) / 2, (box.top + box.bottom) / 2)
        distances = {
            colour: min(math.dist(middle, point) for point in between(*ends)) for colour, ends in lines.items()
        }
        assert min(distances, key=lambda colour: distances[colour]) == PENS[k].colour


def between(a: tuple[float, float], b: tuple[float, float]) -> list[tuple[float, float]]:
    return [(a[0] + t / 200 * (b[0] - a[0]), a[1] + t / 200 * (b[1] - a[1])) for t in range(201)]


def test_labels_without_room_stand_in_a_legend() -> None:
    names = [f"the curve with the number {k}" for k in range(4)]
    curves = [
        Curve(tuple((t / 50, math.sin(t * (k + 4))) for t in range(200)), PENS[k], (names[k],)) for k in range(4)
    ]
    svg = svg_of(plot(*curves))
    assert objections(svg) == []
    texts = [text for text in texts_of(ET.fromstring(svg)) if text.content in names]
    assert [text.content for text in texts] == names
    numbers = [text for text in texts_of(ET.fromstring(svg)) if text.content == "0"]
    assert min(text.box.top for text in texts) > max(text.box.bottom for text in numbers), "under the axes"


def test_one_unit_is_as_long_on_both_axes() -> None:
    axes = Axes(
        plot(across=Axis((), 0, 1), up=Axis((), 0, 10), is_true_to_scale=True), no_numbers, LETTERS, (330, 205)
    )
    assert axes.across(1) - axes.across(0) == pytest.approx(axes.up(0) - axes.up(1))


# ---------------------------------------------------------------------------------------------------- contours


@pytest.mark.parametrize(
    "formula", [x * y, x**2 + 10 * y**2, x**2 - y**2, (x + 2 * y) / 3], ids=["saddle", "bowl", "pass", "slope"]
)
def test_a_contour_line_is_where_the_height_is_its_own(formula: object) -> None:
    part = Contours(Graph(formula, x, y))  # type: ignore[arg-type]
    block = plot(part, across=Axis((), -2, 2), up=Axis((), -1, 3), shape="square")
    axes = Axes(block, no_numbers, LETTERS, (262, 240))
    across, up = axes.spans
    unit_across = across.length / (axes.frame.right - axes.frame.left)
    unit_up = up.length / (axes.frame.bottom - axes.frame.top)
    found = list(contours(part, axes))
    assert len(found) >= 4
    for height, lines in found:
        level = float(height.text)
        for a, b in (point for line in lines for point in line):
            here = across.low + (a - axes.frame.left) * unit_across
            there = up.low + (axes.frame.bottom - b) * unit_up
            value = float(formula.subs({x: here, y: there}))  # type: ignore[attr-defined]
            slopes = [abs(float(formula.diff(v).subs({x: here, y: there}))) for v in (x, y)]  # type: ignore[attr-defined]
            a_point = slopes[0] * unit_across + slopes[1] * unit_up
            assert abs(value - level) <= 0.15 * a_point + 0.002, "off by no more than the eye sees"


def test_heights_stand_on_their_lines() -> None:
    picture = plotted(
        plot(Contours(Graph(x**2 + y**2, x, y)), across=Axis((), -2, 2), up=Axis((), -2, 2), shape="square"),
        no_numbers,
        LETTERS,
        455,
    )
    heights = [text for text in picture.letterings if text.halo]
    assert len(heights) >= 4
    lines = [trace.points for trace in picture.traces if trace.colour == "muted"]
    for text in heights:
        middle = ((text.box.left + text.box.right) / 2, (text.box.top + text.box.bottom) / 2)
        near = min(
            math.dist(middle, p) for line in lines for ends in itertools.pairwise(line) for p in between(*ends)
        )
        assert near < 1


def sigmoid(z: object) -> object:
    return 1 / (1 + np.exp(-z))  # type: ignore[operator]


def test_the_surface_of_a_network_is_what_numpy_says() -> None:
    """Mazur's network (2015), its cost over w1 and w5."""
    surface = Surface(MAZUR.program, At(J), At(W1), At(W5))
    w1, w5 = np.meshgrid(np.linspace(-4, 4, 7), np.linspace(-3, 3, 5))
    found = surface.heights(MAZUR.evaluation.double, w1, w5)
    i1, i2, t1, t2 = 0.05, 0.10, 0.01, 0.99
    h1 = sigmoid(w1 * i1 + 0.20 * i2 + 0.35)
    h2 = sigmoid(0.25 * i1 + 0.30 * i2 + 0.35)
    o1 = sigmoid(w5 * h1 + 0.45 * h2 + 0.60)
    o2 = sigmoid(0.50 * h1 + 0.55 * h2 + 0.60)
    expected = (t1 - o1) ** 2 / 2 + (t2 - o2) ** 2 / 2  # type: ignore[operator]
    assert found == pytest.approx(expected, rel=1e-12)


# ---------------------------------------------------------------------------------------------------- formats


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_draws(form: str) -> None:
    page = pages(some(), form, "pt_BR")
    text = page.fill(MAZUR.evaluation) + "".join(b.fill(MAZUR.evaluation) for b in page.beside.values())
    assert "\ue000" not in text
    assert "What there is to see" in text or form in ("tex", "fragment", "beamer", "appendix")
    assert any(number in text for number in (">0,15<", "$0{,}15$", "$0#comma;15$"))
    assert "an arrow" in text


def test_the_picture_is_plain_svg() -> None:
    svg = svg_of(some())
    root = ET.fromstring(svg)
    assert root.get("role") == "img"
    assert root.get("aria-label") == "What there is to see."
    kinds = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert kinds <= {"svg", "title", "desc", "rect", "path", "circle", "text", "tspan"}
    assert not [key for element in root.iter() for key in element.attrib if key.startswith("on") or "href" in key]


def test_words_of_strangers_are_escaped() -> None:
    nasty = '<script>alert("1")</script> \\input{x} #panic() $1$'
    block = plot(Curve(((0, 0), (1, 1)), label=(nasty,)))
    assert "<script" not in svg_of(block)
    assert "\\input" not in pages(block, "tex").text
    assert "#panic" not in pages(block, "pdf").text.replace("\\#panic", "")


def test_lines_are_told_apart_without_colour() -> None:
    curves = [Curve(((0, k), (1, k)), pen) for k, pen in enumerate(PENS)]
    root = ET.fromstring(svg_of(plot(*curves)))
    dashes = [
        path.get("stroke-dasharray") for path in root.iter(f"{SVG}path") if path.get("stroke-width") == "1.1"
    ]
    assert len(set(dashes)) == len(PENS)


@pytest.mark.slow
@pytest.mark.needs("pdflatex")
def test_latex_sets_a_plot(tmp_path: Path) -> None:
    text = pages(some(), "tex").fill(MAZUR.evaluation)
    (tmp_path / "page.tex").write_text(text, "utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "page.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, errors="replace", check=False)
    assert done.returncode == 0, done.stdout[-2000:]
    assert "Overfull" not in done.stdout


# ---------------------------------------------------------------------------------------------------- numbers

COST = plot(
    Curve(((0, At(J)), (1, At(J, 1, 1))), label=(Name(J),)),
    Points(((1, At(J, 1, 1)),), names=((Num(At(J, 1, 1)),),)),
    across=Axis(("updates",), low=0, is_whole=True),
)


def test_numbers_come_in_when_the_page_is_filled() -> None:
    page = pages(COST, "svg")
    assert "<path" not in page.text
    svg = page.fill(MAZUR.evaluation)
    assert any(MAZUR["J'"].shown in text.content for text in texts_of(ET.fromstring(svg)))


def test_every_variant_has_a_plot_of_its_own() -> None:
    spec = yaml.safe_load(resources.example("mazur").read_text("utf-8"))
    spec["data"]["x"] = [[1, -1]]
    other = chalkgrad.solve(spec)
    inputs = [At(q) for q in MAZUR.network.inputs()]
    given = [MAZUR.program.given[MAZUR.program.register(at)] for at in inputs]
    columns = {at: Column.of([own, Fraction(n)]) for at, own, n in zip(inputs, given, (1, -1), strict=True)}
    variants = Variants(MAZUR.program, MAZUR.derivation, MAZUR.digits, columns, 2)
    page = pages(COST, "html")
    first, second = page.fill_all(variants)
    assert first == page.fill(MAZUR.evaluation)
    assert second == page.fill(other.evaluation)
    assert first != second


def test_a_plot_of_fixed_numbers_is_drawn_once() -> None:
    assert "\ue000" not in pages(plot(Curve(((0, 0), (1, 1)))), "html").text


def test_a_worksheet_leaves_the_curve_to_the_reader() -> None:
    sheet = Worksheet(chalkgrad.solve("mazur", fade="backward").scribe)
    (block,) = sheet.faded([COST])
    assert isinstance(block, Plot)
    picture = plotted(block, MAZUR.evaluation.double, LETTERS, 455)
    assert {trace.width for trace in picture.traces} == {"thin"}
    assert not picture.discs
    assert [text.text for text in picture.letterings][-2:] == [UP.label, ("updates",)]
