"""Notations: how a school writes a quantity.  A notation is one TOML file in `catalogue/notations/`.

A symbol is a base with indices below and above, filled in from the layer, the indices and the sample; the
printers of `markup/` turn it into LaTeX (and other markup).  What a file may say is told in its comments;
`theta.toml` has all of them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from chalkgrad.errors import ResourceError, advised, did_you_mean
from chalkgrad.messages import Message
from chalkgrad.resources import catalogue


@dataclass(frozen=True)
class Pattern:
    """A symbol with places to fill in: `{l}` the layer, `{j}` and `{k}` the indices, `{n}` the sample,
    `{u}` and `{v}` the names of the units that j and k stand for, `{c}` a running count."""

    base: str
    """A letter, a Greek letter spelled out, or a word."""
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
    layer_offset: int = 0
    """What is added to a layer's number: 1 where the inputs are called layer 1."""
    sample: str = ""
    """Where a sample's number stands: `before` the lower indices, or `above`."""
    units: Mapping[str, str] = field(default_factory=dict)
    """Names of units, for schools that name them (h1, o2): `input`, `hidden`, `deep` (in one of several hidden
    layers), `output`."""
    updated: str = "prime"
    """How a parameter after the update is marked: `prime` or a sign that stands above (`+`)."""
    indices: Mapping[str, str] = field(default_factory=dict)
    """The letters of general statements: `j`, `k`, `i` for units, `l` for a layer, `n` for a sample."""
    times: str = "·"
    """The sign between factors."""


def notation_names() -> tuple[str, ...]:
    """All notations there are, sorted."""
    return tuple(sorted(path.stem for path in catalogue("notations").glob("*.toml")))


@cache
def load_notation(name: str) -> Notation:
    """Read a notation by its name."""
    if name not in notation_names():
        unknown = Message('no notation is called "{name}"', name=name)
        raise ResourceError(advised(unknown, did_you_mean(name, notation_names())))
    return _notation(name, tomllib.loads((catalogue("notations") / f"{name}.toml").read_text("utf-8")))


def _notation(name: str, table: Mapping[str, Any]) -> Notation:
    symbols = {}
    for prefix, section in (("", "symbols"), ("matrix.", "matrices"), ("general.", "general")):
        for role, pattern in table.get(section, {}).items():
            symbols[prefix + role] = Pattern(
                pattern["base"], tuple(pattern.get("sub", ())), tuple(pattern.get("sup", ()))
            )
    return Notation(
        name,
        Message(table["summary"]),
        symbols,
        columns=table["samples"] == "columns",
        layer_offset=table.get("layer_offset", 0),
        sample=table["sample"],
        units=table.get("units", {}),
        updated=table.get("updated", "prime"),
        indices={"j": "j", "k": "k", "i": "i", "l": "l", "n": "n", **table.get("indices", {})},
        times=table.get("times", "·"),
    )
