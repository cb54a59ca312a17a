"""The parser of the command line, speaking the reader's language.

argparse hands over its errors as finished English sentences.  They are taken apart again by the templates they
were made from (`SAYINGS`) and told in the language; a sentence of a newer Python that is in no template stays as
it is.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any, NoReturn

from chalkgrad.catalogue.languages import language_names
from chalkgrad.catalogue.wording import language_of, load_wording
from chalkgrad.messages import Message, Wording, told

SAYINGS = (
    "argument {argument}: {problem}",
    "the following arguments are required: {names}",
    "unrecognized arguments: {names}",
    "expected one argument",
    "expected at least one argument",
    "not allowed with argument {argument}",
    "ignored explicit argument {value}",
    "invalid {type} value: {value}",
    "invalid choice: {value}, maybe you meant {word}? (choose from {choices})",
    "invalid choice: {value} (choose from {choices})",
    "ambiguous option: {option} could match {matches}",
)
"""What argparse says, first the sentences that hold others."""
TYPES = {"int": Message("int")}
"""The kinds of values that argparse names after a Python type."""


def spoken(arguments: Sequence[str], environment: Mapping[str, str]) -> Wording:
    """The wording that `--language` asks for, else the environment; looked up before anything is parsed, for
    help and errors are told in it too.

    >>> spoken(["solve", "--language", "es", "--help"], {}).template("a spec", "", None)
    'una especificación'
    """
    for i, argument in enumerate(arguments):
        flag, _, code = argument.partition("=")
        if len(flag) > 2 and "--language".startswith(flag):
            asked = code or next(iter(arguments[i + 1 :]), "")
            if asked in language_names():
                return load_wording(asked)
    return load_wording(language_of(environment))


class Formatter(argparse.RawDescriptionHelpFormatter):
    """Lays out help; its own few words are told in the language."""

    def __init__(self, prog: str, *, wording: Wording, **layout: Any) -> None:
        super().__init__(prog, **layout)
        self.wording = wording

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None = None,
    ) -> None:
        """The usage line, after the language's word for it."""
        super().add_usage(
            usage, actions, groups, told(Message("usage: "), self.wording) if prefix is None else prefix
        )

    def start_section(self, heading: str | None) -> None:
        """A group of arguments under its title."""
        own = {"options": Message("options"), "positional arguments": Message("positional arguments")}
        super().start_section(told(own.get(heading or "", heading or ""), self.wording))


class Parser(argparse.ArgumentParser):
    """A parser, or that of a verb, whose help and errors are told in a language."""

    def __init__(
        self, *, wording: Wording, about: Message, examples: Sequence[tuple[str, Message]], **layout: Any
    ) -> None:
        """`about` is said as a sentence; an example is a command and what it is for."""
        self.wording = wording
        said = told(about, wording)
        super().__init__(
            description=f"{said[0].upper()}{said[1:]}.",
            epilog=f"{self.say(Message('examples:'))}\n{self._table(examples)}\n",
            formatter_class=partial(Formatter, wording=wording),
            add_help=False,
            **layout,
        )
        self.add_argument("-h", "--help", action="help", help=self.say(Message("show this help message and exit")))

    def say(self, message: str) -> str:
        """A text in the language."""
        return told(message, self.wording)

    def _table(self, examples: Sequence[tuple[str, Message]]) -> str:
        width = max(len(command) for command, use in examples if use)
        return "\n".join(f"  {command.ljust(width)}   {self.say(use)}".rstrip() for command, use in examples)

    def error(self, message: str) -> NoReturn:
        """Print the usage and what is wrong, and leave with status 2."""
        self.print_usage(sys.stderr)
        problem = Message("{program}: error: {problem}", program=self.prog, problem=recognised(message))
        self.exit(2, f"{self.say(problem)}\n")


def recognised(sentence: str) -> str:
    """An error of argparse as a message, or as it is where nothing in `SAYINGS` fits.

    >>> recognised("argument SPEC: expected one argument").values["problem"].one
    'expected one argument'
    """
    for template in SAYINGS:
        pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+?)", re.escape(template))
        if match := re.fullmatch(pattern, sentence):
            found = match.groupdict()
            if "problem" in found:
                found["problem"] = recognised(found["problem"])
            if "type" in found:
                found["type"] = TYPES.get(found["type"], found["type"])
            return Message(template, **found)
    return sentence
