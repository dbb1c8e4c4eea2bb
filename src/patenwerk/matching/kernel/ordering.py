"""Putting numbers into order, and what belongs to them with them: for the loops.

Our own, because the sorting of a compiled NumPy call is made of nameless parts that are mixed up
when two files that were compiled at different times are loaded from their caches.
"""

from __future__ import annotations

from typing import NamedTuple

from patenwerk.matching.kernel.compiled import Cells, Number, compiled

FEWEST_BINS, MOST_BINS = 16, 4096
CROWDED = 32
"""More than so many of one bin are put into order by a heap: it does not grow with the square."""


@compiled
def sink(value: Cells, carried: Cells, first: Number, at: Number, size: Number) -> None:
    """Let the entry ``at`` of the heap from ``first`` on sink until none below it is smaller."""
    while True:
        child = 2 * at + 1
        if child >= size:
            return
        if child + 1 < size and value[first + child + 1] < value[first + child]:
            child += 1
        if value[first + child] >= value[first + at]:
            return
        swap(value, carried, first + child, first + at)
        at = child


@compiled
def swap(value: Cells, carried: Cells, one: Number, other: Number) -> None:
    """Exchange two entries."""
    number = value[one]
    value[one] = value[other]
    value[other] = number
    thing = carried[one]
    carried[one] = carried[other]
    carried[other] = thing


@compiled
def highest_first(value: Cells, carried: Cells, first: Number, last: Number) -> None:
    """Put ``value[first:last]`` and what is ``carried`` with it into order, the highest first."""
    size = last - first
    for at in range(size // 2 - 1, -1, -1):
        sink(value, carried, first, at, size)
    # The smallest of the heap goes to its end, and so on: what is left is in falling order.
    for end in range(size - 1, 0, -1):
        swap(value, carried, first, first + end)
        sink(value, carried, first, 0, end)


class Ranking(NamedTuple):
    """Room for :func:`rank_highest`, int64 each: ``bins`` (``MOST_BINS``,); ``value`` and
    ``carried``, as many as are ranked, hold the answer.
    """

    bins: Cells
    value: Cells
    carried: Cells


@compiled
def rank_highest(value: Cells, carried: Cells, size: Number, most: Number, room: Ranking) -> None:
    """The ``most`` highest of the first ``size`` values into ``room``, the highest first, and what
    is ``carried`` with them. ``most`` is at least 1 and at most ``size``.

    Values are dealt out into bins of equal width, about one each; only bins up to the last that is
    needed are filled and put into order. So hardly anything is compared with anything.
    """
    bins, best, things = room
    lowest = highest = value[0]
    for at in range(1, size):
        lowest = min(lowest, value[at])
        highest = max(highest, value[at])
    count = FEWEST_BINS
    while count < size and count < MOST_BINS:
        count *= 2
    shift = 0
    while ((highest - lowest) >> shift) >= count:
        shift += 1
    last = begin_bins(value, size, highest, shift, most, bins, count)
    for at in range(size):
        one = (highest - value[at]) >> shift
        if one <= last:
            place = bins[one]
            best[place] = value[at]
            things[place] = carried[at]
            bins[one] = place + 1
    begin = 0
    for one in range(last + 1):
        if bins[one] - begin > CROWDED:
            highest_first(best, things, begin, bins[one])
        else:
            insert_each(best, things, begin, bins[one])
        begin = bins[one]


@compiled
def begin_bins(
    value: Cells,
    size: Number,
    highest: Number,
    shift: Number,
    most: Number,
    bins: Cells,
    count: Number,
) -> Number:
    """Where each of the ``count`` bins begins if the values are put into them, the highest into the
    first; only up to the bin with which there are ``most``, whose number is answered.
    """
    for one in range(count):
        bins[one] = 0
    for at in range(size):
        bins[(highest - value[at]) >> shift] += 1
    begin = 0
    last = -1
    while begin < most:
        last += 1
        filled = bins[last]
        bins[last] = begin
        begin += filled
    return last


@compiled
def insert_each(value: Cells, carried: Cells, first: Number, last: Number) -> None:
    """Put a few into order, the highest first: each moves up to its rank."""
    for new in range(first + 1, last):
        number = value[new]
        thing = carried[new]
        at = new
        while at > first and value[at - 1] < number:
            value[at] = value[at - 1]
            carried[at] = carried[at - 1]
            at -= 1
        value[at] = number
        carried[at] = thing


@compiled
def count_up_to(value: Cells, size: Number, limit: Number) -> Number:
    """How many of the first ``size`` numbers, which rise, are at most ``limit``."""
    low = 0
    high = size
    while low < high:
        middle = (low + high) // 2
        if value[middle] <= limit:
            low = middle + 1
        else:
            high = middle
    return low
