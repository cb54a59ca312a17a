"""PDFs through an installed TeX, where somebody asks for it: in a folder of their own, and within a time limit."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import monotonic

from chalkgrad.errors import OutputError
from chalkgrad.messages import Message

_QUIET = ("-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape")
COMMANDS: Mapping[str, Sequence[str]] = {
    # -norc: no settings of the user's, which are programs; nonstopmode is passed on to pdflatex
    "latexmk": ("latexmk", "-norc", "-pdf", *_QUIET[:2], "-latexoption=-no-shell-escape"),
    "pdflatex": ("pdflatex", *_QUIET),
    "lualatex": ("lualatex", *_QUIET),
}
"""What is run, by the name of the engine; latexmk runs pdflatex as often as it is needed."""

_WITHOUT_TEX = "--pdf-engine typst"

TIME_LIMIT = 120.0
"""Seconds that all runs may take together."""

MOST_RUNS = 5
"""A long table settles its columns over several runs."""

UNSETTLED = re.compile(r"Rerun (?!checks)")
"""What a log says when the next run will set the page otherwise; every log names a package for "Rerun checks"."""

# Without dates and identifiers, so that the same page is the same bytes.
_ENVIRONMENT = {"SOURCE_DATE_EPOCH": "0", "FORCE_SOURCE_DATE": "1", "max_print_line": "1000"}
_NO_IDENTIFIER = (
    r"\ifdefined\pdftrailerid\pdftrailerid{}\fi"
    r"\ifdefined\pdfvariable\pdfvariable suppressoptionalinfo 512\relax\fi "
)


def pdf(text: str, engine: str) -> bytes:
    """A PDF of LaTeX text.

    Raises `OutputError` where the engine is not installed, refuses the text, or takes too long.
    """
    if shutil.which(engine) is None:
        raise OutputError(
            Message(
                "{engine} is not installed; {option} makes PDFs without it", engine=engine, option=_WITHOUT_TEX
            )
        )
    deadline = monotonic() + TIME_LIMIT
    with tempfile.TemporaryDirectory(prefix="chalkgrad-") as folder:
        home = Path(folder)
        # on one line with \documentclass, so that the lines that TeX names are those of the page
        (home / "page.tex").write_text(_NO_IDENTIFIER + text, encoding="utf-8")
        for _ in range(1 if engine == "latexmk" else MOST_RUNS):
            status = _run([*COMMANDS[engine], "page.tex"], home, deadline - monotonic())
            log = _log(home)
            if status:
                raise OutputError(
                    Message("{engine} refuses the page: {reason}", engine=engine, reason=_first_error(log))
                )
            if not UNSETTLED.search(log):
                break
        return (home / "page.pdf").read_bytes()


def _run(command: Sequence[str], folder: Path, seconds: float) -> int:
    """The exit status of a command; it and the programs it started end when the time is over."""
    with subprocess.Popen(  # noqa: S603 (a command of COMMANDS, without a shell)
        command,
        cwd=folder,
        env={**os.environ, **_ENVIRONMENT},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            return process.wait(max(seconds, 0))
        except subprocess.TimeoutExpired:
            late = Message("{engine} took longer than {limit} seconds", engine=command[0], limit=round(TIME_LIMIT))
            raise OutputError(late) from None
        finally:
            if process.returncode is None:
                _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process, and where the system has groups, the processes that it started."""
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()


def _log(folder: Path) -> str:
    path = folder / "page.log"
    return path.read_text("utf-8", errors="replace") if path.exists() else ""


def _first_error(log: str) -> str:
    """What TeX complains of first, in its own words, and the line where it stopped."""
    error = re.search(r"^! (.*)$", log, re.MULTILINE)
    line = re.search(r"^l\.(\d+)", log, re.MULTILINE)
    if error is None:
        return Message("its log names no error")
    reason = error[1].rstrip(".")
    return Message("{reason} (line {line})", reason=reason, line=int(line[1])) if line else reason
