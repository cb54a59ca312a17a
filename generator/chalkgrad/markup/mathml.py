"""MathML Core: what browsers set without any script.

A browser spaces an operator by its place in the row around it.  So a sign that leads a number says that it is a
prefix, one that joins two terms says that it is an infix, and parentheses that need not grow say so.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from chalkgrad.markup.base import Printer

_GREEK = dict(
    zip(
        """
        alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi
        psi omega varphi Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega
        """.split(),
        "αβγδϵζηθικλμνξπρστυϕχψωφΓΔΘΛΞΠΣΥΦΨΩ",
        strict=True,
    )
)

_SIGNS = {
    "=": "<mo>=</mo>",
    "≈": "<mo>≈</mo>",
    "·": '<mo lspace="0.22em" rspace="0.22em">⋅</mo>',
    "×": '<mo lspace="0.22em" rspace="0.22em">×</mo>',
    "⊙": '<mo lspace="0.22em" rspace="0.22em">⊙</mo>',
    "+": '<mo form="infix">+</mo>',
    "−": '<mo form="infix">−</mo>',
    "→": '<mo stretchy="false">→</mo>',
    "√": "<mo>√</mo>",
    "←": '<mo stretchy="false">←</mo>',
    ",": "<mo>,</mo>",
    ";": "<mo>;</mo>",
    "′": "<mo>′</mo>",
    "∂": "<mi>∂</mi>",
    "T": '<mi mathvariant="normal">T</mi>',
    ">": "<mo>&gt;</mo>",
    "<": "<mo>&lt;</mo>",
    "/": '<mo lspace="0" rspace="0">/</mo>',
    "≥": "<mo>≥</mo>",
    "≤": "<mo>≤</mo>",
    "≠": "<mo>≠</mo>",
    "∞": "<mi>∞</mi>",
    "quad": '<mspace width="1em"/>',
    "space": '<mspace width="0.5em"/>',
    "thin": '<mspace width="0.17em"/>',
    "qquad": '<mspace width="2em"/>',
    "…": '<mo lspace="0.17em" rspace="0.17em">…</mo>',
}

_UPRIGHT = {"one": "<mi>𝟏</mi>"}
"""Functions that are more than their name set upright."""

_ACCENTS = {"\u0302": "^", "\u0304": "¯", "\u0303": "~"}

_TOKENS = re.compile(r"\d+|[^\W\d_]+[\u0300-\u036f]?|\S")

_HIGH = ("<mfrac", "<munder", "<mtable")
"""What parentheses grow around."""

_OPEN, _CLOSE = ('<mo form="prefix" stretchy="false">(</mo>', '<mo form="postfix" stretchy="false">)</mo>')


def _one(text: str) -> str:
    """As a single element, for elements that count their children."""
    return text if text.startswith("<m") and text.count("<m") == 1 else f"<mrow>{text}</mrow>"


@dataclass
class MathmlPrinter(Printer):
    """Prints nodes as MathML; the quantities carry their ids."""

    def letter(self, base: str) -> str:
        """θ, w; a word in italics; brackets and commas as operators."""
        return _one("".join(map(self._token, _TOKENS.findall(base))))

    def _token(self, token: str) -> str:
        if token.isdigit():
            return f"<mn>{token}</mn>"
        if token in _GREEK:
            # capitals stand upright, as in most books
            variant = ' mathvariant="normal"' if token[0].isupper() else ""
            return f"<mi{variant}>{_GREEK[token]}</mi>"
        parts = unicodedata.normalize("NFD", token)
        if accent := _ACCENTS.get(parts[1:]):
            return f'<mover accent="true"><mi>{parts[0]}</mi><mo>{accent}</mo></mover>'
        if token.isalpha():
            return f"<mi>{token}</mi>" if len(token) == 1 else f'<mi class="word">{token}</mi>'
        sign = html.escape(token).replace("-", "−")
        return f'<mo lspace="0" rspace="0" stretchy="false">{sign}</mo>'

    def index(self, text: str) -> str:
        """Letters side by side in italics; words of three letters and more upright."""
        out = []
        for token in _TOKENS.findall(text):
            if token.isalpha() and len(token) > 2:
                out.append(f'<mi mathvariant="normal">{token}</mi>')
            elif token.isalpha():
                out += [f"<mi>{letter}</mi>" for letter in token]
            else:
                out.append(self._token(token))
        return "".join(out)

    def number(self, text: str) -> str:
        """`<mn>`."""
        return f"<mn>{text}</mn>"

    def script(self, base: str, sub: str, sup: str) -> str:
        """Indices; where there are two, one above the other.  A prime alone is raised by the font already."""
        base = _one(base)
        if not sub and sup == _SIGNS["′"]:
            if not any(element in base for element in _HIGH):
                return f"<mrow>{base}{sup}</mrow>"
            # raised over what is high it would be small, and far up
            sup = '<mpadded height="0.3em" voffset="-0.5em"><mo mathsize="140%">′</mo></mpadded>'
        if sub and sup:
            return f"<msubsup>{base}{_one(sub)}{_one(sup)}</msubsup>"
        return f"<msub>{base}{_one(sub)}</msub>" if sub else f"<msup>{base}{_one(sup)}</msup>"

    def group(self, text: str) -> str:
        """A row."""
        return _one(text)

    def fraction(self, above: str, below: str) -> str:
        """`<mfrac>`."""
        return f"<mfrac>{_one(above)}{_one(below)}</mfrac>"

    def root(self, body: str) -> str:
        """`<msqrt>`."""
        return f"<msqrt>{body}</msqrt>"

    def parentheses(self, body: str) -> str:
        """Growing ones only where something is high: around an index a plain pair looks better."""
        if any(element in body for element in _HIGH):
            return f'<mrow><mo form="prefix">(</mo>{body}<mo form="postfix">)</mo></mrow>'
        return f"<mrow>{_OPEN}{body}{_CLOSE}</mrow>"

    def bars(self, body: str) -> str:
        """Vertical bars."""
        return f'<mrow><mo form="prefix">|</mo>{body}<mo form="postfix">|</mo></mrow>'

    def floor(self, body: str) -> str:
        """Brackets without their upper ends."""
        return f'<mrow><mo form="prefix">⌊</mo>{body}<mo form="postfix">⌋</mo></mrow>'

    def function(self, name: str) -> str:
        """A Greek or single letter in italics, a word upright."""
        if name in _UPRIGHT:
            return _UPRIGHT[name]
        if name in _GREEK or len(name) == 1:
            return self.letter(name)
        return f'<mi class="function" mathvariant="normal">{name}</mi>'

    def applied(self, function: str, argument: str) -> str:
        """With a thin space after it; the page's style puts one before it where a factor stands there."""
        return f'{self.function(function)}<mspace width="0.17em"/>{argument}'

    def words(self, text: str) -> str:
        """`<mtext>`."""
        return f"<mtext>{html.escape(text)}</mtext>"

    def sign(self, sign: str) -> str:
        """A sign, spaced for its place between two things."""
        return _SIGNS[sign]

    def leading(self, sign: str) -> str:
        """A sign close to what follows."""
        return f'<mo form="prefix">{sign}</mo>'

    def brace(self, body: str, label: str) -> str:
        """A brace as wide as what is above it, the label small below."""
        braced = f'<munder accentunder="true"><mrow>{body}</mrow><mo stretchy="true">⏟</mo></munder>'
        return f"<munder>{braced}<mrow>{label}</mrow></munder>"

    def tint(self, colour: str, body: str) -> str:
        """A class, which the page's style colours."""
        name = self.dialect.colours.get(colour)
        return f'<mrow class="{name}">{body}</mrow>' if name else body

    def struck(self, body: str) -> str:
        """A class, whose style draws the line: MathML Core has no element for it."""
        return f'<mrow class="struck">{body}</mrow>'

    def boxed(self, body: str) -> str:
        """A class, whose style draws the frame: MathML Core has no element for it."""
        return f'<mrow class="boxed">{body}</mrow>'

    def limit(self, below: str) -> str:
        """What tends to what, below."""
        return f'<munder><mo movablelimits="false" lspace="0" rspace="0.17em">lim</mo>{_one(below)}</munder>'

    def matrix(self, rows: Sequence[Sequence[str | None]], shape: tuple[int, int] | None) -> str:
        """A table between brackets that grow; dots for what was left out."""
        gaps = [all(row[column] is None for row in rows) for column in range(len(rows[0]))]
        body = "".join(self._table_row(row, gaps) for row in rows)
        bracketed = f'<mrow><mo form="prefix">[</mo><mtable>{body}</mtable><mo form="postfix">]</mo></mrow>'
        return self.shaped(bracketed, shape) if shape else bracketed

    @staticmethod
    def _table_row(row: Sequence[str | None], gaps: Sequence[bool]) -> str:
        whole = all(entry is None for entry in row)
        cells = []
        for entry, gap in zip(row, gaps, strict=True):
            dots = "⋱" if whole and gap else "⋮" if whole else "⋯"
            cells.append(f"<mtd>{f'<mo>{dots}</mo>' if entry is None else entry}</mtd>")
        return f"<mtr>{''.join(cells)}</mtr>"

    def shaped(self, body: str, shape: tuple[int, int]) -> str:
        """The shape small and grey below."""
        size = self.tint("shape", f"<mn>{shape[0]}</mn><mo>×</mo><mn>{shape[1]}</mn>")
        return f"<munder>{_one(body)}{_one(size)}</munder>"

    def cases(self, rows: Sequence[tuple[str, str]]) -> str:
        """A table after a brace that grows."""
        body = "".join(f"<mtr><mtd>{value}</mtd><mtd>{condition}</mtd></mtr>" for value, condition in rows)
        return f'<mrow><mo form="prefix">{{</mo><mtable class="cases">{body}</mtable></mrow>'

    def big_sum(self, index: str) -> str:
        """The sign of a sum, its index below."""
        return f"<munder><mo>∑</mo>{_one(index)}</munder>"

    def blank(self, room: str, number: int) -> str:
        """Empty room on a line, the number below."""
        high = '<mspace width="0" height="1em" depth="0.2em"/>'
        return f'<munder><mrow class="blank">{high}{room}</mrow><mn>{number}</mn></munder>'

    def marked(self, text: str, id: str) -> str:
        """The quantity's id, by which the page's script finds all its places."""
        return f'<mrow data-q="{html.escape(id)}">{text}</mrow>' if id else text
