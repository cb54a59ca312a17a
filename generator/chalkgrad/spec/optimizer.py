"""How a spec names an optimizer, a schedule of its rate and a bound of its gradients: a name, and the numbers that
what is named needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from chalkgrad.catalogue import optimizers, schedules
from chalkgrad.catalogue.optimizers import DECAY, Coefficient, Optimizer
from chalkgrad.catalogue.schedules import RateSchedule
from chalkgrad.messages import Message
from chalkgrad.spec.readers import INVALID, Choice, Field, Number, Reader, Record, Report, missing
from chalkgrad.spec.source import Entries, Node, described


@dataclass(frozen=True)
class NamedRow(Reader):
    """A mapping whose keys depend on the name in it."""

    what = Message("")
    meaning = Message("")
    """Of the name."""
    example = Message("")

    @property
    def rows(self) -> Mapping[str, Any]:
        """What can be named."""
        raise NotImplementedError

    def named(self, name: str) -> Message:
        """In words, what has this name."""
        raise NotImplementedError

    def fields(self, row: Any) -> dict[str, Field]:
        """The keys of a row, beside the name."""
        raise NotImplementedError

    def built(self, row: Any, values: Mapping[str, Any]) -> Any:
        """What a spec has said."""
        raise NotImplementedError

    def _fields(self, row: Any) -> dict[str, Field]:
        return {"name": Field(self._word(), self.meaning, required=True), **self.fields(row)}

    def _word(self) -> Choice:
        return Choice(tuple(self.rows), self.what)

    def read(self, node: Node, report: Report) -> Any:
        """What was named, with its numbers."""
        if not isinstance(node, Entries):
            return report.add(node.place, described(node), self.example)
        name = next((value for key, value in node.entries if key.text == "name"), None)
        if name is None:
            return report.add(node.place, *missing(self.what, "name", self.meaning))
        word = self._word().read(name, report)
        if word is INVALID:
            return INVALID
        row = self.rows[word]
        values = Record(self._fields(row), self.named(word)).read(node, report)
        return INVALID if values is INVALID else self.built(row, values)

    def schema(self) -> dict[str, Any]:
        """One shape a row."""
        shapes = {name: Record(self._fields(row), self.what).schema() for name, row in self.rows.items()}
        for name, shape in shapes.items():
            shape["properties"]["name"] = {**shape["properties"]["name"], "enum": [name]}
        return {"anyOf": list(shapes.values())}


class OptimizerReader(NamedRow):
    """The row, the learning rate, and the coefficients."""

    what = Message("an optimizer")
    meaning = Message("the optimizer")
    example = Message("an optimizer, such as {name: sgd, learning_rate: 0.5}")

    @property
    def rows(self) -> Mapping[str, Optimizer]:
        """The optimizers."""
        return optimizers.BY_NAME

    def named(self, name: str) -> Message:
        """The optimizer sgd."""
        return Message("the optimizer {name}", name=name)

    def fields(self, row: Optimizer) -> dict[str, Field]:
        """The rate, and the optimizer's own coefficients; weight decay stands beside it, whichever it is."""
        rate = Number(Fraction(0), strict=True)
        own = {key: c for key, c in row.coefficients.items() if key != DECAY}
        return {
            "learning_rate": Field(rate, Message("the learning rate, above 0"), required=True),
            **{key: Field(number_of(c), c.meaning, default=c.default) for key, c in own.items()},
        }

    def built(self, row: Optimizer, values: Mapping[str, Any]) -> tuple[Optimizer, Fraction, dict[str, Fraction]]:
        """The row, the rate, and a number for each coefficient."""
        numbers = {key: values.get(key, c.default) for key, c in row.coefficients.items()}
        return row, values["learning_rate"], numbers


class ScheduleReader(NamedRow):
    """The row, and its coefficients."""

    what = Message("a schedule")
    meaning = Message("the schedule")
    example = Message("a schedule, such as {name: exponential, ratio: 0.5}")

    @property
    def rows(self) -> Mapping[str, RateSchedule]:
        """The schedules."""
        return schedules.BY_NAME

    def named(self, name: str) -> Message:
        """The schedule cosine."""
        return Message("the schedule {name}", name=name)

    def fields(self, row: RateSchedule) -> dict[str, Field]:
        """The coefficients; what has no customary value must be said."""
        return {c.key: Field(number_of(c), c.meaning, required=True) for c in row.coefficients.values()}

    def built(self, row: RateSchedule, values: Mapping[str, Any]) -> tuple[RateSchedule, dict[str, Fraction]]:
        """The row, and a number for each coefficient by its letter."""
        return row, {letter: Fraction(values[c.key]) for letter, c in row.coefficients.items()}


@dataclass(frozen=True)
class ClipReader(Reader):
    """One bound: of each derivative by itself, or of the length of the whole gradient."""

    def _record(self) -> Record:
        bound = Number(Fraction(0), strict=True)
        return Record(
            {
                "value": Field(bound, Message("the bound of each derivative")),
                "norm": Field(bound, Message("the bound of the length of the whole gradient")),
            },
            Message("a bound of gradients"),
        )

    def read(self, node: Node, report: Report) -> Any:
        """`("value", 1)` or `("norm", 1)`."""
        expected = Message("a bound, {value: 1} or {norm: 1}")
        if not isinstance(node, Entries):
            return report.add(node.place, described(node), expected)
        values = self._record().read(node, report)
        if values is INVALID:
            return INVALID
        given = [(kind, bound) for kind, bound in values.items() if bound is not None]
        if len(given) != 1:
            found = Message("both value and norm") if given else Message("neither value nor norm")
            return report.add(node.place, found, expected)
        return given[0]

    def schema(self) -> dict[str, Any]:
        """Exactly one key."""
        return {**self._record().schema(), "minProperties": 1, "maxProperties": 1}


def number_of(coefficient: Coefficient) -> Number:
    """What a coefficient may be."""
    if coefficient.whole:
        return Number(Fraction(1), whole=True)
    return Number(Fraction(0), strict=coefficient.positive, below=coefficient.below)
