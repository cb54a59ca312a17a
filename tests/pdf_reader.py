"""Reads PDFs back, without knowing how they were made."""

from __future__ import annotations

import io
import re
from collections import Counter

from pypdf import PdfReader

_BRACKET = re.compile(r"[\[\]]\s+(?:3\s+4|4\s+5|6\s+7|7\s+8)(?![.,])")
"""A bracket too tall for one glyph: its pieces have no letters, and are read as digits."""

SCRIPT = 9.0  # points: what is smaller stands in an index or an exponent


def pages(pdf: bytes) -> list[str]:
    """The text of each page; spaces stand around every index and exponent."""
    return [_text(page) for page in PdfReader(io.BytesIO(pdf)).pages]


def _text(page) -> str:
    out = []
    small = False

    def visit(text, _, place, __, size) -> None:
        nonlocal small
        if not text.strip():
            out.append(text)
            return
        was, small = small, abs(size * place[3]) < SCRIPT
        out.append(text if small == was else f" {text}")

    page.extract_text(visitor_text=visit)
    return _BRACKET.sub(" ", "".join(out))


def decimals(text: str, mark: str = ".") -> Counter[str]:
    """Every number with a decimal mark, and how often it stands there."""
    return Counter(re.findall(rf"\d+{re.escape(mark)}\d+", text))
