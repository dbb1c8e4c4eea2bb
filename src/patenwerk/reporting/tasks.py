"""Releases are calculated in the background."""

from __future__ import annotations

from datetime import timedelta

from patenwerk.jobs.domain.handlers import JobContext, job_handler
from patenwerk.reporting.domain.release import DRAFT, calculated_tables, store_draft
from patenwerk.reporting.models import Release


@job_handler(DRAFT, lease=timedelta(minutes=5))
def draft(job: JobContext) -> None:
    """Calculate first, then write once. A draft that was thrown away needs nothing any more."""
    release = Release.objects.select_related("programme").filter(pk=job.payload["release"]).first()
    if release is None:
        with job.finish() as result:
            result["gone"] = True
        return
    protected, rule_number = calculated_tables(release=release, progress=job.progress)
    with job.finish() as result:
        store_draft(release=release, protected=protected, rule_number=rule_number)
        result["release"] = release.pk
