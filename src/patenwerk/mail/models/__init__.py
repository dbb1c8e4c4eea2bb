"""The outbox."""

from patenwerk.mail.models.attachment import MailAttachment
from patenwerk.mail.models.outbox import OutboxMail

__all__ = ["MailAttachment", "OutboxMail"]
