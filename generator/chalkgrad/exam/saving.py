"""An exam as files in a folder: all of them in one run, or those of one paper again."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from chalkgrad.errors import ChalkgradError, advised, did_you_mean
from chalkgrad.exam.making import Making
from chalkgrad.exam.running import Left, Run, carry_out
from chalkgrad.messages import Message
from chalkgrad.render.files import digest
from chalkgrad.render.sheets import sheet_formats
from chalkgrad.version import PROGRAM

KEYS_ALONE = "key"
"""What stands for keys among the formats: they are made in any case, and alone where nothing else is asked."""
WORTH_A_PROCESS = 8
"""So many chunks of papers are worth another process, which takes seconds to get ready."""


def exam_formats() -> tuple[str, ...]:
    """What an exam can be written in."""
    return (*sheet_formats(), KEYS_ALONE)


def wanted(formats: Iterable[str]) -> tuple[str, ...]:
    """The formats of sheets that are asked for, each once.

    Raises `ChalkgradError` for those in which there are no exams.
    """
    known = exam_formats()
    names = tuple(dict.fromkeys(formats))
    for name in names:
        if name not in known:
            listed = ", ".join(known)
            unknown = Message('no exam is written as "{name}"; there are: {known}', name=name, known=listed)
            raise ChalkgradError(advised(unknown, did_you_mean(name, known)))
    if not names:
        raise ChalkgradError(Message("--to names no format; there are: {known}", known=", ".join(known)))
    return tuple(name for name in names if name != KEYS_ALONE)


def run_of(making: Making, folder: Path) -> Run:
    """The run that makes all files of an exam, below a folder."""
    exam = making.exam
    asked = [PROGRAM, exam.spec, exam.attending, exam.pdf_engine, making.formats, making.bundle, making.singles]
    own = exam.templates
    changed = [(str(path), digest(path)) for path in sorted(own.rglob("*"))] if own is not None else []
    return Run(
        home=folder / exam.spec.name,
        asked=repr([*asked, changed]),
        program=PROGRAM,
        papers=exam.attending.papers,
        at_a_time=making.at_a_time,
        wholes=making.wholes,
        students=exam.attending.students,
    )


def save(making: Making, run: Run, jobs: int | None, heard: Callable[[int], None]) -> Left:
    """Make all files; `jobs` processes are at work, or as many as are worth it.  See `carry_out`."""
    if jobs is None:
        jobs = min(_processors(), max(len(run.chunks) // WORTH_A_PROCESS, 1))
    return carry_out(run, making, jobs, heard)


def _processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
