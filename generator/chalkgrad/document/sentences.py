"""Sentences with mathematics in them."""

from __future__ import annotations

import string
from dataclasses import dataclass

from chalkgrad.catalogue.languages import Language
from chalkgrad.document.model import Emphasis, Inline, Span


@dataclass(frozen=True)
class Sentences:
    """Says things in one language."""

    language: Language
    words: str = "delta"
    """What the notation calls the derivative of the cost by a weighted sum: `error` takes the sentence
    `heading.output_deltas@error` where there is one."""

    def say(self, key: str, count: int | None = None, **spans: Span | Inline | int) -> Inline:
        """The sentence with this key; spans stand in its places, `*…*` becomes emphasis."""
        if self.language.has(variant := f"{key}@{self.words}"):
            key = variant
        out: list[Span] = []
        stressed = False
        for literal, name, _, _ in string.Formatter().parse(self.language.sentence(key, count)):
            for i, piece in enumerate(literal.split("*")):
                stressed ^= i > 0
                if piece:
                    out.append(Emphasis(piece) if stressed else piece)
            if name is not None:
                filled = _inline(count if name == "count" else spans[name])
                out += [Emphasis(span) if stressed and isinstance(span, str) else span for span in filled]
        return _merged(out)

    def join(self, *sentences: Inline) -> Inline:
        """Sentences one after the other."""
        out: list[Span] = []
        for sentence in filter(None, sentences):
            out += [" ", *sentence] if out else sentence
        return tuple(out)

    def listed(self, items: list[Inline], word: str = "word.and") -> Inline:
        """`a, b and c`."""
        out: list[Span] = []
        for i, item in enumerate(items):
            if i:
                out.append(f" {self.language.sentence(word)} " if i == len(items) - 1 else ", ")
            out += item
        return tuple(out)


def _inline(value: Span | Inline | int | None) -> Inline:
    if isinstance(value, tuple):
        return value
    return (str(value),) if value is None or isinstance(value, int) else (value,)


def _merged(spans: list[Span]) -> Inline:
    """Neighbouring stressed words as one."""
    out: list[Span] = []
    for span in spans:
        if isinstance(span, Emphasis) and out and isinstance(out[-1], Emphasis):
            out[-1] = Emphasis(out[-1].text + span.text)
        else:
            out.append(span)
    return tuple(out)
