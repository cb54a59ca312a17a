"""`fairness.md`: the report on what all papers show, and what was demanded of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from chalkgrad.catalogue.conditions import BY_NAME
from chalkgrad.catalogue.languages import load_language
from chalkgrad.catalogue.wording import load_wording
from chalkgrad.document import fairness as page
from chalkgrad.document.answers import named
from chalkgrad.document.mistakes import said
from chalkgrad.document.model import Code, Document, Inline
from chalkgrad.document.sentences import Sentences
from chalkgrad.exam.demands import ACCEPTED
from chalkgrad.exam.drawing import CANONICAL_ORDER
from chalkgrad.exam.fairness import DIFFICULTY, DIGITS, NEGATIVES
from chalkgrad.exam.statistics import MEASURES, AnswerSummary, ExerciseSummary, median, summaries
from chalkgrad.exam.working import DISTRACTORS, Working
from chalkgrad.messages import told
from chalkgrad.render.formats import load_format
from chalkgrad.render.page import render
from chalkgrad.spec.model import in_language

OWN = (NEGATIVES, DIGITS, DIFFICULTY, DISTRACTORS, CANONICAL_ORDER)
"""Conditions that follow from what is asked of papers, not from the author's."""


def written(title: str, workings: Mapping[str, Working], lines: Callable[[], Iterable[str]]) -> str:
    """The report as Markdown; `workings` has one for each exercise, by its name, and `lines` are those of all
    papers."""
    first = next(iter(workings.values())).structure.example
    words = Sentences(first.language)
    found = [_exercise(words, workings[one.name], one) for one in summaries(lines)]
    heading = "".join(map(str, words.say("fair.title")))
    document = Document("fairness", f"{title}: {heading}", (), page.report(words, found), first.language.code)
    form = load_format("md", first.templates)
    return render(document, form, first.language, first.naming, lambda _: 8, alone=True).fill()


def _exercise(words: Sentences, working: Working, summary: ExerciseSummary) -> page.Exercise:
    structure = working.structure
    language = structure.example.language.code
    names = dict(_names(working))
    mistakes = {mistake.id: said(words, mistake.id) for mistake in working.answers.mistakes}
    caught = [
        page.Caught(key, names[key], mistakes.get(mistake, (mistake,)), papers, outside)
        for (key, mistake), (papers, outside) in summary.caught.items()
    ]
    return page.Exercise(
        in_language(language, structure.example.spec.titles) or summary.name,
        summary.papers,
        summary.drawn,
        [(_condition(words, name), count) for name, count in summary.rejected.items()],
        [_spread(words, name, summary.measures[name]) for name in MEASURES],
        [
            page.Answers(names[key], one.distinct.count, one.negative, one.low, one.high, one.edges, one.bins)
            for key, one in summary.answers.items()
        ],
        caught,
        list(_missed(working, names, summary.answers, caught)),
    )


def _names(working: Working) -> Iterator[tuple[str, Inline]]:
    """How each answer is called: its question, and the quantity."""
    scribe = working.structure.example.unworked
    for question in working.structure.questions:
        for place, at in enumerate(question.ats, 1):
            yield f"{question.label}.{place}", (f"{question.label}) ", *named(scribe, at))


def _spread(words: Sentences, name: str, counts: Mapping[int, int]) -> page.Spread:
    return page.Spread(words.say(f"fair.{name}"), min(counts), median(counts), max(counts))


def _condition(words: Sentences, name: str) -> Inline:
    """What a condition rejects: the author's as it was written."""
    if name in OWN:
        return words.say(f"fair.condition_{name.removeprefix('fair.')}")
    if name.startswith(ACCEPTED):
        return words.say("mistakes.accepted", mistake=said(words, name.removeprefix(ACCEPTED)))
    if name in BY_NAME:
        return (told(BY_NAME[name].broken, load_wording(words.language.code)),)
    return (Code((name,)),)


def _missed(
    working: Working,
    names: Mapping[str, Inline],
    answers: Mapping[str, AnswerSummary],
    caught: Sequence[page.Caught],
) -> Iterator[page.Demand]:
    """The bounds of all papers that are not kept."""
    bounds = working.structure.task.fair
    if bounds.distinct is not None:
        for key, one in answers.items():
            if one.share < bounds.distinct:
                yield page.Demand("fair.missed_distinct", names[key], float(bounds.distinct), one.share)
    if bounds.caught is not None:
        for wrong in caught:
            share = wrong.outside / wrong.papers if wrong.papers else 1.0
            if share < bounds.caught:
                name = (*wrong.mistake, " · ", *wrong.name)
                yield page.Demand("fair.missed_caught", name, float(bounds.caught), share)


def complaints(report: str, language: str) -> list[str]:
    """What a report in a language says of bounds that are not kept."""
    begin = f"*{load_language(language).sentence('fair.missed')}:* "
    return [line.removeprefix(begin) for line in report.splitlines() if line.startswith(begin)]
