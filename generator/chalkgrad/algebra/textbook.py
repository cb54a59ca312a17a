"""From what the rules of differentiation leave to the form that textbooks print, one rewriting a line.

What a board needs a trick for (1 is added and taken away) is plain simplification when it is read backwards.  So
the textbook form is simplified, one named move a line, until it meets what the rules left; then the lines are
read from the end.

>>> z = formal("z")
>>> logistic = over(1, add(1, call(sp.exp, minus(z))))
>>> for move in textbook_moves(logistic, z, mul(OUTPUT, add(1, minus(OUTPUT))), call(sigmoid, z))[-4:]:
...     print([rule.name for rule in move.rules], move.result)
['FRACTIONS'] (1/(1 + exp(-z)))*(exp(-z)/(1 + exp(-z)))
['ZERO'] (1/(1 + exp(-z)))*((1 + exp(-z) - 1)/(1 + exp(-z)))
['SPLIT'] (1/(1 + exp(-z)))*(1 - 1/(1 + exp(-z)))
['NAMED'] (1 - sigmoid(z))*sigmoid(z)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import sympy as sp
from sympy import Expr, Symbol

from chalkgrad.algebra.differentiation import SPELLED_OUT, UNDONE_BY, Move, Rule, differentiated, prime, taken
from chalkgrad.algebra.functions import DEFINITIONS
from chalkgrad.algebra.ops import OUTPUT
from chalkgrad.algebra.order import add, call, minus, mul, over, power
from chalkgrad.algebra.tidying import alike, fraction_of, rebuilt, replaced, tidied

MOST = 12
"""More rewritings than this no reader would follow."""


def textbook_moves(formula: Expr, variable: Symbol, goal: Expr | None, named: Expr = OUTPUT) -> list[Move]:
    """The derivative of a function, line by line, up to its textbook form.

    `goal` is that form, in the variable and in `OUTPUT` for the function's own value; `named` is how the last
    line writes that value.  Without a goal the lines end where the rules of differentiation do.
    """
    if formula.func in UNDONE_BY and formula.args == (variable,):
        return _by_inverse(formula, variable)
    moves = []
    if formula.func in SPELLED_OUT and formula.args == (variable,):
        formula = SPELLED_OUT[formula.func](variable)
        moves.append(Move((Rule.DEFINITION,), call(prime, formula, variable)))
    moves += differentiated(formula, variable)
    if goal is None:
        return [*moves, *_gathered(moves[-1].result)]
    moves += towards(moves[-1].result, _put(goal, formula), Rule.NAMED if goal.func in DEFINITIONS else Rule.TIDY)
    if goal.has(OUTPUT):
        moves.append(Move((Rule.NAMED,), _put(goal, named)))
    return moves


def _by_inverse(formula: Expr, z: Symbol) -> list[Move]:
    """The derivative of arctan from that of tan: f′(z) = 1/g′(f(z)), where g undoes f."""
    inverse = UNDONE_BY[formula.func]
    slope = prime(call(inverse, OUTPUT), OUTPUT)
    lines = [Move((Rule.INVERSE,), over(1, slope))]
    lines += [Move(move.rules, over(1, move.result)) for move in taken(slope)]
    undone = replaced(lines[-1].result, call(inverse, OUTPUT), z)
    return [*lines, Move((Rule.UNDO,), undone)]


def _gathered(line: Expr) -> Iterator[Move]:
    if (gathered := _equal_factors(line)) != line:
        yield Move((Rule.EQUAL_FACTORS,), gathered)


def towards(start: Expr, goal: Expr, otherwise: Rule = Rule.TIDY) -> Iterator[Move]:
    """From one form to an equal one; where no tricks lead there it is reached in one move, called `otherwise`."""
    lines = [(start, ()), *((move.result, move.rules) for move in _gathered(start))]
    back: list[tuple[Expr, Rule]] = []
    here = goal
    while not any(alike(here, line) for line, _ in lines):
        found = next(
            ((rule, other) for rule, simplify in _SIMPLER if (other := _once(here, simplify)) != here), None
        )
        if found is None or len(back) > MOST:
            back, here = [], goal
            break
        rule, other = found
        back.append((here, rule))
        here = other
    met = next((i for i, (line, _) in enumerate(lines) if alike(here, line)), len(lines) - 1)
    for line, rules in lines[1 : met + 1]:
        yield Move(rules, line)
    if not back and not alike(goal, lines[met][0]):
        yield Move((otherwise,), goal)
    for line, rule in reversed(back):
        yield Move((rule,), line)


def _put(goal: Expr, value: Expr) -> Expr:
    """The textbook form with a value in the place of the output, case by case."""
    if not isinstance(goal, sp.Piecewise):
        return replaced(goal, OUTPUT, value)
    return rebuilt(goal, [(replaced(e, OUTPUT, _case(value, i)), c) for i, (e, c) in enumerate(goal.args)])


def _case(value: Expr, place: int) -> Expr:
    """What a function given by cases is in one of them."""
    return value.args[place][0] if isinstance(value, sp.Piecewise) else value


def _once(e: Expr, simplify: Callable[[Expr], Expr]) -> Expr:
    """A simplification at the first place where it does something; e itself where it does nothing."""
    if (simpler := simplify(e)) != e:
        return simpler
    if isinstance(e, sp.Piecewise):
        for i, (branch, _) in enumerate(e.args):
            if (other := _once(branch, simplify)) != branch:
                return rebuilt(e, [(other if i == j else b, c) for j, (b, c) in enumerate(e.args)])
        return e
    for i, part in enumerate(e.args):
        if (other := _once(part, simplify)) != part:
            return rebuilt(e, [*e.args[:i], other, *e.args[i + 1 :]])
    return e


def _equal_factors(e: Expr) -> Expr:
    """`u u` as `u²`, everywhere."""
    if e.is_Mul:
        counted: list[tuple[Expr, Expr]] = []
        for factor in map(_equal_factors, e.args):
            base, exponent = (
                (factor.base, factor.exp) if factor.is_Pow and not isinstance(factor, sp.exp) else (factor, 1)
            )
            known = next((i for i, (other, _) in enumerate(counted) if alike(other, base)), None)
            if known is None or base.is_Rational or (exponent != 1 and exponent < 0) or counted[known][1] < 0:
                counted.append((base, sp.Integer(1) * exponent))
            else:
                counted[known] = (base, counted[known][1] + exponent)
        return mul(*(base if exponent == 1 else power(base, exponent) for base, exponent in counted))
    if isinstance(e, sp.Piecewise) or not e.args:
        return e
    return rebuilt(e, [_equal_factors(part) for part in e.args])


# ---- simplifications of a textbook form, each the reverse of a trick -------------------------------------------


def _power_inside(e: Expr) -> Expr:
    """(u/v)² → u²/v²."""
    if e.is_Pow and not isinstance(e, sp.exp) and e.exp.is_Integer and e.exp > 1:
        above, below = fraction_of(e.base)
        if below != 1:
            return over(power(above, e.exp), power(below, e.exp))
    return e


def _one_fraction(e: Expr) -> Expr:
    """1 − u/v → (v − u)/v."""
    if not e.is_Add or len(e.args) != 2:
        return e
    first, second = e.args
    negative = second.is_Mul and second.args[0] == -1
    above, below = fraction_of(mul(*second.args[1:]) if negative else second)
    if first != 1 or below == 1:
        return e
    terms = below.args if below.is_Add else (below,)
    return over(add(*terms, minus(above) if negative else above), below)


def _cancelled(e: Expr) -> Expr:
    """u + 1 − 1 → u."""
    if not e.is_Add:
        return e
    for i, term in enumerate(e.args):
        for j, other in enumerate(e.args[:i]):
            if tidied(minus(term)) == other or tidied(minus(other)) == term:
                kept = [t for k, t in enumerate(e.args) if k not in (i, j)]
                return add(*kept) if kept else sp.Integer(0)
    return e


def _multiplied(e: Expr) -> Expr:
    """(1/v)(u/w) → u/(v w)."""
    if not e.is_Mul or sum(fraction_of(factor)[1] != 1 for factor in e.args if factor.is_Mul) < 2:
        return e
    parts = [fraction_of(factor) for factor in e.args]
    above = tidied(mul(*(part for part, _ in parts)))
    return over(above, _equal_factors(tidied(mul(*(part for _, part in parts)))))


def _extended(e: Expr) -> Expr:
    """1/(1 + e^−u) → e^u/(e^u + 1)."""
    above, below = fraction_of(e)
    if not below.is_Add or above != 1:
        return e
    negative = [t for t in below.args if isinstance(t, sp.exp) and t.args[0].is_Mul and t.args[0].args[0] == -1]
    if len(negative) != 1:
        return e
    grown = call(sp.exp, tidied(minus(negative[0].args[0])))
    return over(grown, add(*(1 if term == negative[0] else tidied(mul(term, grown)) for term in below.args)))


def _expanded(e: Expr) -> Expr:
    """c(u + v) → c u + c v, as a term of a sum or above a line."""
    above, below = fraction_of(e)
    if below != 1 and above.is_Mul and len(above.args) == 2 and above.args[1].is_Add:
        factor, inner = above.args
        return over(add(*(tidied(mul(factor, t)) for t in inner.args)), below)
    if not e.is_Add:
        return e
    for i, term in enumerate(e.args):
        if term.is_Mul and len(term.args) == 2 and term.args[1].is_Add:
            factor, inner = term.args
            return add(*e.args[:i], *(tidied(mul(factor, t)) for t in inner.args), *e.args[i + 1 :])
    return e


_SIMPLER: tuple[tuple[Rule, Callable[[Expr], Expr]], ...] = (
    (Rule.FRACTION_POWER, _power_inside),
    (Rule.SPLIT, _one_fraction),
    (Rule.ZERO, _cancelled),
    (Rule.FRACTIONS, _multiplied),
    (Rule.EXTEND, _extended),
    (Rule.FACTOR_OUT, _expanded),
)
