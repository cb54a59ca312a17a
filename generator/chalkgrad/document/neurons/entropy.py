"""The four extreme cases of the cross-entropy: what it costs to be sure, and right or wrong."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import product as pairs

import sympy as sp
from flint import fmpq
from sympy import Expr, Symbol

from chalkgrad.algebra.order import call, mul
from chalkgrad.catalogue import losses
from chalkgrad.document.model import Block, Cell, Inline, Paragraph, Table
from chalkgrad.document.neurons.names import OUTPUT, TARGET, bare
from chalkgrad.document.scribe import Scribe
from chalkgrad.evaluation.fold import compiled
from chalkgrad.evaluation.runner import Value, apply
from chalkgrad.markup.nodes import Formula, Math, Row, Sign, Word


def entropy(scribe: Scribe) -> Iterator[Block]:
    """Outputs of exactly 0 and 1 against both targets, with 0 · ln 0 = 0."""
    y, a = bare(TARGET), bare(OUTPUT)
    yield Paragraph(scribe.say("neuron.entropy", a=a, y=y))
    share = scribe.loss.share
    terms = sp.Add.make_args(share.args[1])
    names = {losses.A: a, losses.Y: y}
    head: tuple[Inline, ...] = (
        (a,),
        (y,),
        (Row((y, Sign("−"), a)),),
        *((Formula(term, names),) for term in terms),
        scribe.say("table.cost"),
    )
    rows: list[tuple[Cell, ...]] = []
    for output, target in pairs((0, 1), repeat=2):
        values = (output, target)
        cells = [(_shown(_at(term, values)),) for term in (*terms, share)]
        rows.append(((Word(str(output)),), (Word(str(target)),), (_whole(target - output),), *cells))
    yield Table(head, tuple(rows))
    product, limit, near = _convention()
    yield Paragraph(scribe.say("neuron.entropy_convention", product=product, limit=limit, near=near))


def _convention() -> tuple[Math, Math, Math]:
    """0 · ln 0, the limit that gives it its value, and where that is taken."""
    p = Symbol("p", positive=True)
    form = mul(p, call(sp.log, p))
    limit = sp.limit(form, p, 0, "+")
    arrow = Sign("→")
    shrinks = Row((Formula(form, {p: Word("p")}), arrow, Formula(limit, {})))
    return Formula(form, {p: Word("0")}), shrinks, Row((Word("p"), arrow, _whole(0)))


def _at(expression: Expr, values: tuple[int, int]) -> float:
    """An expression in output and target at two numbers, by the page's own arithmetic."""
    function = compiled(expression, (losses.A, losses.Y))
    found, _, _ = apply(function, [Value(fmpq(value)) for value in values])
    return found.as_float()


def _shown(value: float) -> Math:
    """0, ∞ or −∞: all that these cases come to."""
    if math.isfinite(value):
        return _whole(int(value))
    return Row((Sign("−"), Sign("∞"))) if value < 0 else Sign("∞")


def _whole(number: int) -> Math:
    return Formula(sp.Integer(number), {})
