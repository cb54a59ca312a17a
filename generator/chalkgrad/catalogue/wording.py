"""How each language words messages: one gettext catalogue in `catalogue/messages/`, with English as its keys.

Pages have catalogues of their own (`languages.py`): a message is read by whoever writes specs, a page by a class,
and a catalogue is loaded only when something in it is said.
"""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property

from chalkgrad.catalogue.languages import known_language, language_names, read_translations
from chalkgrad.messages import ENGLISH, Wording
from chalkgrad.resources import catalogue

VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
"""Where an environment names its language; the first that is set is heard, as gettext does it."""


@dataclass(frozen=True)
class Translation:
    """The messages of one language; what it lacks is said in English."""

    code: str

    @cached_property
    def _texts(self) -> gettext.GNUTranslations:
        return read_translations(catalogue("messages") / f"{self.code}.po")

    @property
    def thousands(self) -> str:
        """What stands between thousands: the catalogue's word for a comma."""
        return self._texts.gettext(",")

    def template(self, one: str, many: str, count: int | None) -> str:
        """The translated template, in the plural form that fits `count`."""
        return self._texts.ngettext(one, many, count) if many and count is not None else self._texts.gettext(one)


@cache
def load_wording(code: str) -> Wording:
    """How a language words messages, by its code: `error.told(load_wording("es"))`.

    >>> load_wording("es").template("a spec", "", None)
    'una especificación'

    Raises `ResourceError` for a language nobody has written.
    """
    return ENGLISH if known_language(code) == "en" else Translation(code)


def language_of(environment: Mapping[str, str]) -> str:
    """The language an environment asks for, else English.

    A region nobody has written gives way to a neighbour.

    >>> language_of({"LANG": "pt_PT.UTF-8"})
    'pt_BR'
    """
    wanted = next((environment[name] for name in VARIABLES if environment.get(name)), "")
    for locale in wanted.split(":"):
        code = locale.partition(".")[0].partition("@")[0]
        if code in ("C", "POSIX"):
            return "en"
        near = [name for name in language_names() if name.partition("_")[0] == code.partition("_")[0]]
        if near:
            return code if code in near else near[0]
    return "en"
