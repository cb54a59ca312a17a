"""The command line: verbs that parse, call and print, nothing else."""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from chalkgrad import __version__, resources
from chalkgrad.catalogue.activations import ACTIVATIONS
from chalkgrad.catalogue.languages import language_names, load_language
from chalkgrad.catalogue.losses import LOSSES
from chalkgrad.catalogue.notations import load_notation, notation_names
from chalkgrad.catalogue.optimizers import OPTIMIZERS
from chalkgrad.errors import ChalkgradError, OutputError, Problem, SpecError
from chalkgrad.pipeline import Example, located, solve
from chalkgrad.render.files import write_all
from chalkgrad.render.formats import format_names, load_format
from chalkgrad.spec.grammar import DETAILS, DRAWINGS, MAX_DIGITS, VIEWS, json_schema

USAGE_ERROR, FAILURE = 2, 1

_EXAMPLES = """\
examples:
  chalkgrad solve mazur                          pages of a bundled example, in mazur/
  chalkgrad solve net.yaml --to tex -o pages     one format, in pages/net/
  chalkgrad solve net.yaml --to json -o -        every number as data, on standard output
  chalkgrad solve net.yaml --view matrix --decimals 4 --notation nielsen
  chalkgrad new my-network                       a commented spec to start from
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a verb; returns the exit status: 0, 1 for what the system refuses, 2 for what the user wrote."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")  # pages are UTF-8, whatever the terminal thinks
    options = _parser().parse_args(arguments)
    try:
        status: int = options.run(options)
        sys.stdout.flush()
    except SpecError as error:
        print(error, file=sys.stderr)
        return USAGE_ERROR
    except OutputError as error:
        print(f"chalkgrad: {error}", file=sys.stderr)
        return FAILURE
    except ChalkgradError as error:
        print(f"chalkgrad: {error}", file=sys.stderr)
        return USAGE_ERROR
    except BrokenPipeError:  # `chalkgrad list | head`: nobody listens any more
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("chalkgrad: stopped; nothing half-written was left behind", file=sys.stderr)
        return 130
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="chalkgrad",
        description="Autograd that shows its work: walk-throughs of small neural networks.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"chalkgrad {__version__}")
    verbs = parser.add_subparsers(title="verbs", required=True, metavar="VERB")
    _solve_parser(verbs)
    new = _verb(
        verbs,
        "new",
        "write a commented spec to start from",
        "chalkgrad new exercise-3      writes exercise-3.yaml",
    )
    new.add_argument(
        "name", nargs="?", default="network", metavar="NAME", help="name of the spec (default: network)"
    )
    new.set_defaults(run=_new)
    listing = _verb(verbs, "list", "examples, activations, losses, notations, formats", "chalkgrad list")
    listing.set_defaults(run=_list)
    schema = _verb(
        verbs,
        "schema",
        "print the JSON schema of a spec, for completion in editors",
        "chalkgrad schema > spec.schema.json",
    )
    schema.set_defaults(run=_schema)
    return parser


def _verb(
    verbs: argparse._SubParsersAction[argparse.ArgumentParser], name: str, meaning: str, example: str
) -> argparse.ArgumentParser:
    return verbs.add_parser(
        name,
        help=meaning,
        description=f"{meaning[0].upper()}{meaning[1:]}.",
        epilog=f"examples:\n  {example}\n",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def _solve_parser(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = verbs.add_parser(
        "solve",
        help="write the walk-through of a spec",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("specs", nargs="+", metavar="SPEC", help="a spec file, or the name of a bundled example")
    parser.add_argument(
        "--to",
        default="md,tex,json",
        metavar="FORMATS",
        help="md, tex, json, svg; several with commas (default: md,tex,json)",
    )
    parser.add_argument(
        "-o", "--output", default=".", metavar="DIR", help="folder for the pages, or - for standard output"
    )
    parser.add_argument("--notation", choices=notation_names(), help="how quantities are written")
    parser.add_argument("--language", choices=language_names(), help="the language of the page")
    digits = parser.add_mutually_exclusive_group()
    digits.add_argument(
        "--decimals", type=int, metavar="N", help=f"digits after the decimal mark (0 to {MAX_DIGITS})"
    )
    digits.add_argument("--significant", type=int, metavar="N", help=f"significant digits (1 to {MAX_DIGITS})")
    parser.add_argument("--view", metavar="VIEWS", help=f"{', '.join(VIEWS)}; both with a comma")
    parser.add_argument("--detail", choices=DETAILS, help="how much of the sibling units is worked")
    parser.add_argument("--drawings", choices=DRAWINGS, help="none, the network alone, or paths to the cost too")
    parser.add_argument(
        "--templates", metavar="DIR", help="a folder of your own templates, such as DIR/tex/page.tex"
    )
    parser.set_defaults(run=_solve)


def _solve(options: argparse.Namespace) -> int:
    formats = [name.strip() for name in options.to.split(",") if name.strip()]
    templates = Path(options.templates) if options.templates is not None else None
    for name in formats:
        load_format(name, templates)
    if not formats:
        print(f"chalkgrad: --to names no format; there are: {', '.join(format_names())}", file=sys.stderr)
        return USAGE_ERROR
    to_screen = options.output == "-"
    if to_screen and (len(formats) != 1 or len(options.specs) != 1):
        print("chalkgrad: -o - prints one format of one spec: say which with --to md", file=sys.stderr)
        return USAGE_ERROR
    show = {
        "notation": options.notation,
        "language": options.language,
        "decimals": options.decimals,
        "significant": options.significant,
        "views": options.view.split(",") if options.view else None,
        "detail": options.detail,
        "drawings": options.drawings,
    }
    examples: list[Example] = []
    problems: list[Problem] = []
    for spec in options.specs:
        try:
            examples.append(solve(spec, templates=templates, **show))
        except SpecError as error:
            problems += error.problems
    if problems:
        raise SpecError(problems)
    for example in examples:
        if example.spec.show.code:
            print(
                f"chalkgrad: {example.spec.name}: show.code is noted, but listings are not written yet",
                file=sys.stderr,
            )
    if to_screen:
        content = examples[0].content(formats[0])
        if isinstance(content, str):
            sys.stdout.write(content)
        else:
            sys.stdout.buffer.write(content)
        return 0
    names = [example.spec.name for example in examples]
    if len(set(names)) < len(names):
        print(
            "chalkgrad: two specs have the same name, and their pages would take the same place",
            file=sys.stderr,
        )
        return USAGE_ERROR
    files = {path: text for example in examples for path, text in example.files(options.output, formats).items()}
    write_all(files)
    for path in files:
        print(path)
    return 0


def _new(options: argparse.Namespace) -> int:
    path = Path(options.name if options.name.endswith((".yaml", ".yml")) else f"{options.name}.yaml")
    if path.exists():
        print(f"chalkgrad: {path} exists; choose another name, or remove it first", file=sys.stderr)
        return USAGE_ERROR
    write_all({path: resources.starter()})
    print(path)
    print(f"now try: chalkgrad solve {path}")
    return 0


def _list(_: argparse.Namespace) -> int:
    sections = {
        "examples": [(name, _title(name)) for name in resources.example_names()],
        "activations": [(", ".join((row.name, *row.aliases)), row.note) for row in ACTIVATIONS]
        + [('{formula: "…"}', "any expression in z")],
        "losses": [(row.name, row.note) for row in LOSSES],
        "optimizers": [(row.name, row.note) for row in OPTIMIZERS],
        "notations": [(name, load_notation(name).summary) for name in notation_names()],
        "languages": [(name, load_language(name).name) for name in language_names()],
        "formats": [(name, load_format(name).summary) for name in format_names()],
    }
    for heading, rows in sections.items():
        print(f"{heading}:")
        width = max(len(name) for name, _ in rows)
        for name, note in rows:
            print(f"  {name.ljust(width)}  {note}".rstrip())
        print()
    return 0


def _title(name: str) -> str:
    """What an example's first comment says."""
    path = located(name)
    assert isinstance(path, Path)  # noqa: S101 (a name leads to a path)
    first = path.read_text("utf-8").splitlines()[0]
    return first.removeprefix("#").strip()


def _schema(_: argparse.Namespace) -> int:
    print(json.dumps(json_schema(), indent=1, ensure_ascii=False))
    return 0
