"""Notations: how a school writes a quantity.  A notation is one TOML file in `catalogue/notations/`.

A symbol is a base with indices below and above, filled in from the layer, the indices and the sample; the
printers of `markup/` turn it into LaTeX (and other markup).  `theta.toml` explains every key that a file may have.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from chalkgrad.catalogue import letters
from chalkgrad.errors import ResourceError, advised, did_you_mean
from chalkgrad.messages import Message
from chalkgrad.resources import catalogue

OPTIMIZERS_OWN = (
    *("beta", "rho", "epsilon", "lambda", "t", "g", "m", "v", "s"),
    *("c", "Q", "N", "R", "kappa", "q", "p", "T", "r"),
)
"""An optimizer's coefficients, the number of its step, what it remembers, what clipping and schedules make and
use; written as they are called here."""
ROLES = (
    *("input", "target", "weight", "bias", "shared_bias", "weighted_sum", "activation", "output", "delta"),
    *("cost", "loss", "total_cost", "rate", "alpha"),
    *OPTIMIZERS_OWN,
)
"""What a notation has symbols for."""
MATRICES = ("input", "target", "weight", "bias", "weighted_sum", "activation", "output", "delta", "slopes")
"""What it has symbols for in the matrix view."""
MATRIX = "matrix."
"""What stands before their names there."""
OPTIONAL = {
    *("shared_bias", "output", "delta", "loss", "total_cost", "alpha", *OPTIMIZERS_OWN),
    *(MATRIX + name for name in ("output", "delta", "slopes")),
}
"""Symbols that a notation may do without."""
PLACES = "ljkuvcLJ"
"""The letters that stand for something in a pattern's braces."""
SECTIONS = {"symbols": ("", ROLES), "matrices": (MATRIX, MATRICES), "general": ("general.", ROLES)}
"""The tables of patterns in a file: the prefix of their names, and the names."""
WORDS = ("delta", "error", "sensitivity", "derivative")
"""What a school calls the derivative of the cost by a weighted sum; the last has no name of its own for it."""


@dataclass(frozen=True)
class Pattern:
    """A symbol with places to fill in: `{l}` the layer, `{j}` and `{k}` the indices, `{u}` and `{v}` the names of
    the units that j and k stand for, `{c}` a running count, `{L}` and `{J}` the layer and the index j where the
    network has more than a single unit."""

    base: str
    """A letter, in the spelling of `letters`."""
    sub: tuple[str, ...] = ()
    sup: tuple[str, ...] = ()


@dataclass(frozen=True)
class Notation:
    """One school's way of writing."""

    name: str
    summary: Message
    symbols: Mapping[str, Pattern]
    """By role (`weight`, `delta`, …), `matrix.weight` for matrices, `general.weight` for rules in letters."""
    columns: bool
    """Whether a sample is a column; else it is a row."""
    to_from: bool = True
    """Whether a weight matrix has a row for each unit it leads to; else for each it comes from."""
    layer_offset: int = 0
    """What is added to a layer's number: 1 where the inputs are called layer 1."""
    index_base: int = 1
    """The first unit's index."""
    sample: str = ""
    """Where a sample's number stands: `before` or `after` the lower indices, `above` or `last` of those above."""
    units: Mapping[str, str] = field(default_factory=dict)
    """Names of units, for schools that name them (h1, o2): `input`, `hidden`, `deep` (in one of several hidden
    layers), `output`."""
    updated: str = "prime"
    """How a parameter after the update is marked: `prime` or a sign that stands above (`+`)."""
    indices: Mapping[str, str] = field(default_factory=dict)
    """The letters of general statements: `j`, `k`, `i` for units, `l` for a layer, `n` for a sample."""
    times: str = "·"
    """The sign between factors."""
    words: str = "delta"
    """What the derivative of the cost by a weighted sum is called."""
    diagonal: bool = False
    """Whether slopes stand on the diagonal of a matrix; else they multiply entry by entry."""
    derivative: str = ""
    """A letter before a symbol that makes it the derivative of the cost by it: `d` for dz; else ∂J/∂z is
    written."""
    wires: str = ""
    """The same for the quantities of a circuit: `d` for da, the derivative of its output by a."""
    target_first: bool = False
    """Whether a squared error's derivative is written −(y − a) and not a − y."""

    @property
    def has_delta(self) -> bool:
        """Whether there is a letter for the derivative of the cost by a weighted sum."""
        return "delta" in self.symbols

    @property
    def slopes_letter(self) -> str:
        """The letter of the matrix with slopes on its diagonal."""
        return self.symbols.get(MATRIX + "slopes", Pattern("F")).base

    def deriving(self, style: str | None) -> Notation:
        """The same with derivatives written as dz (`d`), as ∂J/∂z (`partial`), or (None) as they are."""
        if style is None:
            return self
        letter = "d" if style == "d" else ""
        return replace(self, derivative=letter, wires=letter)

    def with_letters(self, own: Mapping[str, str]) -> Notation:
        """The same with other letters, by role: `{"rate": "lambda"}`.

        A capital in the place of a small letter makes a matrix of what the school has as a vector: it is set as
        the school sets its weight matrix, bold or not.
        """
        changed = dict(self.symbols)
        bold_matrices = letters.taken_apart(changed["matrix.weight"].base)[0] == "bold"
        for role, base in own.items():
            for name in {role, f"general.{role}"} & changed.keys():
                style, before = letters.taken_apart(changed[name].base)
                grown = name.startswith("matrix.") and base[:1].isupper() and not before[:1].isupper()
                is_bold = bold_matrices if grown else style == "bold"
                changed[name] = replace(changed[name], base=letters.bold(base) if is_bold else base)
        return replace(self, symbols=changed)


def notation_names() -> tuple[str, ...]:
    """All notations there are, sorted."""
    return tuple(sorted(path.stem for path in catalogue("notations").glob("*.toml")))


@cache
def load_notation(name: str) -> Notation:
    """Read a notation by its name."""
    return made(name, table_of(name))


@cache
def table_of(name: str) -> Mapping[str, Any]:
    """What the file of a notation says."""
    if name not in notation_names():
        unknown = Message('no notation is called "{name}"', name=name)
        raise ResourceError(advised(unknown, did_you_mean(name, notation_names())))
    return tomllib.loads((catalogue("notations") / f"{name}.toml").read_text("utf-8"))


def extended(table: Mapping[str, Any]) -> dict[str, Any]:
    """A file's table on top of the one it extends: row by row, a row of False taken away."""
    if "extends" not in table:
        return dict(table)
    out = extended(table_of(table["extends"]))
    for key, value in table.items():
        out[key] = {**out.get(key, {}), **value} if isinstance(value, Mapping) else value
    for section in SECTIONS:
        out[section] = {role: row for role, row in out.get(section, {}).items() if row is not False}
    return out


def made(name: str, table: Mapping[str, Any]) -> Notation:
    """A notation from what its file says."""
    table = extended(table)
    symbols = {}
    for section, (prefix, _) in SECTIONS.items():
        for role, row in table.get(section, {}).items():
            base = letters.letter(row["base"])
            base = letters.bold(base) if row.get("bold") else base
            symbols[prefix + role] = Pattern(base, tuple(row.get("sub", ())), tuple(row.get("sup", ())))
    return Notation(
        name,
        Message(table["summary"]),
        symbols,
        columns=table["samples"] == "columns",
        to_from=table.get("weights", "to_from") == "to_from",
        layer_offset=table.get("layer_offset", 0),
        index_base=table.get("index_base", 1),
        sample=table["sample"],
        units=table.get("units", {}),
        updated=table.get("updated", "prime"),
        indices={"j": "j", "k": "k", "i": "i", "l": "l", "n": "n", **table.get("indices", {})},
        times=table.get("times", "·"),
        words=table.get("words", "delta"),
        diagonal=table.get("recursion", "entrywise") == "diagonal",
        derivative=table.get("derivative", ""),
        wires=table.get("wires", table.get("derivative", "")),
        target_first=table.get("difference", "output_first") == "target_first",
    )
