"""How fast exams are, beside a peer in the same run and another's published figures.  `make benchmark` prints the
figures; nothing is asserted.

What to look for: on one core more than 1,500 worked solutions a second with their keys, drawing and conditions
included; a solution in less time than handcalcs takes to type its formulas out.
"""

from __future__ import annotations

import time
from typing import Any

import pytest
from test_speed import typed_out

from chalkgrad.pipeline import exam
from chalkgrad.render.makers import made as finished

PAPERS = 10_000
AT_ONCE = 1000
R_EXAMS_VARIANTS, R_EXAMS_PDFS = (10, 18), 1.5
"""What R/exams (http://www.R-exams.org) makes in a second: variants of an exercise, and PDFs by way of LaTeX.
These are figures reported for it, not measured here: R is no part of these tests."""


@pytest.mark.parametrize("form", ["md", "tex"])
def test_ten_thousand_worked_solutions_with_their_key(benchmark: Any, form: str) -> None:
    made = exam("backpropagation", variants=PAPERS)

    def work() -> int:
        written = 0
        for first in range(1, PAPERS + 1, AT_ONCE):
            papers = range(first, first + AT_ONCE)
            sheets = made.sheets(form, papers, solved=True)
            written += sum(map(len, sheets)) + sum(map(len, made.recorded(papers, (form,)).values()))
        return written

    made.sheets(form, range(1, 9), solved=True)
    written = benchmark.pedantic(work, rounds=1)
    rate = PAPERS / benchmark.stats.stats.min
    low, high = R_EXAMS_VARIANTS
    print(f"\n{rate:,.0f} solutions a second, {rate / high:,.0f} to {rate / low:,.0f} times R/exams' variants")
    assert written > PAPERS * 1000


@pytest.mark.filterwarnings("ignore")
def test_as_many_solutions_as_handcalcs_types_out_one(benchmark: Any) -> None:
    step = typed_out()
    made = exam("backpropagation", variants=AT_ONCE)
    made.sheets("tex", range(1, 9), solved=True)
    step()
    _, one = _timed(step)
    benchmark.pedantic(lambda: made.sheets("tex", range(1, AT_ONCE + 1), solved=True), rounds=1)
    each = benchmark.stats.stats.min / AT_ONCE
    print(
        f"\nhandcalcs: {one * 1000:.1f} ms for one; {one / each:,.0f} solutions are worked and written meanwhile"
    )


def test_a_bundle_of_pdfs(benchmark: Any, tmp_path: Any) -> None:
    made = exam("backpropagation", variants=40)
    form, papers = made.form("pdf"), range(1, 41)

    def bundle() -> bytes:
        content = finished(form, made.shell("pdf", solved=True).file(made.sheets("pdf", papers, solved=True)))
        assert isinstance(content, bytes)
        return content

    assert benchmark.pedantic(bundle, rounds=1).startswith(b"%PDF")
    rate = len(papers) / benchmark.stats.stats.min
    print(f"\n{rate:.1f} solutions a second as PDF, {rate / R_EXAMS_PDFS:.0f} times R/exams' PDFs")


def _timed(step: Any) -> tuple[Any, float]:
    begin = time.perf_counter()
    found = step()
    return found, time.perf_counter() - begin
