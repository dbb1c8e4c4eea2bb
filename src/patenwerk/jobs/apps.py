"""Background work: the record people see, and the way to the engine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core import checks
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "patenwerk.jobs"
    label = "jobs"
    verbose_name = _("Background jobs")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Every app's ``tasks`` module registers its handlers when it is imported."""
        autodiscover_modules("tasks")
        checks.register(check_names)


def check_names(
    app_configs: Sequence[AppConfig] | None = None,  # noqa: ARG001 - checks are called with it
    **kwargs: Any,  # noqa: ARG001 - the same
) -> list[checks.CheckMessage]:
    """Every name that a domain module declares has a handler, every handler a name."""
    from patenwerk.jobs.domain.handlers import undeclared_handlers, unresolved_names

    found: list[checks.CheckMessage] = [
        checks.Error(
            f"The job {name!r} has no handler.",
            hint="Attach one with @job_handler in the app's tasks module.",
            id="jobs.E001",
        )
        for name in unresolved_names()
    ]
    found += [
        checks.Error(
            f"The handler {name!r} answers to a name that nobody enqueues.",
            hint="Declare it with job_name beside the domain function, or give it a schedule.",
            id="jobs.E002",
        )
        for name in undeclared_handlers()
    ]
    return found
