"""The rules of the update in letters, what is said of them, and what they make once for all parameters."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Piecewise, Symbol

from chalkgrad.algebra.ops import formal
from chalkgrad.algebra.order import over, power
from chalkgrad.catalogue.optimizers import (
    CLIP,
    COUNT,
    DECAY,
    EXCESS,
    GRADIENTS,
    LASSO,
    LENGTH,
    RATE,
    SHARE,
    G,
    Optimizer,
    Rule,
    W,
    new,
)
from chalkgrad.derivation.model import Step
from chalkgrad.document.model import Block, Code, Equations, Inline, Line, Link, Paragraph, Remark
from chalkgrad.document.scribe import EQUALS, Scribe
from chalkgrad.markup.nodes import Applied, BigSum, Formula, Math, Name, Raised, Relation, Row, Sign, Word
from chalkgrad.network import training
from chalkgrad.quantities import Partial, Quantity, Role

_W = Name(Quantity(Role.WEIGHT, ""))
_GRADIENT = Name(Partial(Quantity(Role.COST), Quantity(Role.WEIGHT, "")))
_SQUARES = BigSum(_W, Formula(power(G, 2), {G: _GRADIENT}))
_NAMES: dict[Symbol, Math] = {
    formal(CLIP): Name(training.setting(CLIP)),
    formal(LENGTH): Name(training.shared(LENGTH)),
}
_SIGN_OF_0 = Row((Applied("sgn", Word("0")), EQUALS, Word("0")))
_SMALL = Raised(Word("10"), Row((Sign("−"), Word("6"))))
MOST_SQUARES = 12
"""A sum of more squares is told by its result."""
ANY_RATE = Quantity(Role.RATE, indices=("t",))
"""The rate of any step."""
CLIP_GRAD_NORM = Code(("clip_grad_norm_",))


def rules(scribe: Scribe) -> Iterator[Block]:
    """The rules of the update, from which values they start, and whether the biases move."""
    train = scribe.spec.train
    assert train is not None  # noqa: S101 (told to the type checker)
    optimizer = train.optimizer
    lines = in_letters(optimizer)
    in_turn = train.sequential and len(scribe.network.layers) > 1
    if len(lines) == 1:
        (line,) = lines
        (link,) = line.links
        key = "update.sequential" if in_turn else "update.simultaneous"
        said = scribe.say(key, rule=Row((line.left, link.relation, link.body)))
        yield Paragraph(scribe.words.join(said, _biases_move(scribe)))
        return
    key = "update.sequential_rules" if in_turn else "update.simultaneous_rules"
    yield Paragraph(scribe.words.join(_biases_move(scribe), scribe.say(key)))
    yield Equations(lines)
    if told := list(_told(scribe, optimizer)):
        yield Paragraph(scribe.words.join(*told))
    if scribe.time == 0 and optimizer.pulled:
        yield Remark(scribe.say("remark.other_sign", rule=_other_sign(optimizer), rate=Name(ANY_RATE)))
    if scribe.time == 0 and optimizer.shared_names & {SHARE}:
        length = Name(training.shared(LENGTH))
        yield Remark(scribe.say("remark.clip_norm", clip=CLIP_GRAD_NORM, length=length, small=_SMALL))


def in_letters(optimizer: Optimizer) -> tuple[Line, ...]:
    """The rules of an optimizer, a line each."""
    return tuple(_general(rule, optimizer) for rule in (*optimizer.shared, *optimizer.rules))


def _told(scribe: Scribe, optimizer: Optimizer) -> Iterator[Inline]:
    """What the letters stand for."""
    coefficients, first = optimizer.coefficients, scribe.time == 0
    if first and RATE.name in optimizer.shared_names:
        yield scribe.say("update.schedule", rate=Name(ANY_RATE))
    if first and CLIP in coefficients:
        key = "update.clip_norm" if SHARE in optimizer.shared_names else "update.clip_value"
        yield scribe.say(
            key,
            bound=Name(training.setting(CLIP)),
            length=Name(training.shared(LENGTH)),
            excess=Name(training.shared(EXCESS)),
            share=Name(training.shared(SHARE)),
            quotient=Formula(over(formal(CLIP), formal(LENGTH)), _NAMES),
        )
    if first and DECAY in coefficients:
        key = "update.decay_beside" if optimizer.decays_beside else "update.decay"
        yield scribe.say(key, decay=Name(training.setting(DECAY)))
    if first and LASSO in coefficients:
        yield scribe.say("update.lasso", lasso=Name(training.setting(LASSO)), zero=_SIGN_OF_0)
    if first and optimizer.states:
        states = scribe.words.listed([(letter_of(name),) for name in optimizer.states])
        yield scribe.say("update.start", count=len(optimizer.states), states=states)
    if optimizer.counts:
        count = Row((scribe.name(training.COUNT), EQUALS, scribe.num(training.COUNT)))
        yield scribe.say("update.count", t=Name(training.COUNT), here=count)


def shared(scribe: Scribe) -> Iterator[Block]:
    """What the optimizer makes for all parameters at once, worked: the rate of the step, the gradient's length."""
    symbols = scribe.time == 0 or scribe.detail == "full"
    if lines := tuple(_shared(scribe, step, symbols=symbols) for step in scribe.derivation.shared):
        yield Equations(lines)


def _shared(scribe: Scribe, step: Step, *, symbols: bool) -> Line:
    if len(step.bindings) <= MOST_SQUARES:
        told = isinstance(step.expression, Piecewise)  # the cases stand among the rules
        return scribe.worked(step, symbols=symbols and not told)
    result = scribe.num(step.quantity)
    return Line(scribe.name(step.quantity), (Link(EQUALS, _SQUARES), Link(Relation((), (result.at,)), result)))


def _general(rule: Rule, optimizer: Optimizer) -> Line:
    """A rule in letters: what is made, an arrow, and from what."""
    names: dict[Symbol, Math] = {
        W: _W,
        G: _GRADIENT,
        RATE: Name(ANY_RATE),
        COUNT: Name(training.COUNT),
    }
    names |= {formal(name): Name(training.setting(name)) for name in optimizer.coefficients}
    names |= {formal(other.makes): _letter_of_shared(other) for other in optimizer.shared}
    for other in optimizer.rules[: optimizer.rules.index(rule) if rule in optimizer.rules else 0]:
        names[formal(other.makes)] = names[new(other.makes)] = letter_of(other.makes)
        if other.makes in GRADIENTS:
            names[G] = letter_of(other.makes)
    names |= {formal(state): letter_of(state) for state in optimizer.states}
    if rule in optimizer.shared:
        body = _SQUARES if rule.summed else Formula(rule.formula, names)
        return Line(_letter_of_shared(rule), (Link(Sign("←"), body),))
    left = _W if rule.makes == "w" else letter_of(rule.makes)
    return Line(left, (Link(Sign("←"), Formula(rule.formula, names)),))


def _letter_of_shared(rule: Rule) -> Name:
    return Name(ANY_RATE if rule.makes == RATE.name else training.shared(rule.makes))


def _other_sign(optimizer: Optimizer) -> Row:
    """Momentum as other books write it: the step itself is remembered, with its sign."""
    v, beta = letter_of("v"), Name(training.setting("beta"))
    changed = [letter_of(rule.makes) for rule in optimizer.rules if rule.makes in GRADIENTS]
    downhill = (Sign("−"), Name(ANY_RATE), changed[-1] if changed else _GRADIENT)
    ahead = G in optimizer.rules[-1].formula.free_symbols
    step = (beta, v, *downhill) if ahead else (v,)
    remembered = (v, Sign("←"), beta, v, *downhill)
    return Row((*remembered, Sign(","), Sign("quad"), _W, Sign("←"), _W, Sign("+"), *step))


def letter_of(state: str) -> Name:
    """A state in letters, of no parameter in particular."""
    return Name(Quantity(Role.STATE, "", ("", ""), name=state))


def _biases_move(scribe: Scribe) -> Inline:
    """Whether the biases move, in so many words."""
    biases = [b for layer in scribe.network.layers for b in layer.biases()]
    if not biases:
        return ()
    moving = [b for b in biases if b in scribe.derivation.moving]
    if not moving:
        return scribe.say("update.biases_stay")
    return scribe.say("update.biases_move" if len(moving) == len(biases) else "update.some_biases_move")
