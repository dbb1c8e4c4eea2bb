"""Doing one job: claim it, call its handler, write how it ended."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

from patenwerk.core.refusal import Refusal
from patenwerk.jobs.domain.handlers import Handler, JobContext, LeaseLost, actor_of, handler_of
from patenwerk.jobs.enums import JobProblem, JobState
from patenwerk.jobs.models import Job

logger = logging.getLogger(__name__)

FIRST_PAUSE = timedelta(seconds=10)
"""Before the second attempt; four times as long before each further one."""
LONGEST_PAUSE = timedelta(hours=1)


def run(*, job_id: int, clock: Callable[[], datetime]) -> None:
    """Do the job, if it is there to be done: it may be asked for twice and is claimed once.

    ``clock`` is handed in by the task, which may read it. Errors of the handler are logged and
    lead to another attempt or to »failed«; a refusal fails at once with its reasons' codes.
    """
    started = clock()
    claimed = _claim(job_id, started)
    if claimed is None:
        return
    handler, job = claimed
    context = JobContext(
        job_id=job.pk,
        payload=job.payload,
        actor=actor_of(job.for_user_id, started),
        at=started,
        attempt=job.attempts,
        lease=handler.lease,
        clock=clock,
    )
    try:
        result = handler.function(context)
        if not context.finished:
            with context.finish() as written:
                written.update(result or {})
    except LeaseLost:
        logger.warning("Job %s was taken from its worker or cancelled.", job.pk)
    except Refusal as refusal:
        codes = [reason.code for reason in refusal.reasons]
        _close(job, clock(), codes[0], {"reasons": codes})
    except Exception:
        # The log has the error; the row that people see has a code, for errors quote their data.
        logger.exception("Job %s (%s), attempt %s", job.pk, job.name, job.attempts)
        _try_again_or_fail(job, handler, clock())


def _claim(job_id: int, at: datetime) -> tuple[Handler, Job] | None:
    """The job with its handler, now ours until the lease ends; None when it is not free."""
    job = Job.objects.filter(pk=job_id).first()
    if job is None:
        return None
    handler = handler_of(job.name)
    if handler is None:
        logger.error("No app handles the job %s (%s).", job.pk, job.name)
        Job.objects.filter(pk=job.pk, state=JobState.QUEUED.value).update(
            state=JobState.FAILED.value,
            problem=JobProblem.UNKNOWN.value,
            lease_until=None,
            finished_at=at,
        )
        return None
    free = Q(state=JobState.QUEUED.value) | Q(state=JobState.RUNNING.value, lease_until__lt=at)
    with transaction.atomic():
        claimed = Job.objects.filter(free, pk=job_id, attempts__lt=handler.attempts).update(
            state=JobState.RUNNING.value,
            attempts=F("attempts") + 1,
            lease_until=at + handler.lease,
            started_at=Coalesce("started_at", Value(at)),
        )
        if not claimed:
            return None
        job.refresh_from_db()
    return handler, job


def _try_again_or_fail(job: Job, handler: Handler, at: datetime) -> None:
    if job.attempts >= handler.attempts:
        _close(job, at, JobProblem.CRASHED.value, {})
        return
    pause = min(FIRST_PAUSE * 4 ** min(job.attempts - 1, 9), LONGEST_PAUSE)
    _mine(job).update(state=JobState.QUEUED.value, lease_until=at + pause)


def _close(job: Job, at: datetime, problem: str, result: dict[str, Any]) -> None:
    _mine(job).update(
        state=JobState.FAILED.value,
        problem=problem,
        result=result,
        lease_until=None,
        finished_at=at,
    )


def _mine(job: Job) -> Any:
    """The row, as long as this attempt holds it."""
    return Job.objects.filter(pk=job.pk, state=JobState.RUNNING.value, attempts=job.attempts)
