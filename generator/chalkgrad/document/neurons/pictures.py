"""What can be seen: the line that was learnt, epoch by epoch, and other starts and rates beside this one."""

from __future__ import annotations

from collections.abc import Iterator

from chalkgrad.document.model import Block
from chalkgrad.document.scribe import Scribe


def decision(scribe: Scribe) -> Iterator[Block]:
    """x"""
    yield from ()


def comparison(scribe: Scribe) -> Iterator[Block]:
    """x"""
    yield from ()
