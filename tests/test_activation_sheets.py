"""Activation sheets: every number against mpmath, and what the page says of it."""

from __future__ import annotations

import ast
import math
import re
from fractions import Fraction

import mpmath
import pytest

import chalkgrad
from chalkgrad.catalogue.activations import ACTIVATIONS
from chalkgrad.catalogue.languages import language_names
from chalkgrad.catalogue.notations import notation_names
from chalkgrad.render.formats import format_names

LITERATURE = {
    "identity": lambda z: z,
    "step": lambda z: mpmath.mpf(z >= 0),
    "sigmoid": lambda z: 1 / (1 + mpmath.exp(-z)),
    "tanh": mpmath.tanh,
    "arctan": mpmath.atan,
    "relu": lambda z: max(z, 0),
    "leaky_relu": lambda z: z if z > 0 else z / 100,
    "prelu": lambda z: z if z > 0 else z / 4,
    "elu": lambda z: z if z > 0 else mpmath.expm1(z),
    "softplus": lambda z: mpmath.log1p(mpmath.exp(z)),
    "gelu": lambda z: z * mpmath.ncdf(z),
    "silu": lambda z: z / (1 + mpmath.exp(-z)),
}
POINTS = ["-2.5", "-1", "-1/3", "0.5", "2"]


@pytest.fixture(scope="module")
def everything():
    return chalkgrad.solve({"activations": "all", "at": POINTS})


@pytest.mark.parametrize("name", LITERATURE)
def test_values_and_slopes_are_those_of_the_literature(everything, name):
    function = LITERATURE[name]
    for n, point in enumerate(map(Fraction, POINTS), 1):
        z = mpmath.mpf(point.numerator) / point.denominator
        assert everything[f"{name}@{n}"].value == pytest.approx(float(function(z)), rel=1e-14)
        if name != "step":
            expected = float(mpmath.diff(function, z))
            assert everything[f"d{name}/dz@{n}"].value == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_the_step_has_no_slope(everything):
    assert not [id for id in everything.ids() if id.startswith("dstep")]


def test_every_activation_of_the_catalogue_has_a_sheet(everything):
    page = everything.to_markdown()
    headings = re.findall(r"^## .*</a>\d+ (.*)$", page, re.MULTILINE)
    assert len(headings) == len(ACTIVATIONS) + 1, "one for each, and the comparison"


def test_the_derivation_leads_to_the_textbook_form(everything):
    page = everything.to_markdown()
    assert r"& = \sigma(z) (1 - \sigma(z)) " in page
    assert r"& = 1 - {(\tanh(z))}^{2} " in page
    assert r"& = \frac{1}{1 + {z}^{2}} " in page
    for rule in ("quotient rule", "chain rule", "added and taken away", "fraction split", "product rule"):
        assert rule in page


def test_a_kink_says_its_slopes_and_the_convention():
    page = chalkgrad.solve({"activations": {"name": "leaky_relu", "alpha": "0.2"}}).to_markdown()
    assert "the slope is $0.2$ from the left and $1$ from the right" in page
    assert "{LReLU}^{\\prime}(0) = 0.2$ is taken" in page


def test_an_elu_without_a_kink_does_not_speak_of_one():
    assert "from the left" not in chalkgrad.solve({"activations": {"name": "elu", "alpha": 1}}).to_markdown()
    assert "from the left" in chalkgrad.solve({"activations": {"name": "elu", "alpha": 2}}).to_markdown()


def test_a_turning_point_is_found_to_all_digits():
    page = chalkgrad.solve({"activations": ["gelu", "silu"]}, significant=12).to_markdown()
    with mpmath.workdps(40):
        for name, start in (("gelu", "-0.75"), ("silu", "-1.28")):
            function = LITERATURE[name]
            turn = mpmath.findroot(lambda z, f=function: mpmath.diff(f, z), mpmath.mpf(start))
            assert mpmath.nstr(turn, 12) in page
            assert mpmath.nstr(function(turn), 12) in page


def test_two_functions_of_a_kind_are_told_apart():
    example = chalkgrad.solve({"activations": ["leaky_relu", {"name": "leaky_relu", "alpha": "0.3"}], "at": [-1]})
    assert example["leaky_relu"].value == -0.01
    assert example["leaky_relu2"].value == -0.3
    assert example["dleaky_relu2/dz"].value == 0.3


def test_a_formula_of_ones_own_has_a_sheet():
    example = chalkgrad.solve({"activations": {"formula": "z*sigmoid(z)"}, "at": [1, 2]})
    assert example["formula@2"].value == pytest.approx(float(LITERATURE["silu"](mpmath.mpf(2))), rel=1e-14)
    page = example.to_markdown()
    assert r"{(z)}^{\prime} \sigma(z) + z {(\sigma(z))}^{\prime}" in page
    assert "range" not in page, "nothing is said of a function that may be anything"


# --- softmax ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sums", [["0.1", "1.3", "2.5"], ["-3", "4"], ["1", "1", "1", "1"], ["50", "49", "0"]])
def test_softmax_and_its_jacobian(sums):
    example = chalkgrad.solve({"activations": "softmax", "softmax_at": sums})
    z = [mpmath.mpf(s) for s in sums]
    total = sum(map(mpmath.exp, z))
    outputs = [mpmath.exp(v) / total for v in z]
    for i, a in enumerate(outputs, 1):
        assert example[f"a[{i}]"].value == pytest.approx(float(a), rel=1e-14)
        assert example[f"s{i}"].value == pytest.approx(float(a), rel=1e-14), "after the shift"
        for j, other in enumerate(outputs, 1):
            expected = a * (1 - a) if i == j else -a * other
            assert example[f"da[{i}]/dz[{j}]"].value == pytest.approx(float(expected), rel=1e-12)
    assert example["S"].value == pytest.approx(float(total), rel=1e-14)
    assert example["c"].value == float(max(z))


def test_an_example_of_lectures_has_its_digits():
    example = chalkgrad.solve({"activations": "softmax", "softmax_at": ["0.1", "1.3", "2.5"]}, decimals=2)
    assert [example[f"a[{i}]"].shown for i in (1, 2, 3)] == ["0.07", "0.22", "0.72"]


# --- what is printed, reckoned again ---------------------------------------------------------------------------

FUNCTIONS = {
    "exp": math.exp,
    "tanh": math.tanh,
    "arctan": math.atan,
    "ln": math.log,
    "max": max,
    "sigma": lambda z: 1 / (1 + math.exp(-z)),
    "Phi": lambda z: (1 + math.erf(z / math.sqrt(2))) / 2,
    "varphi": lambda z: math.exp(-z * z / 2) / math.sqrt(2 * math.pi),
    "one": float,
}


def reckoned(text):
    """The number of a piece of the page's LaTeX, by ordinary arithmetic."""
    text = re.sub(r"e\^\{(-?[\d.]+)\}", r"\\exp(\1)", text)
    text = re.sub(r"\{([^{}]*)\}\^\{(\d)\}", r"(\1)**\2", text)
    while (plain := re.sub(r"\\frac\{([^{}]*)\}\{([^{}]*)\}", r"((\1)/(\2))", text)) != text:
        text = plain
    text = text.replace(r"\mathbf 1", r"\one").replace(r"\gt", ">").replace(r"\cdot", "*")
    text = re.sub(r"\) \(", ") * (", text)
    tree = ast.parse(re.sub(r"\\(\w+)", r"\1", text).strip(), mode="eval")
    assert not [n for n in ast.walk(tree) if isinstance(n, ast.Name) and n.id not in FUNCTIONS], text
    return eval(compile(tree, "page", "eval"), {"__builtins__": {}}, FUNCTIONS)


def worked_lines(page):
    """The lines of equations that have numbers and no letters: their sides, and the signs between them."""
    for block in re.findall(r"^\$\$$(.*?)^\$\$$", page, re.MULTILINE | re.DOTALL):
        for line in block.split(r"\cr"):
            _, _, chain = line.partition("&")
            chain = re.sub(r"\\(begin|end)\{aligned\}", "", chain)
            plain = re.sub(r"\\[a-z]+|e\^", "", chain, flags=re.IGNORECASE)
            if re.search(r"\d", chain) and not re.search("[a-zA-Z]", plain) and "text" not in chain:
                yield [side for side in re.split(r"(=|\\approx)", chain) if side.strip()]


@pytest.mark.parametrize("carry", ["full", "shown"])
def test_every_worked_line_can_be_reckoned_from_what_is_printed(carry):
    page = chalkgrad.solve({"activations": "all", "at": ["-1.3", "0.7"]}, carry=carry, decimals=5).to_markdown()
    count = 0
    for sides in worked_lines(page):
        signs, values = sides[::2], [reckoned(side) for side in sides[1::2]]
        for sign, before, after in zip(signs[1:], values, values[1:], strict=False):
            room = 1e-9 if sign == "=" else 3e-5
            assert after == pytest.approx(before, abs=room), sides
            count += 1
    assert count >= 18


# --- the page --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("notation", notation_names())
@pytest.mark.parametrize("language", language_names())
def test_every_notation_and_language_has_a_page(notation, language):
    page = chalkgrad.solve("activations", notation=notation, language=language).to_markdown()
    assert page.count("^{\\prime}") > 20
    assert not re.search(r"\b(sheet|rule|fact|use|table)\.[a-z_]+", page), "a key where a sentence should be"


@pytest.mark.parametrize("form", [name for name in format_names() if name != "svg"])
def test_every_format_has_a_page(form):
    spec = {"activations": ["relu", "softmax", "step"], "at": [-1, 1], "softmax_at": [1, 2]}
    assert chalkgrad.solve(spec).content(form)


def test_a_worksheet_hides_the_values_and_has_a_key():
    page = chalkgrad.solve({"activations": ["sigmoid"], "at": [1, 2]}, fade="backward").to_markdown()
    assert r"\underline" in page


def test_variants_are_filled_in():
    example = chalkgrad.solve({"activations": ["tanh"], "at": [1, 2]})
    (page,) = example.fill("md", [{"z@1": "0.5"}])
    assert "0.462117" in page
    assert "0.761594" not in page


def test_a_page_is_the_same_for_every_run():
    spec = {"activations": ["gelu", "softmax"]}
    assert chalkgrad.solve(spec).to_html() == chalkgrad.solve(spec).to_html()
