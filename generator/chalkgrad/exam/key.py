"""The key: every answer of every paper, with what is accepted, for programs and for spreadsheets.

Papers come a chunk at a time; what they add to a file is a piece, and a file is its pieces in order, so that
memory does not grow with the number of papers.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from chalkgrad.evaluation.digits import rounded_texts
from chalkgrad.evaluation.rounding import Digits, fixed, show_given
from chalkgrad.evaluation.scalars import exact_fraction
from chalkgrad.evaluation.variants import Variants
from chalkgrad.exam.mistakes import Interval
from chalkgrad.exam.structure import Structure
from chalkgrad.quantities import At, Quantity, Role

COLUMNS = ("paper", "student", "question", "id", "value", "shown", "low", "high", "points", "letter", "student_id")
"""The head of `key.csv`; `letter` is that of the right choice, where there are some."""
NEARLY = 1e-6
"""In units of the last decimal."""
LONGEST = 2.0**53
"""Below it, a float64 holds every whole number."""
FORMULA = tuple("=+-@\t\r\n＝＋－＠")
"""What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection)."""


class Answer(NamedTuple):
    """A number that a student is to find."""

    question: str
    """Its letter, after the number of the exercise on this paper where there are several: `2a`."""
    id: str
    value: float
    shown: str
    """In the language of the paper."""
    low: str
    high: str
    """What is accepted: from the one to the other, rounded outward."""
    points: float
    letter: str = ""
    """Of the right choice, where there are some to choose from."""


@dataclass(frozen=True)
class PaperKey:
    """All that a key says of one paper."""

    paper: int
    student: str
    student_id: str
    given: Mapping[str, str]
    """Every given number by id; of several exercises behind its number: `2:W1[1,1]`."""
    answers: tuple[Answer, ...]


class Solved(NamedTuple):
    """An exercise as it stands on one paper."""

    given: tuple[tuple[str, str], ...]
    answers: tuple[Answer, ...]

    def placed(self, place: int) -> Solved:
        """The same as one of several exercises of its paper, by its number there."""
        return Solved(
            tuple((f"{place}:{id}", text) for id, text in self.given),
            tuple(answer._replace(question=f"{place}{answer.question}") for answer in self.answers),
        )


def solved(
    structure: Structure,
    variants: Variants,
    accepted: Mapping[At, Interval],
    letters: Mapping[str, Sequence[str]],
) -> list[Solved]:
    """The answers of some papers that have one structure, without their places; `letters` are those of the right
    choices, by question."""
    count, work = variants.count, structure.task.work_with
    mark = structure.example.language.decimal_mark
    columns = []
    for question in structure.questions:
        for id, at, points in zip(question.ids, question.ats, question.points, strict=True):
            shown = variants.column(at).texts
            if mark != ".":
                shown = [text.replace(".", mark) for text in shown]
            values = variants.double_column(at)
            low, high = bounds(accepted[at], values, Digits(work.decimals, work.significant))
            worth = points.numerator if points.denominator == 1 else float(points)
            right = letters.get(question.label, [""] * count)
            rows = zip(values, shown, low, high, right, strict=True)
            columns.append([Answer(question.label, id, v, s, lo, hi, worth, lt) for v, s, lo, hi, lt in rows])
    answers = zip(*columns, strict=True) if columns else iter([()] * count)
    return list(map(Solved, _given(structure, variants), answers))


def _given(structure: Structure, variants: Variants) -> Iterator[tuple[tuple[str, str], ...]]:
    """Every given number of each paper, by id."""
    example = structure.example
    columns = []
    for place, value in variants.program.given.items():
        at = next(at for at, register in variants.program.registers.items() if register == place)
        if at.time or (isinstance(at.quantity, Quantity) and at.quantity.role is Role.COUNT):
            continue
        id = at.id(example.network.samples)
        column = variants.given.get(place)
        values = column.table if column else (value,)
        entries = [(id, show_given(exact_fraction(v), example.digits).text) for v in values]
        columns.append([entries[pick] for pick in column.picks.tolist()] if column else entries * variants.count)
    return zip(*columns, strict=True)


def bounds(accepted: Interval, values: Sequence[float], digits: Digits) -> tuple[list[str], list[str]]:
    """The ends of what is accepted as texts with one digit more than a student carries, rounded outward; of a
    number that nobody rounds, the number itself.

    >>> # from 0.586714 to 0.5873 with 4 decimals: 0.58671 and 0.58730
    """
    low, high = _ends(accepted, values, digits)
    pairs = [(_plain(a), _plain(b)) if a == b else (a, b) for a, b in zip(low, high, strict=True)]
    return [a for a, _ in pairs], [b for _, b in pairs]


def _plain(text: str) -> str:
    """A decimal without the zeros at its end.

    >>> _plain("0.3000"), _plain("20")
    ('0.3', '20')
    """
    return text.rstrip("0").rstrip(".") if "." in text else text


def _ends(accepted: Interval, values: Sequence[float], digits: Digits) -> tuple[list[str], list[str]]:
    count = len(values)
    low = np.broadcast_to(np.asarray(accepted.low, dtype=float), (count,))
    high = np.broadcast_to(np.asarray(accepted.high, dtype=float), (count,))
    if digits.decimals is not None:
        return _outward(low, digits.decimals + 1, up=False), _outward(high, digits.decimals + 1, up=True)
    assert digits.significant is not None  # noqa: S101 (exactly one of the two is set)
    places = [digits.significant - _exponent(value) for value in values]
    return (
        [_outward(low[i : i + 1], place, up=False)[0] for i, place in enumerate(places)],
        [_outward(high[i : i + 1], place, up=True)[0] for i, place in enumerate(places)],
    )


def _outward(ends: NDArray[Any], decimals: int, *, up: bool) -> list[str]:
    """Ends with so many decimals; one that is nearly such a number is that number."""
    scaled = ends * 10.0**decimals
    nearest = np.rint(scaled)
    with np.errstate(invalid="ignore"):
        units = np.where(abs(scaled - nearest) < NEARLY, nearest, np.ceil(scaled) if up else np.floor(scaled))
    if np.isfinite(units).all() and (abs(units) < LONGEST).all():
        return list(map(rounded_texts(decimals).__getitem__, units.astype(np.int64).tolist()))
    return [fixed(abs(int(n)), decimals, negative=n < 0) if math.isfinite(n) else str(n) for n in units.tolist()]


def _exponent(value: float) -> int:
    return math.floor(math.log10(abs(value))) if value and math.isfinite(value) else 0


# ---- files ----------------------------------------------------------------------------------------------------


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe before what begins like one.

    >>> harmless('=HYPERLINK("http://x")'), harmless("Ana")
    ('\'=HYPERLINK("http://x")', 'Ana')
    """
    return f"'{text}" if text.lstrip().startswith(FORMULA) else text


def csv_row(cells: Iterable[str]) -> str:
    """Cells between commas, in quotation marks where they need them."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue()


CSV_HEAD = ",".join(COLUMNS) + "\n"


def csv_piece(papers: Iterable[PaperKey]) -> str:
    """The rows of some papers in `key.csv`; numbers of programs have a point, `shown` the mark of the paper."""
    lines = []
    for paper in papers:
        student = _cell(harmless(paper.student))
        student_id = _cell(harmless(paper.student_id))
        for answer in paper.answers:
            shown = f'"{answer.shown}"' if "," in answer.shown else answer.shown
            lines.append(
                f"{paper.paper},{student},{answer.question},{_cell(answer.id)},{answer.value!r},{shown},"
                f"{answer.low},{answer.high},{answer.points},{answer.letter},{student_id}\n"
            )
    return "".join(lines)


@lru_cache(10_000)
def _cell(text: str) -> str:
    return csv_row([text]).rstrip("\n") if text else ""


def json_piece(papers: Iterable[PaperKey]) -> str:
    """Some papers in `key.json`, one a line; what is no finite number is null."""
    return "".join(map(_paper_text, papers))


def _paper_text(paper: PaperKey) -> str:
    student = _quoted(paper.student) if paper.student else "null"
    if paper.student_id:
        student += f', "student_id": {_quoted(paper.student_id)}'
    given = ", ".join([f"{_quoted(id)}: {_quoted(text)}" for id, text in paper.given.items()])
    answers = ", ".join(map(_answer_text, paper.answers))
    return f'{{"paper": {paper.paper}, "student": {student}, "given": {{{given}}}, "answers": [{answers}]}},\n'


def _answer_text(answer: Answer) -> str:
    letter = f', "letter": {_quoted(answer.letter)}' if answer.letter else ""
    return (
        f'{{"question": {_quoted(answer.question)}, "id": {_quoted(answer.id)}, "value": {_number(answer.value)}, '
        f'"shown": {_quoted(answer.shown)}, "low": {_number(answer.low)}, "high": {_number(answer.high)}, '
        f'"points": {answer.points}{letter}}}'
    )


@lru_cache(50_000)
def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _number(value: float | str) -> str:
    text = str(value)
    return "null" if text[-1] in "fn" else text  # inf, nan


def json_whole(pieces: Iterable[str]) -> Iterator[str]:
    """The whole of `key.json` from its pieces, one after the other."""
    yield '{"papers": [\n'
    last = ""
    for piece in pieces:
        if piece:
            if last:
                yield last
            last = piece
    yield last.removesuffix(",\n") + "\n"
    yield "]}\n"
