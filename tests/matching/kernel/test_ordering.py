"""Numbers are put into order with what belongs to them, whichever way the loops run."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from patenwerk.matching.kernel import ordering, paths, scan
from patenwerk.matching.kernel.compiled import cells
from patenwerk.matching.kernel.ordering import count_up_to, highest_first


@given(
    numbers=st.lists(st.integers(-(1 << 40), 1 << 40), max_size=60),
    first=st.integers(0, 5),
    most=st.integers(0, 70),
)
def test_the_highest_come_first_with_what_is_theirs(
    numbers: list[int], first: int, most: int
) -> None:
    value = np.array(numbers, dtype=np.int64)
    carried = np.arange(len(numbers), dtype=np.int32)
    first = min(first, len(numbers))
    kept = highest_first(cells(value), cells(carried), first, len(numbers), most)
    assert value[:first].tolist() == numbers[:first]
    assert value[first : first + kept].tolist() == sorted(numbers[first:], reverse=True)[:most]
    assert sorted(carried.tolist()) == list(range(len(numbers)))
    assert [numbers[at] for at in carried.tolist()] == value.tolist()


@given(numbers=st.lists(st.integers(-9, 9), max_size=20), limit=st.integers(-10, 10))
def test_how_many_are_at_most_so_large(numbers: list[int], limit: int) -> None:
    value = np.array(sorted(numbers), dtype=np.int32)
    found = count_up_to(cells(value), len(numbers), limit)
    assert found == sum(number <= limit for number in numbers)


def test_no_loop_sorts_by_a_compiled_numpy_call() -> None:
    """Loaded from two caches their nameless parts are mixed up, and lists come out unsorted."""
    for module in (ordering, paths, scan):
        assert module.__file__
        source = Path(module.__file__).read_text(encoding="utf-8")
        assert not re.findall(
            r"np\.(?:arg)?(?:sort|partition)|np\.(?:searchsorted|unique|median)", source
        )
