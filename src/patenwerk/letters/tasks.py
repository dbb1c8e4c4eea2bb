"""Background work with letters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time, timedelta
from typing import Any

from patenwerk.jobs.domain.handlers import JobContext, job_handler
from patenwerk.jobs.kernel.schedule import Daily
from patenwerk.letters.domain.mailing import MAIL, mail_some
from patenwerk.letters.domain.run import (
    ERASE_OVERDUE,
    MAKE,
    erase_overdue,
    set_letters,
    store_letters,
)


@job_handler(MAKE, lease=timedelta(minutes=5))
def make(job: JobContext) -> None:
    """Make the letters of one run."""
    made = set_letters(run_id=job.payload["run"], by=job.actor, at=job.at, tell=job.progress)
    with job.finish() as result:
        result.update(store_letters(made=made, by=job.actor, at=job.at))


@job_handler(MAIL)
def mail(job: JobContext) -> None:
    """Mail the next letters of one run."""
    with job.finish() as result:
        result.update(
            mail_some(run_id=job.payload["run"], job_id=job.job_id, by=job.actor, at=job.at)
        )


@job_handler(ERASE_OVERDUE, schedule=Daily(time(3, 50)))
def erase(job: JobContext) -> Mapping[str, Any]:
    """Erase the files and runs whose time is over, every night."""
    return {"erased": erase_overdue(by=job.actor, at=job.at)}
