"""Everything that chalkgrad says when it cannot go on.

    ChalkgradError
    ├── SpecError           what a user wrote cannot be solved; carries every problem found
    ├── FormulaError        an expression that the safe parser does not accept
    ├── NotDifferentiable   a derivative was asked of a function that has none (the step function)
    ├── NotByDefinition     a derivative whose limit cannot be written out step by step
    ├── UnknownId           an id that no step of the example has
    ├── Unproven            a digit could not be settled at the highest precision
    ├── TooFewPapers        an exam whose conditions leave fewer different papers than are asked for
    ├── TemplateError       a template of the user's own that is wrong
    ├── ResourceError       a notation, language, format or example by a name nobody knows
    └── OutputError         a page could not be written

A problem is data (place, messages, hint); it is turned into text in one place, `Problem.told`.  `str()` of an
error is English; `error.told(wording)` says it in another language.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from chalkgrad.messages import ENGLISH, NOTHING, Message, Wording, told


class ChalkgradError(Exception):
    """The root: catch it to catch everything that chalkgrad raises on purpose."""

    def told(self, wording: Wording) -> str:
        """What it says, in a language."""
        return told(self.message, wording)

    @property
    def message(self) -> str:
        """What it says, as data: a `Message` where it can be said in other languages."""
        return self.args[0] if self.args and isinstance(self.args[0], Message) else str(self)


@dataclass(frozen=True)
class Place:
    """Where in a spec something stands: `mazur.yaml:5:12`, and the path of keys that leads there."""

    file: str
    line: int | None = None
    column: int | None = None
    path: str = ""

    def __str__(self) -> str:
        """`file:line:column`, or `file: path` for a spec that was given as Python data."""
        return self.told(ENGLISH)

    def told(self, wording: Wording) -> str:
        """The same in a language: what is no file (the options of a command) has a name in each."""
        file = told(self.file, wording)
        if self.line is None:
            return f"{file}: {self.path}" if self.path else file
        return f"{file}:{self.line}:{self.column}"


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong in a spec: where, what was found, what was expected, and a way out.

    The texts are messages: they read as English and can be told in other languages.
    """

    place: Place
    found: str
    expected: str
    hint: str = ""

    def __str__(self) -> str:
        """`mazur.yaml:5:12: found "sigmiod", expected …; did you mean "sigmoid"?`."""
        return self.told(ENGLISH)

    def told(self, wording: Wording) -> str:
        """The problem in one line, in a language."""
        words = advised(
            Message("found {found}, expected {expected}", found=self.found, expected=self.expected), self.hint
        )
        line = f"{self.place.told(wording)}: {told(words, wording)}"
        return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in line)

    @property
    def order(self) -> tuple[str, int, int, str, str]:
        """Problems are told in the order in which they stand in the file."""
        place = self.place
        return (place.file, place.line or 0, place.column or 0, place.path, self.found)


class SpecError(ChalkgradError):
    """A spec that cannot be solved.  `problems` holds everything that is wrong with it, in order of place;
    `language` is the code of the language the spec itself asks for, empty where it asks for none."""

    def __init__(self, problems: Iterable[Problem], language: str = "") -> None:
        self.problems = tuple(sorted(set(problems), key=lambda problem: problem.order))
        self.language = language
        super().__init__("\n".join(map(str, self.problems)))

    def told(self, wording: Wording) -> str:
        """All problems, a line each, in a language."""
        return "\n".join(problem.told(wording) for problem in self.problems)

    def __reduce__(self) -> tuple[type[SpecError], tuple[tuple[Problem, ...], str]]:
        """Problems, not their text, travel between processes."""
        return type(self), (self.problems, self.language)


class FormulaError(ChalkgradError):
    """An expression the safe parser does not accept; `offset` counts characters from its beginning."""

    def __init__(self, message: str, offset: int = 0) -> None:
        self.offset = offset
        super().__init__(message)


class NotDifferentiable(ChalkgradError):  # noqa: N818 (names a property, not a mishap)
    """A derivative was asked of a function that has none where it matters."""


class NotByDefinition(ChalkgradError):  # noqa: N818
    """A difference quotient that cannot be brought to its limit step by step, or not on lines one can read."""


class UnknownId(ChalkgradError, KeyError):  # noqa: N818
    """An id that no step has; the message names the nearest ones."""

    def __str__(self) -> str:
        """The message as written (KeyError alone would quote it)."""
        return str(self.args[0])


class Unproven(ChalkgradError):  # noqa: N818
    """The enclosure of a number is too wide to say which digits are right."""


class TooFewPapers(ChalkgradError):  # noqa: N818
    """An exam whose draws and conditions leave fewer different papers than are asked for."""


class TemplateError(ChalkgradError):
    """A template of the user's own that is wrong; the message begins with file and line."""


class ResourceError(ChalkgradError):
    """A notation, language, format or example that does not exist."""


class OutputError(ChalkgradError):
    """A page could not be written; nothing half-written is left behind."""


def nearest(word: str, words: Iterable[str]) -> str:
    """The known word that `word` was probably meant to be, or an empty string.

    >>> nearest("sigmiod", ["sigmoid", "tanh"])
    'sigmoid'
    """
    by_folded = {known.lower(): known for known in words}
    close = difflib.get_close_matches(word.lower(), by_folded, n=1, cutoff=0.6)
    return by_folded[close[0]] if close else ""


def did_you_mean(word: str, words: Iterable[str]) -> Message:
    """`did you mean "sigmoid"?`, or nothing where nothing is near."""
    close = nearest(word, words)
    return Message('did you mean "{word}"?', word=close) if close else NOTHING


def advised(message: Message, hint: str) -> Message:
    """A message and a way out, where there is one."""
    return Message("{message}; {hint}", message=message, hint=hint) if hint else message
