"""A file that leaves with a mail."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from patenwerk.core.personal_data import Basis, Entry, Erasure, PersonalData
from patenwerk.mail.models.outbox import OutboxMail

_WITH_THE_MAIL = Entry(
    purpose=_("To send the mail, and to send it again when the receiver asks."),
    basis=Basis.LEGITIMATE_INTEREST,
    erasure=Erasure.DELETE_ROW,
    retention_days=30,
)


class MailAttachment(models.Model):
    """One small file of one mail. The row goes when the mail's words are erased.

    ``to`` repeats the receiver, so that whoever asks by address gets or erases the file, too.
    """

    mail = models.ForeignKey(OutboxMail, on_delete=models.CASCADE, related_name="attachments")
    to = models.EmailField()
    name = models.CharField(max_length=100)
    media_type = models.CharField(max_length=100)
    content = models.BinaryField()

    scope_free = "belongs to its mail's receiver, who may be in no organisation yet"
    personal_data = PersonalData(
        subject="to",
        fields={"to": _WITH_THE_MAIL, "content": _WITH_THE_MAIL},
        beside={"name": "which kind of file it is", "media_type": "which kind of file it is"},
    )

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.name} · {self.mail_id}"
