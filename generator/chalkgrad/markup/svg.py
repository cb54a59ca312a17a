"""Names and numbers as the text of an SVG picture.

There is no mathematics in SVG: letters are set in italics, indices are smaller pieces of text moved up and down,
a fraction is written with a slash.  Only what stands in drawings can be printed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.sax.saxutils import escape

from chalkgrad.markup import nodes
from chalkgrad.markup.base import Printer
from chalkgrad.markup.pieces import NUMBER, Piece
from chalkgrad.markup.slots import BlankSlot, PlainSlot, RelationSlot

GREEK = dict(
    zip(
        """alpha beta gamma delta epsilon eta theta lambda mu nu pi rho sigma phi psi omega
        Theta Delta Phi Sigma Omega Lambda Gamma Psi""".split(),
        "αβγδεηθλμνπρσφψωΘΔΦΣΩΛΓΨ",
        strict=True,
    )
)

_SIGNS = {"≈": " ≈ ", "=": " = ", "+": " + ", "quad": " ", "qquad": " ", "space": " ", "thin": "", "T": "ᵀ"}

SMALL = "70%"
RAISED, LOWERED, APART = 0.52, 0.24, 0.12
"""How far an index is moved, in units of its own size, and how much further where two stand above each other."""
_TAG = re.compile("<[^>]*>")
_NARROW, _USUAL = 0.34, 0.5


def _width(text: str) -> float:
    """About how wide a printed text is, in units of its size."""
    return sum(_NARROW if c in "(),.′" else _USUAL for c in _TAG.sub("", text))


def _moved(text: str, down: float, back: float = 0) -> str:
    left = f' dx="{-back:.2f}em"' if back else ""
    return f'<tspan font-size="{SMALL}" dy="{down:.2f}em"{left}>{text}</tspan>'


@dataclass
class SvgPrinter(Printer):
    """Prints nodes as text and `tspan` elements of SVG."""

    def letter(self, base: str) -> str:
        """Italics, as in mathematics; capital Greek letters and digits stand upright."""
        letter = GREEK.get(base, base)
        if letter.isdigit() or (base in GREEK and base[0].isupper()):
            return letter
        return f'<tspan font-style="italic">{escape(letter)}</tspan>'

    def script(self, base: str, sub: str, sup: str) -> str:
        """Indices above each other: the wider one last, so that what follows stands clear of both; an empty
        piece of text leads back to the baseline."""
        apart = APART if sub and sup else 0.0
        scripts = [(text, move) for text, move in ((sup, -RAISED - apart), (sub, LOWERED + apart)) if text]
        scripts.sort(key=lambda script: _width(script[0]))
        out, here, back = base, 0.0, 0.0
        for text, move in scripts:
            out += _moved(text, move - here, back)
            here, back = move, _width(text)
        return out + _moved("\u200b", -here)

    def index(self, text: str) -> str:
        """Single letters of an index are italic, words upright."""
        if len(text) > 2 and text.isalpha():
            return escape(text)
        return re.sub(r"[a-z]", lambda m: f'<tspan font-style="italic">{m[0]}</tspan>', escape(text))

    def fraction(self, above: str, below: str) -> str:
        """On one line."""
        return f"{above}/{below}"

    def parentheses(self, body: str) -> str:
        """Plain ones."""
        return f"({body})"

    def root(self, body: str) -> str:
        """The sign before what is under it; a longer body in parentheses."""
        return f"√{body if len(_TAG.sub('', body)) < 2 else self.parentheses(body)}"

    def bars(self, body: str) -> str:
        """Vertical bars."""
        return f"|{body}|"

    def function(self, name: str) -> str:
        """Its name, a Greek letter where it has one."""
        return GREEK.get(name, escape(name))

    def words(self, text: str) -> str:
        """As they are."""
        return escape(text)

    def sign(self, sign: str) -> str:
        """The sign itself."""
        return _SIGNS.get(sign) or escape(sign)

    def tint(self, colour: str, body: str) -> str:
        """A text has the colour of what it is in the drawing."""
        return body

    def _num(self, node: nodes.Num, _: str) -> Piece:
        return Piece(self.slots.marker(PlainSlot(node.at)), NUMBER)

    def _relation(self, node: nodes.Relation, _: str) -> Piece:
        slot = RelationSlot(node.used, node.results, node.factors, is_plain=True)
        return Piece(f" {self.slots.marker(slot)} ")

    def _blank(self, node: nodes.Blank, _: str) -> Piece:
        return Piece(self.blank(self.slots.marker(BlankSlot(node.at, is_plain=True)), node.number), NUMBER)

    def blank(self, room: str, number: int) -> str:
        """A line of the text's own; the number stands after it, lowered."""
        return self.script(f'<tspan text-decoration="underline">{room}</tspan>', str(number), "")

    _rules = {**Printer._rules, nodes.Num: _num, nodes.Relation: _relation, nodes.Blank: _blank}
