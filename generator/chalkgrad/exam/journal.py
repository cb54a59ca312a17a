"""What a run has done so far, so that one that was stopped is gone on with.

The journal lies on the workbench and goes with it.  It knows what was asked only by a digest that takes long to
make: whoever finds it can guess the secret no faster than from a paper.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from chalkgrad.exam import manifest
from chalkgrad.render.files import Workbench, digest

ASKED, EARLIER, STOPPED = "asked.json", "earlier.json", "stopped.json"


class Done(NamedTuple):
    """What came of some papers."""

    files: Mapping[int, Mapping[str, str]]
    """The files of each paper by name, with their SHA-256."""
    pieces: Mapping[str, str]
    """What they add to files of all papers, by the names of those: its SHA-256."""


@dataclass(frozen=True)
class Journal:
    """The journal of a run; papers are known by the first of those that were made together."""

    bench: Workbench

    def begin(self, asked: str) -> None:
        """Go on where a run that was asked the same has stopped; else begin anew, knowing which files were made
        before."""
        if self._is_the_same(asked):
            return
        if (self.bench.home / manifest.NAME).exists():
            self.bench.keep(EARLIER, manifest.written("", 0, manifest.read(self.bench.home / manifest.NAME)))
        self.bench.keep(STOPPED, manifest.written("", 0, [*self.stopped(), *self._noted()]))
        self.bench.remove([manifest.NAME])  # from here on it would not be true
        self.bench.empty(but=[EARLIER, STOPPED])
        salt = secrets.token_hex(16)
        self.bench.keep(ASKED, json.dumps({"salt": salt, "digest": _digest(asked, salt)}))

    def _is_the_same(self, asked: str) -> bool:
        try:
            record = json.loads((self.bench.folder / ASKED).read_bytes())
            return secrets.compare_digest(_digest(asked, record["salt"]), record["digest"])
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return False

    def earlier(self) -> Iterator[manifest.Entry]:
        """The files of the last run that came to its end."""
        return manifest.read(self.bench.folder / EARLIER)

    def stopped(self) -> Iterator[manifest.Entry]:
        """The files of runs that were stopped since, and never gone on with."""
        return manifest.read(self.bench.folder / STOPPED)

    def _noted(self) -> Iterator[manifest.Entry]:
        for path in sorted(self.bench.folder.glob("*.done")):
            done = self.done(int(path.stem)) if path.stem.isdecimal() else None
            for paper, files in done.files.items() if done else ():
                yield from (manifest.Entry(file, sha256, paper) for file, sha256 in files.items())

    def note(self, first: int, done: Done) -> None:
        """Papers are done: all their files stand in their places."""
        self.bench.keep(f"{first}.done", json.dumps(done))

    def done(self, first: int) -> Done | None:
        """What came of some papers, where they are done."""
        try:
            files, pieces = json.loads((self.bench.folder / f"{first}.done").read_bytes())
            return Done({int(paper): dict(names) for paper, names in files.items()}, dict(pieces))
        except (OSError, ValueError, TypeError, AttributeError):
            return None

    def stands(self, first: int) -> bool:
        """Whether some papers are done, and all their files are as they were made."""
        done = self.done(first)
        return done is not None and all(
            [
                digest(self.bench.home / file) == sha256
                for files in done.files.values()
                for file, sha256 in files.items()
            ]
            + [digest(self.piece(first, name)) == sha256 for name, sha256 in done.pieces.items()]
        )

    def keep_piece(self, first: int, name: str, content: str | bytes) -> str:
        """Keep what some papers add to a file of all of them."""
        return self.bench.keep(self.piece(first, name).name, content)

    def piece(self, first: int, name: str) -> Path:
        """Where that lies."""
        return self.bench.folder / f"{first}.{name}"


def _digest(asked: str, salt: str) -> str:
    return hashlib.scrypt(asked.encode(), salt=salt.encode(), n=2**14, r=8, p=1).hex()
