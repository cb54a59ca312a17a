"""Worksheets: what is left blank can be read nowhere else, and the key answers it.

Pages are read back from their text; what may stand on them is judged by the JSON of the same spec.
"""

from __future__ import annotations

import json
import re
import subprocess
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

import chalkgrad
from chalkgrad import resources
from chalkgrad.cli import main
from kinds import NETWORKS, examples

BOTH = ("scalar", "matrix")
SHOWS: tuple[dict[str, Any], ...] = (
    {},
    {"views": BOTH, "detail": "full"},
    {"detail": "summary"},
    {"views": ("matrix",), "carry": "shown", "notation": "mazur"},
)
PAGES = [
    (name, fade, form, show)
    for name in (*NETWORKS, *examples("circuit"))
    for fade in ("backward", "forward")
    for show in (SHOWS if name in NETWORKS else SHOWS[:1])
    for form in ("md", "tex")
]
BLANK = re.compile(r"\\underset\{(\d+)\}\{\\underline\{((?:\\enspace|\\thickspace)+)\}\}")
DECIMAL = re.compile(r"(?<![\d.a-z])\d+\.\d+(?![\d.])")
DRAWING = re.compile(r"\\begin\{chalkdrawing\}.*?\\end\{chalkdrawing\}", re.DOTALL)
RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


HEADING_NUMBER = re.compile(
    r"(?<=</a>)[\d.]+|\[[\d.]+\](?=\(#)|(?<=\}\{)[\d.]+(?=\}\{)|\\chalkref\{[^}]*\}\{[\d.]+\}"
)


class Answer(NamedTuple):
    """A row of the key."""

    number: int
    symbol: str
    shown: str


class Sheet(NamedTuple):
    """A worksheet, read back."""

    body: str
    answers: list[Answer]


@cache
def solved(name: str, fade: str, show: tuple[tuple[str, Any], ...]) -> chalkgrad.Example:
    """An example, solved once."""
    return chalkgrad.solve(name, fade=fade, **{"language": "en", **dict(show)})


def steps_of(name: str, fade: str, show: dict[str, Any]) -> list[dict[str, Any]]:
    """What the data say of an example."""
    return _steps(solved(name, fade, tuple(show.items())))


@cache
def _steps(example: chalkgrad.Example) -> list[dict[str, Any]]:
    return example.data()["steps"]


def sheet(name: str, fade: str, form: str, show: dict[str, Any]) -> Sheet:
    """A worksheet's text before the key, and the key."""
    return _sheet(solved(name, fade, tuple(show.items())), form)


@cache
def _sheet(example: chalkgrad.Example, form: str) -> Sheet:
    text = example.text(form)
    text = HEADING_NUMBER.sub("", text.partition(r"\begin{document}")[2] or text)
    # of a drawing only what is written in it, and after the text: it shows numbers of the text;
    # the axes of a plot have round numbers of their own
    drawings = [drawing for drawing in DRAWING.findall(text) if r"\draw[line" not in drawing]
    drawn = [formula for drawing in drawings for formula in re.findall(r"\$.*?\$", drawing)]
    text = re.sub(r"\\arraystretch\}\{[\d.]+\}", "", DRAWING.sub("", text))
    if "underline" not in text:
        return Sheet(text + " ".join(drawn), [])
    if form == "md":
        body, _, key = text.partition("Key\n\n")
        rows = [line.strip("| ").split(" | ") for line in key.splitlines()[2:] if line.startswith("|")]
    else:
        body, _, key = text.partition("{Key}")
        rows = [line.removesuffix(r"\\").split(" & ") for line in key.splitlines() if re.match(r"\d+ & ", line)]
    body += " ".join(drawn)
    cells = [row[i : i + 3] for row in rows for i in range(0, len(row), 3) if row[i].strip()]
    return Sheet(body, [Answer(int(n), symbol.strip(), plain(answer)) for n, symbol, answer in cells])


def plain(written: str) -> str:
    """A written number as the JSON shows it."""
    text = re.sub(r"\\phantom\{[.0]*\}|[\u2007\u2008$ ]", "", written)
    text = re.sub(r"·10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)", lambda m: "e" + m[1].translate(RAISED), text)
    text = re.sub(r"\\frac\{(\d+)\}\{(\d+)\}", r"\1/\2", text)
    return (
        re.sub(r"\\cdot10\^\{(-?\d+)\}", r"e\1", text)
        .replace("−", "-")
        .replace("∞", "inf")
        .replace(r"\infty", "inf")
    )


def mantissa(shown: str) -> str:
    """The digits of a number, without sign and power of ten: enough to give it away."""
    return shown.lstrip("-").partition("e")[0]


def is_worked(step: dict[str, Any], fade: str) -> bool:
    """Whether the JSON's step may stand on a worksheet of one optimisation step, with its number."""
    early = step["section"] in ("given", "forward", "loss") and "'" not in step["id"] and "#" not in step["id"]
    return early if fade == "backward" else step["section"] not in ("forward", "loss")


@pytest.mark.parametrize(("name", "fade", "form", "show"), PAGES)
def test_no_answer_can_be_read_off(name: str, fade: str, form: str, show: dict[str, Any]) -> None:
    page = sheet(name, fade, form, show)
    steps = steps_of(name, fade, show)
    given = {mantissa(step["shown"]) for step in steps if step["section"] == "given"}
    printed = set(DECIMAL.findall(page.body))
    if fade == "backward":  # nothing is printed but what is given and what is worked
        worked = {mantissa(step["shown"]) for step in steps if is_worked(step, fade)}
        constants = set(DECIMAL.findall(Path(resources.example(name)).read_text("utf-8")))
        assert printed <= worked | constants
    answers = {mantissa(answer.shown) for answer in page.answers if "." in answer.shown}
    if fade == "forward":
        errors = {mantissa(step["shown"]) for step in steps if step["id"].endswith("~error")}
        assert not printed & (answers - given - errors)
    assert page.answers or fade == "backward"


@pytest.mark.parametrize(("name", "fade", "form", "show"), PAGES)
def test_blanks_are_numbered_in_reading_order_and_the_key_has_them_all(
    name: str, fade: str, form: str, show: dict[str, Any]
) -> None:
    page = sheet(name, fade, form, show)
    met = dict.fromkeys(int(number) for number, _ in BLANK.findall(page.body))
    assert list(met) == list(range(1, len(met) + 1)) == [answer.number for answer in page.answers]


@pytest.mark.parametrize(("name", "fade", "form", "show"), PAGES)
def test_the_key_says_what_the_data_say_and_blanks_are_as_wide(
    name: str, fade: str, form: str, show: dict[str, Any]
) -> None:
    page = sheet(name, fade, form, show)
    known = {(step["symbol"], step["shown"]) for step in steps_of(name, fade, show)}
    answers = {}
    for answer in page.answers:
        symbol = re.fullmatch(r"\$(?:\\displaystyle )?([^$]*)\$(, [a-z0-9 ]+)?", answer.symbol)
        assert symbol, answer
        assert (symbol[1], answer.shown) in known, answer
        answers[answer.number] = answer.shown
    for number, room in BLANK.findall(page.body):
        shown = answers[int(number)]
        if re.fullmatch(r"-?[\d.]+", shown):
            signs = shown.count("-")
            assert room.count("enspace") == sum(c.isdigit() for c in shown) + signs
            assert room.count("thickspace") == shown.count(".") + signs


@pytest.mark.parametrize("show", [{}, {"views": ("matrix",)}], ids=str)
def test_everything_of_the_faded_part_is_asked_for(show: dict[str, Any]) -> None:
    for fade in ("backward", "forward"):
        steps = steps_of("mazur", fade, show)
        asked = {
            (a.symbol.strip("$").removeprefix(r"\displaystyle "), a.shown)
            for a in sheet("mazur", fade, "md", show).answers
        }
        sections = {"backward": ("update",), "forward": ("forward", "loss")}[fade]
        due = {(s["symbol"], s["shown"]) for s in steps if s["section"] in sections}
        assert due <= asked
        assert {(s["symbol"], s["shown"]) for s in steps if s["section"] == "given"}.isdisjoint(asked)


@pytest.mark.needs("pdflatex")
def test_blanks_are_as_wide_as_their_answers_when_set(tmp_path: Path) -> None:
    """TeX measures what it sets."""
    page = sheet("mazur", "backward", "tex", {})
    rooms = {int(number): room for number, room in BLANK.findall(page.body)}
    lines = [
        rf"\setbox0=\hbox{{${answer.shown}$}}\setbox1=\hbox{{${rooms[answer.number]}$}}"
        r"\immediate\write16{WIDTHS \the\wd0\space\the\wd1}"
        for answer in page.answers
    ]
    start = r"\documentclass[11pt]{article}\usepackage{lmodern,amsmath}\begin{document}"
    (tmp_path / "page.tex").write_text("\n".join([start, *lines, r"\end{document}"]), encoding="utf-8")
    log = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "page.tex"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    widths = [tuple(map(float, pair)) for pair in re.findall(r"WIDTHS ([\d.]+)pt *([\d.]+)pt", log)]
    assert len(widths) == len(page.answers) > 20
    assert all(abs(number - room) < 0.01 for number, room in widths), widths


@pytest.mark.parametrize("fade", ["backward", "forward"])
@pytest.mark.parametrize("name", ["mazur", "relu", "softmax"])
def test_variants_are_the_pages_of_their_own_specs(name: str, fade: str) -> None:
    example = chalkgrad.solve(name, fade=fade, drawings="none")  # whose layout is that of the first numbers
    x = example["x[1]"].id if example.network.samples == 1 else "x[1]@1"
    values = ["0.3", "-1.25", "0"]
    pages = list(example.fill("tex", [{x: value} for value in values]))
    for value, page in zip(values, pages, strict=True):
        assert unbroken(page) == unbroken(page_with(name, value, fade))


def unbroken(text: str) -> str:
    """A page without what depends on where its lines break: all variants break where the first one does."""
    return re.sub(r"\\\\\*?|[&\s]|\\quad|\{\w+:(?=section)", "", text)


def page_with(name: str, value: str, fade: str) -> str:
    """The worksheet of an example whose first input is another."""

    spec = yaml.load(Path(resources.example(name)).read_text("utf-8"), yaml.BaseLoader)
    spec["data"]["x"][0][0] = value
    return chalkgrad.solve(spec, fade=fade, drawings="none").to_latex()


def test_the_data_stay_complete() -> None:
    pages = [chalkgrad.solve("relu", fade=fade).text("json") for fade in ("none", "backward", "forward")]
    assert pages[0] == pages[1] == pages[2]
    assert all(step["shown"] for step in json.loads(pages[1])["steps"])


def test_a_sheet_for_students_comes_without_the_key() -> None:
    with_key, without = (
        chalkgrad.solve("mazur", fade="backward", key=key).to_markdown() for key in ("end", "none")
    )
    assert "Key" in with_key
    assert "Key" not in without
    assert "0.082167041" in with_key
    assert "0.082167041" not in without
    assert with_key.startswith(without.split("\n> ")[0])
    assert with_key.count("underline") == without.count("underline")


def test_no_remark_gives_a_slope_away() -> None:
    assert "dead" in chalkgrad.solve("relu").to_markdown() + chalkgrad.solve("leaky").to_markdown()
    for name in NETWORKS:
        for fade in ("backward", "forward"):
            assert not re.search(
                r"\bdead\b|a kink and no derivative|saturated",
                chalkgrad.solve(name, fade=fade, language="en").to_markdown(),
            )


def test_a_network_without_a_way_back_has_nothing_to_leave_blank() -> None:
    layer = {"units": 1, "activation": "step", "weights": [[1]], "bias": [0]}
    spec = {"network": {"layers": [layer], "loss": "squared_error"}, "data": {"x": [[1]], "y": [[1]]}}
    page = chalkgrad.solve(spec, fade="backward").to_markdown()
    assert page == chalkgrad.solve(spec).to_markdown()


def test_several_steps_name_the_step_in_the_key() -> None:
    text = Path(resources.example("mazur")).read_text("utf-8")

    spec = yaml.load(text, yaml.BaseLoader)
    spec["train"]["steps"] = "2"
    key = chalkgrad.solve(spec, fade="backward", language="en").to_markdown().partition("Key\n\n")[2]
    assert "after one step" in key
    assert "after 2 steps" in key
    names = [line.split(" | ")[1] for line in key.splitlines() if re.match(r"\| \d", line)]
    assert len(set(names)) == len(names), "every answer has a name of its own"


def test_the_command_line_fades(
    small: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("net.yaml").write_text(small)

    def page(*options: str) -> str:
        assert main(["solve", "net.yaml", "--to", "md", "-o", "-", *options]) == 0
        return capsys.readouterr().out

    pages = [
        page(),
        page("--fade", "backward"),
        page("--fade", "forward"),
        page("--fade", "forward", "--key", "none"),
    ]
    assert len(set(pages)) == 4
    assert "underline" not in pages[0]
    assert all("underline" in text for text in pages[1:])


@pytest.mark.parametrize("language", ["en", "pt_BR", "es"])
def test_every_language_says_what_to_do(language: str) -> None:
    lines = [
        next(
            line
            for line in chalkgrad.solve("chain", fade=fade, language=language).to_markdown().splitlines()
            if line.startswith("> ")
        )
        for fade in ("backward", "forward")
    ]
    assert len(set(lines)) == 2
