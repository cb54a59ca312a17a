"""Reading a program as proven numbers: exact for as long as only fractions are met, else a ball.

Under `carry: shown` a step goes on from the digits that were printed before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

from flint import arb, ctx, fmpq

from chalkgrad.derivation.model import DECIDED, Derivation, Kind
from chalkgrad.errors import Unproven
from chalkgrad.evaluation.fold import Compiled, compiled
from chalkgrad.evaluation.program import SLOPE, Program
from chalkgrad.evaluation.rounding import Digits, Shown, show_ball, show_exact, show_given
from chalkgrad.evaluation.scalars import Balls, Rationals, Sign, exact_fraction, fraction, precision, sign_of
from chalkgrad.messages import Message
from chalkgrad.quantities import AnyQuantity, At, Quantity, Role

PRECISIONS = (128, 512, 2048, 8192)
"""Bits tried in turn until every digit on the page is proven."""

ERROR_DIGITS = Digits(significant=1)
"""A relative error is told by its order of magnitude."""


class Value(NamedTuple):
    """A number: exact, or a ball around it."""

    exact: fmpq | None
    ball: arb | None = None
    carried: Shown | None = None
    """The digits to which it was rounded before it was carried on."""
    rounded: bool = False
    """Whether it was rounded here; a copy of a rounded number was not."""

    def as_ball(self) -> arb:
        """The ball, at the current precision."""
        return arb(self.exact) if self.ball is None else self.ball

    def as_float(self) -> float:
        """The nearest float64."""
        if self.exact is not None:
            return int(self.exact.p) / int(self.exact.q)
        return float(self.as_ball().mid())


class Event(NamedTuple):
    """Something that a page has to say because of the numbers it met."""

    kind: str
    """`kink`: a case distinction exactly at its switch; `log_zero`: ln 0; `undefined`: no number at all."""
    quantity: AnyQuantity
    sample: int
    time: int


@dataclass
class Evaluation:
    """The numbers of a program, with their digits."""

    derivation: Derivation
    digits: Digits
    updates: int
    """How many updates the parameters have had at the end."""
    values: Mapping[At, Value]
    events: tuple[Event, ...]
    bits: int
    """The precision of the balls."""
    again: Callable[[], Evaluation]
    """The same at higher precision, for digits that these balls leave open."""
    all_digits: Callable[[], Evaluation] | None = None
    """The same with all digits carried; None where these are."""
    _shown: dict[At, Shown] = field(default_factory=dict)

    def value(self, at: At) -> Value:
        """The number of a quantity for a sample at a moment."""
        return self.values[at]

    def shown(self, at: At) -> Shown:
        """Its digits, proven: where its ball is too wide, everything is computed again more precisely."""
        found = self._shown.get(at)
        if found is None:
            try:
                with precision(self.bits):  # type: ignore[attr-defined]
                    found = show_at(at, self.values[at], self.digits, self.derivation)
            except Unproven:
                better = self.again()
                self.values, self.bits, self.again = better.values, better.bits, better.again
                return self.shown(at)
            self._shown[at] = found
        return found

    def double(self, at: At) -> float:
        """The float64 nearest to a quantity, with all digits carried: what a program finds, up to its rounding."""
        source = self if self._carried_on is None else self._carried_on
        source.shown(at)
        return source.values[at].as_float()

    @cached_property
    def _carried_on(self) -> Evaluation | None:
        return None if self.all_digits is None else self.all_digits()

    def settle(self) -> None:
        """Prove the digits of every number now."""
        for at in list(self.values):
            self.shown(at)

    def is_exact(self, at: At) -> bool:
        """Whether `=` may stand before its digits: they are all there, and nothing was rounded to get there."""
        return self.shown(at).exact and not self.values[at].rounded


def show_at(at: At, value: Value, digits: Digits, derivation: Derivation) -> Shown:
    """The digits of a quantity: what is given is printed as it is, an error by its order of magnitude."""
    quantity = at.quantity
    if value.carried is not None:
        return value.carried
    if quantity in derivation.network.given and not (at.time and quantity in derivation.moving):
        assert value.exact is not None  # noqa: S101 (what is given is a fraction)
        return show_given(value.exact, digits)
    if isinstance(quantity, Quantity) and quantity.role is Role.DIFFERENCE_ERROR:
        return show(value, ERROR_DIGITS)
    return show(value, digits)


def show(value: Value, digits: Digits) -> Shown:
    """The digits of a value."""
    return show_ball(value.as_ball(), digits) if value.exact is None else show_exact(value.exact, digits)


def proven(make: Callable[[], Any], above: int = 0) -> Any:
    """Repeat at growing precision, from the first beyond `above` bits, until no digit is left open."""
    for bits in (bits for bits in PRECISIONS if bits > above):
        with precision(bits):  # type: ignore[attr-defined]
            try:
                return make()
            except Unproven:
                if bits == PRECISIONS[-1]:
                    raise
    raise Unproven(Message("a digit that {count} bits do not settle", count=PRECISIONS[-1]))


def evaluate(
    program: Program,
    derivation: Derivation,
    digits: Digits,
    *,
    given: Mapping[int, Fraction],
    carry_shown: bool = False,
) -> Evaluation:
    """Every number of a program, proven digit by digit; `given` are the numbers it starts from."""

    def make() -> Evaluation:
        bits = ctx.prec
        return _interpreted(program, derivation, digits, given, carry_shown, lambda: proven(make, above=bits))

    evaluation: Evaluation = proven(make)
    if carry_shown:
        evaluation.all_digits = lambda: evaluate(program, derivation, digits, given=given)
    return evaluation


def _interpreted(
    program: Program,
    derivation: Derivation,
    digits: Digits,
    given: Mapping[int, Fraction],
    carry_shown: bool,
    again: Callable[[], Evaluation],
) -> Evaluation:
    values: list[Value] = [Value(None)] * program.size
    for place, number in given.items():
        values[place] = Value(exact_fraction(number))
    events: list[Event] = []
    slope = compiled(*SLOPE)
    for place, function, arguments, at, kind, copies, twin in program.instructions:
        if twin is not None and all(values[i] is values[j] for i, j in zip(arguments, twin[1], strict=True)):
            values[place] = values[twin[0]]
            continue
        if function is slope and values[arguments[0]] is values[arguments[1]]:
            values[place] = Value(fmpq(0))
            continue
        if copies:
            values[place] = values[arguments[0]]._replace(rounded=False)
            continue
        value, kinks, log_zeros = apply(function, [values[i] for i in arguments], decides=kind in DECIDED)
        if value.ball is not None:
            refuse_blurred(value.ball, (values[i].ball for i in arguments))
        if at is not None and kind is not None:
            if kinks and kind is Kind.LOCAL:
                events.append(Event("kink", *at))
            if log_zeros:
                events.append(Event("log_zero", *at))
            if value.ball is not None and value.ball.is_nan():
                events.append(Event("undefined", *at))
            if carry_shown:
                value = _carried(value, [values[i] for i in arguments], digits)
        unmoved = twin is not None and value.exact is not None and value.exact == values[twin[0]].exact
        values[place] = values[twin[0]] if twin is not None and unmoved else value
    named = {at: values[i] for at, i in program.registers.items()}
    return Evaluation(derivation, digits, program.updates, named, tuple(events), ctx.prec, again)


def _carried(value: Value, arguments: Sequence[Value], digits: Digits) -> Value:
    """A value as it is carried on: the digits shown.  A mere copy of a number stays that number."""
    if len(arguments) == 1 and value.exact is not None and value.exact == arguments[0].exact:
        return arguments[0]._replace(rounded=False)
    shown = show(value, digits)
    if shown.exact:
        return value
    return Value(shown.value, carried=Shown(shown.text, True), rounded=True)


def refuse_blurred(result: arb, arguments: Iterable[arb | None]) -> None:
    """Ask for more precision where finite arguments have no finite result: most often a ball has grown so wide
    that it reaches what has no value, as after many steps of training."""
    if result.is_finite() or ctx.prec >= PRECISIONS[-1]:
        return
    if all(argument is None or argument.is_finite() for argument in arguments):
        raise Unproven(Message("a result without bounds"))


def apply(function: Compiled, values: Sequence[Value], *, decides: bool = False) -> tuple[Value, int, int]:
    """The value of a function, how many kinks it met, and how many logarithms of 0.

    `decides` says that the sign of an argument may be enough: the slope of a rectifier is exactly 1 wherever
    its weighted sum is positive, whether or not that is a fraction.  Nor does it matter what is multiplied by 0.
    """
    exact: list[fmpq | Sign | None] = [value.exact for value in values]
    if decides or (None in exact and any(e is not None and e == 0 for e in exact)):
        exact = [e if e is not None else sign_of(v.as_ball()) for e, v in zip(exact, values, strict=True)]
    rationals = Rationals()
    result = fraction(rationals, function, exact)
    if result is not None:
        return Value(result), rationals.kinks, 0
    balls = Balls()
    ball = function(balls, [value.as_ball() for value in values])
    if ball.is_zero() and not balls.log_zeros:
        return Value(fmpq(0)), balls.kinks, 0
    return Value(None, ball), balls.kinks, balls.log_zeros
