"""One step of each method that looks for the minimum of a function: derivatives, the Hessian, tries.

Derivatives are SymPy's.  Newton's step solves H d = ∇f by Cramer's rule, which is the inverse of a 2×2 matrix
written out:

    d_x = (H_yy g_x − H_xy g_y) / D,    d_y = (H_xx g_y − H_xy g_x) / D,    D = H_xx H_yy − H_xy²
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sympy import Expr, Symbol

from chalkgrad.algebra.functions import positive
from chalkgrad.algebra.ops import derived, formal
from chalkgrad.algebra.order import add, call, minus, mul, over, power
from chalkgrad.catalogue.descents import LOCAL, NEWTON
from chalkgrad.catalogue.optimizers import COUNT, GRADIENTS, RATE, G, W, new, rule_op
from chalkgrad.derivation.model import Derivation, Kind, Ref, Step
from chalkgrad.network import function, training
from chalkgrad.network.function import DIRECTION, TRY
from chalkgrad.network.model import Network
from chalkgrad.network.training import Schedule
from chalkgrad.quantities import Partial, Quantity, Role
from chalkgrad.spec.lessons.function import FunctionLesson, Method
from chalkgrad.spec.model import Spec

DETERMINANT, TRIED, BETTER = "D", "f_p", "b"
"""Of the Hessian; the function at the point that is tried; 1 where that is smaller."""


def derive(network: Network, spec: Spec) -> Derivation:
    """The step of every method."""
    lesson = spec.lesson
    assert isinstance(lesson, FunctionLesson)  # noqa: S101 (told by the registry of kinds)
    forward: list[Step] = []
    backward: list[Step] = []
    updates: dict[Quantity, tuple[Step, ...]] = {}
    for index, method in enumerate(lesson.methods, 1):
        writer = _Writer(lesson, index, method)
        forward.append(writer.value())
        backward += writer.steps()
        updates |= writer.updates
    moves = [step for steps in updates.values() for step in steps]
    return Derivation(network, tuple(forward), (*backward, *moves), {}, {}, updates, Schedule(1, (), lesson.steps))


@dataclass
class _Writer:
    lesson: FunctionLesson
    index: int
    method: Method
    updates: dict[Quantity, tuple[Step, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.variables = function.variables(self.lesson, self.index)
        self.symbols = [formal(name) for name in self.lesson.start]
        self.f = function.value(self.lesson, self.index)

    def value(self) -> Step:
        return Step(Kind.APPLY, self.f, self.lesson.formula, self._bound(self.lesson.formula))

    def _bound(self, expression: Expr) -> tuple[tuple[Symbol, Ref], ...]:
        here = zip(self.symbols, map(Ref, self.variables), strict=True)
        return tuple((symbol, ref) for symbol, ref in here if symbol in expression.free_symbols)

    def shared(self, name: str) -> Quantity:
        return shared(self.lesson, self.index, name)

    def steps(self) -> Iterator[Step]:
        """What is found before anything moves; then the moves."""
        if self.method.optimizer is None and self.method.name != NEWTON:
            yield from self._search()
            return
        for symbol, variable in zip(self.symbols, self.variables, strict=True):
            slope = derived(self.lesson.formula, symbol)
            yield Step(Kind.LOCAL, self._gradient(variable), slope, self._bound(slope))
        if self.method.name == NEWTON:
            yield from self._newton()
            return
        for variable in self.variables:
            self.updates[variable] = tuple(self._rules(variable))

    def _gradient(self, variable: Quantity) -> Partial:
        return Partial(self.f, variable, per_sample=True)

    def _rules(self, variable: Quantity) -> Iterator[Step]:
        optimizer = self.method.optimizer
        assert optimizer is not None  # noqa: S101 (told to the type checker)
        refs = {W: Ref(variable), G: Ref(self._gradient(variable)), COUNT: Ref(training.COUNT)}
        refs[RATE] = Ref(function.of(self.lesson, self.index, training.RATE))
        refs |= {
            formal(c): Ref(function.of(self.lesson, self.index, training.setting(c)))
            for c in optimizer.coefficients
        }
        refs |= {formal(name): Ref(training.state(name, variable)) for name in optimizer.states}
        for rule in optimizer.rules:
            made = variable if rule.makes == "w" else training.state(rule.makes, variable)
            op = rule_op(rule)
            yield Step(Kind.UPDATE, made, op.formula, tuple((s, refs[s]) for s in op.inputs), ahead=1)
            refs[new(rule.makes)] = Ref(made, 1)
            if rule.makes in GRADIENTS:
                refs[G] = Ref(made, 1)

    # ---- Newton -------------------------------------------------------------------------------------------

    def _newton(self) -> Iterator[Step]:
        names = list(self.lesson.start)
        for i, one in enumerate(names):
            for other in names[i:]:
                second = derived(derived(self.lesson.formula, formal(one)), formal(other))
                yield Step(Kind.SHARED, self.shared(entry_of(one, other)), second, self._bound(second))
        if len(names) == 2:
            xx, xy, yy = (formal(f"H{i}") for i in ("xx", "xy", "yy"))
            pairs = ((names[0], names[0]), (names[0], names[1]), (names[1], names[1]))
            entries = {
                symbol: Ref(self.shared(entry_of(*pair))) for symbol, pair in zip((xx, xy, yy), pairs, strict=True)
            }
            determinant = add(mul(xx, yy), minus(power(xy, 2)))
            yield Step(Kind.SHARED, self.shared(DETERMINANT), determinant, tuple(entries.items()))
        for place, variable in enumerate(self.variables):
            yield self._direction(place, variable)
            self.updates[variable] = (self._newtons_rule(variable),)

    def _direction(self, place: int, variable: Quantity) -> Step:
        """The share of the gradient that the inverse of the Hessian gives to a variable."""
        g = formal("g")
        way = training.state(DIRECTION, variable)
        names = list(self.lesson.start)
        refs = {g: Ref(self._gradient(variable))}
        if len(names) == 1:
            h = formal("H")
            formula = over(g, h)
            refs[h] = Ref(self.shared(entry_of(names[0], names[0])))
        else:
            other, own, mixed, det = formal("go"), formal("ho"), formal("hm"), formal("D")
            formula = over(add(mul(own, g), minus(mul(mixed, other))), det)
            across = names[1 - place]
            refs |= {
                other: Ref(self._gradient(self.variables[1 - place])),
                own: Ref(self.shared(entry_of(across, across))),
                mixed: Ref(self.shared(entry_of(*names))),
                det: Ref(self.shared(DETERMINANT)),
            }
        return Step(Kind.UPDATE, way, formula, tuple(refs.items()))

    def _newtons_rule(self, variable: Quantity) -> Step:
        d, way = formal("d"), training.state(DIRECTION, variable)
        rate = Ref(function.of(self.lesson, self.index, training.RATE))
        full = self.method.rate == 1
        formula = add(W, minus(d)) if full else add(W, minus(mul(RATE, d)))
        bindings = {W: Ref(variable), d: Ref(way)} | ({} if full else {RATE: rate})
        return Step(Kind.UPDATE, variable, formula, tuple(bindings.items()), ahead=1)

    # ---- searches -----------------------------------------------------------------------------------------

    def _search(self) -> Iterator[Step]:
        """The point that is tried, the function there, and whether that is better: then it is the new point."""
        tries = [training.state(TRY, variable) for variable in self.variables]
        d, p, b = formal(DIRECTION), formal(TRY), formal(BETTER)
        if self.method.name == LOCAL:
            for variable, tried in zip(self.variables, tries, strict=True):
                way = Ref(training.state(DIRECTION, variable))
                yield Step(Kind.UPDATE, tried, add(W, d), ((W, Ref(variable)), (d, way)))
        there = tuple(zip(self.symbols, map(Ref, tries), strict=True))
        yield Step(Kind.SHARED, self.shared(TRIED), self.lesson.formula, there)
        here, found = formal("f"), formal("ft")
        better = call(positive, add(here, minus(found)))
        yield Step(
            Kind.SHARED, self.shared(BETTER), better, ((here, Ref(self.f)), (found, Ref(self.shared(TRIED))))
        )
        moved = add(W, mul(b, add(p, minus(W))))
        for variable, tried in zip(self.variables, tries, strict=True):
            refs = ((W, Ref(variable)), (b, Ref(self.shared(BETTER))), (p, Ref(tried)))
            self.updates[variable] = (Step(Kind.UPDATE, variable, moved, refs, ahead=1),)


def entry_of(one: str, other: str) -> str:
    """The name of an entry of the Hessian."""
    return f"H_{one}{other}"


def shared(lesson: FunctionLesson, index: int, name: str) -> Quantity:
    """What a method finds at a point, for all variables."""
    return function.of(lesson, index, Quantity(Role.SHARED, name=name))


def second_partials(lesson: FunctionLesson) -> Sequence[tuple[str, str]]:
    """The variables by which the function is differentiated twice, each pair once."""
    names = list(lesson.start)
    return [(one, other) for i, one in enumerate(names) for other in names[i:]]
