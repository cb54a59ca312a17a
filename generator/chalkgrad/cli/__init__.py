"""The command line: verbs that parse, call and print, nothing else."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence

from chalkgrad.arguments import Parser, spoken
from chalkgrad.catalogue.wording import load_wording
from chalkgrad.cli import exam, listing, new, schema, solve
from chalkgrad.cli.solve import EXAMPLES
from chalkgrad.cli.verbs import language
from chalkgrad.errors import ChalkgradError, OutputError, SpecError
from chalkgrad.messages import Message, Wording, told
from chalkgrad.version import PROGRAM

USAGE_ERROR, FAILURE = 2, 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a verb; returns the exit status: 0, 1 for what the system refuses, 2 for what the user wrote."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")  # pages are UTF-8, whatever the terminal thinks
    arguments = sys.argv[1:] if arguments is None else arguments
    wording = spoken(arguments, os.environ)
    options = _parser(wording).parse_args(arguments)
    try:
        status: int = options.run(options, wording)
        sys.stdout.flush()
    except SpecError as error:
        asked = not options.language and error.language
        print(error.told(load_wording(asked) if asked else wording), file=sys.stderr)
        return USAGE_ERROR
    except ChalkgradError as error:
        _say(error.message, wording)
        return FAILURE if isinstance(error, OutputError) else USAGE_ERROR
    except BrokenPipeError:  # `chalkgrad list | head`: nobody listens any more
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        _say(Message("stopped; nothing half-written was left behind"), wording)
        return 130
    return status


def _say(message: str, wording: Wording) -> None:
    """A word to whoever typed the command, beside its output."""
    print(f"chalkgrad: {told(message, wording)}", file=sys.stderr)


def _parser(wording: Wording) -> Parser:
    about = Message("autograd that shows its work: walk-throughs of small neural networks")
    parser = Parser(prog="chalkgrad", wording=wording, about=about, examples=(*EXAMPLES, *exam.EXAMPLES[:1]))
    version = parser.say(Message("show the version and exit"))
    parser.add_argument("--version", action="version", version=PROGRAM, help=version)
    language(parser, default=None)
    verbs = parser.add_subparsers(
        title=parser.say(Message("verbs")), required=True, metavar=parser.say(Message("VERB"))
    )
    for add in (solve.add, exam.add, new.add, listing.add, schema.add):
        add(verbs, wording)
    return parser
