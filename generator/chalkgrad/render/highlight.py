"""Words of code by kind, for formats that colour them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chalkgrad.markup.slots import MARKER

_WORD = re.compile(
    rf"""(?P<comment>\#.*)
    |(?P<string>f?"[^"]*")
    |(?P<keyword>\b(?:import|from|as|def|return|for|in|if|else)\b)
    |(?P<number>{MARKER.pattern.replace("(", "(?:")}|(?<![\w.])\d[\d.]*)""",
    re.VERBOSE,
)


def words(line: str) -> Iterator[tuple[str, str]]:
    """A line of Python cut into words: `comment`, `string`, `keyword`, `number`, and `plain` for what is between.

    >>> list(words("return 1 / n  # the mean"))
    [('keyword', 'return'), ('plain', ' '), ('number', '1'), ('plain', ' / n  '), ('comment', '# the mean')]
    """
    end = 0
    for match in _WORD.finditer(line):
        if match.start() > end:
            yield "plain", line[end : match.start()]
        yield str(match.lastgroup), match[0]
        end = match.end()
    if end < len(line):
        yield "plain", line[end:]
