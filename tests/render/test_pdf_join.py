"""Several PDFs as one: the pages of all, in their order, the same bytes each time."""

from __future__ import annotations

import io
import sys

import pytest
from pypdf import PdfReader

from chalkgrad.errors import OutputError
from chalkgrad.render.pdf_join import joined
from chalkgrad.render.pdf_typst import pdf


@pytest.fixture(scope="module")
def pieces() -> list[bytes]:
    head = '#set document(title: "Names")\n#set text(lang: "es")\n'
    return [
        pdf(f"{head}= Ana\none #pagebreak() two"),
        pdf("= Zé\nthree"),
        pdf("= Eva\nfour #pagebreak() five #pagebreak() six"),
    ]


def test_all_pages_in_their_order(pieces):
    whole = PdfReader(io.BytesIO(joined(pieces)))
    words = [page.extract_text().split()[-1] for page in whole.pages]
    assert words == ["one", "two", "three", "four", "five", "six"]


def test_bookmarks_lead_to_their_pages(pieces):
    whole = PdfReader(io.BytesIO(joined(pieces)))
    found = [(mark.title, whole.get_destination_page_number(mark)) for mark in whole.outline]
    assert found == [("Ana", 0), ("Zé", 2), ("Eva", 3)]


def test_title_and_language_are_those_of_the_first(pieces):
    whole = PdfReader(io.BytesIO(joined(pieces)))
    assert whole.metadata is not None
    assert whole.metadata.title == "Names"
    assert whole.root_object["/Lang"] == "es"


def test_the_same_bytes_each_time(pieces):
    assert joined(pieces) == joined(pieces)


def test_a_missing_package_is_told(pieces, monkeypatch):
    monkeypatch.setitem(sys.modules, "pypdf", None)
    with pytest.raises(OutputError, match=r"PDF pages need the package pypdf: pip install"):
        joined(pieces)
