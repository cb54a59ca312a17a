"""Languages: every sentence of a page, by key.  A language is one gettext catalogue in `catalogue/languages/`.

The keys stand in the code, the sentences in the catalogues, English among them; a translator needs nothing
but a .po editor.  `{name}` marks a place that is filled in, `*…*` emphasis.
"""

from __future__ import annotations

import gettext
import io
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polib

from chalkgrad.errors import ResourceError, advised, did_you_mean
from chalkgrad.messages import Message
from chalkgrad.resources import catalogue


@dataclass(frozen=True)
class Language:
    """The sentences of one language, and its decimal mark."""

    code: str
    name: str
    decimal_mark: str
    translations: gettext.GNUTranslations

    @property
    def separator(self) -> str:
        """What stands between numbers that are listed: a comma, where it is not the decimal mark."""
        return ";" if self.decimal_mark == "," else ","

    def sentence(self, key: str, count: int | None = None) -> str:
        """The sentence with this key, in the plural form that fits `count`; a key nobody wrote is a bug."""
        found = (
            self.translations.gettext(key)
            if count is None
            else self.translations.ngettext(key, f"{key}.many", count)
        )
        if found in (key, f"{key}.many"):
            raise ResourceError(f"the language {self.code} has no sentence {key}")
        return found

    def has(self, key: str) -> bool:
        """Whether there is a sentence with this key."""
        return self.translations.gettext(key) != key


def read_translations(path: Path) -> gettext.GNUTranslations:
    """A gettext catalogue, from the text that translators write."""
    return gettext.GNUTranslations(io.BytesIO(polib.pofile(str(path), encoding="utf-8").to_binary()))


def language_names() -> tuple[str, ...]:
    """All languages there are, sorted."""
    return tuple(sorted(path.stem for path in catalogue("languages").glob("*.po")))


def known_language(code: str) -> str:
    """The code of a language there is.  Raises `ResourceError` for one that nobody has written."""
    if code in language_names():
        return code
    unknown = Message('no language is called "{name}"', name=code)
    raise ResourceError(advised(unknown, did_you_mean(code, language_names())))


@cache
def load_language(code: str) -> Language:
    """Read a language by its code (`en`, `pt_BR`)."""
    known_language(code)
    translations = read_translations(catalogue("languages") / f"{code}.po")
    return Language(
        code,
        translations.gettext("language.name"),
        translations.gettext("language.decimal_mark"),
        translations,
    )
