"""The report on fairness: what the papers of each exercise have in common, and where they differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chalkgrad.document.model import Block, Cell, Emphasis, Inline, Paragraph, Table
from chalkgrad.document.numbering import Numbering
from chalkgrad.document.sentences import Sentences

BAR, WIDEST = "█", 30
"""What the bars of a histogram are made of, and how many of them the longest has."""


@dataclass(frozen=True)
class Spread:
    """A number of which each paper has one."""

    name: Inline
    least: int
    median: float
    greatest: int


@dataclass(frozen=True)
class Answers:
    """The answers to one question in all papers."""

    name: Inline
    """The question and its quantity."""
    different: int
    negative: int
    low: float
    high: float
    edges: Sequence[float]
    bins: Sequence[int]
    """How many fall between each edge and the next."""


@dataclass(frozen=True)
class Caught:
    """A wrong method, and in how many papers its answer to a question is not accepted."""

    question: str
    """Tells it from the other questions."""
    name: Inline
    mistake: Inline
    papers: int
    outside: int


@dataclass(frozen=True)
class Demand:
    """A bound of all papers, and what they come to."""

    key: str
    name: Inline
    """Of the question, or the wrong method."""
    asked: float
    found: float


@dataclass(frozen=True)
class Exercise:
    """What the papers of one exercise show."""

    title: str
    papers: int
    drawn: int
    rejected: Sequence[tuple[Inline, int]]
    """Conditions, and how many candidates broke each of them and none before it."""
    spreads: Sequence[Spread]
    answers: Sequence[Answers]
    caught: Sequence[Caught]
    missed: Sequence[Demand]


def report(words: Sentences, exercises: Sequence[Exercise]) -> tuple[Block, ...]:
    """The whole report."""
    numbering, writer = Numbering(), _Writer(words)
    blocks: list[Block] = []
    several = len(exercises) > 1
    for exercise in exercises:
        if several:
            blocks.append(numbering.heading(1, (exercise.title,)))
        blocks += writer.exercise(exercise, numbering, 1 + several)
    return tuple(blocks)


@dataclass(frozen=True)
class _Writer:
    words: Sentences

    def exercise(self, exercise: Exercise, numbering: Numbering, level: int) -> Iterator[Block]:
        """Everything about one exercise; its headings are of a level."""
        yield Paragraph(self.words.say("fair.papers", count=exercise.papers))
        yield from self._missed(exercise.missed)
        parts = (
            ("fair.difficulty_heading", self._spreads(exercise)),
            ("fair.answers_heading", self._answers(exercise)),
            ("fair.draws_heading", self._draws(exercise)),
            ("fair.mistakes_heading", self._caught(exercise.caught)),
        )
        for key, blocks in parts:
            written = list(blocks)
            if written:
                yield numbering.heading(level, self.words.say(key))
                yield from written

    def _missed(self, missed: Sequence[Demand]) -> Iterator[Block]:
        for demand in missed:
            found, asked = self._percent(demand.found), self._percent(demand.asked)
            begin = Emphasis(f"{self.words.language.sentence('fair.missed')}:")
            said = self.words.say(demand.key, missed=begin, name=demand.name, found=found, asked=asked)
            yield Paragraph(said)

    def _spreads(self, exercise: Exercise) -> Iterator[Block]:
        yield Paragraph(self.words.say("fair.difficulty_said"))
        heads = ("fair.measure", "fair.least", "fair.median", "fair.greatest")
        rows: list[tuple[Cell, ...]] = [
            (
                spread.name,
                (str(spread.least),),
                (self._number(spread.median),),
                (str(spread.greatest),),
            )
            for spread in exercise.spreads
        ]
        yield Table(tuple(map(self.words.say, heads)), tuple(rows))

    def _answers(self, exercise: Exercise) -> Iterator[Block]:
        heads = ("fair.question", "fair.different", "fair.negative", "fair.least", "fair.greatest")
        rows: list[tuple[Cell, ...]] = [
            (
                one.name,
                (f"{one.different} ({self._percent(one.different / exercise.papers)})",),
                (f"{one.negative} ({self._percent(one.negative / exercise.papers)})",),
                (self._number(one.low),),
                (self._number(one.high),),
            )
            for one in exercise.answers
        ]
        yield Table(tuple(map(self.words.say, heads)), tuple(rows))
        for one in exercise.answers:
            if one.low < one.high:
                yield Paragraph(self.words.say("fair.histogram", name=one.name))
                yield self._histogram(one)

    def _histogram(self, one: Answers) -> Table:
        most = max(one.bins)
        rows: list[tuple[Cell, ...]] = []
        for low, high, count in zip(one.edges, one.edges[1:], one.bins, strict=False):
            bar = BAR * -(-count * WIDEST // most)
            rows.append(((f"{self._number(low)} … {self._number(high)}",), (str(count),), (bar,) if bar else ()))
        return Table((self.words.say("fair.from_to"), self.words.say("fair.count"), ()), tuple(rows))

    def _draws(self, exercise: Exercise) -> Iterator[Block]:
        rejected = exercise.drawn - exercise.papers
        share = self._percent(rejected / exercise.drawn)
        drawn = (str(exercise.drawn),)
        yield Paragraph(self.words.say("fair.drawn", count=rejected, drawn=drawn, share=share))
        rows: list[tuple[Cell, ...]] = [
            (name, (str(count),), (self._percent(count / exercise.drawn),))
            for name, count in exercise.rejected
            if count
        ]
        if rows:
            heads = ("fair.condition", "fair.rejected", "fair.share")
            yield Table(tuple(map(self.words.say, heads)), tuple(rows))

    def _caught(self, caught: Sequence[Caught]) -> Iterator[Block]:
        if not caught:
            return
        yield Paragraph(self.words.say("fair.caught_said"))
        questions = {one.question: one.name for one in caught}
        rows: dict[Inline, dict[str, Inline]] = {}
        for one in caught:
            rows.setdefault(one.mistake, {})[one.question] = (f"{one.outside}/{one.papers}",)
        body = ((mistake, *(own.get(question, ("–",)) for question in questions)) for mistake, own in rows.items())
        yield Table((self.words.say("fair.mistake"), *questions.values()), tuple(body))

    def _percent(self, share: float) -> str:
        """`62.5 %`."""
        text = f"{100 * share:.1f}".removesuffix(".0")
        return f"{text.replace('.', self.words.language.decimal_mark)} %"

    def _number(self, value: float) -> str:
        """Four digits are enough to compare."""
        return f"{value:.4g}".replace(".", self.words.language.decimal_mark).replace("-", "−")
