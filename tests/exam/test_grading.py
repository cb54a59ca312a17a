"""The sheet for graders has every answer of every paper, with what is accepted."""

from __future__ import annotations

import shutil

import pytest

from chalkgrad.pipeline import exam
from typesetting import compiled, complaints

ROSTER = 'name,id\n"Sá, José da Conceição de Albuquerque e Silva",17\nZoë,18\n<b>&$x_1$,19\n'


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    path = tmp_path_factory.mktemp("roster") / "class.csv"
    path.write_text(ROSTER, encoding="utf-8")
    return exam("final", roster=path)


def sheet(made, papers, name, folder):
    file = next(
        file for file in made.records((name,)) if file.startswith("key.") and file not in ("key.csv", "key.json")
    )
    paths = []
    for i, chunk in enumerate(papers):
        paths.append(folder / f"{name}{i}")
        paths[-1].write_text(made.recorded(chunk, (name,))[file], encoding="utf-8")
    content = made.record(file, paths, (name,))
    return content if isinstance(content, (str, bytes)) else "".join(content)


def test_every_answer_is_there_beside_what_is_accepted(made, tmp_path):
    text = sheet(made, [(1, 2), (3,)], "md", tmp_path)
    for paper in made.keys((1, 2, 3)):
        for answer in paper.answers:
            shown = answer.shown.replace(",", "{,}")
            ends = [end.replace(".", "{,}" if "," in answer.shown else ".") for end in (answer.low, answer.high)]
            cell = f"${shown}$ (${ends[0]}$ … ${ends[1]}$)"
            rows = [line for line in text.splitlines() if line.startswith(f"| {paper.paper} |") and cell in line]
            assert rows, (answer, "no row has it")
            assert not answer.letter or any(f"{answer.letter}: {cell}" in row for row in rows)


def test_names_are_text_in_every_format(made, tmp_path):
    html = sheet(made, [(1, 2, 3)], "html", tmp_path)
    assert "&lt;b&gt;&amp;$x_1$" in html
    assert "<b>&" not in html
    assert "Sá, José da Conceição d…" in html


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
def test_it_compiles_with_no_box_too_wide(made, tmp_path):
    assert complaints(compiled(sheet(made, [(1, 2, 3)], "tex", tmp_path), "pdflatex", tmp_path)) == []


def test_it_is_a_pdf_without_tex(made, tmp_path):
    assert sheet(made, [(1, 2), (3,)], "pdf", tmp_path).startswith(b"%PDF")


def test_pieces_put_together_are_the_whole(made, tmp_path):
    """Wherever papers are cut into chunks, the same rows stand in the tables."""

    def rows(chunks):
        return [
            line
            for line in sheet(made, chunks, "md", tmp_path).splitlines()
            if line.startswith(("| 1 ", "| 2 ", "| 3 "))
        ]

    assert sorted(rows([(1, 2, 3)])) == sorted(rows([(1,), (2, 3)]))
