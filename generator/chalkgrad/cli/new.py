"""`chalkgrad new`: a commented spec to start from."""

from __future__ import annotations

import argparse
from pathlib import Path

from chalkgrad import resources
from chalkgrad.cli.verbs import Verbs, verb
from chalkgrad.errors import ChalkgradError
from chalkgrad.messages import Message, Wording, told
from chalkgrad.render.files import write_all


def add(verbs: Verbs, wording: Wording) -> None:
    """Add the verb."""
    about = Message("write a commented spec to start from")
    parser = verb(verbs, "new", wording, about, [("chalkgrad new exercise-3", Message("writes exercise-3.yaml"))])
    parser.add_argument(
        "name",
        nargs="?",
        default="network",
        metavar=parser.say(Message("NAME")),
        help=parser.say(Message("name of the spec (default: {name})", name="network")),
    )
    parser.set_defaults(run=_new)


def _new(options: argparse.Namespace, wording: Wording) -> int:
    path = Path(options.name if options.name.endswith((".yaml", ".yml")) else f"{options.name}.yaml")
    if path.exists():
        raise ChalkgradError(Message("{path} exists; choose another name, or remove it first", path=str(path)))
    write_all({path: resources.starter(wording.code)})
    print(path)
    print(told(Message("now try: chalkgrad solve {path}", path=str(path)), wording))
    return 0
