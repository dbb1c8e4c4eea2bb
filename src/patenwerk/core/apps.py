from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def make_shared_cache(using: str, **_kwargs: Any) -> None:
    """The cache table is no model, so migrations do not make it."""
    from django.core.management import call_command

    call_command("createcachetable", database=using, verbosity=0)


class CoreConfig(AppConfig):
    name = "patenwerk.core"
    label = "core"

    def ready(self) -> None:
        post_migrate.connect(make_shared_cache, sender=self)
