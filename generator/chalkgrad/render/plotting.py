"""Plots as text: drawn by the templates of a format, at once or when the numbers are known."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

from chalkgrad.document.plot import Plot, Text, Values, is_fixed
from chalkgrad.evaluation.rounding import Shown
from chalkgrad.markup.slots import PictureSlot, Slots
from chalkgrad.quantities import At
from chalkgrad.render.formats import Format
from chalkgrad.render.plot import plotted
from chalkgrad.render.plot_letters import Letters
from chalkgrad.render.templating import Ready, run


def drawn(plot: Plot, slots: Slots, draw: Callable[[Values], str]) -> Ready:
    """The text of a plot: as it is where no number of the page changes it, else a slot."""
    return Ready(draw(_no_values) if is_fixed(plot) else slots.marker(PictureSlot(draw)))


def _no_values(at: At) -> NoReturn:
    raise LookupError(f"a plot that depends on {at} was taken for one that depends on nothing")


def written(
    plot: Plot,
    values: Values,
    form: Format,
    template: str,
    letters: Letters,
    size: tuple[float, float],
    inline: Callable[[Text], str],
    number: Callable[[str], str],
    **context: object,
) -> str:
    """A plot in a format's markup, at most of a size; `inline` sets words and mathematics, `number` a number."""

    def lettering(text: Text | Shown) -> Ready:
        return Ready(number(text.text) if isinstance(text, Shown) else inline(text))

    picture = plotted(plot, values, letters, *size)
    return run(form, template, block=plot, p=picture, lettering=lettering, **context)
