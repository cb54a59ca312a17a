"""From YAML text, or Python data, to a tree whose every node knows where it stands.

Scalars stay text: `0.15` never passes through a float, and `no` never becomes False.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from chalkgrad.errors import Place, Problem, SpecError

MAX_BYTES = 4_000_000
"""A larger file is not a spec: a 784-30-10 network takes a quarter of a megabyte."""
MAX_NODES = 500_000
"""How many values a spec may have, counted as if every YAML alias were written out."""

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
    if path.is_dir():
        raise _stop(place, "a folder", "a spec file", f"give one of its files, such as {path / 'NAME.yaml'}")
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise _stop(place, f"a file of {size:,} bytes", f"a spec of at most {MAX_BYTES:,} bytes")
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise _stop(place, "no such file", "a spec file, or the name of an example") from None
    except UnicodeDecodeError as error:
        raise _stop(place, f"bytes that are not UTF-8 (at byte {error.start})", "UTF-8 text") from None
    except OSError as error:
        raise _stop(place, f"a file that cannot be read ({error.strerror})", "a spec file") from None
    return read_text(text, str(path))


def read_text(text: str, file: str = "<spec>") -> Node:
    """Read a spec from YAML text; `file` is the name used in messages."""
    try:
        root = yaml.compose(text, Loader=_Loader)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        place = Place(file, line, error.position - text.rfind("\n", 0, error.position))
        raise _stop(place, f"the character #x{ord(text[error.position]):04x}", "printable text") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file, 1, 1)
        problem = (error.problem or "a syntax error").replace(
            "could not find expected ':'", "a line without its colon"
        )
        raise _stop(
            place, f"YAML that does not parse ({problem})", "a YAML mapping", _yaml_hint(text, place)
        ) from None
    except RecursionError:
        raise _stop(Place(file, 1, 1), "YAML nested too deep", "a spec") from None
    if root is None:
        raise _stop(Place(file, 1, 1), "an empty file", "a spec; `chalkgrad new` writes one to start from")
    return _Converter(file).convert(root, ())


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
        if self.count > MAX_NODES or id(node) in above or len(above) > 50:
            raise _stop(
                place,
                f"more than {MAX_NODES:,} values once every alias is written out"
                if id(node) not in above
                else "an alias inside itself",
                "a spec of ordinary size",
                "write the numbers out instead of using YAML aliases",
            )
        if isinstance(node, yaml.ScalarNode):
            return Scalar(node.value, place, quoted=node.style is not None)
        inside = (*above, id(node))
        if isinstance(node, yaml.SequenceNode):
            return Items(tuple(self.convert(item, inside) for item in node.value), place)
        entries = []
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                where = Place(self.file, key.start_mark.line + 1, key.start_mark.column + 1)
                raise _stop(where, "a list or mapping as a key", "a word as a key")
            name = self.convert(key, inside)
            assert isinstance(name, Scalar)  # noqa: S101 (told to the type checker)
            entries.append((name, self.convert(value, inside)))
        return Entries(tuple(entries), place)


def from_data(data: Any, file: str = "<spec>", path: str = "") -> Node:
    """The same tree from Python data: dicts, lists, numbers and texts.

    A float stands for the decimal that Python prints for it: `0.1` is one tenth.
    """
    place = Place(file, path=path)
    if isinstance(data, Mapping):
        return Entries(
            tuple(
                (
                    Scalar(str(key), Place(file, path=_join(path, str(key)))),
                    from_data(value, file, _join(path, str(key))),
                )
                for key, value in data.items()
            ),
            place,
        )
    if hasattr(data, "tolist"):  # a NumPy array or number
        return from_data(data.tolist(), file, path)
    if isinstance(data, Sequence) and not isinstance(data, str):
        return Items(tuple(from_data(item, file, f"{path}[{i}]") for i, item in enumerate(data)), place)
    if data is None:
        return Scalar("", place)
    if isinstance(data, bool):
        return Scalar(str(data).lower(), place)
    if isinstance(data, (int, float, Fraction, str)):
        return Scalar(str(data), place, quoted=isinstance(data, str) and data == "")
    raise _stop(place, f"a {type(data).__name__}", "a dict, a list, a number or a text")


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
