"""What is done in the background, by its name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from patenwerk.core.policy import Actor
from patenwerk.jobs.domain.enqueue import enqueue
from patenwerk.jobs.domain.handlers import schedules
from patenwerk.jobs.enums import JobState
from patenwerk.letters.domain.run import ERASE_OVERDUE
from patenwerk.letters.models import LetterFile
from tests.factories.jobs import do_open_jobs
from tests.factories.letters import made, run_for
from tests.factories.people import MenteeFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def test_files_are_erased_every_night() -> None:
    made(run_for(MenteeFactory.create()), made_at=AT - timedelta(days=15))
    with transaction.atomic():
        enqueue(name=ERASE_OVERDUE, payload={}, by=Actor(user_id=None), at=AT)
    (job,) = do_open_jobs(lambda: AT)
    assert (job.state, job.result) == (JobState.DONE, {"erased": 1})
    assert not LetterFile.objects.exists()
    assert ERASE_OVERDUE in schedules()
