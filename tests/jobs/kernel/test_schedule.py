from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from patenwerk.jobs.kernel.schedule import Daily, Every, first_run, next_run

BERLIN = ZoneInfo("Europe/Berlin")


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


def test_every_starts_at_once_and_makes_up_for_nothing() -> None:
    rule = Every(timedelta(minutes=10))
    assert first_run(rule, utc(2026, 3, 1, 8), BERLIN) == utc(2026, 3, 1, 8)
    assert next_run(rule, utc(2026, 3, 1, 8), BERLIN) == utc(2026, 3, 1, 8, 10)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        pytest.param(utc(2026, 1, 10, 1), utc(2026, 1, 10, 2, 10), id="later today"),
        pytest.param(utc(2026, 1, 10, 2, 10), utc(2026, 1, 11, 2, 10), id="just now"),
        pytest.param(utc(2026, 1, 10, 23, 30), utc(2026, 1, 11, 2, 10), id="Berlin's tomorrow"),
        pytest.param(utc(2026, 3, 28, 12), utc(2026, 3, 29, 1, 10), id="into summer time"),
        pytest.param(utc(2026, 10, 24, 12), utc(2026, 10, 25, 2, 10), id="out of summer time"),
    ],
)
def test_daily_keeps_its_hour_in_berlin(now: datetime, due: datetime) -> None:
    rule = Daily(time(3, 10))
    assert next_run(rule, now, BERLIN) == due
    assert first_run(rule, now, BERLIN) == due
