"""What both views say beside the argument: other books' letters, and what the numbers make necessary."""

from __future__ import annotations

from collections.abc import Iterator

from chalkgrad.catalogue.notations import WORDS, Notation, load_notation, notation_names
from chalkgrad.derivation.model import Kind, Ref
from chalkgrad.document.model import Block, Paragraph, Remark
from chalkgrad.document.scribe import EQUALS, Scribe
from chalkgrad.markup.nodes import Fraction, Math, Name, Row, Sign, Word
from chalkgrad.network.model import Layer
from chalkgrad.quantities import Partial, Quantity, Role

MOST_REMARKS = 12
"""A page that names more dead units than this names none of the rest."""


def other_rates(scribe: Scribe) -> Iterator[Block]:
    """What other books write for the learning rate; said once."""
    if scribe.time:
        return
    own = scribe.notation.symbols["rate"].base
    bases = dict.fromkeys(school.symbols["rate"].base for school in _other_schools(scribe))
    letters = scribe.words.listed([(Word(base),) for base in bases if base != own], "word.or")
    yield Remark(scribe.say("remark.books_rate", rate=Name(Quantity(Role.RATE, indices=("",))), letters=letters))


def other_deltas(scribe: Scribe) -> Iterator[Block]:
    """What other books call the derivative of the cost by a weighted sum, and the sign that some give it; said
    once."""
    if scribe.time:
        return
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
        everywhere = sum(1 for other in dead if other.quantity == at.quantity) == len(scribe.samples)
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
