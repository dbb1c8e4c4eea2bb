"""When work that repeats is due next."""

from __future__ import annotations

from django.db import models

from patenwerk.core.personal_data import NoPersonalData


class ScheduledJob(models.Model):
    """The next moment of a repeating job. Moving it on is the lock: who moves it, enqueues."""

    name = models.CharField(max_length=80, unique=True)
    next_run_at = models.DateTimeField()

    scope_free = "runs for the whole installation"
    personal_data = NoPersonalData("Names of repeating work and moments, nothing about a person.")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
