"""One row of the record."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from patenwerk.core.personal_data import Basis, Entry, Erasure, PersonalData


class AuditEntry(models.Model):
    """Who did what to which things, and when. Triggers refuse every change and deletion.

    Ids instead of foreign keys: a row outlives what it names. ``object_id`` is set where exactly
    one thing was meant, so that its history is found by an index; ``object_ids`` names all of
    them. ``details`` holds ids and codes, never what a person entered.
    """

    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    action = models.CharField(max_length=80)
    object_type = models.CharField(max_length=80)
    object_id = models.BigIntegerField(null=True)
    object_ids = models.JSONField()
    programme_id = models.BigIntegerField(null=True)
    carrier_id = models.BigIntegerField(null=True)
    site_id = models.BigIntegerField(null=True)
    details = models.JSONField(default=dict)

    personal_data = PersonalData(
        subject="actor_id",
        fields={
            "actor_id": Entry(
                purpose=_("To show later who changed or looked at personal data."),
                basis=Basis.LEGAL_DUTY,
                erasure=Erasure.KEEP,
            ),
            "at": Entry(
                purpose=_("To show later when personal data were changed or looked at."),
                basis=Basis.LEGAL_DUTY,
                erasure=Erasure.KEEP,
            ),
        },
        beside={
            "action": "the name of a function",
            "object_type": "the name of a table",
            "object_ids": "numbers of rows",
            "details": "numbers and codes",
        },
    )

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["object_type", "object_id"], name="audit_of_one_thing"),
            models.Index(
                fields=["object_type"],
                condition=models.Q(object_id=None),
                name="audit_of_many_things",
            ),
            models.Index(fields=["programme_id", "at"], name="audit_of_programme"),
            models.Index(fields=["actor_id", "at"], name="audit_of_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.object_type} {self.object_ids}"
