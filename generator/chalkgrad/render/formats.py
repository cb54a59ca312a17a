"""The registry of formats: a format is a folder of templates with a `format.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from chalkgrad.errors import ResourceError, TemplateError, advised, did_you_mean
from chalkgrad.messages import Message
from chalkgrad.resources import templates


@dataclass(frozen=True, eq=False)
class Format:
    """What a format's folder says of itself."""

    name: str
    summary: Message
    extension: str
    """What stands after the spec's name: `tex`, `beamer.tex`."""
    folders: tuple[Path, ...]
    """Where its templates are looked for: the user's folder first, then its own, then those it builds on."""
    overrides: Path | None = None
    """The user's folder, where there is one."""
    page: str = ""
    """The template of the whole page; empty for formats that are data."""
    part: str = ""
    """The template of a document's blocks alone, which stand on a sheet of an exam with those of others."""
    sheet: str = ""
    """The template of what stands around the exercises of one sheet."""
    bundle: str = ""
    """The template of what stands around all sheets of a file; empty for formats in which there are no exams."""
    escape: str = ""
    """Which table makes strings safe."""
    printer: str = "latex"
    """The markup of its mathematics."""
    width: int = 90
    """How many digits fit on a line of mathematics."""
    lines: float = 0
    """How many lines of text fit on a slide; 0 where pages go on as long as they like."""
    drawing_width: int = 455
    """How wide a drawing may be, in points."""
    runnable: bool = False
    """Whether the reader can run the page's programs."""
    drawings: str = "inline"
    """Where drawings are: `inline`, in `files` beside the page, or `alone`, where there is nothing else."""
    maker: str = ""
    """What makes the finished file of the text, where the text is not yet that: `typst` makes a PDF."""
    math: Mapping[str, Any] = field(default_factory=dict)
    """The dialect of its mathematics: `newline`, `signs`, `colours`."""
    pad: Mapping[str, str] = field(default_factory=dict)
    """What pads numbers in tables so that they align: `before` and `after` the padding, a `mark`, a `digit`."""
    inline: Mapping[str, str] = field(default_factory=dict)
    """What stands around mathematics, emphasis and references inside a sentence."""
    code: Mapping[str, str] = field(default_factory=dict)
    """What stands around the words of a listing, by kind; `escape` says how its text is made safe (default: as it
    is)."""


def format_names() -> tuple[str, ...]:
    """All formats there are, sorted."""
    return tuple(sorted(path.parent.name for path in templates().glob("*/format.toml")))


@cache
def load_format(name: str, overrides: Path | None = None) -> Format:
    """Read a format by its name; templates in the folder `overrides/NAME` are taken before its own.

    A `format.toml` there may change single settings.  With `builds_on`, a format takes the settings and the
    templates of another one where it has none of its own.
    """
    if name not in format_names():
        known = ", ".join(format_names())
        unknown = Message('no format is called "{name}"; there are: {known}', name=name, known=known)
        raise ResourceError(advised(unknown, did_you_mean(name, format_names())))
    folders, table = _settings(templates() / name)
    if overrides is not None:
        if not overrides.is_dir():
            raise ResourceError(Message("no folder of templates is called {folder}", folder=str(overrides)))
        own = overrides / name
        folders = [own, *folders]
        if (own / "format.toml").is_file():
            table = _merged(table, _changes(own / "format.toml"))
    return Format(
        name=name,
        folders=(*folders, templates()),
        overrides=overrides,
        **{**table, "summary": Message(table["summary"])},
    )


@cache
def pdf_of_latex(engine: str, overrides: Path | None = None) -> Format:
    """The format of a PDF that a TeX engine makes of the LaTeX article."""
    return replace(load_format("tex", overrides), name="pdf", extension="pdf", maker=engine)


def _settings(folder: Path) -> tuple[list[Path], dict[str, Any]]:
    """A format's folders, its own first, and its settings over those of the format it builds on."""
    table = _read(folder / "format.toml")
    base = table.pop("builds_on", None)
    if base is None:
        return [folder], table
    folders, settings = _settings(folder.parent / base)
    return [folder, *folders], _merged(settings, table)


def _merged(settings: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Settings with changes; tables are merged key by key."""
    out = dict(settings)
    for key, value in changes.items():
        out[key] = (
            _merged(out[key], value) if isinstance(value, dict) and isinstance(out.get(key), dict) else value
        )
    return out


def _changes(path: Path) -> dict[str, Any]:
    """The settings that a user's `format.toml` changes."""
    table = _read(path)
    kinds: dict[str, type] = {"summary": str, "page": str, "width": int, "drawing_width": int, "lines": int}
    kinds |= dict.fromkeys(("math", "pad", "inline", "code"), dict)
    for key, value in table.items():
        if not isinstance(value, kinds.get(key, ())):
            kinds_text = kinds[key].__name__ if key in kinds else ", ".join(kinds)
            wrong = Message(
                "{file}: found {key} = {value}, expected {kinds}",
                file=str(path),
                key=key,
                value=repr(value),
                kinds=kinds_text,
            )
            raise TemplateError(advised(wrong, "" if key in kinds else did_you_mean(key, kinds)))
    return table


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TemplateError(f"{path}: {error}") from error
