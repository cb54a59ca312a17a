"""`chalkgrad solve`: the walk-through of a spec, in files or on standard output."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from chalkgrad.cli.verbs import Verbs, verb
from chalkgrad.errors import ChalkgradError, SpecError
from chalkgrad.example import Example
from chalkgrad.messages import NOTHING, Message, Wording
from chalkgrad.pipeline import solve
from chalkgrad.render.files import write_all
from chalkgrad.render.formats import format_names, load_format
from chalkgrad.render.makers import PDF_ENGINES
from chalkgrad.spec.grammar import DETAILS, DRAWINGS, FADES, KEYS, MAX_DIGITS
from chalkgrad.spec.lessons.kinds import VIEWS

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


def _solve(options: argparse.Namespace, _: Wording) -> int:
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
