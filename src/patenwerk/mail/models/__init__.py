"""The outbox."""

from patenwerk.mail.models.outbox import OutboxMail

__all__ = ["OutboxMail"]
