"""Reminders: two weeks before, on the day, every week; never two in seven days."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patenwerk.gatherings.kernel.reminders import is_reminder_due, latest_occasion

DUE = date(2026, 6, 15)
LONG_AGO = date(2026, 1, 1)


def reminded_days(
    first: date, days: int, *, since: date = LONG_AGO, due: date = DUE, quiet: int = 0
) -> list[int]:
    """Days relative to the due day on which mails go out; on the first ``quiet`` none can."""
    sent: list[date] = []
    for ahead in range(days):
        on = first + timedelta(days=ahead)
        last = sent[-1] if sent else None
        if is_reminder_due(due_on=due, since=since, reminded_on=last, on=on) and ahead >= quiet:
            sent.append(on)
    return [(on - due).days for on in sent]


def test_before_on_the_day_and_every_week() -> None:
    assert reminded_days(LONG_AGO, 200) == [-14, 0, 7, 14, 21, 28]


def test_a_missed_day_is_made_up_for_without_a_second_mail_in_the_week() -> None:
    first = DUE - timedelta(days=14)
    assert reminded_days(first, 40, quiet=12) == [-2, 5, 12, 19]


@pytest.mark.parametrize(
    ("since", "days"), [(DUE - timedelta(days=3), [0, 7]), (DUE, [7]), (DUE + timedelta(2), [7])]
)
def test_what_was_just_promised_needs_no_reminder(since: date, days: list[int]) -> None:
    assert reminded_days(DUE - timedelta(days=14), 25, since=since) == days


@pytest.mark.parametrize(
    ("ahead", "occasion"), [(-15, None), (-14, -14), (-1, -14), (0, 0), (6, 0), (7, 7), (20, 14)]
)
def test_the_latest_occasion(ahead: int, occasion: int | None) -> None:
    found = latest_occasion(DUE, DUE + timedelta(days=ahead))
    assert found == (None if occasion is None else DUE + timedelta(days=occasion))


@given(
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.integers(0, 60),
    st.sets(st.integers(0, 120)),
)
def test_never_two_within_seven_days_whichever_days_work(
    due: date, lead: int, working: set[int]
) -> None:
    start, sent = due - timedelta(days=lead), []
    for ahead in sorted(working):
        on = start + timedelta(days=ahead)
        last = sent[-1] if sent else None
        if is_reminder_due(due_on=due, since=start, reminded_on=last, on=on):
            sent.append(on)
    assert all((later - earlier).days >= 7 for earlier, later in pairwise(sent))
