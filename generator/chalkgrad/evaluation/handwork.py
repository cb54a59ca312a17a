"""What a worksheet's numbers may be when they are rounded by hand, for many papers at once.

A number is first found from numbers that may have been rounded themselves (its core), with what roundings on
the way may add (half a product, the exponential in a logistic function), and then written: rounded or not.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from chalkgrad.evaluation.carrying import GROUP, NOTHING, UNENDING, Carrying
from chalkgrad.evaluation.forms import brackets, exponential_form, fraction, parts_fit, tanh
from chalkgrad.evaluation.ranges import (
    FUNCTIONS,
    LIBRARY,
    Array,
    Range,
    added,
    hull,
    inverted,
    is_zero,
    magnitude,
    multiplied,
    negated,
    picked,
    point,
    rational,
    root,
    widened,
)
from chalkgrad.evaluation.worksheet import (
    Choose,
    Constant,
    Entry,
    Floor,
    Function,
    Given,
    Logistic,
    Pi,
    Product,
    Root,
    Sum,
)
from chalkgrad.evaluation.written import (
    ENDLESS,
    EXACT,
    ONE,
    Inputs,
    Number,
    decimals_of,
    exact_number,
    fixed,
    merged,
    reciprocal_places,
    signed,
    within,
)


class Hand:
    """Someone who works through a sheet with so many digits."""

    def __init__(self, given: Mapping[int, Inputs], carrying: Carrying) -> None:
        self.given = given
        self.carrying = carrying
        self.numbers: dict[int, Number] = {}
        """The numbers found so far, by their place on the sheet."""

    def work(self, place: int, entry: Entry) -> Number:
        """One number from those before it."""
        found = self.numbers[place] = self._number(entry)
        return found

    def sharpen(self, place: int, before: Range, written: Range) -> None:
        """A number is known better: where it lies before it is rounded itself, and how it may be written."""
        known = self.numbers[place]
        residue = self.carrying.rounded(before).error
        error = Range(
            np.fmax(known.error.low, known.inner.low + residue.low),
            np.fmin(known.error.high, known.inner.high + residue.high),
        )
        value = within(written, known.value)
        self.numbers[place] = merged(known.places < UNENDING, known, known._replace(value=value, error=error))

    def _number(self, entry: Entry) -> Number:
        numbers = self.numbers
        match entry:
            case Given(register):
                value, places = self.given[register]
                return self._written(value, places)
            case Constant(p, q):
                return self._written(rational(p, q), np.asarray(decimals_of(p, q)))
            case Pi():
                return self._written(widened(np.asarray(np.pi), np.asarray(np.pi)), ENDLESS)
            case Sum(terms):
                return self._sum([(sign, numbers[place]) for sign, place in terms])
            case Product(factors, slopes):
                return self._product(
                    [(numbers[place], divides) for place, divides in factors],
                    [(i, j, numbers[w].value) for i, j, w in slopes],
                )
            case Function(name, argument):
                return self._function(name, numbers[argument])
            case Root(argument, q):
                return self._written(root(numbers[argument].value, q), ENDLESS)
            case Logistic(argument):
                return self._logistic(numbers[argument].value)
            case Floor(argument):
                low, high = (np.floor(end) for end in numbers[argument].value)
                far = np.where(low == high, 0.0, np.inf)
                return fixed(Range(low - far, high + far), EXACT)
            case Choose():
                return self._choose(*(numbers[place] for place in entry))

    def _written(self, core: Range, places: Array, inner: Range = NOTHING) -> Number:
        """A number, rounded unless it has few digits; `places` are its decimals, if nothing before was rounded."""
        exact = self.carrying.fits(magnitude(core), places)
        if exact.all():
            return exact_number(core, places)
        value, error = self.carrying.rounded(core, inner)
        loose = value
        if self.carrying.on_grid:
            group = GROUP * self.carrying.half
            loose = hull(value, Range(core.low + inner.low - group, core.high + inner.high + group))
        found = Number(value, error, inner, ENDLESS, np.asarray(1), loose)
        return merged(exact, exact_number(core, places), found) if exact.any() else found

    def _sum(self, terms: list[tuple[int, Number]]) -> Number:
        value = signed(terms[0][0], terms[0][1].value)
        places, items, size = terms[0][1].places, terms[0][1].items, magnitude(value)
        for sign, term in terms[1:]:
            value = added(value, signed(sign, term.value))
            places, items = np.maximum(places, term.places), items + term.items
            size = size + magnitude(term.value)
        if not self.carrying.on_grid:
            ways = np.expm1(np.log1p(self.carrying.share) * max(len(terms) - 2, 0)) * size * (1 + LIBRARY)
            places = np.where(self.carrying.fits(size, places), places, UNENDING)
            found = self._written(value, places, Range(-ways, ways))
            # of more than two terms some are added up before the others: what they come to is rounded too
            widest = value if len(terms) == 2 else Range(size, size)
            closed = self._is_closed([term for _, term in terms], widest) & (found.items > 0)
            return merged(closed, found._replace(value=value, error=NOTHING, inner=NOTHING), found)
        if not (rounded := items > 0).any():
            return exact_number(value, places)
        loose = signed(terms[0][0], terms[0][1].loose)
        for sign, term in terms[1:]:
            loose = added(loose, signed(sign, term.loose))
        found = Number(picked(items > 1, loose, value), NOTHING, NOTHING, ENDLESS, items, loose)
        return found if rounded.all() else merged(~rounded, exact_number(value, places), found)

    def _is_closed(self, terms: list[Number], value: Range) -> Array:
        """Where a sum of one rounded number and exact ones has no finer digits than that number: 1 − a, say.

        Rounded or not before, it is the same after: what rounds is that number.
        """
        top = self.carrying.exponents(value)[1]
        single, closed = np.asarray(0), np.asarray(True)
        for term in terms:
            rounds = term.items > 0
            single = single + rounds
            finest = np.where(
                rounds, self.carrying.exponents(term.value)[0], self.carrying.last_exponent(term.places)
            )
            closed = closed & (finest >= top)
        return np.asarray(closed & (single == 1))

    def _product(self, factors: list[tuple[Number, bool]], slopes: list[tuple[int, int, Range]]) -> Number:
        shares = [inverted(number.value) if divides else number.value for number, divides in factors]
        digits = [reciprocal_places(number) if divides else number.places for number, divides in factors]
        places = np.minimum(sum(digits, start=np.asarray(0)), UNENDING)
        core = shares[0]
        for share in shares[1:]:
            core = multiplied(core, share)
        if self.carrying.is_exact:
            return self._written(core, places)
        zero = np.logical_or.reduce(np.broadcast_arrays(*map(is_zero, shares)))
        places = np.where(zero, 0, places)
        units = [np.asarray((np.abs(share.low) == 1) & (share.low == share.high)) for share in shares]
        inner = NOTHING
        if len(shares) > 2:
            sure = zero | parts_fit(self.carrying, shares, digits)
            room = np.where(sure, 0.0, brackets(self.carrying, shares, units, core))
            inner = Range(-room, room)
        for i, j, w in slopes:
            rest = ONE
            for k, share in enumerate(shares):
                if k not in (i, j):
                    rest = multiplied(rest, share)
            room = np.where(zero, 0.0, magnitude(rest) * exponential_form(self.carrying, w))
            inner = Range(inner.low - room, inner.high + room)
        number = self._written(core, places, inner)
        # what is only multiplied by 1 was rounded before, if at all
        same = np.asarray(sum(unit.astype(int) for unit in units) >= len(shares) - 1)
        idle = same & (number.items > 0) & np.asarray([not divides for _, divides in factors]).all()
        if idle.any():
            number = merged(idle, number._replace(value=core, error=NOTHING, inner=NOTHING), number)
        return number

    def _function(self, name: str, argument: Number) -> Number:
        core = FUNCTIONS[name](argument.value)
        known = (
            is_zero(argument.value) if name != "log" else (argument.value.low == 1) & (argument.value.high == 1)
        )
        if known.any() and name not in ("cos_pi",):
            sure = point(1.0 if name in ("exp", "cos") else 0.0)
            core = picked(known, sure, core)
        places = np.where(known & (argument.places < UNENDING), 0, UNENDING)
        inner = NOTHING
        if name == "tanh" and not self.carrying.is_exact:
            inner = tanh(self.carrying, argument.value)
        return self._written(core, places, inner)

    def _logistic(self, w: Range) -> Number:
        """1/(1 + e^w), e^−w/(1 + e^−w), or in one go."""
        power = FUNCTIONS["exp"](w)
        core = inverted(added(ONE, power))
        if self.carrying.is_exact:
            return self._written(core, ENDLESS)
        below = fraction(self.carrying, power, (ONE, ONE), rounds_above=False)
        both = fraction(self.carrying, FUNCTIONS["exp"](negated(w)), (NOTHING, ONE), rounds_above=False)
        return self._written(core, ENDLESS, hull(below, both))

    def _choose(self, switch: Number, above: Number, at: Number, below: Number) -> Number:
        up, down, zero = switch.value.low > 0, switch.value.high < 0, is_zero(switch.value)
        sure = up | down | zero
        case = merged(up, above, merged(down, below, at))
        if sure.all():
            return case
        any_case = hull(hull(above.loose, below.loose), at.loose)
        width = (any_case.high - any_case.low) * (1 + LIBRARY)
        moved = Range(-width, width)
        return merged(sure, case, Number(any_case, moved, moved, ENDLESS, np.asarray(1), any_case))
