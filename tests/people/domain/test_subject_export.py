"""What a person is told is everything about them, and nothing about others."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from patenwerk.audit.models import AuditEntry
from patenwerk.core.personal_data import leads_to, registered_models
from patenwerk.core.policy import Actor
from patenwerk.people.domain.subject_export import export_subject
from patenwerk.people.models import Person
from tests.factories.people import (
    ConsentFactory,
    GuardianFactory,
    MenteeFactory,
    MentorFactory,
    RecordCheckFactory,
)
from tests.factories.tandems import tandem_of

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
BY = Actor(user_id=9)


def exported(person: Person) -> dict[str, Any]:
    return export_subject(person=person, by=BY, at=AT)["data"]


@pytest.fixture
def mentor() -> Person:
    return MentorFactory.create(
        first_name="Alma",
        last_name="Winter",
        email="alma@example.org",
        note="Spielt Schach.",
    )


def test_all_tables_that_lead_to_the_person(mentor: Person) -> None:
    mentee = MenteeFactory.create(
        site=mentor.site, first_name="Samir", last_name="Kaya", email="samir@example.org"
    )
    RecordCheckFactory.create(person=mentor, certificate_date=date(2026, 8, 1))
    tandem = tandem_of(mentor=mentor, mentee=mentee, why="Beide wohnen am Fluss.")
    tandem.meetings.update(topic="Schach im Park")
    stranger = tandem_of(why="Nicht für Alma.")
    RecordCheckFactory.create(
        person=stranger.participants.get(side="mentor").person, certificate_date=date(2025, 1, 1)
    )

    data = exported(mentor)
    assert set(data) == {
        "people.Person",
        "people.RecordCheck",
        "tandems.Tandem",
        "tandems.Participant",
        "tandems.Meeting",
    }
    person = data["people.Person"]["rows"][0]
    assert (person["first_name"], person["email"], person["note"]) == (
        "Alma",
        "alma@example.org",
        "Spielt Schach.",
    )
    assert data["people.RecordCheck"]["rows"] == [
        {"certificate_date": "2026-08-01", "conviction_found": False}
    ]
    assert [row["why"] for row in data["tandems.Tandem"]["rows"]] == ["Beide wohnen am Fluss."]
    assert [row["topic"] for row in data["tandems.Meeting"]["rows"]] == ["Schach im Park"]
    assert data["people.RecordCheck"]["why"]["certificate_date"]["basis"] == "legal_duty"
    text = json.dumps(data)
    for foreign in ("Samir", "Kaya", "samir@example.org", "Nicht für Alma", "2025-01-01"):
        assert foreign not in text


def test_a_child_is_told_who_speaks_for_it_and_who_consented() -> None:
    mother = GuardianFactory.create(first_name="Anna", phone="0000 1")
    other = GuardianFactory.create(first_name="Bela", person__site=mother.person.site)
    consent = ConsentFactory.create(person=mother.person, given_by="guardian")
    consent.guardians.add(mother)
    data = exported(mother.person)
    (guardian,) = data["people.Guardian"]["rows"]
    assert (guardian["first_name"], guardian["phone"]) == ("Anna", "0000 1")
    (said,) = data["people.Consent"]["rows"]
    assert said["guardians"] == [mother.full_name]
    assert data["people.Guardian"]["why"]["phone"]["retention_days"] == 365
    assert other.first_name not in json.dumps(data)


def test_it_is_recorded_without_values(mentor: Person) -> None:
    found = export_subject(person=mentor, by=BY, at=AT)
    assert (found["person"], found["at"]) == (mentor.pk, "2026-11-23T10:00:00+00:00")
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.object_id, entry.actor_id, entry.details) == (
        "people.export_subject",
        mentor.pk,
        9,
        {},
    )


def test_every_registered_field_of_the_person_is_told(mentor: Person) -> None:
    for model, said in registered_models():
        if any(path == "self" and leads_to(model, path) is Person for path in said.subjects):
            names = {name for name, entry in said.fields.items() if entry.exported}
            assert set(exported(mentor)[model._meta.label]["rows"][0]) == names
