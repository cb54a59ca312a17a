"""The grammar of a spec file: which keys there are, what they mean, what they hold.

Reading, the messages and the JSON schema for editors all come from this one table.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from chalkgrad.catalogue import losses
from chalkgrad.catalogue.languages import language_names
from chalkgrad.catalogue.notations import load_notation
from chalkgrad.catalogue.optimizers import CLIP, DECAY, LASSO, OUTSIDE, START
from chalkgrad.messages import Message
from chalkgrad.spec.activation import ActivationReader
from chalkgrad.spec.model import ShowSpec, TrainSpec
from chalkgrad.spec.optimizer import ClipReader, OptimizerReader, ScheduleReader
from chalkgrad.spec.readers import (
    ByShape,
    Choice,
    Field,
    ListOf,
    Matrix,
    Number,
    Record,
    Text,
)
from chalkgrad.spec.schools import School, letters_record

VIEWS = ("scalar", "matrix")
DETAILS = ("full", "siblings", "summary")
DRAWINGS = ("none", "network", "all")
ROUNDINGS = ("half_up", "half_even", "truncate")
CARRIES = ("full", "shown")
FADES = ("none", "backward", "forward")
KEYS = ("end", "none")
MAX_DIGITS = 15
MAX_STEPS = 50


BIAS = ByShape(
    Message("a list with one bias a unit, {shared: 0.35} or none"),
    scalar=Choice(("none",), Message("a list with one bias a unit, {shared: 0.35}, or the word")),
    items=ListOf(Number(), what=Message("one bias a unit")),
    entries=Record(
        {"shared": Field(Number(), Message("one bias for all units of the layer"), required=True)},
        Message("a shared bias"),
    ),
)

LAYER = Record(
    {
        "units": Field(Number(Fraction(1), whole=True, most=10_000), Message("how many units"), required=True),
        "activation": Field(ActivationReader(), Message("the activation function"), required=True),
        "weights": Field(
            Matrix(), Message("a row for each unit, a column for each unit before it"), required=True
        ),
        "bias": Field(BIAS, Message("one a unit, {shared: …} or none"), default="none"),
    },
    Message("a layer"),
)

NETWORK = Record(
    {
        "layers": Field(
            ListOf(LAYER, what=Message("a list of layers")),
            Message("the layers that have weights, first to last"),
            required=True,
        ),
        "loss": Field(
            Choice(tuple(losses.BY_NAME), Message("a loss")), Message("the loss of one sample"), required=True
        ),
        "reduction": Field(
            Choice(("mean", "sum"), Message("a reduction")),
            Message("how the samples' losses make the cost"),
            default="mean",
        ),
    },
    Message("a network"),
)

DATA = Record(
    {
        "x": Field(
            Matrix(Message("inputs, a row a sample, such as [[0.05, 0.1]]")),
            Message("inputs, a row a sample"),
            required=True,
        ),
        "y": Field(
            Matrix(Message("targets, a row a sample, such as [[0, 1]]")),
            Message("targets, a row a sample"),
            required=True,
        ),
    },
    Message("data"),
)


def _train(**values: Any) -> TrainSpec:
    row, rate, coefficients = values["optimizer"]
    penalties = {name: value for name, value in ((DECAY, values["weight_decay"]), (LASSO, values["l1"])) if value}
    row, coefficients = row.penalised(penalties), {**coefficients, **penalties}
    if values["clip"]:
        kind, bound = values["clip"]
        row, coefficients = row.clipped(by_norm=kind == "norm"), {**coefficients, CLIP: bound}
    if values["schedule"]:
        schedule, numbers = values["schedule"]
        row = row.scheduled(schedule.formula, schedule.coefficients, schedule.pytorch)
        coefficients = {START: rate, **numbers, **coefficients}
    return TrainSpec(row, rate, coefficients, values["freeze"], values["steps"], values["update"] == "sequential")


TRAIN = Record(
    {
        "optimizer": Field(OptimizerReader(), Message("how the parameters move"), required=True),
        "weight_decay": Field(Number(Fraction(0), strict=True), OUTSIDE[DECAY].meaning),
        "l1": Field(Number(Fraction(0), strict=True), OUTSIDE[LASSO].meaning),
        "clip": Field(ClipReader(), Message("how far a gradient may go")),
        "schedule": Field(ScheduleReader(), Message("how the learning rate changes from step to step")),
        "freeze": Field(
            ListOf(Text(), least=0, what=Message("a list of parameters, such as [b1, b2]")),
            Message("what stays as it is"),
            default=(),
        ),
        "steps": Field(
            Number(Fraction(1), whole=True, most=MAX_STEPS), Message("how many optimisation steps"), default=1
        ),
        "update": Field(
            Choice(("simultaneous", "sequential"), Message("an order of updates")),
            Message("every gradient from the old parameters, or layer by layer from the last"),
            default="simultaneous",
        ),
    },
    Message("train"),
    _train,
)

CODE = Choice(("numpy", "pytorch"), Message("a library"))


def _show(**values: Any) -> ShowSpec:
    code = values.pop("code")
    significant, symbols = values.pop("significant"), values.pop("symbols") or {}
    school = values.pop("notation")
    if values["decimals"] is None and significant is None:
        significant = ShowSpec.significant
    return ShowSpec(
        school.name,
        school,
        symbols,
        **values,
        significant=significant,
        code=(code,) if isinstance(code, str) else code,
    )


def show_record() -> Record:
    """The keys of `show`; notations and languages are looked up when asked, for they are files."""
    digits = Number(Fraction(0), whole=True, most=MAX_DIGITS)
    return Record(
        {
            "notation": Field(
                School(),
                Message("how quantities are written"),
                default=load_notation(ShowSpec.notation),
            ),
            "symbols": Field(letters_record(), Message("letters of one's own, such as {rate: λ}")),
            "language": Field(
                Choice(language_names(), Message("a language")),
                Message("the language of the page"),
                default=ShowSpec.language,
            ),
            "decimals": Field(digits, Message("digits after the decimal mark")),
            "significant": Field(
                Number(Fraction(1), whole=True, most=MAX_DIGITS), Message("significant digits (default 6)")
            ),
            "rounding": Field(
                Choice(ROUNDINGS, Message("a rounding")),
                Message("what happens to the digits left out"),
                default="half_up",
            ),
            "carry": Field(
                Choice(CARRIES, Message("a way to carry digits")),
                Message("go on with all digits or those shown"),
                default="full",
            ),
            "views": Field(
                ListOf(Choice(VIEWS, Message("a view")), what=Message("a list of views")),
                Message("unit by unit, in matrices, or both"),
                default=("scalar",),
            ),
            "detail": Field(
                Choice(DETAILS, Message("a detail")),
                Message("how much of the siblings is worked"),
                default="siblings",
            ),
            "drawings": Field(
                Choice(DRAWINGS, Message("a choice of drawings")),
                Message("none, the network alone, or the paths to the cost too"),
                default=ShowSpec.drawings,
            ),
            "code": Field(
                ByShape(
                    Message("a library or a list of them"),
                    scalar=CODE,
                    items=ListOf(CODE, Message("a list of libraries"), least=0),
                ),
                Message("a listing beside the mathematics"),
                default=(),
            ),
            "fade": Field(
                Choice(FADES, Message("a way to fade")),
                Message("a worksheet: the later (backward) or the earlier steps (forward) left blank"),
                default=ShowSpec.fade,
            ),
            "key": Field(
                Choice(KEYS, Message("a place for the key")),
                Message("where a worksheet has its answers"),
                default=ShowSpec.key,
            ),
        },
        Message("show"),
        _show,
    )


def text_reader(what: Message, by_language: Message) -> ByShape:
    """A text, or one text a language."""
    per_language = {
        name: Field(Text(), Message("the text in {language}", language=name)) for name in language_names()
    }
    return ByShape(what, scalar=Text(), entries=Record(per_language, by_language, _texts), may_be_empty=True)


def _texts(**by_language: str | None) -> dict[str, str]:
    return {language: text for language, text in by_language.items() if text}


def spec_record() -> Record:
    """The whole file."""
    return Record(
        {
            "title": Field(
                text_reader(Message("a title, or one a language"), Message("titles by language")),
                Message("the title of the page"),
                default="",
            ),
            "note": Field(
                text_reader(Message("a note, or one a language"), Message("notes by language")),
                Message("what the page says under its title"),
                default="",
            ),
            "network": Field(NETWORK, Message("the layers and the loss"), required=True),
            "data": Field(DATA, Message("inputs and targets"), required=True),
            "train": Field(TRAIN, Message("how the parameters move; left out, the page ends with the gradients")),
            "show": Field(show_record(), Message("what the page looks like")),
        },
        Message("a spec"),
    )


def json_schema() -> dict[str, Any]:
    """The JSON schema of a spec, for completion in editors."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "chalkgrad spec",
        **spec_record().schema(),
    }
