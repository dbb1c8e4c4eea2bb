"""The tables of the record."""

from patenwerk.audit.models.entry import AuditEntry

__all__ = ["AuditEntry"]
