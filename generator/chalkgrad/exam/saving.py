"""An exam as files in a folder: all of them in one run, or those of one paper again."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from chalkgrad.errors import ChalkgradError, advised, did_you_mean
from chalkgrad.exam.attending import Attending
from chalkgrad.exam.making import Making
from chalkgrad.exam.running import Left, Run, carry_out
from chalkgrad.messages import Message
from chalkgrad.render.files import digest
from chalkgrad.render.sheets import sheet_formats

KEY = "key"
"""What stands for keys among the formats: they are made in any case, and alone where nothing else is asked."""
WORTH_A_PROCESS = 20
"""A process is started where it makes more than so many chunks of papers: it takes seconds to get ready."""


def exam_formats() -> tuple[str, ...]:
    """What an exam can be written in."""
    return (*sheet_formats(), KEY)


def wanted(formats: Iterable[str]) -> tuple[str, ...]:
    """The formats of sheets that are asked for, each once.

    Raises `ChalkgradError` for those in which there are no exams.
    """
    known = exam_formats()
    names = tuple(dict.fromkeys(formats))
    for name in names:
        if name not in known:
            unknown = Message('no exam is written as "{name}"; there are: {known}', name=name, known=", ".join(known))
            raise ChalkgradError(advised(unknown, did_you_mean(name, known)))
    if not names:
        raise ChalkgradError(Message("--to names no format; there are: {known}", known=", ".join(known)))
    return tuple(name for name in names if name != KEY)
