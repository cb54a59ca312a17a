"""Slides, handouts, fragments and appendices of every example compile in both engines, without a warning, and with
nothing in the margin or below the frame."""

from __future__ import annotations

import re
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest
from test_latex_compiles import compiled, complaints

import chalkgrad
from chalkgrad import resources

ENGINES = ("pdflatex", "lualatex")
EXAMPLES = resources.example_names()

DOCUMENT = r"""\documentclass{article}
\usepackage{iftex}\iftutex\else\usepackage[T1]{fontenc}\fi
\usepackage{lmodern}
%s
\begin{document}
%s
\end{document}
"""
TALK = r"""\documentclass[%s]{beamer}
\usetheme{%s}
\usepackage{iftex}\iftutex\else\usepackage[T1]{fontenc}\fi
\usepackage{lmodern}
%s
\title{A talk}
\begin{document}
\begin{frame}{Own frame}Words.\end{frame}
%s
\end{document}
"""
TALKS = [("", "default"), ("aspectratio=169", "Madrid"), ("12pt", "Madrid"), ("aspectratio=169,12pt", "Singapore")]
"""Options and themes; large letters and narrow frames leave the least room."""


def packages(text: str) -> str:
    """The packages that a file says it needs, without what stands in every document."""
    listed = re.findall(r"^%\s+(\\usepackage\{.*?\})", text, re.MULTILINE)
    assert listed
    return "\n".join(line for line in listed if "hyperref" not in line)


def pages_of(path: Path) -> list[str]:
    """The words of each page."""
    run = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True)
    return run.stdout.split("\f")[:-1]


@pytest.mark.needs("pdflatex")
@pytest.mark.parametrize("name", EXAMPLES)
def test_slides_compile(name: str, tmp_path: Path) -> None:
    assert complaints(compiled(chalkgrad.solve(name).text("beamer"), "pdflatex", tmp_path)) == []


@pytest.mark.needs("lualatex")
@pytest.mark.parametrize("name", EXAMPLES)
def test_handouts_compile(name: str, tmp_path: Path) -> None:
    """The same frames without their steps, which the slow engine would set one by one."""
    text = r"\def\chalkhandout{}" + "\n" + chalkgrad.solve(name).text("beamer")
    assert complaints(compiled(text, "lualatex", tmp_path)) == []


@pytest.mark.needs("pdflatex", "pdftotext")
@pytest.mark.parametrize("name", ["mazur", "softmax"])
def test_a_handout_has_a_page_a_frame_and_shows_all_numbers(name: str, tmp_path: Path) -> None:
    example = chalkgrad.solve(name)
    text = example.text("beamer")
    log = compiled(text.replace(r"\documentclass[", r"\documentclass[handout,"), "pdflatex", tmp_path)
    assert complaints(log) == []
    pages = pages_of(tmp_path / "page.pdf")
    assert len(pages) == text.count(r"\begin{frame}")
    words = "".join(pages).replace("−", "-")
    article = example.to_latex()  # does not speak of what stays as it is
    missing = [step.id for step in example if step.shown in article and step.shown not in words]
    assert missing == []


@pytest.mark.needs("pdflatex", "pdftotext")
def test_a_handout_can_be_asked_for_without_touching_the_file(tmp_path: Path) -> None:
    text = chalkgrad.solve("chain").text("beamer")
    compiled(r"\def\chalkhandout{}" + "\n" + text, "pdflatex", tmp_path)
    handout = pages_of(tmp_path / "page.pdf")
    compiled(text, "pdflatex", tmp_path)
    slides = pages_of(tmp_path / "page.pdf")
    assert len(handout) == text.count(r"\begin{frame}") < len(slides)


@pytest.mark.needs("pdflatex", "pdftotext")
def test_uncovering_moves_nothing(tmp_path: Path) -> None:
    text = chalkgrad.solve("chain").text("beamer")
    compiled(text, "pdflatex", tmp_path)
    run = ["pdftotext", "-bbox", str(tmp_path / "page.pdf"), "-"]
    xml = subprocess.run(run, capture_output=True, text=True, check=True).stdout
    places = [
        set(re.findall(r'<word xMin="([\d.]+)" yMin="([\d.]+)" .*?>(.*?)</word>', page))
        for page in xml.split("<page ")[1:]
    ]
    # a step shows all that the step before showed, in the same place; a new frame begins anew
    steps = sum(before <= after for before, after in pairwise(places))
    assert steps == len(places) - text.count(r"\begin{frame}")


@pytest.mark.needs(*ENGINES)
@pytest.mark.parametrize(("number", "name"), list(enumerate(EXAMPLES)))
def test_an_appendix_fits_into_any_talk(number: int, name: str, tmp_path: Path) -> None:
    """Each example in one theme and one engine: all of them in all would take an hour."""
    options, theme = TALKS[number % len(TALKS)]
    engine = ENGINES[number % 3 == 2]
    text = chalkgrad.solve(name).text("appendix")
    needed = packages(text)
    (tmp_path / "own.tex").write_text(text, encoding="utf-8")
    log = compiled(TALK % (options, theme, needed, r"\appendix\input{own}"), engine, tmp_path)
    alone = compiled(TALK % (options, theme, needed, r"\appendix\section{One}"), engine, tmp_path)
    assert set(complaints(log)) <= set(complaints(alone))


@pytest.mark.needs(*ENGINES)
@pytest.mark.parametrize(("first", "second"), list(zip(EXAMPLES[::2], EXAMPLES[1::2], strict=False)))
def test_two_fragments_fit_into_one_document(first: str, second: str, tmp_path: Path) -> None:
    engine = ENGINES[EXAMPLES.index(first) % 4 == 2]
    texts = [chalkgrad.solve(name).text("fragment") for name in (first, second)]
    for number, text in enumerate(texts):
        (tmp_path / f"part{number}.tex").write_text(text, encoding="utf-8")
    body = "Words before.\n\n\\input{part0}\n\nWords between.\n\n\\input{part1}\n\nWords after."
    log = compiled(DOCUMENT % (packages(texts[0]), body), engine, tmp_path)
    assert complaints(log) == []


@pytest.mark.needs("pdflatex")
def test_a_fragment_leaves_the_document_as_it_was(tmp_path: Path) -> None:
    text = chalkgrad.solve("chain").text("fragment")
    (tmp_path / "part.tex").write_text(text, encoding="utf-8")
    state = r"\typeout{STATE \the\parindent/\the\parskip/\the\abovedisplayskip/\the\interdisplaylinepenalty}"
    log = compiled(DOCUMENT % (packages(text), f"{state}\n\\input{{part}}\n{state}"), "pdflatex", tmp_path)
    before, after = re.findall(r"^STATE (.*)$", log, re.MULTILINE)
    assert before == after


@pytest.mark.needs("pdflatex")
@pytest.mark.parametrize(
    ("name", "show"),
    [
        ("mazur", {"views": ["scalar", "matrix"], "decimals": 12, "language": "pt_BR"}),
        ("batch", {"notation": "mazur", "views": ["scalar", "matrix"], "detail": "full", "language": "es"}),
        ("three_layers", {"notation": "theta", "decimals": 13, "drawings": "all"}),
        ("softmax", {"detail": "summary", "fade": "backward", "key": "end"}),
    ],
)
def test_wide_and_worded_slides_compile_too(name: str, show: dict[str, object], tmp_path: Path) -> None:
    assert complaints(compiled(chalkgrad.solve(name, **show).text("beamer"), "pdflatex", tmp_path)) == []
