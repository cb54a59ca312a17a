"""The command line: verbs that parse, call and print, nothing else."""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from collections.abc import Sequence
from itertools import takewhile
from pathlib import Path
from typing import Any, TypeAlias

from chalkgrad import __version__, resources
from chalkgrad.arguments import Parser, spoken
from chalkgrad.catalogue.activations import ACTIVATIONS
from chalkgrad.catalogue.descents import WAYS as DESCENTS
from chalkgrad.catalogue.languages import language_names, load_language
from chalkgrad.catalogue.learning_rules import LEARNING_RULES
from chalkgrad.catalogue.losses import LOSSES
from chalkgrad.catalogue.notations import load_notation, notation_names
from chalkgrad.catalogue.optimizers import OPTIMIZERS
from chalkgrad.catalogue.schedules import SCHEDULES
from chalkgrad.catalogue.wording import load_wording
from chalkgrad.errors import ChalkgradError, OutputError, SpecError
from chalkgrad.example import Example
from chalkgrad.messages import NOTHING, Message, Wording, told
from chalkgrad.pipeline import located, solve
from chalkgrad.render.files import write_all
from chalkgrad.render.formats import format_names, load_format
from chalkgrad.render.makers import PDF_ENGINES
from chalkgrad.spec.grammar import DETAILS, DRAWINGS, FADES, KEYS, MAX_DIGITS
from chalkgrad.spec.lessons.kinds import VIEWS
from chalkgrad.spec.schema import json_schema

USAGE_ERROR, FAILURE = 2, 1

_Verbs: TypeAlias = "argparse._SubParsersAction[Parser]"

_EXAMPLES = (
    ("chalkgrad solve mazur", Message("pages of a bundled example, in mazur/")),
    ("chalkgrad solve net.yaml --to tex -o pages", Message("one format, in pages/net/")),
    ("chalkgrad solve net.yaml --to pdf", Message("a PDF; with TeX: --pdf-engine latexmk")),
    ("chalkgrad solve net.yaml --to json -o -", Message("every number as data, on standard output")),
    ("chalkgrad solve net.yaml --view matrix --decimals 4 --notation nielsen", NOTHING),
    ("chalkgrad new my-network", Message("a commented spec to start from")),
)


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
    parser = Parser(prog="chalkgrad", wording=wording, about=about, examples=_EXAMPLES)
    version = parser.say(Message("show the version and exit"))
    parser.add_argument("--version", action="version", version=f"chalkgrad {__version__}", help=version)
    _language(parser, default=None)
    verbs = parser.add_subparsers(
        title=parser.say(Message("verbs")), required=True, metavar=parser.say(Message("VERB"))
    )
    _solve_parser(verbs, wording)
    new = _verb(
        verbs,
        "new",
        wording,
        Message("write a commented spec to start from"),
        [("chalkgrad new exercise-3", Message("writes exercise-3.yaml"))],
    )
    new.add_argument(
        "name",
        nargs="?",
        default="network",
        metavar=new.say(Message("NAME")),
        help=new.say(Message("name of the spec (default: {name})", name="network")),
    )
    new.set_defaults(run=_new)
    listing = _verb(
        verbs,
        "list",
        wording,
        Message("list examples, activations, losses, notations, formats"),
        [("chalkgrad list", Message("everything a spec can name"))],
    )
    listing.set_defaults(run=_list)
    schema = _verb(
        verbs,
        "schema",
        wording,
        Message("print the JSON schema of a spec, for completion in editors"),
        [("chalkgrad schema > spec.schema.json", Message("a file for the settings of an editor"))],
    )
    schema.set_defaults(run=_schema)
    return parser


def _verb(
    verbs: _Verbs, name: str, wording: Wording, about: Message, examples: Sequence[tuple[str, Message]]
) -> Parser:
    parser = verbs.add_parser(name, help=told(about, wording), wording=wording, about=about, examples=examples)
    _language(parser, default=argparse.SUPPRESS)  # else a verb would forget what was said before it
    return parser


def _language(parser: Parser, default: str | None) -> None:
    parser.add_argument(
        "--language",
        choices=language_names(),
        default=default,
        help=parser.say(Message("the language of pages, messages and help")),
    )


def _solve_parser(verbs: _Verbs, wording: Wording) -> None:
    parser = _verb(verbs, "solve", wording, Message("write the walk-through of a spec"), _EXAMPLES)
    say = parser.say
    parser.add_argument(
        "specs",
        nargs="+",
        metavar=say(Message("SPEC")),
        help=say(Message("a spec file, or the name of a bundled example")),
    )
    parser.add_argument(
        "--to",
        default="md,tex,json",
        metavar=say(Message("FORMATS")),
        help=say(
            Message(
                "{formats}; several with commas (default: {default})",
                formats=", ".join(format_names()),
                default="md,tex,json",
            )
        ),
    )
    parser.add_argument(
        "--pdf-engine",
        choices=PDF_ENGINES,
        default=PDF_ENGINES[0],
        help=say(Message("what makes the pdf: typst needs no TeX (default), the others an installed one")),
    )
    parser.add_argument(
        "-o",
        "--output",
        default=".",
        metavar=say(Message("DIR")),
        help=say(Message("folder for the pages, or - for standard output")),
    )
    parser.add_argument(
        "--notation",
        metavar=say(Message("NAME")),
        help=say(Message("how quantities are written: a name, or a .toml file of one's own")),
    )
    digits = parser.add_mutually_exclusive_group()
    digits.add_argument(
        "--decimals",
        type=int,
        metavar="N",
        help=say(Message("digits after the decimal mark ({least} to {most})", least=0, most=MAX_DIGITS)),
    )
    digits.add_argument(
        "--significant",
        type=int,
        metavar="N",
        help=say(Message("significant digits ({least} to {most})", least=1, most=MAX_DIGITS)),
    )
    parser.add_argument(
        "--drawings", choices=DRAWINGS, help=say(Message("none, the network alone, or the paths to the cost too"))
    )
    parser.add_argument(
        "--fade",
        choices=FADES,
        help=say(Message("a worksheet: the later or the earlier steps left blank")),
    )
    parser.add_argument("--key", choices=KEYS, help=say(Message("where a worksheet has its answers")))
    parser.add_argument(
        "--view",
        metavar=say(Message("VIEWS")),
        help=say(Message("{views}; both with a comma", views=", ".join(VIEWS))),
    )
    parser.add_argument("--detail", choices=DETAILS, help=say(Message("how much of the sibling units is worked")))
    parser.add_argument(
        "--templates",
        metavar=say(Message("DIR")),
        help=say(Message("a folder of your own templates, such as DIR/tex/page.tex")),
    )
    parser.set_defaults(run=_solve)


def _solve(options: argparse.Namespace, wording: Wording) -> int:
    formats = [name.strip() for name in options.to.split(",") if name.strip()]
    templates = Path(options.templates) if options.templates is not None else None
    for name in formats:
        load_format(name, templates)
    if not formats:
        known = ", ".join(format_names())
        raise ChalkgradError(Message("--to names no format; there are: {known}", known=known))
    to_screen = options.output == "-"
    if to_screen and (len(formats) != 1 or len(options.specs) != 1):
        raise ChalkgradError(Message("-o - prints one format of one spec: say which with --to md"))
    show = {
        "notation": options.notation,
        "language": options.language,
        "decimals": options.decimals,
        "significant": options.significant,
        "views": options.view.split(",") if options.view else None,
        "detail": options.detail,
        "drawings": options.drawings,
        "fade": options.fade,
        "key": options.key,
    }
    examples: list[Example] = []
    refused: list[SpecError] = []
    for spec in options.specs:
        try:
            examples.append(solve(spec, templates=templates, pdf_engine=options.pdf_engine, **show))
        except SpecError as error:
            refused.append(error)
    if refused:
        problems = (problem for error in refused for problem in error.problems)
        raise SpecError(problems, next((error.language for error in refused if error.language), ""))
    if to_screen:
        content = examples[0].content(formats[0])
        if isinstance(content, str):
            sys.stdout.write(content)
        else:
            sys.stdout.buffer.write(content)
        return 0
    names = [example.spec.name for example in examples]
    if len(set(names)) < len(names):
        raise ChalkgradError(Message("two specs have the same name, and their pages would take the same place"))
    files = {path: text for example in examples for path, text in example.files(options.output, formats).items()}
    write_all(files)
    for path in files:
        print(path)
    return 0


def _new(options: argparse.Namespace, wording: Wording) -> int:
    path = Path(options.name if options.name.endswith((".yaml", ".yml")) else f"{options.name}.yaml")
    if path.exists():
        raise ChalkgradError(Message("{path} exists; choose another name, or remove it first", path=str(path)))
    write_all({path: resources.starter(wording.code)})
    print(path)
    print(told(Message("now try: chalkgrad solve {path}", path=str(path)), wording))
    return 0


def _list(_: argparse.Namespace, wording: Wording) -> int:
    sections: dict[Message, list[tuple[str, str]]] = {
        Message("examples"): [(name, _about(name)) for name in resources.example_names()],
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


def _schema(_: argparse.Namespace, wording: Wording) -> int:
    print(json.dumps(_told(json_schema(), wording), indent=1, ensure_ascii=False))
    return 0


def _told(data: Any, wording: Wording) -> Any:
    """Data with its messages told in a language."""
    if isinstance(data, dict):
        return {key: _told(value, wording) for key, value in data.items()}
    if isinstance(data, list):
        return [_told(value, wording) for value in data]
    return told(data, wording) if isinstance(data, str) else data
