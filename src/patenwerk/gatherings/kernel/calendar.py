"""Gatherings as iCalendar (RFC 5545, RFC 5546, RFC 7986). No database.

The same entries give the same bytes: nothing here reads a clock, so that a client which asks
twice can be told that nothing has changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from icalendar import Calendar, Event, Timezone, vCalAddress, vUri

from patenwerk.core.clock import BERLIN

PRODUCT = "-//Patenwerk//Treffen//DE"
AGAIN = timedelta(hours=6)
"""So long a reader may keep a feed before it asks again."""
ZONE = "Europe/Berlin"
#: The rule of the European Union since 1996: one rule for all years, so that an entry moved to
#: another year needs nothing new.
RULES = """BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:DAYLIGHT
DTSTART:19960331T020000
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
"""


class Method(StrEnum):
    """What a calendar that is sent by itself asks its reader to do."""

    PUBLISH = "PUBLISH"
    CANCEL = "CANCEL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One gathering as a calendar shows it. ``url`` leads back to its page.

    ``join_link`` is given only for those who have a seat. ``sequence`` is the entry's version;
    ``uid`` stays the same over all versions. Moments are aware.
    """

    uid: str
    sequence: int
    title: str
    starts_at: datetime
    ends_at: datetime
    changed_at: datetime
    created_at: datetime
    url: str
    text: str = ""
    place: str = ""
    join_link: str = ""
    kind: str = ""
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Organiser:
    """Whom a calendar that is mailed speaks for."""

    name: str
    email: str


def calendar(
    entries: Sequence[Entry],
    *,
    name: str,
    method: Method | None = None,
    organiser: Organiser | None = None,
) -> bytes:
    """A calendar with its entries in the order given, and the clock changes of Europe/Berlin.

    ``method`` is for a calendar that is sent by itself: to publish or to cancel its entries.
    """
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    if method is not None:
        made.add("method", method.value)
    made.add("name", name)
    made.add("x-wr-calname", name)
    made.add("x-wr-timezone", ZONE)
    if method is None:
        made.add("refresh-interval", AGAIN, parameters={"VALUE": "DURATION"})
        made.add("x-published-ttl", "PT6H")
    made.add_component(Timezone.from_ical(RULES))
    for each in entries:
        made.add_component(_event(each, organiser))
    return bytes(made.to_ical())


def tag_of(content: bytes) -> str:
    """The ETag of a body: the same as long as the body is."""
    return f'"{sha256(content).hexdigest()[:32]}"'


def _event(entry: Entry, organiser: Organiser | None) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("summary", entry.title)
    event.add("dtstart", entry.starts_at.astimezone(BERLIN))
    event.add("dtend", entry.ends_at.astimezone(BERLIN))
    event.add("dtstamp", entry.changed_at.astimezone(UTC))
    event.add("last-modified", entry.changed_at.astimezone(UTC))
    event.add("created", entry.created_at.astimezone(UTC))
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    event.add("url", vUri(entry.url))
    if entry.kind:
        event.add("categories", [entry.kind])
    if entry.place:
        event.add("location", entry.place)
    text = "\n\n".join(part for part in (entry.text, entry.join_link, entry.url) if part)
    event.add("description", text)
    if entry.join_link:
        event.add(
            "conference",
            vUri(entry.join_link),
            parameters={"VALUE": "URI", "FEATURE": "VIDEO"},
        )
    if organiser is not None:
        address = vCalAddress(f"mailto:{organiser.email}")
        address.params["CN"] = organiser.name
        event.add("organizer", address)
    return event
