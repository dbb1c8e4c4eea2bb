from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from patenwerk.core.policy import Actor
from patenwerk.jobs.domain import handlers
from patenwerk.jobs.domain.enqueue import PATIENCE, enqueue, hand_over
from patenwerk.jobs.domain.run import run
from patenwerk.jobs.domain.sweep import (
    KEEP_ENGINE_ROWS,
    KEEP_JOBS,
    KEEP_LOST_ENGINE_ROWS,
    start_due_schedules,
    sweep,
)
from patenwerk.jobs.enums import JobProblem, JobState
from patenwerk.jobs.kernel.schedule import Every
from patenwerk.jobs.models import Job, ScheduledJob
from tests.jobs.handled import Clock, handled, idle

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
NAME = "tests.work"
SECOND = timedelta(seconds=1)


@pytest.fixture
def handed_over(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    seen: list[int] = []
    monkeypatch.setattr("patenwerk.jobs.domain.sweep.hand_over", seen.append)
    return seen


def asked(**columns: Any) -> Job:
    with transaction.atomic():
        job = enqueue(name=NAME, payload={}, by=Actor(user_id=7), at=AT)
    Job.objects.filter(pk=job.pk).update(**columns)
    job.refresh_from_db()
    return job


@pytest.mark.django_db
def test_only_open_jobs_whose_lease_ran_out_are_handed_over(handed_over: list[int]) -> None:
    over = AT - SECOND
    with handled(NAME, idle):
        lost = asked(state="running", attempts=1, lease_until=over)
        forgotten = asked(lease_until=over)
        asked(state="running", attempts=1, lease_until=AT + SECOND)
        asked()
        asked(state="done", lease_until=None, finished_at=AT)
        asked(state="cancelled", lease_until=None, finished_at=AT)

        assert sweep(at=AT) == 2
        assert sweep(at=AT) == 0

    assert sorted(handed_over) == sorted([lost.pk, forgotten.pk])
    lost.refresh_from_db()
    assert (lost.state, lost.attempts, lost.lease_until) == (JobState.QUEUED, 1, AT + PATIENCE)


@pytest.mark.django_db
def test_what_another_sweeper_moved_on_is_left_alone(
    handed_over: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    with handled(NAME, idle):
        job = asked(lease_until=AT - SECOND)

        def other_first(name: str) -> Any:
            Job.objects.filter(pk=job.pk).update(lease_until=AT + PATIENCE)
            return handlers.handler_of(name)

        monkeypatch.setattr("patenwerk.jobs.domain.sweep.handler_of", other_first)
        assert sweep(at=AT) == 0

    assert handed_over == []


@pytest.mark.django_db
def test_a_job_that_kills_every_worker_is_given_up(handed_over: list[int]) -> None:
    with handled(NAME, idle, attempts=2):
        job = asked(state="running", attempts=2, lease_until=AT - SECOND)
        assert sweep(at=AT) == 0

    job.refresh_from_db()
    assert (job.state, job.problem, job.finished_at) == (JobState.FAILED, JobProblem.LOST, AT)
    assert handed_over == []


@pytest.mark.django_db
def test_a_job_nobody_handles_any_more_ends_as_unknown() -> None:
    with handled(NAME, idle):
        job = asked(lease_until=AT - SECOND)

    assert sweep(at=AT) == 1
    run(job_id=job.pk, clock=Clock(AT))

    job.refresh_from_db()
    assert (job.state, job.problem) == (JobState.FAILED, JobProblem.UNKNOWN)


@pytest.mark.django_db
def test_old_rows_go_and_young_ones_stay() -> None:
    with handled(NAME, idle):
        old = AT - KEEP_JOBS - SECOND
        asked(state="done", lease_until=None, finished_at=old)
        young = asked(state="done", lease_until=None, finished_at=old + 2 * SECOND)
        opened = asked(created_at=old)
    for number, columns in enumerate(
        [
            {"status": "SUCCESSFUL", "finished_at": AT - KEEP_ENGINE_ROWS - SECOND},
            {"status": "SUCCESSFUL", "finished_at": AT - KEEP_ENGINE_ROWS + SECOND},
            {"status": "RUNNING", "started_at": AT - KEEP_LOST_ENGINE_ROWS - SECOND},
            {"status": "RUNNING", "started_at": AT - KEEP_LOST_ENGINE_ROWS + SECOND},
            {"status": "READY"},
        ]
    ):
        hand_over(number)
        DBTaskResult.objects.filter(args_kwargs__args=[number]).update(**columns)

    sweep(at=AT)

    assert set(Job.objects.values_list("pk", flat=True)) == {young.pk, opened.pk}
    left = DBTaskResult.objects.values_list("args_kwargs", flat=True)
    assert sorted(row["args"][0] for row in left) == [1, 3, 4]


@pytest.mark.django_db
def test_engines_without_rows_of_their_own_are_fine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.apps.apps.is_installed", lambda _app: False)
    hand_over(1)
    DBTaskResult.objects.update(status="SUCCESSFUL", finished_at=AT - KEEP_LOST_ENGINE_ROWS)

    assert sweep(at=AT) == 0
    assert DBTaskResult.objects.count() == 1


@pytest.mark.django_db
def test_repeating_work_starts_when_due_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handlers, "_schedules", {})
    rule = Every(timedelta(minutes=10))
    with handled(NAME, idle, schedule=rule):
        assert start_due_schedules(at=AT) == [NAME]
        assert start_due_schedules(at=AT) == []
        assert start_due_schedules(at=AT + timedelta(minutes=9)) == []
        assert start_due_schedules(at=AT + timedelta(minutes=35)) == [NAME]
        assert start_due_schedules(at=AT + timedelta(minutes=36)) == []

    assert [(job.name, job.for_user_id, job.payload) for job in Job.objects.all()] == [
        (NAME, None, {}),
        (NAME, None, {}),
    ]
    assert ScheduledJob.objects.get().next_run_at == AT + timedelta(minutes=45)
