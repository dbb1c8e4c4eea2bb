from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from patenwerk.jobs.domain.sweep import start_due_schedules
from patenwerk.jobs.models import Job
from patenwerk.mail.models import OutboxMail
from tests.factories.jobs import do_open_jobs

NOON = datetime(2026, 3, 1, 11, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_words_are_erased_every_night() -> None:
    with transaction.atomic():
        mail = OutboxMail.objects.create(
            to="anna@example.org",
            language="de",
            kind="hello",
            created_at=NOON - timedelta(days=40),
            sent_at=NOON - timedelta(days=40),
        )
    start_due_schedules(at=NOON)
    assert not Job.objects.filter(name="mail.erase_words").exists()

    night = NOON + timedelta(hours=16)
    start_due_schedules(at=night)
    (job,) = do_open_jobs(lambda: night, name="mail.erase_words")

    assert job.result == {"erased": 1}
    mail.refresh_from_db()
    assert (mail.to, mail.erased_at) == ("", night)
