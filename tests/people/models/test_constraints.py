"""The database holds the promises, and every field says why it is kept."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from patenwerk.core.personal_data import NoPersonalData, PersonalData, register_of
from patenwerk.core.policy import Actor
from patenwerk.jobs.domain.handlers import JobContext, handler_of
from patenwerk.people.domain.record_check import CLEAR_RECORD_CHECKS
from patenwerk.people.models import Consent, Guardian, PeopleSettings, Person, RecordCheck
from tests.factories.organisations import SiteFactory
from tests.factories.people import GuardianFactory, MenteeFactory, RecordCheckFactory

#: What says nothing about the person itself: keys, scope, and when the row came and went.
NOT_SAID = {"id", "programme", "carrier", "site", "person", "capacity"}


def test_every_field_about_a_person_says_why_it_is_kept() -> None:
    for model in (Person, RecordCheck, Consent, Guardian):
        register = register_of(model)
        assert isinstance(register, PersonalData)
        columns = {column.name for column in (*model._meta.fields, *model._meta.many_to_many)}
        assert set(register.fields) == columns - NOT_SAID
    assert register_of(Person).subject == ("self", "merged_into")  # type: ignore[union-attr]
    assert register_of(RecordCheck).subject == "person"  # type: ignore[union-attr]
    assert register_of(Guardian).subject == "person"  # type: ignore[union-attr]
    assert isinstance(register_of(PeopleSettings), NoPersonalData)


def test_every_table_of_people_says_something() -> None:
    assert [
        model.__name__
        for model in apps.get_app_config("people").get_models()
        if register_of(model) is None
    ] == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"postcode": "4109"},
        {"capacity": 0},
        {"capacity": 10},
        {"furthest_km": 0},
        {"furthest_km": 301},
        {"wished_age_from": 20, "wished_age_to": 19},
    ],
)
def test_impossible_people_cannot_be_stored(wrong: dict[str, object]) -> None:
    site = SiteFactory.create()
    with pytest.raises(IntegrityError), transaction.atomic():
        MenteeFactory.create(site=site, **wrong)
    assert not Person.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"first_name": "", "last_name": ""},
        {"removed_on": date(2026, 11, 1), "phone": "0000 1"},
        {"removed_on": date(2026, 11, 1), "email": "a@example.org"},
        {"removed_on": date(2026, 11, 1), "language": "uk"},
    ],
)
def test_impossible_guardians_cannot_be_stored(wrong: dict[str, object]) -> None:
    child = MenteeFactory.create()
    with pytest.raises(IntegrityError), transaction.atomic():
        GuardianFactory.create(person=child, **wrong)
    assert not Guardian.objects.exists()


@pytest.mark.django_db
def test_settings_stand_once_and_within_the_law() -> None:
    site = SiteFactory.create()
    wide = {"programme": site.programme}
    PeopleSettings.objects.create(**wide)
    for wrong in (
        wide,
        {**wide, "site": site},
        {**wide, "carrier": site.carrier, "months_kept": 7},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            PeopleSettings.objects.create(**wrong)
    own = PeopleSettings.objects.create(**wide, carrier=site.carrier, site=site)
    assert str(own) == site.name
    assert set(own.scope_ids.values()) == {site.pk, site.carrier_id, site.programme_id}


@pytest.mark.django_db
def test_the_nightly_job_clears_checks() -> None:
    RecordCheckFactory.create(person__archived_at=datetime(2026, 1, 1, tzinfo=UTC))
    stays = RecordCheckFactory.create()
    handler = handler_of(CLEAR_RECORD_CHECKS)
    assert handler is not None
    at = datetime(2026, 11, 23, 3, 20, tzinfo=UTC)
    job = JobContext(
        job_id=1,
        payload={},
        actor=Actor(user_id=None),
        at=at,
        attempt=1,
        lease=handler.lease,
        clock=lambda: at,
    )
    assert handler.function(job) == {"removed": 1}
    assert list(RecordCheck.objects.all()) == [stays]
    assert str(stays) == "2026-08-01"
