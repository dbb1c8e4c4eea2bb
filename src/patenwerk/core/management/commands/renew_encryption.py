"""Write every encrypted field anew with the newest key, so that older keys can go."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import transaction

from patenwerk.core.models import EncryptedTextField


class Command(BaseCommand):
    help = "Write every encrypted field anew with the newest key of PATENWERK_FIELD_KEYS."

    def handle(self, *_arguments: Any, **_options: Any) -> None:
        for model in apps.get_models():
            fields = model._meta.concrete_fields
            names = [field.name for field in fields if isinstance(field, EncryptedTextField)]
            if not names:
                continue
            with transaction.atomic():
                rows = model._default_manager.select_for_update(of=("self",)).order_by("pk")
                written = [self.renew(row, names) for row in rows.only("pk", *names).iterator()]
            self.stdout.write(f"{model._meta.label}: {len(written)}")

    @staticmethod
    def renew(row: Any, names: list[str]) -> int:
        type(row)._default_manager.filter(pk=row.pk).update(
            **{name: getattr(row, name) for name in names}
        )
        return int(row.pk)
