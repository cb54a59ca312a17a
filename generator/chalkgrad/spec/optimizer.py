"""How a spec names an optimizer: a name, a learning rate, and the coefficients that this optimizer has."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from chalkgrad.catalogue import optimizers
from chalkgrad.catalogue.optimizers import Coefficient, Optimizer
from chalkgrad.messages import Message
from chalkgrad.spec.readers import INVALID, Choice, Field, Number, Reader, Record, Report, missing
from chalkgrad.spec.source import Entries, Node, described


@dataclass(frozen=True)
class OptimizerReader(Reader):
    """A mapping whose keys depend on the name in it."""

    what = Message("an optimizer")

    def _word(self) -> Choice:
        return Choice(tuple(optimizers.BY_NAME), self.what)

    def _fields(self, row: Optimizer) -> dict[str, Field]:
        rate = Number(Fraction(0), strict=True)
        return {
            "name": Field(self._word(), Message("the optimizer"), required=True),
            "learning_rate": Field(rate, Message("the learning rate, above 0"), required=True),
            **{key: Field(_number(c), c.meaning, default=c.default) for key, c in row.coefficients.items()},
        }

    def read(self, node: Node, report: Report) -> Any:
        """The row, the learning rate, and the coefficients."""
        if not isinstance(node, Entries):
            expected = Message("an optimizer, such as {name: sgd, learning_rate: 0.5}")
            return report.add(node.place, described(node), expected)
        name = next((value for key, value in node.entries if key.text == "name"), None)
        if name is None:
            return report.add(node.place, *missing(self.what, "name", Message("the optimizer")))
        word = self._word().read(name, report)
        if word is INVALID:
            return INVALID
        row = optimizers.BY_NAME[word]
        values = Record(self._fields(row), Message("the optimizer {name}", name=word)).read(node, report)
        if values is INVALID:
            return INVALID
        return row, values["learning_rate"], {key: values[key] for key in row.coefficients}

    def schema(self) -> dict[str, Any]:
        """One shape an optimizer."""
        shapes = [Record(self._fields(row), self.what).schema() for row in optimizers.OPTIMIZERS]
        for row, shape in zip(optimizers.OPTIMIZERS, shapes, strict=True):
            shape["properties"]["name"] = {**shape["properties"]["name"], "enum": [row.name]}
        return {"anyOf": shapes}


def _number(coefficient: Coefficient) -> Number:
    """What a coefficient may be."""
    return Number(Fraction(0), strict=coefficient.positive, below=coefficient.below)
