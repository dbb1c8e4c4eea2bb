"""The one task the engine knows."""

from __future__ import annotations

from django_tasks import task

from patenwerk.core.clock import now
from patenwerk.jobs.domain.run import run


@task()
def run_job(job_id: int) -> None:
    """Do the stored job with this id."""
    run(job_id=job_id, clock=now)
