"""Reads the LaTeX mathematics of a page back into trees, with nothing of chalkgrad's own code.

The grammar is strict where a reader would stumble: a minus sign may only open an expression, an invisible brace
may not hide a sum, a number may not be put beside another number, and what is raised to a power is a name, a
plain number or stands in parentheses.  `\\frac{1}{2} {(y - a)}^{2}` → Product(Frac(1, 2), Power(Paren(y - a), 2)).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from fractions import Fraction
from typing import Any


class Unreadable(ValueError):  # noqa: N818 - says what is wrong with a page, not with the reader
    """A formula that is wrong, ambiguous or badly parenthesised as it is printed."""


@dataclass(frozen=True)
class Num:
    """A number as printed: its value, and the unit of its last digit."""

    value: Fraction
    unit: Fraction
    digits: int
    """Significant digits, leading zeros left out."""
    scientific: bool = False


@dataclass(frozen=True)
class Name:
    """A quantity: `\\theta^{(2)\\prime} _{11}` has the base theta, above (2)', below 11."""

    base: str
    above: str = ""
    below: str = ""

    def __str__(self) -> str:
        return f"{self.base}^{self.above}_{self.below}"


@dataclass(frozen=True)
class Partial:
    """`\\frac{\\partial of}{\\partial by}`."""

    of: Name
    by: Name

    def __str__(self) -> str:
        return f"d({self.of})/d({self.by})"


@dataclass(frozen=True)
class Sum:
    """Terms with their signs."""

    terms: tuple[tuple[int, Any], ...]


@dataclass(frozen=True)
class Product:
    """Factors; matrices among them multiply as matrices."""

    factors: tuple[Any, ...]


@dataclass(frozen=True)
class Entrywise:
    """A product entry by entry: `\\odot`."""

    left: Any
    right: Any


@dataclass(frozen=True)
class Frac:
    """A fraction."""

    top: Any
    bottom: Any


@dataclass(frozen=True)
class Power:
    """A power with a whole exponent, or with a name that counts."""

    base: Any
    exponent: Any


@dataclass(frozen=True)
class Call:
    """A function of one or more arguments; `exp` for `e^{x}`, `sigma'` for a derivative."""

    function: str
    arguments: tuple[Any, ...]


@dataclass(frozen=True)
class Paren:
    """What stands in parentheses."""

    inner: Any


@dataclass(frozen=True)
class Condition:
    """`left > right` and the like."""

    left: Any
    sign: str
    right: Any


@dataclass(frozen=True)
class Indicator:
    """`\\mathbf 1(condition)`."""

    condition: Condition


@dataclass(frozen=True)
class Cases:
    """A function by cases."""

    rows: tuple[tuple[Any, Condition], ...]


@dataclass(frozen=True)
class BigSum:
    """A sum over an index, perhaps without one value of it (`i \\ne j`)."""

    index: str
    without: str
    body: Any


@dataclass(frozen=True)
class Matrix:
    """Rows of entries."""

    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True)
class Shaped:
    """What has its shape written below it."""

    rows: int
    columns: int
    inner: Any


@dataclass(frozen=True)
class Labelled:
    """What has another expression below a brace."""

    inner: Any
    label: Any


@dataclass(frozen=True)
class Transposed:
    """A transposed matrix."""

    inner: Any


@dataclass(frozen=True)
class Ones:
    """A matrix of ones, of the shape written below it."""


@dataclass(frozen=True)
class Dots:
    """Entries left out."""


@dataclass(frozen=True)
class Chain:
    """`first = second ≈ third`: expressions, and the signs between them."""

    parts: tuple[Any, ...]
    signs: tuple[str, ...]


def walk(node: Any) -> Iterator[Any]:
    """A tree's nodes, outermost first."""
    if isinstance(node, tuple):
        for item in node:
            yield from walk(item)
    elif is_dataclass(node):
        yield node
        for field in fields(node):
            value = getattr(node, field.name)
            if isinstance(value, tuple) or is_dataclass(value):
                yield from walk(value)


TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\d+(?:(?:\.|\{,\})\d+)?|[A-Za-z]|\S")
SPACES = {r"\displaystyle", r"\limits", r"\nolimits", r"\,", r"\;", r"\!", "&"}
SPACES |= {r"\enspace", r"\thickspace", r"\thinspace", r"\quad", r"\qquad"}
RELATIONS = {"=": "=", r"\approx": "≈", r"\leftarrow": "←"}
COMPARISONS = {r"\gt": ">", ">": ">", r"\lt": "<", "<": "<", r"\le": "≤", r"\leq": "≤", r"\ge": "≥", r"\geq": "≥"}
NAMED = {r"\tanh", r"\arctan", r"\exp", r"\sin", r"\cos", r"\max", r"\min", r"\ln", r"\log", r"\Phi"}
STOPS = {"=", ",", "}", ")", r"\right", r"\end", "&", r"\cr", r"\\", "+", "-", r"\odot", ";", "."}
STOPS |= set(RELATIONS) | set(COMPARISONS)
GREEK = re.compile(
    r"\\(?:[A-Za-z]*(?:alpha|beta|gamma|delta|Delta|epsilon|eta|theta|Theta|lambda|mu|xi|pi|rho|sigma|phi|omega|kappa))$"
)
FUNCTION_LETTERS = {"f", "g", "sigma", "varphi", "bold:F"}
ACCENTS = {r"\hat": "hat", r"\bar": "bar", r"\tilde": "tilde"}


class Reader:
    """A recursive-descent parser for one piece of mathematics."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = TOKEN.findall(text)
        self.at = 0

    def peek(self, ahead: int = 0) -> str:
        return self.tokens[self.at + ahead] if self.at + ahead < len(self.tokens) else ""

    def take(self, expected: str | None = None) -> str:
        token = self.peek()
        if expected is not None and token != expected:
            raise self.error(f"expected {expected!r}, found {token!r}")
        self.at += 1
        return token

    def error(self, why: str) -> Unreadable:
        return Unreadable(f"{why}, before {' '.join(self.tokens[self.at : self.at + 8])!r} in {self.text!r}")

    def skip(self) -> None:
        while self.peek() in SPACES:
            self.at += 1

    def raw_group(self) -> str:
        """A script's text: `{(2)\\prime}` → (2)'."""
        if self.peek() != "{":
            return self.take()
        depth, out = 0, []
        while True:
            token = self.take()
            if not token:
                raise self.error("an open brace")
            depth += (token == "{") - (token == "}")
            if depth == 0:
                return re.sub(r"\\mathrm\{(\w+)\}", r"\1", "".join(out[1:]))
            out.append({r"\prime": "'", r"\mathsf": "mathsf"}.get(token, token))

    # ------------------------------------------------------------------ statements

    def chains(self) -> list[Chain]:
        """All statements of the text; commas stand between them."""
        out = []
        while self.at < len(self.tokens):
            self.skip()
            if self.peek() in {",", ".", ";", r"\cr", r"\\"}:
                self.take()
                continue
            if not self.peek():
                break
            out.append(self.chain())
        return out

    def chain(self) -> Chain:
        self.skip()
        parts = [] if self.peek() in RELATIONS else [self.expression()]
        if not parts:
            parts.append(None)
        signs = []
        self.skip()
        while self.peek() in RELATIONS:
            signs.append(RELATIONS[self.take()])
            parts.append(self.expression())
            self.skip()
        if self.peek() not in {"", ",", ".", ";", r"\cr", r"\\"}:
            raise self.error("cannot read on")
        return Chain(tuple(parts), tuple(signs))

    # ------------------------------------------------------------------ expressions

    def expression(self) -> Any:
        self.skip()
        sign = 1
        if self.peek() == "-":
            self.take()
            sign = -1
        terms = [(sign, self.term())]
        while self.peek() in {"+", "-"}:
            sign = 1 if self.take() == "+" else -1
            terms.append((sign, self.term()))
        for position, (minus_or_plus, term) in enumerate(terms):
            if isinstance(term, Sum) and (position or minus_or_plus < 0):
                raise self.error("a sum without parentheses inside a sum")
        if terms == [(1, terms[0][1])]:
            return terms[0][1]
        return Sum(tuple(terms))

    def term(self) -> Any:
        factors = [self.factor()]
        while True:
            self.skip_product_spaces()
            token = self.peek()
            if token in {r"\cdot", r"\times"}:
                self.take()
                factors.append(self.factor())
            elif token == r"\odot":
                self.take()
                right = self.factor()
                factors = [Entrywise(_product(factors), right)]
            elif not token or token in STOPS:
                break
            elif re.match(r"\d", token):
                raise self.error("a number beside another factor, without a sign between them")
            else:
                factors.append(self.factor())
        if len(factors) > 1 and any(isinstance(f, Sum) for f in factors):
            raise self.error("a sum or a negative number without parentheses inside a product")
        return _product(factors)

    def skip_product_spaces(self) -> None:
        """Spaces, but not the ones before a comma or a new statement."""
        while self.peek() in SPACES - {"&", r"\quad"}:
            self.at += 1

    def factor(self) -> Any:
        self.skip()
        token = self.peek()
        if re.match(r"\d", token):
            return self.number()
        if token == "(":
            return self.transposable(Paren(self.parenthesised(")")))
        if token == r"\left":
            self.take()
            if self.peek() == r"\lfloor":
                return self.floor()
            self.take("(")
            inner = self.expression()
            self.take(r"\right")
            self.take(")")
            return self.transposable(Paren(inner))
        if token == "{":
            return self.group()
        reader = {
            r"\frac": self.fraction,
            r"\underbrace": self.labelled,
            r"\underset": self.shaped,
            r"\sum": self.big_sum,
            r"\begin": self.environment,
            r"\sqrt": self.root,
            r"\dots": self.dots,
        }.get(token)
        if token == r"\mathbf" and self.peek(1) == "1":
            reader = self.indicator
        if self.tokens[self.at : self.at + 4] == [r"\mathbf", "{", "1", "}"]:
            self.at += 4
            return Ones()
        if reader:
            self.take()
            return reader()
        if token in NAMED:
            return self.function(self.take()[1:])
        if token == "e" and self.peek(1) == "^":
            self.at += 2
            return Call("exp", (self.braced(),))
        return self.name_or_call()

    def number(self) -> Any:
        text = self.take().replace("{,}", ".")
        places = len(text.partition(".")[2])
        value, unit = Fraction(text), Fraction(1, 10**places)
        digits = len(text.replace(".", "").lstrip("0"))
        if self.tokens[self.at : self.at + 4] == [r"\cdot", "10", "^", "{"]:
            self.at += 3
            exponent = int(self.raw_group())
            scale = Fraction(10) ** exponent
            return Num(value * scale, unit * scale, digits, scientific=True)
        if text == "10" and self.peek() == "^":
            self.take()
            return Power(Num(value, unit, digits), int(self.raw_group()))
        if self.peek() == "^":
            raise self.error("a power of a number that is not grouped")
        return Num(value, unit, digits)

    def parenthesised(self, close: str) -> Any:
        self.take()
        inner = self.expression()
        self.skip()
        self.take(close)
        return inner

    def braced(self) -> Any:
        """A visible group, such as a numerator or an exponent."""
        self.take("{")
        inner = self.expression()
        self.skip()
        self.take("}")
        return inner

    def group(self) -> Any:
        """An invisible group: a colour, or what is raised to a power."""
        self.take("{")
        if self.peek() == r"\color":
            self.take()
            self.raw_group()
        inner = self.expression()
        self.skip()
        self.take("}")
        if self.peek() != "^":
            return inner
        self.take()
        start = self.at
        raised = self.raw_group()
        halves = re.fullmatch(r"(\d+)/2", raised)
        if halves:
            exponent: Any = int(halves[1])
        elif re.fullmatch(r"-?\d+", raised):
            exponent = int(raised)
        else:
            self.at = start
            exponent = self.braced()
        plain = isinstance(inner, Num) and not inner.scientific
        if not (plain or isinstance(inner, Name | Paren)):
            raise self.error("a power whose base needs parentheses")
        return Call("sqrt", (Power(inner, exponent),)) if halves else Power(inner, exponent)

    def fraction(self) -> Any:
        if self.tokens[self.at : self.at + 3] == ["{", "{", r"\partial"]:  # of a derivative
            return Name(f"second:{self.raw_group()}/{self.raw_group()}")
        if self.tokens[self.at : self.at + 2] == ["{", r"\partial"]:
            return Partial(self.differential(), self.differential())
        return Frac(self.braced(), self.braced())

    def differential(self) -> Name:
        self.take("{")
        self.take(r"\partial")
        name = self.name()
        self.take("}")
        return name

    def labelled(self) -> Labelled:
        inner = self.braced()
        self.take("_")
        return Labelled(inner, self.braced())

    def shaped(self) -> Shaped:
        shape = re.search(r"(\d+)\\times(\d+)", self.raw_group())
        if not shape:
            raise self.error("a shape that is no shape")
        rows, columns = int(shape[1]), int(shape[2])
        return Shaped(rows, columns, self.braced())

    def big_sum(self) -> BigSum:
        self.take("_")
        index, _, without = self.raw_group().partition(r"\ne")
        return BigSum(index, without, self.term())

    def floor(self) -> Call:
        self.take()
        inner = self.expression()
        self.take(r"\right")
        self.take(r"\rfloor")
        return Call("floor", (inner,))

    def root(self) -> Call:
        return Call("sqrt", (self.braced(),))

    def dots(self) -> Dots:
        return Dots()

    def indicator(self) -> Any:
        self.take("1")
        self.take("(")
        if self.peek() == r"\dots":
            self.take()
            self.take(")")
            return Dots()
        condition = self.condition()
        self.take(")")
        return Indicator(condition)

    def condition(self) -> Condition:
        left = self.expression()
        self.skip()
        if self.peek() not in COMPARISONS:
            raise self.error("expected a comparison")
        sign = COMPARISONS[self.take()]
        return Condition(left, sign, self.expression())

    def environment(self) -> Any:
        kind = self.raw_group()
        rows: list[tuple[Any, ...]] = []
        while self.peek() != r"\end":
            row = [self.cell(kind, 0)]
            while self.peek() == "&":
                self.take()
                row.append(self.cell(kind, len(row)))
            rows.append(tuple(row))
            if self.peek() in {r"\cr", r"\\"}:
                self.take()
        self.take(r"\end")
        self.raw_group()
        if kind == "cases":
            return Cases(tuple((row[0], row[1]) for row in rows))
        if kind not in {"bmatrix", "pmatrix"}:
            raise self.error(f"an unknown environment {kind}")
        if len({len(row) for row in rows}) != 1:
            raise self.error("rows of different lengths")
        return Matrix(tuple(rows))

    def cell(self, kind: str, column: int) -> Any:
        return self.condition() if kind == "cases" and column else self.expression()

    def function(self, name: str) -> Call:
        """A named function: of what stands in parentheses, or of the next factor (`\\ln a`)."""
        name += "'" * self.primes()
        if self.peek() == "(" or (self.peek() == r"\left" and self.peek(1) == "("):
            return Call(name, self.arguments())
        if name == "ln":
            return Call(name, (self.factor(),))
        raise self.error(f"{name} without its argument")

    def primes(self) -> int:
        if self.peek() == "^" and self.tokens[self.at + 1 : self.at + 4] == ["{", r"\prime", "}"]:
            self.at += 4
            return 1
        return 0

    def arguments(self) -> tuple[Any, ...]:
        growing = self.peek() == r"\left"
        if growing:
            self.take()
        self.take("(")
        out = [self.expression()]
        self.skip()
        while self.peek() == ",":
            self.take()
            out.append(self.expression())
            self.skip()
        if growing:
            self.take(r"\right")
        self.take(")")
        return tuple(out)

    def name_or_call(self) -> Any:
        start = self.at
        base = self.base()
        wordy = self.tokens[start] == r"\mathrm" or base in FUNCTION_LETTERS
        mark = self.at
        if wordy:
            primes = self.primes()
            if self.peek() == "(":
                return Call(base + "'" * primes, self.arguments())
        self.at = mark
        return self.transposable(self.scripts(base))

    def name(self) -> Name:
        found = self.scripts(self.base())
        if not isinstance(found, Name):
            raise self.error("expected a name")
        return found

    def base(self) -> str:
        token = self.take()
        if token in {r"\mathit", r"\mathrm", r"\mathcal"}:
            return self.raw_group()
        if token in {r"\mathbf", r"\boldsymbol"}:
            return "bold:" + self.raw_group().lstrip("\\")
        if token in ACCENTS:
            self.take("{")
            letter = self.base()
            self.take("}")
            return letter + ACCENTS[token]
        if re.fullmatch("[A-Za-z]", token):
            return token
        if GREEK.match(token):
            return token[1:]
        self.at -= 1
        raise self.error("expected a name or a number")

    def scripts(self, base: str) -> Any:
        above = below = ""
        transposed = False
        while self.peek() in {"^", "_"}:
            sign = self.take()
            script = self.raw_group()
            if script == "mathsfT":
                transposed = True
                break
            if (above if sign == "^" else below) or not script:
                raise self.error("a name with two scripts at one place")
            above, below = (script, below) if sign == "^" else (above, script)
        name = Name(base, above, below)
        return Transposed(name) if transposed else name

    def transposable(self, node: Any) -> Any:
        if self.peek() == "^" and not isinstance(node, Transposed):
            self.take()
            if self.raw_group() != "mathsfT":
                raise self.error("a power whose base is not grouped")
            return Transposed(node)
        return node


def _product(factors: list[Any]) -> Any:
    return factors[0] if len(factors) == 1 else Product(tuple(factors))


def read(text: str) -> list[Chain]:
    """The statements of a piece of LaTeX mathematics."""
    return Reader(text).chains()
