from __future__ import annotations

import os
import signal
from datetime import UTC, datetime, timedelta

from patenwerk.jobs.domain.handlers import JobContext, job_handler, job_name
from patenwerk.jobs.models import ScheduledJob

WORK = job_name("slow.work")


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@job_handler(WORK, lease=timedelta(seconds=1))
def work(job: JobContext) -> None:
    """Leaves one row per time it was done; dies before or within its transaction at first."""
    moment = job.payload["dies"] if job.attempt == 1 else "never"
    job.progress(0, 1)
    if moment == "before":
        die()
    with job.finish():
        ScheduledJob.objects.create(
            name=f"{job.payload['dies']} {job.attempt}", next_run_at=datetime.now(UTC)
        )
        if moment == "within":
            die()
