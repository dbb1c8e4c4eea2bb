from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from pytest_django import DjangoCaptureOnCommitCallbacks

from patenwerk.core.policy import Actor, Level
from patenwerk.jobs.domain import handlers
from patenwerk.jobs.domain.enqueue import PATIENCE, CannotCancel, cancel, enqueue, hand_over
from patenwerk.jobs.domain.handlers import job_handler, job_name
from patenwerk.jobs.domain.sweep import sweep
from patenwerk.jobs.enums import JobState
from patenwerk.jobs.models import Job
from tests.jobs.handled import handled, idle

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
ANNA = Actor(user_id=7)


class Place:
    scope_ids = {Level.PROGRAMME: 1, Level.CARRIER: 2, Level.SITE: 3}


@pytest.fixture(autouse=True)
def a_job() -> Iterator[None]:
    with handled("tests.work", idle):
        yield


@pytest.fixture
def handed_over(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    seen: list[int] = []
    monkeypatch.setattr("patenwerk.jobs.domain.enqueue.hand_over", seen.append)
    return seen


def ask(**changes: Any) -> Job:
    said: dict[str, Any] = {"name": "tests.work", "payload": {"round": 4}, "by": ANNA, "at": AT}
    return enqueue(**{**said, **changes})


@pytest.mark.django_db
def test_the_job_is_written_at_once_and_handed_over_after_the_commit(
    handed_over: list[int], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        job = ask(scope=Place())
        assert handed_over == []

    assert handed_over == [job.pk]
    stored = Job.objects.get()
    assert (stored.name, stored.payload, stored.for_user_id) == ("tests.work", {"round": 4}, 7)
    assert (stored.programme_id, stored.carrier_id, stored.site_id) == (1, 2, 3)
    assert (stored.state, stored.created_at) == (JobState.QUEUED, AT)
    assert stored.lease_until == AT + PATIENCE


@pytest.mark.django_db
def test_a_job_for_later_is_left_to_the_sweeper(
    handed_over: list[int],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    later = AT + timedelta(minutes=1)
    with django_capture_on_commit_callbacks(execute=True):
        job = ask(not_before=later)
    assert (job.state, job.lease_until) == (JobState.QUEUED, later)
    monkeypatch.setattr("patenwerk.jobs.domain.sweep.hand_over", handed_over.append)
    sweep(at=later)
    assert handed_over == []
    sweep(at=later + timedelta(seconds=1))
    assert handed_over == [job.pk]


@pytest.mark.django_db
def test_without_a_scope_it_is_only_its_owner_s() -> None:
    job = ask()
    assert (job.programme_id, job.carrier_id, job.site_id) == (None, None, None)


@pytest.mark.django_db(transaction=True)
def test_a_rollback_takes_the_job_along(handed_over: list[int]) -> None:
    with transaction.atomic():
        ask()
        transaction.set_rollback(True)

    assert handed_over == []
    assert not Job.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_engine_that_is_away_does_not_break_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(job_id: int) -> None:
        raise ConnectionError

    monkeypatch.setattr("patenwerk.jobs.domain.enqueue.hand_over", away)
    with transaction.atomic():
        ask()

    assert Job.objects.get().state == JobState.QUEUED


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_it_refuses() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        ask()
    assert not Job.objects.exists()


@pytest.mark.django_db
def test_unknown_names_and_payloads_that_are_no_json_are_refused() -> None:
    with pytest.raises(LookupError):
        ask(name="tests.nothing")
    job_name("tests.unhandled")
    try:
        with pytest.raises(LookupError):
            ask(name="tests.unhandled")
    finally:
        handlers._names.discard("tests.unhandled")
    job_handler("tests.undeclared")(idle)
    try:
        with pytest.raises(LookupError):
            ask(name="tests.undeclared")
    finally:
        handlers._handlers.pop("tests.undeclared")
    with pytest.raises(TypeError):
        ask(payload={"at": AT})
    assert not Job.objects.exists()


@pytest.mark.django_db
def test_cancelling_says_who_and_works_once() -> None:
    job = ask()
    other = ask()

    cancel(job=job, by=Actor(user_id=9), at=AT)

    job.refresh_from_db()
    assert (job.state, job.cancelled_by_id, job.finished_at) == (JobState.CANCELLED, 9, AT)
    with pytest.raises(CannotCancel) as refusal:
        cancel(job=job, by=ANNA, at=AT)
    assert [reason.code for reason in refusal.value.reasons] == ["over"]
    other.refresh_from_db()
    assert other.state == JobState.QUEUED


@pytest.mark.django_db
def test_the_engine_gets_the_id_and_nothing_else() -> None:
    from django_tasks_db.models import DBTaskResult

    hand_over(41)

    row = DBTaskResult.objects.get()
    assert row.args_kwargs == {"args": [41], "kwargs": {}}
    assert row.task_path == "patenwerk.jobs.tasks.run_job"
