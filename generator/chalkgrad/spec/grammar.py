"""The grammar of a spec file: which keys there are, what they mean, what they hold.

Reading, the messages and the JSON schema for editors (`spec/schema.py`) all come from this one table.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from chalkgrad.catalogue.languages import language_names
from chalkgrad.catalogue.notations import load_notation
from chalkgrad.messages import Message
from chalkgrad.spec.lessons.kind import Kind
from chalkgrad.spec.model import ShowSpec
from chalkgrad.spec.readers import (
    ByShape,
    Choice,
    Field,
    ListOf,
    Number,
    Record,
    Text,
)
from chalkgrad.spec.schools import School, letters_record
from chalkgrad.spec.surface import SURFACE, wish

DETAILS = ("full", "siblings", "summary")
DRAWINGS = ("none", "network", "all")
ROUNDINGS = ("half_up", "half_even", "truncate")
CARRIES = ("full", "shown")
FADES = ("none", "backward", "forward")
KEYS = ("end", "none")
CHECKS = ("differences", "forward", "none")
MAX_DIGITS = 15


CODE = Choice(("numpy", "pytorch"), Message("a library"))


def _show(**values: Any) -> ShowSpec:
    code = values.pop("code")
    significant, symbols = values.pop("significant"), values.pop("symbols") or {}
    school = values.pop("notation")
    surface = wish(values.pop("surface", None))
    if values["decimals"] is None and significant is None:
        significant = ShowSpec.significant
    return ShowSpec(
        school.name,
        school,
        symbols,
        **values,
        significant=significant,
        code=(code,) if isinstance(code, str) else code,
        surface=surface,
    )


def show_record(kind: Kind) -> Record:
    """The keys of `show` for a kind of lesson; notations and languages are looked up when asked, for they are
    files."""
    meaning = Message("the cost over two parameters, as a picture with lines of equal cost")
    surface = {"surface": Field(SURFACE, meaning)} if kind.has_surface else {}
    digits = Number(Fraction(0), whole=True, most=MAX_DIGITS)
    return Record(
        {
            "notation": Field(
                School(),
                Message("how quantities are written"),
                default=load_notation(ShowSpec.notation),
            ),
            "symbols": Field(letters_record(), Message("letters of one's own, such as {rate: λ}")),
            "derivatives": Field(
                Choice(("d", "partial"), Message("a way to write derivatives")),
                Message("dz (d) or ∂J/∂z (partial); left out, as the notation has it"),
            ),
            "language": Field(
                Choice(language_names(), Message("a language")),
                Message("the language of the page"),
                default=ShowSpec.language,
            ),
            "decimals": Field(digits, Message("digits after the decimal mark")),
            "significant": Field(
                Number(Fraction(1), whole=True, most=MAX_DIGITS), Message("significant digits (default 6)")
            ),
            "rounding": Field(
                Choice(ROUNDINGS, Message("a rounding")),
                Message("what happens to the digits left out"),
                default="half_up",
            ),
            "carry": Field(
                Choice(CARRIES, Message("a way to carry digits")),
                Message("go on with all digits or those shown"),
                default="full",
            ),
            "views": Field(
                ListOf(Choice(kind.views, Message("a view")), what=Message("a list of views")),
                Message("unit by unit, in matrices, or both"),
                default=kind.views[:1],
            ),
            "detail": Field(
                Choice(DETAILS, Message("a detail")),
                Message("how much of the siblings is worked"),
                default="siblings",
            ),
            "drawings": Field(
                Choice(DRAWINGS, Message("a choice of drawings")),
                Message("none, the network alone, or the paths to the cost too"),
                default=ShowSpec.drawings,
            ),
            "code": Field(
                ByShape(
                    Message("a library or a list of them"),
                    scalar=CODE,
                    items=ListOf(CODE, Message("a list of libraries"), least=0),
                ),
                Message("a listing beside the mathematics"),
                default=(),
            ),
            "fade": Field(
                Choice(FADES, Message("a way to fade")),
                Message("a worksheet: the later (backward) or the earlier steps (forward) left blank"),
                default=ShowSpec.fade,
            ),
            "key": Field(
                Choice(KEYS, Message("a place for the key")),
                Message("where a worksheet has its answers"),
                default=ShowSpec.key,
            ),
            "check": Field(
                Choice(CHECKS, Message("a way to check")),
                Message("at the end of a page: central differences, the forward pass again, or nothing"),
            ),
            **surface,
        },
        Message("show"),
        _show,
    )


def text_reader(what: Message, by_language: Message) -> ByShape:
    """A text, or one text a language."""
    per_language = {
        name: Field(Text(), Message("the text in {language}", language=name)) for name in language_names()
    }
    return ByShape(what, scalar=Text(), entries=Record(per_language, by_language, _texts), may_be_empty=True)


def _texts(**by_language: str | None) -> dict[str, str]:
    return {language: text for language, text in by_language.items() if text}


def spec_record(kind: Kind) -> Record:
    """The whole file of a spec of one kind."""
    return Record(
        {
            "title": Field(
                text_reader(Message("a title, or one a language"), Message("titles by language")),
                Message("the title of the page"),
                default="",
            ),
            "note": Field(
                text_reader(Message("a note, or one a language"), Message("notes by language")),
                Message("what the page says under its title"),
                default="",
            ),
            **kind.fields,
            "show": Field(show_record(kind), Message("what the page looks like")),
        },
        Message("a spec"),
    )
