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
from chalkgrad.resources import example_names

MAX_BYTES = 4_000_000
"""A larger file is not a spec: a 784-30-10 network takes a quarter of a megabyte."""
MAX_NODES = 500_000
"""How many values a spec may have, counted as if every YAML alias were written out."""

MAX_DEPTH = 50

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Scalar:
    """A single value, as the text that was written."""

    text: str
    place: Place
    quoted: bool = False


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


def described(node: Node) -> str:
    """What was found, in a few words for a message."""
    if isinstance(node, Items):
        return f"a list of {len(node.items)}" if node.items else "an empty list"
    if isinstance(node, Entries):
        return "a mapping" if node.entries else "an empty mapping"
    if node.text == "" and not node.quoted:
        return "nothing"
    return f'"{node.text[:60]}{"…" if len(node.text) > 60 else ""}"'


def _stop(place: Place, found: str, expected: str, hint: str = "") -> SpecError:
    return SpecError([Problem(place, found, expected, hint)])


def read_file(path: Path) -> Node:
    """Read a spec file.  Raises `SpecError` for whatever is not one readable YAML document."""
    place = Place(str(path))
    try:
        if path.is_dir():
            raise _stop(place, "a folder", "a spec file", f"give one of its files, such as {path / 'NAME.yaml'}")
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise _stop(place, f"a file of {size:,} bytes", f"a spec of at most {MAX_BYTES:,} bytes")
        data = path.read_bytes()
    except FileNotFoundError:
        hint = did_you_mean(path.name, example_names())
        raise _stop(place, "no such file", "a spec file, or the name of an example", hint) from None
    except OSError as error:
        raise _stop(place, f"a file that cannot be read ({error.strerror})", "a spec file") from None
    try:
        return read_text(data.decode("utf-8-sig"), str(path))
    except UnicodeDecodeError as error:
        before = data[: error.start]
        where = Place(str(path), before.count(b"\n") + 1, error.start - before.rfind(b"\n"))
        raise _stop(where, f"bytes that are not UTF-8 (#x{data[error.start]:02x})", "UTF-8 text") from None


def read_text(text: str, file: str = "<spec>") -> Node:
    """Read a spec from YAML text; `file` is the name used in messages."""
    if found := FORBIDDEN.search(text):
        line = text.count("\n", 0, found.start()) + 1
        place = Place(file, line, found.start() - text.rfind("\n", 0, found.start()))
        raise _stop(place, f"the character #x{ord(found[0]):04x}", "printable text")
    try:
        _measure(text, file)
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file, 1, 1)
        problem = (error.problem or "a syntax error").replace(
            "could not find expected ':'", "a line without its colon"
        )
        raise _stop(
            place, f"YAML that does not parse ({problem})", "a YAML mapping", _yaml_hint(text, place)
        ) from None
    if root is None:
        raise _stop(Place(file, 1, 1), "an empty file", "a spec; `chalkgrad new` writes one to start from")
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
                raise _stop(place, f"nested values, more than {MAX_DEPTH} deep", "a spec")
        elif isinstance(event, (yaml.SequenceEndEvent, yaml.MappingEndEvent)):
            depth -= 1


def _yaml_hint(text: str, place: Place) -> str:
    lines = text.splitlines()
    line = lines[place.line - 1] if place.line and place.line <= len(lines) else ""
    return "indent with spaces, not tabs" if "\t" in line else ""


@dataclass
class _Converter:
    file: str
    count: int = 0

    def convert(self, node: yaml.Node, above: tuple[int, ...]) -> Node:
        place = Place(self.file, node.start_mark.line + 1, node.start_mark.column + 1)
        self.count += 1
        if id(node) in above:
            raise _stop(place, "an alias inside itself", "a spec", "write the values out")
        if len(above) > MAX_DEPTH:
            raise _stop(place, f"nested values, more than {MAX_DEPTH} deep", "a spec")
        if self.count > MAX_NODES:
            found = f"more than {MAX_NODES:,} values once every alias is written out"
            raise _stop(
                place, found, "a spec of ordinary size", "write the numbers out instead of using YAML aliases"
            )
        if isinstance(node, yaml.ScalarNode):
            return Scalar(node.value, place, quoted=node.style in ("'", '"'))
        inside = (*above, id(node))
        if isinstance(node, yaml.SequenceNode):
            return Items(tuple(self.convert(item, inside) for item in node.value), place)
        return Entries(tuple(self._entry(key, value, inside) for key, value in node.value), place)

    def _entry(self, key: yaml.Node, value: yaml.Node, inside: tuple[int, ...]) -> tuple[Scalar, Node]:
        name = self.convert(key, inside)
        if not isinstance(name, Scalar):
            raise _stop(name.place, "a list or mapping as a key", "a word as a key")
        return name, self.convert(value, inside)


def from_data(data: Any, file: str = "<spec>", path: str = "", depth: int = 0) -> Node:
    """The same tree from Python data: dicts, lists, numbers and texts.

    A float stands for the decimal that Python prints for it: `0.1` is one tenth.
    """
    place = Place(file, path=path)
    if depth > MAX_DEPTH:
        raise _stop(place, f"nested values, more than {MAX_DEPTH} deep", "a spec")
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
    raise _stop(place, f"a {type(data).__name__}", "a dict, a list, a number or a text")


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
