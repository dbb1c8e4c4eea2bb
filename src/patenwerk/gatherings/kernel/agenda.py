"""When each item of an agenda begins and ends. No database.

Minutes are minutes that pass: an item over the night in which clocks change takes as long as it
says, whatever the clock shows afterwards. So all reckoning happens in UTC, and Europe/Berlin is
only how moments are shown and on which day they lie.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from patenwerk.core.clock import day_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One item: its minutes where somebody said them, its own beginning where it is pinned."""

    minutes: int | None = None
    pinned: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """When an item is. A moment is None where it follows from an item without minutes.

    ``pause`` and ``overlap`` are the minutes between what came before and this item, or the
    minutes that both take. ``is_new_day``: it begins on another day than the item before, and
    the time between is no pause. ``is_early``: before the gathering. ``overrun``: so many minutes
    after the gathering's end.
    """

    starts_at: datetime | None
    ends_at: datetime | None
    pause: int = 0
    overlap: int = 0
    overrun: int = 0
    is_new_day: bool = False
    is_early: bool = False


def timed(items: Sequence[Planned], *, begins_at: datetime, ends_at: datetime) -> list[Slot]:
    """A slot for every item, in their order; moments are aware and in UTC.

    The first item begins with the gathering, every other one when all before it are over, and a
    pinned one at its moment. After an item without minutes nobody knows the time until the next
    pinned one. Raises ``ValueError`` for moments without a zone.
    """
    moments = [begins_at, ends_at, *(item.pinned for item in items if item.pinned is not None)]
    if any(moment.tzinfo is None for moment in moments):
        raise ValueError("An agenda needs times with their zone.")
    begins, ends = begins_at.astimezone(UTC), ends_at.astimezone(UTC)
    slots: list[Slot] = []
    free: datetime | None = begins
    latest, day = begins, day_of(begins)
    for item in items:
        starts = free if item.pinned is None else item.pinned.astimezone(UTC)
        if starts is None:
            slots.append(Slot(starts_at=None, ends_at=None))
            continue
        over = None if item.minutes is None else starts + timedelta(minutes=item.minutes)
        is_new_day = day_of(starts) > day
        slots.append(
            Slot(
                starts_at=starts,
                ends_at=over,
                pause=0 if free is None or is_new_day else _minutes(latest, starts),
                overlap=_minutes(starts, latest),
                overrun=_minutes(ends, over or starts),
                is_new_day=is_new_day,
                is_early=starts < begins,
            )
        )
        latest = max(latest, over or starts)
        free, day = (None if over is None else latest), max(day, day_of(starts))
    return slots


def _minutes(earlier: datetime, later: datetime) -> int:
    """Whole minutes from one moment to a later one; none where there is no later one."""
    return max(int((later - earlier).total_seconds() // 60), 0)
