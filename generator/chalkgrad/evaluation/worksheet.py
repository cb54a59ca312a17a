"""What a student writes on the way to an answer: the elementary operations, each result a number to be rounded.

A compiled formula is interpreted by a `Pencil`, an arithmetic whose numbers are places on the sheet.  Products of
several factors and sums of several terms stay whole: in which order a student works them is open.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from chalkgrad.evaluation.fold import Compiled

MOST_TERMS = 12
"""A sum over more paths than this nobody multiplies out."""


class Given(NamedTuple):
    """A number of the paper, by its register."""

    register: int


class Constant(NamedTuple):
    """A positive fraction of a formula (or 0) whose decimals end."""

    p: int
    q: int


class Pi(NamedTuple):
    """π."""


class Sum(NamedTuple):
    """Terms with their signs, in any order."""

    terms: tuple[tuple[int, int], ...]
    """Sign and place of each."""


class Product(NamedTuple):
    """Factors, in any order."""

    factors: tuple[tuple[int, bool], ...]
    """The place of each, and whether it is divided by."""
    slopes: tuple[tuple[int, int, int], ...] = ()
    """Pairs of factors a and 1 − a (by their number), where a = 1/(1 + e^w), and the place of w: the pair may also
    be worked as e^w/(1 + e^w)²."""


class Function(NamedTuple):
    """A function of one number, read off a calculator."""

    name: str
    argument: int


class Root(NamedTuple):
    """The q-th root."""

    argument: int
    q: int


class Logistic(NamedTuple):
    """1/(1 + e^w), in one go or by way of the exponential."""

    argument: int
    """The place of w."""


class Floor(NamedTuple):
    """The whole part."""

    argument: int


class Choose(NamedTuple):
    """One of three, by the sign of the switch."""

    switch: int
    above: int
    at: int
    below: int


Entry: TypeAlias = Given | Constant | Pi | Sum | Product | Function | Root | Logistic | Floor | Choose


def used_by(entry: Entry) -> tuple[int, ...]:
    """The places that an entry uses."""
    match entry:
        case Sum(terms):
            return tuple(place for _, place in terms)
        case Product(factors, slopes):
            return (*(place for place, _ in factors), *(w for _, _, w in slopes))
        case Function(_, argument) | Root(argument, _) | Logistic(argument) | Floor(argument):
            return (argument,)
        case Choose():
            return tuple(entry)
    return ()


class Times(NamedTuple):
    """A product that may still take more factors."""

    sign: int
    factors: tuple[tuple[int, bool], ...]


class Plus(NamedTuple):
    """A sum that may still take more terms."""

    terms: tuple[Times, ...]


Written: TypeAlias = Times | Plus
ONE = Times(1, ())


def times(a: Times, b: Times) -> Times:
    """All factors of both."""
    return Times(a.sign * b.sign, a.factors + b.factors)


class Worksheet:
    """Entries, each written once, each using only what stands above it."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self._places: dict[tuple[type, Entry], int] = {}

    def enter(self, entry: Entry) -> int:
        """The place of an entry."""
        key = (type(entry), entry)  # tuples of two kinds may be equal
        found = self._places.get(key)
        if found is None:
            found = self._places[key] = len(self.entries)
            self.entries.append(entry)
        return found

    def known(self, entry: Entry) -> int:
        """The place of an entry; −1 where it is not on the sheet."""
        return self._places.get((type(entry), entry), -1)

    def place(self, written: Written) -> int:
        """Where a sum or product stands once it is finished."""
        if isinstance(written, Plus):
            if len(written.terms) == 1:
                return self.place(written.terms[0])
            return self.enter(Sum(tuple((t.sign, self.place(t._replace(sign=1))) for t in written.terms)))
        if written.sign < 0:
            return self.enter(Sum(((-1, self.place(written._replace(sign=1))),)))
        if not written.factors:
            return self.enter(Constant(1, 1))
        if len(written.factors) == 1 and not written.factors[0][1]:
            return written.factors[0][0]
        return self.enter(Product(written.factors, tuple(self._logistic_slopes(written.factors))))

    def _logistic_slopes(self, factors: tuple[tuple[int, bool], ...]) -> Iterator[tuple[int, int, int]]:
        """Which factors are a and 1 − a of a logistic function."""
        one = self.known(Constant(1, 1))
        for i, (place, is_divisor) in enumerate(factors):
            entry = self.entries[place]
            rest = (self.known(Sum(((1, one), (-1, place)))), False)
            if isinstance(entry, Logistic) and not is_divisor and rest in factors:
                yield i, factors.index(rest), entry.argument

    def logistic(self, place: int) -> int | None:
        """The w of 1 + e^w at a place; None where something else stands there."""
        entry = self.entries[place]
        if isinstance(entry, Sum) and len(entry.terms) == 2 and {sign for sign, _ in entry.terms} == {1}:
            parts = [self.entries[term] for _, term in entry.terms]
            for one, other in (parts, parts[::-1]):
                if (
                    isinstance(one, Constant)
                    and one == (1, 1)
                    and isinstance(other, Function)
                    and other.name == "exp"
                ):
                    return other.argument
        return None


class Pencil:
    """The arithmetic that writes a worksheet."""

    def __init__(self, sheet: Worksheet, given: Mapping[int, Fraction], *, spread: bool) -> None:
        self.sheet = sheet
        self.given = given
        """The numbers of an example of this structure: exponents are the same for all papers."""
        self.spread = spread
        """Whether products with sums are multiplied out."""

    def at(self, place: int) -> Times:
        """What stands at a place already."""
        return Times(1, ((place, False),))

    def rational(self, p: int, q: int) -> Written:
        """p/q; where its decimals do not end, p is divided by q."""
        sign, p = (-1, -p) if p < 0 else (1, p)
        rest = q
        for prime in (2, 5):
            while rest % prime == 0:
                rest //= prime
        if rest == 1:
            return Times(sign, () if p == q == 1 else ((self.sheet.enter(Constant(p, q)), False),))
        above = () if p == 1 else ((self.sheet.enter(Constant(p, 1)), False),)
        return Times(sign, (*above, (self.sheet.enter(Constant(q, 1)), True)))

    def add(self, a: Written, b: Written) -> Written:
        """a + b."""
        terms = [term for part in (a, b) for term in (part.terms if isinstance(part, Plus) else (part,))]
        return Plus(tuple(terms))

    def mul(self, a: Written, b: Written) -> Written:
        """a · b."""
        if isinstance(a, Times) and isinstance(b, Times):
            return times(a, b)
        left = a.terms if isinstance(a, Plus) else (a,)
        right = b.terms if isinstance(b, Plus) else (b,)
        if self.spread and len(left) * len(right) <= MOST_TERMS:
            return Plus(tuple(times(u, v) for u in left for v in right))
        return times(self.whole(a), self.whole(b))

    def whole(self, a: Written) -> Times:
        """A number as one factor; a product keeps its factors."""
        return a if isinstance(a, Times) else self.at(self.sheet.place(a))

    def product(self, factors: Sequence[Compiled], values: Sequence[Written]) -> Written:
        """The product of what the factors give."""
        result: Written = ONE
        for factor in factors:
            result = self.mul(result, factor(self, values))
        return result

    def power(self, a: Written, p: int, q: int) -> Written:
        """a to the power p/q."""
        if q != 1:
            place = self.sheet.place(a)
            a = self.at(self.sheet.enter(Function("sqrt", place) if q == 2 else Root(place, q)))
        base = self.whole(a)
        if p == -1 and base.sign > 0 and len(base.factors) == 1 and not base.factors[0][1]:
            exponent = self.sheet.logistic(base.factors[0][0])
            if exponent is not None:
                return self.at(self.sheet.enter(Logistic(exponent)))
        factors = base.factors if p > 0 else tuple((place, not divisor) for place, divisor in base.factors)
        return Times(base.sign ** abs(p), factors * abs(p))

    def raised(self, a: Written, b: Written) -> Written:
        """a to the power b, a whole number of the formula or of the paper."""
        entry = self.sheet.entries[self.sheet.place(b)]
        exponent = self.given[entry.register] if isinstance(entry, Given) else Fraction(*entry)
        return self.power(a, int(exponent), 1) if exponent else ONE

    def floor(self, a: Written) -> Written:
        """The whole part."""
        return self.at(self.sheet.enter(Floor(self.sheet.place(a))))

    def function(self, name: str, a: Written) -> Written:
        """A function of a."""
        return self.at(self.sheet.enter(Function(name, self.sheet.place(a))))

    def pi(self) -> Written:
        """π."""
        return self.at(self.sheet.enter(Pi()))

    def choose(self, switch: Written, cases: Sequence[Compiled], values: Sequence[Written]) -> Written:
        """One of three."""
        places = [self.sheet.place(case(self, values)) for case in cases]
        return self.at(self.sheet.enter(Choose(self.sheet.place(switch), *places)))
