"""What cancels in a difference: both sides multiplied out, equal terms struck, a letter put in front of the rest.

>>> x, h = sp.symbols("x h", real=True)
>>> whole = difference((x + h) ** 2, x**2, h)
>>> whole.struck, whole.inside
(struck(x**2) + 2*x*h + h**2 - struck(x**2), 2*x + h)
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp
from sympy import Expr, Symbol

from chalkgrad.algebra.marks import struck
from chalkgrad.algebra.order import add, minus, mul, over, power, written

MOST_TERMS = 12
"""A longer difference does not fit on a line."""


@dataclass(frozen=True)
class Difference:
    """A difference of two expressions whose every term left has a factor h."""

    struck: Expr
    """Multiplied out, what cancels struck."""
    inside: Expr
    """What is left, divided by h."""
    letter: Symbol
    terms: int
    """How many terms there are before any cancels."""

    def over(self, *others: Expr) -> Expr:
        """What is left over h and other factors, both h struck."""
        h, (negative, inside) = struck(self.letter), taken_apart(self.inside)
        fraction = over(mul(h, inside) if inside.is_Add else _times(inside, h), mul(h, *others))
        return minus(fraction) if negative else fraction

    def reduced(self, *others: Expr) -> Expr:
        """The same without h."""
        if not others:
            return self.inside
        negative, inside = taken_apart(self.inside)
        fraction = over(inside, mul(*others))
        return minus(fraction) if negative else fraction


def difference(plus: Expr, less: Expr, letter: Symbol) -> Difference:
    """`plus − less`, multiplied out; every term that is left has the letter as a factor."""
    first, second = terms(plus, letter), terms(less, letter)
    equal = set(first) & set(second)
    shown = [_struck(term, term in equal, letter) for term in first]
    shown += [_struck(-term, term in equal, letter) for term in second]
    rest = terms(sp.Add(*first) - sp.Add(*second), letter)
    inside = [in_order(sp.cancel(term / letter), letter) for term in rest]
    return Difference(_sum(shown), _sum(inside), letter, len(shown))


def expanded(expression: Expr) -> Expr:
    """Multiplied out, functions left as they are."""
    return sp.expand(
        expression.doit(), power_exp=False, power_base=False, log=False, trig=False, func=False, complex=False
    )


def terms(expression: Expr, letter: Symbol) -> list[Expr]:
    """The terms of an expression, multiplied out, by rising powers of a letter; no minus in front if one can."""

    def degree(term: Expr) -> int:
        return int(sp.degree(term, letter)) if term.has(letter) else 0

    found = sorted((term for term in expanded(expression).as_ordered_terms() if term != 0), key=degree)
    first = next((t for t in found if not taken_apart(t)[0] and degree(t) == degree(found[0])), None)
    return found if first is None else [first, *(term for term in found if term is not first)]


def ordered(polynomial: Expr, letter: Symbol) -> Expr:
    """A polynomial by rising powers of a letter, which stands last in its terms."""
    return add(*(in_order(term, letter) for term in terms(polynomial, letter)))


def in_order(term: Expr, letter: Symbol) -> Expr:
    """A term with the letter last: `2xh`, as it came about."""
    rest, own = term.as_independent(letter, as_Add=False)
    if own == 1 or own.is_Add:
        return written(term)
    last = power(own.base, own.exp) if own.is_Pow else own
    return _times(written(rest), last)


def _sum(terms: list[Expr]) -> Expr:
    return add(*terms) if terms else sp.Integer(0)


def _times(factor: Expr, last: Expr) -> Expr:
    """A product in which a factor of 1 is not written, and a minus stays in front."""
    if factor == 1:
        return last
    return mul(*factor.args, last) if factor.is_Mul else mul(factor, last)


def taken_apart(term: Expr) -> tuple[bool, Expr]:
    """Whether a term has a minus in front, and the term without it."""
    if term.is_Rational and term < 0:
        return True, -term
    if term.is_Mul and term.args[0].is_Rational and term.args[0] < 0:
        return True, _times(-term.args[0], mul(*term.args[1:]))
    return False, term


def _struck(term: Expr, cancels: bool, letter: Symbol) -> Expr:
    """A term of a sum; where it cancels, struck without its sign."""
    negative = term.could_extract_minus_sign()
    body = in_order(-term if negative else term, letter)
    marked = struck(body) if cancels else body
    return minus(marked) if negative else marked
