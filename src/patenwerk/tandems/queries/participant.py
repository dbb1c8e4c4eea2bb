"""Who takes part in a tandem, now or at another time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from patenwerk.tandems.enums import OPEN_STATES, Acceptance, State
from patenwerk.tandems.models import Participant, Tandem


def there_now(tandem: Tandem) -> QuerySet[Participant]:
    """Who takes part or has been asked, and has not left."""
    return tandem.participants.filter(left_on__isnull=True)


def waiting(tandem: Tandem) -> QuerySet[Participant]:
    """Who has been asked and has not said yes."""
    return there_now(tandem).exclude(acceptance=Acceptance.ACCEPTED)


def took_part_on(row: Participant, day: date) -> bool:
    """Whether somebody had joined by a day and had not left before it."""
    return row.joined_on <= day and (row.left_on is None or day <= row.left_on)


def at_the_end(tandem: Tandem, rows: Iterable[Participant]) -> list[Participant]:
    """Those among the tandem's participants who are there now, or were when it ended.

    Who said no is left out where others of the side stayed: without them the tandem would have
    nobody on that side.
    """
    there = [
        row
        for row in rows
        if row.left_on is None or (tandem.ended_on is not None and row.left_on >= tandem.ended_on)
    ]
    stayed = {row.side for row in there if row.acceptance != Acceptance.DECLINED}
    return [row for row in there if row.acceptance != Acceptance.DECLINED or row.side not in stayed]


def is_settled(tandem: Tandem, rows: Iterable[Participant]) -> bool:
    """Whether everybody the tandem began with has said yes: then they know each other.

    Who is asked into a running group later changes nothing for those who are in it. The same as a
    filter on Tandem is the policy's.
    """
    return (
        tandem.state in OPEN_STATES - {State.PROPOSED}
        or tandem.founded_on is not None
        or all(row.acceptance == Acceptance.ACCEPTED for row in rows)
    )
