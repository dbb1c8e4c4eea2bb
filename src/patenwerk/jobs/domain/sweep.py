"""What has to be done by the clock: lost jobs, repeating jobs, rows nobody needs any more."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.apps import apps
from django.db import transaction

from patenwerk.core.clock import BERLIN
from patenwerk.core.policy import Actor
from patenwerk.jobs.domain.enqueue import PATIENCE, enqueue, hand_over
from patenwerk.jobs.domain.handlers import handler_of, schedules
from patenwerk.jobs.enums import JobProblem, JobState
from patenwerk.jobs.kernel.schedule import first_run, next_run
from patenwerk.jobs.models import Job, ScheduledJob
from patenwerk.jobs.models.job import OPEN

logger = logging.getLogger(__name__)

KEEP_JOBS = timedelta(days=90)
KEEP_ENGINE_ROWS = timedelta(hours=1)
KEEP_LOST_ENGINE_ROWS = timedelta(days=1)
"""The engine leaves the row of a killed worker as running for ever; no job lasts a day."""


def sweep(*, at: datetime) -> int:
    """Hand every open job whose lease ran out to the engine again; answer how many.

    Several sweepers may run at once: each job is moved on by one of them. A job whose workers
    vanished as often as its handler allows fails as ``lost``. Old rows are removed.
    """
    handed = 0
    overdue = Job.objects.filter(state__in=OPEN, lease_until__lt=at).order_by("lease_until", "pk")
    for job in overdue:
        handler = handler_of(job.name)
        as_seen = Job.objects.filter(
            pk=job.pk, state=job.state, attempts=job.attempts, lease_until=job.lease_until
        )
        if handler is not None and job.attempts >= handler.attempts:
            as_seen.update(
                state=JobState.FAILED.value,
                problem=JobProblem.LOST.value,
                lease_until=None,
                finished_at=at,
            )
        elif as_seen.update(state=JobState.QUEUED.value, lease_until=at + PATIENCE):
            hand_over(job.pk)
            handed += 1
    _remove_old_rows(at)
    return handed


def start_due_schedules(*, at: datetime) -> list[str]:
    """Enqueue every repeating job that is due; answer their names.

    The row's next moment is the lock: of several processes one moves it on, and that one
    enqueues in the same transaction.
    """
    started = []
    for name, rule in sorted(schedules().items()):
        ScheduledJob.objects.get_or_create(
            name=name, defaults={"next_run_at": first_run(rule, at, BERLIN)}
        )
        with transaction.atomic():
            moved = ScheduledJob.objects.filter(name=name, next_run_at__lte=at).update(
                next_run_at=next_run(rule, at, BERLIN)
            )
            if moved:
                enqueue(name=name, payload={}, by=Actor(user_id=None), at=at)
                started.append(name)
    return started


def _remove_old_rows(at: datetime) -> None:
    Job.objects.filter(finished_at__lt=at - KEEP_JOBS).delete()
    if not apps.is_installed("django_tasks_db"):
        return
    engine_rows = apps.get_model("django_tasks_database", "DBTaskResult")._default_manager
    engine_rows.filter(finished_at__lt=at - KEEP_ENGINE_ROWS).delete()
    engine_rows.filter(status="RUNNING", started_at__lt=at - KEEP_LOST_ENGINE_ROWS).delete()
