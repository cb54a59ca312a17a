"""The learning rule in letters: for the perceptron as it is, for the others derived from the cost."""

from __future__ import annotations

from collections.abc import Iterator

import sympy as sp
from sympy import Expr, Symbol

from chalkgrad.algebra.ops import derived, formal, weighted_sum
from chalkgrad.algebra.order import add, minus, mul, written
from chalkgrad.catalogue import losses
from chalkgrad.catalogue.activations import Z, activation_op
from chalkgrad.catalogue.learning_rules import ERROR_OP, OUTPUT, RATE, E, W, Y
from chalkgrad.document.given import partial
from chalkgrad.document.model import Block, Equations, Line, Link, Paragraph, Remark
from chalkgrad.document.neurons.names import Letters
from chalkgrad.document.remarks import other_rates
from chalkgrad.document.scribe import Scribe, equal
from chalkgrad.markup.nodes import BigSum, Formula, Fraction, Math, Name, Paren, Product, Row, Sign, Tint, Word
from chalkgrad.network.training import RATE as RATE_QUANTITY
from chalkgrad.quantities import Quantity, Role


def rule(scribe: Scribe) -> Iterator[Block]:
    """What is done with an error, and why."""
    network = scribe.network
    assert network.rule is not None  # noqa: S101 (what this module is for)
    letters = Letters(scribe)
    if network.rule.descends:
        yield from _gradient(scribe, letters)
        yield Paragraph(scribe.say("neuron.downhill", cost=letters.cost))
    else:
        yield Paragraph(scribe.say("neuron.classes", e=letters.e))
        yield Equations((Line(letters.e, (equal(_error(letters)),)),))
        yield Paragraph(scribe.say("neuron.corrects"))
    yield Equations(tuple(_rules(scribe, letters)))
    yield from other_rates(scribe)
    if not network.rule.descends:
        if not letters.several:
            yield Paragraph(scribe.say("neuron.why", z=letters.z))
            yield Equations((_shift(scribe),))
            yield Paragraph(scribe.say("neuron.why_so"))
        yield Remark(scribe.say("neuron.no_gradient"))
    yield Paragraph(scribe.say("neuron.batch" if letters.several else "neuron.online"))


def _error(letters: Letters) -> Formula:
    return Formula(ERROR_OP.formula, {Y: letters.y, OUTPUT: letters.a})


def _rules(scribe: Scribe, letters: Letters) -> Iterator[Line]:
    """`w ← w + η e x`, and the same for the bias."""
    network = scribe.network
    mean = network.rule is not None and network.rule.mean
    size = len(scribe.samples)
    share = [sp.Rational(1, size)] if mean and size > 1 else []
    for name, product in ((letters.w, Row((letters.e, letters.x))), (letters.b, letters.e)):
        total = BigSum(Word(letters.n), product) if letters.several else product
        moved = Formula(add(W, mul(*share, RATE, E)), {W: name, RATE: letters.rate, E: total})
        yield Line(name, (Link(Sign("←"), moved),))


def _shift(scribe: Scribe) -> Line:
    """How far a correction moves the weighted sum of the same sample: SymPy takes the difference of the two."""
    inputs = scribe.network.inputs()
    op = weighted_sum(len(inputs), bias=True)
    *weights, bias = (s for s in op.inputs if str(s).startswith(("w", "b")))
    values = [s for s in op.inputs if str(s).startswith("x")]
    moved = {w: w + RATE * E * x for w, x in zip(weights, values, strict=True)} | {bias: bias + RATE * E}
    difference = sp.factor(sp.expand(op.formula.subs(moved) - op.formula))
    names: dict[Symbol, Math] = {RATE: Name(RATE_QUANTITY), E: Name(Quantity(Role.ERROR))}
    names |= {s: Name(x._replace(per_sample=False)) for s, x in zip(values, inputs, strict=True)}
    z = Quantity(Role.WEIGHTED_SUM, 1, (1,))
    others = sp.Add(*(x**2 for x in values))
    form = mul(RATE, E, add(*(x**2 for x in values), 1))
    assert sp.expand(difference - RATE * E * (others + 1)) == 0  # noqa: S101 (the order is ours, the fact SymPy's)
    return Line(Row((Name(z, ahead=1), Sign("−"), Name(z))), (equal(Formula(form, names)),))


# ---- where the rule is a gradient step ------------------------------------------------------------------------


def _gradient(scribe: Scribe, letters: Letters) -> Iterator[Block]:
    """The derivative of the cost by a weight, from the formula of the cost."""
    squares = scribe.loss.name == "half_squared_error"
    yield Paragraph(scribe.say("neuron.question", w=letters.w, cost=letters.cost))
    if squares:
        yield Equations((Line(partial(letters.cost, letters.w), tuple(_by_the_square(scribe, letters))),))
        yield Paragraph(scribe.say("neuron.sign", e=letters.e))
    else:
        yield from _by_factors(scribe, letters)
    bias = Line(partial(letters.cost, letters.b), (equal(_summed(scribe, letters, minus(E), {E: letters.e})),))
    yield Paragraph(scribe.say("neuron.bias_input", b=letters.b))
    yield Equations((bias,))


def _summed(scribe: Scribe, letters: Letters, each: Expr, names: dict[Symbol, Math]) -> Math:
    """Something of every sample added up; a minus sign stands before the sum."""
    if not letters.several:
        return Formula(each, names)
    if each.is_Mul and each.args[0] == -1:
        return Row((Sign("−"), _over_samples(scribe, letters, Formula(mul(*each.args[1:]), names))))
    return _over_samples(scribe, letters, Formula(each, names))


def _over_samples(scribe: Scribe, letters: Letters, body: Math) -> Math:
    """The sum or the mean over the samples of a batch; of a single sample the thing itself."""
    if not letters.several:
        return body
    share = (Fraction(Word("1"), Word(str(len(scribe.samples)))),) if scribe.network.mean else ()
    return Row((*share, BigSum(Word(letters.n), body)))


def _by_the_square(scribe: Scribe, letters: Letters) -> Iterator[Link]:
    """½ (y − ŷ)²: the power rule, then the inner derivative, each as SymPy finds it."""
    share = scribe.loss.share
    factor, square = share.args
    inner, exponent = square.args
    u, by_output = formal("u"), formal("slope")
    outer = derived(u**exponent, u)  # 2u
    names: dict[Symbol, Math] = {losses.Y: letters.y, losses.A: letters.a}
    operator = Fraction(Sign("∂"), Row((Sign("∂"), letters.w)))
    missed = Paren(Formula(inner, names))
    yield equal(Row((operator, _summed(scribe, letters, share, names))))
    powers = (Formula(factor, {}), Formula(outer, {u: missed}), Row((operator, missed)))
    yield equal(_over_samples(scribe, letters, Product(powers)))
    halved = sp.simplify(factor * outer)  # u
    slope = derived(inner, losses.A)  # −1
    yield equal(
        _summed(
            scribe,
            letters,
            mul(halved, by_output),
            {u: missed, by_output: Paren(Row((_signed(slope), partial(letters.a, letters.w))))},
        )
    )
    layer = scribe.network.layers[0]
    along = activation_op(layer.activation).partial(Z) * _by_the_weight()
    yield equal(
        _summed(scribe, letters, mul(slope, halved, _x()), {u: missed, _x(): letters.x})
        if along == _x()
        else Formula(along, {_x(): letters.x})
    )
    yield equal(_summed(scribe, letters, mul(slope, E, _x()), {E: letters.e, _x(): letters.x}))


def _signed(slope: Expr) -> Sign:
    return Sign("−") if slope == -1 else Sign("+")


def _x() -> Symbol:
    return formal("x1")


def _by_the_weight() -> Expr:
    """The derivative of a weighted sum by a weight: the input that comes in along it."""
    return weighted_sum(1, bias=True).partial(formal("w1"))


def _by_factors(scribe: Scribe, letters: Letters) -> Iterator[Block]:
    """The chain through output and weighted sum; its factors one by one, then their product."""
    network = scribe.network
    share = letters.share
    chain = ((share, letters.a), (letters.a, letters.z), (letters.z, letters.w))
    product = Product(tuple(Tint(c, partial(*link)) for c, link in zip(("up", "loc", "inp"), chain, strict=True)))
    whole = _over_samples(scribe, letters, product)
    yield Equations((Line(partial(letters.cost, letters.w), (equal(whole),)),))
    loss = losses.loss_op(scribe.loss, 1).partial(losses.A)
    slope = activation_op(network.layers[0].activation).partial(Z)
    names: dict[Symbol, Math] = {losses.Y: letters.y, losses.A: letters.a}
    forms = (Formula(loss, names), Formula(slope, names), Formula(_by_the_weight(), {_x(): letters.x}))
    yield Equations(
        tuple(
            Line(Tint(colour, partial(*link)), (equal(form),))
            for colour, link, form in zip(("up", "loc", "inp"), chain, forms, strict=True)
        )
    )
    own = {losses.A: OUTPUT}  # by this name SymPy writes it behind the target
    multiplied = [written(sp.expand(sp.cancel((term * slope).xreplace(own)))) for term in sp.Add.make_args(loss)]
    terms = [part for term in multiplied for part in sp.Add.make_args(term)]
    short = sp.expand(sp.cancel((loss * slope).xreplace(own)))
    excess = add(*sorted(sp.Add.make_args(short), key=lambda term: -sp.sign(term.as_coeff_Mul()[0])))
    names[OUTPUT] = letters.a
    yield Paragraph(scribe.say("neuron.cancels"))
    first = Product((partial(share, letters.a), partial(letters.a, letters.z)))
    yield Equations(
        (
            Line(
                first,
                (
                    equal(Row((Paren(Formula(loss, names)), Formula(slope, names)))),
                    equal(Formula(add(*terms), names)),
                    equal(Formula(excess, names)),
                    equal(Row((Sign("−"), letters.e))),
                ),
            ),
        )
    )
    done = _summed(scribe, letters, mul(-1, E, _x()), {E: letters.e, _x(): letters.x})
    yield Equations((Line(partial(letters.cost, letters.w), (equal(done),)),))
