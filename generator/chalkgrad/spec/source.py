"""From YAML text, or Python data, to a tree whose every node knows where it stands.

Scalars stay text: `0.15` never passes through a float, and `no` never becomes False.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from chalkgrad.errors import Place, Problem, SpecError, did_you_mean
from chalkgrad.messages import NOTHING, Message
from chalkgrad.resources import example_names

MAX_BYTES = 4_000_000
"""A larger file is not a spec: a 784-30-10 network takes a quarter of a megabyte."""
MAX_NODES = 500_000
"""How many values a spec may have, counted as if every YAML alias were written out."""

MAX_DEPTH = 50
LONGEST_QUOTE = 60
"""How many characters of a user's text a message repeats."""

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Scalar:
    """A single value, as the text that was written."""

    text: str
    place: Place
    quoted: bool = False
    mark: tuple[int, int] | None = None
    """Which draw of an exam it comes from, and which of the draw's values it is; None for what was written."""


@dataclass(frozen=True)
class Items:
    """A list."""

    items: tuple[Node, ...]
    place: Place


@dataclass(frozen=True)
class Entries:
    """A mapping, in the order written; keys know their places too."""

    entries: tuple[tuple[Scalar, Node], ...]
    place: Place


Node: TypeAlias = Scalar | Items | Entries


A_SPEC = Message("a spec")
A_SPEC_FILE = Message("a spec file")
TOO_DEEP = Message("nested values, more than {most} deep", most=MAX_DEPTH)


def described(node: Node) -> Message:
    """What was found, in a few words for a message."""
    if isinstance(node, Items):
        return Message("a list of {size}", size=len(node.items)) if node.items else Message("an empty list")
    if isinstance(node, Entries):
        return Message("a mapping") if node.entries else Message("an empty mapping")
    if node.text == "" and not node.quoted:
        return Message("nothing")
    return quoted(node.text if len(node.text) <= LONGEST_QUOTE else f"{node.text[:LONGEST_QUOTE]}…")


def quoted(text: str) -> Message:
    """A word of the user's, the same in every language."""
    return Message('"{text}"', text=text)


def _stop(place: Place, found: Message, expected: Message, hint: Message = NOTHING) -> SpecError:
    return SpecError([Problem(place, found, expected, hint)])


def read_file(path: Path) -> Node:
    """Read a spec file.  Raises `SpecError` for whatever is not one readable YAML document."""
    place = Place(str(path))
    try:
        if path.is_dir():
            hint = Message("give one of its files, such as {path}", path=str(path / "NAME.yaml"))
            raise _stop(place, Message("a folder"), A_SPEC_FILE, hint)
        size = path.stat().st_size
        if size > MAX_BYTES:
            found = Message("a file of {size:,} bytes", size=size)
            raise _stop(place, found, Message("a spec of at most {most:,} bytes", most=MAX_BYTES))
        data = path.read_bytes()
    except FileNotFoundError:
        hint = did_you_mean(path.name, example_names())
        expected = Message("a spec file, or the name of an example")
        raise _stop(place, Message("no such file"), expected, hint) from None
    except OSError as error:
        reason = Message(error.strerror or str(error))
        found = Message("a file that cannot be read ({reason})", reason=reason)
        raise _stop(place, found, A_SPEC_FILE) from None
    return read_text(decoded(data, str(path)), str(path))


def decoded(data: bytes, file: str, hint: Message = NOTHING) -> str:
    """The text of a file's bytes.  Raises `SpecError` where they are not UTF-8."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        where = Place(file, before.count(b"\n") + 1, error.start - before.rfind(b"\n"))
        bad = Message("bytes that are not UTF-8 (#x{byte})", byte=f"{data[error.start]:02x}")
        raise _stop(where, bad, Message("UTF-8 text"), hint) from None


def be_printable(text: str, file: str) -> None:
    """Raise `SpecError` at the first character that is no text."""
    if found := FORBIDDEN.search(text):
        line = text.count("\n", 0, found.start()) + 1
        place = Place(file, line, found.start() - text.rfind("\n", 0, found.start()))
        raise _stop(
            place, Message("the character #x{code}", code=f"{ord(found[0]):04x}"), Message("printable text")
        )


def read_text(text: str, file: str = "<spec>") -> Node:
    """Read a spec from YAML text; `file` is the name used in messages."""
    be_printable(text, file)
    try:
        _measure(text, file)
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file, 1, 1)
        said = Message("YAML that does not parse ({reason})", reason=_yaml_reason(error))
        raise _stop(place, said, Message("a YAML mapping"), _yaml_hint(text, place)) from None
    if root is None:
        expected = Message("a spec; `chalkgrad new` writes one to start from")
        raise _stop(Place(file, 1, 1), Message("an empty file"), expected)
    return _Converter(file).convert(root, ())


FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|\ufeff")
"""What YAML 1.1 does not call printable, and byte order marks in the middle."""


def _measure(text: str, file: str) -> None:
    """Refuse nesting that would exhaust the stack, before anything recurses into it."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, (yaml.SequenceStartEvent, yaml.MappingStartEvent)):
            depth += 1
            if depth > MAX_DEPTH:
                mark = event.start_mark
                place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file, 1, 1)
                raise _stop(place, TOO_DEEP, A_SPEC)
        elif isinstance(event, (yaml.SequenceEndEvent, yaml.MappingEndEvent)):
            depth -= 1


def _yaml_reason(error: yaml.MarkedYAMLError) -> Message:
    """What the YAML reader says, in plainer words where its own are riddles."""
    if error.problem and "could not find expected ':'" in error.problem:
        return Message("a line without its colon")
    return Message(error.problem) if error.problem else Message("a syntax error")


def _yaml_hint(text: str, place: Place) -> Message:
    lines = text.splitlines()
    line = lines[place.line - 1] if place.line and place.line <= len(lines) else ""
    return Message("indent with spaces, not tabs") if "\t" in line else NOTHING


@dataclass
class _Converter:
    file: str
    count: int = 0

    def convert(self, node: yaml.Node, above: tuple[int, ...]) -> Node:
        place = Place(self.file, node.start_mark.line + 1, node.start_mark.column + 1)
        self.count += 1
        if id(node) in above:
            raise _stop(place, Message("an alias inside itself"), A_SPEC, Message("write the values out"))
        if len(above) > MAX_DEPTH:
            raise _stop(place, TOO_DEEP, A_SPEC)
        if self.count > MAX_NODES:
            found = Message("more than {most:,} values once every alias is written out", most=MAX_NODES)
            hint = Message("write the numbers out instead of using YAML aliases")
            raise _stop(place, found, Message("a spec of ordinary size"), hint)
        if isinstance(node, yaml.ScalarNode):
            return Scalar(node.value, place, quoted=node.style in ("'", '"'))
        inside = (*above, id(node))
        if isinstance(node, yaml.SequenceNode):
            return Items(tuple(self.convert(item, inside) for item in node.value), place)
        return Entries(tuple(self._entry(key, value, inside) for key, value in node.value), place)

    def _entry(self, key: yaml.Node, value: yaml.Node, inside: tuple[int, ...]) -> tuple[Scalar, Node]:
        name = self.convert(key, inside)
        if not isinstance(name, Scalar):
            raise _stop(name.place, Message("a list or mapping as a key"), Message("a word as a key"))
        return name, self.convert(value, inside)


def from_data(data: Any, file: str = "<spec>", path: str = "", depth: int = 0) -> Node:
    """The same tree from Python data: dicts, lists, numbers and texts.

    A float stands for the decimal that Python prints for it: `0.1` is one tenth.
    """
    place = Place(file, path=path)
    if depth > MAX_DEPTH:
        raise _stop(place, TOO_DEEP, A_SPEC)
    if isinstance(data, Mapping):
        entries = []
        for key, value in data.items():
            inner = _join(path, str(key))
            entries.append((Scalar(str(key), Place(file, path=inner)), from_data(value, file, inner, depth + 1)))
        return Entries(tuple(entries), place)
    if hasattr(data, "tolist"):  # a NumPy array or number
        return from_data(data.tolist(), file, path, depth)
    if isinstance(data, Sequence) and not isinstance(data, (str, bytes)):
        return Items(tuple(from_data(x, file, f"{path}[{i}]", depth + 1) for i, x in enumerate(data)), place)
    if data is None:
        return Scalar("", place)
    if isinstance(data, bool):
        return Scalar(str(data).lower(), place)
    if isinstance(data, (int, float, Fraction, Decimal, str)):
        return Scalar(str(data), place, quoted=data == "")
    found = Message("a value of type {type}", type=type(data).__name__)
    raise _stop(place, found, Message("a dict, a list, a number or a text"))


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
