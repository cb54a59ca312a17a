"""What every kind of lesson tells the judge: its key, its other keys, and its own judgement."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from chalkgrad.spec.draws import Path
from chalkgrad.spec.model import Lesson, ShowSpec, TrainSpec
from chalkgrad.spec.readers import Field, Report
from chalkgrad.spec.source import Node


class Judged(NamedTuple):
    """What a spec is about, and how its parameters move."""

    lesson: Lesson
    train: TrainSpec | None = None


Judge: TypeAlias = Callable[[Mapping[str, Any], ShowSpec, Node, Report], Judged]
"""From the values that were read, what the reader wants to see, the whole tree (for places) and the report of
problems to the lesson; what it returns counts only where nothing was reported."""


def nothing_seen(_root: Node, _report: Report) -> None:
    """For kinds whose parts do not depend on each other."""


def nothing_shaped(_root: Node) -> Mapping[Path, tuple[int, ...]]:
    """For kinds whose lists are written out."""
    return {}


@dataclass(frozen=True)
class Kind:
    """A kind of lesson."""

    key: str
    """The key of a spec that tells the kind: `network`."""
    fields: Mapping[str, Field]
    """The keys of such a spec, but for those that every spec has; that of the kind is among them."""
    views: tuple[str, ...]
    """The views that it can be shown in; the first is the one that is shown unless others are asked for."""
    judge: Judge
    has_surface: bool = False
    """Whether the cost over two of its parameters can be shown."""
    has_listing: bool = False
    """Whether a program can be written for it."""
    glimpse: Callable[[Node, Report], None] = nothing_seen
    """Reports what can be seen to clash even where another part of the spec did not read."""
    shapes: Callable[[Node], Mapping[Path, tuple[int, ...]]] = nothing_shaped
    """The sizes of lists and matrices for which one draw may stand: it is made for each of their numbers."""
