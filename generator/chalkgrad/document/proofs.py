"""The page of proofs: a section for each, in the order asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from chalkgrad.algebra.differentiation import Move, prime
from chalkgrad.algebra.order import call
from chalkgrad.algebra.textbook import textbook_moves
from chalkgrad.catalogue.activations import BY_NAME, Z
from chalkgrad.derivation import softmax as worked
from chalkgrad.document import backpropagation, collapse
from chalkgrad.document.model import Block, Equations, Inline, Line, Paragraph
from chalkgrad.document.moves import lines
from chalkgrad.document.numbering import Numbering
from chalkgrad.document.scribe import EQUALS, Scribe, equal
from chalkgrad.document.softmax import definition, jacobian_lines, names_of
from chalkgrad.markup.nodes import Applied, BigSum, Formula, Math, Name, Row, Sign, Word
from chalkgrad.network.activations import Softmax
from chalkgrad.quantities import Partial, Quantity, Role
from chalkgrad.spec.lessons.proofs import ProofsLesson

OUTPUTS = 3
"""Of how many outputs the softmax of a proof is, where no network says it."""


def subtitle(scribe: Scribe) -> Iterator[Inline]:
    """What is proved, and for which network."""
    if scribe.network.layers:
        yield scribe.say("subtitle.proofs_of", shape="–".join(map(str, scribe.network.shape)))
    else:
        yield scribe.say("subtitle.proofs")


def sections(scribe: Scribe, numbering: Numbering) -> Iterator[Block]:
    """A section for each proof."""
    lesson = scribe.spec.lesson
    assert isinstance(lesson, ProofsLesson)  # noqa: S101 (the only lesson that this page is written for)
    for name in lesson.proofs:
        yield numbering.heading(1, scribe.say(f"proof.{name}"))
        yield from _PROOFS[name](scribe, numbering)


def _slope(name: str) -> Callable[[Scribe, Numbering], Iterator[Block]]:
    """The derivative of a function of the catalogue, up to its textbook form."""

    def write(scribe: Scribe, _: Numbering) -> Iterator[Block]:
        row = BY_NAME[name]
        assert row.formula is not None  # noqa: S101 (functions of one weighted sum)
        z = Name(Quantity(Role.WEIGHTED_SUM, ""))
        named = row.called or row.formula
        moves = textbook_moves(row.formula, Z, row.derivative, named)
        if row.called is not None:
            moves = [Move((), call(prime, row.formula, Z)), *moves]
        yield Paragraph(scribe.say("proof.slope", claim=_claim(moves[-1], row.symbol, z)))
        yield Equations(lines(scribe, Applied(row.symbol, z, prime=True), moves, {Z: z}))

    return write


def _claim(last: Move, symbol: str, z: Math) -> Row:
    return Row((Applied(symbol, z, prime=True), EQUALS, Formula(last.result, {Z: z})))


def _softmax(scribe: Scribe, _: Numbering) -> Iterator[Block]:
    """Softmax under cross-entropy: output minus target."""
    layers = scribe.network.layers
    coupled = bool(layers) and layers[-1].activation.couples and layers[-1].units > 1
    size = layers[-1].units if coupled else OUTPUTS
    softmax = Softmax(size)
    targets = [Quantity(Role.TARGET, "", (j,)) for j in range(1, size + 1)]
    cost = Quantity(Role.COST)
    k = scribe.notation.indices["k"]
    output, target = (Name(Quantity(role, "", (k,))) for role in (Role.ACTIVATION, Role.TARGET))
    shares = Row((Sign("−"), BigSum(Word(k), Row((target, Applied("ln", output))))))
    yield Paragraph(scribe.say("proof.softmax_what", n=str(size)))
    yield Equations((*definition(scribe), Line(Name(cost), (equal(shares),))))
    yield Paragraph(scribe.say("proof.softmax_jacobian"))
    yield from jacobian_lines(scribe, softmax)
    yield Paragraph(scribe.say("proof.softmax_chain", z=Name(softmax.sums[0])))
    moves = worked.cross_entropy(size, 1)
    names = names_of(softmax)
    names |= dict(zip(worked.targets(size), map(Name, targets), strict=True))
    factors = [
        Name(partial) for a in softmax.outputs for partial in (Partial(cost, a), Partial(a, softmax.sums[0]))
    ]
    names |= dict(zip(worked.factors(size), factors, strict=True))
    left = Name(Partial(cost, softmax.sums[0]))
    yield Equations(lines(scribe, left, moves, names))
    yield Paragraph(scribe.say("proof.softmax_all"))


_PROOFS: Mapping[str, Callable[[Scribe, Numbering], Iterator[Block]]] = {
    "collapse": collapse.blocks,
    "sigmoid": _slope("sigmoid"),
    "tanh": _slope("tanh"),
    "softmax_cross_entropy": _softmax,
    "backpropagation": backpropagation.blocks,
}
