"""The markups there are, by the name a format calls them by."""

from __future__ import annotations

from collections.abc import Mapping

from chalkgrad.markup.base import Printer
from chalkgrad.markup.latex import LatexPrinter
from chalkgrad.markup.mathml import MathmlPrinter
from chalkgrad.markup.svg import SvgPrinter
from chalkgrad.markup.typst import TypstPrinter

PRINTERS: Mapping[str, type[Printer]] = {
    "latex": LatexPrinter,
    "mathml": MathmlPrinter,
    "svg": SvgPrinter,
    "typst": TypstPrinter,
}
