"""Where lines break: before a relation, never so that a result stands alone."""

from __future__ import annotations

import re

import chalkgrad


def test_a_result_is_not_left_alone_on_its_line() -> None:
    page = chalkgrad.solve("mazur").to_latex()
    rows = [
        row
        for block in re.findall(r"\\begin\{align\*\}(.*?)\\end\{align\*\}", page, re.DOTALL)
        for row in block.split("\\\\")
    ]
    continued = [row for row in rows if row.strip().strip("*").strip().startswith("&")]
    assert continued
    assert not [row for row in continued if re.fullmatch(r"\*?\s*&\\approx -?[\d.]+\s*", row)]
