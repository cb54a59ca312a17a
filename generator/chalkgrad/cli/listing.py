"""`chalkgrad list`: everything that a spec can name."""

from __future__ import annotations

import argparse
from itertools import takewhile
from pathlib import Path

from chalkgrad import resources
from chalkgrad.catalogue.activations import ACTIVATIONS
from chalkgrad.catalogue.descents import WAYS as DESCENTS
from chalkgrad.catalogue.languages import language_names, load_language
from chalkgrad.catalogue.learning_rules import LEARNING_RULES
from chalkgrad.catalogue.losses import LOSSES
from chalkgrad.catalogue.notations import load_notation, notation_names
from chalkgrad.catalogue.optimizers import OPTIMIZERS
from chalkgrad.catalogue.schedules import SCHEDULES
from chalkgrad.cli.verbs import Verbs, verb
from chalkgrad.messages import Message, Wording, told
from chalkgrad.pipeline import located
from chalkgrad.render.formats import format_names, load_format


def add(verbs: Verbs, wording: Wording) -> None:
    """Add the verb."""
    about = Message("list examples, exams, activations, losses, notations, formats")
    parser = verb(verbs, "list", wording, about, [("chalkgrad list", Message("everything a spec can name"))])
    parser.set_defaults(run=_list)


def _list(_: argparse.Namespace, wording: Wording) -> int:
    sections: dict[Message, list[tuple[str, str]]] = {
        Message("examples"): [(name, _about(name)) for name in resources.example_names()],
        Message("exams"): [(name, _about(name)) for name in resources.exam_names()],
        Message("activations"): [(", ".join((row.name, *row.aliases)), row.note) for row in ACTIVATIONS]
        + [('{formula: "…"}', Message("any expression in z"))],
        Message("losses"): [(row.name, row.note) for row in LOSSES],
        Message("optimizers"): [(row.name, row.note) for row in OPTIMIZERS],
        Message("schedules of the learning rate"): [(row.name, row.note) for row in SCHEDULES],
        Message("ways down a function, beside the optimizers"): [(row.name, row.note) for row in DESCENTS],
        Message("learning rules"): [(row.name, row.note) for row in LEARNING_RULES],
        Message("notations"): [(name, load_notation(name).summary) for name in notation_names()],
        Message("languages"): [(name, load_language(name).name) for name in language_names()],
        Message("formats"): [(name, load_format(name).summary) for name in format_names()],
    }
    for heading, rows in sections.items():
        print(f"{told(heading, wording)}:")
        width = max(len(name) for name, _ in rows)
        for name, note in rows:
            print(f"  {name.ljust(width)}  {told(note, wording)}".rstrip())
        print()
    return 0


def _about(name: str) -> Message:
    """What an example's first comment says."""
    path = located(name)
    assert isinstance(path, Path)  # noqa: S101 (a name leads to a path)
    comment = takewhile(lambda line: line.startswith("#"), path.read_text("utf-8").splitlines())
    return Message(" ".join(line.removeprefix("#").strip() for line in comment))
