"""Reading the record of background jobs."""

from __future__ import annotations

from django.db import models

from patenwerk.core.policy import Actor
from patenwerk.jobs.models import Job


def jobs_started_by(actor: Actor) -> models.QuerySet[Job]:
    """The jobs somebody started, newest first; none for nobody."""
    if actor.user_id is None:
        return Job.objects.none()
    return Job.objects.filter(for_user_id=actor.user_id)
