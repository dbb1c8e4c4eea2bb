"""The job that reminds of promises: every morning, and not twice."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest
from django.db import transaction

from patenwerk.core.policy import Actor
from patenwerk.gatherings.domain.reminder import REMIND
from patenwerk.jobs.domain.enqueue import enqueue
from patenwerk.jobs.domain.handlers import schedules
from patenwerk.jobs.kernel.schedule import Daily
from patenwerk.mail.models import OutboxMail
from tests.factories.gatherings import CommitmentFactory
from tests.factories.jobs import do_open_jobs
from tests.factories.organisations import manager

pytestmark = pytest.mark.django_db

AT = datetime(2026, 6, 15, 5, 0, tzinfo=UTC)


def test_it_is_due_every_morning() -> None:
    assert schedules()[REMIND] == Daily(time(7, 0))


def test_a_second_run_reminds_nobody() -> None:
    promise = CommitmentFactory.create(due_on=AT.date())
    leads = manager(promise.of_carrier)
    results = []
    for _run in range(2):
        with transaction.atomic():
            enqueue(name=REMIND, payload={}, by=Actor(user_id=None), at=AT)
        results += [job.result for job in do_open_jobs(lambda: AT, name=REMIND)]
    assert results == [{"reminded": 1}, {"reminded": 0}]
    mail = OutboxMail.objects.get()
    assert mail.to == leads.email
    assert f"/zusage/{promise.pk}/" in mail.body_text
