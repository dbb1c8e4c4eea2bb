"""The clock, read at the edge only (web, tasks, commands) and handed down as ``at`` or ``on``."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

BERLIN = ZoneInfo("Europe/Berlin")


def now() -> datetime:
    """This moment, aware."""
    return timezone.now()


def day_of(at: datetime) -> date:
    """The calendar day of a moment in Europe/Berlin, where the programme lives."""
    return at.astimezone(BERLIN).date()


def today() -> date:
    """Today in Europe/Berlin."""
    return day_of(now())
