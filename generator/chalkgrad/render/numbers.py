"""Numbers as a format writes them: decimal mark, minus sign, powers of ten, parentheses."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from chalkgrad.evaluation.rounding import Shown
from chalkgrad.markup.slots import BASE, PLAIN


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
    power: Callable[[str, str], str] = lambda mantissa, exponent: rf"{mantissa} \cdot 10^{{{exponent}}}"
    over: Callable[[str, str], str] = lambda above, below: rf"\frac{{{above}}}{{{below}}}"

    def write(self, shown: Shown, surroundings: str = PLAIN) -> str:
        """The number, in parentheses where its surroundings ask for them."""
        text = shown.text
        if text[0] not in "-in" and "e" not in text and "/" not in text:
            return text if self.mark == "." else text.replace(".", self.mark)
        negative = text[0] == "-"
        body = text[1:] if negative else text
        compound = False
        if "e" in body:
            mantissa, _, exponent = body.partition("e")
            body, compound = (
                self.power(mantissa.replace(".", self.mark), exponent.replace("-", self.minus)),
                True,
            )
        elif "/" in body:
            above, _, below = body.partition("/")
            body, compound = self.over(above, below), True
        elif body == "inf":
            body = self.infinity
        elif body == "nan":
            body = self.undefined
        elif self.mark != ".":
            body = body.replace(".", self.mark)
        if negative:
            body = self.minus + body
        wrapped = (negative and surroundings != PLAIN) or (compound and surroundings == BASE)
        return f"({body})" if wrapped else body

    def write_all(self, column: Sequence[Shown], surroundings: str = PLAIN) -> list[str]:
        """Many numbers at once; nearly always all of them are plain decimals."""
        texts = [shown.text for shown in column]
        if UNUSUAL.search("".join(texts)):
            return [self.write(shown, surroundings) for shown in column]
        if self.mark != ".":
            texts = [text.replace(".", self.mark) for text in texts]
        if surroundings != PLAIN:
            return [f"({self.minus}{text[1:]})" if text[0] == "-" else text for text in texts]
        return texts if self.minus == "-" else [text.replace("-", self.minus) for text in texts]


UNUSUAL = re.compile("[e/in]")
"""What makes a number more than a decimal: a power of ten, a fraction, no number at all."""


def latex_numbers(mark: str, undefined: str) -> NumberStyle:
    """Numbers inside LaTeX mathematics; a comma in braces gets no space after it."""
    return NumberStyle("{,}" if mark == "," else mark, rf"\text{{{undefined}}}")


_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def text_numbers(mark: str, undefined: str) -> NumberStyle:
    """Numbers in running text, with a real minus sign and raised digits."""
    return NumberStyle(
        mark,
        undefined,
        infinity="∞",
        minus="−",
        rounded="≈",
        power=lambda mantissa, exponent: f"{mantissa}·10{exponent.replace('−', '-').translate(_RAISED)}",
        over=lambda above, below: f"{above}/{below}",
    )


def width_of(text: str, undefined: str) -> int:
    """How wide a number stands on the page, in digits, about.

    >>> width_of("-0.5", "undefined"), width_of("2.1e-5", "undefined"), width_of("nan", "undefined")
    (4, 9, 9)
    """
    if text == "nan":
        return len(undefined)
    return len(text) + 3 * ("e" in text)  # a sign of multiplication and 10 in the place of the e


def decimals_of(text: str) -> int:
    """How many decimals a plain number shows; −1 where it has no decimal mark, or is not plain."""
    point = text.find(".")
    return len(text) - point - 1 if point >= 0 and "e" not in text else -1


STYLES: Mapping[str, Callable[[str, str], NumberStyle]] = {
    "latex": latex_numbers,
    "text": text_numbers,
    "svg": text_numbers,
}
"""How numbers are written, by markup: from the decimal mark, and what is said of a number that is none."""
