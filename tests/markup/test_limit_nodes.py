"""What cancels is struck, limits have their arrow below, in every markup."""

from __future__ import annotations

import pytest
import sympy as sp

from chalkgrad.algebra.limits import derivative
from chalkgrad.algebra.ops import formal
from chalkgrad.algebra.order import add, call
from chalkgrad.catalogue.notations import load_notation
from chalkgrad.markup.height import height
from chalkgrad.markup.measure import Measure
from chalkgrad.markup.naming import Naming
from chalkgrad.markup.nodes import Formula, Fraction, Limit, Struck, Word
from chalkgrad.markup.printers import PRINTERS

x, h = formal("x"), formal("h")
LETTERS = {x: Word("x"), h: Word("h")}
NAMING = Naming(load_notation("theta"), (1, 1))
TEXTS = ("latex", "typst", "mathml")


def printed(markup: str, node: object) -> str:
    return PRINTERS[markup](NAMING).show(node)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("latex", r"\cancel{x}"),
        ("typst", "cancel(x)"),
        ("mathml", '<mrow class="struck"><mi>x</mi></mrow>'),
    ],
)
def test_a_stroke(markup: str, text: str) -> None:
    assert printed(markup, Struck(Word("x"))) == text


def limit_of(expression: object) -> Limit:
    return Limit(Word("h"), Word("0"), Formula(expression, LETTERS))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("markup", "one", "sum"),
    [
        ("latex", r"\lim _{h \to 0} x", r"\lim _{h \to 0} (x + h)"),
        ("typst", "lim_(h → 0) x", r"lim_(h → 0) \(x + h\)"),
    ],
)
def test_a_limit_and_what_it_is_of(markup: str, one: str, sum: str) -> None:
    assert printed(markup, limit_of(x)) == one
    assert printed(markup, limit_of(add(x, h))) == sum, "a sum stands in parentheses"


def test_a_limit_in_a_browser() -> None:
    text = printed("mathml", limit_of(x))
    assert text.startswith("<munder><mo")
    assert "lim</mo><mrow><mi>h</mi> <mo" in text
    assert text.endswith("</munder> <mi>x</mi>")


@pytest.mark.parametrize("markup", TEXTS)
def test_marks_in_formulas(markup: str) -> None:
    square = derivative(x**2, x).steps[1].expression
    stroke = {"latex": r"\cancel", "typst": "cancel(", "mathml": '"struck"'}[markup]
    assert printed(markup, Formula(square, LETTERS)).count(stroke) == 2
    standard = derivative(call(sp.exp, x), x).steps[-2].expression
    brace = {"latex": r"_{\to 1}", "typst": ", → 1)", "mathml": "<mn>1</mn></mrow></munder>"}[markup]
    assert brace in printed(markup, Formula(standard, LETTERS))


def test_room_for_them() -> None:
    measure = Measure(NAMING)
    whole = limit_of(x)
    assert measure.width(measure.show(whole)) > measure.width(measure.show(whole.body)) + 3
    assert height(whole) > 1.5
    assert height(Struck(Fraction(Word("1"), Word("2")))) == height(Fraction(Word("1"), Word("2")))
