"""Softmax on a board: its Jacobian, why a shift changes nothing, and its delta under cross-entropy.

Each function returns lines, the first of them with no rule: what is to be worked.  The sum of the exponentials
is called S, as on a board.

>>> for move in jacobian(3, 1, 2)[-2:]:
...     print([rule.name for rule in move.rules], move.result)
['FRACTIONS'] -exp(z1)/S*exp(z2)/S
['NAMED'] -a1*a2
"""

from __future__ import annotations

import sympy as sp
from sympy import Expr, Symbol

from chalkgrad.algebra.differentiation import Move, Rule, differentiated, partial_prime, prime
from chalkgrad.algebra.ops import chain, formal
from chalkgrad.algebra.order import add, call, minus, mul, over
from chalkgrad.algebra.textbook import towards
from chalkgrad.algebra.tidying import factors_of, fraction_of, rebuilt, replaced, tidied
from chalkgrad.catalogue import losses
from chalkgrad.catalogue.activations import softmax_op
from chalkgrad.catalogue.losses import loss_op

TOTAL = formal("S")
"""The sum of the exponentials."""
SHIFT = formal("c")
"""What is taken from every weighted sum before the exponential."""


def outputs(size: int) -> tuple[Symbol, ...]:
    """a1 … an."""
    return softmax_op(size, 1).companions


def sums(size: int) -> tuple[Symbol, ...]:
    """z1 … zn."""
    return softmax_op(size, 1).inputs


def targets(size: int) -> tuple[Symbol, ...]:
    """y1 … yn."""
    return tuple(sp.symbols(f"y1:{size + 1}", real=True))


def factors(size: int) -> tuple[Symbol, ...]:
    """The factors of the chain rule: the loss by an output, that output by a weighted sum, and so on."""
    return chain((2,) * size).inputs


def exponentials(size: int) -> Expr:
    """What S stands for."""
    return add(*(call(sp.exp, z) for z in sums(size)))


def jacobian(size: int, output: int, by: int) -> list[Move]:
    """The derivative of one output by one weighted sum (both counted from 1), by the quotient rule."""
    op, z = softmax_op(size, output), sums(size)[by - 1]
    textbook = op.partial(z)
    fraction = textbook
    for symbol, exponential in zip(outputs(size), sums(size), strict=True):
        fraction = replaced(fraction, symbol, over(call(sp.exp, exponential), TOTAL))
    worked = [Move((), call(prime, op.formula, z)), *differentiated(op.formula, z)]
    moves = [Move(move.rules, _by(replaced(move.result, exponentials(size), TOTAL))) for move in worked]
    return [*moves, *towards(moves[-1].result, fraction), Move((Rule.NAMED,), textbook)]


def _by(e: Expr) -> Expr:
    """With every derivative saying by which of the weighted sums it is taken."""
    if not e.has(prime):
        return e
    return call(partial_prime, *e.args) if isinstance(e, prime) else rebuilt(e, [_by(part) for part in e.args])


def shifted(size: int, output: int) -> list[Move]:
    """Why softmax of z − c is softmax of z."""
    taken = [add(z, minus(SHIFT)) for z in sums(size)]
    apart = [mul(call(sp.exp, z), call(sp.exp, minus(SHIFT))) for z in sums(size)]
    own = sums(size)[output - 1]
    return [
        Move((), over(call(sp.exp, taken[output - 1]), add(*(call(sp.exp, z) for z in taken)))),
        Move((Rule.EXP_OF_SUM,), over(apart[output - 1], add(*apart))),
        Move(
            (Rule.FACTOR_OUT,),
            over(apart[output - 1], mul(call(sp.exp, minus(SHIFT)), exponentials(size))),
        ),
        Move((Rule.CANCEL,), over(call(sp.exp, own), exponentials(size))),
    ]


def cross_entropy(size: int, unit: int) -> list[Move]:
    """The derivative of cross-entropy by a weighted sum of softmax: what the output is too large.

    The first line is in the factors f1 f2 + f3 f4 + … of `algebra.ops.chain`: the derivative of the loss by each
    output times that output's by the weighted sum.
    """
    slope = loss_op(losses.BY_NAME["cross_entropy"], size).partial(losses.A)
    a, y, z = outputs(size), targets(size), sums(size)[unit - 1]
    first = chain((2,) * size).formula
    by_loss = add(*(mul(_at(slope, a[i], y[i]), term.args[1]) for i, term in enumerate(_terms(first))))
    by_both = add(*(mul(_at(slope, a[i], y[i]), softmax_op(size, i + 1).partial(z)) for i in range(size)))
    cancelled = add(*map(cancelled_term, by_both.args))
    expanded = add(*(part for term in cancelled.args for part in _spread(term)))
    own, target = a[unit - 1], y[unit - 1]
    factored = add(
        mul(own, add(*(_without(term, own) for term in expanded.args if own in term.free_symbols))), minus(target)
    )
    return [
        Move((Rule.CHAIN,), first),
        Move((Rule.LN,), by_loss),
        Move((Rule.JACOBIAN,), by_both),
        Move((Rule.CANCEL,), cancelled),
        Move((Rule.EXPAND,), expanded),
        Move((Rule.FACTOR_OUT,), factored),
        Move((Rule.NORMALISED,), add(own, minus(target))),
    ]


def _terms(e: Expr) -> tuple[Expr, ...]:
    return tuple(e.args) if e.is_Add else (e,)


def _at(slope: Expr, a: Symbol, y: Symbol) -> Expr:
    return replaced(replaced(slope, losses.A, a), losses.Y, y)


def cancelled_term(term: Expr) -> Expr:
    """A product without what stands both above and below its line.

    >>> cancelled_term(mul(minus(over(formal("y"), formal("a"))), minus(mul(formal("a"), formal("b")))))
    y*b
    """
    above, below = fraction_of(tidied(term))
    factors = list(above.args if above.is_Mul else (above,))
    left = []
    for factor in below.args if below.is_Mul else (below,):
        if factor in factors:
            factors.remove(factor)
        else:
            left.append(factor)
    product = tidied(mul(*factors)) if factors else sp.Integer(1)
    return over(product, mul(*left)) if left and left != [1] else product


def _spread(term: Expr) -> tuple[Expr, ...]:
    """c(u + v) as c u and c v."""
    inner = next((factor for factor in factors_of(term) if factor.is_Add), None)
    if inner is None:
        return (term,)
    others = [factor for factor in factors_of(term) if factor is not inner]
    return tuple(tidied(mul(*others, part)) for part in inner.args)


def _without(term: Expr, factor: Symbol) -> Expr:
    return mul(*(other for other in factors_of(term) if other != factor))
