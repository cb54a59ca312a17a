"""What a condition is made of, once it is read: amounts and claims about them.

A wildcard runs over indices inside `all(…)`, `any(…)`, and inside `max(…)` and `min(…)` of one argument.  The
first `*` of every id in there stands for the same number, and so does the second.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sympy import Expr

from chalkgrad.errors import FormulaError
from chalkgrad.exam.conditions.assembly import Assembly
from chalkgrad.exam.conditions.ids import Matches
from chalkgrad.exam.conditions.truths import Every, Not, Truth, some
from chalkgrad.messages import Message
from chalkgrad.quantities import At

Binding = tuple[int, ...]
"""The numbers that stand for the wildcards."""

MOST_CASES = 10_000
"""More cases than that no condition runs over."""


class Amount(ABC):
    """A number of each candidate."""

    @abstractmethod
    def names(self) -> Iterator[Name]:
        """The ids in it whose wildcards are not run over inside it."""

    @abstractmethod
    def place(self, assembly: Assembly, binding: Binding) -> int:
        """Its register."""


class Claim(ABC):
    """What a candidate fulfils or not."""

    @abstractmethod
    def names(self) -> Iterator[Name]:
        """The ids in it whose wildcards are not run over inside it."""

    @abstractmethod
    def truth(self, assembly: Assembly, binding: Binding) -> Truth:
        """What is to be decided."""


@dataclass(frozen=True)
class Constant(Amount):
    """A number as written."""

    value: Fraction

    def names(self) -> Iterator[Name]:
        """None."""
        yield from ()

    def place(self, assembly: Assembly, binding: Binding) -> int:
        """A register for it."""
        return assembly.constant(self.value)


@dataclass(frozen=True)
class Name(Amount):
    """An id, or a pattern of ids."""

    text: str
    offset: int
    """Where it stands in the text of the condition."""
    matches: Matches

    @property
    def stars(self) -> int:
        """How many wildcards it has."""
        return len(next(iter(self.matches)))

    def names(self) -> Iterator[Name]:
        """Itself."""
        yield self

    def place(self, assembly: Assembly, binding: Binding) -> int:
        """The register of the id."""
        return assembly.program.register(self.at(binding))

    def at(self, binding: Binding) -> At:
        """What it means, the wildcards standing for these numbers."""
        return self.matches[binding[: self.stars]]


@dataclass(frozen=True)
class Applied(Amount):
    """A formula in u, or in u and v, of amounts."""

    formula: Expr
    arguments: tuple[Amount, ...]

    def names(self) -> Iterator[Name]:
        """Those of the arguments."""
        return (name for argument in self.arguments for name in argument.names())

    def place(self, assembly: Assembly, binding: Binding) -> int:
        """A register for it."""
        return assembly.applied(self.formula, [one.place(assembly, binding) for one in self.arguments])


@dataclass(frozen=True)
class Extreme(Amount):
    """The largest or the smallest of what an amount is for all of its wildcards."""

    formula: Expr
    """Of two, in u and v."""
    argument: Amount

    def names(self) -> Iterator[Name]:
        """None that are left to run over."""
        yield from ()

    def place(self, assembly: Assembly, binding: Binding) -> int:
        """A register for it."""
        first, *rest = (self.argument.place(assembly, case) for case in cases(self.argument))
        for place in rest:
            first = assembly.applied(self.formula, (first, place))
        return first


@dataclass(frozen=True)
class Comparison(Claim):
    """One amount and another: their difference has one of some signs."""

    left: Amount
    signs: frozenset[int]
    right: Amount

    def names(self) -> Iterator[Name]:
        """Those of both sides."""
        yield from self.left.names()
        yield from self.right.names()

    def truth(self, assembly: Assembly, binding: Binding) -> Truth:
        """The sign of the difference."""
        right = self.right.value if isinstance(self.right, Constant) else self.right.place(assembly, binding)
        return assembly.compared(self.left.place(assembly, binding), self.signs, right)


@dataclass(frozen=True)
class Joined(Claim):
    """Several claims: all of them, or at least one."""

    join: Callable[..., Truth]
    """`both` or `some`."""
    parts: tuple[Claim, ...]

    def names(self) -> Iterator[Name]:
        """Those of the parts."""
        return (name for part in self.parts for name in part.names())

    def truth(self, assembly: Assembly, binding: Binding) -> Truth:
        """What the parts make together."""
        return self.join(*(part.truth(assembly, binding) for part in self.parts))


@dataclass(frozen=True)
class Denied(Claim):
    """The contrary of a claim."""

    part: Claim

    def names(self) -> Iterator[Name]:
        """Those of the part."""
        return self.part.names()

    def truth(self, assembly: Assembly, binding: Binding) -> Truth:
        """What the part is not."""
        return Not(self.part.truth(assembly, binding))


@dataclass(frozen=True)
class Quantified(Claim):
    """A claim for all, or for at least one, of what its wildcards stand for."""

    join: Callable[..., Truth]
    part: Claim

    def names(self) -> Iterator[Name]:
        """None that are left to run over."""
        yield from ()

    def truth(self, assembly: Assembly, binding: Binding) -> Truth:
        """What the cases make together."""
        return self.join(*(self.part.truth(assembly, case) for case in cases(self.part)))


def both(*parts: Truth) -> Truth:
    """All of several."""
    return Every(parts) if len(parts) > 1 else parts[0]


def at_least_one(*parts: Truth) -> Truth:
    """One of several, or more."""
    return some(*parts) if len(parts) > 1 else parts[0]


def cases(inside: Amount | Claim, offset: int = 0) -> Sequence[Binding]:
    """What the wildcards inside stand for, one after the other; `offset` is where the run over them is written.

    Raises `FormulaError` where there is no wildcard, or where two ids do not run over the same numbers.
    """
    names = [name for name in inside.names() if name.stars]
    if not names:
        raise FormulaError(Message("no id with a * in the parentheses"), offset)
    widest = max(names, key=lambda name: name.stars)
    found = list(widest.matches)
    if len(found) > MOST_CASES:
        raise FormulaError(
            Message("{found} cases; at most {most} are looked at", found=len(found), most=MOST_CASES),
            widest.offset,
        )
    for name in names:
        if set(name.matches) != {case[: name.stars] for case in found}:
            raise FormulaError(
                Message("{one} and {other} do not run over the same indices", one=widest.text, other=name.text),
                name.offset,
            )
    return found
