"""`chalkgrad solve`: the walk-through of a spec, in files or on standard output."""

from __future__ import annotations

import argparse
import sys

from chalkgrad.cli.looks import add_looks, looks, own_templates
from chalkgrad.cli.verbs import Verbs, verb
from chalkgrad.errors import ChalkgradError, SpecError
from chalkgrad.example import Example
from chalkgrad.messages import NOTHING, Message, Wording
from chalkgrad.pipeline import solve
from chalkgrad.render.files import write_all
from chalkgrad.render.formats import format_names, load_format
from chalkgrad.spec.grammar import FADES, KEYS

EXAMPLES = (
    ("chalkgrad solve mazur", Message("pages of a bundled example, in mazur/")),
    ("chalkgrad solve net.yaml --to tex -o pages", Message("one format, in pages/net/")),
    ("chalkgrad solve net.yaml --to pdf", Message("a PDF; with TeX: --pdf-engine latexmk")),
    ("chalkgrad solve net.yaml --to json -o -", Message("every number as data, on standard output")),
    ("chalkgrad solve net.yaml --view matrix --decimals 4 --notation nielsen", NOTHING),
    ("chalkgrad new my-network", Message("a commented spec to start from")),
)


def add(verbs: Verbs, wording: Wording) -> None:
    """Add the verb."""
    parser = verb(verbs, "solve", wording, Message("write the walk-through of a spec"), EXAMPLES)
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
        "-o",
        "--output",
        default=".",
        metavar=say(Message("DIR")),
        help=say(Message("folder for the pages, or - for standard output")),
    )
    parser.add_argument(
        "--fade",
        choices=FADES,
        help=say(Message("a worksheet: the later or the earlier steps left blank")),
    )
    parser.add_argument("--key", choices=KEYS, help=say(Message("where a worksheet has its answers")))
    add_looks(parser)
    parser.set_defaults(run=_solve)


def _solve(options: argparse.Namespace, _: Wording) -> int:
    formats = [name.strip() for name in options.to.split(",") if name.strip()]
    templates = own_templates(options)
    for name in formats:
        load_format(name, templates)
    if not formats:
        known = ", ".join(format_names())
        raise ChalkgradError(Message("--to names no format; there are: {known}", known=known))
    to_screen = options.output == "-"
    if to_screen and (len(formats) != 1 or len(options.specs) != 1):
        raise ChalkgradError(Message("-o - prints one format of one spec: say which with --to md"))
    show = {**looks(options), "fade": options.fade, "key": options.key}
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
