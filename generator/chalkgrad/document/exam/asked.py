"""What an exam asks, in the words of the page: one sentence a question, made of what the numbers are."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from chalkgrad.document.answers import named, passes
from chalkgrad.document.function import way_of
from chalkgrad.document.model import Inline
from chalkgrad.document.scribe import Scribe
from chalkgrad.quantities import At, Partial, Role
from chalkgrad.spec.lessons.function import FunctionLesson

NUMBER, TABLE, CHOICE = "number", "table", "choice"
"""How an answer is given: a number in a box, several in a table, one of some to choose from."""


@dataclass(frozen=True)
class Item:
    """One question of an exercise."""

    label: str
    """Its letter within the exercise."""
    ats: tuple[At, ...]
    """The numbers to be found, in this order."""
    points: Fraction
    form: str = NUMBER
    text: str = ""
    """The author's own words; empty where the page finds some."""
    choices: int = 4
    """How many answers there are to choose from."""


def sentence(scribe: Scribe, item: Item) -> Inline:
    """What is to be done, in the author's words or in the page's."""
    if item.text:
        return (item.text,)
    if item.form == TABLE:
        return scribe.say("exam.fill")
    names = scribe.words.listed([_told(scribe, at) for at in item.ats])
    if item.form == CHOICE:
        return scribe.say("exam.choose", name=names)
    kinds = {_kind(scribe, at) for at in item.ats}
    key = kinds.pop() if len(kinds) == 1 else "exam.find"
    return scribe.say(key, len(item.ats), names=names)


def _told(scribe: Scribe, at: At) -> Inline:
    """A number by its name; of a function with several ways down, on which of them."""
    name = named(scribe, at)
    way = way_of(scribe, at.quantity) if isinstance(scribe.spec.lesson, FunctionLesson) else ()
    return (*name, " (", *way, ")") if way else name


def _kind(scribe: Scribe, at: At) -> str:
    """The sentence that asks for one number."""
    quantity = at.quantity
    if isinstance(quantity, Partial):
        return _derivative(quantity)
    if quantity in scribe.derivation.moving and at.time > 0:
        return _MOVED.get(quantity.role, "exam.find")
    if quantity.role is Role.COST:
        return "exam.new_cost" if at.time == passes(scribe) == 1 else "exam.cost"
    if quantity.role is Role.ACTIVATION and quantity.layer == len(scribe.network.layers):
        return "exam.output"
    return _MADE.get(quantity.role, "exam.find")


def _derivative(quantity: Partial) -> str:
    if quantity.of.role is not Role.COST:
        return "exam.derivative"
    return "exam.delta" if quantity.by.role is Role.WEIGHTED_SUM else "exam.gradient"


_MADE = {
    Role.WEIGHTED_SUM: "exam.sum",
    Role.ACTIVATION: "exam.activation",
    Role.ERROR: "exam.error",
}
_MOVED = {Role.WEIGHT: "exam.new_weight", Role.BIAS: "exam.new_bias"}


def points_text(scribe: Scribe, points: Fraction) -> str:
    """`2 points`."""
    return "".join(map(str, scribe.say("exam.points", count=plural_of(points), points=marks(scribe, points))))


def plural_of(points: Fraction) -> int:
    """The number whose plural form fits; a broken one below 2 is said like 0: `1.5 points`, but `1,5 ponto`."""
    return int(points) if points.denominator == 1 or points > 2 else 0


def marks(scribe: Scribe, points: Fraction) -> str:
    """A number of points, as the language writes it: a short decimal, else a fraction.

    >>> # Fraction(5, 2) is `2.5` in English and `2,5` in Spanish; Fraction(1, 3) is `1/3`
    """
    if points.denominator == 1:
        return str(points.numerator)
    decimal = f"{float(points):.2f}".rstrip("0")
    exact = Fraction(decimal) == points
    return decimal.replace(".", scribe.language.decimal_mark) if exact else str(points)
