"""The bar of a long run: drawn over itself on a terminal, and nowhere else."""

from __future__ import annotations

import io

import pytest

from chalkgrad.catalogue.wording import load_wording
from chalkgrad.cli.progress import Progress, clocked
from chalkgrad.messages import ENGLISH


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def drawn(steps: list[tuple[float, int]], total: int = 2000, wording=ENGLISH) -> list[str]:
    """What stands on the line after each step; steps are seconds and papers done."""
    terminal, now = Terminal(), [0.0]
    bar = Progress(total, terminal, wording, lambda: now[0])
    seen = []
    for time, done in steps:
        now[0] = time
        bar.heard(done)
        seen.append(terminal.getvalue().rpartition("\r")[2].rstrip())
    bar.end()
    assert terminal.getvalue().rpartition("\r")[2] == ""
    assert terminal.getvalue().split("\r")[-2].strip() == "", "wiped away"
    return seen


def test_the_time_left_follows_from_the_speed():
    assert drawn([(0, 0), (10, 500), (30, 1500), (40, 2000)]) == [
        "[........................] 0 of 2,000 papers",
        "[######..................] 500 of 2,000 papers, 0:30 left",
        "[##################......] 1,500 of 2,000 papers, 0:10 left",
        "[########################] 2,000 of 2,000 papers, 0:00 left",
    ]


def test_what_was_done_before_says_nothing_about_the_speed():
    assert drawn([(0, 1000), (10, 1100)])[-1].endswith("1,100 of 2,000 papers, 1:30 left")


def test_it_speaks_the_language():
    assert drawn([(0, 0), (10, 1000)], wording=load_wording("pt_BR"))[-1].endswith(
        "1.000 de 2.000 provas, faltam 0:10"
    )


def test_it_is_not_drawn_too_often():
    seen = drawn([(0, 0), (0.01, 1), (0.02, 2), (0.5, 3)])
    assert seen[0] == seen[1] == seen[2] != seen[3]


def test_where_nobody_looks_nothing_is_drawn():
    stream = io.StringIO()
    bar = Progress(10, stream, ENGLISH)
    bar.heard(0)
    bar.heard(10)
    bar.end()
    assert stream.getvalue() == ""
    assert bar.done == 10


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00"), (0.2, "0:01"), (59.5, "1:00"), (3600, "1:00:00"), (90061, "25:01:01")]
)
def test_a_clock(seconds, text):
    assert clocked(seconds) == text
