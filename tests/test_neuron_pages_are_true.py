"""Every line of a neuron's page that holds nothing but numbers is reckoned again, as with a pocket calculator."""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Iterator
from fractions import Fraction

import pytest

import chalkgrad

EXAMPLES = ["perceptron_and", "perceptron_or", "perceptron_xor", "adaline", "adaline_batch", "logistic_neuron"]
NUMERIC = re.compile(r"(?:\\frac|\\cdot|\\times|\\left|\\right|\\mathrm\{step\}|e\^|[\d.\s{}()+-])+")
TOLERANCE = 2e-3
"""What the rounding of numbers with four decimals comes to after a few additions."""
OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}


def chains(text: str) -> Iterator[list[str]]:
    """Each chain of equalities as terms and relations, one after the other."""
    for block in re.findall(r"\\begin\{aligned\}(.*?)\\end\{aligned\}", text, re.S):
        joined = re.sub(r"\\cr\s*&", " ", block)
        for line in joined.split(r"\cr"):
            yield [part.strip() for part in re.split(r"(=|\\approx)", line.replace("&", ""))]


def in_python(text: str) -> str:
    """Numeric LaTeX as an expression of Python."""
    text = re.sub(r"\\(left|right)|\s", "", text).replace(r"\cdot", "*").replace(r"\times", "*")
    text = re.sub(r"\\frac\{(\d+)\}\{(\d+)\}", r"(\1/\2)", text.replace(r"\mathrm{step}", "step"))
    return re.sub(r"\\frac\{1\}\{1\+e\^\{-(.+?)\}\}", r"logistic(\1)", text)


def value(text: str) -> Fraction | float:
    """What a numeric term comes to; exact but for the exponential function."""

    def reckon(node: ast.expr) -> Fraction | float:
        if isinstance(node, ast.Constant):
            return Fraction(ast.get_source_segment(source, node))
        if isinstance(node, ast.UnaryOp):
            return -reckon(node.operand)
        if isinstance(node, ast.BinOp):
            return OPERATORS[type(node.op)](reckon(node.left), reckon(node.right))
        assert isinstance(node, ast.Call)
        (argument,) = map(reckon, node.args)
        return Fraction(int(argument >= 0)) if node.func.id == "step" else 1 / (1 + math.exp(-argument))

    source = in_python(text)
    return reckon(ast.parse(source, mode="eval").body)


@pytest.mark.parametrize("notation", ["neuron", "ufv"])
@pytest.mark.parametrize("name", EXAMPLES)
def test_a_pocket_calculator_agrees(name, notation):
    page = chalkgrad.solve(name, notation=notation, detail="full").to_markdown()
    checked = 0
    for chain in chains(page):
        for left, relation, right in zip(chain[::2], chain[1::2], chain[2::2], strict=False):
            if not (NUMERIC.fullmatch(left) and NUMERIC.fullmatch(right)):
                continue
            one, other = value(left), value(right)
            checked += 1
            if relation == "=":
                assert one == other, f"{left} = {right}"
            else:
                assert abs(float(one - other)) < TOLERANCE, f"{left} ≈ {right}"
                assert one != other or isinstance(one, float) or "." in right
    assert checked >= 8


@pytest.mark.parametrize("name", EXAMPLES)
def test_tables_agree_with_the_data(name):
    """The parameters after each epoch, as the page's table has them and as the data do."""
    example = chalkgrad.solve(name)
    table = example.to_markdown().partition("The parameters at the start and after each epoch")[2]
    rows = [row for row in table.partition("##")[0].splitlines() if re.match(r"\| \d+ \|", row)]
    assert len(rows) >= 3
    for row in rows:
        epoch, *cells = [
            re.sub(r"[\u2007\u2008 ]", "", cell).replace("−", "-") for cell in row.strip("|").split("|")
        ]
        names = [id for id in ("w[1]", "w[2]", "b") if id in example.ids()]
        for id, cell in zip(names, cells, strict=False):
            assert cell == example[f"{id}#{epoch}"].shown
