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
from chalkgrad.spec.readers import INVALID, ByShape, Choice, Field, ListOf, Number, Reader, Record, Report, Text
from chalkgrad.spec.source import Node, Scalar, described, from_data

MAX_BYTES = 100_000
"""A larger file is not a notation."""


@dataclass(frozen=True)
class Letter(Reader):
    """A letter of mathematics, in any of its spellings."""

    what = "a letter (w, θ, theta, ŷ, ℒ) or a short word of letters and digits"

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
            return report.add(node.place, described(node), f"an index such as ({known.split(',')[0]})")
        for place in re.findall(r"\{[^}]*\}?", node.text):
            if place[1:-1] not in tuple(self.places) or place[-1] != "}":
                return report.add(node.place, f'the place "{place}"', f"one of {known}")
        if not re.fullmatch(r"[A-Za-z0-9()\[\],.+\-{} ]{1,24}", node.text) or "}" in re.sub(
            r"\{\w\}", "", node.text
        ):
            return report.add(
                node.place, described(node), f"letters, digits, ( ) [ ] , . + - and the places {known}"
            )
        return node.text

    def schema(self) -> dict[str, Any]:
        """A string."""
        return {"type": "string"}


_INDEX = ListOf(Script(), least=0, what='a list of indices, such as ["{j}", "{k}"]')
_PATTERN = Record(
    {
        "base": Field(Letter(), "a letter or a short word", required=True),
        "bold": Field(Choice(("true", "false"), "true or false"), "whether it is bold"),
        "sub": Field(_INDEX, "what stands below"),
        "sup": Field(_INDEX, "what stands above"),
    },
    "a symbol",
)
_ROW = ByShape(
    'a symbol such as { base = "w", sub = ["{j}"] }, or false to take one away',
    scalar=Choice(("false",), "a symbol in braces, or the word"),
    entries=_PATTERN,
)
_LETTER = Choice(tuple("abcdefghijklmnopqrstuvwxyz"), "one small letter")


def _rows(section: str) -> Field:
    names = SECTIONS[section][1]
    return Field(
        Record({name: Field(_ROW, "a symbol") for name in names}, f"the symbols of [{section}]"), "symbols"
    )


def file_record() -> Record:
    """The keys of a notation file."""
    units = {
        kind: Field(Script("klc"), "a unit's name", required=True)
        for kind in ("input", "hidden", "deep", "output")
    }
    return Record(
        {
            "extends": Field(Choice(notation_names(), "a notation to begin with"), "a notation to begin with"),
            "summary": Field(Text(200), "what it is"),
            "samples": Field(Choice(("rows", "columns"), "one of"), "how a sample lies in a matrix"),
            "weights": Field(Choice(("to_from", "from_to"), "one of"), "what a weight matrix has a row for"),
            "sample": Field(
                Choice(("before", "after", "above", "last"), "one of"), "where a sample's number stands"
            ),
            "layer_offset": Field(Number(Fraction(-1), whole=True, most=1), "added to the layer's number"),
            "index_base": Field(Number(Fraction(0), whole=True, most=1), "the index of the first unit"),
            "updated": Field(Choice(("prime", "+", "*", "new"), "one of"), "marks a parameter after the update"),
            "times": Field(Choice(("·", "×"), "one of"), "the sign between factors"),
            "words": Field(Choice(WORDS, "one of"), "what the derivative by a weighted sum is called"),
            "recursion": Field(Choice(("entrywise", "diagonal"), "one of"), "how slopes multiply"),
            "derivative": Field(Choice(("", *"dDgG"), "one of"), "the letter that makes dz of z"),
            "difference": Field(
                Choice(("output_first", "target_first"), "one of"), "how a squared error's slope is written"
            ),
            "units": Field(Record(units, "the names of units"), "the names of units"),
            "indices": Field(
                Record(
                    {name: Field(_LETTER, "a letter") for name in "jkiln"}, "the letters of general statements"
                ),
                "the letters of general statements",
            ),
            **{section: _rows(section) for section in SECTIONS},
        },
        "a notation",
    )


@dataclass(frozen=True)
class School(Reader):
    """A notation by its name, or by the path of a file that ends in .toml."""

    what = "a notation"

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
    expected = "a notation file"
    try:
        if not path.is_file():
            return report.add(
                node.place, f"no file {path}", expected, "its path is taken from where the spec lies"
            )
        if path.stat().st_size > MAX_BYTES:
            return report.add(Place(str(path)), "a large file", f"{expected} of at most {MAX_BYTES:,} bytes")
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        return report.add(Place(str(path)), f"a file that cannot be read ({error.strerror})", expected)
    except UnicodeDecodeError:
        return report.add(Place(str(path)), "bytes that are not UTF-8", "UTF-8 text")
    except RecursionError:
        return report.add(Place(str(path)), "values nested too deep", expected)
    except tomllib.TOMLDecodeError as error:
        what, _, where = str(error).partition(" (at ")
        at = re.match(r"line (\d+), column (\d+)", where)
        place = Place(str(path), int(at[1]), int(at[2])) if at else Place(str(path))
        return report.add(place, f"TOML that does not parse ({what[:1].lower()}{what[1:]})", expected)


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
            report.add(place, f'no "{key}"', f"{key}, or extends with the name of a notation")
    for section, (prefix, names) in SECTIONS.items():
        if section == "general":
            continue
        for name in names:
            if name not in table.get(section, {}) and prefix + name not in OPTIONAL:
                report.add(place, f'no "{name}" in [{section}]', "a symbol for it, or extends with a notation")
    has_delta = "delta" in table.get("symbols", {})
    if has_delta != ("delta" in table.get("matrices", {})):
        report.add(place, "delta in only one of [symbols] and [matrices]", "both or neither")
    if has_delta == (table.get("words", "delta") == "derivative"):
        report.add(
            place,
            f'words "{table.get("words", "delta")}" {"with" if has_delta else "without"} a symbol for delta',
            'a symbol for delta and a word for it, or words = "derivative" and delta = false',
        )
    own = {"j": "j", "k": "k", "i": "i", **table.get("indices", {})}
    if own["j"] in (own["i"], own["k"]):
        report.add(place, f'the index letter "{own["j"]}" twice', "a letter for j that neither i nor k has")


def letters_record() -> Record:
    """The keys of `show.symbols`: a letter for each role."""
    roles = (*ROLES, *(f"matrix.{name}" for name in MATRICES))
    return Record(
        {role: Field(Letter(), f"the letter for {role}") for role in roles}, "letters of one's own", _given
    )


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
        report.add(places.get(role, place), f'the key "{role}"', f"what {school.name} has a symbol for: {known}")
    return school if missing else school.with_letters(own)
