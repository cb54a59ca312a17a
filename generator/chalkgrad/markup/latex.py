"""LaTeX, in the dialect that LaTeX, MathJax and KaTeX all read.

GitHub passes mathematics through its Markdown reader first: a backslash before punctuation loses its
backslash, and `_` between letters may turn into emphasis.  So commands here end in letters wherever the
format says it is `guarded`, rows end with `\\cr`, and a space stands before every `_`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chalkgrad.catalogue.letters import GREEK, taken_apart
from chalkgrad.markup.base import Printer

_SIGNS = {
    "=": "=",
    "≈": r"\approx",
    "·": r"\cdot",
    "×": r"\times",
    "⊙": r"\odot",
    "+": "+",
    "−": "-",
    "→": r"\to",
    "√": r"\surd",
    "←": r"\leftarrow",
    ",": ",",
    ";": ";",
    "′": r"\prime",
    "∂": r"\partial ",
    "T": r"\mathsf T",
    ">": ">",
    "<": "<",
    "/": "/",
    "≥": r"\ge",
    "≤": r"\le",
    "≠": r"\ne",
    "∞": r"\infty",
    "quad": r"\quad",
    "space": r"\enspace",
    "thin": r"\thinspace",
    "qquad": r"\qquad",
    "…": r"\dots",
}

_STYLES = {"bold": r"\mathbf", "script": r"\mathcal", "hat": r"\hat", "bar": r"\bar", "tilde": r"\tilde"}

_FUNCTIONS = {
    "tanh": r"\tanh",
    "arctan": r"\arctan",
    "tan": r"\tan",
    "sin": r"\sin",
    "cos": r"\cos",
    "ln": r"\ln",
    "max": r"\max",
    "min": r"\min",
    "sigma": r"\sigma",
    "Phi": r"\Phi",
    "phi": r"\varphi",
    "one": r"\mathbf 1",
}


@dataclass
class LatexPrinter(Printer):
    """Prints nodes as LaTeX mathematics."""

    def letter(self, base: str) -> str:
        """θ as `\\theta`, a word upright-italic as one word."""
        if base in GREEK:
            return rf"\{base}"
        style, plain = taken_apart(base)
        if style:
            command = r"\boldsymbol" if style == "bold" and plain in GREEK else _STYLES[style]
            return rf"{command}{{{self.letter(plain)}}}"
        return base if len(base) == 1 or base.isdigit() else rf"\mathit{{{base}}}"

    def script(self, base: str, sub: str, sup: str) -> str:
        """Indices; the one above first, so that both stack."""
        above = rf"^{{{sup}}}" if sup and sup != r"\prime" else r"^{\prime}" if sup else ""
        below = rf" _{{{sub}}}" if sub else ""
        return f"{base}{above}{below}"

    def index(self, text: str) -> str:
        """Words of three letters and more stand upright."""
        return rf"\mathrm{{{text}}}" if len(text) > 2 and text.isalpha() else text

    def group(self, text: str) -> str:
        """Braces around what takes an index as a whole."""
        return f"{{{text}}}"

    def fraction(self, above: str, below: str) -> str:
        """`\\frac`."""
        return rf"\frac{{{above}}}{{{below}}}"

    def root(self, body: str) -> str:
        """`\\sqrt`."""
        return rf"\sqrt{{{body}}}"

    def parentheses(self, body: str) -> str:
        """Growing ones only where something is high: a plain pair spaces better."""
        high = any(command in body for command in (r"\frac", r"\sum", r"\lim", r"\begin", r"\underbrace"))
        return rf"\left({body}\right)" if high else f"({body})"

    def bars(self, body: str) -> str:
        """Vertical bars, spelled out: a bare one would end a cell of a Markdown table."""
        return rf"\left\vert {body}\right\vert "

    def floor(self, body: str) -> str:
        """`\\lfloor … \\rfloor`, growing with what they hold."""
        return rf"\left\lfloor {body}\right\rfloor "

    def function(self, name: str) -> str:
        """A known function's command, else its name upright."""
        if name in _FUNCTIONS:
            return _FUNCTIONS[name]
        return self.letter(name) if len(name) == 1 else rf"\mathrm{{{name}}}"

    def words(self, text: str) -> str:
        """`\\text`; a word holds letters, spaces and marks that mathematics leaves alone."""
        return rf"\text{{{text}}}"

    def sign(self, sign: str) -> str:
        """A sign's command."""
        return self.dialect.signs.get(sign) or _SIGNS[sign]

    def brace(self, body: str, label: str) -> str:
        """`\\underbrace`."""
        return rf"\underbrace{{{body}}} _{{{label}}}"

    def tint(self, colour: str, body: str) -> str:
        """A colour, in the dialect's words."""
        before = self.dialect.colours.get(colour)
        return f"{{{before} {body}}}" if before else body

    def struck(self, body: str) -> str:
        """`\\cancel`."""
        return rf"\cancel{{{body}}}"

    def boxed(self, body: str) -> str:
        """`\\boxed`."""
        return rf"\boxed{{{body}}}"

    def limit(self, below: str) -> str:
        """`\\lim`."""
        return rf"\lim _{{{below}}}"

    def matrix(self, rows: Sequence[Sequence[str | None]], shape: tuple[int, int] | None) -> str:
        """`bmatrix`; dots for what was left out."""
        filled = []
        for row in rows:
            all_out = all(entry is None for entry in row)
            dots = r"\vdots" if all_out else r"\cdots"
            filled.append(
                " & ".join(
                    (r"\ddots" if all_out and self._gap(rows, j) else dots) if e is None else e
                    for j, e in enumerate(row)
                )
            )
        body = rf"\begin{{bmatrix}} {f' {self.dialect.newline} '.join(filled)} \end{{bmatrix}}"
        return self.shaped(body, shape) if shape else body

    @staticmethod
    def _gap(rows: Sequence[Sequence[str | None]], column: int) -> bool:
        return all(row[column] is None for row in rows)

    def shaped(self, body: str, shape: tuple[int, int]) -> str:
        """`\\underset`, the shape small and grey."""
        size = self.tint("shape", rf"{shape[0]}\times {shape[1]}")
        return rf"\underset{{{size}}}{{{body}}}"

    def cases(self, rows: Sequence[tuple[str, str]]) -> str:
        """`cases`."""
        body = f" {self.dialect.newline} ".join(f"{value} & {condition}" for value, condition in rows)
        return rf"\begin{{cases}} {body} \end{{cases}}"

    def blank(self, room: str, number: int) -> str:
        """The number stands below the line."""
        return rf"\underset{{{number}}}{{\underline{{{room}}}}}"

    def big_sum(self, index: str) -> str:
        """`\\sum`."""
        return rf"\sum _{{{index}}}"
