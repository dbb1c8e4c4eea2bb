"""The row a life cycle writes with every step."""

from __future__ import annotations

from django.db import models


class StepTaken(models.Model):
    """One step of a thing: from, to, by whom, when and why. Never changed afterwards.

    A concrete model adds the foreign key to the thing and its scope columns. The actor is an id
    without a foreign key, so that an account can go while the history stays.
    """

    step = models.CharField(max_length=40)
    from_state = models.CharField(max_length=20)
    to_state = models.CharField(max_length=20)
    by_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    reason = models.CharField(max_length=40, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        abstract = True
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.from_state} → {self.to_state}"
