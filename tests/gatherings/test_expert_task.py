"""The job that forgets who was asked and never answered: every night."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import transaction

from patenwerk.core.policy import Actor
from patenwerk.gatherings.domain.expert import FORGET_UNANSWERED, KEEP_ASKED
from patenwerk.gatherings.models import Expert
from patenwerk.jobs.domain.enqueue import enqueue
from patenwerk.jobs.domain.handlers import schedules
from patenwerk.jobs.kernel.schedule import Daily
from tests.factories.gatherings import ExpertFactory
from tests.factories.jobs import do_open_jobs

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 24, 2, 50, tzinfo=UTC)


def test_it_is_due_every_night() -> None:
    assert schedules()[FORGET_UNANSWERED] == Daily(time(3, 50))


def test_a_second_run_forgets_nobody() -> None:
    long_ago = AT - KEEP_ASKED - timedelta(minutes=1)
    ExpertFactory.create(consented_on=None, created_at=long_ago)
    agreed = ExpertFactory.create(created_at=long_ago)
    results = []
    for _run in range(2):
        with transaction.atomic():
            enqueue(name=FORGET_UNANSWERED, payload={}, by=Actor(user_id=None), at=AT)
        results += [job.result for job in do_open_jobs(lambda: AT, name=FORGET_UNANSWERED)]
    assert results == [{"removed": 1}, {"removed": 0}]
    assert Expert.objects.get() == agreed
