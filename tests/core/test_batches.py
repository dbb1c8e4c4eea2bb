"""Many rows in parts."""

from __future__ import annotations

import pytest

from patenwerk.core.batches import batches


@pytest.mark.parametrize(
    ("count", "sizes"), [(0, []), (1, [1]), (3, [3]), (4, [3, 1]), (6, [3, 3])]
)
def test_parts_hold_everything_once_and_in_order(count: int, sizes: list[int]) -> None:
    parts = list(batches(iter(range(count)), 3))
    assert [len(part) for part in parts] == sizes
    assert [thing for part in parts for thing in part] == list(range(count))
