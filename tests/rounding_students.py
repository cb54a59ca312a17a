"""Students who work a network by hand: independent of chalkgrad, in decimals, each with habits of their own.

A student rounds every number, or only those that have a name, or some, or none; half up or to even; to the digits
asked or to more; works sums and products in any order; takes a function from the calculator or by way of the
exponential; goes delta by delta or multiplies the whole chain.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal, localcontext
from typing import Any

EXACTLY = Context(prec=40)
ONE = Decimal(1)


@dataclass
class Habits:
    """How a student works."""

    rng: random.Random
    decimals: int | None = 4
    significant: int | None = None
    share: float = 1.0
    """Of the unnamed numbers that are rounded."""
    named: float = 1.0
    """Of the named numbers that are rounded."""
    finer: float = 0.0
    """How often a number is rounded to more digits than asked."""
    forgets: float = 0.0
    """How often a named number is used as the calculator has it, though it was written rounded."""
    mode: str = ROUND_HALF_UP
    shuffles: bool = True
    factors_first: bool = True
    """Whether a product is worked factor by factor; else in any brackets."""
    expands: bool = False
    inlines: float = 0.5
    """How often the two factors of a local derivative stand among those of the chain."""
    forms: bool = True
    """Whether functions are also worked by way of the exponential."""
    short: bool = False
    """Whether the short form of an output's delta is used, where there is one."""
    divides_each: bool = False

    @classmethod
    def drawn(cls, rng: random.Random, **digits: Any) -> Habits:
        """Some student."""
        kind = rng.choice(["all", "all", "named", "some", "some"])
        return cls(
            rng,
            share={"all": 1.0, "named": 0.0, "some": rng.random()}[kind],
            named=1.0 if kind != "some" else rng.random(),
            finer=rng.choice([0.0, 0.0, 0.0, 0.3]),
            forgets=rng.choice([0.0, 0.0, 0.3]),
            mode=rng.choice([ROUND_HALF_UP, ROUND_HALF_EVEN]),
            shuffles=rng.random() < 0.8,
            factors_first=rng.random() < 0.5,
            expands=rng.random() < 0.5,
            inlines=rng.choice([0.0, 0.5, 1.0]),
            forms=rng.random() < 0.5,
            short=rng.random() < 0.5,
            divides_each=rng.random() < 0.5,
            **{"decimals": None, "significant": None, **digits},
        )

    def rounded(self, value: Decimal) -> Decimal:
        """A number as it is written, to the digits asked or, by some, to more."""
        more = self.rng.choice([1, 2, 3]) if self.rng.random() < self.finer else 0
        if value == 0:
            return value
        if self.decimals is not None:
            unit = ONE.scaleb(-self.decimals - more)
        else:
            assert self.significant is not None
            unit = ONE.scaleb(value.adjusted() - self.significant - more + 1)
        return value.quantize(unit, rounding=self.mode, context=EXACTLY)

    def final(self, value: Decimal) -> Decimal:
        """An answer, always written with the digits asked or more."""
        return self.rounded(value)

    def note(self, value: Decimal) -> Decimal:
        """A number on the way."""
        return self.rounded(value) if self.rng.random() < self.share else value

    def ordered(self, values: Sequence[Decimal]) -> list[Decimal]:
        found = list(values)
        if self.shuffles:
            self.rng.shuffle(found)
        return found

    def total(self, values: Sequence[Decimal]) -> Decimal:
        """A sum."""
        first, *rest = self.ordered(values)
        for value in rest:
            first = self.note(first + value)
        return first

    def times(self, values: Sequence[Decimal]) -> Decimal:
        """A product."""
        left = self.ordered(values)
        while len(left) > 1:
            i, j = (0, 1) if self.factors_first else sorted(self.rng.sample(range(len(left)), 2))
            made = self.note(left[i] * left[j])
            del left[j]
            left[i] = made
        return left[0]

    def over(self, a: Decimal, b: Decimal) -> Decimal:
        return self.note(a / b)

    def exp(self, value: Decimal) -> Decimal:
        return self.note(value.exp())

    def named_number(self, value: Decimal) -> Number:
        """A number that has a name: written, and in the calculator."""
        return Number(self, value, self.rounded(value) if self.rng.random() < self.named else value)


@dataclass
class Number:
    """A named number as the calculator has it and as it was written."""

    habits: Habits
    raw: Decimal
    written: Decimal

    @property
    def use(self) -> Decimal:
        """As it is used once."""
        return self.raw if self.habits.rng.random() < self.habits.forgets else self.written


def exact(value: float | str) -> Decimal:
    """A number of a spec."""
    return Decimal(str(value))


@dataclass
class Student:
    """A student before a network of layers."""

    habits: Habits
    spec: dict[str, Any]
    found: dict[str, Decimal] = field(default_factory=dict)

    def work(self) -> dict[str, Decimal]:
        """Every answer by its id, for the first sample or the batch."""
        with localcontext(EXACTLY):
            self._work()
        return {id: self.habits.final(value) for id, value in self.found.items()}

    def _work(self) -> None:
        layers = self.spec["network"]["layers"]
        self.weights = [[list(map(exact, row)) for row in layer["weights"]] for layer in layers]
        self.bias = [list(map(exact, layer.get("bias", []))) for layer in layers]
        self.kinds = [layer["activation"] for layer in layers]
        self.loss = self.spec["network"]["loss"]
        xs, ys = self.spec["data"]["x"], self.spec["data"]["y"]
        samples = [
            ([Decimal(str(v)) for v in x], [Decimal(str(v)) for v in y]) for x, y in zip(xs, ys, strict=True)
        ]
        gradients = [
            self._sample(x, y, f"@{n}" if len(samples) > 1 else "") for n, (x, y) in enumerate(samples, 1)
        ]
        eta = exact(self.spec["train"]["optimizer"]["learning_rate"])
        for key in gradients[0]:
            values = [gradient[key].use for gradient in gradients]
            if len(values) > 1:
                mean = self.spec["network"].get("reduction", "mean") == "mean"
                size = Decimal(len(values))
                if mean and self.habits.divides_each:
                    value = self.habits.total([self.habits.over(v, size) for v in values])
                else:
                    value = self.habits.total(values)
                    value = self.habits.over(value, size) if mean else value
            else:
                value = gradients[0][key].raw
            self.found[key] = value
            number = self.habits.named_number(value)
            name = key.removeprefix("dJ/d")
            layer = int(name[1]) - 1
            places = [int(i) - 1 for i in name[3:-1].split(",")]
            old = self.weights[layer][places[0]][places[1]] if name[0] == "W" else self.bias[layer][places[0]]
            self.found[name + "'"] = self.habits.total([old, -self.habits.times([eta, number.use])])

    def _sample(self, x: list[Decimal], y: list[Decimal], at: str) -> dict[str, Number]:
        h = self.habits
        before: list[Any] = [[Number(h, v, v) for v in x]]
        sums = []
        for layer, (rows, kind) in enumerate(zip(self.weights, self.kinds, strict=True)):
            zs = []
            for j, row in enumerate(rows):
                terms = [h.times([w, a.use]) for w, a in zip(row, before[-1], strict=True)]
                zs.append(h.named_number(h.total(terms + self.bias[layer][j : j + 1])))
            outs = self._softmax(zs) if kind == "softmax" else [self._activation(kind, z) for z in zs]
            outs = [h.named_number(a) for a in outs]
            for j, (z, a) in enumerate(zip(zs, outs, strict=True), 1):
                self.found[f"z{layer + 1}[{j}]{at}"], self.found[f"a{layer + 1}[{j}]{at}"] = z.raw, a.raw
            sums.append(zs)
            before.append(outs)
        return self._backward(before, sums, y, at)

    def _activation(self, kind: str, z: Number) -> Decimal:
        h = self.habits
        value = z.use
        if kind == "sigmoid":
            way = h.rng.choice(["one", "minus", "plus"]) if h.forms else "one"
            if way == "one":
                return ONE / (ONE + (-value).exp())
            if way == "minus":
                return ONE / h.total([ONE, h.exp(-value)])
            power = h.exp(value)
            return power / h.total([ONE, power])
        if kind == "tanh":
            way = h.rng.choice(["one", "square", "both"]) if h.forms else "one"
            if way == "one":
                up, down = value.exp(), (-value).exp()
                return (up - down) / (up + down)
            if way == "square":
                power = h.exp(2 * value)
                return h.total([power, -ONE]) / h.total([power, ONE])
            up, down = h.exp(value), h.exp(-value)
            return h.total([up, -down]) / h.total([up, down])
        if kind == "relu":
            return max(value, Decimal(0))
        assert kind == "identity", kind
        return value

    def _softmax(self, zs: list[Number]) -> list[Decimal]:
        powers = [self.habits.exp(z.use) for z in zs]
        below = self.habits.total(powers)
        return [power / below for power in powers]

    def _local(self, kind: str, z: Number, a: Number) -> list[Decimal]:
        """The factors of da/dz."""
        h = self.habits
        if kind == "sigmoid":
            if h.forms and h.rng.random() < 0.3:
                sign = h.rng.choice([1, -1])
                power = h.exp(sign * z.use)
                below = h.total([ONE, power])
                return [h.over(power, h.times([below, below]))]
            factors = [a.use, h.total([ONE, -a.use])]
            return factors if h.rng.random() < h.inlines else [h.times(factors)]
        if kind == "tanh":
            return [h.total([ONE, -h.times([a.use] * 2)])]
        if kind == "relu":
            return [ONE if z.use > 0 else Decimal(0)]
        return [ONE]

    def _errors(self, outs: list[Number], y: list[Decimal], at: str) -> list[list[Decimal]]:
        """The factors of dJ/da of each output."""
        h = self.habits
        found = []
        costs = []
        for a, t in zip(outs, y, strict=True):
            excess = h.total([a.use, -t]) if h.rng.random() < 0.5 else -h.total([t, -a.use])
            if self.loss == "half_squared_error":
                found.append([excess])
                miss = h.total([t, -a.use])
                costs.append(h.times([Decimal("0.5"), h.times([miss, miss])]))
            elif self.loss == "squared_error":
                found.append([Decimal(2), excess])
                miss = h.total([t, -a.use])
                costs.append(h.times([miss, miss]))
            elif self.loss == "cross_entropy":
                found.append([-h.over(t, a.use) if t else Decimal(0)])
                costs.append(-h.times([t, h.note(a.use.ln())]) if t else Decimal(0))
            else:
                assert self.loss == "binary_cross_entropy", self.loss
                rest = h.total([ONE, -a.use])
                parts = ([-h.over(t, a.use)] if t else []) + ([h.over(ONE - t, rest)] if t != 1 else [])
                found.append([h.total(parts)])
                logs = ([h.times([t, h.note(a.use.ln())])] if t else []) + (
                    [h.times([ONE - t, h.note(rest.ln())])] if t != 1 else []
                )
                costs.append(-h.total(logs))
        self.found["J" + at] = h.total(costs)
        return found

    def _backward(self, before: list[Any], sums: list[Any], y: list[Decimal], at: str) -> dict[str, Number]:
        h = self.habits
        last = len(self.weights) - 1
        errors = self._errors(before[-1], y, at)
        short = h.short and (self.kinds[-1], self.loss) in (
            ("softmax", "cross_entropy"),
            ("sigmoid", "binary_cross_entropy"),
        )

        def jacobian(i: int, j: int) -> list[Decimal]:
            """The factors of da_i/dz_j of the last layer."""
            a = before[-1]
            if self.kinds[-1] != "softmax":
                return self._local(self.kinds[-1], sums[last][j], a[j])
            if i == j:
                return [a[i].use, h.total([ONE, -a[i].use])]
            return [-a[i].use, a[j].use]

        links = range(len(y)) if self.kinds[-1] == "softmax" else None

        def delta_factors(j: int) -> list[list[Decimal]]:
            """The terms of dJ/dz of an output, each a list of factors."""
            if short:
                return [[h.total([before[-1][j].use, -y[j]])]]
            return [errors[i] + jacobian(i, j) for i in (links or [j])]

        deltas: list[list[Number]] = [[] for _ in self.weights]
        deltas[last] = [h.named_number(h.total([h.times(t) for t in delta_factors(j)])) for j in range(len(y))]
        for layer in range(last - 1, -1, -1):
            for j in range(len(self.weights[layer])):
                rows = self.weights[layer + 1]
                arriving = h.named_number(
                    h.total([h.times([deltas[layer + 1][i].use, row[j]]) for i, row in enumerate(rows)])
                )
                self.found[f"dJ/da{layer + 1}[{j + 1}]{at}"] = arriving.raw
                local = self._local(self.kinds[layer], sums[layer][j], before[layer + 1][j])
                deltas[layer].append(h.named_number(h.times([arriving.use, *local])))
        for layer, found in enumerate(deltas, 1):
            for j, delta in enumerate(found, 1):
                self.found[f"delta{layer}[{j}]{at}"] = delta.raw

        def chains(layer: int, j: int) -> list[list[Decimal]]:
            """All paths from the cost to a weighted sum, each a list of factors."""
            if layer == last:
                return delta_factors(j)
            paths = []
            for i, row in enumerate(self.weights[layer + 1]):
                for path in chains(layer + 1, i):
                    local = self._local(self.kinds[layer], sums[layer][j], before[layer + 1][j])
                    paths.append([*path, row[j], *local])
            return paths

        gradients = {}
        for layer, rows in enumerate(self.weights):
            for j, row in enumerate(rows):
                for k in range(len(row)):
                    x = before[layer][k]
                    value = (
                        h.total([h.times([*path, x.use]) for path in chains(layer, j)])
                        if h.expands
                        else h.times([deltas[layer][j].use, x.use])
                    )
                    gradients[f"dJ/dW{layer + 1}[{j + 1},{k + 1}]"] = h.named_number(value)
                if self.bias[layer]:
                    gradients[f"dJ/db{layer + 1}[{j + 1}]"] = deltas[layer][j]
        return gradients


class Recorded(random.Random):
    """Chance that can be played again, with some of it changed."""

    def __new__(cls, *_: Any) -> Recorded:
        return super().__new__(cls)

    def __init__(self, values: Sequence[float], seed: int) -> None:
        super().__init__(seed)
        self.values = list(values)
        self.used = 0
        self._fresh = random.Random(seed)

    def random(self) -> float:
        if self.used == len(self.values):
            self.values.append(self._fresh.random())
        self.used += 1
        return self.values[self.used - 1]


def answers(spec: dict[str, Any], rng: random.Random, **digits: int) -> dict[str, Decimal]:
    """What some student finds, by id."""
    return Student(Habits.drawn(rng, **digits), spec).work()


def furthest(
    spec: dict[str, Any], id: str, sign: int, seed: int, starts: int, steps: int, **digits: int
) -> Decimal:
    """The greatest (or, with the sign −1, smallest) answer that a search among students meets."""
    chance = random.Random(seed)
    best, record = Decimal("-Infinity"), [0.0]
    for step in range(starts + steps):
        values = list(record) if step >= starts else []
        for _ in range(chance.choice([1, 1, 2, 4]) if values else 0):
            values[chance.randrange(len(values))] = chance.random()
        rng = Recorded(values, chance.randrange(2**30))
        found = sign * answers(spec, rng, **digits)[id]
        if found >= best:
            best, record = found, rng.values[: rng.used]
    return sign * best
