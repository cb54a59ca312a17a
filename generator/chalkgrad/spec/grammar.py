"""The grammar of a spec file: which keys there are, what they mean, what they hold.

Reading, the messages and the JSON schema for editors all come from this one table.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from chalkgrad.catalogue import activations, losses, optimizers
from chalkgrad.catalogue.activations import Activation
from chalkgrad.catalogue.languages import language_names
from chalkgrad.catalogue.notations import notation_names
from chalkgrad.errors import FormulaError, Place
from chalkgrad.spec.model import ShowSpec, TrainSpec
from chalkgrad.spec.readers import (
    INVALID,
    ByShape,
    Choice,
    Field,
    ListOf,
    Matrix,
    Number,
    Reader,
    Record,
    Report,
    Text,
)
from chalkgrad.spec.source import Entries, Node, Scalar, described

VIEWS = ("scalar", "matrix")
DETAILS = ("full", "siblings", "summary")
DRAWINGS = ("none", "network", "all")
ROUNDINGS = ("half_up", "half_even", "truncate")
CARRIES = ("full", "shown")
MAX_DIGITS = 15
MAX_STEPS = 50


@dataclass(frozen=True)
class ActivationReader(Reader):
    """A name, a name with settings, or a formula in z."""

    what = "an activation"

    def _word(self) -> Choice:
        return Choice(tuple(activations.BY_NAME), self.what)

    def read(self, node: Node, report: Report) -> Any:
        """The row and its settings."""
        if isinstance(node, Scalar):
            name = self._word().read(node, report)
            return INVALID if name is INVALID else self._with_settings(activations.BY_NAME[name], {}, node, report)
        if not isinstance(node, Entries):
            return report.add(
                node.place, described(node), f"{self.what}, such as sigmoid or {{name: elu, alpha: 1}}"
            )
        keys = {key.text: value for key, value in node.entries}
        if "formula" in keys:
            return self._formula(node, report)
        if "name" not in keys:
            return report.add(node.place, 'no "name"', f'{self.what} with "name" or "formula"')
        name = self._word().read(keys["name"], report)
        if name is INVALID:
            return INVALID
        row = activations.BY_NAME[name]
        fields = {"name": Field(self._word(), "the activation", required=True)}
        fields |= {key: Field(Number(), setting.meaning) for key, setting in row.settings.items()}
        values = Record(fields, f"the activation {name}").read(node, report)
        return INVALID if values is INVALID else self._with_settings(row, values, node, report)

    def _with_settings(self, row: Activation, given: dict[str, Any], node: Node, report: Report) -> Any:
        settings = {}
        for key, setting in row.settings.items():
            value = given.get(key)
            settings[key] = setting.default if value is None else value
            if settings[key] is None:
                return report.add(node.place, f'no "{key}"', f"{row.name} with {key}: {setting.meaning}")
        return row, settings

    def _formula(self, node: Entries, report: Report) -> Any:
        values = Record({"formula": Field(Text(400), "an expression in z", required=True)}, "a formula").read(
            node, report
        )
        if values is INVALID:
            return INVALID
        try:
            return activations.custom(values["formula"]), {}
        except FormulaError as error:
            scalar = next(value for key, value in node.entries if key.text == "formula")
            place = scalar.place
            if place.line is not None and place.column is not None and isinstance(scalar, Scalar):
                place = Place(place.file, place.line, place.column + scalar.quoted + error.offset)
            return report.add(
                place, f"a formula that does not read ({error})", "an expression in z such as z*sigmoid(z)"
            )

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


BIAS = ByShape(
    "a list with one bias a unit, {shared: 0.35} or none",
    scalar=Choice(("none",), "a list with one bias a unit, {shared: 0.35}, or the word"),
    items=ListOf(Number(), what="one bias a unit"),
    entries=Record(
        {"shared": Field(Number(), "one bias for all units of the layer", required=True)}, "a shared bias"
    ),
)

LAYER = Record(
    {
        "units": Field(Number(Fraction(1), whole=True, most=10_000), "how many units", required=True),
        "activation": Field(ActivationReader(), "the activation function", required=True),
        "weights": Field(Matrix(), "a row for each unit, a column for each unit before it", required=True),
        "bias": Field(BIAS, "one a unit, {shared: …} or none", default="none"),
    },
    "a layer",
)

NETWORK = Record(
    {
        "layers": Field(
            ListOf(LAYER, what="a list of layers"),
            "the layers that have weights, first to last",
            required=True,
        ),
        "loss": Field(Choice(tuple(losses.BY_NAME), "a loss"), "the loss of one sample", required=True),
        "reduction": Field(
            Choice(("mean", "sum"), "a reduction"), "how the samples' losses make the cost", default="mean"
        ),
    },
    "a network",
)

DATA = Record(
    {
        "x": Field(
            Matrix("inputs, a row a sample, such as [[0.05, 0.1]]"), "inputs, a row a sample", required=True
        ),
        "y": Field(Matrix("targets, a row a sample, such as [[0, 1]]"), "targets, a row a sample", required=True),
    },
    "data",
)

OPTIMIZER = Record(
    {
        "name": Field(Choice(tuple(optimizers.BY_NAME), "an optimizer"), "the optimizer", required=True),
        "learning_rate": Field(Number(Fraction(0), strict=True), "the learning rate, above 0", required=True),
    },
    "an optimizer",
)


def _train(**values: Any) -> TrainSpec:
    return TrainSpec(
        optimizers.BY_NAME[values["optimizer"]["name"]],
        values["optimizer"]["learning_rate"],
        values["freeze"],
        values["steps"],
        values["update"] == "sequential",
    )


TRAIN = Record(
    {
        "optimizer": Field(OPTIMIZER, "how the parameters move", required=True),
        "freeze": Field(
            ListOf(Text(), least=0, what="a list of parameters, such as [b1, b2]"),
            "what stays as it is",
            default=(),
        ),
        "steps": Field(Number(Fraction(1), whole=True, most=MAX_STEPS), "how many optimisation steps", default=1),
        "update": Field(
            Choice(("simultaneous", "sequential"), "an order of updates"),
            "every gradient from the old parameters, or layer by layer from the last",
            default="simultaneous",
        ),
    },
    "train",
    _train,
)

CODE = Choice(("numpy", "pytorch"), "a library")


def _show(**values: Any) -> ShowSpec:
    code = values.pop("code")
    significant = values.pop("significant")
    if values["decimals"] is None and significant is None:
        significant = ShowSpec.significant
    return ShowSpec(**values, significant=significant, code=(code,) if isinstance(code, str) else code)


def show_record() -> Record:
    """The keys of `show`; notations and languages are looked up when asked, for they are files."""
    digits = Number(Fraction(0), whole=True, most=MAX_DIGITS)
    return Record(
        {
            "notation": Field(
                Choice(notation_names(), "a notation"),
                "how quantities are written",
                default=ShowSpec.notation,
            ),
            "language": Field(
                Choice(language_names(), "a language"), "the language of the page", default=ShowSpec.language
            ),
            "decimals": Field(digits, "digits after the decimal mark"),
            "significant": Field(
                Number(Fraction(1), whole=True, most=MAX_DIGITS), "significant digits (default 6)"
            ),
            "rounding": Field(
                Choice(ROUNDINGS, "a rounding"), "what happens to the digits left out", default="half_up"
            ),
            "carry": Field(
                Choice(CARRIES, "a way to carry digits"),
                "go on with all digits or those shown",
                default="full",
            ),
            "views": Field(
                ListOf(Choice(VIEWS, "a view"), what="a list of views"),
                "unit by unit, in matrices, or both",
                default=("scalar",),
            ),
            "detail": Field(Choice(DETAILS, "a detail"), "how much of the siblings is worked", default="siblings"),
            "drawings": Field(
                Choice(DRAWINGS, "a choice of drawings"),
                "none, the network alone, or the paths to the cost too",
                default=ShowSpec.drawings,
            ),
            "code": Field(
                ByShape("a library or a list of them", scalar=CODE, items=ListOf(CODE)),
                "a listing beside the mathematics",
                default=(),
            ),
        },
        "show",
        _show,
    )


def title_reader() -> ByShape:
    """A text, or one text a language."""
    per_language = {name: Field(Text(), f"the title in {name}") for name in language_names()}
    return ByShape(
        "a title, or one a language",
        scalar=Text(),
        entries=Record(per_language, "titles by language"),
        may_be_empty=True,
    )


def spec_record() -> Record:
    """The whole file."""
    return Record(
        {
            "title": Field(title_reader(), "the title of the page", default=""),
            "network": Field(NETWORK, "the layers and the loss", required=True),
            "data": Field(DATA, "inputs and targets", required=True),
            "train": Field(TRAIN, "how the parameters move; left out, the page ends with the gradients"),
            "show": Field(show_record(), "what the page looks like"),
        },
        "a spec",
    )


def json_schema() -> dict[str, Any]:
    """The JSON schema of a spec, for completion in editors."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "chalkgrad spec",
        **spec_record().schema(),
    }
