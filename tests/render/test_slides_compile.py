"""Slides, handouts, fragments and appendices of every example compile without a warning, and with nothing in the
margin or below the frame."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

import chalkgrad
from chalkgrad import resources
from typesetting import begins, compiled, complaints, together

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
TALKS = [("", "default"), ("aspectratio=169", "Madrid"), ("12pt", "Madrid")]
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


@cache
def slides(name: str) -> str:
    return chalkgrad.solve(name).text("beamer")


HANDOUT = "\\def\\chalkhandout{}\n"
"""Before a file of slides: a page a frame, which takes a third of the time."""


@pytest.mark.needs(*ENGINES)
@pytest.mark.parametrize("share", range(4))
def test_every_example_fits_on_its_frames(share: int, tmp_path: Path) -> None:
    """Half of them in either engine."""
    pages = {name: slides(name) for name in EXAMPLES[share::4]}
    assert complaints(compiled(HANDOUT + together(pages), ENGINES[share % 2], tmp_path)) == []


def uncovered(text: str) -> set[str]:
    """The environments and the marks that stand on the frames that are uncovered in steps."""
    frames = [frame for frame in text.split(r"\begin{frame}")[1:] if re.search(r"uncover<|\\chalkfrom", frame)]
    return {found for frame in frames for found in re.findall(r"\\begin\{.*?\}|\\chalk\w+|\\under\w+", frame)}


def covering(found: dict[str, set[str]]) -> list[str]:
    """Few of the names that have, together, all that any of them has."""
    chosen: list[str] = []
    missing = set().union(*found.values())
    while missing:
        chosen.append(max(found, key=lambda name: (len(found[name] & missing), -len(slides(name)))))
        missing -= found[chosen[-1]]
    return chosen


@pytest.mark.needs("pdflatex")
def test_whatever_stands_on_slides_can_be_uncovered(tmp_path: Path) -> None:
    """Every step is a page: a few examples that have, together, all that stands on any slide."""
    chosen = covering({name: uncovered(slides(name)) for name in EXAMPLES})
    log = compiled(together({name: slides(name) for name in chosen}), "pdflatex", tmp_path)
    assert complaints(log) == []


@pytest.mark.needs("pdflatex", "pdftotext")
@pytest.mark.parametrize("name", ["mazur", "softmax"])
def test_a_handout_has_a_page_a_frame_and_shows_all_numbers(name: str, tmp_path: Path) -> None:
    example, text = chalkgrad.solve(name), slides(name)
    log = compiled(text.replace(r"\documentclass[", r"\documentclass[handout,"), "pdflatex", tmp_path)
    assert complaints(log) == []
    pages = pages_of(tmp_path / "page.pdf")
    assert len(pages) == text.count(r"\begin{frame}")
    words = "".join(pages).replace("−", "-")
    article = example.to_latex()  # does not speak of what stays as it is
    missing = [step.id for step in example if step.shown in article and step.shown not in words]
    assert missing == []


@pytest.fixture(scope="module")
def uncovering(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The slides of one example, a page a step."""
    folder = tmp_path_factory.mktemp("slides")
    compiled(slides("chain"), "pdflatex", folder)
    return folder / "page.pdf"


@pytest.mark.needs("pdflatex", "pdftotext")
def test_a_handout_can_be_asked_for_without_touching_the_file(uncovering: Path, tmp_path: Path) -> None:
    compiled(HANDOUT + slides("chain"), "pdflatex", tmp_path)
    handout = pages_of(tmp_path / "page.pdf")
    assert len(handout) == slides("chain").count(r"\begin{frame}") < len(pages_of(uncovering))


@pytest.mark.needs("pdflatex", "pdftotext")
def test_uncovering_moves_nothing(uncovering: Path) -> None:
    run = ["pdftotext", "-bbox", str(uncovering), "-"]
    xml = subprocess.run(run, capture_output=True, text=True, check=True).stdout
    places = [
        set(re.findall(r'<word xMin="([\d.]+)" yMin="([\d.]+)" .*?>(.*?)</word>', page))
        for page in xml.split("<page ")[1:]
    ]
    # a step shows all that the step before showed, in the same place; a new frame begins anew
    steps = sum(before <= after for before, after in pairwise(places))
    assert steps == len(places) - slides("chain").count(r"\begin{frame}")


def talk(options: str, theme: str, engine: str, names: Sequence[str], folder: Path) -> list[str]:
    """What is complained of in a talk with the appendices of some examples, and not without them."""
    texts = {name: chalkgrad.solve(name).text("appendix") for name in names}
    for name, text in texts.items():
        (folder / f"{name}.tex").write_text(text, encoding="utf-8")
    needed = packages(texts[names[0]])
    inputs = "\n".join(begins(name) + rf"\input{{{name}}}" for name in names)
    log = compiled(TALK % (options, theme, needed, r"\appendix" + inputs), engine, folder)
    alone = compiled(TALK % (options, theme, needed, r"\appendix\section{One}"), engine, folder)
    return [complaint for complaint in complaints(log) if not complaint.endswith(tuple(complaints(alone)))]


@pytest.mark.needs(*ENGINES)
@pytest.mark.parametrize("number", range(3))
def test_every_appendix_fits_into_a_talk(number: int, tmp_path: Path) -> None:
    """A third of the examples in each theme, a page a frame."""
    options, theme = TALKS[number]
    names = EXAMPLES[number :: len(TALKS)]
    assert talk(f"handout,{options}", theme, ENGINES[number == 2], names, tmp_path) == []


@pytest.mark.needs("pdflatex")
def test_an_appendix_is_uncovered_in_a_talk_that_counts_its_frames(tmp_path: Path) -> None:
    """A theme with a dot for each page takes long for a long talk."""
    assert talk("aspectratio=169,12pt", "Singapore", "pdflatex", ["neuron"], tmp_path) == []


@pytest.mark.needs(*ENGINES)
@pytest.mark.parametrize("share", range(2))
def test_fragments_of_every_example_fit_into_one_document(share: int, tmp_path: Path) -> None:
    texts = {name: chalkgrad.solve(name).text("fragment") for name in EXAMPLES[share::2]}
    for name, text in texts.items():
        (tmp_path / f"{name}.tex").write_text(text, encoding="utf-8")
    body = "\n\nWords between.\n\n".join(begins(name) + rf"\input{{{name}}}" for name in texts)
    document = DOCUMENT % (packages(next(iter(texts.values()))), f"Words before.\n\n{body}\n\nWords after.")
    assert complaints(compiled(document, ENGINES[share], tmp_path)) == []


@pytest.mark.needs("pdflatex")
def test_a_fragment_leaves_the_document_as_it_was(tmp_path: Path) -> None:
    text = chalkgrad.solve("chain").text("fragment")
    (tmp_path / "part.tex").write_text(text, encoding="utf-8")
    state = r"\typeout{STATE \the\parindent/\the\parskip/\the\abovedisplayskip/\the\interdisplaylinepenalty}"
    log = compiled(DOCUMENT % (packages(text), f"{state}\n\\input{{part}}\n{state}"), "pdflatex", tmp_path)
    before, after = re.findall(r"^STATE (.*)$", log, re.MULTILINE)
    assert before == after


WIDE: dict[str, dict[str, object]] = {
    "mazur": {"views": ["scalar", "matrix"], "decimals": 12, "language": "pt_BR"},
    "batch": {"notation": "mazur", "views": ["scalar", "matrix"], "detail": "full", "language": "es"},
    "three_layers": {"notation": "theta", "decimals": 13, "drawings": "all"},
    "softmax": {"detail": "summary", "fade": "backward", "key": "end"},
}


@pytest.mark.needs("pdflatex")
def test_wide_and_worded_slides_compile_too(tmp_path: Path) -> None:
    pages = {name: chalkgrad.solve(name, **show).text("beamer") for name, show in WIDE.items()}
    assert complaints(compiled(HANDOUT + together(pages), "pdflatex", tmp_path)) == []


@pytest.mark.needs("pdflatex")
def test_many_new_weights_fit_on_their_frames(tmp_path: Path) -> None:
    """A new weight with its layer above and its indices below is higher than a line of text."""
    weights = [[k / 10 for k in range(1, 6)] for _ in range(5)]
    network = {"layers": [{"units": 5, "activation": "tanh", "weights": weights}], "loss": "half_squared_error"}
    spec = {
        "network": network,
        "data": {"x": [[1, 2, 3, 4, 5]], "y": [[0, 1, 0, 1, 0]]},
        "train": {"optimizer": {"name": "sgd", "learning_rate": 0.1}},
    }
    text = HANDOUT + chalkgrad.solve(spec, notation="theta", drawings="none").text("beamer")
    assert complaints(compiled(text, "pdflatex", tmp_path)) == []
