"""The number of a student's paper, from the student's id; and which exercises a paper has, from its number.

Both depend on the student alone, as far as they can: who else is on the list, and which exercises stand beside
one, changes nothing that is not concerned.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from chalkgrad.exam.seeding import Secret, Words


class Numbered(NamedTuple):
    """The number of a student's paper."""

    number: int
    """From 1."""
    is_moved: bool
    """Whether somebody before has the number that this student would have."""


def numbered(ids: Sequence[str], secret: Secret, capacity: int) -> list[Numbered]:
    """A number for each student of a list, no two alike; there are `capacity` numbers, and at most as many
    students.

    An id of digits is the number itself; any other is hashed.  Numbers beyond the last begin again at 1.  Who
    comes first keeps the number; who comes later takes the next free one.

    >>> secret = Secret.of("keep this to yourself")
    >>> [tuple(student) for student in numbered(["17", "112", "017"], secret, 100)]
    [(17, False), (12, False), (18, True)]
    """
    if len(ids) > capacity:
        raise ValueError("more students than papers")
    taken: set[int] = set()
    found = []
    for id in ids:
        wanted = number = (_number(id, secret) - 1) % capacity + 1
        while number in taken:
            number = number % capacity + 1
        taken.add(number)
        found.append(Numbered(number, number != wanted))
    return found


def _number(id: str, secret: Secret) -> int:
    plain = unicodedata.normalize("NFC", id.strip())
    if plain.isascii() and plain.isdecimal():
        return int(plain)
    return int(secret.key("student", plain).bits(np.zeros(1))[0])


def selected(
    names: Sequence[str], secret: Secret, numbers: Sequence[int], choose: int, *, shuffle: bool
) -> list[tuple[int, ...]]:
    """The exercises of some papers, as places in `names`, in the order in which the papers have them.

    Every exercise gives every paper a rank of its own; a paper has those that rank best ("rendezvous hashing",
    Thaler and Ravishankar, 1998).  So one exercise more changes only the papers that get it, by one exercise
    each.
    """
    chosen = _ranks(names, secret, numbers, "choice").argsort(axis=1, kind="stable")[:, :choose]
    chosen.sort(axis=1)
    if shuffle:
        ranks = _ranks(names, secret, numbers, "order")
        order = np.take_along_axis(ranks, chosen, axis=1).argsort(axis=1, kind="stable")
        chosen = np.take_along_axis(chosen, order, axis=1)
    return [tuple(row) for row in chosen.tolist()]


def _ranks(names: Sequence[str], secret: Secret, numbers: Sequence[int], purpose: str) -> Words:
    """A row a paper, a column an exercise."""
    papers = np.array(numbers, np.uint64)
    return np.stack([secret.key(purpose, name).bits(papers) for name in names], axis=1)
