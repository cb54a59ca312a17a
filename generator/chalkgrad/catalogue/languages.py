"""Languages: every sentence of a page, by key.  A language is one gettext catalogue in `catalogue/languages/`.

The keys stand in the code, the sentences in the catalogues, English among them; a translator needs nothing
but a .po editor.  `{name}` marks a place that is filled in, `*…*` emphasis.
"""

from __future__ import annotations

import gettext
import io
from dataclasses import dataclass
from functools import cache

import polib

from chalkgrad.errors import ResourceError, did_you_mean
from chalkgrad.resources import catalogue


@dataclass(frozen=True)
class Language:
    """The sentences of one language, and its decimal mark."""

    code: str
    name: str
    decimal_mark: str
    translations: gettext.GNUTranslations

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


def language_names() -> tuple[str, ...]:
    """All languages there are, sorted."""
    return tuple(sorted(path.stem for path in catalogue("languages").glob("*.po")))


@cache
def load_language(code: str) -> Language:
    """Read a language by its code (`en`, `pt_BR`)."""
    if code not in language_names():
        raise ResourceError(f'no language is called "{code}"; {did_you_mean(code, language_names())}'.rstrip("; "))
    po = polib.pofile(str(catalogue("languages") / f"{code}.po"), encoding="utf-8")
    translations = gettext.GNUTranslations(io.BytesIO(po.to_binary()))
    return Language(
        code,
        translations.gettext("language.name"),
        translations.gettext("language.decimal_mark"),
        translations,
    )
