"""PDFs through an installed TeX say the same, are the same in every run, and fail with a reason."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

pytest.importorskip("pypdf")
import chalkgrad
from chalkgrad.cli import main
from chalkgrad.errors import OutputError
from chalkgrad.render import pdf_tex
from pdf_reader import decimals, pages

ARTICLE = r"\documentclass{article}\begin{document}BODY\end{document}"


@pytest.mark.parametrize(
    "engine", [pytest.param(name, marks=pytest.mark.needs(name)) for name in ("latexmk", "pdflatex", "lualatex")]
)
def test_every_engine_tells_the_same_numbers_in_the_same_bytes(engine):
    example = chalkgrad.solve("chain", pdf_engine=engine, drawings="none", code=[])
    pdf = example.to_pdf()
    assert pdf == chalkgrad.solve("chain", pdf_engine=engine, drawings="none", code=[]).to_pdf()
    found = decimals("\n".join(pages(pdf)), example.language.decimal_mark)
    shown = {number for step in example for number in decimals(step.shown, example.language.decimal_mark)}
    assert len(found) > 15
    assert set(found) <= shown


@pytest.mark.needs("pdflatex")
def test_the_command_takes_an_engine(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["solve", "chain", "--to", "pdf", "--pdf-engine", "pdflatex", "-o", "pages"]) == 0
    pdf = Path("pages/chain/chain.pdf").read_bytes()
    assert pdf == chalkgrad.solve("chain", pdf_engine="pdflatex").to_pdf()
    assert b"pdfTeX" in pdf
    assert [path.name for path in Path().rglob("*.*")] == ["chain.pdf"]


@pytest.mark.needs("pdflatex")
@pytest.mark.parametrize(
    ("packages", "body", "runs"),
    [
        ("", "Words.", 1),
        ("", r"\pageref{a}\newpage\label{a}Words.", 2),
        (r"\usepackage{hyperref}", r"\section{A}", 2),  # its log always speaks of "Rerun checks"
    ],
)
def test_tex_runs_until_the_page_stays_as_it_is(packages, body, runs, monkeypatch):
    ran = []
    run = pdf_tex._run
    monkeypatch.setattr(pdf_tex, "_run", lambda *arguments: ran.append(arguments) or run(*arguments))
    text = ARTICLE.replace("BODY", body).replace(r"\begin{document}", packages + r"\begin{document}")
    pdf_tex.pdf(text, "pdflatex")
    assert len(ran) == runs


@pytest.mark.needs("pdflatex")
def test_what_tex_refuses_is_told_with_its_line():
    with pytest.raises(OutputError, match=r"pdflatex refuses the page: Undefined control sequence \(line 1\)"):
        pdf_tex.pdf(ARTICLE.replace("BODY", r"\nobodyknowsthis"), "pdflatex")


@pytest.mark.needs("latexmk")
def test_what_tex_refuses_under_latexmk_is_told_too():
    with pytest.raises(OutputError, match=r"latexmk refuses the page: Undefined control sequence \(line 1\)"):
        pdf_tex.pdf(ARTICLE.replace("BODY", r"\nobodyknowsthis"), "latexmk")


@pytest.mark.parametrize(
    "engine", [pytest.param(name, marks=pytest.mark.needs(name)) for name in ("latexmk", "pdflatex", "lualatex")]
)
def test_no_program_is_run_by_a_page(engine, tmp_path):
    target = tmp_path / "made"
    lua = rf"\directlua{{os.execute('touch {target}')}}"
    body = rf"\ifdefined\directlua{lua}\else\immediate\write18{{touch {target}}}\fi x"
    pdf_tex.pdf(ARTICLE.replace("BODY", body), engine)
    assert not target.exists()


@pytest.mark.needs("pdflatex")
@pytest.mark.parametrize("engine", ["pdflatex", pytest.param("latexmk", marks=pytest.mark.needs("latexmk"))])
def test_a_page_without_end_is_stopped(engine, monkeypatch):
    monkeypatch.setattr(pdf_tex, "TIME_LIMIT", 3.0)
    began = time.monotonic()
    with pytest.raises(OutputError, match=f"{engine} took longer than 3 seconds"):
        pdf_tex.pdf(ARTICLE.replace("BODY", r"\def\x{\x}\x"), engine)
    assert time.monotonic() - began < 30


@pytest.mark.parametrize("engine", ["latexmk", "pdflatex", "lualatex"])
def test_a_missing_program_is_told_kindly(engine, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert main(["solve", "mazur", "--to", "md,pdf", "--pdf-engine", engine]) == 1
    assert capsys.readouterr().err == (
        f"chalkgrad: {engine} is not installed; --pdf-engine typst makes PDFs without it\n"
    )
    assert list(Path().iterdir()) == []


def test_an_unknown_engine_is_told(capsys):
    with pytest.raises(
        chalkgrad.ChalkgradError, match=r'no engine for PDFs is called "latex"; there are: typst, '
    ):
        chalkgrad.solve("mazur", pdf_engine="latex")
    with pytest.raises(SystemExit, match="2"):
        main(["solve", "mazur", "--pdf-engine", "word"])
    assert "typst" in capsys.readouterr().err
