"""A table too wide for its line is split, and no part repeats a row that has nothing to say there."""

from __future__ import annotations

import re

import chalkgrad


def parts(page: str) -> list[list[list[str]]]:
    """The rows of each long table of a LaTeX page, cut into cells."""
    tables = re.findall(r"\\endhead\n(.*?)\\bottomrule", page, re.DOTALL)
    rows = [
        [line.removesuffix(r" \\").split(" & ") for line in table.splitlines() if " & " in line]
        for table in tables
    ]
    return [table for table in rows if table]


def test_a_part_has_no_row_of_empty_cells() -> None:
    page = chalkgrad.solve("three_layers", decimals=15, language="en").to_latex()
    with_weights = [table for table in parts(page) if any("w" in row[0] for row in table)]
    assert len({len(table[0]) for table in with_weights}) > 1, "the table of the check is split here"
    for table in parts(page):
        assert all(any(cell.strip() for cell in row[1:]) for row in table)
    assert "\\midrule\n\\bottomrule" not in page


def test_the_cost_stands_where_it_has_numbers() -> None:
    page = chalkgrad.solve("mazur", language="en", decimals=15).to_latex()
    costs = [row for table in parts(page) for row in table if row[0].startswith("cost ")]
    assert costs
    assert all(re.search(r"\d", "".join(row[1:])) for row in costs)
