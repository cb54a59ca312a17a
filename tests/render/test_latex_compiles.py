"""The LaTeX of every example compiles, in both engines, without a warning and with nothing in the margin."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

import chalkgrad
from chalkgrad import resources

MOST_OVERFULL = 1.0  # points
MOST_RUNS = 5  # a long table settles its columns over several runs


def complaints(log: str) -> list[str]:
    """What a TeX log complains of."""
    log = re.sub(r"(?<=.{79})\n", "", log)  # TeX breaks its log at 79 characters
    found = re.findall(r"^(?:! .*|.*[Ww]arning: .*|Missing character: .*)$", log, re.MULTILINE)
    overfull = re.findall(r"^Overfull \\[hv]box \(([\d.]+)pt too \w+\).*$", log, re.MULTILINE)
    return [*found, *(f"overfull by {points} pt" for points in overfull if float(points) > MOST_OVERFULL)]


def compiled(text: str, engine: str, folder: Path) -> str:
    """The log of the last run that was needed."""
    (folder / "page.tex").write_text(text, encoding="utf-8")
    for _ in range(MOST_RUNS):
        run = subprocess.run(
            [engine, "-interaction=nonstopmode", "-halt-on-error", "page.tex"],
            cwd=folder,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        log = (folder / "page.log").read_text("utf-8", errors="replace")
        assert run.returncode == 0, log[-2000:]
        if not re.search(r"Rerun|rerun LaTeX|Table widths have changed", log):
            return log
    return log


@pytest.mark.needs("pdflatex")
@pytest.mark.parametrize("name", resources.example_names())
def test_every_example_compiles_with_pdflatex(name: str, tmp_path: Path) -> None:
    assert complaints(compiled(chalkgrad.solve(name).to_latex(), "pdflatex", tmp_path)) == []


@pytest.mark.needs("lualatex")
@pytest.mark.parametrize("name", ["mazur", "softmax", "leaky"])
def test_pages_compile_with_lualatex(name: str, tmp_path: Path) -> None:
    assert complaints(compiled(chalkgrad.solve(name).to_latex(), "lualatex", tmp_path)) == []


@pytest.mark.needs("pdflatex")
@pytest.mark.parametrize(
    ("name", "show"),
    [
        ("mazur", {"notation": "nielsen", "views": ["scalar", "matrix"], "decimals": 12}),
        ("batch", {"notation": "mazur", "views": ["scalar", "matrix"], "significant": 10, "detail": "full"}),
        ("three_layers", {"notation": "theta", "decimals": 15}),
        ("softmax", {"notation": "mazur", "decimals": 9}),
        ("regression", {"detail": "summary"}),
    ],
)
def test_wide_pages_compile_too(name: str, show: dict[str, object], tmp_path: Path) -> None:
    assert complaints(compiled(chalkgrad.solve(name, **show).to_latex(), "pdflatex", tmp_path)) == []


@pytest.mark.needs("pdflatex")
@pytest.mark.parametrize(
    ("name", "show"),
    [
        ("mazur", {"fade": "backward"}),
        ("softmax", {"fade": "forward", "views": ["scalar", "matrix"]}),
        ("batch", {"fade": "backward", "detail": "full", "language": "pt_BR"}),
        ("three_layers", {"fade": "backward"}),
    ],
)
def test_worksheets_compile_too(name: str, show: dict[str, object], tmp_path: Path) -> None:
    assert complaints(compiled(chalkgrad.solve(name, **show).to_latex(), "pdflatex", tmp_path)) == []


def test_the_log_reader_sees_what_is_wrong() -> None:
    assert complaints("Overfull \\hbox (12.5pt too wide) in paragraph at lines 3--4\n") == ["overfull by 12.5 pt"]
    assert complaints("LaTeX Warning: Reference `x' undefined\n")
    assert not complaints("Overfull \\hbox (0.5pt too wide) in paragraph\nPackage: infwarerr 2019/12/03\n")
