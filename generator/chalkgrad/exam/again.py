"""One paper again: its files as a run of all papers makes them; nothing else is touched but what lists them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from chalkgrad.errors import ChalkgradError
from chalkgrad.exam import manifest
from chalkgrad.exam.key import CSV_HEAD, json_whole
from chalkgrad.exam.manifest import Entry
from chalkgrad.exam.running import CSV, KEY, Maker, Run
from chalkgrad.messages import Message
from chalkgrad.render.files import write_all

_LINE = re.compile(r'\{"paper": (\d+), .*\}')
"""A paper in a key."""


def make_again(run: Run, maker: Maker, paper: int) -> list[Path]:
    """Write the files of one paper; returns where they lie.

    A key that has the paper is left as it is, one that lacks it gets it, and where there is none, it is begun.

    Raises `ChalkgradError` where there is a key with another paper of that number, and `OutputError` where a file
    cannot be written; then nothing has changed.
    """
    batch = maker.make([paper])
    files: dict[str, str | bytes] = dict(batch.files[paper])
    own = {file: Entry(file, _sha256(content), paper, run.student(paper)) for file, content in files.items()}
    keys = _keys(run, paper, str(batch.pieces[KEY]), str(batch.pieces[CSV]))
    own |= {file: Entry(file, _sha256(content)) for file, content in keys.items()}
    files |= keys
    files[manifest.NAME] = _manifest(run, own)
    paths: Mapping[Path, str | bytes] = {run.home / name: content for name, content in files.items()}
    write_all(paths)
    return list(paths)


def _keys(run: Run, paper: int, line: str, rows: str) -> dict[str, str]:
    """The keys with the paper; none where it is there already."""
    known = _papers_of(run.home / KEY)
    line = line.rstrip(",\n")
    if known is None or known.get(paper, line) != line:
        raise ChalkgradError(
            Message(
                "{file} has another paper {paper}: make all papers, without {option}, or choose another folder",
                file=str(run.home / KEY), paper=paper, option="--only",
            )
        )  # fmt: skip
    if paper in known:
        return {}
    lines = sorted((known | {paper: line}).items())
    table = [*_text(run.home / CSV).splitlines(keepends=True)[1:], *rows.splitlines(keepends=True)]
    table.sort(key=lambda row: int(row.partition(",")[0]) if row.partition(",")[0].isdecimal() else 0)
    return {CSV: "".join([CSV_HEAD, *table]), KEY: "".join(json_whole(f"{text},\n" for _, text in lines))}


def _papers_of(path: Path) -> dict[int, str] | None:
    """The papers of a key, by number; None where the file is no key that was written here."""
    text = _text(path)
    found = {int(match[1]): match[0] for match in _LINE.finditer(text)}
    return found if text in ("", "".join(json_whole(f"{line},\n" for line in found.values()))) else None


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except (OSError, UnicodeDecodeError):
        return "?"


def _manifest(run: Run, own: dict[str, Entry]) -> str:
    """The manifest with files of its own."""
    path = run.home / manifest.NAME
    entries = list(({entry.file: entry for entry in manifest.read(path)} | own).values())
    entries.sort(key=lambda entry: (entry.paper is None, entry.paper or 0))
    papers = max(manifest.papers(path), len(set(_papers(entries))))
    return "".join(manifest.written(run.program, papers, entries))


def _papers(entries: Iterable[Entry]) -> Iterable[int]:
    return (entry.paper for entry in entries if entry.paper is not None)


def _sha256(content: str | bytes) -> str:
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()
