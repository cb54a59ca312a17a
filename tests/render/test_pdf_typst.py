"""PDFs made without TeX: what they say, what they look like, and that they are the same in every run."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

import chalkgrad
from chalkgrad import resources
from chalkgrad.document.model import Drawing, Heading, Listing
from chalkgrad.document.plot import Plot
from chalkgrad.errors import OutputError
from chalkgrad.render import pdf_typst
from chalkgrad.render.escaping import typst as escaped
from chalkgrad.render.escaping import typst_string
from kinds import NETWORKS
from pdf_reader import decimals, pages

typst = pytest.importorskip("typst")

MM = 72 / 25.4
SHOWS = [
    *((name, {}) for name in resources.example_names()),
    ("mazur", {"notation": "nielsen", "views": ["scalar", "matrix"], "decimals": 12}),
    ("batch", {"notation": "mazur", "views": ["scalar", "matrix"], "significant": 10, "detail": "full"}),
    ("three_layers", {"notation": "theta", "decimals": 15, "language": "es"}),
    ("softmax", {"notation": "mazur", "decimals": 9, "language": "pt_BR"}),
    ("regression", {"detail": "summary"}),
]
NET = {
    "network": {"layers": [{"units": 1, "activation": "tanh", "weights": [[1]]}], "loss": "squared_error"},
    "data": {"x": [[1]], "y": [[1]]},
}


def told(example: chalkgrad.Example) -> Counter[str]:
    """The decimal numbers in the LaTeX of the same page."""
    text = example.to_latex().split(r"\begin{document}")[1].replace("{,}", ",")
    text = re.sub(r"\\arraystretch\}\{[\d.]+\}", "", text)
    hidden = r"\\phantom\{[^}]*\}|\d+\.?\d*pt|\\chal\w+section\{[^}]*\}\{[^}]*\}|\\hyperref\[[^]]*\]\{[^}]*\}"
    return decimals(re.sub(hidden, "", text), example.language.decimal_mark)


def shown(example: chalkgrad.Example) -> set[str]:
    """Every decimal number of the data."""
    texts = [text for step in example for text in (step.shown, *(f["shown"] for f in step.factors))]
    return set(decimals(" ".join(texts), example.language.decimal_mark))


def numbered(example: chalkgrad.Example) -> Counter[str]:
    """The numbers of subsections, which look like decimals where the mark is a point."""
    if example.language.decimal_mark != ".":
        return Counter()
    return Counter(
        block.number for block in example.document.blocks if isinstance(block, Heading) and block.level > 1
    )


@pytest.fixture(scope="module", params=SHOWS, ids=lambda case: "-".join(map(str, (case[0], *case[1].values()))))
def example(request) -> chalkgrad.Example:
    """Each example in turn, some of them shown in other ways."""
    name, show = request.param
    return chalkgrad.solve(name, **show)


@pytest.mark.parametrize(("name", "show"), [*SHOWS, ("mazur", {"fade": "backward"})])
def test_a_pdf_says_the_numbers_of_the_data_and_of_the_article(name, show):
    # without drawings, in which texts stand too close to be told apart, and listings, which round otherwise
    # and in English unless said otherwise, where the comma of an index is no decimal mark
    example = chalkgrad.solve(name, **{"language": "en", **show}, drawings="none", code=[])
    unpictured = tuple(block for block in example.document.blocks if not isinstance(block, Plot))
    example.__dict__["document"] = replace(example.document, blocks=unpictured)
    found = decimals("\n".join(pages(example.to_pdf())), example.language.decimal_mark)
    references = dict.fromkeys(numbered(example), 9)
    assert len(found) > 15 or name not in NETWORKS
    assert set(found) <= shown(example) | set(references)
    assert found - Counter(references) == told(example) - Counter(references)


def test_a_drawing_says_what_it_draws():
    example = chalkgrad.solve("mazur", drawings="network")
    (first, *_) = pages(example.to_pdf())
    drawing = "".join(first.split("1 What is given")[0].split())
    for id in example.ids():
        step = example[id]
        if re.match(r"(x|y|W\d|b\d|a\d|delta2)\[", id) and step.section in ("given", "forward", "backward"):
            assert step.shown.replace("-", "−") in drawing, id
    (tree,) = PdfReader(io.BytesIO(example.to_pdf())).trailer["/Root"]["/StructTreeRoot"]["/K"]
    alt = next(block.alt for block in example.document.blocks if isinstance(block, Drawing))
    assert alt in said(tree.get_object())


def said(element) -> set[str]:
    """What a PDF says in place of its pictures."""
    out = {element["/Alt"]} if "/Alt" in element else set()
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        inner = kid.get_object() if hasattr(kid, "get_object") else kid
        if isinstance(inner, dict):
            out |= said(inner)
    return out


@pytest.mark.parametrize("library", ["numpy", "pytorch"])
def test_a_listing_is_printed_as_it_is(library):
    example = chalkgrad.solve("mazur", code=library, language="es")
    text = "".join("".join(pages(example.to_pdf())).split())
    (listing,) = [block for block in example.document.blocks if isinstance(block, Listing)]
    lines = ["".join(part for part in line if isinstance(part, str)) for line in listing.lines]
    plain = [
        line for line, parts in zip(lines, listing.lines, strict=True) if all(isinstance(p, str) for p in parts)
    ]
    assert len(plain) > 20
    for line in plain:
        assert "".join(line.split()) in text


def test_typst_has_nothing_to_warn_of(example):
    _, warnings = typst.compile_with_warnings(example.text("pdf").encode(), ignore_system_fonts=True)
    assert [warning.diagnostic for warning in warnings] == []


def sticking_out(word: str, left: float, right: float, bottom: float) -> bool:
    """Whether a word's box leaves the type area; punctuation may hang into the margin by its own width."""
    slack = 4.0 if word[-1] in ".,;:-\xad" else 1.0  # points; the latter is what LaTeX is allowed, too
    return (
        left < 24 * MM - 1 or right > (210 - 24) * MM + slack or bottom > (297 - 22) * MM + 3
    )  # a glyph's box is lower than its ink


@pytest.mark.needs("pdftotext")
def test_nothing_stands_in_the_margin(example, tmp_path):
    (tmp_path / "page.pdf").write_bytes(example.to_pdf())
    boxes = subprocess.run(
        ["pdftotext", "-bbox", "page.pdf", "-"], cwd=tmp_path, check=True, capture_output=True, text=True
    ).stdout
    words = re.findall(r'<word xMin="([\d.]+)" yMin="[\d.]+" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>', boxes)
    outside = [unescape(word) for *box, word in words if sticking_out(unescape(word), *map(float, box))]
    foot = [word for word in outside if word.isdigit()]
    assert len(words) > 100
    assert outside == foot == [str(n) for n in range(1, len(foot) + 1)], "numbers of pages alone"


def test_no_heading_stands_alone_at_the_foot_of_a_page():
    for name in ("mazur", "leaky", "three_layers", "regression"):
        example = chalkgrad.solve(name)
        titles = {
            f"{block.number} {''.join(span for span in block.text if isinstance(span, str))}"
            for block in example.document.blocks
            if isinstance(block, Heading)
        }
        for page in pages(example.to_pdf()):
            lines = [line.strip() for line in page.splitlines() if line.strip()]
            *_, last, number = lines
            assert number.isdigit()
            assert last not in titles


def test_the_document_says_its_title_and_language_and_no_date_or_author():
    example = chalkgrad.solve("mazur", language="pt_BR")
    reader = PdfReader(io.BytesIO(example.to_pdf()))
    assert reader.metadata["/Title"] == example.document.title
    assert set(reader.metadata) <= {"/Title", "/Creator", "/Producer"}
    assert reader.trailer["/Root"]["/Lang"] == "pt-BR"
    sections = [
        block.number for block in example.document.blocks if isinstance(block, Heading) and block.level == 1
    ]
    assert [entry["/Title"].split()[0] for entry in reader.outline if not isinstance(entry, list)] == sections


def test_every_run_makes_the_same_bytes(tmp_path):
    first = chalkgrad.solve("softmax").to_pdf()
    assert chalkgrad.solve("softmax").to_pdf() == first
    script = "import sys, chalkgrad; sys.stdout.buffer.write(chalkgrad.solve('softmax').to_pdf())"
    other = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env={**os.environ, "TZ": "Asia/Tokyo", "PYTHONHASHSEED": "7", "SOURCE_DATE_EPOCH": "1000000000"},
        check=True,
        capture_output=True,
    ).stdout
    assert other == first


def test_pictures_are_made_of_the_same_text():
    text = chalkgrad.solve("mazur").text("pdf")
    pictures = pdf_typst.pictures(text, 40)
    assert len(pictures) == len(pages(pdf_typst.pdf(text)))
    width, height = (int.from_bytes(pictures[0][i : i + 4]) for i in (16, 20))
    assert pictures[0].startswith(b"\x89PNG\r\n")
    assert (width, height) == (round(210 / 25.4 * 40), round(297 / 25.4 * 40))


# --- strangers' texts ------------------------------------------------------------------------------------------


def read(text: str) -> str:
    """What a reader sees of a text on a line as long as it needs."""
    page = f'#set page(width: auto)\n#set text(font: "New Computer Modern")\n{text}\n'
    return "".join("".join(pages(pdf_typst.pdf(page))).split())


ASCII = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=40)


@given(ASCII)
def test_any_text_is_seen_as_it_was_written(text):
    assert read(escaped(text)) == "".join(text.replace("'", "’").split())


@given(ASCII)
def test_any_code_is_seen_as_it_was_written(text):
    assert read(f'#raw("{typst_string(text)}")') == "".join(text.split())


@pytest.mark.parametrize(
    "text",
    [
        '#read("/etc/passwd")',
        "#{panic()} #x",
        "$x^2$ */ /* // \\u{41}",
        "- a",
        "+ a",
        "= a",
        "/ a: b",
        "1. a",
        "https://example.org",
        "<label> @reference",
        "*a* _b_ `c` ~ ---",
        "a -? b -1",
        "[a](b) #[c]",
        "\\",
        "Größe – ça “α” ≈ π − ∞",
    ],
)
def test_nothing_a_stranger_writes_is_markup(text):
    title = chalkgrad.solve({**NET, "title": text})
    (first, *_) = pages(title.to_pdf())
    assert "".join(text.split()) in "".join(first.split())
    assert read(escaped(text)) == "".join(text.split())


def test_typst_reads_no_file_but_the_templates(tmp_path):
    (tmp_path / "secret.txt").write_text("secret")
    for path in (tmp_path / "secret.txt", "/etc/hostname", "../pyproject.toml"):
        with pytest.raises(OutputError, match="Typst refuses the page"):
            pdf_typst.pdf(f'#read("{path}")')


def test_other_scripts_do_not_stop_a_page():
    assert chalkgrad.solve({**NET, "title": "反向传播 עברית"}).to_pdf().startswith(b"%PDF")


# --- the package is an extra -----------------------------------------------------------------------------------


def test_a_missing_package_is_told_kindly(monkeypatch, tmp_path, capsys):
    from chalkgrad.cli import main

    monkeypatch.setitem(sys.modules, "typst", None)
    monkeypatch.chdir(tmp_path)
    assert main(["solve", "mazur", "--to", "md,pdf"]) == 1
    assert capsys.readouterr().err == (
        'chalkgrad: PDF pages need the package typst: pip install "chalkgrad[pdf]", or --pdf-engine latexmk\n'
    )
    assert list(Path().iterdir()) == []


def test_only_pdfs_load_the_package():
    script = "import sys, chalkgrad; chalkgrad.solve('mazur').to_latex(); print('typst' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert run.stdout == "False\n"


def test_the_command_writes_and_prints_the_pdf_that_python_gives(tmp_path, monkeypatch):
    from chalkgrad.cli import main

    monkeypatch.chdir(tmp_path)
    assert main(["solve", "chain", "--to", "pdf", "-o", "pages"]) == 0
    written = Path("pages/chain/chain.pdf").read_bytes()
    assert written == chalkgrad.solve("chain").to_pdf()
    command = [sys.executable, "-m", "chalkgrad", "solve", "chain", "--to", "pdf", "-o", "-"]
    assert subprocess.run(command, check=True, capture_output=True).stdout == written


def test_threads_may_make_pdfs_side_by_side():
    from concurrent.futures import ThreadPoolExecutor

    text = chalkgrad.solve("chain").text("pdf")
    with ThreadPoolExecutor(4) as threads:
        assert len(set(threads.map(pdf_typst.pdf, [text] * 8))) == 1
