"""A run: all files of an exam, made by any number of processes, and gone on with where it was stopped.

Papers are made some at a time.  Each such chunk writes the files of its papers, and keeps what it adds to the
files of all papers (a key, a bundle) as a piece; in the end the pieces are put together.  So memory does not grow
with the number of papers, and no file depends on who made what.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import NamedTuple, Protocol

from chalkgrad.exam import manifest
from chalkgrad.exam.journal import Done, Journal
from chalkgrad.exam.manifest import Entry
from chalkgrad.exam.roster import Student
from chalkgrad.exam.workers import spread
from chalkgrad.render.files import Content, Workbench, digest

CSV, KEY = "key.csv", "key.json"
"""The keys.  The second has every number of every paper: two runs with the same one made the same papers."""


class Batch(NamedTuple):
    """Some papers."""

    files: Mapping[int, Mapping[str, str | bytes]]
    """The files of each paper, by their names below the exam's folder: `papers/0001.md`."""
    pieces: Mapping[str, str | bytes]
    """What these papers add to files of all papers, by the names of those: `key.csv`."""


class Maker(Protocol):
    """Makes papers; it travels to other processes, and should do so lightly."""

    def make(self, papers: Sequence[int]) -> Batch:
        """Some papers, by their numbers.  Which others are made with them changes nothing in their files."""
        ...

    def whole(self, name: str, pieces: Sequence[Path]) -> Content:
        """A file of all papers from its pieces, in order."""
        ...


@dataclass(frozen=True)
class Run:
    """What is to be made, and where."""

    home: Path
    """The exam's folder."""
    asked: str
    """All that the files depend on: another run goes on with this one where it is asked the same."""
    program: str
    """The program and its version."""
    papers: int
    at_a_time: int
    """How many papers are made together."""
    wholes: tuple[str, ...]
    """The files of all papers."""
    students: Sequence[Student] = ()
    """Who writes paper 1, 2, …; empty where nobody has said."""

    @property
    def chunks(self) -> list[range]:
        """The papers that are made together."""
        size = self.at_a_time
        return [range(n, min(n + size, self.papers + 1)) for n in range(1, self.papers + 1, size)]

    def student(self, paper: int) -> Student | None:
        """Who writes a paper."""
        return self.students[paper - 1] if self.students else None


class Left(NamedTuple):
    """Files of earlier runs that this one did not make."""

    removed: tuple[str, ...]
    kept: tuple[str, ...]
    """Those that somebody has changed since: they are not ours to remove."""


def carry_out(run: Run, maker: Maker, jobs: int, heard: Callable[[int], None]) -> Left:
    """Make all files; `heard` is told how many papers are done, whenever there are more.

    When it is stopped, by whatever, all files are whole; asked the same again, it goes on.

    Raises `OutputError` where a file cannot be written or another run is at work in the folder.
    """
    bench = Workbench(run.home)
    with bench.open(alone=True):
        journal = Journal(bench)
        journal.begin(run.asked)
        open_chunks = [chunk for chunk in run.chunks if not journal.stands(chunk.start)]
        done = run.papers - sum(map(len, open_chunks))
        heard(done)
        stages: list[list[range | str]] = [[*open_chunks], [*run.wholes]]
        digests: dict[str, str] = {}
        with closing(spread(_Work(run, maker), stages, jobs)) as results:
            for papers, wholes in results:
                digests |= wholes
                done += papers
                if papers:
                    heard(done)
        stay, left = _others(run, journal, digests)
        entries = chain(_entries(run, journal, digests), stay)
        bench.put(manifest.NAME, manifest.written(run.program, run.papers, entries))
        bench.remove(left.removed)
        bench.clear()
    return left


@dataclass(frozen=True)
class _Work:
    """What each process does: a task is a chunk of papers, or the name of a file of all papers."""

    run: Run
    maker: Maker

    @contextmanager
    def at_work(self) -> Iterator[Callable[[range | str], tuple[int, dict[str, str]]]]:
        """Sit down at the bench."""
        bench = Workbench(self.run.home)
        journal = Journal(bench)

        def do(task: range | str) -> tuple[int, dict[str, str]]:
            if isinstance(task, str):
                return 0, {task: self._whole(task, journal)}
            return self._chunk(task, journal), {}

        with bench.open(alone=False):
            yield do

    def _whole(self, name: str, journal: Journal) -> str:
        pieces = [journal.piece(chunk.start, name) for chunk in self.run.chunks]
        return journal.bench.put(name, self.maker.whole(name, pieces))

    def _chunk(self, chunk: range, journal: Journal) -> int:
        batch = self.maker.make(chunk)
        files = {
            paper: {name: journal.bench.put(name, content) for name, content in contents.items()}
            for paper, contents in batch.files.items()
        }
        pieces = {name: journal.keep_piece(chunk.start, name, piece) for name, piece in batch.pieces.items()}
        journal.note(chunk.start, Done(files, pieces))
        return len(chunk)


def _entries(run: Run, journal: Journal, wholes: Mapping[str, str]) -> Iterator[Entry]:
    """The files that this run has made."""
    for chunk in run.chunks:
        done = journal.done(chunk.start)
        for paper, files in sorted(done.files.items()) if done else ():
            for file, sha256 in files.items():
                yield Entry(file, sha256, paper, run.student(paper))
    for file in run.wholes:
        yield Entry(file, wholes[file])


def _others(run: Run, journal: Journal, wholes: Mapping[str, str]) -> tuple[list[Entry], Left]:
    """Files of earlier runs that this one did not make: those that may stay beside its own, and the others.

    Where the last run had the same key, its papers in another format are as good as those of this one.  Others
    are removed, so that nobody hands them out.
    """
    before = {entry.file: entry for entry in journal.earlier()}
    since = {entry.file: entry for entry in journal.stopped()}
    same = KEY in before and before[KEY].sha256 == wholes.get(KEY)
    others = before | since
    for entry in _entries(run, journal, wholes):
        others.pop(entry.file, None)
    stay: list[Entry] = []
    removed: list[str] = []
    kept: list[str] = []
    for file, entry in others.items():
        found = digest(run.home / file)
        if found and found != entry.sha256:
            kept.append(file)
        elif found and same and file not in since:
            stay.append(entry)
        elif found:
            removed.append(file)
    return stay, Left(tuple(removed), tuple(kept))
