"""The registry of formats: a format is a folder of templates with a `format.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from chalkgrad.errors import ResourceError, did_you_mean
from chalkgrad.resources import templates


@dataclass(frozen=True, eq=False)
class Format:
    """What a format's folder says of itself."""

    name: str
    summary: str
    extension: str
    """What stands after the spec's name: `tex`."""
    page: str
    """The template of the whole page; empty for formats that are data."""
    escape: str
    """Which table makes strings safe."""
    width: int
    """How many digits fit on a line of mathematics."""
    math: Mapping[str, Any]
    """The dialect of mathematics: `newline`, `colours`, `rounded`."""
    pad: Mapping[str, str]
    """What pads numbers in tables: `digit`, `mark`, and `around`, a pair of texts."""
    inline: Mapping[str, str]
    """What stands around mathematics, emphasis and references inside a sentence."""
    code: Mapping[str, str]
    """What stands around the words of a listing, by kind; `escape` says how its text is made safe (default: as it
    is)."""
    folder: Path


def format_names() -> tuple[str, ...]:
    """All formats there are, sorted."""
    return tuple(sorted(path.parent.name for path in templates().glob("*/format.toml")))


@cache
def load_format(name: str) -> Format:
    """Read a format by its name."""
    if name not in format_names():
        hint = did_you_mean(name, format_names())
        known = ", ".join(format_names())
        raise ResourceError(f'no format is called "{name}"; there are: {known}{"; " if hint else ""}{hint}')
    folder = templates() / name
    table = tomllib.loads((folder / "format.toml").read_text("utf-8"))
    return Format(
        name,
        table["summary"],
        table["extension"],
        table.get("page", ""),
        table.get("escape", ""),
        table.get("width", 90),
        table.get("math", {}),
        table.get("pad", {}),
        table.get("inline", {}),
        table.get("code", {}),
        folder,
    )
