"""The LaTeX of every example compiles, in both engines, without a warning and with nothing in the margin."""

from __future__ import annotations

from pathlib import Path

import pytest

import chalkgrad
from chalkgrad import resources
from typesetting import compiled, complaints, together

EXAMPLES = resources.example_names()
ENGINES = [pytest.param(name, marks=pytest.mark.needs(name)) for name in ("pdflatex", "lualatex")]
SHARES = 3
"""Runs of an engine that share the examples, so that every core has something to do."""


def articles(shows: dict[str, dict[str, object]]) -> str:
    """Pages by the names of their examples, in one document."""
    return together({name: chalkgrad.solve(name, **show).to_latex() for name, show in shows.items()})


@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.parametrize("engine", ENGINES)
def test_every_example_compiles(engine: str, share: int, tmp_path: Path) -> None:
    pages = articles({name: {} for name in EXAMPLES[share::SHARES]})
    assert complaints(compiled(pages, engine, tmp_path)) == []


@pytest.mark.parametrize("engine", ENGINES)
def test_a_page_compiles_alone(engine: str, tmp_path: Path) -> None:
    assert complaints(compiled(chalkgrad.solve("mazur").to_latex(), engine, tmp_path)) == []


@pytest.mark.needs("pdflatex")
@pytest.mark.parametrize(
    "shows",
    [
        {
            "mazur": {"notation": "nielsen", "views": ["scalar", "matrix"], "decimals": 12},
            "batch": {"notation": "mazur", "views": ["scalar", "matrix"], "significant": 10, "detail": "full"},
            "three_layers": {"notation": "theta", "decimals": 15},
            "softmax": {"notation": "mazur", "decimals": 9},
            "regression": {"detail": "summary"},
        },
        {
            "mazur": {"fade": "backward"},
            "softmax": {"fade": "forward", "views": ["scalar", "matrix"]},
            "batch": {"fade": "backward", "detail": "full", "language": "pt_BR"},
            "three_layers": {"fade": "backward"},
        },
    ],
    ids=["wide", "worksheets"],
)
def test_wide_pages_and_worksheets_compile_too(shows: dict[str, dict[str, object]], tmp_path: Path) -> None:
    assert complaints(compiled(articles(shows), "pdflatex", tmp_path)) == []


def test_the_log_reader_sees_what_is_wrong() -> None:
    assert complaints("Overfull \\hbox (12.5pt too wide) in paragraph at lines 3--4\n") == ["overfull by 12.5 pt"]
    assert complaints("LaTeX Warning: Reference `x' undefined\n")
    assert complaints("(\\end occurred inside a group at level 1)\n")
    assert not complaints("Overfull \\hbox (0.5pt too wide) in paragraph\nPackage: infwarerr 2019/12/03\n")


@pytest.mark.needs("pdflatex")
def test_of_pages_in_one_run_the_log_reader_names_the_one_that_is_wrong(tmp_path: Path) -> None:
    page = "\\documentclass{article}\n\\title{%s}\n\\begin{document}\n%s\n\\end{document}\n"
    pages = {"good": page % ("A", "Words."), "wide": page % ("B", r"\rule{500pt}{1pt}"), "last": page % ("C", "x")}
    assert complaints(compiled(together(pages), "pdflatex", tmp_path)) == ["wide: overfull by 170.0 pt"]
