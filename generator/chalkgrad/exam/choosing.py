"""Which candidate becomes paper n: the same for the same secret, exercise and n, whatever other papers there are.

The places of a space are divided into blocks; paper n has its place among the accepted ones of its own block, in
their order.  In a space of ample size every paper has a block to itself, so that any paper is found without the
others, and a condition that is added changes only the papers that break it.  The scarcer a space, the more
papers share a block, down to a single one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil, sqrt
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from chalkgrad.errors import TooFewPapers
from chalkgrad.exam.space import Space
from chalkgrad.exam.tally import Tally, Verdicts
from chalkgrad.messages import Message

Picks: TypeAlias = NDArray[np.intp]
"""A row a candidate or paper, a column a draw."""
Judge: TypeAlias = Callable[[Picks], Verdicts]

CHUNK = 8192
"""So many places are looked at at once."""
SEARCHED = 1 << 18
"""Where so many places have next to no candidate that is accepted, there is no exam."""
MANY = 1 << 20
"""Every space that has them has numbers for so many papers."""
SHARED = 512
"""Blocks of so many papers, at most, are looked through together."""
SCANNED = 1 << 22
"""A space of so many places may be one block, of which a late paper needs nearly all."""
OWN_BLOCK = 1 << 12
"""The least size of a block in an ample space: so wide that conditions seldom ask for a wider one."""
ROOM = 1 << 14
"""Among so many numbers, of a space that is one block, the ids of a few thousand students are spread."""
CERTAIN = 56.0
"""A block has too few accepted places with a chance of at most e to the minus half of this."""


@dataclass(frozen=True)
class Chosen:
    """What was drawn for some papers."""

    picks: Picks
    tally: Tally


class Layout(NamedTuple):
    """How papers lie in a space."""

    places: int
    """Of a block."""
    papers: int
    """In a block: at most `SHARED`, or in a single block as many as it happens to have."""
    blocks: int


class Chooser:
    """Finds papers of an exercise by their numbers."""

    def __init__(self, space: Space, judge: Judge) -> None:
        self.space = space
        self.judge = judge
        self._scan = _Scan(self)

    def chosen(self, numbers: Sequence[int] | NDArray[Any]) -> Chosen:
        """The papers of some numbers, counted from 1.

        Raises `TooFewPapers` where there is none of such a number, saying what the conditions reject.
        """
        wanted, back = np.unique(np.asarray(numbers, np.int64) - 1, return_inverse=True)
        papers = self.layout.papers
        if len(wanted) and wanted.max() >= papers * self.layout.blocks:
            raise self._too_few(int(wanted.max()) + 1)
        picks = np.zeros((len(wanted), len(self.space.sizes)), np.intp)
        tally = Tally.nothing(len(wanted))
        blocks, which = np.unique(wanted // papers, return_inverse=True)
        at_once = max(1, CHUNK // papers)
        for start in range(0, len(blocks), at_once):
            mine = np.flatnonzero((which >= start) & (which < start + at_once))
            if papers > SHARED:
                found = self._in_order(wanted[mine])
            else:
                found = self._in_waves(blocks[start : start + at_once], which[mine] - start, wanted[mine])
            picks[mine] = found.picks
            tally += found.tally.spread(mine, len(wanted))
        return Chosen(picks[back], tally[back])

    @cached_property
    def layout(self) -> Layout:
        """How papers lie in the space; follows from the secret and the exercise alone."""
        places = self.space.places
        whole = Layout(places, max(places, SHARED + 1), 1)
        if self.space.is_listed:
            return whole
        tried, accepted, _ = self._sample
        share = (accepted - 5 * sqrt(accepted)) / tried
        if share > 0:
            block = 1 << ceil(CERTAIN / share - 1).bit_length()
            block = max(block, OWN_BLOCK) if places >= OWN_BLOCK * MANY else block
            if places // block >= MANY:
                return Layout(block, 1, places // block)
            for papers in (1 << i for i in range(1, SHARED.bit_length())):
                block = ceil(_needed(papers) / share)
                if papers * (places // block) >= min(MANY, share * places / 2):
                    return Layout(block, papers, places // block)
        return whole if accepted and places <= SCANNED else Layout(places, 1, 0)

    @property
    def capacity(self) -> int:
        """How many papers have a number: 1, 2, …"""
        return self._whole.found if self.is_exact else self.layout.papers * self.layout.blocks

    def room(self, students: int) -> int:
        """Among how many numbers the ids of students are spread: of scarce papers not all, since to find one all
        before it have to be looked through."""
        if not self.is_exact:
            return self.capacity
        room = max(ROOM, 1 << (4 * students).bit_length())
        self._scan.go_on(room)
        return min(self._scan.found, room)

    @property
    def _whole(self) -> _Scan:
        """All of a space that is one block."""
        self._scan.go_on(self.layout.places)
        return self._scan

    @property
    def is_exact(self) -> bool:
        """Whether it can be told how many papers there are at all, and not only about how many."""
        return self.layout.papers > SHARED

    @property
    def existing(self) -> int:
        """How many different papers there are: all of them where that is exact, else a good guess."""
        if self.is_exact:
            return self.capacity
        _, accepted, tally = self._sample
        guess = accepted * self.space.points // max(int(tally.drawn.sum()), 1)
        unit: int = 10 ** max(len(str(guess)) - 2, 0)
        return guess // unit * unit

    def require(self, papers: int) -> None:
        """Raise `TooFewPapers` unless there are so many papers, saying what the conditions reject."""
        if self.is_exact:
            self._scan.go_on(papers)
            enough = self._scan.found >= papers
        else:
            enough = papers <= self.capacity
        if not enough:
            raise self._too_few(papers)

    def _too_few(self, asked: int) -> TooFewPapers:
        reasons = self.tally.reasons()
        if self.is_exact and self.existing:
            found = Message(
                "{asked:,} papers are asked for, and there is {count:,} in all; {reasons}",
                many="{asked:,} papers are asked for, and there are {count:,} different ones in all; {reasons}",
                asked=asked, count=self.existing, reasons=reasons,
            )  # fmt: skip
        elif self.is_exact:
            found = Message("the conditions leave no paper; {reasons}", reasons=reasons)
        elif self.capacity:
            found = Message(
                "{asked:,} papers are asked for; there are about {existing:,} different ones, of which "
                "{capacity:,} can be drawn; {reasons}",
                asked=asked, existing=self.existing, capacity=self.capacity, reasons=reasons,
            )  # fmt: skip
        else:
            found = Message("the conditions leave hardly any paper; {reasons}", reasons=reasons)
        return TooFewPapers(found)

    @property
    def tally(self) -> Tally:
        """What became of a sample of candidates, or of all where they are listed."""
        return self._whole.tally if self.is_exact else self._sample[2]

    @cached_property
    def _sample(self) -> tuple[int, int, Tally]:
        """How many of the first places were tried, and how many accepted: enough to know the share."""
        enough = 64 if self.space.places >= OWN_BLOCK * MANY else 4096
        tried, accepted, tally = 0, 0, Tally.nothing(1)
        for until in (1 << 8, 1 << 10, 1 << 12, 1 << 14, 1 << 16, SEARCHED):
            for start in range(tried, until, CHUNK):
                seen = self._seen(np.arange(start, min(start + CHUNK, until)))
                accepted += int(seen.accepted.sum())
                tally += Tally.of(np.zeros(len(seen.picks), np.intp), 1, seen.verdicts)
            tried = until
            if accepted >= enough:
                break
        return tried, accepted, tally

    def _seen(self, places: NDArray[np.int64]) -> _Seen:
        picks, kept = self.space.candidates(places)
        candidates = np.flatnonzero(kept)
        picks = picks[candidates]
        verdicts = self.judge(picks)
        accepted = np.ones(len(picks), np.bool_)
        for held in verdicts.values():
            accepted &= held
        return _Seen(candidates, picks, verdicts, accepted)

    def _in_waves(self, blocks: NDArray[np.int64], which: NDArray[np.intp], wanted: NDArray[np.int64]) -> Chosen:
        """Papers of small blocks, `which` of them each: all blocks are looked through together."""
        places, papers = self.layout.places, self.layout.papers
        keys = which * papers + wanted % papers  # of each paper: its block, and its rank in it; in ascending order
        goal = np.zeros(len(blocks), np.intp)
        np.maximum.at(goal, which, wanted % papers + 1)
        found = np.zeros(len(blocks), np.intp)
        picks = np.zeros((len(wanted), len(self.space.sizes)), np.intp)
        tally = Tally.nothing(len(wanted))
        rest, start = np.arange(len(blocks)), 0
        while len(rest):
            width = min(max(1, CHUNK // len(rest)), 4 * start + int(goal.max()), places - start)
            if not width:
                raise self._too_few(int(wanted.max()) + 1)
            seen = self._seen((blocks[rest, None] * places + start + np.arange(width)).reshape(-1))
            row = seen.candidates // width
            before: NDArray[np.intp] = np.cumsum(seen.accepted) - seen.accepted
            counts = np.bincount(row[seen.accepted], minlength=len(rest))
            rank = before - (np.cumsum(counts) - counts)[row] + found[rest][row]
            own = rest[row] * papers + np.minimum(rank, papers - 1)
            at = np.minimum(np.searchsorted(keys, own), len(wanted) - 1)
            mine = (keys[at] == own) & (rank < papers)
            tally += Tally.of(at[mine], len(wanted), {name: held[mine] for name, held in seen.verdicts.items()})
            best = mine & seen.accepted
            picks[at[best]] = seen.picks[best]
            found[rest] += counts
            rest, start = rest[found[rest] < goal[rest]], start + width
        return Chosen(picks, tally)

    def _in_order(self, wanted: NDArray[np.int64]) -> Chosen:
        """Papers of a space that is one block; what was found is remembered."""
        last = int(wanted.max()) + 1
        self._scan.go_on(last)
        if self._scan.found < last:
            raise self._too_few(last)
        return Chosen(self._scan.picks[wanted], self._scan.tally[wanted])


class _Seen(NamedTuple):
    candidates: NDArray[np.intp]
    """Which of the places have one."""
    picks: Picks
    verdicts: Verdicts
    accepted: NDArray[np.bool_]


class _Scan:
    """The accepted places of a space, as far as they were looked for."""

    def __init__(self, chooser: Chooser) -> None:
        self.chooser = chooser
        self.next = 0
        self.picks: Picks = np.zeros((0, len(chooser.space.sizes)), np.intp)
        self.tally = Tally.nothing(1)
        """Of each accepted one, and of what was rejected after the last of them."""

    @property
    def found(self) -> int:
        """How many are accepted so far."""
        return len(self.picks)

    def go_on(self, papers: int) -> None:
        """Look on until there are so many, or no place is left."""
        while self.found < papers and self.next < self.chooser.space.places:
            places = np.arange(self.next, min(self.next + CHUNK, self.chooser.space.places))
            seen = self.chooser._seen(places)
            accepted = seen.accepted.astype(np.intp)
            paper = np.cumsum(accepted) - accepted + self.found
            total = self.found + int(accepted.sum()) + 1
            before = self.tally.spread(np.arange(self.found + 1), total)
            self.tally = before + Tally.of(paper, total, seen.verdicts)
            self.picks = np.concatenate([self.picks, seen.picks[seen.accepted]])
            self.next = int(places[-1]) + 1


def _needed(papers: int) -> float:
    """How many accepted places a block must have on average so that it has those of `papers` papers for certain.

    By Chernoff's bound for the lower tail: at most exp(-(μ - m)² / 2μ) of the blocks have no more than m.
    """
    m = papers - 1
    return ((sqrt(CERTAIN) + sqrt(CERTAIN + 4 * m)) / 2) ** 2
