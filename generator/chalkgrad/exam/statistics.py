"""What all papers of an exam show, gathered piece by piece: memory does not grow with their number.

A chunk of papers leaves a line of JSON for each structure; a report is read off the lines of all chunks.
"""

from __future__ import annotations

import json
import math
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from chalkgrad.evaluation.rounding import decimal_value
from chalkgrad.exam.fairness import Measures
from chalkgrad.exam.mistakes import Caught
from chalkgrad.exam.structure import Structure
from chalkgrad.exam.tally import Tally

MOST_BINS = 14
MOST_KEPT = 50_000
"""Up to so many different answers are counted exactly; of more, a share of them, found by their hash."""
MEASURES = ("negatives", "digits", "operations", "signs", "difficulty")


@dataclass
class Distinct:
    """How many different texts there are: exact while they are few, then by a sample (Wegman)."""

    kept: set[str] = field(default_factory=set)
    depth: int = 0

    def add(self, texts: Iterable[str]) -> None:
        """Count some more."""
        mask = (1 << self.depth) - 1
        self.kept.update(text for text in texts if not mask or not zlib.crc32(text.encode()) & mask)
        while len(self.kept) > MOST_KEPT:
            self.depth += 1
            mask = (1 << self.depth) - 1
            self.kept = {text for text in self.kept if not zlib.crc32(text.encode()) & mask}

    @property
    def count(self) -> int:
        """How many."""
        return len(self.kept) << self.depth


@dataclass
class AnswerSummary:
    """The answers to one question in all papers."""

    label: str
    id: str
    papers: int = 0
    negative: int = 0
    distinct: Distinct = field(default_factory=Distinct)
    low: float = float("inf")
    high: float = float("-inf")
    bins: list[int] = field(default_factory=list)
    """How many answers fall between each edge and the next."""

    @property
    def share(self) -> float:
        """Different answers, as a share of the papers."""
        return self.distinct.count / self.papers

    def see(self, texts: Sequence[str]) -> None:
        """Count some answers."""
        values = _values(texts)
        self.papers += len(texts)
        self.negative += int((values < 0).sum())
        self.distinct.add(texts)
        if len(values):
            self.low, self.high = min(self.low, float(values.min())), max(self.high, float(values.max()))

    def sort(self, texts: Sequence[str]) -> None:
        """Put some answers into the bins, when their ends are known."""
        counts, _ = np.histogram(_values(texts), bins=np.array(self.edges))
        self.bins = [have + int(new) for have, new in zip(self.bins or [0] * len(counts), counts, strict=True)]

    @cached_property
    def edges(self) -> list[float]:
        """Round numbers from below the least answer to above the greatest."""
        if not self.low < self.high:
            return [self.low, self.low + 1]
        step = _round_step((self.high - self.low) / (MOST_BINS - 2))
        first, last = math.floor(self.low / step), math.floor(self.high / step) + 1
        return [float(f"{place * step:.10g}") for place in range(first, last + 1)]


@dataclass
class ExerciseSummary:
    """What the papers that have one exercise show."""

    name: str
    papers: int = 0
    drawn: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    """Candidates by the first condition that they break."""
    measures: dict[str, Counter[int]] = field(default_factory=lambda: {name: Counter() for name in MEASURES})
    answers: dict[str, AnswerSummary] = field(default_factory=dict)
    caught: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)
    """For each answer and mistake: in how many papers it gives another number, in how many one that is caught."""

    def see(self, line: Mapping[str, Any]) -> None:
        """Count the papers of one line."""
        self.papers += line["papers"]
        self.drawn += line["drawn"]
        self.rejected.update(line["rejected"])
        for name, numbers in line["measures"].items():
            self.measures[name].update(numbers)
        for key, (label, id, texts) in line["answers"].items():
            self.answers.setdefault(key, AnswerSummary(label, id)).see(texts)
        for key, mistake, papers, outside in line["caught"]:
            have = self.caught.get((key, mistake), (0, 0))
            self.caught[key, mistake] = (have[0] + papers, have[1] + outside)


def piece(
    name: str,
    structure: Structure,
    texts: Callable[[Any], Sequence[str]],
    measures: Measures,
    tally: Tally,
    caught: Iterable[Caught],
) -> str:
    """The line of some papers of an exercise; `texts` are the digits of an answer in each."""
    answers: dict[str, tuple[str, str, list[str]]] = {}
    keys: dict[tuple[str, str], str] = {}
    for question in structure.questions:
        for place, (id, at) in enumerate(zip(question.ids, question.ats, strict=True), 1):
            key = keys[question.label, id] = f"{question.label}.{place}"
            answers[key] = (question.label, id, list(texts(at)))
    line = {
        "exercise": name,
        "papers": len(measures.negatives),
        "drawn": int(tally.drawn.sum()),
        "rejected": {name: int(counts.sum()) for name, counts in tally.first.items()},
        "measures": {name: getattr(measures, name).tolist() for name in MEASURES},
        "answers": answers,
        "caught": [(keys[one.question, one.id], one.mistake, one.papers, one.outside) for one in caught],
    }
    return json.dumps(line, ensure_ascii=False) + "\n"


def summaries(lines: Callable[[], Iterable[str]]) -> list[ExerciseSummary]:
    """What all papers show, exercise by exercise; the lines are read twice."""
    found: dict[str, ExerciseSummary] = {}
    for line in _read(lines()):
        found.setdefault(line["exercise"], ExerciseSummary(line["exercise"])).see(line)
    for line in _read(lines()):
        for key, (_, _, texts) in line["answers"].items():
            found[line["exercise"]].answers[key].sort(texts)
    return list(found.values())


def _read(lines: Iterable[str]) -> Iterator[Mapping[str, Any]]:
    return (json.loads(line) for line in lines if line.strip())


def _round_step(least: float) -> float:
    """The first of 1, 2, 5, 10, … (or a tenth of them, and so on) that is not below.

    >>> _round_step(0.03), _round_step(0.7), _round_step(6)
    (0.05, 1.0, 10.0)
    """
    ten = 10.0 ** math.floor(math.log10(least))
    return next(step * ten for step in (1, 2, 5, 10) if step * ten >= least * (1 - 1e-9))


def _values(texts: Sequence[str]) -> Any:
    """What finite numbers say."""
    plain = [text for text in texts if text.lstrip("-") not in ("inf", "nan")]
    return np.array([float(text) if "/" not in text else float(decimal_value(text)) for text in plain])


def median(counts: Mapping[int, int]) -> float:
    """The middle of numbers that are counted.

    >>> median({1: 2, 5: 1, 7: 3})
    6.0
    """
    total, seen = sum(counts.values()), 0
    middle: list[int] = []
    for number in sorted(counts):
        before, seen = seen, seen + counts[number]
        middle += [number for place in ((total - 1) // 2, total // 2) if before <= place < seen]
    return sum(middle) / 2
