"""An HTML page is one well-formed file that can be read without help: of a script, of the network, of a mouse."""

from __future__ import annotations

import re
import unicodedata
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import chalkgrad
from chalkgrad import resources
from chalkgrad.catalogue.languages import language_names, load_language
from kinds import NETWORKS

BOTH = {"views": ["scalar", "matrix"], "detail": "full"}
PAGES: list[tuple[str, dict[str, Any]]] = [
    (name, show)
    for name in resources.example_names()
    for show in ({}, BOTH, {"detail": "summary"})
    if show is not BOTH or name in NETWORKS
]
NET: dict[str, Any] = {
    "network": {
        "layers": [{"units": 1, "activation": "sigmoid", "weights": [[0.5, "-1/3"]], "bias": [0.25]}],
        "loss": "half_squared_error",
    },
    "data": {"x": [[1, 2]], "y": [[1]]},
    "train": {"optimizer": {"name": "sgd", "learning_rate": 0.5}},
    "show": {"decimals": 4},
}
TOKENS = ("mi", "mn", "mo", "mtext")
CHILDREN = {"mfrac": 2, "msub": 2, "msup": 2, "munder": 2, "mover": 2, "msubsup": 3, "mspace": 0}
"""How many children an element of MathML must have."""


def parsed(page: str) -> ET.Element:
    """The page as a tree; a program and a style sheet are no markup."""
    bare = re.sub(r"(<(script|style)>).*?(</\2>)", r"\1\3", page, flags=re.DOTALL)
    root = ET.fromstring(bare)
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    return root


@cache
def example(name: str, *show: tuple[str, Any]) -> chalkgrad.Example:
    return chalkgrad.solve(name, **{key: list(v) if isinstance(v, tuple) else v for key, v in show})


def solved(name: str, show: dict[str, Any]) -> chalkgrad.Example:
    return example(name, *((key, tuple(v) if isinstance(v, list) else v) for key, v in show.items()))


@cache
def written(solution: chalkgrad.Example) -> str:
    return solution.to_html()


def html(name: str, show: dict[str, Any]) -> str:
    """The page of an example, made once for all that is asked of it."""
    return written(solved(name, show))


def style(page: str) -> str:
    return re.search(r"<style>(.*?)</style>", page, re.DOTALL)[1]


def text_of(element: ET.Element) -> str:
    return "".join(element.itertext())


# --- markup ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "show"), PAGES)
def test_a_page_is_well_formed(name, show):
    page = html(name, show)
    assert page.startswith("<!DOCTYPE html>\n<html lang=")
    assert page.endswith("</html>\n")
    root = parsed(page)
    ids = [e.get("id") for e in root.iter() if e.get("id")]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z][a-z0-9-]*", id) for id in ids)
    for link in root.iter("a"):
        assert link.get("href", "").startswith("#")
        assert link.get("href", "")[1:] in ids
    assert not [e for e in root.iter() if "\ue000" in (e.text or "") + (e.tail or "")]


@pytest.mark.parametrize(("name", "show"), PAGES)
def test_mathematics_is_as_mathml_core_wants_it(name, show):
    maths = list(parsed(html(name, show)).iter("math"))
    assert len(maths) > 30
    for math in maths:
        for element in math.iter():
            children = list(element)
            if element.tag in CHILDREN:
                assert len(children) == CHILDREN[element.tag], ET.tostring(element, "unicode")
            if element.tag in TOKENS:
                assert not children
                assert (element.text or "").strip()
            else:  # words outside a token would not be set as mathematics
                assert not (element.text or "").strip()
                assert not [c for c in children if (c.tail or "").strip()]
            if element.tag in ("mtable", "mtr"):
                assert {c.tag for c in children} == {"mtr" if element.tag == "mtable" else "mtd"}
        assert {e.tag for e in math.iter()} <= {
            *TOKENS, *CHILDREN, "math", "mrow", "mpadded", "msqrt", "mtable", "mtr", "mtd"
        }  # fmt: skip


@pytest.mark.parametrize(("name", "show"), PAGES)
def test_a_sign_is_spaced_for_what_it_does(name, show):
    """A minus that stands first in its row, or after another sign, belongs to what follows."""
    for row in parsed(html(name, show)).iter():
        for before, sign in zip([None, *row], row, strict=False):
            if sign.tag == "mo" and sign.text in ("−", "+") and not sign.get("lspace"):  # else an index
                joins = before is None or (before.tag == "mo" and before.text not in (")", "…", "]"))
                if sign.get("form") == "infix" and joins:
                    # a piece of a sum that may begin a line of its own
                    assert row.tag == "math", ET.tostring(row, "unicode")
                elif not joins:
                    assert sign.get("form") == "infix", ET.tostring(row, "unicode")


@pytest.mark.parametrize("name", resources.example_names())
def test_headings_and_tables_say_what_they_are(name):
    root = parsed(html(name, {}))
    assert len(list(root.iter("h1"))) == 1
    levels = [int(e.tag[1]) for e in root.iter() if re.fullmatch("h[1-6]", e.tag)]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    listed = [link.get("href") for link in root.find(".//nav").iter("a")]
    assert listed == [f"#{h.get('id')}" for h in root.iter("h2")]
    for table in root.iter("table"):
        assert {h.get("scope") for h in table.iter("th")} == {"col", "row"}
        widths = {len(list(row)) for row in table.iter("tr")}
        assert len(widths) == 1
    for picture in root.iter("svg"):
        assert picture.get("role") == "img"
        assert len(picture.get("aria-label", "")) > 20


# --- numbers ---------------------------------------------------------------------------------------------------


def number_of(element: ET.Element) -> str | None:
    """The digits that an element shows, as JSON writes them; None where it shows a name."""
    if element.tag not in ("mrow", "span") or element.find(".//mi") is not None:
        return None

    def said(e: ET.Element) -> str:
        if e.tag == "mfrac":
            above, below = e
            return f"{said(above)}/{said(below)}"
        if e.tag in ("msup", "sup"):
            return f"^{said(e[1] if e.tag == 'msup' else e)}" if e.tag == "msup" else f"^{e.text}{e.tail or ''}"
        if e.get("class") == "pad":
            return ""
        return (e.text or "").strip() + "".join(said(c) for c in e)

    text = re.sub(r"^\((.*)\)$", r"\1", said(element)).replace("−", "-").replace("∞", "inf")
    return re.sub(r"[⋅·](?:10)?\^", "e", text)


def numbers(root: ET.Element) -> Iterator[tuple[str, str]]:
    """Every number of the page with the id of its quantity."""
    for element in root.iter():
        id = element.get("data-q")
        if id and " " not in id and (shown := number_of(element)) is not None:
            yield id, shown


@pytest.mark.parametrize(("name", "show"), PAGES)
def test_every_number_is_that_of_its_quantity(name, show):
    solution = solved(name, show)
    told = {step["id"]: step["shown"] for step in solution.data()["steps"]}
    found = list(numbers(parsed(written(solution))))
    assert len(found) > 20 or name == "proofs", "only proofs are made without numbers"
    wrong = [(id, shown, told.get(id)) for id, shown in found if told.get(id) != shown]
    assert not wrong


@pytest.mark.parametrize(("name", "show"), PAGES)
def test_every_number_can_be_led_back(name, show):
    """A number with decimals is somebody's; so is every number of a table."""
    root = parsed(html(name, show))
    owned = {n for e in root.iter() if e.get("data-q") for n in e.iter("mn")}
    assert not [n.text for n in root.iter("mn") if re.search(r"\d[.,]\d", n.text or "") and n not in owned]
    for cell in root.iter("td"):
        kinds = {e.tag for e in cell}  # a name, or what a program prints, is no number of the page
        assert (
            kinds & {"math", "code"}
            or not re.search(r"\d", text_of(cell))
            or re.fullmatch(r"\d+(, \d+)*", text_of(cell))  # which samples an update uses
            or cell.find("span[@data-q]") is not None
        )


@pytest.mark.parametrize("name", resources.example_names())
def test_every_number_of_the_walk_is_computed_on_a_line_told_in_a_table_or_given(name):
    """Where the script looks for what made a number, there is something."""
    root = parsed(html(name, {"detail": "full"} | ({"views": ["scalar"]} if name in NETWORKS else {})))
    defined = {id for e in root.iter() for id in (e.get("data-defines") or "").split()}
    defined |= {id for cell in root.iter("td") for id, _ in numbers(cell)}
    steps = {step["id"]: step["section"] for step in solved(name, {}).data()["steps"]}
    for line in root.iter("div"):
        if line.get("class", "").startswith("line"):
            for id, _ in numbers(line):
                assert id in defined or steps[id] == "given", id


# --- the same mathematics as elsewhere -------------------------------------------------------------------------

COMMANDS = {
    "approx": "≈", "cdot": "⋅", "times": "×", "odot": "⊙", "to": "→", "leftarrow": "←", "prime": "′",
    "partial": "∂", "ge": "≥", "le": "≤", "ne": "≠",
    "dots": "…", "vdots": "⋮", "cdots": "⋯", "ddots": "⋱", "gt": ">", "lt": "<",
    "sum": "∑", "infty": "∞", "vert": "|", "alpha": "α", "beta": "β", "delta": "δ", "eta": "η", "theta": "θ",
    "epsilon": "ϵ", "gamma": "γ", "lambda": "λ", "mu": "μ", "nu": "ν", "rho": "ρ", "psi": "ψ", "omega": "ω",
    "sigma": "σ", "phi": "ϕ", "varphi": "φ", "Phi": "Φ", "pi": "π", "Theta": "Θ", "Delta": "Δ", "Sigma": "Σ",
    "kappa": "κ",
}  # fmt: skip
SILENT = {
    "left", "right", "mathit", "mathrm", "mathbf", "boldsymbol", "mathcal",
    "mathsf", "frac", "sqrt", "text", "cancel", "cr", "quad", "qquad", "enspace", "thickspace", "thinspace",
    "displaystyle",
}  # fmt: skip


def told_in_latex(page: str) -> str:
    """All mathematics of a Markdown page: its signs in order, without layout."""
    bodies = [a or b for a, b in re.findall(r"\$\$(.*?)\$\$|\$([^$\n]+)\$", page, re.DOTALL)]
    out = []
    for body in bodies:
        text = re.sub(
            r"\\(begin|end)\{\w+\}|\\color\{\w+\}|\\mathbf 1", lambda m: "𝟏" if "bf" in m[0] else "", body
        )
        text = re.sub(r"\\(?:mathbf|boldsymbol)\{(\\?\w+)\}", r"\1", text)
        text = re.sub(r"\\hat\{(\w)\}", r"\1ˆ", text)
        text = re.sub(r"\\underset\{(\{[^{}]*\})\}", "", text)  # shapes stand before what they are under
        text = text.replace(r"\underbrace", "").replace("&", "")
        out.append(re.sub(r"\\([a-zA-Z]+)", lambda m: "" if m[1] in SILENT else COMMANDS.get(m[1], m[1]), text))
    text = re.sub(r"[\s{}^_]", "", "".join(out)).replace("-", "−")
    return unicodedata.normalize("NFKD", text)


def told_in_mathml(root: ET.Element) -> str:
    """The same of an HTML page."""

    def signs(e: ET.Element) -> str:
        words = e.find("mtext") is not None  # the name of a rule is grey, too, and is said in both
        if ("shape" in e.get("class", "") and not words) or (
            e.tag == "mo" and e.text in ("[", "]", "{", "⏟") and not e.get("lspace")
        ):
            return ""
        if e.tag == "msubsup":  # LaTeX has what stands above first
            base, below, above = e
            return signs(base) + signs(above) + signs(below)
        return (e.text or "").strip() + "".join(signs(child) for child in e)

    text = "".join(signs(math) for math in root.find(".//main").iter("math")).replace("^", "ˆ")
    text = re.sub(r"\s", "", text)
    return unicodedata.normalize("NFKD", text)  # a bold letter is a letter of its own here


@pytest.mark.parametrize(("name", "show"), [p for p in PAGES if p[1] is not BOTH or p[0] != "calculator"])
def test_a_page_says_the_same_in_both_markups(name, show):
    solution = solved(name, show)
    latex, mathml = told_in_latex(solution.to_markdown()), told_in_mathml(parsed(written(solution)))
    assert len(mathml) > 100
    for at in range(0, len(latex), 60):
        assert latex[at : at + 60] == mathml[at : at + 60]
    assert len(latex) == len(mathml)


# --- text from strangers, and what a page may load -------------------------------------------------------------

HOSTILE = [
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    '" onload="alert(1)',
    "' onfocus='alert(1)",
    "<img src=x onerror=alert(1)>",
    "&lt;b&gt; &#60; &amp;",
    "]]> --> <!--",
    "<< 7*7 >> <% x %> <# y #> {{ z }}",
    "TEXT ID ANCHOR NUMBER",
    "javascript:alert(1)",
]


@pytest.mark.parametrize("title", HOSTILE)
def test_a_title_is_words_and_nothing_else(title):
    plain, page = chalkgrad.solve({**NET, "title": "Plain"}).to_html(), chalkgrad.solve({**NET, "title": title})
    root = parsed(page.to_html())
    assert root.find("head/title").text == root.find(".//h1").text == title
    assert [e.tag for e in root.iter()] == [e.tag for e in parsed(plain).iter()]
    assert [sorted(e.attrib) for e in root.iter()] == [sorted(e.attrib) for e in parsed(plain).iter()]


@settings(max_examples=15)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30))
def test_any_title_is_shown(title):
    expected = " ".join("".join(c if c.isprintable() else " " for c in title).split())
    root = parsed(chalkgrad.solve({**NET, "title": title}).to_html())
    assert root.find(".//h1").text.split() == (expected or "network").split()


@pytest.mark.parametrize("name", resources.example_names())
def test_nothing_is_loaded_and_nothing_runs_but_the_page_s_own_script(name):
    page = html(name, {})
    root = parsed(page)
    (policy,) = [m.get("content") for m in root.iter("meta") if m.get("http-equiv") == "Content-Security-Policy"]
    assert policy.split("; ")[0] == "default-src 'none'"
    assert not [e for e in root.iter() for a in e.attrib if a.startswith("on") or a in ("src", "srcset", "action")]
    assert {e.tag for e in root.iter()}.isdisjoint({"link", "img", "iframe", "object", "embed", "base", "form"})
    assert len(list(root.iter("script"))) == 1
    assert not re.search(r"url\(|@import|expression\(", style(page))
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", page)


# --- languages -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", language_names())
def test_a_page_speaks_one_language(code):
    root = parsed(chalkgrad.solve("chain", language=code).to_html())
    assert root.get("lang") == code.replace("_", "-")
    language = load_language(code)
    body = root.find("body")
    for key in ("begin", "step", "next", "previous", "leave", "given"):
        assert body.get(f"data-{key}") == language.sentence(f"screen.{key}")
    assert body.find("nav").get("aria-label") == language.sentence("screen.contents")
    marks = {m for n in root.iter("mn") for m in re.findall(r"\d([.,])\d", n.text or "")}
    assert marks == {language.decimal_mark}


# --- colours ---------------------------------------------------------------------------------------------------


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def palettes() -> dict[str, dict[str, str]]:
    css = style(html("chain", {}))
    blocks = [
        dict(re.findall(r"(--\w+): (#[0-9a-f]{6})", b)) for b in re.findall(r":root \{(.*?)\}", css, re.DOTALL)
    ]
    light, dark, paper = blocks
    return {"light": light, "dark": {**light, **dark}, "print": {**light, **paper}}


def test_contrast_is_measured_as_wcag_does():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)  # the well-known grey that just fails


QUANTITIES = ["ink", "up", "loc", "inp"]
INKS = {ground: [*QUANTITIES, "muted", "shape", "link"] for ground in ("paper", "current", "float", "panel")}
INKS["same"] = QUANTITIES  # only quantities are lit up


@pytest.mark.parametrize("mode", ["light", "dark", "print"])
@pytest.mark.parametrize(("ground", "ink"), [(ground, ink) for ground, inks in INKS.items() for ink in inks])
def test_colours_can_be_read(mode, ground, ink):
    palette = palettes()[mode]
    assert contrast(palette[f"--{ink}"], palette[f"--{ground}"]) >= 4.5


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_what_lights_up_can_be_seen(mode):
    palette = palettes()[mode]
    assert contrast(palette["--lit"], palette["--paper"]) >= 3
    assert contrast(palette["--edge"], palette["--paper"]) >= 2.5


# --- variants --------------------------------------------------------------------------------------------------


def test_a_variant_is_the_page_of_its_numbers():
    layers = [{**NET["network"]["layers"][0], "activation": "relu"}]
    show = {"decimals": 4, "drawings": "none"}  # where things stand in a drawing depends on their digits
    spec = {**NET, "title": "One", "network": {**NET["network"], "layers": layers}, "show": show}
    negative = {**spec, "data": {"x": [["-0.75", 2]], "y": [[1]]}}
    pages = chalkgrad.solve(spec).fill("html", [{"x[1]": "-0.75"}, {"x[1]": 1}])
    assert list(pages) == [chalkgrad.solve(negative).to_html(), chalkgrad.solve(spec).to_html()]
