"""The switches of the conditions that are built in: `conditions: {dead_relu: false, saturation: 6}`.

Wrong methods are let pass unless `misconceptions: true` says otherwise, or names some: `misconceptions: [sign]`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from chalkgrad.catalogue import misconceptions
from chalkgrad.catalogue.conditions import BY_NAME, CONDITIONS, MISCONCEPTIONS, Bound
from chalkgrad.messages import Message
from chalkgrad.spec.readers import INVALID, ByShape, Choice, Field, Flag, ListOf, Number, Reader, Record, Report
from chalkgrad.spec.source import Node, Scalar, described


@dataclass(frozen=True)
class Switches:
    """Which of the built-in conditions hold, and how strictly."""

    off: frozenset[str] = frozenset()
    bounds: Mapping[str, Fraction] = field(default_factory=dict)
    """The bounds that are not as the catalogue has them."""
    misconceptions: frozenset[str] = frozenset()
    """Those whose wrong answers must not be accepted."""

    def is_on(self, name: str) -> bool:
        """Whether a condition holds."""
        return name not in self.off

    def bound(self, name: str) -> Fraction:
        """The number that a condition goes by."""
        row = BY_NAME[name]
        assert row.bound is not None  # noqa: S101 (asked of conditions that have one)
        return self.bounds.get(name, row.bound.default)


@dataclass(frozen=True)
class _Switch(Reader):
    """On or off, or how strictly."""

    bound: Bound | None

    @property
    def _number(self) -> Number:
        is_whole = self.bound is not None and self.bound.whole
        return Number(Fraction(1), whole=True) if is_whole else Number(Fraction(0), strict=True)

    def read(self, node: Node, report: Report) -> Any:
        """A bool, or a `Fraction`."""
        as_flag = Report()
        flag = Flag().read(node, as_flag)
        if flag is not INVALID:
            return flag
        if self.bound is None:
            report.problems += as_flag.problems
            return INVALID
        if not isinstance(node, Scalar):
            expected = Message("true, false or {number}", number=self._number.expected())
            return report.add(node.place, described(node), expected)
        value = self._number.read(node, report)
        return value if value is INVALID else Fraction(value)

    def schema(self) -> dict[str, Any]:
        """A boolean, or a number where there is a bound."""
        if self.bound is None:
            return Flag().schema()
        number = {**self._number.schema(), "description": self.bound.meaning, "default": float(self.bound.default)}
        return {"anyOf": [Flag().schema(), number]}


_NAMES = tuple(misconceptions.BY_NAME)
_NAMED = ByShape(
    Message("true, false or a list of misconceptions"),
    scalar=Flag(),
    items=ListOf(Choice(_NAMES, Message("a misconception")), Message("a list of misconceptions")),
)


class MisconceptionsReader(Reader):
    """All misconceptions, none, or those that are named."""

    def read(self, node: Node, report: Report) -> Any:
        """A frozenset of names."""
        found = _NAMED.read(node, report)
        if found is INVALID:
            return found
        return frozenset(found if isinstance(found, tuple) else _NAMES * found)

    def schema(self) -> dict[str, Any]:
        """A boolean, or a list of words."""
        return _NAMED.schema()


def _switches(misconceptions: frozenset[str], **values: bool | Fraction) -> Switches:
    off = frozenset(name for name, value in values.items() if value is False)
    bounds = {name: value for name, value in values.items() if isinstance(value, Fraction)}
    return Switches(off, bounds, misconceptions)


SWITCHES = Record(
    {row.name: Field(_Switch(row.bound), row.broken, default=True) for row in CONDITIONS}
    | {
        MISCONCEPTIONS: Field(
            MisconceptionsReader(),
            Message("a wrong method leads to a number that is accepted"),
            default=frozenset(),
        )
    },
    Message("a condition"),
    _switches,
)
"""A mapping from conditions to `true`, `false` or, where there is one, a bound."""
