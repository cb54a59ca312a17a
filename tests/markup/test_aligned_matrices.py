"""Numbers in the columns of a matrix align on their decimal mark, alone and in thousands."""

from __future__ import annotations

import re

import chalkgrad

EM = {**dict.fromkeys("0123456789", 0.5), ".": 5 / 18, "-": 7 / 9, r"\enspace": 0.5, r"\thickspace": 5 / 18}
"""How wide TeX's usual font sets each thing."""


def reach(entry: str) -> tuple[float, float]:
    """How far an entry reaches to the left of its mark, and from there to the right."""
    things = re.findall(r"\\[a-z]+|\S", entry)
    digits = [i for i, thing in enumerate(things) if thing.isdigit()]
    split = things.index(".") if "." in things else digits[-1] + 1
    return sum(EM[thing] for thing in things[:split]), sum(EM[thing] for thing in things[split:])


def columns(page: str) -> list[list[str]]:
    """The columns of a page's matrices that hold several plain numbers."""
    bodies = re.findall(r"\\begin\{bmatrix\}(.*?)\\end\{bmatrix\}", page)
    found = [
        list(column) for body in bodies for column in zip(*(r.split("&") for r in body.split(r"\cr")), strict=True)
    ]
    return [
        column for column in found if len(column) > 1 and not re.search(r"\\cdot|\\frac|dots", "".join(column))
    ]


def check(page: str) -> None:
    found = columns(page)
    assert any(r"\thickspace" in entry for column in found for entry in column)
    for column in found:
        for side in zip(*map(reach, column), strict=True):
            assert max(side) - min(side) < 0.01, column


def test_a_column_aligns() -> None:
    check(chalkgrad.solve("batch").to_markdown())


def test_a_column_aligns_in_each_variant() -> None:
    variants = [{"W1[1,2]": "-12.5", "W1[2,2]": "3"}, {"W1[1,2]": "100", "W1[2,1]": "-0.125"}]
    for page in chalkgrad.solve("batch").fill("md", variants):
        check(page)
