"""The page of a network: its sections, always under the same headings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from chalkgrad.document import check, drawing, given, listing, matrix, scalar, update
from chalkgrad.document.fade import Worksheet
from chalkgrad.document.model import Block, Crossreference, Document, Heading, Inline, Paragraph, Remark
from chalkgrad.document.scribe import EQUALS, Scribe
from chalkgrad.markup.nodes import Row
from chalkgrad.network.mlp import RATE


@dataclass
class _Numbering:
    """Numbers headings and remembers them."""

    counters: list[int] = field(default_factory=lambda: [0, 0])

    def heading(self, level: int, text: Inline) -> Heading:
        self.counters[level - 1] += 1
        self.counters[level:] = [0] * (len(self.counters) - level)
        number = ".".join(str(n) for n in self.counters[:level])
        return Heading(level, number, text, f"section-{number.replace('.', '-')}")


def page(scribe: Scribe, *, runnable: bool = False) -> Document:
    """The whole walk-through; where the page can be run, with programs for all its numbers."""
    blocks: list[Block] = []
    numbering = _Numbering()
    views = scribe.spec.show.views
    steps = scribe.spec.train.steps if scribe.spec.train else 1
    if note := scribe.spec.note(scribe.language.code):
        blocks.append(Remark((note,)))
    if scribe.spec.show.drawings != "none":
        blocks.append(drawing.network(scribe))
    blocks += [numbering.heading(1, scribe.say("heading.given")), *given.blocks(scribe, views)]
    for time in range(steps):
        later = time > 0 and scribe.spec.show.detail != "full"
        moment = scribe.at_time(time)
        if later:
            blocks += [
                numbering.heading(1, scribe.say("heading.step", step=time + 1)),
                *check.step_tables(moment),
            ]
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
            blocks.append(numbering.heading(1, title))
            blocks += _views(scribe, numbering, parts)
    if scribe.derivation.backward:
        blocks += [numbering.heading(1, scribe.say("heading.check")), *check.blocks(scribe, steps)]
    subtitle = _subtitle(scribe)
    if scribe.spec.show.fade != "none":
        sheet = Worksheet(scribe)
        blocks = sheet.faded(blocks)
        if sheet.numbers:
            blocks.insert(0, Remark(sheet.instructions()))
            if scribe.spec.show.key == "end":
                heading = replace(numbering.heading(1, scribe.say("heading.key")), apart=True)
                blocks += [heading, sheet.key()]
    elif code := list(
        listing.blocks(scribe, runnable=runnable)
    ):  # a worksheet's answers are not for a program to print
        blocks += [numbering.heading(1, scribe.say("heading.code")), *code]
    language = scribe.language.code
    return Document(scribe.spec.name, scribe.spec.title(language), subtitle, tuple(blocks), language)


def _views(scribe: Scribe, numbering: _Numbering, parts: list[tuple[str, list[Block]]]) -> Iterator[Block]:
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


def _subtitle(scribe: Scribe) -> Inline:
    """What this is about, in two lines: the network, the training step, the digits."""
    spec, show = scribe.spec, scribe.spec.show
    names = list(dict.fromkeys(layer.activation.name for layer in spec.network.layers))
    activations = scribe.words.listed([scribe.say(f"activation.{name}") for name in names])
    network = scribe.say(
        "subtitle.network",
        shape="–".join(map(str, spec.network.shape)),
        activations=activations,
        loss=scribe.say(f"loss.{spec.network.loss.name}"),
    )
    batch = scribe.say("subtitle.batch", count=spec.samples) if spec.samples > 1 else ()
    train: Inline = ()
    if spec.train is not None:
        rate = Row((scribe.name(RATE), EQUALS, scribe.num(RATE)))
        optimizer = scribe.say(f"optimizer.{spec.train.optimizer.name}")
        train = scribe.say("subtitle.train", count=spec.train.steps, optimizer=optimizer, rate=rate)
    digits = (
        scribe.say("digits.decimals", count=show.decimals)
        if show.decimals is not None
        else scribe.say("digits.significant", count=show.significant)
    )
    carry = scribe.say(f"carry.{show.carry}", digits=digits)
    rounding = () if show.rounding == "half_up" else scribe.say(f"rounding.{show.rounding}")
    return scribe.words.join(network, batch, train, carry, rounding)
