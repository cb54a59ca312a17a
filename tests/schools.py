"""What a reader knows of eight schools' ways of writing, so as to read their pages: written down from the books
and lectures themselves, not from chalkgrad's own files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

LOWER = {"X": "x", "Y": "y", "Z": "z", "A": "a"}


@dataclass(frozen=True)
class School:
    """How the entries of a matrix are called one by one, and which letters mean what."""

    name: str
    values: Mapping[str, str]
    """Matrices of which each sample has its own share, by the letter of their entries."""
    weights: Mapping[str, str]
    rate: str = "eta"
    weighted: str = "z"
    activations: tuple[str, ...] = ("a",)
    """The letters of activations; in general statements too."""
    biases: str = "b"
    first: int = 1
    """The index of the first unit."""
    from_to: bool = False
    """Whether a weight's first index is the unit it comes from."""
    comma: bool = False
    """Whether a comma stands between a weight's indices."""
    layer: str = "l"
    sample: str = "n"
    place: str = "above"
    """Where a sample's number stands."""
    second: str = "v"
    """The letter of what momentum remembers, and of Adam's mean of squares."""
    costs: Mapping[str, str] = field(default_factory=dict)
    """The letter of one sample's cost, where it is not that of the batch's."""


def _bold(letters: str) -> dict[str, str]:
    return {f"bold:{letter}": letter for letter in letters.split()}


SCHOOLS = {
    school.name: school
    for school in (
        School("theta", {**LOWER, "Delta": "delta"}, {"Theta": "theta"}, place="before"),
        School(
            "mazur", {b: b for b in ("i", "target", "net", "out", "delta")}, {}, weighted="net",
            activations=("out",), biases="bold:b",
        ),
        School("nielsen", {b: b for b in ("y", "z", "a", "delta")}, {"w": "w"}),
        School(
            "ufv", _bold("x y v yhat"), {"bold:W": "w"}, weighted="v", activations=("y", "yhat"), biases="bold:b",
            first=0, from_to=True, comma=True, second="r",
        ),
        School(
            "inatel", _bold("x d u y delta"), {"bold:W": "w"}, "alpha", "u", ("y",), "bold:b", comma=True,
            layer="m",
        ),
        School(
            "neuron", {"X": "x", **_bold("y z h yhat")}, {"W": "w"}, "lambda", activations=("h", "yhat"),
            biases="bold:b", costs={"J": "L"}, place="before",
        ),
        School(
            "rumelhart", {"Y": "y", "D": "d", "X": "x"}, {"W": "w"}, "epsilon", "x", ("y",), "bold:b", sample="c",
            place="after",
        ),
        School("ng", LOWER, {"W": "w"}, "alpha", sample="i", place="last", costs={"J": "L"}),
    )
}  # fmt: skip


def school_of(text: str) -> School:
    """The school of a page, told by letters that no other has."""
    marks = {
        "mazur": r"\\mathit\{net\}",
        "theta": r"\\theta",
        "ng": r"\^\{\[",
        "ufv": r"(?<![a-z\\{])w\^\{0|\\mathbf\{W\}\^\{0",
        "inatel": r"(?<![a-z\\{])u ?[_^]|\\mathbf\{u\}",
        "rumelhart": r"(?<![A-Za-z])E ?[ _^}=]",
        "neuron": r"\\hat\{(\\mathbf\{)?y",
    }
    return SCHOOLS[next((name for name, mark in marks.items() if re.search(mark, text)), "nielsen")]
