"""Computation graphs: every gate stands right of what it takes in, and no wire runs through a number."""

from __future__ import annotations

from itertools import combinations, pairwise, product

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from chalkgrad.catalogue.notations import load_notation
from chalkgrad.document.drawn import Caption, DrawnGate, DrawnGraph
from chalkgrad.markup.measure import LineMeasure
from chalkgrad.markup.naming import Naming
from chalkgrad.markup.nodes import Formula, Math, Word
from chalkgrad.render.graph_layout import graph_picture, spread
from chalkgrad.render.layering import layered
from chalkgrad.render.picture import Arrow, Box, Picture


def number(text: str) -> Math:
    n = sp.Symbol("n")
    return Formula(n, {n: Word(text)})


@st.composite
def circuits(draw: st.DrawFn, most: int = 12) -> list[tuple[int, ...]]:
    """What each gate takes in; every gate but the last is used."""
    inputs = draw(st.integers(1, 4))
    takes: list[tuple[int, ...]] = [()] * inputs
    for _ in range(draw(st.integers(1, most))):
        before = st.integers(0, len(takes) - 1)
        takes.append(tuple(draw(st.lists(before, min_size=1, max_size=3, unique=True))))
    unused = set(range(len(takes))) - {gate for before in takes for gate in before}
    return [*takes, tuple(sorted(unused))]


def drawn(takes: list[tuple[int, ...]], text: str, width: float = 2000) -> Picture:
    gates = [
        DrawnGate(
            (number("x+1"),),
            (f"q{i}",),
            before,
            name=Caption(number(f"q{i}"), "gate", f"q{i}") if before else None,
            value=Caption(number(text), "value", f"q{i}"),
            gradient=(Caption(number(text), "gradient", f"dq{i}"),),
        )
        for i, before in enumerate(takes)
    ]
    measure = LineMeasure(Naming(load_notation("theta"), (1, 1)))
    return graph_picture(DrawnGraph(tuple(gates)), measure, width)


def points(arrow: Arrow) -> list[tuple[float, float]]:
    """Many points along a wire (de Casteljau's curves, written out)."""
    out, here = [], np.array(arrow.start)
    for one, other, end in arrow.curves:
        a, b, c = map(np.array, (one, other, end))
        for t in np.linspace(0, 1, 40):
            out.append(tuple((1 - t) ** 3 * here + 3 * (1 - t) ** 2 * t * a + 3 * (1 - t) * t**2 * b + t**3 * c))
        here = c
    return [*out, arrow.end, arrow.head[0]]


def holds(box: Box, point: tuple[float, float], room: float = 0.0) -> bool:
    x, y = point
    return box.left - room < x < box.right + room and box.top - room < y < box.bottom + room


@settings(max_examples=25)
@given(circuits(), st.sampled_from(["1", "-12.5", "0.123456789"]))
def test_nothing_overlaps(takes, text):
    picture = drawn(takes, text)
    assert picture.is_captioned
    boxes = [label.box for label in picture.captions]
    for one, other in combinations(boxes, 2):
        assert (
            one.right <= other.left
            or other.right <= one.left
            or one.bottom <= other.top
            or other.bottom <= one.top
        )
    wires = [points(arrow) for arrow in picture.arrows]
    for wire in wires:
        assert all(not holds(box, point) for box in boxes for point in wire)
        assert all(0 <= x <= picture.width and 0 <= y <= picture.height for x, y in wire)
    for circle, _ in picture.circles:
        for wire in wires:
            inside = [np.hypot(x - circle.x, y - circle.y) < circle.radius - 0.2 for x, y in wire]
            assert circle.is_bare or not any(inside)


@settings(max_examples=25)
@given(circuits())
def test_a_wire_leads_from_each_gate_to_each_that_takes_it_in(takes):
    picture = drawn(takes, "1")
    *wires, out = picture.arrows
    centres = {circle.ids: circle for circle, _ in picture.circles}
    found = set()
    for wire in wires:
        x, y = wire.head[0]
        (end,) = [c for c in centres.values() if abs(np.hypot(x - c.x, y - c.y) - c.radius) < 0.6]
        found.add((wire.id, end.ids))
    assert found == {(f"q{source}", f"q{gate}") for gate, before in enumerate(takes) for source in before}
    assert len(wires) == len(found)
    assert out.id == f"q{len(takes) - 1}"


@settings(max_examples=25)
@given(circuits())
def test_columns_are_the_longest_ways_and_wires_join_neighbours(takes):
    layering = layered(takes, [False] * len(takes))
    longest = []
    for before in takes:
        longest.append(max((longest[gate] + 1 for gate in before), default=0))
    assert layering.of_gate == longest
    assert sorted(place for column in layering.columns for place in column) == sorted(
        {place for wire in layering.wires for place in (wire.start, wire.end)}
        | {place for column in layering.columns for place in column if not layering.is_passing(place)}
    )
    assert all(wire.start.column + 1 == wire.end.column for wire in layering.wires)


def test_a_needless_crossing_is_undone():
    layering = layered([(), (), (1,), (0,), (2, 3)], [False] * 5)
    first, second, _ = [[place.gate for place in column] for column in layering.columns]
    assert [takes[0] for takes in [{2: (1,), 3: (0,)}[gate] for gate in second]] == first


def test_the_inputs_of_a_difference_keep_their_order():
    layering = layered([(), (), (1, 0)], [False, False, True])
    ports = {wire.start.gate: wire.port for wire in layering.wires}
    assert ports[1] < ports[0]


@pytest.mark.parametrize("width", [455, 340, 295])
def test_a_graph_too_wide_for_its_numbers_is_drawn_without_them(width):
    chain: list[tuple[int, ...]] = [(), *((i,) for i in range(8))]
    assert not drawn(chain, "0.123456789", width).is_captioned
    assert drawn(chain, "0.123456789", width).width < 420
    assert drawn(chain[:4], "0.12", width).is_captioned


@settings(max_examples=25)
@given(
    st.lists(st.tuples(st.floats(-50, 50), st.floats(0.5, 5)), min_size=1, max_size=5),
    st.lists(st.floats(1, 30), min_size=4, max_size=4),
)
def test_places_are_spread_by_least_squares(wishes, distances):
    distances = distances[: len(wishes) - 1]
    found = spread(wishes, distances)
    assert all(b - a >= gap - 1e-9 for (a, b), gap in zip(pairwise(found), distances, strict=True))

    def cost(heights):
        return sum(weight * (h - wish) ** 2 for h, (wish, weight) in zip(heights, wishes, strict=True))

    best = min(cost(heights) for heights in arrangements(wishes, distances))
    assert cost(found) == pytest.approx(best, rel=1e-6, abs=1e-6)


def arrangements(wishes, distances):
    """Every way to let some neighbours touch, each group where it would like to be; the best one is among them."""
    for touching in product([False, True], repeat=len(distances)):
        groups = [[0]]
        for i, touches in enumerate(touching, 1):
            groups.append([i]) if not touches else groups[-1].append(i)
        heights = []
        for group in groups:
            below = [sum(distances[group[0] : i]) for i in group]
            weights = [wishes[i][1] for i in group]
            middle = np.average([wishes[i][0] - low for i, low in zip(group, below, strict=True)], weights=weights)
            heights += [middle + low for low in below]
        if all(b - a >= gap - 1e-9 for (a, b), gap in zip(pairwise(heights), distances, strict=True)):
            yield heights
