"""An exercise: its draws, and the shapes it may take.

A draw whose numbers stand in the network as they were drawn is filled in, thousands of papers at a time.  Every
other draw (of an activation, of a loss, of the weight that is asked for) makes a shape of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chalkgrad.exam.structure import Structure, marked, structure
from chalkgrad.example import Example
from chalkgrad.lessons import WAYS
from chalkgrad.network.model import Network
from chalkgrad.spec.exam import ExerciseSpec, Task


class Exercise:
    """An exercise of an exam, ready to be drawn."""

    def __init__(self, spec: ExerciseSpec, templates: Path | None, pdf_engine: str) -> None:
        self.spec = spec
        self.templates = templates
        self.pdf_engine = pdf_engine
        self._structures: dict[tuple[int, ...], Structure] = {}

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """How many alternatives each draw has."""
        return tuple(draw.size for draw in self.spec.draws)

    @cached_property
    def structural(self) -> tuple[int, ...]:
        """The draws that give an exercise another shape, counted from 0."""
        first = self._network([0] * len(self.sizes))
        last = self._network([size - 1 for size in self.sizes])
        places, others = marked(first), marked(last)
        return tuple(
            number
            for number, draw in enumerate(self.spec.draws)
            if (rows := draw.numbers()) is None
            or any((number, leaf) not in places for leaf in range(len(rows[0])))
            or any(places[number, leaf] != others.get((number, leaf)) for leaf in range(len(rows[0])))
        )

    def _network(self, picks: Sequence[int]) -> Network:
        spec, _ = self.spec.read(picks)
        return WAYS[type(spec.lesson)].build(spec)

    def structure(self, picks: Sequence[int]) -> Structure:
        """The shape that a paper with these draws has."""
        key = tuple(int(picks[i]) for i in self.structural)
        found = self._structures.get(key)
        if found is None:
            found = self._structures[key] = self._shaped(key)
        return found

    def _shaped(self, key: Sequence[int]) -> Structure:
        return structure(*self.example(key), self.spec.draws)

    def example(self, key: Sequence[int]) -> tuple[Example, Task]:
        """The example of the shape that its structural draws give, and what is asked of it."""
        spec, task = self.spec.read(self._middle(key))
        return Example(spec, self.templates, self.pdf_engine), task

    def _middle(self, key: Sequence[int]) -> list[int]:
        # numbers from the middle of their grids: an example of ordinary size stands for all of them
        picks = [size // 2 for size in self.sizes]
        for number, pick in zip(self.structural, key, strict=True):
            picks[number] = pick
        return picks

    def network(self, key: Sequence[int]) -> Network:
        """The network of the shape that its structural draws give."""
        return self._network(self._middle(key))

    def shapes(self, picks: NDArray[Any]) -> list[tuple[Structure, NDArray[Any]]]:
        """The shapes of some papers, each with the places of its papers among the rows of `picks`."""
        if not self.structural:
            return [(self.structure(picks[0]), np.arange(len(picks)))] if len(picks) else []
        keys, which = np.unique(picks[:, list(self.structural)], axis=0, return_inverse=True)
        which = which.reshape(-1)
        places = [np.flatnonzero(which == i) for i in range(len(keys))]
        return [(self.structure(picks[rows[0]]), rows) for rows in places]
