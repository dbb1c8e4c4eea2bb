"""Many rows in parts: a statement takes a limited number of values at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")

BATCH = 500
"""Rows per statement: SQLite takes 32,766 values, a row has up to sixty."""


def batches(things: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    """The things in their order, in lists of ``size``; the last may be shorter."""
    rest = iter(things)
    while part := list(islice(rest, size)):
        yield part
