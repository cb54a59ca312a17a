"""What all verbs of the command line share."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TypeAlias

from chalkgrad.arguments import Parser
from chalkgrad.catalogue.languages import language_names
from chalkgrad.messages import Message, Wording, told

Verbs: TypeAlias = "argparse._SubParsersAction[Parser]"


def verb(
    verbs: Verbs, name: str, wording: Wording, about: Message, examples: Sequence[tuple[str, Message]]
) -> Parser:
    """The parser of a verb; `examples` are commands and what they are for."""
    parser = verbs.add_parser(name, help=told(about, wording), wording=wording, about=about, examples=examples)
    language(parser, default=argparse.SUPPRESS)  # else a verb would forget what was said before it
    return parser


def language(parser: Parser, default: str | None) -> None:
    """Add `--language`."""
    parser.add_argument(
        "--language",
        choices=language_names(),
        default=default,
        help=parser.say(Message("the language of pages, messages and help")),
    )
