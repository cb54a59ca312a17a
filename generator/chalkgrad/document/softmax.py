"""The sheet of softmax: its formula, its Jacobian line by line, an example, and the shift that changes nothing."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Symbol

from chalkgrad.derivation import softmax as worked
from chalkgrad.document.grid import grid, result, row
from chalkgrad.document.model import Block, Equations, Inline, Line, Link, NumberCell, Paragraph, Table
from chalkgrad.document.moves import lines
from chalkgrad.document.numbering import Numbering
from chalkgrad.document.scribe import EQUALS, Scribe, equal
from chalkgrad.markup.nodes import (
    BigSum,
    Formula,
    Fraction,
    Math,
    Matrix,
    Name,
    Num,
    Raised,
    Relation,
    Row,
    Sign,
    Word,
)
from chalkgrad.network.activations import LOWERED, LOWERED_TOTAL, SHIFT, TOTAL, Softmax
from chalkgrad.quantities import At, Partial, Quantity, Role


def names_of(softmax: Softmax) -> dict[Symbol, Math]:
    """What the symbols of its lines stand for."""
    size = softmax.size
    names: dict[Symbol, Math] = {worked.TOTAL: Name(TOTAL), worked.SHIFT: Name(SHIFT)}
    names |= {s: Name(z) for s, z in zip(worked.sums(size), softmax.sums, strict=True)}
    return names | {s: Name(a) for s, a in zip(worked.outputs(size), softmax.outputs, strict=True)}


def blocks(scribe: Scribe, numbering: Numbering, size: int) -> Iterator[Block]:
    """The whole sheet."""
    softmax = Softmax(size)
    yield Paragraph(scribe.say("softmax.what", total=Name(TOTAL)))
    yield Equations(tuple(definition(scribe)))
    yield numbering.heading(2, scribe.say("softmax.jacobian"))
    yield from jacobian(scribe, softmax)
    yield numbering.heading(2, scribe.say("softmax.example"))
    yield from _example(scribe, softmax)
    yield numbering.heading(2, scribe.say("softmax.shift"))
    yield from _shift(scribe, softmax)


def definition(scribe: Scribe) -> Iterator[Line]:
    """Softmax in general, and the name of its denominator."""
    i, k = scribe.notation.indices["j"], scribe.notation.indices["k"]
    output, own, other = (
        Name(Quantity(role, "", (index,)))
        for role, index in ((Role.ACTIVATION, i), (Role.WEIGHTED_SUM, i), (Role.WEIGHTED_SUM, k))
    )
    total = BigSum(Word(k), _e(other))
    yield Line(
        output,
        (equal(Fraction(_e(own), Name(TOTAL))), Link(Sign(","), Row((Sign("quad"), Name(TOTAL), EQUALS, total)))),
    )


def _e(above: Math) -> Raised:
    return Raised(Word("e"), above)


def jacobian(scribe: Scribe, softmax: Softmax) -> Iterator[Block]:
    """The two kinds of entries, derived; then all of them in letters."""
    yield from jacobian_lines(scribe, softmax)
    yield Paragraph(scribe.say("softmax.all"))
    yield Equations((Line(_jacobian_name(softmax), (equal(_letters(scribe, softmax)),)),))


def jacobian_lines(scribe: Scribe, softmax: Softmax) -> Iterator[Block]:
    """An entry on the diagonal and one beside it, line by line."""
    names = names_of(softmax)
    a, z = softmax.outputs, softmax.sums
    yield Paragraph(scribe.say("softmax.own", a=Name(a[0]), z=Name(z[0])))
    yield Equations(lines(scribe, Name(Partial(a[0], z[0])), worked.jacobian(softmax.size, 1, 1), names))
    yield Paragraph(scribe.say("softmax.other", z=Name(z[1])))
    yield Equations(lines(scribe, Name(Partial(a[0], z[1])), worked.jacobian(softmax.size, 1, 2), names))


def _jacobian_name(softmax: Softmax) -> Fraction:
    a, z = Name(Quantity(Role.ACTIVATION, "")), Name(Quantity(Role.WEIGHTED_SUM, ""))
    return Fraction(Row((Sign("∂"), a)), Row((Sign("∂"), z)))


def _letters(scribe: Scribe, softmax: Softmax) -> Matrix:
    partials = softmax.jacobian()
    return grid(softmax.size, softmax.size, lambda i, k: scribe.symbols(scribe.step(partials[i][k])))


def _example(scribe: Scribe, softmax: Softmax) -> Iterator[Block]:
    """The outputs, step by step, and the Jacobian in numbers."""
    given = scribe.words.listed([(Row((Name(z), EQUALS, scribe.num(z))),) for z in softmax.sums])
    yield Paragraph(scribe.say("softmax.given", given=given))
    total = scribe.step(TOTAL)
    powers = {
        s: scribe.symbols(scribe.step(e))
        for s, e in zip((s for s, _ in total.bindings), softmax.exponentials, strict=True)
    }
    in_letters = equal(Formula(total.expression, powers))
    sums = [Line(Name(TOTAL), (in_letters, *scribe.worked(total, symbols=False).links))]
    outputs = [_share(scribe, a, e, TOTAL) for a, e in zip(softmax.outputs, softmax.exponentials, strict=True)]
    exponentials = [_power(scribe, e) for e in softmax.exponentials]
    yield Equations((*exponentials, *sums, *outputs))
    yield Paragraph(scribe.say("softmax.sum_to_one"))
    yield Paragraph(scribe.say("softmax.jacobian_numbers"))
    partials = softmax.jacobian()
    numbers = grid(softmax.size, softmax.size, lambda i, k: scribe.num(partials[i][k]))
    yield Equations((Line(_jacobian_name(softmax), (result(numbers),)),))
    yield Paragraph(scribe.say("softmax.rows"))


def _power(scribe: Scribe, quantity: Quantity) -> Line:
    """`e^z = e^2 ≈ 7.389`."""
    step = scribe.step(quantity)
    return Line(scribe.symbols(step), scribe.worked(step, symbols=False).links)


def _share(scribe: Scribe, output: Quantity, part: Quantity, whole: Quantity) -> Line:
    """A part over the whole, in letters and in numbers."""
    step = scribe.step(part)
    used = (At(part), At(whole))
    return Line(
        Name(output),
        (
            equal(Fraction(scribe.symbols(step), Name(whole))),
            Link(Relation(used), Fraction(Num(At(part)), Num(At(whole)))),
            Link(Relation(used, (At(output),)), Num(At(output))),
        ),
    )


def _shift(scribe: Scribe, softmax: Softmax) -> Iterator[Block]:
    """The proof that it changes nothing, and the example again with the largest sum taken away."""
    yield Paragraph(scribe.say("softmax.shift_why", c=Name(SHIFT)))
    yield Equations(_shift_lines(scribe, softmax))
    yield Paragraph(scribe.say("softmax.shift_example", c=row(Name(SHIFT), EQUALS, scribe.num(SHIFT))))
    yield _shift_table(scribe, softmax)
    yield Paragraph(scribe.say("softmax.shift_same"))


def _shift_lines(scribe: Scribe, softmax: Softmax) -> tuple[Line, ...]:
    first, *rest = worked.shifted(softmax.size, 1)
    names = names_of(softmax)
    return lines(scribe, Formula(first.result, names), rest, names)


def _shift_table(scribe: Scribe, softmax: Softmax) -> Table:
    """A row for each sum: both exponentials and both outputs."""
    i = scribe.notation.indices["j"]
    z = Name(Quantity(Role.WEIGHTED_SUM, "", (i,)))
    lowered = Formula(LOWERED.formula, {LOWERED.inputs[0]: z, LOWERED.inputs[1]: Name(SHIFT)})
    head: tuple[Inline, ...] = (
        (z,),
        (_e(z),),
        (Fraction(_e(z), Name(TOTAL)),),
        (lowered,),
        (Fraction(lowered, Name(LOWERED_TOTAL)),),
    )
    columns = (softmax.sums, softmax.exponentials, softmax.outputs, softmax.lowered, softmax.again)
    body = [tuple(NumberCell(At(q)) for q in entries) for entries in zip(*columns, strict=True)]
    totals = ((Word("Sigma"),), NumberCell(At(TOTAL)), (), NumberCell(At(LOWERED_TOTAL)), ())
    return Table(head, (*body, None, totals))
