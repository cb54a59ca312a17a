"""One candidate by itself: fractions for as long as they last, and FLINT's balls, as precise as it takes.

This settles what thousands at a time leave open: whether a number is exactly 0, on which side of a bound it lies.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from flint import ctx

from chalkgrad.derivation.model import DECIDED
from chalkgrad.errors import Unproven
from chalkgrad.evaluation.program import Instruction
from chalkgrad.evaluation.runner import Value, apply, proven, refuse_blurred
from chalkgrad.evaluation.scalars import exact_fraction, vanishes
from chalkgrad.messages import Message


class Alone:
    """The numbers of one candidate, each computed when it is asked for."""

    def __init__(self, given: Mapping[int, Fraction], makers: Mapping[int, Instruction]) -> None:
        self.makers = makers
        """The instruction that makes each register."""
        self._exact = {place: Value(exact_fraction(value)) for place, value in given.items()}
        self._balls: dict[int, dict[int, Value]] = {}
        """By precision."""

    def value(self, place: int) -> Value:
        """The number in a register, at the current precision."""
        exact, balls = self._exact, self._balls.setdefault(ctx.prec, {})
        waiting = [place]
        while waiting:  # a training run is deeper than Python calls may nest
            current = waiting[-1]
            if current in exact or current in balls:
                waiting.pop()
                continue
            _, function, arguments, _, kind, *_ = self.makers[current]
            missing = [i for i in arguments if i not in exact and i not in balls]
            waiting += missing
            if not missing:
                values = [exact.get(i) or balls[i] for i in arguments]
                value, *_ = apply(function, values, decides=kind in DECIDED)
                if value.ball is not None:
                    refuse_blurred(value.ball, (used.ball for used in values))
                (exact if value.exact is not None else balls)[current] = value
        return exact.get(place) or balls[place]

    def sign(self, place: int) -> int | None:
        """−1, 0 or 1; None for what has no value, or none that could be settled."""

        def settle() -> int | None:
            value = self.value(place)
            if value.exact is not None:
                return int(value.exact > 0) - int(value.exact < 0)
            ball = value.as_ball()
            if not ball.is_finite():
                return None
            if ball > 0 or ball < 0:
                return 1 if ball > 0 else -1
            if vanishes(ball):
                return 0
            raise Unproven(Message("the sign of a number"))

        try:
            found: int | None = proven(settle)
        except Unproven:
            return None
        return found
