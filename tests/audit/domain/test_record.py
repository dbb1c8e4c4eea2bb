from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import models, transaction

from patenwerk.audit.domain.record import object_type_of, record
from patenwerk.audit.models import AuditEntry
from patenwerk.core.policy import Actor, Level
from patenwerk.jobs.models import Job, ScheduledJob

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
ANNA = Actor(user_id=7)


def thing(pk: int | None, **scope: int | None) -> Job:
    return Job(pk=pk, **scope)


class Place:
    scope_ids = {Level.PROGRAMME: 1, Level.CARRIER: 2}


def write(**changes: Any) -> AuditEntry:
    said: dict[str, Any] = {
        "by": ANNA,
        "at": AT,
        "action": "tandems.end",
        "things": [thing(5, programme_id=1, carrier_id=2, site_id=3)],
    }
    return record(**{**said, **changes})


@pytest.mark.django_db
def test_one_thing_makes_one_row() -> None:
    entry = write(details={"reason": "moved_away", "meetings": 12, "on": "2026-03-01"})

    stored = AuditEntry.objects.values().get()
    assert stored == {
        "id": entry.pk,
        "at": AT,
        "actor_id": 7,
        "action": "tandems.end",
        "object_type": "jobs.job",
        "object_id": 5,
        "object_ids": [5],
        "programme_id": 1,
        "carrier_id": 2,
        "site_id": 3,
        "details": {"reason": "moved_away", "meetings": 12, "on": "2026-03-01"},
    }


@pytest.mark.django_db
def test_a_batch_makes_one_row_with_what_its_things_have_in_common() -> None:
    entry = write(
        things=[
            thing(5, programme_id=1, carrier_id=2, site_id=3),
            thing(6, programme_id=1, carrier_id=2, site_id=4),
            thing(8, programme_id=1, carrier_id=None, site_id=3),
        ]
    )

    assert (entry.object_id, entry.object_ids) == (None, [5, 6, 8])
    assert (entry.programme_id, entry.carrier_id, entry.site_id) == (1, None, None)
    assert AuditEntry.objects.count() == 1


@pytest.mark.django_db
def test_a_given_scope_beats_the_columns_of_the_things() -> None:
    entry = write(scope=Place())

    assert (entry.programme_id, entry.carrier_id, entry.site_id) == (1, 2, None)


@pytest.mark.django_db
def test_an_organisation_belongs_to_what_it_says_itself() -> None:
    job = thing(5, site_id=9)
    job.scope_ids = Place.scope_ids  # type: ignore[attr-defined]

    entry = write(things=[job])

    assert (entry.programme_id, entry.carrier_id, entry.site_id) == (1, 2, None)


@pytest.mark.django_db
def test_a_model_may_name_its_scope_columns() -> None:
    schedule = ScheduledJob(pk=4)
    schedule.scope_columns = {Level.SITE: "pk"}  # type: ignore[attr-defined]

    entry = write(things=[schedule])

    assert (entry.programme_id, entry.carrier_id, entry.site_id) == (None, None, 4)


@pytest.mark.django_db
def test_nobody_is_recorded_as_nobody() -> None:
    assert write(by=Actor(user_id=None)).actor_id is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        pytest.param({"things": []}, "one model", id="nothing"),
        pytest.param({"things": [thing(None)]}, "stored things", id="not stored"),
        pytest.param({"things": [thing(1), ScheduledJob(pk=1)]}, "one model", id="two models"),
        pytest.param({"action": "end"}, "no action", id="an action without its app"),
        pytest.param({"action": "tandems.end it"}, "no action", id="an action in words"),
        pytest.param({"at": datetime(2026, 3, 1)}, "zone", id="no zone"),  # noqa: DTZ001 - refused
        pytest.param({"details": {"note": "Moved to Leipzig"}}, "ids and codes", id="a sentence"),
        pytest.param({"details": {"name": "Anna"}}, "ids and codes", id="a name"),
        pytest.param(
            {"details": {"seen": [{"name": "Anna"}]}}, "ids and codes", id="a name inside"
        ),
        pytest.param({"details": {"Anna Berg": 1}}, "ids and codes", id="a name as key"),
        pytest.param({"details": {"what": object()}}, "object", id="no JSON"),
    ],
)
def test_what_cannot_be_recorded_is_refused(changes: dict[str, Any], refusal: str) -> None:
    with pytest.raises(ValueError, match=refusal):
        write(**changes)
    assert not AuditEntry.objects.exists()


@pytest.mark.django_db
def test_details_hold_codes_lists_and_nothing() -> None:
    details = {"fields": ["postcode", "gender"], "land": "NRW", "before": None, "forced": True}

    assert write(details=details).details == details


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_it_refuses() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        write()
    assert not AuditEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_row_vanishes_with_the_work_it_tells_of() -> None:
    with transaction.atomic():
        kept = write()
    with transaction.atomic():
        write()
        assert AuditEntry.objects.count() == 2
        transaction.set_rollback(True)

    assert [entry.pk for entry in AuditEntry.objects.all()] == [kept.pk]


def test_the_type_is_named_by_app_and_model() -> None:
    model: type[models.Model] = Job
    assert object_type_of(model) == "jobs.job"
