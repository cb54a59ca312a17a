"""The list of an exam's files: whose they are, and what they held when they were made.

It has a line a file, so that it is written and read piece by piece.  There is nothing in it that a student might
not know: no seed, no number of a paper, no answer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from chalkgrad.exam.roster import Student

NAME = "manifest.json"
_OURS = re.compile(r"([a-z0-9-]+/)?[a-z0-9-]+(\.[a-z0-9]+)+")
"""Names of files of an exam: none leads out of its folder."""


class Entry(NamedTuple):
    """A file of an exam."""

    file: str
    """Its name below the exam's folder, with slashes."""
    sha256: str
    paper: int | None = None
    """The paper's number; None for a file of all papers."""
    student: Student | None = None


def written(program: str, count: int, entries: Iterable[Entry]) -> Iterator[str]:
    """The text of a manifest of an exam of so many papers, piece by piece."""
    yield f'{{\n "program": {json.dumps(program)},\n "papers": {count},\n "files": [\n'
    between = "  "
    for entry in entries:
        yield f"{between}{json.dumps(_record(entry), ensure_ascii=False)}"
        between = ",\n  "
    yield "\n ]\n}\n"


def _record(entry: Entry) -> dict[str, object]:
    record: dict[str, object] = {"file": entry.file}
    if entry.paper is not None:
        record["paper"] = entry.paper
    if entry.student is not None:
        record["student"] = {"id": entry.student.id, "name": entry.student.name}
    return {**record, "sha256": entry.sha256}


def read(path: Path) -> Iterator[Entry]:
    """The entries of a manifest that was written here; lines that are none are passed over."""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            yield from filter(None, map(_entry, file))
    except OSError:
        return


def papers(path: Path) -> int:
    """How many papers the exam of a manifest has; 0 where there is none."""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            match = re.search(r'^ "papers": ([0-9]{1,9}),$', "".join(islice(file, 5)), re.MULTILINE)
    except OSError:
        return 0
    return int(match[1]) if match else 0


def _entry(line: str) -> Entry | None:
    try:
        record = json.loads(line.strip().removesuffix(","))
        file, sha256, paper = record["file"], record["sha256"], record.get("paper")
        student = Student(record["student"]["name"], record["student"]["id"]) if "student" in record else None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    if not isinstance(file, str) or not _OURS.fullmatch(file) or not isinstance(sha256, str):
        return None
    return Entry(file, sha256, paper if isinstance(paper, int) else None, student)
