"""Strings made safe for a format: one pass over one table, so that no escape is escaped again."""

from __future__ import annotations

import re
from collections.abc import Callable

_LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "≈": r"\ensuremath{\approx}",
    "·": r"\ensuremath{\cdot}",
    "∂": r"\ensuremath{\partial}",
    "−": r"\ensuremath{-}",
    "∞": r"\ensuremath{\infty}",
    "–": "--",
    "—": "---",
}
_LETTERS = "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΥΦΨΩ"
_LETTER_NAMES = """
alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi omega
Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega
""".split()
_GREEK = dict(zip(_LETTERS, _LETTER_NAMES, strict=True))


_NOT_IN_T1 = "ĦħĸĿŀŉŦŧſ"
"""Latin letters that LaTeX's usual fonts lack."""


def latex(text: str) -> str:
    """Text for LaTeX.

    >>> latex("50% of a_1 ~ {x}")
    '50\\\\% of a\\\\_1 \\\\textasciitilde{} \\\\{x\\\\}'
    """
    return "".join(map(_latex_character, text))


def _latex_character(c: str) -> str:
    if c in _LATEX:
        return _LATEX[c]
    if c in _GREEK:
        return rf"\ensuremath{{\{_GREEK[c]}}}"
    if (ord(c) > 0x17F and c not in "‘’“”…") or c in _NOT_IN_T1:
        # beyond the Latin letters of the T1 fonts: only engines with system fonts can set it
        return rf"\otherscript{{{c}}}{{{ord(c):04X}}}"
    return c


_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|$&~!])")


def markdown(text: str) -> str:
    """Text for Markdown: punctuation that could mean something gets a backslash.

    >>> markdown("a_1 * $5")
    'a\\\\_1 \\\\* \\\\$5'
    """
    return _MARKDOWN.sub(r"\\\1", text)


_XML = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"}


def xml(text: str) -> str:
    """Text for XML, also inside the quotes of an attribute.

    >>> xml("a < b & 'c'")
    'a &lt; b &amp; &#39;c&#39;'
    """
    return "".join(_XML.get(c, c) for c in text)


def verbatim(text: str) -> str:
    """Text that a format takes as it is, such as code inside a fence."""
    return text


# a point after a digit may begin a list, several are an ellipsis; a hyphen between letters is nothing else
_TYPST = re.compile(r"[\\#$*_`<>@=+/~\[\]\"'≈·∂−∞]|\.(?!\w)|(?<!\w)-|-(?!\w)")
_TYPST_SIGNS = {"'": "’", "≈": "$≈$", "·": "$⋅$", "∂": "$∂$", "−": "$−$", "∞": "$∞$"}


def typst(text: str) -> str:
    r"""Text for Typst: punctuation that could mean something gets a backslash, an apostrophe its curve.

    >>> print(typst("a_1 - #x's"))
    a\_1 \- \#x’s
    """
    return _TYPST.sub(lambda match: _TYPST_SIGNS.get(match[0], f"\\{match[0]}"), text)


def typst_string(text: str) -> str:
    r"""Text inside the quotation marks of a string of Typst.

    >>> print(typst_string('print("a")'))
    print(\"a\")
    """
    return text.replace("\\", r"\\").replace('"', r"\"")


ESCAPES: dict[str, Callable[[str], str]] = {
    "latex": latex,
    "markdown": markdown,
    "typst": typst,
    "typst_string": typst_string,
    "verbatim": verbatim,
    "xml": xml,
}
