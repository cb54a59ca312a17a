"""The page of a function: what is given, each way down with its first step worked, all of them side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sympy import Expr

from chalkgrad.algebra.ops import formal
from chalkgrad.algebra.order import minus
from chalkgrad.catalogue.descents import LOCAL, NEWTON, RANDOM, REACH
from chalkgrad.derivation.descent import BETTER, DETERMINANT, TRIED, entry_of, second_partials, shared
from chalkgrad.derivation.model import Ref
from chalkgrad.document.model import (
    Block,
    Cell,
    Equations,
    Facts,
    Inline,
    Line,
    Link,
    NumberCell,
    Paragraph,
    Remark,
    Table,
)
from chalkgrad.document.numbering import Numbering
from chalkgrad.document.plot import PENS, Axis, Contours, Curve, Pen, Plot, Points
from chalkgrad.document.scribe import EQUALS, Scribe, equal
from chalkgrad.document.turns import Turn
from chalkgrad.evaluation.sampling import sampled
from chalkgrad.evaluation.surface import Graph
from chalkgrad.markup.nodes import (
    Formula,
    Fraction,
    Math,
    Matrix,
    Name,
    Raised,
    Relation,
    Row,
    Sign,
    Word,
)
from chalkgrad.network import function, training
from chalkgrad.network.function import DIRECTION, TRY
from chalkgrad.quantities import AnyQuantity, At, Partial, Quantity, Role
from chalkgrad.spec.lessons.function import FunctionLesson, Method

_F = Quantity(Role.WIRE, name="f")


def sections(scribe: Scribe, numbering: Numbering) -> Iterator[Block]:
    """The walk-through of a function."""
    lesson = _lesson(scribe)
    yield numbering.heading(1, scribe.say("heading.given"))
    yield from _given(scribe, lesson)
    ways = [_Way(scribe, lesson, index, method) for index, method in enumerate(lesson.methods, 1)]
    for way in ways:
        yield numbering.heading(1, scribe.say("heading.way", name=way.title))
        yield from way.blocks()
    if len(ways) > 1:
        yield numbering.heading(1, scribe.say("heading.compare"))
        yield Paragraph(scribe.say("function.compare"))
        yield _compared(scribe, ways)
    if scribe.spec.show.drawings != "none":
        yield from _pictures(scribe, lesson, ways)


def posed(scribe: Scribe) -> Iterator[Block]:
    """The function before anything is worked: its formula, the start, and the numbers of each way down."""
    lesson = _lesson(scribe)
    yield from _given(scribe, lesson)
    for index, method in enumerate(lesson.methods, 1):
        yield from _Way(scribe, lesson, index, method).posed()


def subtitle(scribe: Scribe) -> Iterator[Inline]:
    """What is looked for, and from where."""
    lesson = _lesson(scribe)
    yield scribe.say("subtitle.function", count=lesson.steps, f=_called(lesson), start=_point(scribe, 1))


def way_of(scribe: Scribe, quantity: AnyQuantity) -> Inline:
    """Which way down a quantity belongs to, where there are several; nothing where there is one."""
    lesson = _lesson(scribe)
    own = quantity.of if isinstance(quantity, Partial) else quantity
    if len(lesson.methods) == 1 or not own.indices:
        return ()
    index = int(own.indices[0])
    return _Way(scribe, lesson, index, lesson.methods[index - 1]).title


def _lesson(scribe: Scribe) -> FunctionLesson:
    lesson = scribe.spec.lesson
    assert isinstance(lesson, FunctionLesson)  # noqa: S101 (told by the registry of kinds)
    return lesson


def _called(lesson: FunctionLesson) -> Row:
    """f(x, y)."""
    names: list[Math] = []
    for name in lesson.start:
        names += [*([Sign(",")] if names else []), Name(Quantity(Role.WIRE, name=name))]
    return Row((Name(_F), Word("("), *names, Word(")")))


def _point(scribe: Scribe, index: int) -> Row:
    """x = 2, y = 1."""
    parts: list[Math] = []
    for variable in function.variables(_lesson(scribe), index):
        parts += [*([Sign(",")] if parts else []), scribe.name(variable), EQUALS, scribe.num(variable)]
    return Row(tuple(parts))


def _formula(expression: Expr) -> Formula:
    return Formula(expression, {s: Name(Quantity(Role.WIRE, name=s.name)) for s in expression.free_symbols})


def _given(scribe: Scribe, lesson: FunctionLesson) -> Iterator[Block]:
    rows: list[tuple[Inline, tuple[Inline, ...]]] = [
        (scribe.say("given.function"), ((Row((_called(lesson), EQUALS, _formula(lesson.formula))),),)),
        (scribe.say("given.start"), ((_point(scribe, 1),),)),
    ]
    yield Facts(tuple(rows))


@dataclass(frozen=True)
class _Way:
    """One method's section."""

    scribe: Scribe
    lesson: FunctionLesson
    index: int
    method: Method

    @property
    def title(self) -> Inline:
        """What the method is called."""
        return tuple(self.label)

    @property
    def label(self) -> tuple[str | Math, ...]:
        """The method's name; where another has the same, with its learning rate."""
        language = self.scribe.language
        if self.method.optimizer:
            name = language.sentence(f"optimizer.{self.method.name}")
        else:
            name = language.sentence(f"method.{self.method.name}")
        rate = self.of(training.RATE)
        alike = [other for other in self.lesson.methods if other.name == self.method.name]
        if len(alike) == 1 or rate not in self.scribe.network.given:
            return (name,)
        return (f"{name}, ", Row((self.scribe.name(rate), EQUALS, self.scribe.num(rate))))

    @property
    def variables(self) -> tuple[Quantity, ...]:
        return function.variables(self.lesson, self.index)

    @property
    def f(self) -> Quantity:
        return function.value(self.lesson, self.index)

    @property
    def is_search(self) -> bool:
        return self.method.name in (RANDOM, LOCAL)

    def of(self, quantity: Quantity) -> Quantity:
        """This method's own."""
        return function.of(self.lesson, self.index, quantity)

    def shared(self, name: str) -> Quantity:
        return shared(self.lesson, self.index, name)

    def gradient(self, variable: Quantity) -> Partial:
        return Partial(self.f, variable, per_sample=True)

    def states(self, name: str) -> list[Quantity]:
        return [training.state(name, variable) for variable in self.variables]

    @property
    def turns(self) -> list[Turn]:
        return [turn for turn in self.scribe.outline.turns if turn.method == self.index]

    @property
    def last(self) -> int:
        """How many steps there are: none from where the Hessian has no inverse."""
        ends = [turn.time for turn in self.turns if turn.kind == "singular"]
        return ends[0] if ends else self.lesson.steps

    def posed(self) -> Iterator[Block]:
        """What it is called, and its numbers."""
        yield Paragraph(self.scribe.say("heading.way", name=self.title), "layer")
        if rows := tuple(self._numbers()):
            yield Facts(rows)

    def blocks(self) -> Iterator[Block]:
        """The rule and its numbers, the first step, the table of all steps, what is to be said of them."""
        if rows := tuple(self._numbers()):
            yield Facts(rows)
        if self.is_search:
            yield from self._search()
        else:
            yield from self._downhill()
        if self.last:
            yield Paragraph(self.scribe.say("function.table"))
            yield self._table()
        yield from self._remarks()

    def _numbers(self) -> Iterator[tuple[Inline, tuple[Inline, ...]]]:
        """The rate, unless it is that of Newton's whole step, and what else the optimizer is told."""
        rate = self.of(training.RATE)
        if rate in self.scribe.network.given and not (self.method.name == NEWTON and self.method.rate == 1):
            yield self.scribe.say("given.rate"), (self._is(rate),)
        if self.method.optimizer and self.method.coefficients:
            settings = [self.of(training.setting(name)) for name in self.method.coefficients]
            yield self.scribe.say("given.coefficients"), tuple(map(self._is, settings))

    def _is(self, quantity: Quantity) -> Inline:
        return (Row((self.scribe.name(quantity), EQUALS, self.scribe.num(quantity))),)

    # ---- by derivatives -----------------------------------------------------------------------------------

    def _downhill(self) -> Iterator[Block]:
        scribe = self.scribe
        if self.is_first_downhill:
            yield Paragraph(scribe.say("function.gradient"))
            yield self._gradient()
        if self.method.name == NEWTON:
            yield from self._hessian()
            if not self.last:
                return
        yield Paragraph(scribe.say("function.step"))
        lines: list[Line] = []
        if self.method.name == NEWTON:
            lines += [scribe.worked(scribe.step(d)) for d in self.states(DIRECTION)]
        for variable in self.variables:
            steps = scribe.derivation.updates[variable]
            lines += [replace(scribe.worked(step), spaced=len(steps) > 1 and step is steps[0]) for step in steps]
        yield Equations(tuple(lines))

    @property
    def is_first_downhill(self) -> bool:
        """Whether no section before this one has worked the gradient at the start."""
        before = self.lesson.methods[: self.index - 1]
        return all(method.optimizer is None and method.name != NEWTON for method in before)

    def _gradient(self) -> Equations:
        slopes = (self.scribe.step(self.gradient(variable)) for variable in self.variables)
        return Equations((self.scribe.worked(self.scribe.step(self.f)), *map(self.scribe.worked, slopes)))

    def _hessian(self) -> Iterator[Block]:
        """The second derivatives, and the inverse of their matrix."""
        scribe = self.scribe
        several = len(self.variables) > 1
        yield Paragraph(scribe.say("function.newton" if several else "function.newton_alone"))
        yield Equations(tuple(self._second(*pair) for pair in second_partials(self.lesson)))
        if not several:
            return
        determinant = self.shared(DETERMINANT)
        yield Equations((self._matrix(),))
        yield Paragraph(scribe.say("function.determinant"))
        yield Equations((scribe.worked(scribe.step(determinant)),))
        if self.last:
            yield Paragraph(scribe.say("function.inverse"))
            yield Equations((self._inverse(),))

    def _second(self, one: str, other: str) -> Line:
        """H_xy = ∂²f/∂x∂y = the formula = its number."""
        step = self.scribe.step(self.shared(entry_of(one, other)))
        x, y = (Name(Quantity(Role.WIRE, name=name)) for name in (one, other))
        d = Sign("∂")
        below = Row((d, Raised(x, Word("2")))) if one == other else Row((d, x, d, y))
        quotient = Fraction(Row((Raised(d, Word("2")), Name(_F))), below)
        line = self.scribe.worked(step)
        return replace(line, links=(equal(quotient), *line.links))

    def _entries(self) -> tuple[Quantity, Quantity, Quantity]:
        xx, xy, yy = (self.shared(entry_of(*pair)) for pair in second_partials(self.lesson))
        return xx, xy, yy

    def _matrix(self) -> Line:
        xx, xy, yy = self._entries()
        names, numbers = (
            Matrix(((of(xx), of(xy)), (of(xy), of(yy)))) for of in (self.scribe.name, self.scribe.num)
        )
        used = tuple(self.scribe.at(Ref(q)) for q in (xx, xy, yy))
        return Line(Word("H"), (equal(names), Link(Relation((), used), numbers)))

    def _inverse(self) -> Line:
        """1/D times the matrix with its diagonal exchanged and the rest negative."""
        xx, xy, yy = self._entries()
        negative = formal("h")

        def matrix(of: object) -> Matrix:
            off = Formula(minus(negative), {negative: of(xy)})  # type: ignore[operator]
            return Matrix(((of(yy), off), (off, of(xx))))  # type: ignore[operator]

        name, num = self.scribe.name, self.scribe.num
        determinant = self.shared(DETERMINANT)
        letters = Row((Fraction(Word("1"), name(determinant)), matrix(name)))
        numbers = Row((Fraction(Word("1"), num(determinant)), matrix(num)))
        used = tuple(self.scribe.at(Ref(q)) for q in (xx, xy, yy, determinant))
        left = Raised(Word("H"), Row((Sign("−"), Word("1"))))
        return Line(left, (equal(letters), Link(Relation(used), numbers)))

    # ---- by trying ----------------------------------------------------------------------------------------

    def _search(self) -> Iterator[Block]:
        scribe = self.scribe
        better, tried = self.shared(BETTER), self.shared(TRIED)
        points = scribe.words.listed([(scribe.name(p),) for p in self.states(TRY)])
        if self.method.name == RANDOM:
            yield Paragraph(scribe.say("function.random", points=points, region=self._region()))
        else:
            ways = scribe.words.listed([(scribe.name(d),) for d in self.states(DIRECTION)])
            reach = scribe.num(self.of(training.setting(REACH)))
            low = Row((Sign("−"), reach))
            yield Paragraph(scribe.say("function.local", points=points, ways=ways, low=low, high=reach))
        yield Paragraph(
            scribe.words.join(
                scribe.say("function.kept", better=scribe.name(better)),
                scribe.say("function.draws", seed=str(self.lesson.seed)),
            )
        )
        lines: list[Line] = [scribe.worked(scribe.step(self.f))]
        if self.method.name == LOCAL:
            lines += [scribe.worked(scribe.step(p)) for p in self.states(TRY)]
        lines += [scribe.worked(scribe.step(tried)), scribe.worked(scribe.step(better))]
        lines += [scribe.worked(step) for v in self.variables for step in scribe.derivation.updates[v]]
        yield Equations(tuple(lines))

    def _region(self) -> Inline:
        """Between which ends each variable is drawn."""
        between: list[Inline] = []
        for name in self.lesson.start:
            low, high = map(self.scribe.num, function.ends(name))
            between.append((Row((low, Sign("≤"), Name(Quantity(Role.WIRE, name=name)), Sign("≤"), high)),))
        return self.scribe.words.listed(between)

    # ---- all steps ----------------------------------------------------------------------------------------

    def _table(self) -> Table:
        """The point after each step, and what the next step was made of."""
        scribe = self.scribe
        made: list[Quantity | Partial] = []
        if self.is_search:
            made += [*(self.states(DIRECTION) if self.method.name == LOCAL else []), *self.states(TRY)]
            made += [self.shared(TRIED), self.shared(BETTER)]
        else:
            made += [self.gradient(variable) for variable in self.variables]
            if self.method.name == NEWTON:
                alone = entry_of(self.variables[0].name, self.variables[0].name)
                made.append(self.shared(DETERMINANT if len(self.variables) > 1 else alone))
        here: list[Quantity | Partial] = [*self.variables, self.f]
        head = (scribe.say("table.step"), *((self._on_one_line(quantity),) for quantity in (*here, *made)))
        rows: list[tuple[Cell, ...]] = []
        for time in range(self.last + 1):
            moment = scribe.at_time(time)
            cells: list[Cell] = [NumberCell(moment.num(quantity).at) for quantity in here]
            cells += [NumberCell(moment.num(q).at) if time < self.last else () for q in made]
            rows.append(((str(time),), *cells))
        return Table(head, tuple(rows))

    def _on_one_line(self, quantity: Quantity | Partial) -> Math:
        """A name for the head of a table: ∂f/∂x without a bar."""
        if isinstance(quantity, Quantity) or self.scribe.notation.wires:
            return Name(quantity)
        return Row((Sign("∂"), Name(quantity.of), Word("/"), Sign("∂"), Name(quantity.by)))

    def _remarks(self) -> Iterator[Block]:
        if self.scribe.spec.show.fade != "none":  # they would give answers away
            return
        said: set[str] = set()
        for turn in self.turns:
            if turn.kind not in said:
                said.add(turn.kind)
                alone = "_alone" if len(self.variables) == 1 and turn.kind != "rises" else ""
                yield Remark(self.scribe.say(f"turn.{turn.kind}{alone}", step=str(turn.time + 1)))


def _compared(scribe: Scribe, ways: Sequence[_Way]) -> Table:
    """The value of the function after each step, by method."""
    head = (scribe.say("table.step"), *(way.title for way in ways))
    rows = []
    for time in range(_lesson(scribe).steps + 1):
        cells: list[Cell] = [NumberCell(At(way.f, 1, time)) if time <= way.last else () for way in ways]
        rows.append(((str(time),), *cells))
    return Table(head, tuple(rows))


def _pictures(scribe: Scribe, lesson: FunctionLesson, ways: Sequence[_Way]) -> Iterator[Block]:
    """Where the methods come to: over lines of equal height or, of one variable, on the curve."""
    names = list(lesson.start)
    axes = []
    for name in names:
        low, high = lesson.region.get(name, (None, None))
        axes.append(Axis((Name(Quantity(Role.WIRE, name=name)),), low, high, air=0.3, least=1))
    if len(names) == 2:
        field = Contours(Graph(lesson.formula, *map(formal, names)))
        parts = (field, *_paths(ways, [way.variables for way in ways]))
        yield Plot("map", scribe.language.sentence("function.alt_map"), axes[0], axes[1], parts, shape="square")
    elif lesson.region:
        low, high = lesson.region[names[0]]
        points = sampled(lesson.formula, formal(names[0]), float(low), float(high))
        parts = (Curve(tuple(points), Pen("muted")), *_paths(ways, [(*way.variables, way.f) for way in ways]))
        yield Plot("curve", scribe.language.sentence("function.alt_curve"), axes[0], Axis((Name(_F),)), parts)


def _paths(ways: Sequence[_Way], places: Sequence[Sequence[Quantity]]) -> Iterator[Curve | Points]:
    """What each method comes to, step by step, and where all of them begin."""
    for way, pen, (x, y) in zip(ways, PENS, places, strict=False):
        path = tuple((At(x, 1, time), At(y, 1, time)) for time in range(way.last + 1))
        is_left_out = way.scribe.spec.show.fade != "none"
        yield Curve(path, pen, way.label, is_left_out=is_left_out)
        yield Points(path, "dot", Pen(pen.colour), is_left_out=is_left_out)
    yield Points(((At(places[0][0]), At(places[0][1])),), "ring")
