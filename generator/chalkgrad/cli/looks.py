"""Options that say what pages look like, for every verb that writes some."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from chalkgrad.arguments import Parser
from chalkgrad.messages import Message
from chalkgrad.render.makers import PDF_ENGINES
from chalkgrad.spec.grammar import DETAILS, DRAWINGS, MAX_DIGITS
from chalkgrad.spec.lessons.kinds import VIEWS


def add_looks(parser: Parser) -> None:
    """Add them."""
    say = parser.say
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
    parser.add_argument(
        "--pdf-engine",
        choices=PDF_ENGINES,
        default=PDF_ENGINES[0],
        help=say(Message("what makes the pdf: typst needs no TeX (default), the others an installed one")),
    )


def looks(options: argparse.Namespace) -> dict[str, Any]:
    """What they say, as a spec's `show` has it; None where nothing was said."""
    return {
        "notation": options.notation,
        "language": options.language,
        "decimals": options.decimals,
        "significant": options.significant,
        "views": options.view.split(",") if options.view else None,
        "detail": options.detail,
        "drawings": options.drawings,
    }


def own_templates(options: argparse.Namespace) -> Path | None:
    """The folder of the caller's own templates."""
    return Path(options.templates) if options.templates is not None else None
