"""Background work with people's data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time, timedelta
from typing import Any

from patenwerk.jobs.domain.handlers import JobContext, job_handler
from patenwerk.jobs.kernel.schedule import Daily
from patenwerk.organisations.models import Site
from patenwerk.people.domain.batch import FORGET_BATCHES, forget_batches
from patenwerk.people.domain.duplicate import (
    FIND_DUPLICATES,
    FORGET_MERGED,
    find_duplicates,
    forget_merged,
)
from patenwerk.people.domain.fingerprint import write_fingerprints
from patenwerk.people.domain.record_check import CLEAR_RECORD_CHECKS, clear_record_checks


@job_handler(CLEAR_RECORD_CHECKS, schedule=Daily(time(3, 20)))
def clear(job: JobContext) -> Mapping[str, Any]:
    """Delete the record checks whose time is over, every night."""
    return {"removed": clear_record_checks(by=job.actor, at=job.at)}


@job_handler(FIND_DUPLICATES, schedule=Daily(time(2, 20)), lease=timedelta(minutes=10))
def find(job: JobContext) -> Mapping[str, Any]:
    """Look for people who may be entered twice, site by site, every night.

    Each site is written for itself, so that pages need not wait; doing it again does no harm.
    """
    sites = list(Site.objects.order_by("pk"))
    new = 0
    for done, site in enumerate(sites):
        job.progress(done, len(sites), "comparing")
        new += find_duplicates(site=site, by=job.actor, at=job.at).new
        write_fingerprints(site=site)
    return {"sites": len(sites), "new": new}


@job_handler(FORGET_MERGED, schedule=Daily(time(3, 40)))
def forget(job: JobContext) -> Mapping[str, Any]:
    """Delete what was merged so long ago that nobody can undo it, every night."""
    return {"removed": forget_merged(by=job.actor, at=job.at)}


@job_handler(FORGET_BATCHES, schedule=Daily(time(3, 45)))
def forget_old_batches(job: JobContext) -> Mapping[str, Any]:
    """Delete what was done for many so long ago that nobody can take it back, every night."""
    return {"removed": forget_batches(by=job.actor, at=job.at)}
