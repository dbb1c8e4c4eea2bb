from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, transaction

from patenwerk.core.policy import Actor
from patenwerk.jobs.domain.enqueue import enqueue
from patenwerk.jobs.domain.handlers import JobContext
from patenwerk.jobs.enums import JobState
from patenwerk.jobs.models import Job, ScheduledJob
from patenwerk.jobs.tasks import run_job
from tests.factories.jobs import do_open_jobs
from tests.jobs.handled import Clock, handled, idle

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
NAME = "tests.work"


def asked() -> Job:
    with transaction.atomic():
        return enqueue(name=NAME, payload={}, by=Actor(user_id=7), at=AT)


def leave_a_row(job: JobContext) -> None:
    with job.finish():
        ScheduledJob.objects.create(name=f"{job.job_id} {job.attempt}", next_run_at=AT)


@pytest.mark.django_db(transaction=True)
def test_an_engine_that_works_at_once_does_the_job_after_the_commit(settings: Any) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    with handled(NAME, leave_a_row), transaction.atomic():
        job = enqueue(name=NAME, payload={}, by=Actor(user_id=7), at=AT)
        assert not ScheduledJob.objects.exists()

    job.refresh_from_db()
    assert job.state == JobState.DONE
    assert [row.name for row in ScheduledJob.objects.all()] == [f"{job.pk} 1"]


@pytest.mark.django_db(transaction=True)
def test_several_workers_at_once_do_each_job_once() -> None:
    start = threading.Barrier(3)
    errors: list[BaseException] = []

    def worker(ids: list[int]) -> None:
        try:
            start.wait()
            for pk in ids:
                run_job.call(pk)
        except BaseException as error:  # noqa: BLE001 - told by the test itself
            errors.append(error)
        finally:
            connection.close()

    with handled(NAME, leave_a_row):
        ids = [asked().pk for _number in range(12)]
        threads = [threading.Thread(target=worker, args=(ids,)) for _number in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert errors == []
    assert set(Job.objects.values_list("pk", "state", "attempts")) == {
        (pk, "done", 1) for pk in ids
    }
    assert {row.name for row in ScheduledJob.objects.all()} == {f"{pk} 1" for pk in ids}


@pytest.mark.django_db
def test_tests_do_open_jobs_of_a_name_and_their_successors() -> None:
    def chain(job: JobContext) -> None:
        if Job.objects.count() < 4:
            asked()

    with handled("tests.other", idle), handled(NAME, chain):
        first = asked()
        with transaction.atomic():
            other = enqueue(name="tests.other", payload={}, by=Actor(user_id=7), at=AT)
        done = do_open_jobs(Clock(AT), name=NAME)

        assert [job.name for job in done] == [NAME] * 3
        assert done[0] == first
        assert [job.pk for job in do_open_jobs(Clock(AT))] == [other.pk]
