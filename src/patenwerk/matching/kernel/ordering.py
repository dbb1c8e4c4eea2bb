"""Putting numbers into order, and what belongs to them with them: for the loops.

Our own, because the sorting of a compiled NumPy call is made of nameless parts that are mixed up
when two files that were compiled at different times are loaded from their caches.
"""

from __future__ import annotations

from patenwerk.matching.kernel.compiled import Cells, Number, compiled


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
def highest_first(
    value: Cells, carried: Cells, first: Number, last: Number, most: Number
) -> Number:
    """Move the ``most`` highest of ``value[first:last]`` to the front, the highest first, and what
    is ``carried`` with them. Answers how many; what stands behind them is in no order.
    """
    size = min(most, last - first)
    if size <= 0:
        return 0
    for at in range(size // 2 - 1, -1, -1):
        sink(value, carried, first, at, size)
    for at in range(first + size, last):
        if value[at] > value[first]:
            swap(value, carried, at, first)
            sink(value, carried, first, 0, size)
    # The smallest of the heap goes to its end, and so on: what is left is in falling order.
    for end in range(size - 1, 0, -1):
        swap(value, carried, first, first + end)
        sink(value, carried, first, 0, end)
    return size


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
