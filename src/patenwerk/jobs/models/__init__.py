"""The tables of background work."""

from patenwerk.jobs.models.job import Job
from patenwerk.jobs.models.schedule import ScheduledJob

__all__ = ["Job", "ScheduledJob"]
