from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from patenwerk.core.policy import Actor, Grant, Level
from patenwerk.core.refusal import Reason, Refusal
from patenwerk.jobs.domain import handlers
from patenwerk.jobs.domain.enqueue import cancel, enqueue
from patenwerk.jobs.domain.handlers import JobContext, LeaseLost, use_actor_source
from patenwerk.jobs.domain.run import FIRST_PAUSE, LONGEST_PAUSE, run
from patenwerk.jobs.enums import JobProblem, JobState
from patenwerk.jobs.models import Job, ScheduledJob
from tests.jobs.handled import Clock, handled, idle

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
NAME = "tests.work"


def asked(payload: dict[str, Any] | None = None) -> Job:
    with transaction.atomic():
        return enqueue(name=NAME, payload=payload or {}, by=Actor(user_id=7), at=AT)


def effect() -> None:
    """What the tests' handlers do, where twice would show."""
    ScheduledJob.objects.create(name=f"effect {ScheduledJob.objects.count()}", next_run_at=AT)


@pytest.mark.django_db
def test_the_handler_gets_payload_actor_and_the_moment() -> None:
    seen: list[JobContext] = []

    def work(job: JobContext) -> dict[str, Any]:
        seen.append(job)
        return {"pairs": 3}

    with handled(NAME, work):
        job = asked({"round": 4})
        run(job_id=job.pk, clock=Clock(AT))

    assert [(one.payload, one.actor.user_id, one.at) for one in seen] == [({"round": 4}, 7, AT)]
    job.refresh_from_db()
    assert (job.state, job.result, job.problem) == (JobState.DONE, {"pairs": 3}, "")
    assert (job.started_at, job.finished_at, job.lease_until) == (AT, AT, None)


@pytest.mark.django_db
def test_the_actor_has_the_grants_that_the_accounts_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handlers, "_actor_source", [])
    grant = Grant(permission="see", level=Level.SITE, organisation_id=3)
    asked_for: list[tuple[int, datetime]] = []

    def source(user_id: int, at: datetime) -> Actor:
        asked_for.append((user_id, at))
        return Actor(user_id=user_id, grants=frozenset({grant}))

    use_actor_source(source)
    seen: list[Actor] = []
    with handled(NAME, lambda job: seen.append(job.actor)):
        run(job_id=asked().pk, clock=Clock(AT))
        with transaction.atomic():
            nobody = enqueue(name=NAME, payload={}, by=Actor(user_id=None), at=AT)
        run(job_id=nobody.pk, clock=Clock(AT))

    assert asked_for == [(7, AT)]
    assert seen == [Actor(user_id=7, grants=frozenset({grant})), Actor(user_id=None)]


@pytest.mark.django_db
def test_work_and_done_are_written_together() -> None:
    def work(job: JobContext) -> None:
        with job.finish() as result:
            effect()
            result["rows"] = 1

    with handled(NAME, work):
        job = asked()
        run(job_id=job.pk, clock=Clock(AT))
        run(job_id=job.pk, clock=Clock(AT))

    job.refresh_from_db()
    assert (job.state, job.result, job.attempts) == (JobState.DONE, {"rows": 1}, 1)
    assert ScheduledJob.objects.count() == 1


@pytest.mark.django_db
def test_a_worker_whose_lease_ran_out_writes_nothing_any_more(
    caplog: pytest.LogCaptureFixture,
) -> None:
    clock = Clock(AT)
    job_ids: list[int] = []

    def work(job: JobContext) -> None:
        if job.attempt == 1:
            # A second worker takes over while the first one still calculates.
            clock.forward(minutes=3)
            run(job_id=job.job_id, clock=clock)
        with job.finish() as result:
            effect()
            result["attempt"] = job.attempt

    with handled(NAME, work):
        job = asked()
        job_ids.append(job.pk)
        run(job_id=job.pk, clock=clock)

    job.refresh_from_db()
    assert (job.state, job.result, job.attempts) == (JobState.DONE, {"attempt": 2}, 2)
    assert ScheduledJob.objects.count() == 1
    assert "taken from its worker" in caplog.text


@pytest.mark.django_db
def test_a_job_in_work_is_not_claimed_again() -> None:
    calls: list[int] = []

    def work(job: JobContext) -> None:
        calls.append(job.attempt)
        if len(calls) == 1:
            run(job_id=job.job_id, clock=Clock(AT + timedelta(seconds=119)))

    with handled(NAME, work):
        run(job_id=asked().pk, clock=Clock(AT))

    assert calls == [1]


@pytest.mark.django_db
def test_progress_is_seen_renews_the_lease_and_is_not_written_for_every_row() -> None:
    clock = Clock(AT)
    seen: list[tuple[int, int, str, datetime | None]] = []

    def look(job: JobContext) -> None:
        row = Job.objects.get(pk=job.job_id)
        seen.append((row.progress_done, row.progress_total, row.progress_text, row.lease_until))

    def work(job: JobContext) -> None:
        job.progress(0, 10, "reading")
        look(job)
        clock.forward(milliseconds=100)
        job.progress(1, 10, "reading")
        look(job)
        job.progress(1, 10, "pairing")
        look(job)
        clock.forward(seconds=60)
        job.progress(5, 10, "pairing")
        look(job)
        job.progress(10, 10, "pairing")
        look(job)

    with handled(NAME, work):
        run(job_id=asked().pk, clock=clock)

    lease = timedelta(minutes=2)
    soon = AT + timedelta(milliseconds=100)
    later = soon + timedelta(seconds=60)
    assert seen == [
        (0, 10, "reading", AT + lease),
        (0, 10, "reading", AT + lease),
        (1, 10, "pairing", soon + lease),
        (5, 10, "pairing", later + lease),
        (10, 10, "pairing", later + lease),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("tell", [lambda job: job.progress(3, 2), lambda job: job.progress(-1, 2)])
def test_progress_beyond_its_total_is_refused(tell: Any) -> None:
    with handled(NAME, tell, attempts=1):
        job = asked()
        run(job_id=job.pk, clock=Clock(AT))

    job.refresh_from_db()
    assert (job.state, job.problem) == (JobState.FAILED, JobProblem.CRASHED)


@pytest.mark.django_db
def test_progress_inside_a_transaction_is_refused() -> None:
    refused: list[str] = []

    def work(job: JobContext) -> None:
        with transaction.atomic():
            try:
                job.progress(1, 2)
            except RuntimeError as error:
                refused.append(str(error))

    with handled(NAME, work):
        run(job_id=asked().pk, clock=Clock(AT))

    assert refused == ["Progress is told outside a transaction, where people can see it."]


@pytest.mark.django_db
def test_a_cancelled_job_stops_at_its_next_progress() -> None:
    reached: list[str] = []

    def work(job: JobContext) -> None:
        cancel(job=Job.objects.get(pk=job.job_id), by=Actor(user_id=9), at=AT)
        try:
            job.progress(1, 2)
        except LeaseLost:
            reached.append("stopped")
            raise
        reached.append("went on")

    with handled(NAME, work):
        job = asked()
        run(job_id=job.pk, clock=Clock(AT))
        run(job_id=job.pk, clock=Clock(AT))

    job.refresh_from_db()
    assert reached == ["stopped"]
    assert (job.state, job.cancelled_by_id) == (JobState.CANCELLED, 9)


@pytest.mark.django_db
def test_a_refusal_fails_at_once_with_its_codes() -> None:
    def work(job: JobContext) -> None:
        raise Refusal([Reason("encrypted", "It is encrypted."), Reason("large", "Too large.")])

    with handled(NAME, work):
        job = asked()
        run(job_id=job.pk, clock=Clock(AT))

    job.refresh_from_db()
    assert (job.state, job.problem, job.attempts) == (JobState.FAILED, "encrypted", 1)
    assert job.result == {"reasons": ["encrypted", "large"]}
    assert (job.finished_at, job.lease_until) == (AT, None)


@pytest.mark.django_db
def test_an_error_is_tried_again_with_longer_pauses_and_then_fails(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.CRITICAL + 1, logger="patenwerk.jobs.domain.run")
    pauses: list[timedelta | None] = []

    def work(job: JobContext) -> None:
        with job.finish():
            effect()
            raise ZeroDivisionError

    with handled(NAME, work, attempts=8):
        job = asked()
        for _attempt in range(8):
            run(job_id=job.pk, clock=Clock(AT))
            job.refresh_from_db()
            pauses.append(job.lease_until - AT if job.lease_until else None)
        run(job_id=job.pk, clock=Clock(AT))

    job.refresh_from_db()
    assert pauses == [
        FIRST_PAUSE,
        FIRST_PAUSE * 4,
        FIRST_PAUSE * 16,
        FIRST_PAUSE * 64,
        FIRST_PAUSE * 256,
        LONGEST_PAUSE,
        LONGEST_PAUSE,
        None,
    ]
    assert (job.state, job.problem, job.attempts) == (JobState.FAILED, JobProblem.CRASHED, 8)
    assert not ScheduledJob.objects.exists()


@pytest.mark.django_db
def test_a_job_that_no_app_handles_fails(caplog: pytest.LogCaptureFixture) -> None:
    with handled(NAME, idle):
        job = asked()

    run(job_id=job.pk, clock=Clock(AT))

    job.refresh_from_db()
    assert (job.state, job.problem, job.finished_at) == (JobState.FAILED, JobProblem.UNKNOWN, AT)
    assert "No app handles" in caplog.text


@pytest.mark.django_db
def test_a_job_that_is_gone_is_no_error() -> None:
    run(job_id=404, clock=Clock(AT))
    assert not Job.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("late", ["finishes", "crashes", "refuses"])
def test_a_late_worker_leaves_the_job_to_the_one_that_has_it(
    late: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The first worker wakes up while the second one is at work."""
    clock = Clock(AT)
    seen: list[tuple[str, int]] = []

    def work(job: JobContext) -> None:
        if job.attempt == 2:
            # Two workers at once in one thread: the first one's end comes from in here.
            with pytest.raises(LeaseLost), job_of_first[0].finish():
                effect()
            row = Job.objects.get(pk=job.job_id)
            seen.append((row.state, row.attempts))
            return
        job_of_first.append(job)
        clock.forward(minutes=3)
        # The second one has claimed the job and is still at it when the first one ends.
        Job.objects.filter(pk=job.job_id).update(attempts=2)
        if late == "crashes":
            raise ZeroDivisionError
        if late == "refuses":
            raise Refusal(Reason("large", "Too large."))

    job_of_first: list[JobContext] = []
    with handled(NAME, work):
        job = asked()
        run(job_id=job.pk, clock=clock)
        job.refresh_from_db()
        assert (job.state, job.attempts, job.problem) == (JobState.RUNNING, 2, "")

        Job.objects.filter(pk=job.pk).update(attempts=1)
        clock.forward(minutes=3)
        run(job_id=job.pk, clock=clock)

    assert seen == [("running", 2)]
    assert not ScheduledJob.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("error", [ZeroDivisionError(), Refusal(Reason("large", "Too large."))])
def test_a_cancelled_job_stays_cancelled_when_its_handler_fails(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    def work(job: JobContext) -> None:
        cancel(job=Job.objects.get(pk=job.job_id), by=Actor(user_id=9), at=AT)
        raise error

    with handled(NAME, work):
        job = asked()
        run(job_id=job.pk, clock=Clock(AT))

    job.refresh_from_db()
    assert (job.state, job.problem) == (JobState.CANCELLED, "")


@pytest.mark.django_db
def test_nobody_claims_a_job_beyond_its_attempts() -> None:
    calls: list[int] = []
    with handled(NAME, lambda job: calls.append(job.attempt), attempts=2):
        job = asked()
        lost = AT - timedelta(seconds=1)
        Job.objects.filter(pk=job.pk).update(state="running", attempts=2, lease_until=lost)
        run(job_id=job.pk, clock=Clock(AT))

    assert calls == []
