from __future__ import annotations

from datetime import timedelta

import pytest
import vobject
from django.db import transaction
from icalendar import Calendar

from patenwerk.core.policy import Actor
from patenwerk.gatherings.domain.calendar_file import calendar_file
from patenwerk.gatherings.domain.gathering import cancel_gathering
from patenwerk.gatherings.domain.registration import decline
from patenwerk.mail.models import MailAttachment
from tests.factories.gatherings import STARTS, GatheringFactory, RegistrationFactory
from tests.factories.organisations import CarrierFactory

pytestmark = pytest.mark.django_db

LINK = "https://netz.example/{token}"
BEFORE = STARTS - timedelta(days=9)


def test_who_has_a_seat_gets_the_entry_with_the_link_to_join() -> None:
    gathering = GatheringFactory.create(
        title="Zu zweit weiter", place_name="Speicher", join_link="https://treffen.example/saal"
    )
    registration = RegistrationFactory.create(gathering=gathering)
    file = calendar_file(registration, url="https://netz.example/ich", language="de")

    assert file.media_type == "text/calendar; method=PUBLISH; charset=utf-8"
    event = Calendar.from_ical(file.content).walk("VEVENT")[0]
    assert event["UID"] == str(gathering.uid)
    assert event["STATUS"] == "CONFIRMED"
    assert event["CONFERENCE"] == "https://treffen.example/saal"
    assert event["URL"] == "https://netz.example/ich"
    assert event["ORGANIZER"].params["CN"] == gathering.programme.name


def test_who_waits_gets_no_link_to_join() -> None:
    gathering = GatheringFactory.create(join_link="https://treffen.example/saal")
    waiting = RegistrationFactory.create(gathering=gathering, state="waiting", waiting_since=BEFORE)
    file = calendar_file(waiting, url="https://netz.example/ich", language="de")
    assert b"treffen.example" not in file.content


def test_a_cancelled_gathering_leaves_every_calendar() -> None:
    carrier = CarrierFactory.create(name="Brückenbogen e. V.")
    gathering = GatheringFactory.create(programme=carrier.programme, carrier=carrier)
    RegistrationFactory.create(gathering=gathering, email="wanda@example.org")
    with transaction.atomic():
        cancel_gathering(
            gathering=gathering,
            reason="Das Haus ist gesperrt.",
            link=LINK,
            by=Actor(user_id=None),
            at=BEFORE,
        )

    file = MailAttachment.objects.get(to="wanda@example.org")
    assert file.media_type == "text/calendar; method=CANCEL; charset=utf-8"
    read = vobject.readOne(bytes(file.content).decode())
    assert read.method.value == "CANCEL"
    assert read.vevent.status.value == "CANCELLED"
    assert read.vevent.uid.value == str(gathering.uid)
    assert read.vevent.sequence.value == "1"
    assert read.vevent.organizer.params["CN"] == ["Brückenbogen e. V."]
    assert "Das Haus ist gesperrt." in read.vevent.description.value


def test_who_cannot_come_is_taken_out_alone() -> None:
    gathering = GatheringFactory.create(seats_taken=1)
    registration = RegistrationFactory.create(gathering=gathering, email="wanda@example.org")
    with transaction.atomic():
        decline(registration=registration, link=LINK, by=Actor(user_id=None), at=BEFORE)

    file = MailAttachment.objects.get(to="wanda@example.org")
    event = Calendar.from_ical(bytes(file.content)).walk("VEVENT")[0]
    assert (event["STATUS"], event["UID"]) == ("CANCELLED", str(gathering.uid))
