# ruff: noqa: DTZ001 - clock times as people write them have no zone
from __future__ import annotations

from datetime import UTC, datetime

import pytest

from patenwerk.gatherings.kernel.moments import Standing, in_berlin, standing


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (datetime(2026, 3, 29, 1, 59), Standing.ONCE),
        (datetime(2026, 3, 29, 2, 0), Standing.MISSING),
        (datetime(2026, 3, 29, 2, 59), Standing.MISSING),
        (datetime(2026, 3, 29, 3, 0), Standing.ONCE),
        (datetime(2026, 10, 25, 1, 59), Standing.ONCE),
        (datetime(2026, 10, 25, 2, 0), Standing.TWICE),
        (datetime(2026, 10, 25, 2, 59), Standing.TWICE),
        (datetime(2026, 10, 25, 3, 0), Standing.ONCE),
        (datetime(2026, 7, 1, 2, 30), Standing.ONCE),
    ],
)
def test_a_clock_time_is_there_once_twice_or_not(written: datetime, expected: Standing) -> None:
    assert standing(written) is expected


def test_the_moment_follows_the_season() -> None:
    assert in_berlin(datetime(2026, 3, 28, 9)) == datetime(2026, 3, 28, 8, tzinfo=UTC)
    assert in_berlin(datetime(2026, 3, 30, 9)) == datetime(2026, 3, 30, 7, tzinfo=UTC)


@pytest.mark.parametrize("written", [datetime(2026, 3, 29, 2, 30), datetime(2026, 10, 25, 2, 30)])
def test_what_is_not_there_once_means_no_moment(written: datetime) -> None:
    with pytest.raises(ValueError, match="exactly once"):
        in_berlin(written)


def test_a_time_with_a_zone_is_a_moment_already() -> None:
    with pytest.raises(ValueError, match="no zone"):
        standing(datetime(2026, 7, 1, tzinfo=UTC))
