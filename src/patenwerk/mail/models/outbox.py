"""A mail as it was written, until it is sent and its words are erased."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from patenwerk.core.personal_data import Basis, Entry, Erasure, PersonalData


def _for_sending() -> Entry:
    return Entry(
        purpose=_("To send the mail, and to send it again when the receiver asks."),
        basis=Basis.LEGITIMATE_INTEREST,
        erasure=Erasure.EMPTY,
        retention_days=30,
    )


class OutboxMail(models.Model):
    """One mail to one receiver, rendered in the receiver's language.

    ``problem`` is the code of the last failure and empty after sending. ``erased_at`` says that
    receiver, subject and words are gone; what kind of mail left when stays.
    """

    to = models.EmailField(blank=True)
    subject = models.CharField(max_length=250, blank=True)
    body_text = models.TextField(blank=True)
    body_html = models.TextField(blank=True)
    language = models.CharField(max_length=12)
    kind = models.CharField(max_length=60)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    #: Holds a code or link that lets somebody in: its words go with the sending.
    is_secret = models.BooleanField(default=False)
    problem = models.CharField(max_length=40, blank=True)
    erased_at = models.DateTimeField(null=True)

    scope_free = "belongs to its receiver, who may be in no organisation yet"
    personal_data = PersonalData(
        subject="to",
        fields={
            "to": _for_sending(),
            "subject": _for_sending(),
            "body_text": _for_sending(),
            "body_html": _for_sending(),
        },
        beside={
            "language": "which kind of mail left when",
            "kind": "which kind of mail left when",
            "created_at": "which kind of mail left when",
            "sent_at": "which kind of mail left when",
            "problem": "which kind of mail left when",
            "erased_at": "which kind of mail left when",
        },
    )

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="mail_sent_without_problem",
                condition=Q(sent_at__isnull=True) | Q(problem=""),
            ),
            models.CheckConstraint(
                name="mail_erased_is_empty",
                condition=Q(erased_at__isnull=True, to__gt="")
                | Q(erased_at__isnull=False, to="", subject="", body_text="", body_html=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"], condition=Q(erased_at=None), name="mail_not_erased"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
