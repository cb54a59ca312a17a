"""The sections of the page of a single neuron."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from chalkgrad.algebra.functions import defined
from chalkgrad.catalogue.activations import Z, activation_op
from chalkgrad.document import drawing, given
from chalkgrad.document.model import Block, Equations, Facts, Inline, Line
from chalkgrad.document.neurons.entropy import entropy
from chalkgrad.document.neurons.epochs import epochs
from chalkgrad.document.neurons.names import OUTPUT, SUM, bare, parameters
from chalkgrad.document.neurons.outcome import linear, outcome
from chalkgrad.document.neurons.pictures import comparison, decision, fitted
from chalkgrad.document.neurons.rule import rule
from chalkgrad.document.numbering import Numbering
from chalkgrad.document.scribe import EQUALS, Scribe, equal
from chalkgrad.markup.nodes import Applied, Formula, Name, Row
from chalkgrad.network.training import RATE
from chalkgrad.spec.lessons.neuron import NeuronLesson


def sections(scribe: Scribe, numbering: Numbering) -> Iterator[Block]:
    """What is given, the rule, training, how it ended, and what other starts and rates make of it."""
    if scribe.spec.show.drawings != "none":
        yield drawing.network(scribe)
    yield numbering.heading(1, scribe.say("heading.given"))
    yield from _given(scribe)
    if scribe.loss.name == "binary_cross_entropy":
        yield numbering.heading(1, scribe.say("neuron.heading_entropy"))
        yield from entropy(scribe)
    yield numbering.heading(1, scribe.say("neuron.heading_rule"))
    yield from rule(scribe)
    yield from epochs(scribe, numbering)
    yield numbering.heading(1, scribe.say("neuron.heading_outcome"))
    yield from outcome(scribe)
    for key, picture in _PICTURES:
        if blocks := list(picture(scribe)):
            yield numbering.heading(1, scribe.say(key))
            yield from blocks


def posed(scribe: Scribe) -> Iterator[Block]:
    """The neuron before anything is worked: the drawing, and what is given."""
    if scribe.spec.show.drawings != "none":
        yield drawing.network(scribe, worked=False)
    yield from _given(scribe)


_PICTURES: tuple[tuple[str, Callable[[Scribe], Iterator[Block]]], ...] = (
    ("neuron.heading_line", decision),
    ("neuron.heading_fit", fitted),
    ("neuron.heading_compare", comparison),
)


def _given(scribe: Scribe) -> Iterator[Block]:
    """The samples, the start, the functions."""
    network = scribe.network
    (layer,) = network.layers
    rows: list[tuple[Inline, tuple[Inline, ...]]] = [
        (scribe.say("neuron.given_start"), given.each(scribe, parameters(scribe))),
        (scribe.say("given.rate"), given.each(scribe, [RATE])),
    ]
    if network.rule is not None and network.rule.descends:
        rows.append((scribe.say("given.cost"), tuple(given.cost(scribe))))
    names = [bare(x) for x in network.inputs()]
    weighted = Line(bare(SUM), (equal(linear(list(map(Name, layer.parameters())), names)),))
    yield given.samples(scribe)
    yield Equations((weighted, _output(scribe)))
    yield Facts(tuple(rows))


def _output(scribe: Scribe) -> Line:
    """The output, by its function and the function's definition."""
    row = scribe.network.layers[0].activation
    form = activation_op(row).formula
    z = {Z: bare(SUM)}
    named = [] if form == Z else [equal(Applied(row.symbol, bare(SUM)))]
    return Line(bare(OUTPUT), (*named, equal(Formula(defined(form), z))))


def subtitle(scribe: Scribe) -> Iterator[Inline]:
    """The rule, the samples, the rate, and for how long."""
    lesson = scribe.spec.lesson
    assert isinstance(lesson, NeuronLesson)  # noqa: S101 (what this module is for)
    rate = Row((scribe.name(RATE), EQUALS, scribe.num(RATE)))
    yield scribe.say(f"learner.{lesson.rule.name}", rate=rate)
    order = scribe.say("neuron.subtitle_online" if lesson.online else "neuron.subtitle_batch")
    yield scribe.words.join(scribe.say("neuron.subtitle_samples", count=len(lesson.x)), order)
    yield scribe.say("neuron.subtitle_epochs", count=lesson.epochs)
