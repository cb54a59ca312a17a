"""From what is in a picture to circles, lines and texts with coordinates."""

from __future__ import annotations

from chalkgrad.document.drawn import DrawnGraph
from chalkgrad.document.model import Drawing
from chalkgrad.markup.measure import Measure
from chalkgrad.render.graph_layout import graph_picture
from chalkgrad.render.network_layout import layers_picture
from chalkgrad.render.picture import Picture


def picture_of(drawing: Drawing, measure: Measure, width: float) -> Picture:
    """A drawing with coordinates, at most `width` points wide."""
    if isinstance(drawing.content, DrawnGraph):
        return graph_picture(drawing.content, measure, width)
    return layers_picture(drawing.content, measure, width)
