"""Readers: each reads one kind of value, reports what is wrong with it, and knows its JSON schema.

A reader returns the value, or `INVALID` after it has reported a problem, so that reading goes on and all
problems are told at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final

from chalkgrad.errors import Place, Problem, did_you_mean
from chalkgrad.messages import NOTHING, Message
from chalkgrad.spec.model import plain
from chalkgrad.spec.source import Entries, Items, Node, Scalar, described


class Invalid:
    """The value of what could not be read."""

    def __bool__(self) -> bool:
        """Nothing to go on with."""
        return False


INVALID: Final = Invalid()


class Report:
    """Collects problems."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def add(self, place: Place, found: str, expected: str, hint: str = NOTHING) -> Invalid:
        """Note a problem; returns `INVALID` so that a reader can return it in one line."""
        self.problems.append(Problem(place, found, expected, hint))
        return INVALID


class Reader:
    """What every kind of value can do."""

    def read(self, node: Node, report: Report) -> Any:
        """The value, or `INVALID`."""
        raise NotImplementedError

    def schema(self) -> dict[str, Any]:
        """The JSON schema of what is accepted."""
        raise NotImplementedError


DECIMAL = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
FRACTION = re.compile(r"([+-]?[0-9]+)\s*/\s*([0-9]+)")
MAX_EXPONENT = 30


class Drawn(Fraction):
    """A number that was drawn for an exam, and remembers the draw.

    What is computed from it is a plain fraction; so wherever a `Drawn` is found, the draw itself stands there.
    """

    mark: tuple[int, int]
    """The place of the draw in the spec, and of the number in what was drawn; both counted from 0."""

    @classmethod
    def of(cls, value: Fraction, mark: tuple[int, int]) -> Drawn:
        """A value with its mark."""
        drawn = cls(value)
        drawn.mark = mark
        return drawn


@dataclass(frozen=True)
class Number(Reader):
    """An exact number: a decimal or a fraction.  Never through a float."""

    least: Fraction | None = None
    strict: bool = False
    """Whether `least` itself is excluded."""
    whole: bool = False
    most: int | None = None
    """The largest that is taken, of whole numbers."""
    below: int | None = None
    """The number must be smaller than this."""

    def expected(self) -> Message:
        """In words."""
        if self.least is None:
            return Message("a number such as 0.15, -2, 1e-3 or 1/3")
        least = str(self.least)
        if self.most is not None:
            return Message("a whole number from {least} to {most}", least=least, most=self.most)
        if self.below is not None and self.strict:
            return Message("a number above {least} and below {below}", least=least, below=self.below)
        if self.below is not None:
            return Message("a number from {least}, and below {below}", least=least, below=self.below)
        if self.strict:
            return Message("a number above {least}", least=least)
        return Message("a whole number of at least {least}", least=least)

    def read(self, node: Node, report: Report) -> Any:
        """A `Fraction`, or an `int` where the number must be whole."""
        if not isinstance(node, Scalar):
            return report.add(node.place, described(node), self.expected())
        text = node.text.strip()
        value = _exact(text)
        if value is None:
            return report.add(node.place, described(node), self.expected(), _number_hint(text))
        below = self.least is not None and (value <= self.least if self.strict else value < self.least)
        above = (self.most is not None and value > self.most) or (self.below is not None and value >= self.below)
        if below or above or (self.whole and value.denominator != 1):
            return report.add(node.place, described(node), self.expected())
        if self.whole:
            return int(value)
        return value if node.mark is None else Drawn.of(value, node.mark)

    def schema(self) -> dict[str, Any]:
        """A JSON number, or for fractions a text."""
        number: dict[str, Any] = {"type": "integer" if self.whole else "number"}
        if self.least is not None:
            bound = int(self.least) if self.least.denominator == 1 else float(self.least)
            number["exclusiveMinimum" if self.strict else "minimum"] = bound
        if self.most is not None:
            number["maximum"] = self.most
        if self.below is not None:
            number["exclusiveMaximum"] = self.below
        return (
            number if self.whole else {"anyOf": [number, {"type": "string", "pattern": f"^{FRACTION.pattern}$"}]}
        )


def exact_number(value: object) -> Fraction:
    """A number as a fraction, from text, a whole number, a `Fraction` or the decimal that a float prints.

    Raises `ValueError` for what is not a number.
    """
    found = value if isinstance(value, Fraction) else _exact(str(value).strip())
    if found is None:
        raise ValueError(f"{value!r} is not a number such as 0.15, -2, 1e-3 or 1/3")
    return found


@lru_cache(maxsize=10_000)
def _exact(text: str) -> Fraction | None:
    if len(text) > 60:
        return None
    if match := FRACTION.fullmatch(text):
        return Fraction(int(match[1]), int(match[2])) if int(match[2]) else None
    if DECIMAL.fullmatch(text) is None:
        return None
    exponent = re.search(r"[eE]([+-]?\d+)$", text)
    if exponent and abs(int(exponent[1])) > MAX_EXPONENT:
        return None
    return Fraction(text)


def _number_hint(text: str) -> Message:
    if re.fullmatch(r"[+-]?\.?(nan|inf|infinity)", text, re.IGNORECASE):
        return Message("a network is worked by hand with finite numbers")
    if re.fullmatch(r"[+-]?\d+,\d+", text):
        return Message("write the decimal mark as a point: {number}", number=text.replace(",", "."))
    if re.fullmatch(r"[+-]?\d+\s*/\s*0+", text):
        return Message("a fraction over zero has no value")
    if re.fullmatch(r"[+-]?[\d.]+[eE][+-]?\d+", text):
        return Message("exponents beyond {most} are not taken", most=MAX_EXPONENT)
    return NOTHING


@dataclass(frozen=True)
class Text(Reader):
    """A line of text."""

    longest: int = 2000

    def read(self, node: Node, report: Report) -> Any:
        """The text, without control characters."""
        if not isinstance(node, Scalar):
            return report.add(node.place, described(node), Message("a text"))
        if len(node.text) > self.longest:
            found = Message("a text of {size:,} characters", size=len(node.text))
            return report.add(node.place, found, Message("at most {most:,}", most=self.longest))
        return plain(node.text)

    def schema(self) -> dict[str, Any]:
        """A string."""
        return {"type": "string"}


@dataclass(frozen=True)
class Flag(Reader):
    """Yes or no."""

    def read(self, node: Node, report: Report) -> Any:
        """A bool."""
        word = node.text.lower() if isinstance(node, Scalar) else ""
        if word in _YES or word in _NO:
            return word in _YES
        return report.add(node.place, described(node), Message("true or false"))

    def schema(self) -> dict[str, Any]:
        """A boolean."""
        return {"type": "boolean"}


_YES, _NO = ("true", "yes", "on"), ("false", "no", "off")


@dataclass(frozen=True)
class Choice(Reader):
    """One of some words."""

    words: tuple[str, ...]
    what: Message

    def read(self, node: Node, report: Report) -> Any:
        """The word."""
        if isinstance(node, Scalar) and node.text in self.words:
            return node.text
        hint = did_you_mean(node.text, self.words) if isinstance(node, Scalar) else NOTHING
        expected = Message("{what}: {words}", what=self.what, words=", ".join(self.words))
        return report.add(node.place, described(node), expected, hint)

    def schema(self) -> dict[str, Any]:
        """An enum."""
        return {"enum": list(self.words)}


@dataclass(frozen=True)
class ListOf(Reader):
    """A list of values of one kind."""

    item: Reader
    what: Message
    least: int = 1

    def read(self, node: Node, report: Report) -> Any:
        """A tuple."""
        if not isinstance(node, Items) or len(node.items) < self.least:
            return report.add(node.place, described(node), self.what)
        values = tuple(self.item.read(item, report) for item in node.items)
        return INVALID if INVALID in values else values

    def schema(self) -> dict[str, Any]:
        """An array."""
        return {"type": "array", "items": self.item.schema(), "minItems": self.least}


ROWS = Message("rows of numbers, such as [[0.1, 0.2], [0.3, 0.4]]")


@dataclass(frozen=True)
class Matrix(Reader):
    """Rows of numbers, all of one length."""

    what: Message = ROWS

    def read(self, node: Node, report: Report) -> Any:
        """A tuple of tuples of `Fraction`."""
        if not isinstance(node, Items) or not node.items:
            return report.add(node.place, described(node), self.what)
        rows = []
        for item in node.items:
            if not isinstance(item, Items):
                return report.add(item.place, described(item), self.what, Message("each row is a list of its own"))
            rows.append(ListOf(Number(), Message("a row of numbers")).read(item, report))
        width = len(node.items[0].items) if isinstance(node.items[0], Items) else 0
        for row, item in enumerate(node.items, 1):
            assert isinstance(item, Items)  # noqa: S101 (checked above; told to the type checker)
            if len(item.items) != width:
                found = Message("a row of {size} (row {row})", size=len(item.items), row=row)
                expected = Message(
                    "{count} number, as many as in the first row",
                    many="{count} numbers, as many as in the first row",
                    count=width,
                )
                rows.append(report.add(item.place, found, expected))
        return INVALID if INVALID in rows else tuple(rows)

    def schema(self) -> dict[str, Any]:
        """An array of arrays."""
        return {
            "type": "array",
            "items": {"type": "array", "items": Number().schema(), "minItems": 1},
            "minItems": 1,
        }


@dataclass(frozen=True)
class Field:
    """A key of a record."""

    reader: Reader
    meaning: Message
    required: bool = False
    default: Any = None


def missing(what: Message, key: str, meaning: Message) -> tuple[Message, Message]:
    """What is found and what is expected where a record lacks a key."""
    return Message('no "{key}"', key=key), Message(
        "{what} with {key}: {meaning}", what=what, key=key, meaning=meaning
    )


@dataclass(frozen=True)
class Record(Reader):
    """A mapping with known keys."""

    fields: Mapping[str, Field]
    what: Message
    build: Callable[..., Any] = field(default=lambda **values: values)
    """Called with a value for every key."""

    def read(self, node: Node, report: Report) -> Any:
        """What `build` makes of the values; unknown, repeated and missing keys are reported."""
        if not isinstance(node, Entries):
            return report.add(node.place, described(node), self.what)
        values: dict[str, Any] = {}
        for key, value in node.entries:
            known = self.fields.get(key.text)
            if known is None:
                found = Message('the key "{key}"', key=key.text)
                expected = Message("{what}: {keys}", what=self.what, keys=", ".join(self.fields))
                report.add(key.place, found, expected, did_you_mean(key.text, self.fields))
            elif key.text in values:
                again = Message('the key "{key}" a second time', key=key.text)
                report.add(key.place, again, Message("each key once"))
            else:
                values[key.text] = known.reader.read(value, report)
        for name, known in self.fields.items():
            if name not in values:
                values[name] = known.default
                if known.required:
                    values[name] = report.add(node.place, *missing(self.what, name, known.meaning))
        return INVALID if INVALID in values.values() else self.build(**values)

    def schema(self) -> dict[str, Any]:
        """An object."""
        properties = {name: {**f.reader.schema(), "description": f.meaning} for name, f in self.fields.items()}
        required = [name for name, f in self.fields.items() if f.required]
        return {
            "type": "object",
            "properties": properties,
            "additionalProperties": False,
            **({"required": required} if required else {}),
        }


@dataclass(frozen=True)
class Named(Reader):
    """A mapping with names of one's own, and a value of one kind for each."""

    value: Reader
    what: Message

    def read(self, node: Node, report: Report) -> Any:
        """A dict in the order of the spec; a name that comes twice is reported."""
        if not isinstance(node, Entries) or not node.entries:
            return report.add(node.place, described(node), self.what)
        values: dict[str, Any] = {}
        problems = False
        for key, value in node.entries:
            if key.text in values:
                again = Message('the key "{key}" a second time', key=key.text)
                report.add(key.place, again, Message("each key once"))
                problems = True
            values[key.text] = self.value.read(value, report)
        return INVALID if problems or INVALID in values.values() else values

    def schema(self) -> dict[str, Any]:
        """An object."""
        return {"type": "object", "additionalProperties": self.value.schema(), "minProperties": 1}


@dataclass(frozen=True)
class ByShape(Reader):
    """A value that may be written in several shapes: a word, a list or a mapping."""

    what: Message
    scalar: Reader | None = None
    items: Reader | None = None
    entries: Reader | None = None
    may_be_empty: bool = False

    def read(self, node: Node, report: Report) -> Any:
        """What the reader for this shape makes of it."""
        reader = {Scalar: self.scalar, Items: self.items, Entries: self.entries}[type(node)]
        empty = isinstance(node, Scalar) and node.text == "" and not node.quoted
        if reader is None or (empty and not self.may_be_empty):
            return report.add(node.place, described(node), self.what)
        return reader.read(node, report)

    def schema(self) -> dict[str, Any]:
        """Any of the shapes."""
        return {"anyOf": [r.schema() for r in (self.scalar, self.items, self.entries) if r is not None]}


def entry(node: Node, key: str) -> Node | None:
    """The value of a key, for judges that need its place."""
    if isinstance(node, Entries):
        return next((value for name, value in node.entries if name.text == key), None)
    return None


def item(node: Node | None, *indices: int) -> Node | None:
    """The node at nested list indices, or the nearest one that exists."""
    for index in indices:
        if not isinstance(node, Items) or index >= len(node.items):
            return node
        node = node.items[index]
    return node
