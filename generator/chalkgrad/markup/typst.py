"""Typst mathematics, for PDF pages without TeX.

Letters and signs are written as the characters they are, words in quotation marks.  Plain parentheses and commas
have a backslash, so that they neither grow with what they hold nor end the argument of a function.  What is not
part of Typst itself (`up`, `under`, `ghost`, …) is defined at the head of the format's page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from chalkgrad.catalogue.letters import GREEK, taken_apart
from chalkgrad.markup.base import Printer

_GREEK = {**GREEK, "epsilon": "ϵ", "phi": "ϕ"}
"""As LaTeX draws them."""

_STYLES = {"script": "cal", "hat": "hat", "bar": "macron", "tilde": "tilde"}

_SIGNS = {
    "·": "⋅",
    ",": r"\,",
    ";": r"\;",
    "T": "𝖳",
    "/": r"\/",
    "√": r"\u{221A}",
    "quad": "quad",
    "space": "#h(0.5em)",
    "thin": "thin",
    "qquad": "wide",
    "…": "⋯",
}
"""Signs that are not written as the character they are called by."""

_OPERATORS = frozenset("tanh arctan tan sin cos ln max min".split())

_CHARACTERS = re.compile(r"\d+|\S")

_HIGH = ("frac(", "sum_", "lim_", "mat(", "cases(", "underbrace(")


def quoted(text: str) -> str:
    r"""A string of Typst: `"` and `\` get a backslash."""
    escaped = text.replace("\\", r"\\").replace('"', r"\"")
    return f'"{escaped}"'


@dataclass
class TypstPrinter(Printer):
    """Prints nodes as Typst mathematics."""

    def letter(self, base: str) -> str:
        """A Greek letter as itself, a word in italics, punctuation with a backslash."""
        if base in _GREEK:
            return _GREEK[base]
        style, plain = taken_apart(base)
        if style == "bold":
            return f"bold({self.letter(plain)})" if plain in _GREEK else f"bold(upright({self.letter(plain)}))"
        if style:
            return f"{_STYLES[style]}({self.letter(plain)})"
        if len(base) > 1 and base.isalnum() and not base.isdigit():
            return f"italic({' '.join(base)})"
        return self._characters(base)

    @staticmethod
    def _characters(text: str) -> str:
        """Numbers whole, everything else one by one: Typst would take `ji` for the name of a variable.

        >>> TypstPrinter._characters("h12"), TypstPrinter._characters("(2)")
        ('h 12', '\\\\(2\\\\)')
        """
        out = ""
        for piece in _CHARACTERS.findall(text.replace("-", "−")):
            sign = not piece.isalnum()
            apart = not sign and out[-1:].isalnum()
            out += f" {piece}" if apart else f"\\{piece}" if sign and piece.isascii() else piece
        return out

    def script(self, base: str, sub: str, sup: str) -> str:
        """Indices, stacked."""
        below = f"_({sub})" if sub else ""
        above = f"^({sup})" if sup else ""
        return f"{base.rstrip()}{below}{above}"

    def index(self, text: str) -> str:
        """Words of three letters and more stand upright."""
        return quoted(text) if len(text) > 2 and text.isalpha() else self._characters(text)

    def group(self, text: str) -> str:
        """One thing for Typst, too."""
        return f"group({text})"

    def fraction(self, above: str, below: str) -> str:
        """`frac`."""
        return f"frac({above}, {below})"

    def root(self, body: str) -> str:
        """`sqrt`."""
        return f"sqrt({body})"

    def parentheses(self, body: str) -> str:
        """Growing ones only where something is high: Typst would enlarge them for an index already."""
        return f"({body})" if any(high in body for high in _HIGH) else rf"\({body}\)"

    def bars(self, body: str) -> str:
        """`abs`."""
        return f"abs({body})"

    def floor(self, body: str) -> str:
        """`floor`."""
        return f"floor({body})"

    def function(self, name: str) -> str:
        """A known operator, a Greek letter, else the name upright; a space keeps its argument apart."""
        if name == "one":
            return "bold(1) "
        if name in _OPERATORS:
            return f"{name} "
        if name in _GREEK or len(name) == 1:
            return "φ" if name == "phi" else self.letter(name)
        return f"op({quoted(name)}) "

    def words(self, text: str) -> str:
        """A string stands upright, in the font of the text."""
        return quoted(text)

    def sign(self, sign: str) -> str:
        """A sign, nearly always the character itself."""
        return _SIGNS.get(sign, sign)

    def brace(self, body: str, label: str) -> str:
        """`underbrace`."""
        return f"underbrace({body}, {label})"

    def tint(self, colour: str, body: str) -> str:
        """A function of the page that sets the colour."""
        function = self.dialect.colours.get(colour)
        return f"{function}({body})" if function else body

    def struck(self, body: str) -> str:
        """`cancel`."""
        return f"cancel({body})"

    def boxed(self, body: str) -> str:
        """`boxed`, of the page's head."""
        return f"boxed({body})"

    def limit(self, below: str) -> str:
        """`lim`."""
        return f"lim_({below})"

    def matrix(self, rows: Sequence[Sequence[str | None]], shape: tuple[int, int] | None) -> str:
        """`mat`; dots for what was left out."""
        filled = []
        for row in rows:
            all_out = all(entry is None for entry in row)
            filled.append(
                ", ".join(
                    ("⋱" if self._gap(rows, j) else "⋮") if all_out else "⋯" if entry is None else entry
                    for j, entry in enumerate(row)
                )
            )
        body = f"mat({'; '.join(filled)})"
        return self.shaped(body, shape) if shape else body

    @staticmethod
    def _gap(rows: Sequence[Sequence[str | None]], column: int) -> bool:
        return all(row[column] is None for row in rows)

    def shaped(self, body: str, shape: tuple[int, int]) -> str:
        """`under`, the shape small and grey."""
        size = self.tint("shape", f"{shape[0]} × {shape[1]}")
        return f"under({body}, {size})"

    def cases(self, rows: Sequence[tuple[str, str]]) -> str:
        """`cases`."""
        return f"cases({', '.join(f'{value} & quad {condition}' for value, condition in rows)})"

    def blank(self, room: str, number: int) -> str:
        """The number stands below the line."""
        return f"under(underline({room}), {number})"

    def big_sum(self, index: str) -> str:
        """`sum`."""
        return f"sum_({index})"
