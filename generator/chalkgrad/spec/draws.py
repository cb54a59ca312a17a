"""Draws: holes in a spec that each paper of an exam fills with something else.

A draw may stand for any value of a spec: a number, a list, a word, a mapping.

    weights: {draw: uniform, low: -1, high: 1, step: 0.1, not: 0}
    activation: {draw: choice, from: [sigmoid, tanh]}
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import permutations
from math import ceil, floor
from typing import Any, NamedTuple, TypeAlias

from chalkgrad.errors import Place, did_you_mean
from chalkgrad.messages import NOTHING, Message
from chalkgrad.spec.readers import (
    INVALID,
    ByShape,
    Field,
    Invalid,
    ListOf,
    Number,
    Reader,
    Record,
    Report,
    entry,
)
from chalkgrad.spec.source import Entries, Items, Node, Scalar, described

Path: TypeAlias = tuple[str | int, ...]
"""Where a value stands: keys and places in lists, from the root of the spec."""

MOST_VALUES = 10_000
"""A finer grid has numbers that nobody works with by hand."""
MOST_PERMUTED = 7
"""More things have too many orders to be written out."""
WIDEST = 3
"""A normal draw without bounds ends so many standard deviations from its mean."""


class Bell(NamedTuple):
    """A normal distribution whose numbers are rounded to multiples of a step."""

    mean: Fraction
    sd: Fraction
    """The standard deviation."""
    step: Fraction


@dataclass(frozen=True)
class Domain:
    """What may be drawn: alternatives, all equally likely unless a bell says otherwise."""

    alternatives: tuple[Node, ...]
    bell: Bell | None = None
    """Where the alternatives are numbers of a normal distribution, in ascending order."""
    shape: tuple[int, ...] = ()
    """The list or matrix asked for, of which each number is drawn by itself."""

    @property
    def is_scalar(self) -> bool:
        """Whether every alternative is a single value."""
        return all(isinstance(node, Scalar) for node in self.alternatives)


@dataclass(frozen=True)
class Draw:
    """A hole of a spec, and what may be drawn for it."""

    path: Path
    place: Place
    alternatives: tuple[Node, ...]
    bell: Bell | None = None
    """Where the alternatives are numbers of a normal distribution, in ascending order."""

    @property
    def size(self) -> int:
        """How many alternatives there are."""
        return len(self.alternatives)

    def numbers(self) -> tuple[tuple[Fraction, ...], ...] | None:
        """The numbers of each alternative, in order; None where one is no number, or has more of them."""
        rows = [tuple(_numbers(node)) for node in self.alternatives]
        if any(None in row or len(row) != len(rows[0]) for row in rows):
            return None
        return tuple(tuple(value for value in row if value is not None) for row in rows)


def _numbers(node: Node) -> Iterator[Fraction | None]:
    if isinstance(node, Items):
        for inner in node.items:
            yield from _numbers(inner)
    elif isinstance(node, Scalar):
        value = Number().read(node, Report())
        yield None if value is INVALID else value
    else:
        yield None


@dataclass(frozen=True)
class Template:
    """A spec with holes."""

    root: Node
    draws: tuple[Draw, ...]

    def filled(self, picks: Sequence[int]) -> Node:
        """The spec with an alternative in each hole; every value remembers the draw it comes from.

        Raises `IndexError` where a pick is beyond a draw's alternatives.
        """
        root = self.root
        for number, (draw, pick) in enumerate(zip(self.draws, picks, strict=True)):
            leaves = iter(range(1_000_000))
            root = _put(root, draw.path, _marked(draw.alternatives[pick], number, leaves))
        return root


def _marked(node: Node, draw: int, leaves: Iterator[int]) -> Node:
    if isinstance(node, Scalar):
        return replace(node, mark=(draw, next(leaves)))
    if isinstance(node, Items):
        return Items(tuple(_marked(inner, draw, leaves) for inner in node.items), node.place)
    return node


def _put(node: Node, path: Path, value: Node) -> Node:
    if not path:
        return value
    step, rest = path[0], path[1:]
    if isinstance(node, Items):
        items = (_put(inner, rest, value) if i == step else inner for i, inner in enumerate(node.items))
        return Items(tuple(items), node.place)
    assert isinstance(node, Entries)  # noqa: S101 (a path leads through lists and mappings)
    entries = ((key, _put(inner, rest, value) if key.text == step else inner) for key, inner in node.entries)
    return Entries(tuple(entries), node.place)


Shapes: TypeAlias = Callable[[Node], Mapping[Path, tuple[int, ...]]]
"""Tells which values of a spec are lists or matrices, and of what size: where a draw of single numbers stands in
for one of them, each of its numbers is drawn by itself."""


def template(root: Node, shapes: Shapes, report: Report) -> Template:
    """The holes of a spec; what is wrong with a draw is reported."""
    draws: list[Draw] = []
    wanted = shapes(root)
    return Template(_opened(root, (), wanted, draws, report), tuple(draws))


def is_draw(node: Node) -> bool:
    """Whether a value is a draw."""
    return entry(node, "draw") is not None


def drawn_in(node: Node) -> Node | None:
    """The first draw in a tree."""
    if is_draw(node):
        return node
    inner = node.items if isinstance(node, Items) else [v for _, v in getattr(node, "entries", ())]
    return next((found for child in inner if (found := drawn_in(child)) is not None), None)


def _opened(
    node: Node, path: Path, wanted: Mapping[Path, tuple[int, ...]], draws: list[Draw], report: Report
) -> Node:
    if is_draw(node):
        domain = DRAW.read(node, report)
        if domain is INVALID:
            return node
        shape = domain.shape or (wanted.get(path, ()) if domain.is_scalar else ())
        return _spread(domain, shape, path, node.place, draws)
    if isinstance(node, Items):
        inner = (_opened(child, (*path, i), wanted, draws, report) for i, child in enumerate(node.items))
        return Items(tuple(inner), node.place)
    if isinstance(node, Entries):
        pairs = ((key, _opened(child, (*path, key.text), wanted, draws, report)) for key, child in node.entries)
        return Entries(tuple(pairs), node.place)
    return node


def _spread(domain: Domain, shape: tuple[int, ...], path: Path, place: Place, draws: list[Draw]) -> Node:
    """A hole, or a list or matrix of holes."""
    if shape:
        inner = (_spread(domain, shape[1:], (*path, i), place, draws) for i in range(shape[0]))
        return Items(tuple(inner), place)
    draws.append(Draw(path, place, domain.alternatives, domain.bell))
    return domain.alternatives[0]


class _AnyNode(Reader):
    """Whatever was written, as it stands."""

    def read(self, node: Node, report: Report) -> Any:
        """The node; a draw inside a draw is reported."""
        if (inner := drawn_in(node)) is not None:
            return report.add(inner.place, Message("a draw inside a draw"), Message("a value"))
        return node

    def schema(self) -> dict[str, Any]:
        """Anything."""
        return {}


_NUMBERS = ByShape(
    Message("a number or a list of them"), scalar=Number(), items=ListOf(Number(), Message("a list of numbers"))
)
_SIZE = Number(Fraction(1), whole=True, most=1000)
_SHAPE = {
    "shape": Field(
        ByShape(
            Message("a length, or [rows, columns]"),
            scalar=_SIZE,
            items=ListOf(_SIZE, Message("rows and columns, such as [2, 3]")),
        ),
        Message("how many numbers, or [rows, columns]: each is drawn by itself"),
    )
}
_NOT = {"not": Field(_NUMBERS, Message("values that are never drawn"))}
_POSITIVE = Number(Fraction(0), strict=True)


def _uniform(low: Fraction, high: Fraction, step: Fraction, shape: Any, **rest: Any) -> Domain:
    return _grid(_steps(low, high, step), rest["not"], shape)


def _integer(low: Fraction, high: Fraction, shape: Any, **rest: Any) -> Domain:
    return _grid(_steps(Fraction(low), Fraction(high), Fraction(1)), rest["not"], shape)


def _normal(mean: Fraction, sd: Fraction, step: Fraction, low: Any, high: Any, shape: Any, **rest: Any) -> Domain:
    low = mean - WIDEST * sd if low is None else low
    high = mean + WIDEST * sd if high is None else high
    first, last = ceil(low / step), floor(high / step)
    values = [n * step for n in range(first, min(last, first + MOST_VALUES + 1) + 1)]
    return replace(_grid(values, rest["not"], shape), bell=Bell(mean, sd, step))


def _steps(low: Fraction, high: Fraction, step: Fraction) -> list[Fraction]:
    return [low + n * step for n in range(min(floor((high - low) / step), MOST_VALUES + 1) + 1)]


def _grid(values: Sequence[Fraction], never: Any, shape: Any) -> Domain:
    never = () if never is None else never if isinstance(never, tuple) else (never,)
    kept = tuple(Scalar(_text(value), Place("")) for value in values if value not in never)
    return Domain(kept, shape=_shape(shape))


def _choice(shape: Any, **rest: Any) -> Domain:
    return Domain(rest["from"], shape=_shape(shape))


def _permutation(of: tuple[Node, ...]) -> Domain:
    # of things that are the same, no order is another one
    orders = {tuple(map(_meaning, order)): Items(order, order[0].place) for order in permutations(of)}
    return Domain(tuple(orders.values()))


def _repeated(nodes: Sequence[Node]) -> Node | None:
    """The first value that was there before."""
    seen: set[Hashable] = set()
    for node in nodes:
        if (meaning := _meaning(node)) in seen:
            return node
        seen.add(meaning)
    return None


def _meaning(node: Node) -> Hashable:
    """The same for values that are written differently, as 0.5 and 1/2 are."""
    if isinstance(node, Items):
        return tuple(map(_meaning, node.items))
    if isinstance(node, Entries):
        return frozenset((key.text, _meaning(value)) for key, value in node.entries)
    value = Number().read(node, Report())
    return node.text if value is INVALID else value


def _shape(shape: Any) -> tuple[int, ...]:
    return () if shape is None else shape if isinstance(shape, tuple) else (shape,)


def _text(value: Fraction) -> str:
    """A number as a spec has it: a decimal where it ends."""
    twos, fives, rest = 0, 0, value.denominator
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest > 1:
        return str(value)
    places = max(twos, fives)
    whole = abs(value.numerator) * 10**places // value.denominator
    digits = str(whole).rjust(places + 1, "0")
    sign = "-" if value < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"


KINDS: Mapping[str, Record] = {
    "uniform": Record(
        {
            "low": Field(Number(), Message("the least value"), required=True),
            "high": Field(Number(), Message("the greatest value"), required=True),
            "step": Field(_POSITIVE, Message("from one value to the next"), required=True),
            **_NOT,
            **_SHAPE,
        },
        Message("a uniform draw"),
        _uniform,
    ),
    "integer": Record(
        {
            "low": Field(Number(), Message("the least value"), required=True),
            "high": Field(Number(), Message("the greatest value"), required=True),
            **_NOT,
            **_SHAPE,
        },
        Message("a draw of whole numbers"),
        _integer,
    ),
    "choice": Record(
        {
            "from": Field(
                ListOf(_AnyNode(), Message("a list of alternatives")),
                Message("what one is chosen from: numbers, words, lists, mappings"),
                required=True,
            ),
            **_SHAPE,
        },
        Message("a choice"),
        _choice,
    ),
    "normal": Record(
        {
            "mean": Field(Number(), Message("the mean"), default=Fraction(0)),
            "sd": Field(_POSITIVE, Message("the standard deviation"), required=True),
            "step": Field(_POSITIVE, Message("values are multiples of this"), required=True),
            "low": Field(Number(), Message("the least value (default: mean - 3 sd)")),
            "high": Field(Number(), Message("the greatest value (default: mean + 3 sd)")),
            **_NOT,
            **_SHAPE,
        },
        Message("a normal draw"),
        _normal,
    ),
    "permutation": Record(
        {
            "of": Field(
                ListOf(_AnyNode(), Message("a list of values, whose order is drawn"), least=2),
                Message("the values whose order is drawn"),
                required=True,
            )
        },
        Message("a permutation"),
        _permutation,
    ),
}
"""The kinds of draws, a row each."""


class DrawReader(Reader):
    """A draw, of the kind that it says."""

    def read(self, node: Node, report: Report) -> Any:
        """A `Domain`."""
        kind = entry(node, "draw")
        assert isinstance(node, Entries)  # noqa: S101 (a draw is a mapping)
        record = KINDS.get(kind.text) if isinstance(kind, Scalar) else None
        if record is None or kind is None:
            found = described(kind) if kind is not None else Message("nothing")
            words = Message("a kind of draw: {words}", words=", ".join(KINDS))
            hint = did_you_mean(kind.text, KINDS) if isinstance(kind, Scalar) else NOTHING
            return report.add((kind or node).place, found, words, hint)
        if self._is_uneven(node, report):
            return INVALID
        rest = Entries(tuple((key, value) for key, value in node.entries if key.text != "draw"), node.place)
        size = entry(rest, "of")
        if isinstance(size, Items) and len(size.items) > MOST_PERMUTED:
            found = Message("{count} values to permute", count=len(size.items))
            return report.add(size.place, found, Message("at most {most}", most=MOST_PERMUTED))
        domain = record.read(rest, report)
        return INVALID if domain is INVALID else self._judged(domain, node, report)

    def _is_uneven(self, node: Entries, report: Report) -> bool:
        """Whether the bounds of a draw are the wrong way round, or its steps miss the upper one; reported."""
        quiet = Report()
        parts = {name: entry(node, name) for name in ("low", "high", "step")}
        low, high, step = (None if part is None else Number().read(part, quiet) for part in parts.values())
        kind = entry(node, "draw")
        assert isinstance(kind, Scalar)  # noqa: S101 (checked before)
        if not isinstance(low, Fraction) or not isinstance(high, Fraction):
            return False
        upper = parts["high"] or node
        if high < low:
            found = Message("from {low} to {high}", low=_text(low), high=_text(high))
            report.add(upper.place, found, Message("an upper bound that is not below the lower one"))
            return True
        step = Fraction(1) if kind.text == "integer" else step
        if kind.text == "normal" or not isinstance(step, Fraction) or step <= 0:
            return False
        if ((high - low) / step).denominator != 1:
            found = Message("from {low} to {high} by {step}", low=_text(low), high=_text(high), step=_text(step))
            report.add(upper.place, found, Message("steps that lead exactly to the upper bound"))
            return True
        return False

    def _judged(self, domain: Domain, node: Node, report: Report) -> Domain | Invalid:
        if not domain.alternatives:
            return report.add(node.place, Message("a draw without any value"), Message("at least one value"))
        if len(domain.alternatives) > MOST_VALUES:
            found = Message("a draw of more than {most:,} values", most=MOST_VALUES)
            return report.add(node.place, found, Message("a coarser grid"))
        if domain.shape and not domain.is_scalar:
            expected = Message("single values, where a shape says how many are drawn")
            return report.add(node.place, Message("a shape for lists or mappings"), expected)
        chosen = entry(node, "from")
        if isinstance(chosen, Items) and (again := _repeated(chosen.items)) is not None:
            found = Message("{name} a second time", name=described(again))
            return report.add(again.place, found, Message("alternatives that differ"))
        here = tuple(replace(n, place=node.place) if n.place.file == "" else n for n in domain.alternatives)
        return replace(domain, alternatives=here)

    def schema(self) -> dict[str, Any]:
        """Any of the kinds."""
        return {"anyOf": [_schema(kind, record) for kind, record in KINDS.items()]}


def _schema(kind: str, record: Record) -> dict[str, Any]:
    schema = record.schema()
    schema["properties"] = {
        "draw": {"const": kind, "description": Message("what kind of draw it is")},
        **schema["properties"],
    }
    schema["required"] = ["draw", *schema.get("required", ())]
    return schema


DRAW = DrawReader()
