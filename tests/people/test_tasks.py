"""The nightly jobs: what they do, twice as well as once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction

from patenwerk.core.policy import Actor
from patenwerk.jobs.domain.enqueue import enqueue
from patenwerk.jobs.enums import JobState
from patenwerk.jobs.models import Job
from patenwerk.people.domain.batch import FORGET_BATCHES
from patenwerk.people.domain.duplicate import FIND_DUPLICATES, FORGET_MERGED
from patenwerk.people.models import Batch, Person, PersonFingerprint, PossibleDuplicate
from tests.factories.jobs import do_open_jobs
from tests.factories.people import BatchFactory, MenteeFactory, MergeFactory

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 11, 23, 2, 20, tzinfo=UTC)


def done(name: str, at: datetime) -> Job:
    with transaction.atomic():
        job = enqueue(name=name, payload={}, by=Actor(user_id=None), at=at)
    do_open_jobs(lambda: at)
    job.refresh_from_db()
    assert job.state == JobState.DONE
    return job


def test_every_site_is_compared_in_itself() -> None:
    said = {"first_name": "Olena", "last_name": "Melnyk", "birth_date": date(2001, 5, 17)}
    first = MenteeFactory.create(**said)
    MenteeFactory.create(site=first.site, **said)
    MenteeFactory.create(**said)
    assert done(FIND_DUPLICATES, AT).result == {"sites": 2, "new": 1}
    assert done(FIND_DUPLICATES, AT).result == {"sites": 2, "new": 0}
    assert PossibleDuplicate.objects.count() == 1
    assert PersonFingerprint.objects.values("person").distinct().count() == 3


def test_what_nobody_can_undo_any_more_goes() -> None:
    merge = MergeFactory.create()
    assert done(FORGET_MERGED, merge.merged_at + timedelta(days=91)).result == {"removed": 1}
    assert list(Person.objects.all()) == [merge.kept]


def test_what_nobody_can_take_back_any_more_goes() -> None:
    old = BatchFactory.create()
    young = BatchFactory.create(done_at=old.done_at + timedelta(days=2))
    assert done(FORGET_BATCHES, old.done_at + timedelta(days=31)).result == {"removed": 1}
    assert list(Batch.objects.all()) == [young]
