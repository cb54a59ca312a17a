"""Any text comes out as it went in: what a reader of the format sees is what was written."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

import chalkgrad
from chalkgrad.render.escaping import ESCAPES, latex, markdown

# the commands that escaped text may hold, and the character each stands for
COMMANDS = {
    r"\textbackslash{}": "\\",
    r"\textasciicircum{}": "^",
    r"\textasciitilde{}": "~",
    r"\textless{}": "<",
    r"\textgreater{}": ">",
    r"\textbar{}": "|",
    r"\textquotedbl{}": '"',
    r"\{": "{",
    r"\}": "}",
    r"\$": "$",
    r"\&": "&",
    r"\#": "#",
    r"\%": "%",
    r"\_": "_",
}
ASCII = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60)
PRINTABLE = st.text(st.characters(exclude_categories=["C", "Z"]) | st.just(" "), max_size=40)


def read_latex(text: str) -> str:
    """What LaTeX would set: escapes undone by a reading of its own, left to right."""
    out = ""
    while text:
        command = next((c for c in COMMANDS if text.startswith(c)), None)
        if command:
            out, text = out + COMMANDS[command], text[len(command) :]
            continue
        assert text[0] not in "\\{}$&#%_^~", f"active in LaTeX: {text[:30]}"
        out, text = out + text[0], text[1:]
    return out


@given(ASCII)
def test_latex_reads_back_what_was_written(text):
    assert read_latex(latex(text)) == text


def test_an_escape_is_not_escaped_again():
    assert latex("a~b") == r"a\textasciitilde{}b"
    assert latex("\\~{}") == r"\textbackslash{}\textasciitilde{}\{\}"


@given(PRINTABLE)
def test_latex_of_any_letters_has_balanced_braces_and_known_commands(text):
    escaped = latex(text)
    known = r"\\(otherscript|ensuremath|text[a-z]+|[{}$&#%_]|[A-Z]?[a-z]+(?=\}))"
    assert re.sub(known, "", escaped).count("\\") == 0
    bare = re.sub(r"\\[{}]", "", escaped)
    depth = 0
    for c in bare:
        depth += {"{": 1, "}": -1}.get(c, 0)
        assert depth >= 0
    assert depth == 0


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        ("50% of a_1", r"50\% of a\_1"),
        ("Größe – ça", "Größe -- ça"),
        ("α ≈ π", r"\ensuremath{\alpha} \ensuremath{\approx} \ensuremath{\pi}"),
        ("中", r"\otherscript{中}{4E2D}"),
    ],
)
def test_latex_of_letters(text, tex):
    assert latex(text) == tex


def shown(source: str) -> str:
    """The words that a reader of Markdown sees."""
    tokens = MarkdownIt("commonmark").parse(source)
    assert [t.type for t in tokens] == ["heading_open", "inline", "heading_close"]
    children = tokens[1].children or []
    assert {c.type for c in children} <= {"text", "text_special"}, "nothing but words"
    return "".join(c.content for c in children)


@given(ASCII)
def test_markdown_shows_what_was_written(text):
    assert shown(f"# {markdown(text)}").split() == text.split()


@given(PRINTABLE)
def test_markdown_shows_any_letters(text):
    assert shown(f"# {markdown(text)}").split() == text.split()


@given(ASCII)
def test_markdown_leaves_no_mathematics_open(text):
    # GitHub and Jupyter read $…$ as mathematics
    assert not re.search(r"(?<!\\)(\\\\)*\$", re.sub(r"\\\\", "", markdown(text)))


@given(ASCII)
def test_markdown_keeps_the_columns_of_a_table(text):
    table = f"| a | b |\n|---|---|\n| {markdown(text)} | end |\n"
    tokens = MarkdownIt("commonmark").enable("table").parse(table)
    cells = [tokens[i + 1].content for i, t in enumerate(tokens) if t.type == "td_open"]
    assert len(cells) == 2
    assert cells[1] == "end"


def test_every_table_of_escapes_is_tried_here():
    assert {"latex", "markdown"} <= set(ESCAPES)


@pytest.mark.parametrize(("language", "written"), [("en", r"\max(0, 0.9)"), ("pt_BR", r"\max(0; 0{,}9)")])
def test_arguments_are_told_from_decimals(language: str, written: str) -> None:
    """max(0, 0,9) would have three arguments."""
    assert written in chalkgrad.solve("relu", language=language).to_latex()
