"""Numbers as a format writes them: decimal mark, minus sign, powers of ten, parentheses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import NamedTuple

from chalkgrad.markup.slots import BASE, PLAIN
from chalkgrad.markup.typst import quoted

KEPT = 50_000
"""So many written numbers are kept."""


@dataclass(frozen=True)
class NumberStyle:
    """How numbers look in one markup and language."""

    mark: str
    """The decimal mark, as written in the markup."""
    undefined: str
    """What stands where there is no number."""
    infinity: str = r"\infty"
    minus: str = "-"
    equals: str = "="
    rounded: str = r"\approx"
    """What stands before an exact number, and before a rounded one."""
    around: tuple[str, str] = ("", "")
    """What the markup puts around digits."""
    brackets: tuple[str, str] = ("(", ")")
    """The parentheses of a negative number."""
    power: Callable[[str, str], str] = lambda mantissa, exponent: rf"{mantissa} \cdot 10^{{{exponent}}}"
    over: Callable[[str, str], str] = lambda above, below: rf"\frac{{{above}}}{{{below}}}"
    digit_room: str = r"\enspace"
    mark_room: str = r"\thickspace"
    """Empty room as wide as a digit, and as a decimal mark; a digit is half an em, a mark five eighteenths."""

    def write(self, text: str, surroundings: str = PLAIN) -> str:
        """A number's digits, in parentheses where their surroundings ask for them."""
        if text[0] not in "-in" and "e" not in text and "/" not in text:
            return self._digits(text)
        negative = text[0] == "-"
        body = text[1:] if negative else text
        compound = False
        if "e" in body:
            mantissa, _, exponent = body.partition("e")
            body, compound = self.power(self._digits(mantissa), exponent), True
        elif "/" in body:
            above, _, below = body.partition("/")
            body, compound = self.over(self._digits(above), self._digits(below)), True
        elif body == "inf":
            body = self.infinity
        elif body == "nan":
            body = self.undefined
        else:
            body = self._digits(body)
        if negative:
            body = self.minus + body
        wrapped = (negative and surroundings != PLAIN) or (compound and surroundings == BASE)
        return body.join(self.brackets) if wrapped else body

    def _digits(self, text: str) -> str:
        """A plain number without a sign."""
        return (text if self.mark == "." else text.replace(".", self.mark)).join(self.around)

    def room(self, text: str) -> str:
        """Empty room as wide as the number.

        A minus sign is as wide as a digit and a mark together, and so is the sign between a number and its power
        of ten, very nearly; of a fraction the longer part counts.
        """
        text = text.replace("nan", "00000000").replace("inf", "00")
        longest = max(text.lstrip("-").split("/"), key=len)
        sign = "-" if text[0] == "-" else ""
        mantissa, e, exponent = longest.partition("e")
        widths = {".": self.mark_room, "-": self.digit_room + self.mark_room}
        room = "".join(widths.get(c, self.digit_room) for c in f"{sign}{mantissa}{'-10' if e else ''}")
        return room + self.mark_room * (len(exponent) + exponent.count("-"))

    def aligned(self, text: str, own: Extent, most: Extent) -> str:
        """A written number with room on both sides, as wide as the widest of its column on either."""
        before = self.digit_room * (most.digits - own.digits) + self.mark_room * (most.signs - own.signs)
        after = self.mark_room * (most.marks - own.marks) + self.digit_room * (most.decimals - own.decimals)
        return f"{before}{text}{after}"

    def write_all(self, texts: Sequence[str], surroundings: str = PLAIN) -> list[str]:
        """Many numbers at once: the same ones come again and again, and are written once."""
        written = self._written.get(surroundings)
        if written is None:
            written = self._written[surroundings] = _Written(self, surroundings)
        elif len(written) > KEPT:
            written.clear()
        return list(map(written.__getitem__, texts))

    @cached_property
    def _written(self) -> dict[str, _Written]:
        return {}


class _Written(dict[str, str]):
    """What was written in some surroundings, by its digits."""

    def __init__(self, style: NumberStyle, surroundings: str) -> None:
        super().__init__()
        self.style, self.surroundings = style, surroundings

    def __missing__(self, text: str) -> str:
        written = self[text] = self.style.write(text, self.surroundings)
        return written


class Extent(NamedTuple):
    """How far a plain number reaches to either side of its decimal mark."""

    digits: int
    """Before the mark; a minus sign, as wide as a digit and a mark together, counts here and as a sign."""
    signs: int
    marks: int
    decimals: int


def extent(text: str) -> Extent:
    """How far a number reaches; one that is more than a decimal claims no room, and is given none.

    >>> extent("-0.25"), extent("7")
    (Extent(digits=2, signs=1, marks=1, decimals=2), Extent(digits=1, signs=0, marks=0, decimals=0))
    """
    if UNUSUAL.search(text):
        return Extent(0, 0, 0, 0)
    whole, _, decimals = text.partition(".")
    return Extent(len(whole), int(whole[0] == "-"), int(decimals != ""), len(decimals))


def widest(extents: Iterable[Extent]) -> Extent:
    """How far the numbers of a column reach to either side."""
    return Extent(*map(max, zip(*extents, strict=True)))


UNUSUAL = re.compile("[e/in]")
"""What makes a number more than a decimal: a power of ten, a fraction, no number at all."""


def latex_numbers(mark: str, undefined: str) -> NumberStyle:
    """Numbers inside LaTeX mathematics; a comma in braces gets no space after it."""
    return NumberStyle("{,}" if mark == "," else mark, rf"\text{{{undefined}}}")


def typst_numbers(mark: str, undefined: str) -> NumberStyle:
    """Numbers inside Typst mathematics; `comma` of the page's head gets no space after it."""
    return NumberStyle(
        "#comma;" if mark == "," else mark,
        quoted(undefined),
        infinity="∞",
        minus="−",
        rounded="≈",
        power=lambda mantissa, exponent: f"{mantissa} ⋅ 10^({exponent})",
        over=lambda above, below: f"frac({above}, {below})",
        digit_room="#h(0.5em);",
        mark_room="#h(0.278em);",
    )


def mathml_numbers(mark: str, undefined: str) -> NumberStyle:
    """Numbers inside MathML: `<mn>0,5</mn>`, a sign as an operator before it."""
    minus = '<mo form="prefix">−</mo>'

    def power(mantissa: str, exponent: str) -> str:
        sign = "<mo>−</mo>" if exponent[0] == "-" else ""
        raised = f"<mrow>{sign}<mn>{exponent.lstrip('-')}</mn></mrow>"
        return f"{mantissa}<mo>⋅</mo><msup><mn>10</mn>{raised}</msup>"

    return NumberStyle(
        mark,
        f"<mtext>{undefined}</mtext>",
        infinity="<mn>∞</mn>",
        minus=minus,
        equals="<mo>=</mo>",
        rounded="<mo>≈</mo>",
        around=("<mn>", "</mn>"),
        brackets=('<mo form="prefix" stretchy="false">(</mo>', '<mo form="postfix" stretchy="false">)</mo>'),
        power=power,
        over=lambda above, below: f"<mfrac>{above}{below}</mfrac>",
        digit_room='<mspace width="0.5em"/>',
        mark_room='<mspace width="0.278em"/>',
    )


_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def text_numbers(mark: str, undefined: str) -> NumberStyle:
    """Numbers in running text, with a real minus sign and raised digits."""
    return NumberStyle(
        mark,
        undefined,
        infinity="∞",
        minus="−",
        rounded="≈",
        power=lambda mantissa, exponent: f"{mantissa}·10{exponent.translate(_RAISED)}",
        over=lambda above, below: f"{above}/{below}",
        digit_room="\u2007",
        mark_room="\u2008",
    )


def html_numbers(mark: str, undefined: str) -> NumberStyle:
    """Numbers in the cells of an HTML table: text, with a real superscript."""
    text = text_numbers(mark, undefined)
    return replace(text, power=lambda mantissa, exponent: f"{mantissa}·10<sup>{exponent.replace('-', '−')}</sup>")


def width_of(text: str, undefined: str) -> int:
    """How wide a number stands on the page, in digits, about.

    >>> width_of("-0.5", "undefined"), width_of("2.1e-5", "undefined"), width_of("nan", "undefined")
    (4, 9, 9)
    """
    if text == "nan":
        return len(undefined)
    return len(text) + 3 * ("e" in text)  # a sign of multiplication and 10 in the place of the e


@lru_cache(KEPT)
def decimals_of(text: str) -> int:
    """How many decimals a plain number shows; −1 where it has no decimal mark, or is not plain."""
    point = text.find(".")
    return len(text) - point - 1 if point >= 0 and "e" not in text else -1


STYLES: Mapping[str, Callable[[str, str], NumberStyle]] = {
    "latex": latex_numbers,
    "mathml": mathml_numbers,
    "html": html_numbers,
    "typst": typst_numbers,
    "text": text_numbers,
    "svg": text_numbers,
}
"""How numbers are written, by markup: from the decimal mark, and what is said of a number that is none."""
