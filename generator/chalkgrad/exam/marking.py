"""What stands at the end of a worked solution for whoever marks the paper: the number that each mistake leads to.

Papers in which the same mistakes lead to the same numbers share a page, whose slots are then filled.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from chalkgrad.document.answers import named
from chalkgrad.document.mistakes import Group, mistakes, reveal, said
from chalkgrad.document.model import Document
from chalkgrad.document.sentences import Sentences
from chalkgrad.evaluation.chosen import Chosen
from chalkgrad.evaluation.variants import Variants
from chalkgrad.evaluation.wrong_answers import WrongAnswers
from chalkgrad.exam.distractors import Choices
from chalkgrad.exam.mistakes import alike
from chalkgrad.exam.structure import Structure
from chalkgrad.quantities import At
from chalkgrad.render.numbers import width_of
from chalkgrad.render.page import Page, render_part


@dataclass
class Marking:
    """The tables of mistakes of one structure."""

    structure: Structure
    answers: WrongAnswers
    names: Collection[str]
    """The misconceptions that are told."""
    pages: dict[tuple[str, tuple[Group, ...]], Page] = field(default_factory=dict)
    """By format and by which mistakes cannot be told apart."""

    @property
    def words(self) -> Sentences:
        """The sentences of the exercise's language."""
        return self.structure.example.unworked.words

    def texts(
        self, name: str, variants: Variants, choices: Mapping[str, Choices], own: Mapping[str, Sequence[str]]
    ) -> list[str]:
        """The tables of each paper in a format; `own` are the texts that the exercise has there."""
        own = {**own, **self._revealed(choices)}
        rows_of: dict[tuple[Group, ...], list[int]] = {}
        for row, groups in enumerate(alike(self.answers, variants)):
            rows_of.setdefault(self._told(groups), []).append(row)
        found = [""] * variants.count
        for groups, rows in rows_of.items():
            page = self.pages.get((name, groups))
            if page is None:
                page = self.pages[name, groups] = self._page(name, groups, variants)
            texts = {key: [column[row] for row in rows] for key, column in own.items()}
            for row, text in zip(rows, page.fill_all(Chosen(variants, rows), texts), strict=True):
                found[row] = text
        return found

    def _told(self, groups: tuple[Group, ...]) -> tuple[Group, ...]:
        """Those that are told; the right answer always is."""
        kept = (tuple(id for id in group if not id or id.split("[")[0] in self.names) for group in groups)
        return tuple(group for group in kept if group)

    def _revealed(self, choices: Mapping[str, Choices]) -> dict[str, list[str]]:
        """For each letter of each question what it reveals, a column of papers."""
        return {
            reveal(label, letter): ["".join(map(_plain, said(self.words, id))) for id in column]
            for label, offered in choices.items()
            for letter, column in enumerate(offered.mistakes())
        }

    def _page(self, name: str, groups: tuple[Group, ...], variants: Variants) -> Page:
        example, scribe = self.structure.example, self.structure.example.unworked
        heads = {
            at: (f"{question.label}) ", *named(scribe, at))
            for question in self.structure.questions
            for at in question.ats
        }
        offered = {q.label: q.ask.choices for q in self.structure.questions if q.is_choice}
        blocks = tuple(mistakes(self.words, heads, self.answers, groups, offered))
        language = example.language
        document = Document(example.spec.name, example.spec.title(language.code), (), blocks, language.code)
        undefined = language.sentence("word.undefined")

        def width(at: At) -> int:
            return width_of(variants.column(at).texts[0], undefined)

        return render_part(document, example.form(name), language, example.naming, width)


def _plain(span: object) -> str:
    """The words of a span."""
    return span if isinstance(span, str) else str(getattr(span, "text", ""))
