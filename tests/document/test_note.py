"""A note of the author's stands under the subtitle, in the reader's language, as plain text."""

from __future__ import annotations

import re

import pytest
from markdown_it import MarkdownIt

import chalkgrad
from chalkgrad import SpecError
from test_safety import NET, TITLES

NOTES = {"en": "Hand in by Monday.", "pt_BR": "Entregar até segunda-feira."}


def blocks(page: str) -> list[str]:
    return page.split("\n\n")


@pytest.fixture(scope="module")
def plain() -> chalkgrad.Example:
    return chalkgrad.solve(NET)


def test_it_stands_between_the_subtitle_and_the_first_section(plain):
    page = blocks(chalkgrad.solve({**NET, "note": NOTES["en"]}).to_markdown())
    without = blocks(plain.to_markdown())
    assert page[:2] == without[:2]
    assert page[2] == "> Hand in by Monday."
    assert page[3:] == without[2:]


@pytest.mark.parametrize("code", ["en", "pt_BR", "es"])
def test_it_speaks_the_language_of_the_page(code):
    example = chalkgrad.solve({**NET, "note": NOTES}, language=code)
    said = NOTES.get(code, NOTES["en"])
    assert blocks(example.to_markdown())[2] == f"> {said}"
    assert rf"\chalkremark{{{said}}}" in example.to_latex()


@pytest.mark.parametrize("note", ["", None, {}, {"en": ""}])
def test_nothing_to_say_is_no_remark(note, plain):
    assert chalkgrad.solve({**NET, "note": note}).to_markdown() == plain.to_markdown()


@pytest.mark.parametrize("note", TITLES)
def test_what_a_stranger_writes_is_text(note):
    example = chalkgrad.solve({**NET, "note": note})
    tokens = MarkdownIt("commonmark").parse(blocks(example.to_markdown())[2])
    assert [t.type for t in tokens] == [
        "blockquote_open", "paragraph_open", "inline", "paragraph_close", "blockquote_close",
    ]  # fmt: skip
    children = tokens[2].children or []
    assert {c.type for c in children} <= {"text", "text_special"}
    assert "".join(c.content for c in children) == note
    (first,) = re.findall(r"^\\chalkremark\{(.*)\}$", example.to_latex(), re.MULTILINE)[:1]
    assert first == TITLES[note]


@pytest.mark.parametrize(
    ("note", "told"),
    [
        (["a"], "found a list of 1, expected a note, or one a language"),
        ({"pt-BR": "a"}, 'found the key "pt-BR", expected notes by language'),
        ("x" * 2001, "found a text of 2,001 characters, expected at most 2,000"),
    ],
)
def test_a_note_is_judged_like_a_title(note, told):
    with pytest.raises(SpecError, match=f"note[^:]*: {told}"):
        chalkgrad.solve({**NET, "note": note})
