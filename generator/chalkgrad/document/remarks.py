"""What both views say beside the argument: the rule of the update, and what the numbers make necessary."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Symbol

from chalkgrad.algebra.ops import formal
from chalkgrad.catalogue.notations import WORDS, Notation, load_notation, notation_names
from chalkgrad.catalogue.optimizers import COUNT, RATE, G, Optimizer, Rule, W, new
from chalkgrad.derivation.model import Kind, Ref
from chalkgrad.document.model import Block, Equations, Inline, Line, Link, Paragraph, Remark
from chalkgrad.document.scribe import EQUALS, Scribe
from chalkgrad.markup.nodes import Formula, Fraction, Math, Name, Row, Sign, Word
from chalkgrad.network import mlp
from chalkgrad.network.model import Layer
from chalkgrad.quantities import Partial, Quantity, Role

MOST_REMARKS = 12
"""A page that names more dead units than this names none of the rest."""


def update_rule(scribe: Scribe) -> Iterator[Block]:
    """The rules of the update, from which values they start, and whether the biases move."""
    train = scribe.spec.train
    assert train is not None  # noqa: S101 (told to the type checker)
    rules = tuple(_general(rule, train.optimizer) for rule in train.optimizer.rules)
    in_turn = train.sequential and len(scribe.network.layers) > 1
    if len(rules) == 1:
        (line,) = rules
        (link,) = line.links
        key = "update.sequential" if in_turn else "update.simultaneous"
        said = scribe.say(key, rule=Row((line.left, link.relation, link.body)))
        yield Paragraph(scribe.words.join(said, biases_move(scribe)))
        return
    key = "update.sequential_rules" if in_turn else "update.simultaneous_rules"
    yield Paragraph(scribe.words.join(biases_move(scribe), scribe.say(key)))
    yield Equations(rules)
    if scribe.time == 0:
        states = scribe.words.listed([(letter_of(name),) for name in train.optimizer.states])
        start = scribe.say("update.start", count=len(train.optimizer.states), states=states)
        first = Row((scribe.name(mlp.COUNT), EQUALS, scribe.num(mlp.COUNT)))
        counted = scribe.say("update.count", t=Name(mlp.COUNT), first=first) if train.optimizer.counts else ()
        yield Paragraph(scribe.words.join(start, counted))
        if train.optimizer.pulled:
            yield Remark(scribe.say("remark.other_sign", rule=_other_sign(), rate=Name(Quantity(Role.RATE))))


def _general(rule: Rule, optimizer: Optimizer) -> Line:
    """A rule in letters: what is made, an arrow, and from what."""
    w = Name(Quantity(Role.WEIGHT, ""))
    names: dict[Symbol, Math] = {
        W: w,
        G: Name(Partial(Quantity(Role.COST), Quantity(Role.WEIGHT, ""))),
        RATE: Name(mlp.RATE),
        COUNT: Name(mlp.COUNT),
    }
    names |= {formal(name): Name(mlp.setting(name)) for name in optimizer.coefficients}
    for other in optimizer.rules[:-1]:
        names[formal(other.makes)] = names[new(other.makes)] = letter_of(other.makes)
    left = w if rule.makes == "w" else letter_of(rule.makes)
    return Line(left, (Link(Sign("←"), Formula(rule.formula, names)),))


def _other_sign() -> Row:
    """Momentum as other books write it: the step itself is remembered, with its sign."""
    v, w, rate = letter_of("v"), Name(Quantity(Role.WEIGHT, "")), Name(Quantity(Role.RATE))
    gradient = Name(Partial(Quantity(Role.COST), Quantity(Role.WEIGHT, "")))
    remembered = (v, Sign("←"), Name(mlp.setting("beta")), v, Sign("−"), rate, gradient)
    return Row((*remembered, Sign(","), Sign("quad"), w, Sign("←"), w, Sign("+"), v))


def letter_of(state: str) -> Name:
    """A state in letters, of no parameter in particular."""
    return Name(Quantity(Role.STATE, "", ("", ""), name=state))


def other_rates(scribe: Scribe) -> Iterator[Block]:
    """What other books write for the learning rate."""
    own = scribe.notation.symbols["rate"].base
    bases = dict.fromkeys(school.symbols["rate"].base for school in _other_schools(scribe))
    letters = scribe.words.listed([(Word(base),) for base in bases if base != own], "word.or")
    yield Remark(scribe.say("remark.books_rate", rate=Name(Quantity(Role.RATE)), letters=letters))


def other_deltas(scribe: Scribe) -> Iterator[Block]:
    """What other books call the derivative of the cost by a weighted sum, and the sign that some give it."""
    cost, z = Quantity(Role.COST), Quantity(Role.WEIGHTED_SUM, "")
    schools = [school for school in _other_schools(scribe) if school.has_delta]
    known = {school.words for school in schools} - {scribe.notation.words}
    names = scribe.words.listed([scribe.say(f"name.{word}") for word in WORDS if word in known], "word.or")
    quotient = Fraction(Row((Sign("∂"), Name(cost))), Row((Sign("∂"), Name(z))))
    own: Math = Name(Partial(cost, z))
    yield Remark(
        scribe.say(
            "remark.books_delta",
            delta=own if scribe.notation.has_delta else Word(schools[0].symbols["delta"].base),
            names=names,
            derivative=quotient if scribe.notation.has_delta else own,
            negative=Row((Sign("−"), quotient)),
        )
    )


def _other_schools(scribe: Scribe) -> list[Notation]:
    """The notations that chalkgrad knows, without the one of this page."""
    return [load_notation(name) for name in notation_names() if name != scribe.notation.name]


def hidden(scribe: Scribe, key: str) -> Iterator[Block]:
    """How deltas travel back, in words: `key` where every unit stands for itself."""
    coupled = any(layer.activation.couples for layer in scribe.network.layers[:-1])
    yield Paragraph(scribe.say("hidden.coupled" if coupled else key))
    if scribe.derivation.sequential:
        yield Remark(scribe.say("scalar.sequential"))


def biases_move(scribe: Scribe) -> Inline:
    """Whether the biases move, in so many words."""
    biases = [b for layer in scribe.network.layers for b in layer.biases()]
    if not biases:
        return ()
    moving = [b for b in biases if b in scribe.derivation.moving]
    if not moving:
        return scribe.say("update.biases_stay")
    return scribe.say("update.biases_move" if len(moving) == len(biases) else "update.some_biases_move")


def slopes(scribe: Scribe, layer: Layer) -> Iterator[Block]:
    """Kinks that were hit, units that are dead."""
    hit = [
        e
        for e in scribe.outline.having("kink", scribe.time)
        if isinstance(e.quantity, Partial) and e.quantity.by.layer == layer.number
    ]
    for event in hit:
        assert isinstance(event.quantity, Partial)  # noqa: S101 (kinks are met by local derivatives)
        step = scribe.step(event.quantity)
        if step.kind is Kind.LOCAL and event.quantity.of.role is Role.ACTIVATION:
            z = Row((scribe.name(event.quantity.by, event.sample), EQUALS, Word("0")))
            slope = Row(
                (
                    scribe.name(event.quantity, event.sample),
                    EQUALS,
                    scribe.num(Ref(event.quantity), event.sample),
                )
            )
            yield Remark(scribe.say("remark.kink", z=z, slope=slope))
    dead = [
        at
        for at in scribe.outline.dead
        if at.time == scribe.time and isinstance(at.quantity, Partial) and at.quantity.of.layer == layer.number
    ]
    for at in dead[:MOST_REMARKS]:
        assert isinstance(at.quantity, Partial)  # noqa: S101 (dead units are told by their slope)
        everywhere = sum(1 for other in dead if other.quantity == at.quantity) == scribe.network.samples
        if everywhere and at.sample > 1:
            continue
        name = scribe.name(at.quantity.of._replace(per_sample=False) if everywhere else at.quantity.of, at.sample)
        key = (
            "remark.dead"
            if everywhere and scribe.network.samples == 1
            else "remark.dead_all"
            if everywhere
            else "remark.dead_sample"
        )
        yield Remark(scribe.say(key, a=name, n=at.sample))


def cost_remarks(scribe: Scribe) -> Iterator[Block]:
    """A logarithm of 0: the cost has no finite value."""
    if scribe.outline.having("log_zero", scribe.time):
        yield Remark(scribe.say("remark.log_zero"))
    elif scribe.outline.having("undefined", scribe.time):
        yield Remark(scribe.say("remark.undefined"))
