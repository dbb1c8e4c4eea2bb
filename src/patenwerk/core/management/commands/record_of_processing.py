"""``manage record_of_processing``: the record of processing activities, made from the models."""

from typing import Any

from django.core.management.base import BaseCommand

from patenwerk.core.personal_data import record_of_processing


class Command(BaseCommand):
    help = "Print the record of processing activities (Art. 30 GDPR)."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(record_of_processing(), ending="")
