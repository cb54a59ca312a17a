"""Circuits: `circuit`, with its inputs and its steps, or one formula for the whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy as sp
from sympy import Expr, Symbol

from chalkgrad.algebra.domain import Number as Value
from chalkgrad.algebra.domain import OutOfDomain, value_of
from chalkgrad.algebra.ops import formal
from chalkgrad.algebra.parsing import CONSTANTS, FUNCTIONS, parse
from chalkgrad.errors import FormulaError, Place, did_you_mean
from chalkgrad.messages import Message
from chalkgrad.spec.lessons.kind import Judged, Kind
from chalkgrad.spec.model import Lesson, ShowSpec
from chalkgrad.spec.readers import Choice, Field, Named, Number, Record, Report, Text, entry
from chalkgrad.spec.source import Node, Scalar, quoted

NAME = re.compile(r"[A-Za-z]{1,12}(?:_?[0-9]{1,3})?(?:_[A-Za-z0-9]{1,8})?")
"""A letter or a short word, and what stands below it: `a`, `x1`, `w_10`, `alpha`."""
MOST_INPUTS, MOST_STEPS = 24, 40
OUTPUT = "f"
"""What a formula's result is called unless it is said."""


@dataclass(frozen=True)
class CircuitLesson(Lesson):
    """Quantities made from others, step by step."""

    inputs: Mapping[str, Fraction]
    steps: Mapping[str, Expr]
    """In order; each in the names of what stands before it."""
    output: str
    is_split: bool
    """Whether every step is taken apart into gates."""
    is_formula: bool = False
    """Whether it was given as one formula."""


CIRCUIT = Record(
    {
        "inputs": Field(
            Named(Number(), Message("a name and a number for each input, such as {a: 2, b: -3}")),
            Message("what is given: a name and a number each"),
            required=True,
        ),
        "steps": Field(
            Named(Text(400), Message("a name and an expression for each step, such as {x1: a*b + c}")),
            Message("what is made, in order: a name and an expression each"),
        ),
        "formula": Field(Text(400), Message("one expression for the whole, in place of steps")),
        "output": Field(Text(40), Message("the step that is differentiated (default: the last)")),
        "split": Field(
            Choice(("gates", "none"), Message("a way to split")),
            Message("gates: every expression taken apart into single operations; none: left as it is"),
        ),
    },
    Message("a circuit"),
)


def _judge(values: Mapping[str, Any], _show: ShowSpec, root: Node, report: Report) -> Judged:
    circuit, node = values["circuit"], entry(root, "circuit") or root
    inputs: Mapping[str, Fraction] = circuit["inputs"]
    texts = _texts(circuit, node, report)
    output = circuit["output"] or (list(texts)[-1] if texts else OUTPUT)
    _sizes(inputs, texts, node, report)
    _names(inputs, texts, node, report)
    if output not in texts:
        where = entry(node, "output") or node
        found = Message("the output {name}", name=quoted(output))
        expected = Message("one of the steps: {names}", names=", ".join(texts))
        report.add(where.place, found, expected, did_you_mean(output, texts))
    steps = _parsed(inputs, texts, node, report)
    if not report.problems:
        _used(inputs, steps, output, node, report)
        _written_alike(steps, node, report)
        _valued(inputs, steps, node, report)
    is_formula = circuit["formula"] is not None
    is_split = (circuit["split"] or ("gates" if is_formula else "none")) == "gates"
    return Judged(CircuitLesson(inputs, steps, output, is_split, is_formula))


def _texts(circuit: Mapping[str, Any], node: Node, report: Report) -> Mapping[str, str]:
    """The expressions by the names of what they make."""
    steps, formula = circuit["steps"], circuit["formula"]
    if (steps is None) == (formula is None):
        both = Message("both steps and formula") if steps else Message('neither "steps" nor "formula"')
        place = (entry(node, "formula") or node).place
        report.add(place, both, Message("one of them"))
        return {}
    if formula is None:
        return dict(steps)
    return {circuit["output"] or OUTPUT: formula}


def _step_node(node: Node, name: str) -> Node:
    """Where a step's expression stands."""
    return entry(entry(node, "steps") or node, name) or entry(node, "formula") or node


def _name_place(node: Node, name: str) -> Place:
    """Where a name is given to an input or a step."""
    for key in ("inputs", "steps"):
        found = entry(node, key)
        for word, _ in getattr(found, "entries", ()):
            if word.text == name:
                place: Place = word.place
                return place
    return (entry(node, "output") or entry(node, "formula") or node).place


def _sizes(inputs: Mapping[str, Fraction], texts: Mapping[str, str], node: Node, report: Report) -> None:
    for key, count, most in (("inputs", len(inputs), MOST_INPUTS), ("steps", len(texts), MOST_STEPS)):
        if count > most:
            place = (entry(node, key) or node).place
            report.add(
                place, Message("{count} {what}", count=count, what=key), Message("at most {most}", most=most)
            )


def _names(inputs: Iterable[str], texts: Iterable[str], node: Node, report: Report) -> None:
    """Names that a reader and a formula can tell apart."""
    seen: dict[str, str] = {}
    for name in (*inputs, *texts):
        place = _name_place(node, name)
        if not NAME.fullmatch(name):
            expected = Message("a letter or a short word with an index, such as a, x1, w_10 or alpha")
            report.add(place, Message("the name {name}", name=quoted(name)), expected)
            continue
        if name in FUNCTIONS or name in CONSTANTS:
            found = Message("the name {name}", name=quoted(name))
            report.add(place, found, Message("a name that no function has"))
            continue
        other = seen.get(name.replace("_", ""))
        seen[name.replace("_", "")] = name
        if other == name:
            again = entry(entry(node, "steps") or node, name) or entry(node, "output") or node
            found = Message("the name {name} a second time", name=quoted(name))
            report.add(again.place, found, Message("a name of its own for each input and step"))
        elif other is not None:
            found = Message("the names {one} and {other}", one=quoted(other), other=quoted(name))
            report.add(place, found, Message("names that do not look alike on the page"))
        if name.startswith("d") and name[1:] in (*inputs, *texts):
            found = Message("the name {name}", name=quoted(name))
            expected = Message("another name: this is how the derivative by {by} is written", by=name[1:])
            report.add(place, found, expected)


def _parsed(
    inputs: Mapping[str, Fraction], texts: Mapping[str, str], node: Node, report: Report
) -> dict[str, Expr]:
    known = list(inputs)
    steps: dict[str, Expr] = {}
    for name, text in texts.items():
        place = _step_node(node, name)
        try:
            expression = parse(text, [*known, *texts])
        except FormulaError as error:
            found = Message("an expression that does not read ({reason})", reason=error.message)
            report.add(_inside(place, error.offset), found, Message("an expression such as a*b + c"))
            known.append(name)
            continue
        later = [s.name for s in sorted(expression.free_symbols, key=str) if s.name not in known]
        for other in later:
            offset = next(m.start() for m in re.finditer(rf"\b{re.escape(other)}\b", text))
            found = Message("{name} before it is made", name=quoted(other))
            if other == name:
                found = Message("{name} made from itself", name=quoted(name))
            names = ", ".join(known)
            hint = Message("steps stand in the order in which they are worked; a circuit has no cycle")
            report.add(_inside(place, offset), found, Message("what stands above it: {names}", names=names), hint)
        if not expression.free_symbols:
            found = Message("a step that uses nothing")
            hint = Message("a number is given as an input")
            report.add(place.place, found, Message("an expression of what stands above it"), hint)
        steps[name] = expression
        known.append(name)
    return steps


def _inside(node: Node, offset: int) -> Place:
    """The place of a character inside a text."""
    place = node.place
    if place.line is None or place.column is None or not isinstance(node, Scalar):
        return place
    return Place(place.file, place.line, place.column + node.quoted + offset)


def _used(inputs: Iterable[str], steps: Mapping[str, Expr], output: str, node: Node, report: Report) -> None:
    """Everything must lead to the output."""
    needed = {formal(output)}
    for name in reversed(list(steps)):
        if formal(name) in needed:
            needed |= steps[name].free_symbols
    for name in (*inputs, *steps):
        if formal(name) not in needed:
            what = Message("the step {name}", name=quoted(name))
            if name not in steps:
                what = Message("the input {name}", name=quoted(name))
            expected = Message("one that leads to the output {output}", output=output)
            report.add(_name_place(node, name), Message("{what}, used nowhere", what=what), expected)


def _written_alike(steps: Mapping[str, Expr], node: Node, report: Report) -> None:
    """A quantity called e beside powers of Euler's number."""
    names = {symbol.name for expression in steps.values() for symbol in expression.free_symbols} | set(steps)
    if "e" in names and any(expression.has(sp.exp) for expression in steps.values()):
        found = Message("the name {name} beside exp", name=quoted("e"))
        report.add(_name_place(node, "e"), found, Message("another name: a page writes exp(…) as a power of e"))


def _valued(inputs: Mapping[str, Fraction], steps: Mapping[str, Expr], node: Node, report: Report) -> None:
    """Every step must have a value, and a slope."""
    known: dict[Symbol, Value] = {formal(name): value for name, value in inputs.items()}
    for name, expression in steps.items():
        try:
            known[formal(name)] = value_of(expression, known)
        except OutOfDomain as error:
            found = Message("{reason} in {name}", reason=error.reason, name=name)
            expected = Message("numbers for which every step has a value and a slope")
            report.add(_step_node(node, name).place, found, expected)
            return


KIND = Kind(
    "circuit",
    {"circuit": Field(CIRCUIT, Message("inputs, and steps or a formula"), required=True)},
    ("graph", "limit"),
    _judge,
)
