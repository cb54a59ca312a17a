"""Reading a derivation as numbers.

Each quantity gets a value for every sample: exact for as long as only fractions are met, else a ball.  Under
`carry: shown` a step goes on from the digits that were printed before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

from flint import arb, ctx, fmpq

from chalkgrad.derivation.model import Derivation, Kind, Step
from chalkgrad.errors import Unproven
from chalkgrad.evaluation.fold import compiled
from chalkgrad.evaluation.rounding import Digits, Shown, show_ball, show_exact, show_given
from chalkgrad.evaluation.scalars import Balls, Irrational, Rationals, exact_fraction, precision, too_long
from chalkgrad.quantities import AnyQuantity, At, Partial, Quantity, Role

PRECISIONS = (128, 512, 2048, 8192)
"""Bits tried in turn until every digit on the page is proven."""


ERROR_DIGITS = Digits(significant=2)
"""A relative error is told by its order of magnitude."""


class Value(NamedTuple):
    """A number: exact, or a ball around it."""

    exact: fmpq | None
    ball: arb | None = None
    rounded: bool = False
    """Whether it was rounded to the digits shown before it was carried on."""

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


Column: TypeAlias = list[Value]
"""A value for each sample, or one where the samples share it."""
Moment: TypeAlias = dict[AnyQuantity, Column]


@dataclass
class Evaluation:
    """The numbers of a derivation: for each moment (number of updates made), quantity and sample."""

    derivation: Derivation
    digits: Digits
    moments: list[Moment]
    events: tuple[Event, ...]
    bits: int
    _shown: dict[At, Shown] = field(default_factory=dict)

    @property
    def updates(self) -> int:
        """How many updates the parameters have had at the end."""
        return len(self.moments) - 1

    def value(self, at: At) -> Value:
        """The number of a quantity for a sample at a moment."""
        column = self.moments[at.time][at.quantity]
        return column[at.sample - 1 if len(column) > 1 else 0]

    def shown(self, at: At) -> Shown:
        """Its digits.  Raises `Unproven` where the precision does not settle them."""
        found = self._shown.get(at)
        if found is None:
            found = self._shown[at] = self._show(at)
        return found

    def _show(self, at: At) -> Shown:
        value = self.value(at)
        if at.time == 0 and at.quantity in self.derivation.network.given:
            assert value.exact is not None  # noqa: S101 (what is given is a fraction)
            return show_given(value.exact, self.digits)
        if at.quantity in self.derivation.network.given and at.quantity not in self.derivation.moving:
            return self.shown(at._replace(time=0))
        if isinstance(at.quantity, Quantity) and at.quantity.role is Role.DIFFERENCE_ERROR:
            return show(value, ERROR_DIGITS)
        return show(value, self.digits)

    def settle(self) -> None:
        """Fix the digits of every number.  Raises `Unproven` where the precision does not settle them."""
        for time, moment in enumerate(self.moments):
            for quantity, column in moment.items():
                for n in range(1, len(column) + 1):
                    self.shown(At(quantity, n, time))

    def is_exact(self, at: At) -> bool:
        """Whether `=` may stand before its digits: they are all there, and nothing was rounded to get there."""
        return self.shown(at).exact and not self.value(at).rounded


def show(value: Value, digits: Digits) -> Shown:
    """The digits of a value."""
    return show_ball(value.as_ball(), digits) if value.exact is None else show_exact(value.exact, digits)


def proven(make: Callable[[], Any]) -> Any:
    """Repeat at growing precision until no digit is left open."""
    for bits in PRECISIONS:
        with precision(bits):  # type: ignore[attr-defined]
            try:
                return make()
            except Unproven:
                if bits == PRECISIONS[-1]:
                    raise
    raise AssertionError("unreachable")


def evaluate(derivation: Derivation, digits: Digits, *, updates: int = 0, carry_shown: bool = False) -> Evaluation:
    """Run a derivation: `updates` optimisation steps, then the forward pass with the parameters reached."""
    return _Run(derivation, digits, carry_shown).run(updates)


@dataclass
class _Run:
    derivation: Derivation
    digits: Digits
    carry_shown: bool
    events: list[Event] = field(default_factory=list)

    def run(self, updates: int) -> Evaluation:
        given = {q: [Value(exact_fraction(v)) for v in values] for q, values in self.derivation.network.given.items()}
        moments: list[Moment] = [dict(given)]
        for time in range(updates + 1):
            moment = moments[time]
            following: Moment = dict(given)
            following.update({p: moment[p] for p in self.derivation.network.parameters})
            last = time == updates > 0
            self.read(self.derivation.forward if last else self.derivation.steps, moment, following, time)
            if not last and time < updates:
                moments.append(following)
        return Evaluation(self.derivation, self.digits, moments, tuple(self.events), ctx.prec)

    def read(self, steps: Iterable[Step], now: Moment, following: Moment, time: int) -> None:
        """Evaluate steps in order; what is defined for the next moment goes into `following`."""
        samples = self.derivation.network.samples
        for step in steps:
            columns = [(following if ref.ahead else now)[ref.quantity] for _, ref in step.bindings]
            if step.kind is Kind.REDUCE:
                result = [self.apply(step, [column[n] for n, column in enumerate(columns)], 1, time)]
            elif step.quantity.per_sample:
                result = [
                    self.apply(step, [c[n] if len(c) > 1 else c[0] for c in columns], n + 1, time) for n in range(samples)
                ]
            else:
                result = [self.apply(step, [column[0] for column in columns], 1, time)]
            (following if step.ahead else now)[step.quantity] = result

    def apply(self, step: Step, values: Sequence[Value], sample: int, time: int) -> Value:
        """One step for one sample."""
        value, kinks, log_zeros = apply(step, values)
        if kinks and step.kind is Kind.LOCAL:
            self.events.append(Event("kink", step.quantity, sample, time))
        if log_zeros:
            self.events.append(Event("log_zero", step.quantity, sample, time))
        if value.ball is not None and value.ball.is_nan():
            self.events.append(Event("undefined", step.quantity, sample, time))
        if self.carry_shown:
            shown = show(value, self.digits)
            return value if shown.value is None else Value(shown.value, rounded=not shown.exact)
        return value


def apply(step: Step, values: Sequence[Value]) -> tuple[Value, int, int]:
    """The value of a step, how many kinks it met, and how many logarithms of 0."""
    symbols = tuple(symbol for symbol, _ in step.bindings)
    function = compiled(step.expression, symbols, strict=step.kind is not Kind.APPLY and step.kind is not Kind.LOCAL)
    exact = [value.exact for value in values]
    if None not in exact:
        rationals = Rationals()
        try:
            result = function(rationals, exact)
        except Irrational:
            pass
        else:
            if not too_long(result):
                return Value(result), rationals.kinks, 0
    balls = Balls()
    result = function(balls, [value.as_ball() for value in values])
    if result.is_zero() and not balls.log_zeros:
        return Value(fmpq(0)), balls.kinks, 0
    return Value(None, result), balls.kinks, balls.log_zeros


DIFFERENCE_STEP = fmpq(1, 1000)
"""The h of the central differences: small enough to be near the derivative, and a number one can type."""


def difference_of(gradient: Partial) -> tuple[Quantity, Quantity]:
    """The names of the central difference beside a gradient, and of its relative error."""
    return Quantity(Role.DIFFERENCE, name=gradient.id), Quantity(Role.DIFFERENCE_ERROR, name=gradient.id)


def add_differences(evaluation: Evaluation, parameters: Iterable[Quantity], time: int = 0) -> None:
    """Put (J(w + h) − J(w − h))/(2h) beside the gradient of each parameter, and its relative error.

    Only what depends on the parameter is computed again.  The network is evaluated with all digits, also
    where the page carries the digits shown.
    """
    forward = evaluation.derivation.forward
    moment = evaluation.moments[time]
    users: dict[AnyQuantity, list[int]] = {}
    for index, step in enumerate(forward):
        for _, ref in step.bindings:
            users.setdefault(ref.quantity, []).append(index)
    run = _Run(evaluation.derivation, evaluation.digits, carry_shown=False)
    base: Moment = {q: moment[q] for q in evaluation.derivation.network.given}
    run.read(forward, base, {}, time)
    for parameter in parameters:
        gradient = evaluation.derivation.gradient(parameter)
        affected = _downstream(parameter, forward, users)
        costs = []
        for sign in (1, -1):
            moved: Moment = dict(base)
            moved[parameter] = [_shifted(moment[parameter][0], sign)]
            run.read([forward[i] for i in affected], moved, {}, time)
            costs.append(moved[evaluation.derivation.network.batch_cost][0])
        name, error = difference_of(gradient)
        moment[name] = [_slope(*costs)]
        moment[error] = [_relative_error(moment[gradient][0], moment[name][0])]


def _downstream(parameter: Quantity, forward: Sequence[Step], users: Mapping[AnyQuantity, list[int]]) -> list[int]:
    affected: set[int] = set()
    waiting: list[AnyQuantity] = [parameter]
    while waiting:
        for index in users.get(waiting.pop(), ()):
            if index not in affected:
                affected.add(index)
                waiting.append(forward[index].quantity)
    return sorted(affected)


def _shifted(value: Value, sign: int) -> Value:
    if value.exact is not None:
        return Value(value.exact + sign * DIFFERENCE_STEP)
    return Value(None, value.as_ball() + arb(sign * DIFFERENCE_STEP))


def _slope(above: Value, below: Value) -> Value:
    if above.exact is not None and below.exact is not None:
        return Value((above.exact - below.exact) / (2 * DIFFERENCE_STEP))
    return Value(None, (above.as_ball() - below.as_ball()) / arb(2 * DIFFERENCE_STEP))


def _relative_error(gradient: Value, difference: Value) -> Value:
    if gradient.exact is not None and difference.exact is not None:
        largest = max(abs(gradient.exact), abs(difference.exact))
        return Value(abs(gradient.exact - difference.exact) / largest if largest else fmpq(0))
    g, d = gradient.as_ball(), difference.as_ball()
    if g.is_zero() and d.is_zero():
        return Value(fmpq(0))
    return Value(None, abs(g - d) / abs(g).max(abs(d)))
