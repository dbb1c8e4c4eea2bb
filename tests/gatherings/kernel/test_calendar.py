"""What is written is read back by two libraries that did not write it the same way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import vobject
from icalendar import Calendar

from patenwerk.core.clock import BERLIN
from patenwerk.gatherings.kernel.calendar import Entry, Method, Organiser, calendar, tag_of

MADE = datetime(2026, 1, 5, 8, 30, tzinfo=UTC)


def entry(**other: Any) -> Entry:
    said: dict[str, Any] = {
        "uid": "3b0c",
        "sequence": 0,
        "title": "Zu zweit weiter",
        "starts_at": datetime(2026, 11, 12, 8, tzinfo=UTC),
        "ends_at": datetime(2026, 11, 12, 15, tzinfo=UTC),
        "changed_at": MADE + timedelta(days=1),
        "created_at": MADE,
        "url": "https://netz.example/treffen/1/",
    }
    return Entry(**{**said, **other})


def two_years() -> list[Entry]:
    """A gathering in each of 24 months, and one on each side of all four clock changes."""
    starts = [
        datetime(2026 + number // 12, number % 12 + 1, 15, 9, tzinfo=BERLIN) for number in range(24)
    ]
    for day, month, year in ((29, 3, 2026), (25, 10, 2026), (28, 3, 2027), (31, 10, 2027)):
        starts += [
            datetime(year, month, day, 1, 30, tzinfo=BERLIN),
            datetime(year, month, day, 3, 30, tzinfo=BERLIN),
        ]
    return [
        entry(
            uid=f"uid-{number}",
            title=f"Treffen {number}, für alle; »ganz«",
            starts_at=moment.astimezone(UTC),
            ends_at=moment.astimezone(UTC) + timedelta(hours=3),
        )
        for number, moment in enumerate(starts)
    ]


def test_two_years_with_four_clock_changes_are_read_back_by_two_readers() -> None:
    written = two_years()
    body = calendar(written, name="Netz")

    known = {each.uid: (each.starts_at, each.ends_at, each.title) for each in written}
    by_icalendar = {
        str(event["UID"]): (event["DTSTART"].dt, event["DTEND"].dt, str(event["SUMMARY"]))
        for event in Calendar.from_ical(body).walk("VEVENT")
    }
    by_vobject = {
        event.uid.value: (event.dtstart.value, event.dtend.value, event.summary.value)
        for event in vobject.readOne(body.decode()).vevent_list
    }
    assert len(known) == 32
    assert by_icalendar == known
    assert by_vobject == known


def test_the_rules_of_the_clock_are_those_of_the_law() -> None:
    """A reader that knows no Europe/Berlin computes it from the file alone."""
    (zone,) = Calendar.from_ical(calendar([entry()], name="Netz")).walk("VTIMEZONE")
    berlin = zone.to_tz(lookup_tzid=False)
    for each in two_years():
        local = each.starts_at.astimezone(BERLIN)
        read = local.replace(tzinfo=berlin)
        assert read.utcoffset() == local.utcoffset(), local


def test_an_entry_says_all_it_knows() -> None:
    body = calendar(
        [
            entry(
                sequence=3,
                text="Zwei Tage\nfür alle",
                place="Speicher am Fluss, Kranichhafen",
                join_link="https://treffen.example/saal?a=1,2",
                kind="Fachkongress",
            )
        ],
        name="Netz & Werk",
    )
    read = Calendar.from_ical(body)
    (event,) = read.walk("VEVENT")
    assert read["X-WR-CALNAME"] == "Netz & Werk"
    assert "METHOD" not in read
    assert event["SEQUENCE"] == 3
    assert event["STATUS"] == "CONFIRMED"
    assert event["LOCATION"] == "Speicher am Fluss, Kranichhafen"
    assert event["CONFERENCE"] == "https://treffen.example/saal?a=1,2"
    assert event["CATEGORIES"].cats == ["Fachkongress"]
    assert event["URL"] == "https://netz.example/treffen/1/"
    assert str(event["DESCRIPTION"]).startswith("Zwei Tage\nfür alle\n\nhttps://treffen.example")
    assert event["DTSTAMP"].dt == event["LAST-MODIFIED"].dt == MADE + timedelta(days=1)
    assert event["CREATED"].dt == MADE
    assert event["DTSTART"].params["TZID"] == "Europe/Berlin"
    assert "ORGANIZER" not in event


def test_a_cancelled_entry_keeps_its_uid_and_says_so() -> None:
    body = calendar(
        [entry(sequence=4, is_cancelled=True)],
        name="Netz",
        method=Method.CANCEL,
        organiser=Organiser(name="Netzwerkstelle", email="netz@patenwerk.example"),
    )
    read = vobject.readOne(body.decode())
    assert read.method.value == "CANCEL"
    assert (read.vevent.uid.value, read.vevent.status.value) == ("3b0c", "CANCELLED")
    assert read.vevent.organizer.value == "mailto:netz@patenwerk.example"


def test_no_line_is_longer_than_75_octets_and_all_end_as_they_must() -> None:
    body = calendar([entry(title="ä" * 200, text="Für alle. " * 60)], name="Netz")
    assert body.count(b"\n") == body.count(b"\r\n")
    assert max(len(line) for line in body.split(b"\r\n")) <= 75
    (event,) = Calendar.from_ical(body).walk("VEVENT")
    assert event["SUMMARY"] == "ä" * 200


@pytest.mark.parametrize("entries", [[], [entry()], two_years()])
def test_the_same_entries_have_the_same_tag(entries: list[Entry]) -> None:
    first, second = (calendar(entries, name="Netz") for _time in range(2))
    assert tag_of(first) == tag_of(second)
    assert tag_of(first) != tag_of(calendar([*entries, entry(uid="neu")], name="Netz"))


def test_words_cannot_become_lines_of_the_calendar() -> None:
    body = calendar([entry(title="Eins\r\nEND:VEVENT\r\nBEGIN:VEVENT", kind="A,B")], name="Netz")
    assert len(Calendar.from_ical(body).walk("VEVENT")) == 1
