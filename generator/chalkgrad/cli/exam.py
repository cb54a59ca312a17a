"""`chalkgrad exam`: papers, worked solutions and keys, each paper with other numbers."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from chalkgrad.cli.looks import add_looks, looks, own_templates
from chalkgrad.cli.progress import Progress
from chalkgrad.cli.verbs import Verbs, verb
from chalkgrad.errors import ChalkgradError, OutputError, advised
from chalkgrad.exam.again import make_again
from chalkgrad.exam.attending import whole_number
from chalkgrad.exam.making import Making
from chalkgrad.exam.records import FAIRNESS
from chalkgrad.exam.report import complaints
from chalkgrad.exam.roster import Student
from chalkgrad.exam.running import Left, Run
from chalkgrad.exam.saving import exam_formats, run_of, save, wanted
from chalkgrad.messages import Message, Wording, told
from chalkgrad.pipeline import exam

FORMATS = "md,tex,key"
MOST_JOBS = 256
FEW = 5
"""So many files are named."""

EXAMPLES = (
    ("chalkgrad exam gates", Message("papers of a bundled exam, each with other numbers, in gates/")),
    ("chalkgrad exam exam.yaml --variants 40 --to pdf", Message("forty papers, as PDFs")),
    ("chalkgrad exam exam.yaml --roster class.csv --to pdf --bundle", Message("one for each student, to print")),
    ("chalkgrad exam exam.yaml --only 17 --to pdf", Message("paper 17 again, and nothing else")),
    ("chalkgrad exam exam.yaml --to key", Message("the keys alone")),
)


def add(verbs: Verbs, wording: Wording) -> None:
    """Add the verb."""
    about = Message("write papers of an exam, each with other numbers, with solutions and keys")
    parser = verb(verbs, "exam", wording, about, EXAMPLES)
    say = parser.say
    parser.add_argument(
        "spec",
        metavar=say(Message("SPEC")),
        help=say(Message("a spec file with a block exam:, or the name of a bundled example")),
    )
    papers = parser.add_mutually_exclusive_group()
    papers.add_argument("--variants", type=int, metavar="N", help=say(Message("how many papers")))
    papers.add_argument(
        "--roster",
        metavar="CSV",
        help=say(Message("a list of students with the columns name and id: a paper for each")),
    )
    parser.add_argument("--only", type=int, metavar="K", help=say(Message("make paper K again, and no other")))
    formats = Message(
        "{formats}; several with commas (default: {default})", formats=", ".join(exam_formats()), default=FORMATS
    )
    parser.add_argument("--to", default=FORMATS, metavar=say(Message("FORMATS")), help=say(formats))
    parser.add_argument(
        "--bundle",
        action="store_true",
        help=say(Message("all papers in one file and all solutions in another, instead of a file each")),
    )
    parser.add_argument(
        "--singles", action="store_true", help=say(Message("beside the bundles, a file for each paper too"))
    )
    parser.add_argument(
        "--jobs",
        type=int,
        metavar="N",
        help=say(Message("how many processes are at work (default: as many as are worth it)")),
    )
    parser.add_argument(
        "-o", "--output", default=".", metavar=say(Message("DIR")), help=say(Message("folder for the pages"))
    )
    add_looks(parser)
    parser.set_defaults(run=_exam)


def _exam(options: argparse.Namespace, wording: Wording) -> int:
    formats = wanted(name.strip() for name in options.to.split(",") if name.strip())
    jobs = None if options.jobs is None else whole_number("jobs", options.jobs, MOST_JOBS)
    _be_sensible(options)
    asked = exam(
        options.spec,
        variants=options.variants,
        roster=options.roster,
        templates=own_templates(options),
        pdf_engine=options.pdf_engine,
        **looks(options),
    )
    making = Making(asked, formats, options.bundle, options.singles or not options.bundle)
    run = run_of(making, Path(options.output))
    if options.only is not None:
        for path in make_again(run, making, whole_number("only", options.only, run.papers)):
            print(path)
        return 0
    _tell_moved(asked.moved, wording)
    return _all(run, making, jobs, wording)


def _be_sensible(options: argparse.Namespace) -> None:
    """Refuse options that contradict each other."""
    if options.output == "-":
        raise ChalkgradError(Message("an exam is many files: -o names a folder for them"))
    if options.singles and not options.bundle:
        raise ChalkgradError(Message("--singles goes with --bundle: without it, there is a file for each paper"))
    if options.only is not None and options.bundle:
        raise ChalkgradError(Message("--only makes the files of one paper: leave out --bundle"))


def _all(run: Run, making: Making, jobs: int | None, wording: Wording) -> int:
    """Make all papers, with a bar on the terminal."""
    progress = Progress(run.papers, sys.stderr, wording)
    hint = Message("the same command goes on from there")
    try:
        left = save(making, run, jobs, progress.heard)
    except OutputError as error:
        if progress.done:
            raise OutputError(advised(error.args[0], hint)) from error
        raise
    except KeyboardInterrupt:
        stopped = Message(
            "stopped after {done:,} of {total:,} papers, all of them whole",
            done=progress.done,
            total=run.papers,
        )
        print(f"chalkgrad: {told(advised(stopped, hint), wording)}", file=sys.stderr)
        return 130
    finally:
        progress.end()
    _tell(left, wording)
    for name in making.tops:
        print(run.home / name)
    return _unfair(run, making, wording)


def _unfair(run: Run, making: Making, wording: Wording) -> int:
    """Tell the bounds of all papers that are not kept: the exit status."""
    report = run.home / FAIRNESS
    missed = len(complaints(report.read_text("utf-8"), making.exam.spec.language))
    if missed:
        found = Message(
            "{count:,} bound of fairness is not kept: {file} says which",
            many="{count:,} bounds of fairness are not kept: {file} says which",
            count=missed,
            file=str(report),
        )
        print(f"chalkgrad: {told(found, wording)}", file=sys.stderr)
    return 1 if missed else 0


def _tell(left: Left, wording: Wording) -> None:
    """What became of files of earlier runs."""
    if left.removed:
        gone = Message(
            "{count:,} file of an earlier run is removed: {names}",
            many="{count:,} files of an earlier run are removed: {names}",
            count=len(left.removed),
            names=_some(left.removed),
        )
        print(f"chalkgrad: {told(gone, wording)}", file=sys.stderr)
    if left.kept:
        kept = Message(
            "{count:,} file of an earlier run was changed since and stays: {names}",
            many="{count:,} files of an earlier run were changed since and stay: {names}",
            count=len(left.kept),
            names=_some(left.kept),
        )
        print(f"chalkgrad: {told(kept, wording)}", file=sys.stderr)


def _tell_moved(students: Sequence[Student], wording: Wording) -> None:
    """Whose papers do not follow from their ids alone."""
    if students:
        moved = Message(
            "{count:,} student has the next free paper, since an earlier one's id leads to the same: {ids}",
            many="{count:,} students have the next free papers, since earlier ones' ids lead to the same: {ids}",
            count=len(students),
            ids=_some([student.id for student in students]),
        )
        print(f"chalkgrad: {told(moved, wording)}", file=sys.stderr)


def _some(names: Sequence[str]) -> str:
    """The first names of many."""
    return ", ".join(names[:FEW]) + (", …" if len(names) > FEW else "")
