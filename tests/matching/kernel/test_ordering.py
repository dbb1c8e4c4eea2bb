"""Numbers are put into order with what belongs to them, whichever way the loops run."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from patenwerk.matching.kernel import ordering, paths, scan
from patenwerk.matching.kernel.compiled import cells
from patenwerk.matching.kernel.ordering import (
    CROWDED,
    MOST_BINS,
    Ranking,
    count_up_to,
    highest_first,
    rank_highest,
)


@given(
    numbers=st.lists(st.integers(-(1 << 40), 1 << 40), max_size=60),
    first=st.integers(0, 5),
    left=st.integers(0, 5),
)
def test_the_highest_come_first_with_what_is_theirs(
    numbers: list[int], first: int, left: int
) -> None:
    value = np.array(numbers, dtype=np.int64)
    carried = np.arange(len(numbers), dtype=np.int32)
    first = min(first, len(numbers))
    last = max(first, len(numbers) - left)
    highest_first(cells(value), cells(carried), first, last)
    some = sorted(numbers[first:last], reverse=True)
    assert value.tolist() == [*numbers[:first], *some, *numbers[last:]]
    assert [numbers[at] for at in carried.tolist()] == value.tolist()


def ranked(numbers: list[int], most: int) -> tuple[list[int], list[int]]:
    """The highest numbers in order, and where each of them stood."""
    rooms = [np.zeros(size, dtype=np.int64) for size in (MOST_BINS, len(numbers), len(numbers))]
    value, carried = np.array(numbers, dtype=np.int64), np.arange(len(numbers))
    order = Ranking(*(cells(one) for one in rooms))
    rank_highest(cells(value), cells(carried), len(numbers), most, order)
    assert value.tolist() == numbers
    return rooms[1][:most].tolist(), rooms[2][:most].tolist()


@given(
    numbers=st.lists(st.integers(-(1 << 50), 1 << 50) | st.integers(0, 9), min_size=1, max_size=90),
    most=st.integers(1, 90),
)
def test_the_highest_are_dealt_out_and_put_into_order(numbers: list[int], most: int) -> None:
    most = min(most, len(numbers))
    highest, places = ranked(numbers, most)
    assert highest == sorted(numbers, reverse=True)[:most]
    assert [numbers[at] for at in places] == highest
    assert len(set(places)) == most


def test_where_one_is_far_away_the_others_crowd_one_bin() -> None:
    numbers = [7 * at % 97 for at in range(3 * CROWDED)]
    highest, _ = ranked([*numbers, 1 << 55], 2 * CROWDED)
    assert highest == [1 << 55, *sorted(numbers, reverse=True)][: 2 * CROWDED]


def test_more_numbers_than_bins() -> None:
    numbers = np.random.default_rng(3).integers(0, 1 << 45, 2 * MOST_BINS + 5).tolist()
    assert ranked(numbers, 300)[0] == sorted(numbers, reverse=True)[:300]


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
