"""Several meetings at once: all or none, and no more queries than for one."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from patenwerk.audit.models import AuditEntry
from patenwerk.core.policy import Actor
from patenwerk.people.models import RecordCheck
from patenwerk.tandems.domain.meeting import CannotLogMeeting, MeetingValues, log_meetings
from patenwerk.tandems.models import Meeting, Participant, Tandem
from tests.factories.people import PersonFactory
from tests.factories.tandems import TandemFactory

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
BY = Actor(user_id=None)

pytestmark = pytest.mark.django_db


@pytest.fixture
def tandem() -> Tandem:
    made: Tandem = TandemFactory.create(
        state="trial", created_at=datetime(2026, 1, 5, 9, tzinfo=UTC)
    )
    Participant.objects.filter(tandem=made).delete()
    for side, born in (("mentor", date(1970, 1, 1)), ("mentee", date(2014, 1, 1))):
        person = PersonFactory.create(site=made.site, side=side, birth_date=born)
        Participant.objects.create(
            tandem=made,
            person=person,
            side=side,
            programme_id=made.programme_id,
            carrier_id=made.carrier_id,
            site_id=made.site_id,
            joined_on=date(2026, 1, 5),
        )
        RecordCheck.objects.filter(person=person).delete()
        if side == "mentor":
            RecordCheck.objects.create(
                person=person,
                programme_id=made.programme_id,
                carrier_id=made.carrier_id,
                site_id=made.site_id,
                certificate_date=date(2021, 11, 1),
                conviction_found=False,
            )
    return made


def meetings(tandem: Tandem, *days: date) -> list[MeetingValues]:
    came = list(tandem.participants.all())
    return [MeetingValues(held_on=day, minutes=60, came=came) for day in days]


def test_they_are_logged_counted_and_recorded_once(tandem: Tandem) -> None:
    first, last = date(2026, 2, 1), date(2026, 3, 1)
    logged = log_meetings(tandem=tandem, meetings=meetings(tandem, last, first), by=BY, at=AT)
    tandem.refresh_from_db()
    assert (tandem.meeting_count, tandem.founded_on, tandem.last_meeting_on) == (2, first, last)
    assert [meeting.came.count() for meeting in logged] == [2, 2]
    entry = AuditEntry.objects.get(action="tandems.log_meeting")
    assert entry.object_ids == [meeting.pk for meeting in logged]


def test_one_that_cannot_be_logged_stops_all(tandem: Tandem) -> None:
    # The record check counts until 1 November: the second meeting lies after it.
    days = (date(2026, 10, 31), date(2026, 11, 5))
    with pytest.raises(CannotLogMeeting) as refused:
        log_meetings(tandem=tandem, meetings=meetings(tandem, *days), by=BY, at=AT)
    assert [reason.code for reason in refused.value.reasons] == ["record_check"]
    assert not Meeting.objects.exists()


def test_no_meetings_are_nothing(tandem: Tandem) -> None:
    assert log_meetings(tandem=tandem, meetings=[], by=BY, at=AT) == []
    assert not AuditEntry.objects.filter(action="tandems.log_meeting").exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_does_not_grow(tandem: Tandem, count: int) -> None:
    days = [date(2026, 2, 1) + timedelta(days=7 * week) for week in range(count)]
    values = meetings(tandem, *days)
    with CaptureQueriesContext(
        connection,
    ) as made:
        log_meetings(tandem=tandem, meetings=values, by=BY, at=AT)
    statements = [one["sql"] for one in made if not one["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(statements) == 9
