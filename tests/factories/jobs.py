"""Doing what was enqueued, without a worker process."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from patenwerk.jobs.domain.run import run
from patenwerk.jobs.models import Job
from patenwerk.jobs.models.job import OPEN


def do_open_jobs(clock: Callable[[], datetime], *, name: str | None = None) -> list[Job]:
    """Do every open job once, oldest first, also those that the jobs themselves enqueue.

    ``name`` restricts it to jobs of this name. Answers the jobs as they are afterwards.
    """
    done: list[int] = []
    while True:
        waiting = Job.objects.filter(state__in=OPEN).exclude(pk__in=done).order_by("pk")
        if name is not None:
            waiting = waiting.filter(name=name)
        job = waiting.first()
        if job is None:
            return list(Job.objects.filter(pk__in=done).order_by("pk"))
        run(job_id=job.pk, clock=clock)
        done.append(job.pk)
