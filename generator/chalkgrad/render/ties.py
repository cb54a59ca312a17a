"""What must not be torn apart at the end of a line: a formula and the marks that touch it.

TeX does so by itself; a browser breaks a line between a formula and its full stop.
"""

from __future__ import annotations

import re

from chalkgrad.document.model import Code, Crossreference, Emphasis, Inline, Span

_WORDS = (str, Emphasis, Crossreference, Code)
"""What a sentence is made of beside mathematics."""


def tied(spans: Inline) -> list[Inline]:
    """A sentence in pieces between which a line may break: a formula with the text that touches it is one.

    >>> from chalkgrad.markup.nodes import Word
    >>> w = Word("w")
    >>> tied(("the weight (", w, "), new")) == [("the weight ",), ("(", w, "),"), (" new",)]
    True
    """
    out: list[list[Span]] = []
    for span in spans:
        if not isinstance(span, str):
            touches = out and isinstance(out[-1][-1], str) and not out[-1][-1][-1].isspace()
            if touches and not isinstance(span, _WORDS):
                out[-1].append(span)
            else:
                out.append([span])
            continue
        head = re.match(r"\S*", span)[0] if out and not isinstance(out[-1][-1], _WORDS) else ""  # type: ignore[index]
        if head:
            out[-1].append(head)
        rest = span[len(head) :]
        tail = re.search(r"\S*$", rest)[0]  # type: ignore[index]
        out += [[piece] for piece in (rest[: len(rest) - len(tail)], tail) if piece]
    return [tuple(piece) for piece in out]
