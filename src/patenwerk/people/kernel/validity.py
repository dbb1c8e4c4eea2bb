"""How long things hold: whole months and years on the calendar."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta


def months_after(day: date, months: int) -> date:
    """The same day of the month so many months later (earlier when negative).

    A month that is too short ends it: 31 August and six months is the last day of February.
    """
    whole = day.year * 12 + day.month - 1 + months
    year, month = divmod(whole, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def years_after(day: date, years: int) -> date:
    """The same day so many years later; 29 February becomes 28 February where there is none."""
    return months_after(day, 12 * years)


def age_on(birth_date: date, on: date) -> int:
    """Completed years of life on a day."""
    had_birthday = (on.month, on.day) >= (birth_date.month, birth_date.day)
    return on.year - birth_date.year - (0 if had_birthday else 1)


def latest_start(end: date, years: int) -> date:
    """The latest day from which so many years are over by ``end``: undoes :func:`years_after`."""
    start = years_after(end, -years)
    following = start + timedelta(days=1)
    return following if years_after(following, years) <= end else start
