"""Messages: English sentences that can be said in other languages too.

A message is a text, in English, that remembers how it was made: its template and the values in it.  It becomes
another language's text only where it is printed, with `told`.  The template is the key under which a translator
finds it (`catalogue/messages/`), so English needs no catalogue and costs nothing to load.

>>> rows = Message("{count} row", many="{count} rows", count=3)
>>> rows
'3 rows'
>>> Message("found {found}", found=rows).values
{'found': '3 rows'}
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from typing import Any, Protocol


class Wording(Protocol):
    """How a language says things."""

    @property
    def code(self) -> str:
        """The language: `en`, `pt_BR`."""
        ...

    @property
    def thousands(self) -> str:
        """What stands between thousands: the comma of 10,000."""
        ...

    def template(self, one: str, many: str, count: int | None) -> str:
        """The template that says in this language what `one` says in English; `many` where it is counted."""
        ...


class _English:
    """English, as it stands in the code."""

    code = "en"
    thousands = ","

    def template(self, one: str, many: str, count: int | None) -> str:
        return many if many and count != 1 else one


ENGLISH: Wording = _English()


class Message(str):
    """A sentence, or a part of one: an English text that can be told in another language.

    Values are numbers, texts that are the same everywhere (what a user wrote, names of keys) or messages.  A
    template without values is taken as it is, braces and all.
    """

    __slots__ = ("many", "one", "values")

    one: str
    """The template; for `count` = 1 where there is another for more."""
    many: str
    values: Mapping[str, str | int]

    def __new__(cls, one: str, /, *, many: str = "", **values: str | int) -> Message:
        """Fill the English template; what is counted is called `count`."""
        message = super().__new__(cls, _filled(one, many, values, ENGLISH))
        message.one, message.many, message.values = one, many, values
        return message

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, str | int]]:
        """A message travels between processes as what it was made of."""
        return (self.one,), {"many": self.many, **self.values}

    def __getstate__(self) -> None:
        """There is nothing beyond that."""


def told(text: str, wording: Wording) -> str:
    """A text in a language: messages are translated, all else stays as it is."""
    return _filled(text.one, text.many, text.values, wording) if text and isinstance(text, Message) else text


def _filled(one: str, many: str, values: Mapping[str, str | int], wording: Wording) -> str:
    count = values.get("count")
    template = wording.template(one, many, count if isinstance(count, int) else None)
    return _Filler(wording).vformat(template, (), values) if values else template


class _Filler(string.Formatter):
    """Fills a template; messages inside it are told in the same language."""

    def __init__(self, wording: Wording) -> None:
        self.wording = wording

    def format_field(self, value: Any, format_spec: str) -> str:
        """`{count:,}` is a number with its thousands set apart."""
        if isinstance(value, str):
            return told(value, self.wording)
        return str(format(value, format_spec)).replace(",", self.wording.thousands)


NOTHING = Message("")
"""Where there is nothing to say."""
