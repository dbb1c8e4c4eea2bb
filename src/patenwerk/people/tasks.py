"""Background work with people's data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Any

from patenwerk.jobs.domain.handlers import JobContext, job_handler
from patenwerk.jobs.kernel.schedule import Daily
from patenwerk.people.domain.record_check import CLEAR_RECORD_CHECKS, clear_record_checks


@job_handler(CLEAR_RECORD_CHECKS, schedule=Daily(time(3, 20)))
def clear(job: JobContext) -> Mapping[str, Any]:
    """Delete the record checks whose time is over, every night."""
    return {"removed": clear_record_checks(by=job.actor, at=job.at)}
