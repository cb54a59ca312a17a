"""Papers that are the same up to the order of hidden units: of these, one is let through.

Hidden units of a multilayer perceptron may change places: with its weights and its bias, and with the weights that
lead from it, a unit takes all of its numbers along, and the network computes what it did.  A candidate is *in
canonical order* if no such exchange, to numbers that the draws could have made too, leads to one that comes before
it.

Units are *alike* if their numbers are drawn from the same values.  Where only units that are alike can change
places, the order is theirs: none comes after the next one, by one of its numbers first (the one with most values),
then by the others.  In all other cases every exchange is looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import combinations, pairwise, permutations, product
from math import factorial, prod
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from chalkgrad.evaluation.columns import Columns
from chalkgrad.exam.parameters import Parameters, Slot, Unit
from chalkgrad.network.model import Layer, Network

MOST_EXCHANGES = 5040
"""Seven units have so many orders; where there are more, a candidate that needs them all to be judged is
rejected."""

_Domain: TypeAlias = frozenset[tuple[tuple[int, ...], frozenset[tuple[int, ...]]]]
"""Parameters that are drawn together, and with which numbers."""


class Symmetry:
    """The order of a network's hidden units."""

    def __init__(self, network: Network, drawn: Iterable[Slot], weighted: Iterable[int] = ()) -> None:
        """`weighted` are draws whose values are not equally likely."""
        self.parameters = Parameters.of(network, drawn)
        self._weighted = frozenset(weighted)
        self.hidden = self.parameters.hidden

    @property
    def is_trivial(self) -> bool:
        """Whether no exchange can ever lead from one paper to another."""
        return not any(slot.draw is not None for slot in self.parameters.slots) or not (
            self.alike or self._is_mixed
        )

    def holds(self, columns: Columns, count: int) -> NDArray[np.bool_]:
        """Which of some candidates are in canonical order."""
        held = np.ones(count, np.bool_)
        if self.is_trivial:
            return held
        open_ = np.full(count, self._is_mixed)
        for units in self.alike:
            for one, other in pairwise(units):
                level = self._compare(one, other, columns, held)
                open_[level] |= len(self.hidden) > 1
        left = np.flatnonzero(held & open_)
        if len(left):
            places = range(len(self.parameters.slots))
            table = np.stack([self.parameters.ranked(place, columns, count)[left] for place in places], axis=1)
            held[left] = self._are_first(table)
        return held

    def _compare(self, one: Unit, other: Unit, columns: Columns, held: NDArray[np.bool_]) -> NDArray[np.intp]:
        """Mark candidates in which a unit comes after another; returns those that cannot be told apart by this."""
        level = np.flatnonzero(held)
        for mine, theirs in zip(self._numbers(one), self._numbers(other), strict=True):
            if not len(level):
                break
            ranks = [self.parameters.ranked(place, columns, len(held))[level] for place in (mine, theirs)]
            held[level] = ranks[0] <= ranks[1]
            level = level[ranks[0] == ranks[1]]
        return level

    @property
    def ascending(self) -> tuple[tuple[int, ...], ...]:
        """Draws whose picks ascend in every candidate that is in canonical order: of units that are alike, the
        numbers that are compared first, where all of their values are equally likely."""
        single = {members[0] for members in self.parameters.draws if len(members) == 1}
        found = []
        for units in self.alike:
            places = [self._numbers(unit)[0] for unit in units]
            slots = [self.parameters.slots[place] for place in places]
            table = slots[0].table
            draws = tuple(slot.draw for slot in slots if slot.draw is not None)
            whole = len(draws) == len(units) and single.issuperset(places) and not self._weighted & {*draws}
            if whole and all(slot.table == table for slot in slots) and list(table) == sorted(set(table)):
                found.append(draws)
        return tuple(found)

    # --- which units may change places -------------------------------------------------------------------------

    @cached_property
    def alike(self) -> tuple[tuple[Unit, ...], ...]:
        """Units that may change places whatever their numbers are, as far as there are two of them."""
        found: list[tuple[Unit, ...]] = []
        for layer in self.hidden:
            rest = self.parameters.units(layer)
            while rest:
                like = [rest[0], *(unit for unit in rest[1:] if self._are_alike(layer, rest[0], unit))]
                rest = [unit for unit in rest if unit not in like]
                if len(like) > 1:
                    found.append(tuple(like))
        return tuple(found)

    def _are_alike(self, layer: Layer, one: Unit, other: Unit) -> bool:
        mine, theirs = self._ends(layer, one, loose=False), self._ends(layer, other, loose=False)
        if not all(self._values(a) == self._values(b) for a, b in zip(mine, theirs, strict=True)):
            return False
        if not any(len(members) > 1 for members in self.parameters.draws):
            return True
        swap = {one.number: other.number, other.number: one.number}
        order = [swap.get(number, number) for number in range(1, layer.units + 1)]
        return self._moved(self.parameters.exchanged({layer.number: order})) == self._domain

    @cached_property
    def _domain(self) -> _Domain:
        return self._moved(np.arange(len(self.parameters.slots)))

    def _moved(self, new: NDArray[np.intp]) -> _Domain:
        """What is drawn, after an exchange."""
        back = np.argsort(new)
        out = []
        for members in self.parameters.draws:
            places = sorted((int(back[place]), place) for place in members)
            rows = zip(*(self.parameters.ranks[place].tolist() for _, place in places), strict=True)
            out.append((tuple(to for to, _ in places), frozenset(rows)))
        return frozenset(out)

    @cached_property
    def _is_mixed(self) -> bool:
        """Whether units that are not alike might change places."""
        together = {frozenset(pair) for units in self.alike for pair in combinations(units, 2)}
        return any(
            frozenset((one, other)) not in together and self._might(layer, one, other)
            for layer in self.hidden
            for one, other in combinations(self.parameters.units(layer), 2)
        )

    def _might(self, layer: Layer, one: Unit, other: Unit) -> bool:
        """Whether each number of a unit might be the other's too, as far as its values alone can say."""
        mine, theirs = self._ends(layer, one, loose=True), self._ends(layer, other, loose=True)
        return not any(self._values(a).isdisjoint(self._values(b)) for a, b in zip(mine, theirs, strict=True))

    def _ends(self, layer: Layer, unit: Unit, *, loose: bool) -> list[tuple[int, ...]]:
        """The parameters of a unit, one after the other; loosely, those together whose order another hidden
        layer may change."""
        numbers = {hidden.number for hidden in self.hidden} if loose else set()
        into, beyond = self.parameters.incoming(unit), self.parameters.outgoing(unit)
        return [
            *([tuple(into)] if layer.number - 1 in numbers else [(place,) for place in into]),
            *((place,) for place in self.parameters.bias(unit)),
            *([tuple(beyond)] if layer.number + 1 in numbers else [(place,) for place in beyond]),
        ]

    def _values(self, places: Sequence[int]) -> set[int]:
        return {rank for place in places for rank in self.parameters.ranks[place].tolist()}

    # --- the order ---------------------------------------------------------------------------------------------

    def _numbers(self, unit: Unit) -> list[int]:
        """A unit's parameters in the order in which units are compared.  With several hidden layers, what leads
        from a unit has no order before the next layer has one."""
        places = [*self.parameters.incoming(unit), *self.parameters.bias(unit)]
        if len(self.hidden) == 1:
            places += self.parameters.outgoing(unit)
        lead = self._lead[unit.layer]
        return [places[lead], *places[:lead], *places[lead + 1 :]]

    @cached_property
    def _lead(self) -> Mapping[int, int]:
        """Which of a unit's numbers is compared first, a layer: of those equally likely, one with most values."""
        leads = {}
        for layer in self.hidden:
            unit = next(
                (units[0] for units in self.alike if units[0].layer == layer.number), Unit(layer.number, 1)
            )
            places = [*self.parameters.incoming(unit), *self.parameters.bias(unit)]
            slots = [self.parameters.slots[place] for place in places]
            worth = [(slot.draw not in self._weighted, len(slot.table)) for slot in slots]
            leads[layer.number] = worth.index(max(worth))
        return leads

    @cached_property
    def _sequence(self) -> NDArray[np.intp]:
        """All parameters in the order in which candidates are compared."""
        units = [unit for layer in self.hidden for unit in self.parameters.units(layer)]
        first = [self._numbers(unit)[0] for unit in units]
        return np.array([*first, *sorted(set(range(len(self.parameters.slots))) - set(first))])

    def _are_first(self, table: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Which rows of numbers come before all that an exchange makes of them, as far as they could be drawn."""
        first = np.ones(len(table), np.bool_)
        if prod(factorial(layer.units) for layer in self.hidden) > MOST_EXCHANGES:
            return ~first
        for new in self._exchanges():
            left = np.flatnonzero(first)
            other = table[left][:, new]
            before = _before(other[:, self._sequence], table[left][:, self._sequence])
            first[left] = ~(before & self._could_be_drawn(other))
        return first

    def _exchanges(self) -> Iterator[NDArray[np.intp]]:
        numbers = [layer.number for layer in self.hidden]
        for orders in product(*(permutations(range(1, layer.units + 1)) for layer in self.hidden)):
            yield self.parameters.exchanged(dict(zip(numbers, orders, strict=True)))

    def _could_be_drawn(self, table: NDArray[np.intp]) -> NDArray[np.bool_]:
        drawn = np.ones(len(table), np.bool_)
        for members in self.parameters.draws:
            ranks = [self.parameters.ranks[place] for place in members]
            if len(members) == 1:
                drawn &= np.isin(table[:, members[0]], ranks[0])
            else:
                rows = set(zip(*(column.tolist() for column in ranks), strict=True))
                drawn &= np.array([tuple(row) in rows for row in table[:, members].tolist()], np.bool_)
        return drawn


def _before(ones: NDArray[np.intp], others: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Which rows come before others: the first number in which they differ decides."""
    rows, first = np.arange(len(ones)), (ones != others).argmax(axis=1)
    return np.asarray(ones[rows, first] < others[rows, first])
