"""The page of a network: its sections, always under the same headings."""

from __future__ import annotations

from collections.abc import Iterator

from chalkgrad.document import check, drawing, given, matrix, scalar, surface, training, update
from chalkgrad.document.model import Block, Crossreference, Heading, Inline, Paragraph
from chalkgrad.document.numbering import Numbering
from chalkgrad.document.scribe import EQUALS, Scribe
from chalkgrad.markup.nodes import Row
from chalkgrad.network.training import RATE


def sections(scribe: Scribe, numbering: Numbering) -> Iterator[Block]:
    """The whole walk-through: the first optimisation step in full, the others as tables."""
    views = scribe.spec.show.views
    spec_train = scribe.spec.train
    steps = spec_train.steps if spec_train else 1
    if scribe.spec.show.drawings != "none":
        yield drawing.network(scribe)
    yield numbering.heading(1, scribe.say("heading.given"))
    yield from given.blocks(scribe, views)
    run = spec_train is not None and spec_train.epochs > 0
    for time in range(1 if run else steps):
        later = time > 0 and scribe.spec.show.detail != "full"
        moment = scribe.at_time(time)
        if later:
            yield numbering.heading(1, scribe.say("heading.step", step=time + 1))
            yield from check.step_tables(moment)
            continue
        for key, in_scalars, in_matrices in _SECTIONS:
            parts = [
                (view, list(write(moment)))
                for view, write in (("scalar", in_scalars), ("matrix", in_matrices))
                if view in views
            ]
            if not any(content for _, content in parts):
                continue
            title = scribe.say(key)
            if time:
                title = scribe.say("heading.of_step", step=time + 1, heading=title)
            yield numbering.heading(1, title)
            if key == "heading.forward" and scribe.derivation.schedule.batches:
                numbers = ", ".join(map(str, moment.samples))
                yield Paragraph(scribe.say("run.first_batch", count=len(moment.samples), samples=numbers))
            yield from _views(scribe, numbering, parts)
    if run and scribe.spec.show.fade == "none":  # nobody works seventy epochs by hand
        yield numbering.heading(1, scribe.say("heading.run"))
        yield from training.blocks(scribe)
    if wish := scribe.spec.show.surface:
        yield numbering.heading(1, scribe.say("heading.surface"))
        yield from surface.blocks(scribe, wish, spec_train.steps if spec_train else 0)
    if scribe.derivation.backward and (checked := list(check.blocks(scribe, steps))):
        yield numbering.heading(1, scribe.say("heading.check"))
        yield from checked
        if not run:
            yield from training.curve(scribe, check.whole_cost(scribe), steps if spec_train else 0, 1)


def posed(scribe: Scribe) -> Iterator[Block]:
    """The network before anything is worked: the drawing, and what is given."""
    if scribe.spec.show.drawings != "none":
        yield drawing.network(scribe, worked=False)
    yield from given.posed(scribe)


def _views(scribe: Scribe, numbering: Numbering, parts: list[tuple[str, list[Block]]]) -> Iterator[Block]:
    """One view without more ado; two under subheadings, the second pointing to the first."""
    full = [(view, content) for view, content in parts if content]
    if len(full) == 1:
        yield from full[0][1]
        return
    first: Heading | None = None
    for view, content in full:
        heading = numbering.heading(2, scribe.say(f"heading.{view}"))
        yield heading
        if first is not None:
            yield Paragraph(scribe.say("matrix.same_numbers", section=Crossreference(first.anchor, first.number)))
        first = first or heading
        yield from content


_SECTIONS = (
    ("heading.forward", scalar.forward, matrix.forward),
    ("heading.cost", scalar.cost, matrix.cost),
    ("heading.output_deltas", scalar.output_deltas, matrix.output_deltas),
    ("heading.hidden_deltas", scalar.hidden_deltas, matrix.hidden_deltas),
    ("heading.gradients", scalar.gradients, matrix.gradients),
    ("heading.update", update.by_units, update.by_layers),
)


def subtitle(scribe: Scribe) -> Iterator[Inline]:
    """The network, the batch, the training step."""
    network = scribe.network
    names = list(dict.fromkeys(layer.activation.name for layer in network.layers))
    activations = scribe.words.listed([scribe.say(f"activation.{name}") for name in names])
    yield scribe.say(
        "subtitle.network",
        shape="–".join(map(str, network.shape)),
        activations=activations,
        loss=scribe.say(f"loss.{scribe.loss.name}"),
    )
    if network.samples > 1:
        yield scribe.say("subtitle.batch", count=network.samples)
    if scribe.spec.train is not None:
        rate = Row((scribe.name(RATE), EQUALS, scribe.num(RATE)))
        optimizer = scribe.say(f"optimizer.{scribe.spec.train.optimizer.name}")
        train = scribe.spec.train
        if train.epochs and network.samples > 1:
            size = len(train.batches[0]) if train.batches else network.samples
            of_some = "subtitle.epochs_online" if size == 1 else "subtitle.epochs"
            key = of_some if train.batches else "subtitle.epochs_together"
            yield scribe.say(key, count=train.epochs, optimizer=optimizer, rate=rate, size=size)
        else:
            yield scribe.say("subtitle.train", count=train.steps, optimizer=optimizer, rate=rate)
