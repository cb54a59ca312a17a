"""A derivative by its definition: the difference quotient, step by step, to its limit.

Every step is worked out by SymPy from the one before it; none is kept ready.  Polynomials and fractions are
multiplied out until h cancels, roots are freed by their conjugate, exp, ln, sin and cos are brought to the
standard limits, and sums, products and quotients of these to the quotients of their parts.

>>> x = formal("x")
>>> for step in derivative(x**2, x).steps:
...     print(step.move.name, step.expression)
INSERTED (-x**2 + (h + x)**2)/h
EXPANDED (h**2 + 2*x*h - struck(x**2) + struck(x**2))/h
FACTORED (2*x + h)*struck(h)/struck(h)
REDUCED 2*x + h
ARRIVED 2*x
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

import sympy as sp
from sympy import Expr, Symbol

from chalkgrad.algebra.cancelling import MOST_TERMS, Difference, difference, expanded, ordered, taken_apart
from chalkgrad.algebra.functions import defined, maximum, minimum, sigmoid
from chalkgrad.algebra.marks import arrived, struck, tends
from chalkgrad.algebra.ops import formal
from chalkgrad.algebra.order import add, call, minus, mul, over, power, rebuilt, written
from chalkgrad.errors import NotByDefinition
from chalkgrad.messages import Message


class Move(Enum):
    """What kind of move a step is."""

    DEFINED = "defined"  # σ(z) → 1/(1 + e⁻ᶻ)
    INSERTED = "inserted"  # f(x+h) − f(x) → (x + h)² − x²
    EXPANDED = "expanded"  # (x + h)² − x² → x² + 2xh + h² − x²
    FACTORED = "factored"  # 2xh + h² → h (2x + h)
    REDUCED = "reduced"  # h (2x + h)/h → 2x + h
    COMMON = "common denominator"  # 1/(x + h) − 1/x → (x − (x + h))/((x + h) x)
    CONJUGATE = "conjugate"  # √(x+h) − √x → (√(x+h) − √x)(√(x+h) + √x)/(√(x+h) + √x)
    LAW = "law"  # eˣ⁺ʰ → eˣ eʰ, ln a − ln b → ln a/b, sin(x + h) → sin x cos h + cos x sin h
    ADDED = "added and subtracted"  # uv(x+h) − uv(x) → … − u(x) v(x+h) + u(x) v(x+h) − …
    PARTED = "parted"  # a quotient of sums, products → the quotients of the parts, each with its limit
    STANDARD = "standard"  # (eʰ − 1)/h → 1
    ARRIVED = "arrived"  # h → 0 everywhere


class Standard(Enum):
    """A limit that one knows, as the argument tends to 0."""

    EXPONENTIAL = "exponential"  # (eᵘ − 1)/u → 1
    LOGARITHM = "logarithm"  # ln(1 + u)/u → 1
    SINE = "sine"  # sin u/u → 1
    COSINE = "cosine"  # (cos u − 1)/u → 0


@dataclass(frozen=True)
class Step:
    """One expression of the chain of equalities."""

    move: Move
    expression: Expr
    """In written order, with marks; its limit as h → 0 is meant, but for the one that has arrived."""
    standards: tuple[Standard, ...] = ()
    """The standard limits that are used to leave it."""


@dataclass(frozen=True)
class Limit:
    """The derivative of a function by one of its variables, from the difference quotient on."""

    function: Expr
    variable: Symbol
    increment: Symbol
    """The h that tends to 0."""
    steps: tuple[Step, ...]
    """From the difference quotient to the derivative."""
    parts: tuple[Limit, ...] = ()
    """The quotients inside, whose limits are worked out on their own."""
    nonzero: Expr | None = None
    """What is divided by on the way and may be 0 for some values of the other variables."""

    @property
    def result(self) -> Expr:
        """The derivative."""
        return self.steps[-1].expression


def derivative(function: Expr, variable: Symbol) -> Limit:
    """The steps from the difference quotient to the derivative; the function in written order.

    Raises `NotByDefinition` for what cannot be brought to the standard limits (a kink, tanh, eᶠ with more than a
    fraction above), and for what is too long for a line.
    """
    used = {symbol.name for symbol in function.free_symbols}
    letter = next((letter for letter in ("h", "t", "s", "k", "d") if letter not in used), "Delta")
    return _Worker(variable, formal(letter)).work(function)


_Parts = tuple[Limit, ...]

_SPELLED = {maximum: "max", minimum: "min"}
"""What a formula calls a function that has another name here."""


@dataclass(frozen=True)
class _Worker:
    """Works out difference quotients by one variable."""

    x: Symbol
    h: Symbol

    def work(self, f: Expr) -> Limit:
        """The limit of the difference quotient of f."""
        if isinstance(f, sigmoid):
            whole = self.work(written(defined(f)))
            first = Step(Move.INSERTED, self._quotient(self._ahead(f), f))
            return Limit(
                f,
                self.x,
                self.h,
                (first, Step(Move.DEFINED, whole.steps[0].expression), *whole.steps[1:]),
                whole.parts,
            )
        for rule in (
            self._rational,
            self._root,
            self._known,
            self._sum,
            self._scaled,
            self._product,
            self._inverse,
        ):
            if (found := rule(f)) is not None:
                return found
        if f.is_Pow:
            raise NotByDefinition(Message("a power with the exponent {exponent}", exponent=str(f.exp)))
        name = _SPELLED.get(f.func, f.func.__name__.lower())
        raise NotByDefinition(Message('"{function}" has no standard limit', function=name))

    # ---- fractions, with polynomials as the simplest ------------------------------------------------------

    def _rational(self, f: Expr) -> Limit | None:
        top, bottom = sp.fraction(sp.together(f.doit()))
        if not (top.is_polynomial(self.x) and bottom.is_polynomial(self.x)):
            return None
        if bottom.is_Rational:
            return self._polynomial(f)
        top, bottom = self._pinned(top, f), self._pinned(bottom, f)
        later, above = self._ahead(bottom), self._ahead(top)
        denominators = (later, bottom) if bottom.has(self.x) else (bottom,)
        if bottom.has(self.x):
            plus, less = joined(above, bottom), joined(top, later)
        else:
            plus, less = above, top
        whole = self._difference(plus, less)
        steps = [
            Step(Move.INSERTED, self._quotient(self._ahead(f), f)),
            Step(Move.COMMON, over(_minus(plus, less), mul(self.h, *denominators))),
            Step(Move.EXPANDED, over(whole.struck, mul(self.h, *denominators))),
            Step(Move.FACTORED, whole.over(*denominators)),
            Step(Move.REDUCED, whole.reduced(*denominators)),
        ]
        return self._limit(f, steps)

    def _polynomial(self, f: Expr) -> Limit:
        whole = self._difference(self._ahead(f), f)
        steps = [
            Step(Move.INSERTED, self._quotient(self._ahead(f), f)),
            Step(Move.EXPANDED, over(whole.struck, self.h)),
        ]
        if whole.inside != 0:
            steps += [Step(Move.FACTORED, whole.over()), Step(Move.REDUCED, whole.reduced())]
        return self._limit(f, steps)

    # ---- roots --------------------------------------------------------------------------------------------

    def _root(self, f: Expr) -> Limit | None:
        if not (f.is_Pow and f.exp == sp.Rational(1, 2)):
            return None
        u = f.base
        ahead, later = self._ahead(f), self._ahead(u)
        both = add(ahead, f)
        steps = [
            Step(Move.INSERTED, self._quotient(ahead, f)),
            Step(Move.CONJUGATE, over(mul(_minus(ahead, f), both), mul(self.h, both))),
        ]
        if not expanded(u).is_polynomial(self.x):
            part = self.work(self._moving(u))
            steps += [
                Step(Move.REDUCED, over(_minus(later, u), mul(self.h, both))),
                Step(Move.EXPANDED, over(self._still_struck(u, later), mul(self.h, both))),
                Step(Move.PARTED, mul(self._parted(part), over(1, both))),
            ]
            return self._limit(f, steps, (part,))
        whole = self._difference(later, u)
        steps += [
            Step(Move.EXPANDED, over(whole.struck, mul(self.h, both))),
            Step(Move.FACTORED, whole.over(both)),
            Step(Move.REDUCED, whole.reduced(both)),
        ]
        return self._limit(f, steps)

    # ---- functions with a standard limit ------------------------------------------------------------------

    def _known(self, f: Expr) -> Limit | None:
        rule = _KNOWN.get(f.func)
        if rule is None:
            return None
        u = f.args[0]
        change = expanded(self._ahead(u).doit() - u.doit())
        if not sp.together(change).is_rational_function(self.x, self.h):
            raise NotByDefinition(Message('what stands inside "{function}" is no fraction', function=str(f.func)))
        k = sp.cancel(sp.together(change) / self.h)
        inside = _without_minuses(ordered(k, self.h)) if k.is_polynomial(self.h) else written(k)
        found = [Step(Move.INSERTED, self._quotient(self._ahead(f), f)), *rule(self, f, u, inside)]
        return self._limit(f, found, nonzero=None if k.is_Rational or k.has(self.x) else inside)

    def _exponential(self, f: Expr, u: Expr, k: Expr) -> list[Step]:
        change, later = self._change(k), call(sp.exp, self._change(k))
        whole = tends(over(add(later, minus(1)), change), sp.Integer(1))
        steps = [Step(Move.LAW, over(add(mul(f, later), minus(f)), self.h))]
        if k != 1:
            steps.append(Step(Move.FACTORED, over(mul(f, add(later, minus(1))), self.h)))
        return [*steps, Step(Move.STANDARD, joined(k, f, whole), (Standard.EXPONENTIAL,))]

    def _logarithm(self, f: Expr, u: Expr, k: Expr) -> list[Step]:
        share = sp.cancel(k.doit() / u.doit())
        top, bottom = sp.fraction(share)
        small = over(self._change(written(top)), written(bottom))
        whole = tends(over(call(sp.log, add(1, small)), small), sp.Integer(1))
        return [
            Step(Move.LAW, over(call(sp.log, over(self._ahead(u), u)), self.h)),
            Step(Move.EXPANDED, over(call(sp.log, add(1, small)), self.h)),
            Step(Move.STANDARD, mul(over(written(top), written(bottom)), whole), (Standard.LOGARITHM,)),
        ]

    def _sine(self, f: Expr, u: Expr, k: Expr) -> list[Step]:
        return self._angle(f, call(sp.cos, u), add, k)

    def _cosine(self, f: Expr, u: Expr, k: Expr) -> list[Step]:
        return self._angle(f, call(sp.sin, u), _minus, k)

    def _angle(self, f: Expr, other: Expr, both: Callable[[Expr, Expr], Expr], k: Expr) -> list[Step]:
        """sin and cos alike, for the angle u and its change k h."""
        change = self._change(k)
        sine, cosine = call(sp.sin, change), call(sp.cos, change)
        flat = tends(over(add(cosine, minus(1)), change), sp.Integer(0))
        steep = tends(over(sine, change), sp.Integer(1))
        law = both(mul(f, cosine), mul(other, sine))
        return [
            Step(Move.LAW, over(add(*law.args, minus(f)), self.h)),
            Step(
                Move.STANDARD,
                both(joined(k, f, flat), joined(k, other, steep)),
                (Standard.COSINE, Standard.SINE),
            ),
        ]

    # ---- sums, products, quotients ------------------------------------------------------------------------

    def _sum(self, f: Expr) -> Limit | None:
        if not f.is_Add:
            return None
        shares = [self._peeled(term) for term in f.args if term.has(self.x)]
        parts = [self.work(moving) for _, moving in shares]
        steps = [
            Step(Move.INSERTED, self._quotient(self._ahead(f), f)),
            Step(Move.EXPANDED, over(self._still_struck(f, self._ahead(f)), self.h)),
            Step(
                Move.PARTED,
                add(*(joined(*still, self._parted(part)) for (still, _), part in zip(shares, parts, strict=True))),
            ),
        ]
        return self._limit(f, steps, tuple(parts))

    def _scaled(self, f: Expr) -> Limit | None:
        if not f.is_Mul:
            return None
        still, moving = self._peeled(f)
        if not still:
            return None
        part = self.work(moving)
        if set(still) == {1}:
            return part
        steps = [
            Step(Move.INSERTED, self._quotient(self._ahead(f), f)),
            Step(Move.PARTED, joined(*still, self._parted(part))),
        ]
        return self._limit(f, steps, (part,))

    def _product(self, f: Expr) -> Limit | None:
        if f.is_Pow and f.exp.is_Integer and f.exp > 1:
            first, second = f.base, f.base if f.exp == 2 else power(f.base, f.exp - 1)
        elif f.is_Mul:
            first, second = f.args[0], mul(*f.args[1:])
        else:
            return None
        ahead, later = self._ahead(first), self._ahead(second)
        one, two = self.work(first), self.work(second)
        cross = mul(first, later)
        steps = [
            Step(Move.INSERTED, self._quotient(self._ahead(f), f)),
            Step(
                Move.ADDED,
                over(add(mul(ahead, later), minus(cross), cross, minus(mul(first, second))), self.h),
            ),
            Step(Move.PARTED, add(mul(self._parted(one), later), mul(first, self._parted(two)))),
        ]
        return self._limit(f, steps, (one,) if first == second else (one, two))

    def _inverse(self, f: Expr) -> Limit | None:
        if not (f.is_Pow and f.exp.is_Rational and f.exp < 0):
            return None
        k = f.base if f.exp == -1 else power(f.base, -f.exp)
        later = self._ahead(k)
        part = self.work(self._moving(k))
        steps = [
            Step(Move.INSERTED, self._quotient(self._ahead(f), f)),
            Step(Move.COMMON, over(_minus(k, later), mul(self.h, later, k))),
            Step(Move.EXPANDED, over(self._still_struck(later, k), mul(self.h, later, k))),
            Step(Move.PARTED, minus(mul(self._parted(part), over(1, mul(later, k))))),
        ]
        return self._limit(f, steps, (part,))

    # ---- what they share ----------------------------------------------------------------------------------

    def _limit(self, f: Expr, steps: list[Step], parts: _Parts = (), nonzero: Expr | None = None) -> Limit:
        """The steps without those that say nothing new, and the result."""
        kept = steps[:1]
        for step in steps[1:]:
            if _bare(kept[-1].expression) == _bare(step.expression):
                kept[-1] = replace(kept[-1], expression=step.expression)  # this one has the marks
            else:
                kept.append(step)
        last = kept[-1].expression
        result = self._pinned(arrived(last).subs(self.h, 0), f)
        if kept[-1].move is Move.REDUCED and not last.has(self.h):
            kept.pop()
        return Limit(f, self.x, self.h, (*kept, Step(Move.ARRIVED, result)), _worth_saying(parts), nonzero)

    def _ahead(self, e: Expr) -> Expr:
        """The same with x + h for x."""
        return rebuilt(e, lambda part: add(self.x, self.h) if part == self.x else None)

    def _parted(self, part: Limit) -> Expr:
        """The quotient of a part, with its limit below."""
        f = part.function
        return tends(self._quotient(self._ahead(f), f), part.result)

    def _pinned(self, e: Expr, f: Expr) -> Expr:
        """What SymPy computed, with the sums and functions of f as they are written there."""
        known = {
            part.doit(): Symbol(f"~{i}", real=True) for i, part in enumerate(_compounds(f)) if part.has(self.x)
        }
        own = {known[part.doit()]: part for part in _compounds(f) if part.doit() in known}
        return rebuilt(written(e.xreplace(known)), own.get)

    def _peeled(self, term: Expr) -> tuple[list[Expr], Expr]:
        """The factors without x, and the product of those with it."""
        factors = _flat(term)
        still = [factor for factor in factors if not factor.has(self.x)]
        return still, mul(*(factor for factor in factors if factor.has(self.x)))

    def _moving(self, e: Expr) -> Expr:
        """The terms that depend on x."""
        return add(*(term for term in sp.Add.make_args(e) if term.has(self.x)))

    def _still_struck(self, less: Expr, plus: Expr) -> Expr:
        """A difference term by term; those without x cancel."""

        def marked(term: Expr) -> Expr:
            return (
                term
                if term.has(self.x)
                else minus(struck(_negative(term)))
                if _is_negative(term)
                else struck(term)
            )

        first = [marked(term) for term in sp.Add.make_args(plus)]
        return add(*first, *(_negative(marked(term)) for term in sp.Add.make_args(less)))

    def _quotient(self, later: Expr, now: Expr) -> Expr:
        return over(_minus(later, now), self.h)

    def _change(self, k: Expr) -> Expr:
        """k h, the change of what stands inside a function."""
        return joined(k, self.h)

    def _difference(self, plus: Expr, less: Expr) -> Difference:
        whole = difference(plus, less, self.h)
        if whole.terms > MOST_TERMS:
            raise NotByDefinition(
                Message(
                    "multiplied out it has {count} terms; at most {most} are shown",
                    count=whole.terms,
                    most=MOST_TERMS,
                )
            )
        return whole


_KNOWN: Mapping[Any, Callable[[_Worker, Expr, Expr, Expr], list[Step]]] = {
    sp.exp: _Worker._exponential,
    sp.log: _Worker._logarithm,
    sp.sin: _Worker._sine,
    sp.cos: _Worker._cosine,
}


def joined(*factors: Expr) -> Expr:
    """A product in which no 1 is written and a minus stands in front."""
    flat = [part for factor in factors for part in _flat(factor)]
    sign = sp.prod(part for part in flat if part in (1, -1))
    rest = [part for part in flat if part not in (1, -1)]
    product = mul(*rest) if rest else sp.Integer(1)
    return minus(product) if sign == -1 else product


def _flat(product: Expr) -> list[Expr]:
    """The factors of a product, and of the products in it."""
    return [part for factor in product.args for part in _flat(factor)] if product.is_Mul else [product]


def _compounds(f: Expr) -> Iterator[Expr]:
    """The sums and functions of a formula, outermost first."""
    if f.is_Add or f.is_Function:
        yield f
    for part in f.args:
        yield from _compounds(part)


def _without_minuses(e: Expr) -> Expr:
    """A sum of nothing but negative terms as the negative of a sum."""
    terms = sp.Add.make_args(e)
    return minus(add(*map(_negative, terms))) if len(terms) > 1 and all(map(_is_negative, terms)) else e


def _is_negative(term: Expr) -> bool:
    return taken_apart(term)[0]


def _negative(term: Expr) -> Expr:
    negative, body = taken_apart(term)
    return body if negative else minus(term)


def _minus(plus: Expr, less: Expr) -> Expr:
    """`plus − less`; a sum that is taken away stays together."""
    return add(*sp.Add.make_args(plus), minus(less))


def _bare(expression: Expr) -> Expr:
    """As written, nothing struck."""
    return rebuilt(expression, lambda part: _bare(part.args[0]) if isinstance(part, struck) else None)


def _worth_saying(parts: tuple[Limit, ...]) -> tuple[Limit, ...]:
    """Parts whose limit is not plain: (3(x + h) − 3x)/h → 3 needs no lines of its own."""
    return tuple(
        part for part in dict.fromkeys(parts) if part.result.has(part.variable) or not _is_polynomial(part)
    )


def _is_polynomial(part: Limit) -> bool:
    return bool(part.function.doit().is_polynomial(part.variable))
