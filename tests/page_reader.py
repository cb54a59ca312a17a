"""Reads a finished page back from its text, and checks every equality that is printed on it.

Nothing of chalkgrad is imported: this is the pupil with a pencil.  `Reading(text)` holds the page's statements and
tables; `pocket_check` compares what is printed with what is printed; `carried_check` starts from the given numbers
alone, follows the formulas of the page with all digits, and looks whether each number is rightly rounded and each
derivative is a slope.  Each returns a `Verdict`: how much was checked, and what is untrue.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from copy import copy
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import reduce
from itertools import pairwise
from math import floor
from typing import Any

import mpmath

from latex_math import (
    BigSum,
    Call,
    Cases,
    Chain,
    Condition,
    Dots,
    Entrywise,
    Frac,
    Indicator,
    Labelled,
    Matrix,
    Name,
    Num,
    Ones,
    Paren,
    Partial,
    Power,
    Product,
    Shaped,
    Sum,
    Transposed,
    Unreadable,
    read,
    walk,
)
from schools import school_of

mpmath.mp.dps = 50
SLACK = Fraction(1, 10**42)
"""How far a transcendental function's value may be off."""
NOTHING = Fraction(1, 10**30)
"""What is smaller is zero, computed by way of transcendental functions."""

# ---------------------------------------------------------------------------------------------------- intervals


@dataclass(frozen=True)
class Interval:
    """All values a number may have; rational as long as no transcendental function was met."""

    low: Fraction
    high: Fraction
    rational: bool = True

    @property
    def middle(self) -> Fraction:
        return (self.low + self.high) / 2

    def meets(self, other: Interval, slack: Fraction = Fraction(0)) -> bool:
        return self.low <= other.high + slack and other.low <= self.high + slack


def exactly(value: Fraction | int) -> Interval:
    return Interval(Fraction(value), Fraction(value))


def around(value: Fraction, width: Fraction) -> Interval:
    return Interval(value - width, value + width)


def _trim(value: Fraction, upwards: bool) -> Fraction:
    """Keeps long fractions short, on the safe side."""
    if value.denominator.bit_length() < 600:
        return value
    scaled = value.numerator * 2**400 // value.denominator
    return Fraction(scaled + upwards, 2**400)


def _interval(ends: list[Fraction], rational: bool) -> Interval:
    low, high = min(ends), max(ends)
    if rational:
        return Interval(low, high)
    return Interval(_trim(low, False), _trim(high, True), False)


def add(a: Interval, b: Interval, sign: int = 1) -> Interval:
    both = a.rational and b.rational
    return _interval([a.low + b.low, a.high + b.high] if sign > 0 else [a.low - b.high, a.high - b.low], both)


def multiply(a: Interval, b: Interval) -> Interval:
    if exactly(0) in (a, b):
        return exactly(0)
    return _interval([x * y for x in {a.low, a.high} for y in {b.low, b.high}], a.rational and b.rational)


def divide(a: Interval, b: Interval) -> Interval:
    if b.low <= 0 <= b.high:
        raise Unreadable("a division by zero")
    if a == exactly(0):
        return a
    return _interval([x / y for x in {a.low, a.high} for y in {b.low, b.high}], a.rational and b.rational)


def power(a: Interval, exponent: int) -> Interval:
    if exponent < 0:
        return divide(exactly(1), power(a, -exponent))
    ends = [a.low**exponent, a.high**exponent]
    if exponent % 2 == 0 and a.low < 0 < a.high:
        ends.append(Fraction(0))
    return _interval(ends, a.rational)


def _as_fraction(value: Any) -> Fraction:
    sign, man, exp, _ = value._mpf_
    return Fraction((-1) ** sign * int(man)) * Fraction(2) ** exp


def _monotone(function: Callable[[Any], Any], exact: dict[Fraction, Fraction]) -> Callable[[Interval], Interval]:
    """A rising function on intervals; exact where its value is a known rational."""

    def one(x: Fraction) -> Fraction:
        return exact[x] if x in exact else _as_fraction(function(mpmath.mpf(x.numerator) / x.denominator))

    def of(a: Interval) -> Interval:
        if a.low == a.high and a.low in exact:
            return exactly(exact[a.low])
        low, high = one(a.low), one(a.high)
        return Interval(low - SLACK * (1 + abs(low)), high + SLACK * (1 + abs(high)), False)

    return of


def _square_root(a: Interval) -> Interval:
    root = Fraction(
        int(mpmath.nint(mpmath.sqrt(a.low.numerator))), int(mpmath.nint(mpmath.sqrt(a.low.denominator)))
    )
    return exactly(root) if a.low == a.high == root * root else _monotone(mpmath.sqrt, {})(a)


def _bell(a: Interval) -> Interval:
    """The normal density: highest at zero."""
    left, right = abs(a.low), abs(a.high)
    far, near = max(left, right), ZERO if a.low <= 0 <= a.high else min(left, right)
    values = [_as_fraction(mpmath.npdf(mpmath.mpf(x.numerator) / x.denominator)) for x in (far, near)]
    return Interval(values[0] - SLACK, values[1] + SLACK, False)


PI = Name("pi")


def _sign(x: Fraction) -> Fraction:
    return Fraction((x > 0) - (x < 0))


def _cosine(a: Interval) -> Interval:
    """On what a schedule asks for: from 0 to π it falls."""
    ends = [_as_fraction(mpmath.cos(mpmath.mpf(end.numerator) / end.denominator)) for end in (a.low, a.high)]
    for exact in (Fraction(n, 2) for n in range(-2, 3)):
        if all(abs(end - exact) < Fraction(1, 10**25) for end in ends):
            return exactly(exact)
    return _interval(ends, rational=False)


ZERO, HALF, ONE = Fraction(0), Fraction(1, 2), Fraction(1)
FUNCTIONS: dict[str, Callable[[Interval], Interval]] = {
    "exp": _monotone(mpmath.exp, {ZERO: ONE}),
    "ln": _monotone(mpmath.log, {ONE: ZERO}),
    "tanh": _monotone(mpmath.tanh, {ZERO: ZERO}),
    "arctan": _monotone(mpmath.atan, {ZERO: ZERO}),
    "sigma": _monotone(lambda x: 1 / (1 + mpmath.exp(-x)), {ZERO: HALF}),
    "Phi": _monotone(mpmath.ncdf, {ZERO: HALF}),
    "varphi": _bell,
    "sqrt": _square_root,
    "sgn": lambda a: Interval(_sign(a.low), _sign(a.high), rational=True),
    "floor": lambda a: Interval(*(Fraction(floor(end)) for end in (a.low, a.high)), rational=True),
    "cos": _cosine,
}

# ---------------------------------------------------------------------------------------------------- evaluation

Grid = tuple[tuple[Interval, ...], ...]


class Unknown(LookupError):  # noqa: N818 - not a fault: the page may say it later, or never
    """A name whose number is not known (yet), or a formula that is general."""


@dataclass
class Evaluator:
    """Gives a tree its value, once its names have theirs."""

    lookup: Callable[[Any], Any]
    """The value of a name; raises Unknown."""
    number: Callable[[Num], Interval]
    """What a printed number stands for."""
    functions: dict[str, tuple[Name, Any]] = field(default_factory=dict)
    """Functions that the page defines: name -> its argument, its body."""
    samples_down: bool = True
    """Whether a sample is a row."""
    shapes: int = 0
    """How many printed shapes were compared."""

    def __call__(self, node: Any) -> Any:
        match node:
            case Num():
                return self.number(node)
            case Name() if node == PI:
                return _interval([_as_fraction(+mpmath.pi)], rational=False)
            case Name() | Partial():
                return self.lookup(node)
            case Paren(inner) | Labelled(inner, _):
                return self(inner)
            case Sum(terms):
                total = None
                for sign, term in terms:
                    value = self(term)
                    if total is None:
                        total = value if sign > 0 else _each(lambda a: multiply(exactly(-1), a), value)
                    else:
                        total = _both(lambda a, b, s=sign: add(a, b, s), total, value)
                return total
            case Product(factors):
                value = self(factors[0])
                for factor in factors[1:]:
                    value = _times(value, self(factor))
                return value
            case Entrywise(left, right):
                return _both(multiply, self(left), self(right))
            case Frac(top, bottom):
                return _both(divide, self(top), self(bottom))
            case Power(base, exponent):
                value = self(base)
                if isinstance(value, tuple):
                    raise Unknown("the inverse of a matrix")
                return power(value, exponent if isinstance(exponent, int) else _whole(self(exponent)))
            case Shaped(rows, columns, inner):
                if isinstance(inner, Ones):
                    return tuple((exactly(1),) * columns for _ in range(rows))
                value = self(inner)
                if isinstance(inner, Name) and inner.base in {"b", "bold:b"}:  # added to every sample, as is said
                    value = _repeated(value, rows, columns)
                found = (len(value), len(value[0])) if isinstance(value, tuple) else (1, 1)
                if found != (rows, columns):
                    raise Unreadable(f"the shape {rows}×{columns} stands under a matrix of {found[0]}×{found[1]}")
                self.shapes += 1
                return value
            case Matrix(rows):
                return tuple(tuple(self(entry) for entry in row) for row in rows)
            case Transposed(inner):
                value = self(inner)
                return tuple(zip(*value, strict=True)) if isinstance(value, tuple) else value
            case Call(function, arguments):
                return self.call(function, arguments)
            case Indicator(condition):
                return self.indicator(condition)
        raise Unknown(f"no value for {node}")

    def call(self, function: str, arguments: tuple[Any, ...]) -> Any:
        with suppress(Unknown):
            return self.lookup(Call(function, arguments))
        values = [self(argument) for argument in arguments]
        if function == "diag":
            return _diagonal(values[0])
        if function == "softmax":
            return self.softmax(values[0])
        if function in {"max", "min"}:
            pick = max if function == "max" else min
            rational = all(v.rational for v in values)
            return Interval(pick(v.low for v in values), pick(v.high for v in values), rational)
        if function in FUNCTIONS:
            return _each(FUNCTIONS[function], values[0])
        if function not in self.functions:
            raise Unknown(function)
        argument, body = self.functions[function]

        def of(value: Interval) -> Interval:
            inner = replace(self, lookup=lambda n: value if n == argument else self.lookup(n))
            return inner.by_cases(body, value) if isinstance(body, Cases) else inner(body)

        return _each(of, values[0])

    def by_cases(self, cases: Cases, value: Interval) -> Interval:
        hits = []
        for body, condition in cases.rows:
            truth = self.truth(condition)
            if truth is not False:
                hits.append(self(body))
            if truth is True:
                break
        ends = [end for hit in hits for end in (hit.low, hit.high)]
        return _interval(ends, all(hit.rational for hit in hits))

    def truth(self, condition: Condition) -> bool | None:
        left, right = self(condition.left), self(condition.right)
        if condition.sign in "<≤":
            left, right = right, left
        strict = condition.sign in "<>"
        if left.low > right.high or (not strict and left.low >= right.high):
            return True
        if left.high < right.low or (strict and left.high <= right.low):
            return False
        return None

    def indicator(self, condition: Condition) -> Interval:
        truth = self.truth(condition)
        return Interval(ZERO, ONE) if truth is None else exactly(int(truth))

    def softmax(self, grid: Grid) -> Grid:
        """Over the outputs of each sample: a sample is a row, or a column."""
        rows = grid if self.samples_down else tuple(zip(*grid, strict=True))
        out = []
        for row in rows:
            powers = [FUNCTIONS["exp"](z) for z in row]
            whole = powers[0]
            for value in powers[1:]:
                whole = add(whole, value)
            out.append(tuple(divide(value, whole) for value in powers))
        return tuple(out) if self.samples_down else tuple(zip(*out, strict=True))


def _whole(value: Interval) -> int:
    """The number of a step."""
    if value.low != value.high or value.low.denominator != 1:
        raise Unreadable("a power that is not whole")
    return int(value.low)


def _diagonal(value: Any) -> Grid:
    """A row or column as the diagonal of a square matrix."""
    entries = _flat(value)
    return tuple(
        tuple(entry if i == k else exactly(0) for k in range(len(entries))) for i, entry in enumerate(entries)
    )


def _repeated(value: Any, rows: int, columns: int) -> Any:
    """A single row or column as many times as a shape asks for."""
    if isinstance(value, tuple) and len(value) == 1 and len(value[0]) == columns:
        return value * rows
    if isinstance(value, tuple) and len(value) == rows and len(value[0]) == 1:
        return tuple(row * columns for row in value)
    return value


def _each(function: Callable[[Interval], Interval], value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(tuple(function(entry) for entry in row) for row in value)
    return function(value)


def _both(function: Callable[[Interval, Interval], Interval], a: Any, b: Any) -> Any:
    if isinstance(a, tuple) != isinstance(b, tuple):
        raise Unreadable("a matrix and a number in one sum")
    if not isinstance(a, tuple):
        return function(a, b)
    if (len(a), len(a[0])) != (len(b), len(b[0])):
        raise Unreadable(f"matrices of {len(a)}×{len(a[0])} and {len(b)}×{len(b[0])} do not fit")
    return tuple(tuple(map(function, r, s)) for r, s in zip(a, b, strict=True))


def _times(a: Any, b: Any) -> Any:
    if not isinstance(a, tuple):
        return _each(lambda entry: multiply(a, entry), b)
    if not isinstance(b, tuple):
        return _each(lambda entry: multiply(entry, b), a)
    if len(a[0]) != len(b):
        raise Unreadable(f"a product of {len(a)}×{len(a[0])} and {len(b)}×{len(b[0])}")
    out = []
    for row in a:
        line = []
        for column in zip(*b, strict=True):
            total = exactly(0)
            for x, y in zip(row, column, strict=True):
                total = add(total, multiply(x, y))
            line.append(total)
        out.append(tuple(line))
    return tuple(out)


# ---------------------------------------------------------------------------------------------------- reading


@dataclass(frozen=True)
class Statement:
    """A chain of equalities and where it stands."""

    chain: Chain
    text: str
    section: str
    """The number and title of its section."""
    moment: int | None
    """With the parameters after how many updates; None: after the last."""


@dataclass(frozen=True)
class Table:
    """A table, cells as LaTeX."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    section: str
    moment: int | None

    @property
    def first_column(self) -> tuple[str, ...]:
        return (self.header[0], *(row[0] for row in self.rows))


def _joined(items: Iterator[Statement | Table]) -> list[Statement | Table]:
    """Puts together a table that was too wide for its page and goes on, with the same first column, below."""
    out: list[Statement | Table] = []
    for item in items:
        last = out[-1] if out else None
        if isinstance(item, Table) and isinstance(last, Table) and item.first_column == last.first_column:
            rows = tuple(a + b[1:] for a, b in zip(last.rows, item.rows, strict=True))
            out[-1] = replace(last, header=last.header + item.header[1:], rows=rows)
        else:
            out.append(item)
    return out


SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


def cell_number(text: str) -> tuple[int, Num] | None:
    """A table's number, with its sign: `−2.0·10⁻¹⁰`, `$-\\frac{2}{3}$`, `−2/3`."""
    text = re.sub(r"\\phantom\{[^}]*\}", "", text).strip().strip("$").strip().replace("−", "-")
    text = re.sub("·10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)", lambda m: rf" \cdot 10^{{{m[1].translate(SUPERSCRIPTS)}}}", text)
    text = re.sub(r"^(-?)(\d+)/(\d+)$", r"\1\\frac{\2}{\3}", text)
    if not re.match(r"^-?(\d|\\frac)", text):
        return None
    tree = read(text)[0].parts[0]
    return signed(tree)


def signed(tree: Any) -> tuple[int, Num] | None:
    """A tree that is one printed number, perhaps with a minus or in parentheses; fractions count as exact."""
    match tree:
        case Paren(inner):
            return signed(inner)
        case Sum(((sign, term),)):
            inner = signed(term)
            return (sign * inner[0], inner[1]) if inner else None
        case Num():
            return 1, tree
        case Frac(Num(value=top), Num(value=bottom)) if top.denominator == bottom.denominator == 1:
            return 1, Num(top / bottom, ZERO, 0)
    return None


class Reading:
    """A page as statements and tables, in their order."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.school = school_of(text)
        batch = re.search(r"A batch of (\d+) samples", text)
        self.samples = int(batch[1]) if batch else 1
        shape = re.search(r"A (\d+(?:(?:–|--)\d+)*) network", text)
        self.shape = [int(size) for size in re.findall(r"\d+", shape[1])] if shape else []
        self.latex = text.lstrip().startswith(r"\documentclass")
        self.items: list[Statement | Table] = _joined(self._items(_plain(text) if self.latex else text))
        self.statements = [item for item in self.items if isinstance(item, Statement)]
        self.tables = [item for item in self.items if isinstance(item, Table)]
        self.carry_shown = "goes on from the digits shown" in text
        self.sequential = "layer by layer" in text
        found = re.search(r"(\d+) (decimals|significant digits)", text)
        if not found:
            raise Unreadable("the page does not say how many digits it shows")
        self.digits, self.by_decimals = int(found[1]), found[2] == "decimals"
        self.samples_down = "Each sample is a row" in text
        steps = re.search(r"(\d+) steps of", text)
        self.updates = int(steps[1]) if steps else 1
        rule = re.search(r"steps? of ([^.{}\n]+?) with \$", text)
        self.rule = rule[1] if rule else ""
        self.gradient = "g" if re.search(r"decay .*? a little|L1 penalty", text) else ""
        self.gradient = self.gradient or ("ghat" if r"\hat{g}" in text else "")
        start = re.search(r"nothing is remembered: (.+?) begins? at 0", text)
        self.states = frozenset(re.findall(r"\$(\w)\$", start[1])) if start else frozenset()
        trees = [part for s in self.statements for part in s.chain.parts]
        self.names = {node for tree in trees for node in walk(tree) if isinstance(node, Name)}
        self.functions = self._functions()
        self.general = self._general()

    def without(self, sections: set[str]) -> Reading:
        """The same page without some of its sections."""
        part = copy(self)
        for name in ("items", "statements", "tables"):
            setattr(part, name, [item for item in getattr(self, name) if item.section not in sections])
        return part

    # ------------------------------------------------------------- text to items

    def _items(self, text: str) -> Iterator[Statement | Table]:
        section, moment = "", 0
        blocks = re.split(r"(\$\$.*?\$\$|^##+ [^\n]*$|(?:^\|[^\n]*\n)+)", text, flags=re.S | re.M)
        for block in blocks:
            if block.startswith("##"):
                title = re.sub(r"<a[^>]*></a>", "", block).strip("# ")
                if re.match(r"\d+ ", title):
                    step = re.search(r"Step (\d+)", title)
                    moment = int(step[1]) - 1 if step else None if title.endswith("Check") else 0
                section = title
            elif block.startswith("$$"):
                yield from self._display(block, section, moment)
            elif block.startswith("|"):
                yield from self._table(block, section, moment)
            else:
                yield from self._inline(block, section, moment)

    def _display(self, block: str, section: str, moment: int | None) -> Iterator[Statement]:
        inner = re.search(r"\\begin\{aligned\}(.*)\\end\{aligned\}", block, re.S)
        if not inner:
            raise Unreadable(f"a display that is not aligned: {block[:80]}")
        lines: list[str] = []
        for row in re.split(r"\\cr\n", inner[1]):
            if r"\leftarrow" in row:  # a rule in letters
                continue
            related = re.fullmatch(r"(.*?)&\s*((?:=|\\approx).*)", row, re.S)
            if related is None:  # a sum that was too long goes on
                lines[-1] += " " + row.partition("&")[2].replace(r"\quad", "", 1)
                continue
            left, right = related.groups()
            if left.strip():
                lines.append(left + " " + right)
            else:
                lines[-1] += " " + right
        for line in lines:
            for chain in map(self.meant, read(line)):
                yield Statement(chain, line.strip(), section, moment)

    def _inline(self, block: str, section: str, moment: int | None) -> Iterator[Statement]:
        for found in re.finditer(r"\$([^$]+)\$", block):
            if r"\leftarrow" in found[1] or found[1].count(r"\le") > 1:  # a rule in letters, an interval
                continue
            before = block[max(0, found.start() - 5) : found.start()]
            was = block[max(0, found.start() - 6) : found.start()].endswith("was ")
            when = None if before.endswith("now ") else 0 if was else moment
            for chain in map(self.meant, read(found[1])):
                if chain.signs:
                    yield Statement(chain, found[1], section, when)

    def _table(self, block: str, section: str, moment: int | None) -> Iterator[Statement | Table]:
        rows = [tuple(cell.strip() for cell in line.strip().strip("|").split("|")) for line in block.splitlines()]
        header, body = tuple(re.sub(r"^after step \d+$", "new", title) for title in rows[0]), rows[2:]
        if not any(header):
            for row in body:
                yield from self._inline(row[1], section, moment)
        else:
            yield Table(header, tuple(body), section, moment)

    def name_in(self, cell: str) -> Any:
        """The name that stands in a cell of a table."""
        return self.meant(read(cell.strip("$"))[0].parts[0])

    def meant(self, tree: Any) -> Any:
        """A tree with each derivative as what it is: dz of the cost by z; of a batch, each sample's by its own."""
        if isinstance(tree, Name) and self.school.name == "ng" and re.fullmatch("d[A-Za-z]", tree.base):
            by = replace(tree, base=tree.base[1])
            sample = re.search(r"(\(\d+\))'?$", by.above) if self.samples > 1 else None
            return Partial(Name("L", sample[1]) if sample else Name("J"), by)
        if isinstance(tree, Partial) and self.is_matrix(tree.by):
            of, letter = tree.of, self.school.sample
            ways = {f"({letter})": "", letter: ""}
            whole = replace(of, above=ways.get(of.above, of.above), below=ways.get(of.below, of.below))
            return tree if whole == of else Partial(whole, tree.by)
        if isinstance(tree, tuple):
            return tuple(map(self.meant, tree))
        if hasattr(tree, "__dataclass_fields__"):
            return type(tree)(**{key: self.meant(getattr(tree, key)) for key in tree.__dataclass_fields__})
        return tree

    # ------------------------------------------------------------- functions and general formulas

    def _functions(self) -> dict[str, tuple[Name, Any]]:
        """What `a = f(z) = …` and `f'(z) = …` define."""
        out: dict[str, tuple[Name, Any]] = {}
        for statement in self.statements:
            if not statement.section.startswith("1 "):
                continue
            parts = statement.chain.parts
            for position, part in enumerate(parts):
                if not (isinstance(part, Call) and isinstance(part.arguments[0], Name)):
                    continue
                argument = part.arguments[0]
                if position + 1 < len(parts):
                    body = parts[position + 1]
                    if position == 0:  # a slope may be written with the activation: a (1 - a)
                        for base in self.school.activations:
                            body = _replaced(body, Name(base), Call(part.function.rstrip("'"), (argument,)))
                    out.setdefault(part.function, (argument, body))
            if (
                isinstance(parts[0], Name)
                and isinstance(parts[-1], Name)
                and parts[0].base in self.school.activations
            ):
                out.setdefault("id", (parts[-1], parts[-1]))
        return out

    def _general(self) -> set[Name]:
        """The letters that formulas and functions use in general: z, a, h, and names with letters as indices."""
        arguments = {argument for argument, _ in self.functions.values()}
        arguments |= {Name("h"), *map(Name, self.school.activations)}
        if self.bare:  # one unit, one sample: its weighted sum is z itself, and nothing else is
            arguments = {Name("h")}
        letters = re.compile(rf"(^|[(,+\[])[ijk{self.school.layer}{self.school.sample}](?=$|[),+ijk\]])")
        return arguments | {n for n in self.names if letters.search(n.below) or letters.search(n.above)}

    @property
    def bare(self) -> bool:
        """Whether quantities have no indices at all."""
        return self.school.name == "neuron" and self.shape[1:] == [1] and self.samples == 1

    @property
    def ends(self) -> set[Fraction]:
        """The numbers with which chains end, and those in tables."""
        out = {n.value for s in self.statements for _, n in _numbers(s.chain.parts[-1]) or ()}
        cells = [cell_number(cell) for table in self.tables for row in table.rows for cell in row]
        return out | {cell[1].value for cell in cells if cell}

    def is_general(self, tree: Any) -> bool:
        return any(
            isinstance(node, BigSum | Dots | Cases) or (isinstance(node, Name) and node in self.general)
            for node in walk(tree)
        )

    # ------------------------------------------------------------- numbers

    def full_width(self, number: Num) -> bool:
        """Whether a number is printed with as many digits as a rounded one has on this page."""
        if number.scientific:
            return True
        if number.unit == 0:
            return False
        return number.unit == Fraction(1, 10**self.digits) if self.by_decimals else number.digits == self.digits

    def unit(self, value: Fraction) -> Fraction:
        """The unit of the last digit that this page shows of a value."""
        places = self.digits if self.by_decimals or not value else self.digits - 1 - _exponent(value)
        return Fraction(10) ** -places

    def rightly_rounded(self, value: Fraction, number: Num) -> bool:
        """Whether `number` is `value` rounded half away from zero, to the digits of this page."""
        size = abs(value) / (unit := number.unit if number.scientific and self.by_decimals else self.unit(value))
        whole = int(size + HALF)
        return number.value == whole * unit

    # ------------------------------------------------------------- names

    def of_sample(self, name: Name, sample: int) -> Name | None:
        """A general name (`x _{1}`) for one sample of a batch, as this page's school writes it."""
        if self.samples == 1:
            return name
        base = self.school.costs.get(name.base, name.base)
        below, above = name.below, name.above
        match self.school.place:
            case "before":
                below = f"{sample},{below}" if below else str(sample)
            case "after":
                below = f"{below},{sample}" if below else str(sample)
            case "above":
                above = f"({sample}),{above}" if above else f"({sample})"
            case "last":
                above = f"{above}({sample})"
        way = Name(base, above, below)
        return way if way in self.names else None

    def state_of(self, parameter: Name, letter: str) -> Name:
        """What an optimizer keeps of a parameter: the parameter with another letter, for a bias with a b below."""
        below = parameter.below
        if parameter.base == "b":
            below = f"b,{below}" if len(below) > 1 else f"b{below}"
        return Name(letter, parameter.above, below)

    def is_blank_state(self, name: Any) -> bool:
        """Whether a name is that of something remembered, before the first step."""
        single = isinstance(name, Name) and name.below not in {"", "b"}
        return single and name.base in self.states and original(name) is None

    def is_matrix(self, tree: Any) -> bool:
        """Whether a name is that of all values of a layer."""
        named = isinstance(tree, Name) and tree.base in self.school.values and not self.bare
        return named and (not tree.below or (self.school.name == "mazur" and tree.below.isdigit()))

    def column(self, name: Name) -> tuple[Name, int] | None:
        """A matrix and a sample, where a name means the column (or row) of one sample."""
        found = re.fullmatch(r"\((\d+)\),(.*)", name.above)
        return (
            (replace(name, above=found[2]), int(found[1])) if found and name.base in self.school.values else None
        )

    def entries(self, name: Any, grid: Any) -> Iterator[tuple[Any, Any]]:
        """What the entries of a named matrix are called one by one, as far as the page says so."""
        school = self.school
        if isinstance(name, Partial):
            of_samples = name.by.base in school.values
            grid = [[(entry, (r, c)) for c, entry in enumerate(row, 1)] for r, row in enumerate(grid, 1)]
            for by, (entry, (r, c)) in self.entries(name.by, grid):
                of = self.of_sample(name.of, r if self.samples_down else c) if of_samples else name.of
                if of is not None:
                    yield Partial(of, by), entry
            return
        if isinstance(name, Call):
            return
        above = re.sub(r"['+]$", "", name.above)
        for r, row in enumerate(grid, 1):
            for c, entry in enumerate(row, 1):
                sample, unit = (r, c) if self.samples_down else (c, r)
                single = None
                if name.base in school.values and not self.column(name):
                    inner = Name(school.values[name.base], self._above(name), self._unit(name, above, unit))
                    single = self.of_sample(inner, sample)
                elif name.base == school.biases:
                    single = self._bias(name, above, unit)
                elif name.base in school.weights:
                    to, come = (c, r) if school.from_to else (r, c)
                    single = Name(school.weights[name.base], self._above(name), self._pair(above, to, come))
                elif letter := self._state_letter(name):
                    to, come = (c, r) if school.from_to else (r, c)
                    of_bias = bool(name.below)
                    single = (
                        self.state_of(replace(self._bias(name, above, unit) or name, base="b"), letter)
                        if of_bias
                        else Name(letter, self._above(name), self._pair(above, to, come))
                    )
                if single in self.names and not (name.base == "b" and name.below):
                    yield single, entry

    def _state_letter(self, name: Name) -> str:
        """The letter of the entries of a matrix (or, with a b below, a vector) of what is remembered."""
        plain = name.base.removeprefix("bold:")
        letter = plain[:1].lower() + plain[1:]
        known = letter.removesuffix("hat") in self.states and self.school.name != "mazur"
        return letter if known and name.below in {"", "b"} else ""

    def _above(self, name: Name) -> str:
        """What stands above an entry, where the matrix has its layer above: units counted through have none."""
        if self.school.name != "rumelhart":
            return name.above
        return "".join(mark for mark in name.above if mark in "'+")

    def _bias(self, name: Name, above: str, unit: int) -> Name | None:
        if self.school.name == "mazur":
            return None  # counted through; some layers may share one
        return Name("b", self._above(name), self._unit(name, above, unit))

    def _pair(self, above: str, to: int, come: int) -> str:
        """The indices of a weight."""
        school = self.school
        if school.name == "neuron" and self.shape[1:] == [1]:
            return str(come)
        if school.name == "rumelhart":
            layer = int(above.strip("()"))
            pair = [str(sum(self.shape[:layer]) + to), str(sum(self.shape[: layer - 1]) + come)]
        else:
            pair = [str(to + school.first - 1), str(come + school.first - 1)]
        pair = pair[::-1] if school.from_to else pair
        return ("," if school.comma or max(map(len, pair)) > 1 else "").join(pair)

    def _unit(self, name: Name, above: str, unit: int) -> str:
        school, last = self.school, len(self.shape) - 1
        if school.name == "mazur" and name.base in {"net", "out", "delta"}:
            deep = f"h{name.below}.{unit}" if last > 2 else f"h{unit}"
            return f"o{unit}" if int(name.below) == last else deep
        if school.name == "mazur" and name.base == "target":
            return f"o{unit}"
        if school.name == "rumelhart":
            layer = last if name.base == "D" else int(above.strip("()"))
            return str(sum(self.shape[:layer]) + unit)
        if school.name == "neuron" and self.shape[1:] == [1] and name.base != "X":
            return ""
        return str(unit + school.first - 1)


def _exponent(value: Fraction) -> int:
    """The place of the first digit: 0.05 → -2."""
    exponent, size = 0, abs(value)
    while size >= 10:
        size, exponent = size / 10, exponent + 1
    while size < 1:
        size, exponent = size * 10, exponent - 1
    return exponent


def _replaced(tree: Any, old: Any, new: Any) -> Any:
    """A tree with one leaf replaced."""
    if tree == old:
        return new
    if isinstance(tree, tuple):
        return tuple(_replaced(item, old, new) for item in tree)
    if hasattr(tree, "__dataclass_fields__"):
        changed = {key: _replaced(getattr(tree, key), old, new) for key in tree.__dataclass_fields__}
        return type(tree)(**changed)
    return tree


def _plain(text: str) -> str:
    """A LaTeX article in the markup of the Markdown page, as far as the reader needs it."""
    text = text.partition(r"\begin{document}")[2]
    text = re.sub(r"\\begin\{chalkdrawing\}.*?\\end\{chalkdrawing\}", "", text, flags=re.S)
    text = re.sub(r"\\chalk(?:sub)?section\{[^}]*\}\{([^}]*)\}\{([^}]*)\}", r"\n## \1 \2\n", text)
    text = re.sub(
        r"\\begin\{align\*\}(.*?)\\end\{align\*\}",
        lambda m: (
            "$$\\begin{aligned}"
            + re.sub(r"\\\\\*?(?:\[\w+\])?\n", r"\\cr" + "\n", m[1])
            .replace("&=", "& =")
            .replace(r"&\approx", r"& \approx")
            + "\\end{aligned}$$"
        ),
        text,
        flags=re.S,
    )

    def table(found: re.Match[str]) -> str:
        body = re.sub(r"\\(?:top|mid|bottom)rule|\\endhead|\\addlinespace\[\w+\]", "", found[2])
        body = re.sub(r"\\begin\{(cases|bmatrix)\}.*?\\end\{\1\}", lambda m: m[0].replace(r"\\", r"\cr"), body)
        body = re.sub(r"\$[^$]*\$", lambda m: m[0].replace("&", "\x00"), body)
        rows = [re.split(r"(?<!\\)&", row) for row in re.split(r"\\\\", body) if row.strip()]
        if found[1] == "tabularx":
            rows = [["", ""], *rows]
        lines = ["| " + " | ".join(cell.strip() for cell in row) + " |" for row in rows]
        lines.insert(1, "|:--|")
        return "\n" + "\n".join(lines).replace("\x00", "&") + "\n"

    text = re.sub(
        r"\\begin\{(longtable|tabularx)\}(?:\{\\linewidth\})?\{@[^\n]*\n(.*?)\\end\{\1\}", table, text, flags=re.S
    )
    return text.replace(r"\ensuremath{\approx}", "≈")


# ---------------------------------------------------------------------------------------------------- verdicts


@dataclass
class Verdict:
    """What was checked, and what is untrue."""

    checks: int = 0
    objections: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)

    def check(self, holds: bool, otherwise: str) -> None:
        self.checks += 1
        if not holds:
            self.objections.append(otherwise)


def _numbers(tree: Any) -> list[tuple[int, Num]] | None:
    """The entries of a tree that is a result: one number, or a matrix of them."""
    while isinstance(tree, Shaped):
        tree = tree.inner
    if isinstance(tree, Matrix):
        out = [signed(entry) for row in tree.rows for entry in row]
        return None if None in out else out  # type: ignore[return-value]
    one = signed(tree)
    return [one] if one else None


def _flat(value: Any) -> list[Interval]:
    return [entry for row in value for entry in row] if isinstance(value, tuple) else [value]


def is_numeric(tree: Any) -> bool:
    return not any(isinstance(node, Name | Partial | Dots | BigSum) and node != PI for node in walk(tree))


class Pocket:
    """Compares what is printed with what is printed, as a reader with a pocket calculator would."""

    def __init__(self, page: Reading) -> None:
        self.page = page
        self.verdict = Verdict()
        self.rounded = self._rounded()
        self.known: dict[tuple[int | None, bool, Any], tuple[Any, list[tuple[int, Num]]]] = {}
        self.moment: int | None = 0
        self.working_out: Any = None
        self.diagonals: set[Call] = set()
        """Matrices with slopes on their diagonals: functions that are worked like names."""

    def _rounded(self) -> set[Num]:
        """The numbers that stand for others: after ≈ or in a table, with all the digits of this page."""
        page = self.page
        if page.carry_shown:
            return set()
        results: dict[str, set[Num]] = {"≈": set(), "=": set(), "table": set()}
        for statement in page.statements:
            for sign, part in zip(statement.chain.signs, statement.chain.parts[1:], strict=True):
                results[sign] |= {number for _, number in _numbers(part) or () if page.full_width(number)}
        for table in page.tables:
            cells = [cell_number(cell) for row in table.rows for cell in row]
            results["table"] |= {cell[1] for cell in cells if cell and page.full_width(cell[1])}
        return results["≈"] | (results["table"] - results["="])

    def number(self, number: Num) -> Interval:
        return around(number.value, number.unit / 2) if number in self.rounded else exactly(number.value)

    def lookup(self, name: Any) -> Any:
        if isinstance(name, Call):  # what a function gave, once it is printed; not where that is worked out
            if name == self.working_out or (self.moment, True, name) not in self.known:
                raise Unknown(name.function)
            return self.known[self.moment, True, name][0]
        before = (self.page.updates if self.moment is None else self.moment) - 1
        for matrix in (self.matrices, not self.matrices):
            places = [(self.moment, matrix, name), (0, matrix, name)]
            if before >= 0 and isinstance(name, Name):  # a parameter is now what it was updated to
                places.insert(1, (before, matrix, updated(self.page, name)))
            for place in places:
                if place in self.known:
                    return self.known[place][0]
        if self.page.is_blank_state(name) and self.moment == 0:
            return exactly(0)
        by = name.by if isinstance(name, Partial) else name
        if part := self.page.column(by):
            whole, sample = part
            if isinstance(name, Partial):
                of = replace(name.of, above=re.sub(r"^\(\d+\),?", "", name.of.above))
                value = self.lookup(Partial(of, whole))
            else:
                value = self.lookup(whole)
            return (value[sample - 1],) if self.page.samples_down else tuple((row[sample - 1],) for row in value)
        raise Unknown(str(name))

    # ------------------------------------------------------------- the whole page

    def run(self) -> Verdict:
        self.matrices = False
        self.learn()
        self.results = {number.value for _, numbers in self.known.values() for _, number in numbers}
        self.results |= self.page.ends
        for statement in self.page.statements:
            self.statement(statement)
        for table in self.page.tables:
            self.table(table)
        return self.verdict

    def evaluator(self) -> Evaluator:
        return Evaluator(self.lookup, self.number, self.page.functions, self.page.samples_down)

    def learn(self) -> None:
        """First reading: which number belongs to which name.  A name has one number."""
        for statement in self.page.statements:
            first, last = statement.chain.parts[0], statement.chain.parts[-1]
            named = isinstance(first, Name | Partial) or (isinstance(first, Call) and self.page.carry_shown)
            if isinstance(first, Call) and first.function == "bold:F'":
                self.diagonals.add(first)
                named = True
            if named and not self.page.is_general(first) and is_numeric(last):
                results = _numbers(last)
                if results:
                    value = self.evaluator()(last)
                    self.remember(first, value, results, statement.moment, statement.text)
        for table in self.page.tables:
            self.learn_table(table)

    def remember(
        self, name: Any, value: Any, results: list[tuple[int, Num]], moment: int | None, where: str
    ) -> None:
        matrix = isinstance(value, tuple)
        key = (moment, matrix, name)
        if key in self.known:
            self.verdict.check(
                [(s * n.value, n.unit) for s, n in self.known[key][1]]
                == [(s * n.value, n.unit) for s, n in results],
                f"{name} has two numbers: {where}",
            )
            return
        self.known[key] = value, results
        if matrix:
            grid = list(zip(_flat(value), results, strict=True))
            rows = [grid[i : i + len(value[0])] for i in range(0, len(grid), len(value[0]))]
            for single, (entry, result) in self.page.entries(name, rows):
                self.remember(single, entry, [result], moment, f"{where}, entry {single}")

    def learn_table(self, table: Table) -> None:
        for name, moment, result in table_numbers(self.page, table):
            value = exactly(result[0] * result[1].value)
            if result[1] in self.rounded:
                value = around(value.low, result[1].unit / 2)
            self.remember(name, value, [result], moment, f"table of section {table.section}, {name}")

    # ------------------------------------------------------------- one statement

    def statement(self, statement: Statement) -> None:
        self.moment = statement.moment
        chain = statement.chain
        for part in chain.parts:
            for node in walk(part):
                if isinstance(node, Labelled):
                    self.pair(statement, node.inner, "=", node.label)
        if self.page.is_general(chain.parts) and not is_numeric(chain.parts[-1]):
            self.verdict.skipped.append(statement.text)
            return
        self.familiar(statement)
        named = isinstance(chain.parts[0], Name | Partial) or chain.parts[0] in self.diagonals
        for position, ((left, right), sign) in enumerate(zip(pairwise(chain.parts), chain.signs, strict=True)):
            if position == 0 and named and len(chain.parts) > 2:
                continue  # the name has the number that stands last: that is compared below
            self.pair(statement, left, sign, right)
        for part in chain.parts[1:-2]:  # the result follows from all that stands before it
            self.pair(statement, part, "≈", chain.parts[-1], lenient=True)

    def familiar(self, statement: Statement) -> None:
        """What is put into a formula is, digit for digit, the number of a name (or of a table) on the page."""
        for part in statement.chain.parts[1:-1]:
            for node in walk(part) if is_numeric(part) else ():
                if isinstance(node, Num) and self.page.full_width(node):
                    self.verdict.check(
                        node.value in self.results, f"{float(node.value)} is nobody's; {statement.text}"
                    )

    def value(self, tree: Any) -> Any:
        self.matrices = any(
            isinstance(node, Matrix | Shaped | Entrywise | Transposed) or self.page.is_matrix(node)
            for node in walk(tree)
        )
        evaluator = self.evaluator()
        value = evaluator(tree)
        self.verdict.checks += evaluator.shapes
        return value

    def pair(self, statement: Statement, left: Any, sign: str, right: Any, lenient: bool = False) -> None:
        where = f"section {statement.section}: {statement.text}"
        self.working_out = left
        try:
            a, b = self.value(left), self.value(right)
            if isinstance(a, tuple) != isinstance(b, tuple):
                self.matrices = True
                a = self.evaluator()(left)
        except Unknown as unknown:
            self.verdict.skipped.append(f"{unknown}: {statement.text}")
            return
        except Unreadable as wrong:
            self.verdict.check(False, f"{wrong}; {where}")
            return
        if isinstance(a, tuple) and (len(a), len(a[0])) != (len(b), len(b[0])):
            self.verdict.check(False, f"sides of different shapes; {where}")
            return
        results = _numbers(right)
        left_rounded = any(isinstance(n, Num) and n in self.rounded for n in walk(left))
        for position, (x, y) in enumerate(zip(_flat(a), _flat(b), strict=True)):
            result = results[position] if results else None
            point = x.low == x.high or not (x.rational or left_rounded or x.high - x.low > 10**10 * SLACK)
            if sign == "=" and self.page.carry_shown and (named := self.known.get((self.moment, False, left))):
                sign_of, number = named[1][0]
                holds = y == named[0] or (self.page.rightly_rounded(y.middle, number) and y.middle * sign_of >= 0)
                self.verdict.check(holds, f"{float(y.middle):.12g} is not {left}; {where}")
            elif self.page.carry_shown and not is_numeric(left) and (lenient or not is_numeric(right)):
                apart = abs(x.middle - y.middle)
                self.verdict.check(
                    apart <= self.page.unit(y.middle), f"{float(x.middle):.12g} is not near; {where}"
                )
            elif sign == "=":
                self.equal(x, y, left, result, where)
            elif lenient and not (point and self.page.carry_shown):
                self.verdict.check(x.meets(y), f"{float(x.middle):.12g} is not what stands last; {where}")
            elif result and point and (is_numeric(left) or self.page.carry_shown):
                value = result[0] * result[1].value
                right_rounding = self.page.rightly_rounded(x.middle, result[1]) and x.middle * value >= 0
                self.verdict.check(
                    right_rounding, f"{float(x.middle):.12g} is not rounded to {float(value):.12g}; {where}"
                )
                if not (lenient or left_rounded or isinstance(left, Name | Partial)):
                    self.says_rounded(results or [], _flat(a), where, position)
            else:
                self.verdict.check(x.meets(y), f"{float(x.middle):.12g} ≉ {float(y.middle):.12g}; {where}")

    def says_rounded(
        self, results: list[tuple[int, Num]], values: list[Interval], where: str, position: int
    ) -> None:
        """≈ marks what was rounded: somewhere on the right side a digit must be lost."""
        if position == 0:
            exact = all(v.low == v.high == s * n.value for v, (s, n) in zip(values, results, strict=True))
            self.verdict.check(not exact, f"≈ where nothing was rounded; {where}")

    def equal(self, x: Interval, y: Interval, left: Any, result: tuple[int, Num] | None, where: str) -> None:
        if x.low == x.high and y.low == y.high:
            self.verdict.check(x == y, f"{float(x.low):.12g} = {float(y.low):.12g}; {where}")
            return
        if x.rational and x.middle == y.middle:  # digits that could also have been rounded, but were not
            self.verdict.check(True, "")
            return
        self.verdict.check(
            x.meets(y, Fraction(1, 10**12)), f"{float(x.middle):.12g} ≠ {float(y.middle):.12g}; {where}"
        )
        if result and is_numeric(left):
            self.verdict.check(False, f"= where a digit was lost; {where}")

    # ------------------------------------------------------------- tables

    def table(self, table: Table) -> None:
        columns = {word: i for i, word in enumerate(table.header)}
        if not {"parameter", "old", "gradient", "new"} <= columns.keys():
            return
        self.moment = table.moment
        rates = (Name(self.page.school.rate, "", below) for below in ("", str((table.moment or 0) + 1)))
        rate = next(
            self.known[key][0] for name in rates for key in self.keys(name, table.moment) if key in self.known
        )
        for row in table.rows:
            cell = {word: cell_number(row[i]) for word, i in columns.items() if i}
            where = f"table of section {table.section}: {' | '.join(row)}"
            old, gradient, new = cell["old"], cell["gradient"], cell["new"]
            if not (old and gradient and new):
                continue
            try:
                step = self.step(self.page.name_in(row[0]), cell)
            except Unknown:
                continue
            moved = add(self.signed(old), multiply(rate, step), -1)
            if self.page.carry_shown:
                good = self.page.rightly_rounded(moved.low, new[1]) and moved.low * new[0] * new[1].value >= 0
            else:
                good = moved.meets(self.signed(new))
            self.verdict.check(good, f"new is not where the rule leads; {where}")
            self.difference(cell, where)

    def keys(self, name: Name, moment: int | None) -> list[tuple[int | None, bool, Name]]:
        """Where the number of a name is remembered: at this moment, or since the first."""
        return [(moment, False, name), (0, False, name)]

    def step(self, parameter: Name, cell: dict[str, tuple[int, Num] | None]) -> Interval:
        """What is taken off a parameter, but for the rate: the textbook's rule, from what the page remembers."""

        def made(letter: str) -> Interval:
            printed = cell.get(rf"$\hat{{{letter[0]}}}$" if letter.endswith("hat") else f"${letter}$")
            if printed:
                return self.signed(printed)
            state = updated(self.page, self.page.state_of(parameter, letter))
            if (0, False, state) not in self.known:
                raise Unknown(str(state))
            return self.known[0, False, state][0]

        def given(letter: str) -> Interval:
            return self.known[0, False, Name(letter)][0]

        changed = self.page.gradient
        gradient = made(changed) if changed else self.signed(cell["gradient"])  # type: ignore[arg-type]
        small = "xi" if self.page.school.rate == "epsilon" else "epsilon"
        second = self.page.school.second
        match self.page.rule:
            case "gradient descent":
                return gradient
            case "gradient descent with momentum":
                return made(second)
            case "Nesterov's accelerated gradient":
                return add(gradient, multiply(given("beta"), made(second)))
            case "AdaGrad" | "RMSProp":
                return divide(gradient, add(_square_root(made("s")), given(small)))
            case "Adam" | "AdamW":
                scaled = divide(made("mhat"), add(_square_root(made(f"{second}hat")), given(small)))
                if self.page.rule == "Adam":
                    return scaled
                decay = given("mu" if self.page.school.rate == "lambda" else "lambda")
                return add(scaled, multiply(decay, self.signed(cell["old"])))  # type: ignore[arg-type]
        raise Unreadable(f"the rule {self.page.rule!r}")

    def signed(self, cell: tuple[int, Num]) -> Interval:
        return multiply(exactly(cell[0]), self.number(cell[1]))

    def difference(self, cell: dict[str, tuple[int, Num] | None], where: str) -> None:
        """The relative error is |difference − gradient| over the greater of the two."""
        central, error, gradient = cell.get("central difference"), cell.get("relative error"), cell["gradient"]
        if not central or not error or not gradient:
            return
        shown = {
            around(s * n.value, n.unit / 2 if self.page.full_width(n) else ZERO) for s, n in (central, gradient)
        }
        spread = max(a.high for a in shown) - min(a.low for a in shown)
        size = max(abs(end) for a in shown for end in (a.low, a.high))
        slack = sum((a.high - a.low for a in shown), ZERO)
        stated = error[1].value + error[1].unit / 2 * bool(error[1].value)
        apart = abs(central[0] * central[1].value - gradient[0] * gradient[1].value)
        self.verdict.check(apart <= stated * size + slack, f"the relative error is greater; {where}")
        self.verdict.check(
            (error[1].value - error[1].unit / 2) * (size - slack) <= spread,
            f"the relative error is smaller; {where}",
        )


def table_numbers(page: Reading, table: Table) -> Iterator[tuple[Any, int | None, tuple[int, Num]]]:
    """The numbers of a table with their names: (name, moment, number)."""
    header = table.header
    if header[0] == "sample":
        for row in table.rows:
            for title, text in zip(header[1:], row[1:], strict=True):
                name = page.of_sample(page.name_in(title), int(row[0].strip("$ ")))
                number = cell_number(text)
                if name and number:
                    yield name, 0, number
    elif header[0] == "quantity":
        for row in table.rows:
            for position, text in enumerate(row[1:], 1):
                name = page.of_sample(page.name_in(row[0]), position)
                number = cell_number(text)
                if name and number:
                    yield name, table.moment, number
    elif header[0] == "parameter":
        yield from _parameters(page, table)


def _parameters(page: Reading, table: Table) -> Iterator[tuple[Any, int | None, tuple[int, Num]]]:
    first = table.moment in (0, None)
    costs = [read(row[0].split("$")[1])[0].parts[0] for row in table.rows if not row[0].startswith("$")]
    cost = costs[0] if costs else None
    for row in table.rows:
        numbers = {title: cell_number(text) for title, text in zip(header_of(table), row[1:], strict=True)}
        if not row[0].startswith("$"):
            for title, single in {"old": cost, "new": updated(page, cost)}.items():
                if first and numbers.get(title):
                    yield single, 0, numbers[title]  # type: ignore[misc]
            continue
        name = page.name_in(row[0])
        names = {"old": name, "new": updated(page, name), "gradient": Partial(cost, name) if cost else None}
        for title, single in names.items():
            if first and single and numbers.get(title):
                yield single, 0, numbers[title]  # type: ignore[misc]


def header_of(table: Table) -> tuple[str, ...]:
    return table.header[1:]


def updated(page: Reading, name: Name) -> Name:
    """A parameter's name after the update: with a prime or a plus."""
    mark = "+" if any(n.above == "+" for n in page.names) else "'"
    return replace(name, above=name.above + mark)


def original(name: Name) -> Name | None:
    """A parameter's name before the update; None where there is no mark."""
    return replace(name, above=name.above[:-1]) if name.above[-1:] in {"'", "+"} else None


def pocket_check(page: Reading) -> Verdict:
    """Every printed equality, with the numbers as they are printed; ways down a function each by itself, for every
    one has an x of its own."""
    ways = dict.fromkeys(item.section for item in page.items if "Way down" in item.section)
    whole = Verdict()
    for way in ways or [""]:
        verdict = Pocket(page.without(set(ways) - {way})).run()
        whole.checks += verdict.checks
        whole.objections += verdict.objections
        whole.skipped += verdict.skipped
    return whole


# ---------------------------------------------------------------------------------------------------- all digits


class World:
    """The page's formulas, with some quantities held at values of one's own."""

    def __init__(self, book: Carried, held: dict[Any, Interval]) -> None:
        self.book = book
        self.held = held
        self.memo: dict[Any, Interval] = {}
        self.evaluate = Evaluator(
            self.value, lambda n: exactly(n.value), book.page.functions, book.page.samples_down
        )

    def value(self, name: Any) -> Interval:
        """A quantity with all its digits, from the given numbers and the formulas of the page."""
        if name in self.held:
            return self.held[name]
        if name not in self.memo:
            if name in self.book.given:
                self.memo[name] = self.book.given[name]
            elif self.book.page.is_blank_state(name):
                self.memo[name] = exactly(0)
            elif isinstance(name, Name) and name.base == self.book.page.school.rate and name.below.isdigit():
                self.memo[name] = self.evaluate(self.book.best(replace(name, below="1")))
            elif name == Name("kappa"):  # which case holds is another in every step
                share = divide(self.value(Name("c")), self.value(Name("N")))
                self.memo[name] = Interval(min(share.low, ONE), min(share.high, ONE), share.rational)
            elif name in self.book.formulas:
                self.memo[name] = self.evaluate(self.book.best(name))
            elif name == Name("Q"):  # of many squares only the sum is printed
                cost, moved = self.book.cost(), [original(n) for n in self.book.formulas if isinstance(n, Name)]
                slopes = [self.value(Partial(cost, p)) for p in moved if p in self.book.given]
                self.memo[name] = reduce(add, (power(slope, 2) for slope in slopes))
            elif isinstance(name, Partial):
                self.memo[name] = self.slope(name)
            elif isinstance(name, Call):
                raise Unknown(name.function)
            else:
                raise Unknown(str(name))
        return self.memo[name]

    def moved(self, name: Name, by: Fraction) -> World:
        """The same with one quantity a little greater."""
        return World(self.book, {**self.held, name: exactly(self.value(name).middle + by)})

    def slope(self, partial: Partial, step: Fraction = Fraction(1, 10**12)) -> Interval:
        """A derivative as a quotient of differences: no rule of calculus, only the formulas of the page."""
        up, here, down = (self.moved(partial.by, by).value(partial.of).middle for by in (step, ZERO, -step))
        if abs((up - here) - (here - down)) > abs(up - down) * Fraction(1, 1000) + step * step * 1000:
            raise Unknown(f"a kink at {partial}")
        return around((up - down) / (2 * step), Fraction(1, 10**15))


class Carried:
    """Follows the formulas of a page with all digits, from nothing but the numbers it calls given."""

    def __init__(self, page: Reading) -> None:
        self.page = page
        self.verdict = Verdict()
        self.given: dict[Any, Interval] = {}
        self.formulas: dict[Any, list[Any]] = {}
        self._learn()
        self.worlds = [World(self, {})]
        for _ in range(page.updates):
            self.worlds.append(World(self, self._after(self.worlds[-1])))

    def _learn(self) -> None:
        for statement in self.page.statements:
            first, rest = statement.chain.parts[0], statement.chain.parts[1:]
            if statement.moment != 0 or not isinstance(first, Name | Partial) or self.page.is_general(first):
                continue
            if statement.section.startswith("1 ") and is_numeric(rest[-1]) and len(rest) == 1:
                self._given(first, rest[0])
                continue
            symbolic = [
                p for p in rest if not is_numeric(p) and not self.page.is_general(p) and not _has_matrix(p)
            ]
            constant = [p for p in rest if is_numeric(p) and not _has_matrix(p)]
            if symbolic:
                self.formulas.setdefault(first, []).extend(symbolic)
            elif len(rest) == 1 and constant and statement.chain.signs == ("=",) and first not in self.formulas:
                self.formulas.setdefault(first, []).extend(constant)
        for table in self.page.tables:
            if table.header[0] == "sample":
                for name, _, (sign, number) in table_numbers(self.page, table):
                    self.given[name] = exactly(sign * number.value)

    def best(self, name: Any) -> Any:
        """Of several formulas the one that holds everywhere (a function by its name), else the most worked out."""
        forms = self.formulas[name]
        return next((form for form in forms if isinstance(form, Call)), forms[-1])

    def _given(self, name: Any, tree: Any) -> None:
        results = _numbers(tree) or []
        if not _has_matrix(tree):
            self.given[name] = exactly(results[0][0] * results[0][1].value)
            return
        matrix = tree.inner if isinstance(tree, Shaped) else tree
        width = len(matrix.rows[0])
        rows = [results[i : i + width] for i in range(0, len(results), width)]
        for single, (sign, number) in self.page.entries(name, rows):
            self.given[single] = exactly(sign * number.value)

    def _after(self, world: World) -> dict[Any, Interval]:
        """The parameters after one more update."""
        out = {}
        for name in self.formulas:
            old = original(name) if isinstance(name, Name) else None
            if old in self.given or self.page.is_blank_state(old):
                out[old] = world.value(name)
        if Name("t") in self.formulas:
            out[Name("t")] = add(world.value(Name("t")), exactly(1))
        return out

    # ------------------------------------------------------------- the whole page

    def run(self) -> Verdict:
        for statement in self.page.statements:
            self.statement(statement)
        for table in self.page.tables:
            for name, moment, result in table_numbers(self.page, table):
                self.number(self.world(moment), name, result, None, f"table of section {table.section}")
            self.parameters(table)
        self.slopes()
        self.functions()
        return self.verdict

    def world(self, moment: int | None) -> World:
        return self.worlds[-1 if moment is None else moment]

    def statement(self, statement: Statement) -> None:
        chain, world = statement.chain, self.world(statement.moment)
        first, where = chain.parts[0], f"section {statement.section}: {statement.text}"
        activation = isinstance(first, Name) and first in map(Name, self.page.school.activations)
        activation = activation or (
            isinstance(first, Name) and first.base in self.page.school.activations and "i" in first.below
        )
        if self.page.is_general(chain.parts) and not is_numeric(chain.parts[-1]) and not activation:
            self.general(statement, where)
        if not isinstance(first, Name | Partial) or self.page.is_general(first):
            return
        results = _numbers(chain.parts[-1])
        if results and _has_matrix(chain.parts[-1]):
            tree = chain.parts[-1]
            while isinstance(tree, Shaped):
                tree = tree.inner
            width = len(tree.rows[0])
            rows = [results[i : i + width] for i in range(0, len(results), width)]
            for single, result in self.page.entries(first, rows):
                self.number(world, single, result, None, f"{single}, {where}")
        elif results:
            self.number(world, first, results[0], chain.signs[-1], where)
        for part in chain.parts[1:]:
            if is_numeric(part) or self.page.is_general(part) or _has_matrix(part):
                continue
            if self.page.sequential and part != chain.parts[-2] and self._uses_updated(first):
                continue  # the page says itself that these are not exactly derivatives
            try:
                value, other = world.value(first), world.evaluate(part)
            except Unknown as unknown:
                self.verdict.skipped.append(f"{unknown}: {where}")
                continue
            if not isinstance(other, tuple):
                self.verdict.check(value.meets(other, Fraction(1, 10**12)), f"not equal to {first}; {where}")

    def number(self, world: World, name: Any, result: tuple[int, Num], sign: str | None, where: str) -> None:
        """One printed number: exact after =, rightly rounded after ≈, one of the two in a table or a matrix."""
        try:
            value = world.value(name)
        except Unknown as unknown:
            self.verdict.skipped.append(f"{unknown}: {where}")
            return
        printed = result[0] * result[1].value
        exact = value.low == value.high == printed or (printed == 0 and abs(value.middle) < NOTHING)
        rounded = self.rounded(value, result)
        holds = {"=": exact, "≈": rounded and not exact, None: exact or rounded}[sign]
        if sign == "≈" and exact and printed == 0:
            holds = True  # a product of a rounded number with an exact zero
        self.verdict.check(
            holds, f"{name} is {float(value.middle):.15g}, not {sign or ''} {float(printed):.12g}; {where}"
        )

    def rounded(self, value: Interval, result: tuple[int, Num]) -> bool:
        sign, number = result
        if not self.page.full_width(number) or value.middle * sign < 0:
            return False
        if number.scientific and self.page.by_decimals:
            small = abs(value.middle) < Fraction(1, 10**self.page.digits) / 2
            own = Num(number.value, number.unit, number.digits, scientific=True)
            return small and number.digits in (1, 2) and self.page.rightly_rounded(value.middle, own)
        return self.page.rightly_rounded(value.middle, number)

    def parameters(self, table: Table) -> None:
        """The columns of a table of parameters that have no name of their own."""
        if table.header[0] != "parameter":
            return
        world = self.world(table.moment)
        if table.moment is None:
            world = self.worlds[0]
        after = World(self, self._after(world))
        cost = self.cost()
        for row in table.rows:
            where = f"table of section {table.section}: {' | '.join(row)}"
            cells = {title: cell_number(text) for title, text in zip(table.header[1:], row[1:], strict=True)}
            if not row[0].startswith("$"):
                self.cell(world.value(cost), cells["old"], f"old, {where}")
                self.cell(after.value(cost), cells["new"], f"new, {where}")
                continue
            name = self.page.name_in(row[0])
            self.cell(world.value(name), cells["old"], f"old, {where}")
            self.cell(after.value(name), cells["new"], f"new, {where}")
            gradient = world.value(Partial(cost, name))
            self.cell(gradient, cells["gradient"], f"gradient, {where}")
            for title, cell in cells.items():
                if letter := re.fullmatch(r"\$(?:\\hat\{(\w)\}|(\w))\$", title):
                    state = self.page.state_of(name, f"{letter[1]}hat" if letter[1] else letter[2])
                    self.cell(world.value(updated(self.page, state)), cell, f"{title}, {where}")
            if "central difference" in cells:
                self.difference(world, cost, name, gradient, cells, where)

    def difference(
        self, world: World, cost: Name, name: Name, gradient: Interval, cells: dict[str, Any], where: str
    ) -> None:
        """(J(w + h) − J(w − h)) / 2h with h = 1/1000, and how far the gradient is from it."""
        step = Fraction(1, 1000)
        up, down = world.moved(name, step).value(cost), world.moved(name, -step).value(cost)
        central = divide(add(up, down, -1), exactly(2 * step))
        self.cell(central, cells["central difference"], f"central difference, {where}")
        apart, size = abs(central.middle - gradient.middle), max(abs(central.middle), abs(gradient.middle))
        stated = cells["relative error"]
        if stated and size > NOTHING:
            error = stated[1]
            self.verdict.check(
                abs(apart / size - error.value) <= max(error.unit / 2, Fraction(1, 10**12)),
                f"the relative error is {float(apart / size):.4g}; {where}",
            )

    def cell(self, value: Interval, printed: tuple[int, Num] | None, where: str) -> None:
        if printed is None:
            self.verdict.check(False, f"no number; {where}")
            return
        result = printed[0] * printed[1].value
        exact = value.low == value.high == result or (result == 0 and abs(value.middle) < NOTHING)
        self.verdict.check(exact or self.rounded(value, printed), f"should be {float(value.middle):.15g}; {where}")

    def cost(self) -> Name:
        """What the network is trained to lessen: what the updates take the derivative of."""
        for name, trees in self.formulas.items():
            if isinstance(name, Name) and original(name):
                found = [node.of for node in walk(trees[0]) if isinstance(node, Partial)]
                if found:
                    return found[0]
        raise Unknown("no update on this page")

    def slopes(self) -> None:
        """Every derivative is a slope, every delta the slope of the cost at a weighted sum."""
        world = self.worlds[0]
        weighted = self.page.school.weighted
        for name, trees in self.formulas.items():
            partial = name
            if isinstance(name, Name):
                costs = [node.of for node in walk(trees[0]) if isinstance(node, Partial)]
                if name.base != "delta" or not costs:
                    continue
                partial = Partial(costs[0], replace(name, base=weighted))
            if self.page.sequential and self._uses_updated(name):
                continue
            try:
                slope = world.slope(partial)
            except Unknown as unknown:
                self.verdict.skipped.append(f"{unknown}: {name}")
                continue
            self.verdict.check(
                slope.meets(world.value(name), Fraction(1, 10**12)),
                f"{name} is {float(world.value(name).middle):.12g}, but the slope is {float(slope.middle):.12g}",
            )

    def functions(self) -> None:
        """What the page calls the derivative of an activation is its slope, at some points without kinks."""
        world = self.worlds[0]
        for name, (_, body) in self.page.functions.items():
            if not name.endswith("'") or name[:-1] not in {**self.page.functions, **FUNCTIONS}:
                continue
            for point in (Fraction(-17, 10), Fraction(-2, 5), Fraction(3, 10), Fraction(13, 10)):
                step = Fraction(1, 10**12)
                sides = [world.evaluate(Call(name[:-1], (Num(point + h, ZERO, 0),))) for h in (step, -step)]
                slope = (sides[0].middle - sides[1].middle) / (2 * step)
                stated = world.evaluate(Call(name, (Num(point, ZERO, 0),)))
                self.verdict.check(
                    abs(stated.middle - slope) < Fraction(1, 10**12), f"{name} is not the slope: {body}"
                )

    # ------------------------------------------------------------- general formulas

    def general(self, statement: Statement, where: str) -> None:
        """A formula with letters as indices holds for every layer, unit and sample whose names are known."""
        found = 0
        units = self._units("Output" in statement.section)
        school = self.page.school
        several = not any(
            school.sample in (n.above, n.below) or f"({school.sample})" in n.above
            for n in walk(statement.chain.parts)
            if isinstance(n, Name)
        )
        for layer in range(6):
            for unit in units:
                for sample in range(1, self.page.samples + 1):
                    case = {"j": unit, "i": unit, school.layer: str(layer), school.sample: str(sample)}
                    case["units"] = " ".join(units)
                    try:
                        parts = [self._instance(part, case, sample * several) for part in statement.chain.parts]
                        values = [self.worlds[0].evaluate(part) for part in parts]
                    except (Unknown, Unreadable):
                        continue
                    found += 1
                    self.verdict.check(
                        all(values[0].meets(value, Fraction(1, 10**12)) for value in values[1:]),
                        f"untrue for layer {layer}, unit {unit}, sample {sample}: {where}",
                    )
        if not found:
            self.verdict.skipped.append(f"no instance: {where}")

    def _units(self, outputs: bool) -> list[str]:
        named = sorted({n.below for n in self.page.names if re.fullmatch(r"[oh][\d.]+", n.below)})
        return [name for name in named if name[0] == "o" or not outputs] or [str(unit) for unit in range(10)]

    def _instance(self, tree: Any, case: dict[str, str], sample: int) -> Any:
        """A general formula with numbers for its letters; a sum runs over all for which its names are known.

        Where the formula does not name a sample, it is read for one (`sample` is 0 where it does).
        """
        if isinstance(tree, Name):
            name = replace(tree, above=_filled(tree.above, case), below=_filled(tree.below, case))
            return (self.page.of_sample(name, sample) if sample else None) or name
        if isinstance(tree, BigSum):
            values = (
                case["units"].split()
                if tree.index != self.page.school.sample
                else [str(n) for n in range(1, self.page.samples + 1)]
            )
            terms = []
            for value in values:
                if tree.without and value == case.get(tree.without):
                    continue
                inner = self._instance(tree.body, {**case, tree.index: value}, sample)
                if all(n in self.formulas or n in self.given for n in walk(inner) if isinstance(n, Name)):
                    terms.append((1, inner))
            if not terms:
                raise Unknown("an empty sum")
            return Paren(Sum(tuple(terms)))
        if isinstance(tree, tuple):
            return tuple(self._instance(item, case, sample) for item in tree)
        if hasattr(tree, "__dataclass_fields__"):
            fields = {key: self._instance(getattr(tree, key), case, sample) for key in tree.__dataclass_fields__}
            return type(tree)(**fields)
        return tree

    def _uses_updated(self, name: Any, seen: frozenset[Any] = frozenset()) -> bool:
        """Whether a formula, or one it builds on, contains a parameter already updated."""
        if name in seen:
            return False
        inside = {n for tree in self.formulas.get(name, ()) for n in walk(tree) if isinstance(n, Name | Partial)}
        if any(isinstance(n, Name) and original(n) in self.given for n in inside):
            return True
        return any(self._uses_updated(n, seen | {name}) for n in inside)


def _filled(script: str, case: dict[str, str]) -> str:
    """`(l+1)` with l = 2 → (3); words such as total stay."""
    if re.search("[a-z]{3,}", script):
        return script
    script = re.sub("[a-z]", lambda m: case.get(m[0], m[0]), script)
    return re.sub(r"(\d+)\+1", lambda m: str(int(m[1]) + 1), script)


def _has_matrix(tree: Any) -> bool:
    return any(isinstance(node, Matrix | Shaped | Entrywise | Transposed | Dots) for node in walk(tree))


def carried_check(page: Reading) -> Verdict:
    """Every number of a page that carries all digits, from the given numbers and its own formulas."""
    return Carried(page).run()
