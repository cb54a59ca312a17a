"""A product with a factor that is exactly 0 is exactly 0: `=` stands there, also beside rounded numbers."""

from __future__ import annotations

import re

import chalkgrad

NOTHING = re.compile(r"(=|\\approx) -0 \\cdot \\ln [\d.]+ (=|\\approx) 0(?![\d.])")


def test_a_factor_of_0_makes_the_product_exact() -> None:
    page = chalkgrad.solve("softmax").to_markdown()
    assert NOTHING.findall(page) == [("=", "=")] * 2
    assert r"= -\frac{0}{0.1189} = 0" in page


def test_a_product_of_rounded_numbers_stays_rounded() -> None:
    page = chalkgrad.solve("softmax").to_markdown()
    assert re.search(r"\\approx -1 \\cdot \\ln 0\.\d+ \\approx 0\.\d+", page)


def test_variants_say_it_each_for_itself() -> None:
    pages = list(chalkgrad.solve("softmax").fill("md", [{"y[1]": "0"}, {"y[1]": "0.5", "y[2]": "0.5"}]))
    assert [len(NOTHING.findall(page)) for page in pages] == [2, 1]
    assert r"\approx -0.5 \cdot \ln 0.1189 \approx" in pages[1]
