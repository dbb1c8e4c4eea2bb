"""The record of who did what, appended to and never changed."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "patenwerk.audit"
    label = "audit"
    verbose_name = _("Record of actions")
    default_auto_field = "django.db.models.BigAutoField"
