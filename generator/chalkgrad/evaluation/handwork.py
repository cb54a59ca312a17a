"""What a worksheet's numbers may be when they are rounded by hand, for many papers at once.

A number is first found from numbers that may have been rounded themselves (its core), with what roundings on
the way may add (half a product, the exponential in a logistic function), and then written: rounded or not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from chalkgrad.evaluation.carrying import GROUP, MOST_PLACES, NOTHING, TENS, UNENDING, Carrying
from chalkgrad.evaluation.ranges import (
    FUNCTIONS,
    LIBRARY,
    ULP,
    Array,
    Range,
    added,
    hull,
    inverted,
    is_zero,
    least,
    magnitude,
    multiplied,
    negated,
    picked,
    point,
    rational,
    root,
    scaled,
    subtracted,
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

ONE = point(1.0)
EXACT = np.asarray(0)
ENDLESS = np.asarray(UNENDING)


class Number(NamedTuple):
    """A number of a worksheet, for every paper."""

    value: Range
    """Where it lies, however it was rounded."""
    error: Range
    """How far it may lie from what its formula makes of what was written before."""
    inner: Range
    """The part of that which comes from roundings on the way to it."""
    places: Array
    """How many decimals it has; `UNENDING` where it may have been rounded."""
    items: Array
    """Of how many numbers that may be rounded it is a sum: 1 for a rounded number, 0 for an exact one."""
    loose: Range
    """Where it lies with its share of a rounding that it has together with other terms of a sum."""


class Inputs(NamedTuple):
    """A given number, for every paper."""

    value: Range
    places: Array


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
            closed = self._is_closed([term for _, term in terms], value) & (found.items > 0)
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
        digits = [_reciprocal_places(number) if divides else number.places for number, divides in factors]
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
            sure = zero | self._parts_fit(shares, digits)
            room = np.where(sure, 0.0, self._brackets(shares, units, core))
            inner = Range(-room, room)
        for i, j, w in slopes:
            rest = ONE
            for k, share in enumerate(shares):
                if k not in (i, j):
                    rest = multiplied(rest, share)
            room = np.where(zero, 0.0, magnitude(rest) * self._exponential_form(w))
            inner = Range(inner.low - room, inner.high + room)
        number = self._written(core, places, inner)
        # what is only multiplied by 1 was rounded before, if at all
        same = np.asarray(sum(unit.astype(int) for unit in units) >= len(shares) - 1)
        idle = same & (number.items > 0) & np.asarray([not divides for _, divides in factors]).all()
        if idle.any():
            number = merged(idle, number._replace(value=core, error=NOTHING, inner=NOTHING), number)
        return number

    def _parts_fit(self, shares: list[Range], digits: list[Array]) -> Array:
        """Where no partial product needs rounding: even without the factor that has the fewest digits."""
        worst = np.max(np.broadcast_arrays(*digits), axis=0)
        if self.carrying.on_grid:
            rest = sum(digits, start=np.asarray(0)) - np.min(np.broadcast_arrays(*digits), axis=0)
            return self.carrying.fits(
                np.asarray(1.0), np.where(worst < UNENDING, np.minimum(rest, UNENDING), UNENDING)
            )
        sizes = [magnitude(share) * 10.0**count for share, count in zip(shares, digits, strict=True)]
        sizes = [np.maximum(size, 1.0) for size in sizes]
        rest = np.prod(np.broadcast_arrays(*sizes), axis=0) / np.min(np.broadcast_arrays(*sizes), axis=0)
        return np.asarray(self.carrying.fits(rest, np.asarray(0)) & (worst < UNENDING))

    def _brackets(self, shares: list[Range], units: list[Array], core: Range) -> Array:
        """What the roundings of partial products may add, however the factors are bracketed.

        A tree of k factors has k − 2 partial products, and the i-th largest of these has at most k − i factors.
        A rounding of a partial product is multiplied by the factors outside it, at most by the product of the
        largest ones.
        """
        count = len(shares) - sum(unit.astype(int) for unit in units)
        if not self.carrying.on_grid:
            more = np.expm1(np.log1p(self.carrying.share) * np.maximum(count - 2, 0))
            return np.asarray(magnitude(core) * more * (1 + LIBRARY))
        sizes = np.array(np.broadcast_arrays(*(magnitude(share) for share in shares), core.low)[:-1])
        sizes = np.where(np.array(np.broadcast_arrays(*units, core.low)[:-1], dtype=bool), -1.0, sizes)
        sizes = -np.sort(-sizes, axis=0)  # the largest first, factors 1 last
        outside = np.cumprod(np.where(sizes < 0, 1.0, sizes), axis=0)[: len(shares) - 2]
        # outside[m] is the product of the m + 1 largest; a partial product of s factors has count − s outside
        number = np.arange(len(shares) - 2).reshape(-1, *[1] * core.low.ndim)
        outside = np.where(number < count - 2, outside, 0.0)
        best = np.maximum.accumulate(outside[::-1], axis=0)
        first = self.carrying.half * best.sum(axis=0)
        most = np.maximum(sizes, 1.0).prod(axis=0)
        inside = len(shares) - 2
        second = most * ((1 + self.carrying.half) ** inside - 1 - inside * self.carrying.half)
        return np.asarray((first + np.maximum(second, 0.0)) * (1 + LIBRARY) + most * 2.0**-50 * self.carrying.half)

    def _exponential_form(self, w: Range) -> Array:
        """What rounding may add to a(1 − a) that is worked as e^w/(1 + e^w)² or with −w."""
        small = FUNCTIONS["exp"](Range(-magnitude(w), -least(w)))
        if not self.carrying.on_grid:
            share = self.carrying.share
            return np.asarray(((1 + share) ** 2 / (1 - share) ** 3 - 1) * small.high)
        half = self.carrying.half
        more = Range(np.maximum(small.low - half, 0.0), small.high + half)
        base = 1 + more.low
        return np.asarray(half / (1 - half) * (1 / base**3 + more.high / base**4) * (1 + LIBRARY))

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
            inner = self._tanh(argument.value)
        return self._written(core, places, inner)

    def _logistic(self, w: Range) -> Number:
        """1/(1 + e^w), e^−w/(1 + e^−w), or in one go."""
        power = FUNCTIONS["exp"](w)
        core = inverted(added(ONE, power))
        if self.carrying.is_exact:
            return self._written(core, ENDLESS)
        below = self._fraction(power, (ONE, ONE), rounds_above=False)
        both = self._fraction(FUNCTIONS["exp"](negated(w)), (NOTHING, ONE), rounds_above=False)
        return self._written(core, ENDLESS, hull(below, both))

    def _tanh(self, u: Range) -> Range:
        """(e^2u − 1)/(e^2u + 1), or (e^u − e^−u)/(e^u + e^−u)."""
        square = self._fraction(FUNCTIONS["exp"](scaled(u, 2.0)), (negated(ONE), ONE), rounds_above=True)
        up, down = (self.carrying.rounded(FUNCTIONS["exp"](v)) for v in (u, negated(u)))
        total = added(up.value, down.value)
        # each of the two sums may be off by what two roundings make
        if self.carrying.on_grid:
            moved = np.asarray(2 * self.carrying.half)
        else:
            moved = magnitude(up.error) + magnitude(down.error) + magnitude(self.carrying.rounded(total).error)
        low = np.maximum(least(total) - moved, 0.0)
        most = moved / low * (1 + magnitude(FUNCTIONS["tanh"](u))) * (1 + LIBRARY)
        return hull(square, Range(-most, most))

    def _fraction(self, power: Range, shifts: tuple[Range, Range], *, rounds_above: bool) -> Range:
        """What rounding adds to (p + c)/(p + d), where p is an exponential; c = d = 1 stands for 1/(p + 1).

        What is above and below may see p rounded or not: where p was not, the sums are rounded.
        """
        value, error = self.carrying.rounded(power)
        value = Range(np.maximum(value.low, 0.0), value.high)
        below = added(value, shifts[1])
        above = ONE if shifts[0] is ONE else added(value, shifts[0])
        once = inverted(below)
        twice = multiplied(once, once)
        by_below = negated(multiplied(above, twice))
        if shifts[0] is ONE:
            slopes = by_below
        else:
            both = multiplied(subtracted(shifts[1], shifts[0]), twice)
            slopes = hull(hull(both, by_below), once if rounds_above else both)
        found = around(multiplied(slopes, error))
        if self.carrying.on_grid:
            return found
        lower = self.carrying.rounded(below)
        far = multiplied(multiplied(lower.error, above), inverted(multiplied(below, lower.value)))
        found = added(found, around(hull(far, negated(far))))
        if rounds_above:
            upper = self.carrying.rounded(above)
            far = multiplied(upper.error, inverted(lower.value))
            found = added(found, around(hull(far, negated(far))))
        return found

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


def within(a: Range, b: Range) -> Range:
    """What both enclosures agree on."""
    return Range(np.fmax(a.low, b.low), np.fmin(a.high, b.high))


def around(a: Range) -> Range:
    """The interval, and 0."""
    return Range(np.minimum(a.low, 0.0), np.maximum(a.high, 0.0))


def signed(sign: int, value: Range) -> Range:
    """A term with its sign."""
    return value if sign > 0 else negated(value)


def fixed(value: Range, places: Array) -> Number:
    """A number that nobody needs to round."""
    return Number(value, NOTHING, NOTHING, places, EXACT, value)


def merged(mask: Array, a: Number, b: Number) -> Number:
    """One number where the mask says so, else another."""
    return Number(
        picked(mask, a.value, b.value),
        picked(mask, a.error, b.error),
        picked(mask, a.inner, b.inner),
        np.where(mask, a.places, b.places),
        np.where(mask, a.items, b.items),
        picked(mask, a.loose, b.loose),
    )


def exact_number(value: Range, places: Array) -> Number:
    """A number of so many decimals, as sharp as floating point has it (0 is 0), and the decimals that it needs."""
    places = np.minimum(places, MOST_PLACES)
    tens = TENS[places]
    with np.errstate(invalid="ignore"):
        units = np.rint((value.low + value.high) / 2 * tens)
        mid = units / tens
        while (longer := (places > 0) & (np.fmod(units, 10) == 0)).any():
            units, places = np.where(longer, units / 10, units), places - longer
    blur = np.where(places == 0, 0.0, np.abs(mid) * ULP)
    return fixed(Range(mid - blur, mid + blur), places)


def decimals_of(p: int, q: int) -> int:
    """How many decimals p/q has; `UNENDING` where they do not end, or are more than are kept.

    >>> decimals_of(3, 8), decimals_of(1, 3)
    (3, 99)
    """
    for places in range(MOST_PLACES + 1):
        if 10**places % q == 0:
            return places
    return UNENDING


def _reciprocal_places(number: Number) -> Array:
    """The decimals of 1/v: none where v is 1 or −1; else those of the few numbers whose reciprocals are short."""
    low, high = np.abs(number.value.low), np.abs(number.value.high)
    same = (low == high) & (number.places < UNENDING)
    places = np.full(np.shape(low), UNENDING)
    for divisor, count in ((1, 0), (2, 1), (4, 2), (5, 1), (8, 3), (10, 1), (16, 4), (20, 2), (25, 2)):
        places = np.where(same & (low == divisor), count, places)
    return places
