"""When repeating work is due: plain times, no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo


@dataclass(frozen=True, slots=True)
class Every:
    """Again and again with this distance, the first time at once."""

    distance: timedelta


@dataclass(frozen=True, slots=True)
class Daily:
    """Once a day at a time of the programme's clock."""

    hour: time


Rule = Every | Daily


def first_run(rule: Rule, now: datetime, zone: tzinfo) -> datetime:
    """When a rule that was never followed is due for the first time. Times are aware."""
    return now if isinstance(rule, Every) else next_run(rule, now, zone)


def next_run(rule: Rule, now: datetime, zone: tzinfo) -> datetime:
    """The first moment after ``now`` at which the rule is due; missed ones are not made up for.

    ``zone`` is the clock ``Daily`` is read from: the hour stays when summer time changes.
    """
    if isinstance(rule, Every):
        return now + rule.distance
    today = now.astimezone(zone).date()
    due = datetime.combine(today, rule.hour, tzinfo=zone)
    if due <= now:
        due = datetime.combine(today + timedelta(days=1), rule.hour, tzinfo=zone)
    return due
