"""When somebody is reminded of what they promised. No database."""

from __future__ import annotations

from datetime import date, timedelta

BEFORE = timedelta(days=14)
WEEK = timedelta(days=7)


def is_reminder_due(*, due_on: date, since: date, reminded_on: date | None, on: date) -> bool:
    """Whether a reminder goes out on a day.

    14 days before the day promised, on it, then every week; ``since`` is the day of the promise
    itself, which needs no reminder of what was just said. A day on which nothing could be sent is
    made up for, but never with a second reminder within seven days of ``reminded_on``.
    """
    latest = latest_occasion(due_on, on)
    if latest is None or latest <= since:
        return False
    return reminded_on is None or (reminded_on < latest and on - reminded_on >= WEEK)


def latest_occasion(due_on: date, on: date) -> date | None:
    """The last day up to ``on`` on which a reminder was due, or None before the first."""
    if on >= due_on:
        return due_on + (on - due_on) // WEEK * WEEK
    first = due_on - BEFORE
    return first if on >= first else None
