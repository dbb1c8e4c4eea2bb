"""Background work with uploaded lists."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time, timedelta
from typing import Any

from patenwerk.imports.domain.files import ERASE_OVERDUE, erase_overdue
from patenwerk.imports.domain.taking import TAKE, read_for_taking, take_understood
from patenwerk.jobs.domain.handlers import JobContext, job_handler
from patenwerk.jobs.kernel.schedule import Daily


@job_handler(TAKE, lease=timedelta(minutes=5))
def take(job: JobContext) -> None:
    """Take the rows of one list."""
    understood = read_for_taking(
        upload_id=job.payload["upload"], by=job.actor, at=job.at, tell=job.progress
    )
    with job.finish() as result:
        result.update(take_understood(understood=understood, by=job.actor, at=job.at))


@job_handler(ERASE_OVERDUE, schedule=Daily(time(3, 40)))
def erase(job: JobContext) -> Mapping[str, Any]:
    """Erase the lists whose time is over, every night."""
    return {"erased": erase_overdue(by=job.actor, at=job.at)}
