from __future__ import annotations

from datetime import date, timedelta

import pytest

from patenwerk.people.kernel.validity import age_on, latest_start, months_after, years_after


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 11, 23), -3, date(2026, 8, 23)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 12, 31), 0, date(2026, 12, 31)),
    ],
)
def test_months_go_by_the_calendar(day: date, months: int, expected: date) -> None:
    assert months_after(day, months) == expected


def test_the_latest_start_undoes_the_years() -> None:
    for years in (1, 3, 4, 5):
        for offset in range(1500):
            end = date(2024, 1, 1) + timedelta(days=offset)
            start = latest_start(end, years)
            assert years_after(start, years) <= end
            assert years_after(start + timedelta(days=1), years) > end


def test_age_counts_completed_years() -> None:
    assert age_on(date(2008, 11, 23), date(2026, 11, 23)) == 18
    assert age_on(date(2008, 11, 24), date(2026, 11, 23)) == 17
    assert age_on(date(2008, 2, 29), date(2026, 2, 28)) == 17
    assert age_on(date(2008, 2, 29), date(2026, 3, 1)) == 18
