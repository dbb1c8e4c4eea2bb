"""The clock, read at the edge only (web, tasks, commands) and handed down as ``at`` or ``on``."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")


def now() -> datetime:
    """This moment, aware."""
    return datetime.now(UTC)


def day_of(at: datetime) -> date:
    """The calendar day of a moment in Europe/Berlin, where the programme lives."""
    return at.astimezone(BERLIN).date()


def noon_of(day: date) -> datetime:
    """A moment of a day of which no more is known: noon is on that day in every time zone near."""
    return datetime.combine(day, time(12), tzinfo=BERLIN)


def today() -> date:
    """Today in Europe/Berlin."""
    return day_of(now())
