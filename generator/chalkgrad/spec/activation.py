"""How a spec names an activation: a word, a word with settings, or a formula of one's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chalkgrad.catalogue import activations
from chalkgrad.catalogue.activations import Activation
from chalkgrad.errors import FormulaError, Place
from chalkgrad.messages import Message
from chalkgrad.spec.readers import INVALID, Choice, Field, Number, Reader, Record, Report, Text, missing
from chalkgrad.spec.source import Entries, Node, Scalar, described


@dataclass(frozen=True)
class ActivationReader(Reader):
    """A name, a name with settings, or a formula in z."""

    what = Message("an activation")

    def _word(self) -> Choice:
        return Choice(tuple(activations.BY_NAME), self.what)

    def read(self, node: Node, report: Report) -> Any:
        """The row and its settings."""
        if isinstance(node, Scalar):
            name = self._word().read(node, report)
            return INVALID if name is INVALID else self._with_settings(activations.BY_NAME[name], {}, node, report)
        if not isinstance(node, Entries):
            expected = Message("an activation, such as sigmoid or {name: elu, alpha: 1}")
            return report.add(node.place, described(node), expected)
        keys = {key.text: value for key, value in node.entries}
        if "formula" in keys:
            return self._formula(node, report)
        if "name" not in keys:
            found = Message('no "{key}"', key="name")
            return report.add(node.place, found, Message('an activation with "name" or "formula"'))
        name = self._word().read(keys["name"], report)
        if name is INVALID:
            return INVALID
        row = activations.BY_NAME[name]
        fields = {"name": Field(self._word(), Message("the activation"), required=True)}
        fields |= {key: Field(Number(), setting.meaning) for key, setting in row.settings.items()}
        values = Record(fields, Message("the activation {name}", name=name)).read(node, report)
        return INVALID if values is INVALID else self._with_settings(row, values, node, report)

    def _with_settings(self, row: Activation, given: dict[str, Any], node: Node, report: Report) -> Any:
        settings = {}
        for key, setting in row.settings.items():
            value = given.get(key)
            settings[key] = setting.default if value is None else value
            if settings[key] is None:
                activation = Message("the activation {name}", name=row.name)
                return report.add(node.place, *missing(activation, key, setting.meaning))
        return row, settings

    def _formula(self, node: Entries, report: Report) -> Any:
        fields = {"formula": Field(Text(400), Message("an expression in z"), required=True)}
        values = Record(fields, Message("a formula")).read(node, report)
        if values is INVALID:
            return INVALID
        try:
            return activations.custom(values["formula"]), {}
        except FormulaError as error:
            scalar = next(value for key, value in node.entries if key.text == "formula")
            place = scalar.place
            if place.line is not None and place.column is not None and isinstance(scalar, Scalar):
                place = Place(place.file, place.line, place.column + scalar.quoted + error.offset)
            found = Message("a formula that does not read ({reason})", reason=error.message)
            return report.add(place, found, Message("an expression in z such as z*sigmoid(z)"))

    def schema(self) -> dict[str, Any]:
        """A word or a mapping."""
        settings = {key: Number().schema() for row in activations.ACTIVATIONS for key in row.settings}
        return {
            "anyOf": [
                self._word().schema(),
                {
                    "type": "object",
                    "properties": {"name": self._word().schema(), **settings},
                    "required": ["name"],
                    "additionalProperties": False,
                },
                {
                    "type": "object",
                    "properties": {"formula": {"type": "string"}},
                    "required": ["formula"],
                    "additionalProperties": False,
                },
            ]
        }
