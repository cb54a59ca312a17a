"""Notations that a user asks for: by name, or as a TOML file of his own that is judged like a spec."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from chalkgrad.catalogue import letters
from chalkgrad.catalogue.notations import (
    MATRICES,
    OPTIONAL,
    PLACES,
    ROLES,
    SECTIONS,
    WORDS,
    Notation,
    extended,
    load_notation,
    made,
    notation_names,
)
from chalkgrad.errors import Place
from chalkgrad.messages import NOTHING, Message
from chalkgrad.spec.readers import INVALID, ByShape, Choice, Field, ListOf, Number, Reader, Record, Report, Text
from chalkgrad.spec.source import Node, Scalar, described, from_data

MAX_BYTES = 100_000
"""A larger file is not a notation."""


@dataclass(frozen=True)
class Letter(Reader):
    """A letter of mathematics, in any of its spellings."""

    what = Message("a letter (w, θ, theta, ŷ, ℒ) or a short word of letters and digits")

    def read(self, node: Node, report: Report) -> Any:
        """The letter in the spelling of the catalogue."""
        if isinstance(node, Scalar) and (found := letters.letter(node.text)):
            return found
        return report.add(node.place, described(node), self.what)

    def schema(self) -> dict[str, Any]:
        """A string."""
        return {"type": "string", "minLength": 1, "maxLength": 16}


@dataclass(frozen=True)
class Script(Reader):
    """What stands in an index: letters, digits, a few signs, and places in braces."""

    places: str = PLACES

    def read(self, node: Node, report: Report) -> Any:
        """The text."""
        known = ", ".join(f"{{{place}}}" for place in self.places)
        if not isinstance(node, Scalar):
            expected = Message("an index such as {example}", example=f"({{{self.places[0]}}})")
            return report.add(node.place, described(node), expected)
        for place in re.findall(r"\{[^}]*\}?", node.text):
            if place[1:-1] not in tuple(self.places) or place[-1] != "}":
                found = Message('the place "{place}"', place=place)
                return report.add(node.place, found, Message("one of {choices}", choices=known))
        if not re.fullmatch(r"[A-Za-z0-9()\[\],.+\-{} ]{1,24}", node.text) or "}" in re.sub(
            r"\{\w\}", "", node.text
        ):
            expected = Message("letters, digits, ( ) [ ] , . + - and the places {places}", places=known)
            return report.add(node.place, described(node), expected)
        return node.text

    def schema(self) -> dict[str, Any]:
        """A string."""
        return {"type": "string"}


A_LETTER, A_SYMBOL, ONE_OF = Message("a letter"), Message("a symbol"), Message("one of")
A_NOTATION, A_NOTATION_FILE = Message("a notation"), Message("a notation file")
TO_BEGIN_WITH = Message("a notation to begin with")
GENERAL_LETTERS = Message("the letters of general statements")
UNIT_NAMES = Message("the names of units")

_INDEX = ListOf(Script(), least=0, what=Message('a list of indices, such as ["{j}", "{k}"]'))
_PATTERN = Record(
    {
        "base": Field(Letter(), Message("a letter or a short word"), required=True),
        "bold": Field(Choice(("true", "false"), Message("true or false")), Message("whether it is bold")),
        "sub": Field(_INDEX, Message("what stands below")),
        "sup": Field(_INDEX, Message("what stands above")),
    },
    A_SYMBOL,
)
_ROW = ByShape(
    Message('a symbol such as { base = "w", sub = ["{j}"] }, or false to take one away'),
    scalar=Choice(("false",), Message("a symbol in braces, or the word")),
    entries=_PATTERN,
)
_LETTER = Choice(tuple("abcdefghijklmnopqrstuvwxyz"), Message("one small letter"))


def _rows(section: str) -> Field:
    names = SECTIONS[section][1]
    rows = {name: Field(_ROW, A_SYMBOL) for name in names}
    return Field(Record(rows, Message("the symbols of [{section}]", section=section)), Message("symbols"))


def file_record() -> Record:
    """The keys of a notation file."""
    units = {
        kind: Field(Script("klc"), Message("a unit's name"), required=True)
        for kind in ("input", "hidden", "deep", "output")
    }
    letter_of = {name: Field(_LETTER, A_LETTER) for name in "jkiln"}
    return Record(
        {
            "extends": Field(Choice(notation_names(), TO_BEGIN_WITH), TO_BEGIN_WITH),
            "summary": Field(Text(200), Message("what it is")),
            "samples": Field(Choice(("rows", "columns"), ONE_OF), Message("how a sample lies in a matrix")),
            "weights": Field(
                Choice(("to_from", "from_to"), ONE_OF), Message("what a weight matrix has a row for")
            ),
            "sample": Field(
                Choice(("before", "after", "above", "last"), ONE_OF), Message("where a sample's number stands")
            ),
            "layer_offset": Field(
                Number(Fraction(-1), whole=True, most=1), Message("added to the layer's number")
            ),
            "index_base": Field(Number(Fraction(0), whole=True, most=1), Message("the index of the first unit")),
            "updated": Field(
                Choice(("prime", "+", "*", "new"), ONE_OF), Message("marks a parameter after the update")
            ),
            "times": Field(Choice(("·", "×"), ONE_OF), Message("the sign between factors")),
            "words": Field(Choice(WORDS, ONE_OF), Message("what the derivative by a weighted sum is called")),
            "recursion": Field(Choice(("entrywise", "diagonal"), ONE_OF), Message("how slopes multiply")),
            "derivative": Field(Choice(("", *"dDgG"), ONE_OF), Message("the letter that makes dz of z")),
            "wires": Field(Choice(("", *"dDgG"), ONE_OF), Message("the same for the quantities of a circuit")),
            "difference": Field(
                Choice(("output_first", "target_first"), ONE_OF), Message("how a squared error's slope is written")
            ),
            "units": Field(Record(units, UNIT_NAMES), UNIT_NAMES),
            "indices": Field(Record(letter_of, GENERAL_LETTERS), GENERAL_LETTERS),
            **{section: _rows(section) for section in SECTIONS},
        },
        A_NOTATION,
    )


@dataclass(frozen=True)
class School(Reader):
    """A notation by its name, or by the path of a file that ends in .toml."""

    what = A_NOTATION

    def read(self, node: Node, report: Report) -> Any:
        """The notation; a path is taken from where the spec lies."""
        if isinstance(node, Scalar) and node.text.endswith(".toml"):
            return _own(Path(node.place.file).parent / node.text, node, report)
        name = Choice(notation_names(), self.what).read(node, report)
        return name if name is INVALID else load_notation(name)

    def schema(self) -> dict[str, Any]:
        """A word, or a path."""
        return {"anyOf": [{"enum": list(notation_names())}, {"type": "string", "pattern": r"\.toml$"}]}


def _own(path: Path, node: Scalar, report: Report) -> Any:
    """A notation from a user's file, or `INVALID` after every problem was told."""
    table = _table(path, node, report)
    if table is INVALID:
        return INVALID
    fresh = Report()
    root = from_data(table, str(path))
    values = file_record().read(root, fresh)
    if values is not INVALID:
        cleaned = _cleaned(values)
        _judge(extended(cleaned), root.place, fresh)
        if not fresh.problems:
            return made(str(path), {"summary": path.stem, **cleaned})
    report.problems += fresh.problems
    return INVALID


def _table(path: Path, node: Scalar, report: Report) -> Any:
    """The file's content as Python data."""
    file = Place(str(path))
    try:
        if not path.is_file():
            found = Message("no file {path}", path=str(path))
            in_a_spec = node.place.line is not None
            hint = Message("its path is taken from where the spec lies") if in_a_spec else NOTHING
            return report.add(node.place, found, A_NOTATION_FILE, hint)
        size = path.stat().st_size
        if size > MAX_BYTES:
            most = Message("a notation file of at most {most:,} bytes", most=MAX_BYTES)
            return report.add(file, Message("a file of {size:,} bytes", size=size), most)
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        reason = Message(error.strerror or str(error))
        return report.add(file, Message("a file that cannot be read ({reason})", reason=reason), A_NOTATION_FILE)
    except UnicodeDecodeError as error:
        found = Message("bytes that are not UTF-8 (#x{byte})", byte=f"{error.object[error.start]:02x}")
        return report.add(file, found, Message("UTF-8 text"))
    except RecursionError:
        return report.add(file, Message("values nested too deep"), A_NOTATION_FILE)
    except tomllib.TOMLDecodeError as error:
        words, _, where = str(error).partition(" (at ")
        at = re.match(r"line (\d+), column (\d+)", where)
        place = Place(str(path), int(at[1]), int(at[2])) if at else file
        reason = Message(f"{words[:1].lower()}{words[1:]}")
        return report.add(place, Message("TOML that does not parse ({reason})", reason=reason), A_NOTATION_FILE)


def _cleaned(values: Mapping[str, Any]) -> dict[str, Any]:
    """What was said, in the form of the catalogue's own files."""
    out: dict[str, Any] = {}
    for key, value in values.items():
        if isinstance(value, Mapping):
            out[key] = _cleaned(value)
        elif value is not None:
            out[key] = {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value
    return out


def _judge(table: Mapping[str, Any], place: Place, report: Report) -> None:
    """What takes two keys to see: symbols that are missing, letters that say two things."""
    for key in ("samples", "sample"):
        if key not in table:
            expected = Message("{key}, or extends with the name of a notation", key=key)
            report.add(place, Message('no "{key}"', key=key), expected)
    for section, (prefix, names) in SECTIONS.items():
        if section == "general":
            continue
        for name in names:
            if name not in table.get(section, {}) and prefix + name not in OPTIONAL:
                found = Message('no "{key}" in [{section}]', key=name, section=section)
                report.add(place, found, Message("a symbol for it, or extends with a notation"))
    has_delta = "delta" in table.get("symbols", {})
    if has_delta != ("delta" in table.get("matrices", {})):
        found = Message("delta in only one of [symbols] and [matrices]")
        report.add(place, found, Message("both or neither"))
    words = table.get("words", "delta")
    if has_delta == (words == "derivative"):
        found = (
            Message('words "{words}" with a symbol for delta', words=words)
            if has_delta
            else Message('words "{words}" without a symbol for delta', words=words)
        )
        expected = Message('a symbol for delta and a word for it, or words = "derivative" and delta = false')
        report.add(place, found, expected)
    own = {"j": "j", "k": "k", "i": "i", **table.get("indices", {})}
    if own["j"] in (own["i"], own["k"]):
        found = Message('the index letter "{letter}" twice', letter=own["j"])
        report.add(place, found, Message("a letter for j that neither i nor k has"))


def letters_record() -> Record:
    """The keys of `show.symbols`: a letter for each role."""
    roles = (*ROLES, *(f"matrix.{name}" for name in MATRICES))
    fields = {role: Field(Letter(), Message("the letter for {role}", role=role)) for role in roles}
    return Record(fields, Message("letters of one's own"), _given)


def _given(**values: Any) -> dict[str, str]:
    return {role: base for role, base in values.items() if base is not None}


def lettered(
    school: Notation, own: Mapping[str, str], node: Node | None, place: Place, report: Report
) -> Notation:
    """The notation with a user's letters; what has no symbol there cannot have another letter."""
    places = {key.text: key.place for key, _ in getattr(node, "entries", ())}
    missing = [role for role in own if role not in school.symbols]
    for role in missing:
        known = ", ".join(role for role in school.symbols if not role.startswith("general."))
        expected = Message("what {notation} has a symbol for: {roles}", notation=school.name, roles=known)
        report.add(places.get(role, place), Message('the key "{key}"', key=role), expected)
    return school if missing else school.with_letters(own)
