"""Derivatives by definition on the page: every line is read back and worked out with numbers."""

from __future__ import annotations

import math
import random
import re
from typing import Any

import pytest

import chalkgrad
import latex_math
from chalkgrad.catalogue.notations import notation_names
from chalkgrad.errors import SpecError

LIMIT = r"\lim _{h \to 0}"


def page(formula: str, **more: Any) -> str:
    inputs = {"x": 2, "y": 3, "z": 0.5}
    used = {name: value for name, value in inputs.items() if re.search(rf"\b{name}\b", formula)}
    show = {"views": ["limit"]} | more
    return chalkgrad.solve(
        {"circuit": {"inputs": used, "formula": formula, "output": "r", "split": "none"}, "show": show}
    ).to_markdown()


def plain(line: str) -> str:
    """Without strokes, limits and what braces say."""
    for command in (r"\cancel", r"\underbrace"):
        while command in line:
            start = line.index(command)
            end = closing(line, start + len(command))
            after = line[end + 1 :]
            if command == r"\underbrace":
                after = after.removeprefix(" _")
                after = after[closing(after, 0) + 1 :]
            line = line[:start] + line[start + len(command) : end + 1] + after
    return line.replace(LIMIT, "")


def closing(text: str, opening: int) -> int:
    depth = 0
    for place in range(opening, len(text)):
        depth += (text[place] == "{") - (text[place] == "}")
        if depth == 0:
            return place
    raise AssertionError(text)


def value(node: Any, letters: dict[str, float]) -> float:
    def of(part: Any) -> float:
        return value(part, letters)

    match node:
        case latex_math.Num():
            return float(node.value)
        case latex_math.Name():
            return letters[node.base]
        case latex_math.Sum():
            return sum(sign * of(term) for sign, term in node.terms)
        case latex_math.Product():
            return math.prod(map(of, node.factors))
        case latex_math.Frac():
            return of(node.top) / of(node.bottom)
        case latex_math.Power():
            return float(of(node.base) ** node.exponent)
        case latex_math.Paren():
            return of(node.inner)
        case latex_math.Call():
            (argument,) = map(of, node.arguments)
            known = {"exp": math.exp, "ln": math.log, "sqrt": math.sqrt, "sin": math.sin, "cos": math.cos}
            return float(known[node.function](argument))
    raise AssertionError(node)


def chains(text: str) -> list[list[str]]:
    """The sides of each chain of equalities that begins with a limit."""
    found = []
    for block in re.findall(r"\\begin\{aligned\}\n(.*?)\n\\end\{aligned\}", text, re.DOTALL):
        rows = [row.split("& ", 1)[1] for row in block.split(" \\cr\n")]
        if any(LIMIT in row for row in rows):
            found.append([re.sub(r"^(=|\\approx) ", "", row) for row in rows])
    return found


FORMULAS = ["x**2", "x*y", "(x+y)*z", "1/x", "y/(x+z)", "sqrt(x)", "exp(2*x)", "log(x)", "x*exp(x)", "x**3 - 2*x"]


@pytest.mark.parametrize("formula", FORMULAS)
def test_every_line_says_the_same(formula: str) -> None:
    text = page(formula)
    found = chains(text)
    assert found
    dice = random.Random(1)
    for chain in found:
        quotients = [row for row in chain if row.startswith(LIMIT) and "r (" not in row]
        derivative = next(row for row in chain if not row.startswith(LIMIT))
        for _ in range(3):
            letters = {name: dice.uniform(1, 2) for name in "xyz"}
            near = letters | {"h": 0.01}
            values = [value(latex_math.read(plain(row))[0].parts[-1], near) for row in quotients]
            assert values == pytest.approx([values[0]] * len(values), rel=1e-9), chain
            tiny = letters | {"h": 1e-6}
            limit = value(latex_math.read(plain(derivative))[0].parts[-1], letters)
            last = value(latex_math.read(plain(quotients[-1]))[0].parts[-1], tiny)
            assert last == pytest.approx(limit, rel=1e-4)


def test_the_boards_own_lines() -> None:
    text = page("x**2")
    for line in (
        r"\frac{{(x + h)}^{2} - {x}^{2}}{h}",
        r"\frac{\cancel{{x}^{2}} + 2 x h + {h}^{2} - \cancel{{x}^{2}}}{h}",
        r"\frac{\cancel{h} (2 x + h)}{\cancel{h}}",
        r"\lim _{h \to 0} (2 x + h)",
        r"& = 2 x",
        r"= 2 \cdot 2 = 4",
    ):
        assert line in text


def test_numbers_are_put_in_once() -> None:
    text = page("(x+y)*z")
    assert text.count("& = z \\cr\n & = 0.5\n") == 2
    assert "& = x + y \\cr\n & = 2 + 3 = 5\n" in text


def test_the_chain_rule_stands_beside_it() -> None:
    text = page("(x+y)*z")
    assert "$q = x + y$ and $r = q z$" in text
    d = r"\partial  "
    slope = rf"\frac{{{d}r}}{{{d}q}} \cdot \frac{{{d}q}}{{{d}x}} = z \cdot 1 = z"
    assert slope in text


def test_standard_limits_are_named_once() -> None:
    text = page("exp(x) + exp(2*x)")
    assert text.count("A standard limit is used") == 1
    assert r"\lim _{u \to 0} \frac{e^{u} - 1}{u} = 1" in text


def test_a_part_is_worked_on_its_own() -> None:
    text = page("x*exp(x)")
    assert "The limit under the brace, on its own:" in text
    assert r"\lim _{h \to 0} \frac{e^{x + h} - e^{x}}{h} & =" in text


def test_what_is_divided_by_may_be_zero() -> None:
    assert "Where $y = 0$" in page("exp(x*y)")


@pytest.mark.parametrize(
    ("language", "reason"),
    [
        ("en", '"tanh" has no standard limit'),
        ("pt_BR", '"tanh" não tem limite fundamental'),
        ("es", '"tanh" no tiene límite notable'),
    ],
)
def test_what_has_no_limit_by_hand_is_told(language: str, reason: str) -> None:
    text = page("tanh(x)", language=language)
    assert f"({reason})" in text
    assert r"\lim" not in text
    assert "1 - {r}^{2}" in text, "the rules of differentiation give it"


def test_no_line_is_wider_than_a_page() -> None:
    text = page("((x*y + z)*y)**2")
    assert text.count("is not worked out here") == 3
    assert "(its lines would be wider than a page)" in text
    assert "The same by the chain rule" in text


def test_one_gate_of_a_kind_is_worked() -> None:
    spec = {
        "circuit": {"inputs": {"a": 1, "b": 2, "c": 3}, "steps": {"s": "a*b", "t": "s*c"}},
        "show": {"views": ["limit"]},
    }
    assert "$t$ is made by a gate of a kind worked above" in chalkgrad.solve(spec).to_markdown()
    assert chalkgrad.solve(spec, detail="full").to_markdown().count(r"\frac{\cancel{") > 0
    assert "worked above" not in chalkgrad.solve(spec, detail="full").to_markdown()


@pytest.mark.parametrize("notation", notation_names())
def test_every_school(notation: str) -> None:
    assert r"\cancel{h}" in page("x**2", notation=notation)


def test_a_network_has_no_such_view() -> None:
    with pytest.raises(SpecError, match='found "limit", expected a view: scalar, matrix'):
        chalkgrad.solve("mazur", views=["limit"])
