"""What a spec says, once it has been read and judged: frozen data, exact numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias

from chalkgrad.catalogue.notations import Notation, load_notation
from chalkgrad.catalogue.optimizers import Optimizer


def plain(text: str) -> str:
    """A stranger's text on one line, without control, private-use and direction characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


Rows: TypeAlias = tuple[tuple[Fraction, ...], ...]


@dataclass(frozen=True)
class TrainSpec:
    """How the parameters move."""

    optimizer: Optimizer
    learning_rate: Fraction
    coefficients: Mapping[str, Fraction] = field(default_factory=dict)
    """The optimizer's other numbers, such as `beta`."""
    freeze: tuple[str, ...] = ()
    """Parameters that stay as they are: `b1`, `W2`."""
    steps: int = 1
    """How many updates, all epochs together."""
    epochs: int = 0
    """How often training goes through all samples; 0 where its updates are counted instead."""
    batches: tuple[tuple[int, ...], ...] = ()
    """The samples of each update of an epoch, counted from 1; none where every update uses all of them."""
    sequential: bool = False
    """Whether hidden deltas use the output weights already updated."""


@dataclass(frozen=True)
class SurfaceSpec:
    """The cost over two parameters, as lines of equal cost."""

    of: tuple[str, ...]
    """The ids of the two parameters, the one from left to right first."""
    low: tuple[Fraction, ...] | None = None
    high: tuple[Fraction, ...] | None = None
    """Where their axes begin and end; None for around the path of the training."""


@dataclass(frozen=True)
class ShowSpec:
    """What the reader wants to see."""

    notation: str = "theta"
    """The notation's name, or the path of a file of one's own."""
    school: Notation = field(default_factory=lambda: load_notation("theta"))
    """That notation, with the letters asked for."""
    symbols: Mapping[str, str] = field(default_factory=dict)
    """Letters of one's own, by role."""
    derivatives: str | None = None
    """`d` (dz) or `partial` (∂J/∂z) where it is not to be as the notation has it."""
    language: str = "en"
    decimals: int | None = None
    significant: int | None = 6
    """Exactly one of decimals and significant is set."""
    rounding: str = "half_up"
    carry: str = "full"
    views: tuple[str, ...] = ("scalar",)
    detail: str = "siblings"
    code: tuple[str, ...] = ()
    drawings: str = "all"
    """`none`, `network` (at the top of the page), or `all`: paths to the cost too."""
    fade: str = "none"
    """Which steps a worksheet leaves blank: the later ones (`backward`) or the earlier ones (`forward`)."""
    key: str = "end"
    """Where a worksheet has its answers."""
    check: str | None = None
    """What is checked at the end: the gradients, by central `differences`; the `forward` pass with the new
    parameters; or nothing (`none`).  Left open: the differences; in the solutions of an exam nothing."""
    surface: SurfaceSpec | None = None


@dataclass(frozen=True)
class Lesson:
    """What a spec is about; each kind is a class of its own, in `spec/lessons/`."""


@dataclass(frozen=True)
class Spec:
    """A whole spec."""

    name: str
    """The spec's file name without its ending; names the folder and files of its pages."""
    titles: Mapping[str, str]
    """By language; the empty key holds a title meant for all."""
    lesson: Lesson
    train: TrainSpec | None = None
    show: ShowSpec = field(default_factory=ShowSpec)
    notes: Mapping[str, str] = field(default_factory=dict)
    """What the author says under the title: by language, like the titles."""

    def title(self, language: str) -> str:
        """The title in a language, else in English, else whichever there is, else the spec's name."""
        return (
            in_language(language, self.titles) or plain(self.name.replace("_", " ").replace("-", " ")) or "network"
        )

    def note(self, language: str) -> str:
        """The author's note in a language, else in English, else whichever there is; empty where there is none."""
        return in_language(language, self.notes)


def in_language(language: str, texts: Mapping[str, str]) -> str:
    """A text in a language, else the one meant for all, else in English, else whichever there is; perhaps none."""
    return next((texts[key] for key in (language, "", "en", *texts) if key in texts), "")
