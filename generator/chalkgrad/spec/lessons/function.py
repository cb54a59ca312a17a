"""Functions: `function`, with a formula and a start, and the `methods` that look for its minimum."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from sympy import Expr

from chalkgrad.algebra.domain import OutOfDomain, value_of
from chalkgrad.algebra.ops import derived, formal
from chalkgrad.algebra.parsing import CONSTANTS, FUNCTIONS, parse
from chalkgrad.catalogue import descents, optimizers
from chalkgrad.catalogue.descents import RANDOM
from chalkgrad.catalogue.optimizers import DECAY, Optimizer
from chalkgrad.errors import FormulaError
from chalkgrad.messages import Message
from chalkgrad.spec.lessons.kind import Judged, Kind
from chalkgrad.spec.model import Lesson, ShowSpec
from chalkgrad.spec.optimizer import NamedRow, OptimizerReader, number_of
from chalkgrad.spec.readers import Field, ListOf, Named, Number, Record, Report, Text, entry, item
from chalkgrad.spec.source import Entries, Node, quoted

MOST_VARIABLES, MOST_METHODS, MOST_STEPS = 2, 4, 50
RESERVED = "fdevmsgp"
"""The function, and what its derivatives and the methods' quantities are called."""


@dataclass(frozen=True)
class Method:
    """A way down, with its numbers."""

    name: str
    optimizer: Optimizer | None = None
    """None where it is one of `catalogue/descents.py`."""
    rate: Fraction = Fraction(1)
    coefficients: Mapping[str, Fraction] = field(default_factory=dict)


@dataclass(frozen=True)
class FunctionLesson(Lesson):
    """A function, and how its minimum is looked for."""

    formula: Expr
    start: Mapping[str, Fraction]
    methods: tuple[Method, ...]
    steps: int
    region: Mapping[str, tuple[Fraction, Fraction]]
    """Where random search looks, and what is drawn; empty where nothing says it."""
    seed: int = 0


class MethodReader(NamedRow):
    """An optimizer, Newton's method or a search, with its numbers."""

    what = Message("a method")
    meaning = Message("the method")
    example = Message("a method, such as {name: sgd, learning_rate: 0.1} or {name: newton}")

    @property
    def rows(self) -> Mapping[str, Any]:
        """Optimizers, then the other ways."""
        own = {name: row for name, row in optimizers.BY_NAME.items() if DECAY not in row.coefficients}
        return {**own, **descents.BY_NAME}

    def named(self, name: str) -> Message:
        """The method newton."""
        return Message("the method {name}", name=name)

    def fields(self, row: Any) -> dict[str, Field]:
        """The keys of the method."""
        if isinstance(row, Optimizer):
            return OptimizerReader().fields(row)
        return {key: Field(number_of(c), c.meaning, default=c.default) for key, c in row.coefficients.items()}

    def built(self, row: Any, values: Mapping[str, Any]) -> Method:
        """The method."""
        if isinstance(row, Optimizer):
            optimizer, rate, numbers = OptimizerReader().built(row, values)
            return Method(row.name, optimizer, rate, numbers)
        numbers = {key: values[key] for key in row.coefficients}
        return Method(row.name, None, numbers.pop(descents.RATE, Fraction(1)), numbers)


TWO_NUMBERS = Message("two numbers, such as [-2, 2]")


@dataclass(frozen=True)
class Interval(ListOf):
    """Two numbers, the smaller one first."""

    item: Number = field(default_factory=Number)
    what: Message = TWO_NUMBERS

    def read(self, node: Node, report: Report) -> Any:
        """The two ends."""
        ends = super().read(node, report)
        if ends and (len(ends) != 2 or ends[0] >= ends[1]):
            return report.add(node.place, Message("no interval"), self.what)
        return ends

    def schema(self) -> dict[str, Any]:
        """Two numbers."""
        return {**super().schema(), "minItems": 2, "maxItems": 2}


FUNCTION = Record(
    {
        "formula": Field(Text(400), Message("the function of one or two variables"), required=True),
        "start": Field(
            Named(Number(), Message("a name and a number for each variable, such as {x: 2, y: 1}")),
            Message("where to begin: a number for each variable"),
            required=True,
        ),
        "region": Field(
            Named(Interval(), Message("an interval for each variable, such as {x: [-2, 2], y: [-2, 2]}")),
            Message("where random search looks, and what the picture shows"),
        ),
    },
    Message("a function"),
)


def _judge(values: Mapping[str, Any], _show: ShowSpec, root: Node, report: Report) -> Judged:
    function, methods = values["function"], values["methods"]
    node = entry(root, "function") or root
    start: Mapping[str, Fraction] = function["start"]
    region: Mapping[str, tuple[Fraction, Fraction]] = function["region"] or {}
    _variables(start, region, node, report)
    formula = _formula(function["formula"], start, node, report)
    if len(methods) > MOST_METHODS:
        place = (entry(root, "methods") or root).place
        report.add(
            place, Message("{count} methods", count=len(methods)), Message("at most {most}", most=MOST_METHODS)
        )
    for index, method in enumerate(methods):
        if method.name == RANDOM and not region:
            place = (item(entry(root, "methods"), index) or root).place
            expected = Message("a region in which it looks, such as region: {x: [-2, 2], y: [-2, 2]}")
            report.add(place, Message("random search without a region"), expected)
    return Judged(FunctionLesson(formula, start, tuple(methods), values["steps"], region, values["seed"]))


def _variables(start: Mapping[str, Fraction], region: Mapping[str, Any], node: Node, report: Report) -> None:
    at = entry(node, "start") or node
    if len(start) > MOST_VARIABLES:
        report.add(at.place, Message("{count} variables", count=len(start)), Message("one or two variables"))
    for name in start:
        if len(name) != 1 or not (name.isascii() and name.isalpha()) or name in RESERVED:
            found = Message("the name {name}", name=quoted(name))
            report.add(
                _key(at, name),
                found,
                Message("a single letter, such as x or y; not one of {letters}", letters=", ".join(RESERVED)),
            )
    if region and list(region) != list(start):
        place = (entry(node, "region") or node).place
        report.add(
            place,
            Message("a region of {names}", names=", ".join(region)),
            Message("an interval for each variable: {names}", names=", ".join(start)),
        )


def _key(node: Node, name: str) -> Any:
    """Where a key stands."""
    keys = (key for key, _ in node.entries if key.text == name) if isinstance(node, Entries) else iter(())
    return next(keys, node).place


def _formula(text: str, start: Mapping[str, Fraction], node: Node, report: Report) -> Expr:
    at = entry(node, "formula") or node
    taken = [name for name in start if name not in FUNCTIONS and name not in CONSTANTS]
    try:
        formula = parse(text, taken)
    except FormulaError as error:
        found = Message("an expression that does not read ({reason})", reason=error.message)
        report.add(at.place, found, Message("a formula in {names}, such as x**2 + 3*y**2", names=", ".join(start)))
        return formal("x")
    unused = [name for name in start if formal(name) not in formula.free_symbols]
    if unused:
        found = Message("a formula without {names}", names=", ".join(unused))
        report.add(at.place, found, Message("every variable of the start in the formula"))
        return formula
    known = {formal(name): value for name, value in start.items()}
    try:
        for expression in (formula, *(derived(formula, symbol) for symbol in known)):
            value_of(expression, known)
    except OutOfDomain as error:
        report.add(
            (entry(node, "start") or node).place,
            error.reason,
            Message("a start where the function has a value and a slope"),
        )
    return formula


KIND = Kind(
    "function",
    {
        "function": Field(FUNCTION, Message("the function, and where to begin"), required=True),
        "methods": Field(
            ListOf(MethodReader(), Message("a list of methods, such as [{name: sgd, learning_rate: 0.1}]")),
            Message("how its minimum is looked for"),
            required=True,
        ),
        "steps": Field(
            Number(Fraction(1), whole=True, most=MOST_STEPS), Message("how many steps each takes"), default=3
        ),
        "seed": Field(
            Number(Fraction(0), whole=True, most=2**31),
            Message("what the draws of a search begin with"),
            default=0,
        ),
    },
    ("scalar",),
    _judge,
)
