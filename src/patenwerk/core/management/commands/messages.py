"""``manage messages``: read the strings from the source, keep and compile the catalogues."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from patenwerk.core.management import catalogues


class Command(BaseCommand):
    help = "Read translatable strings, keep the catalogues of every app and compile them."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        catalogues.add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        code = catalogues.run(
            apps=options["app"], check=options["check"], compile_only=options["compile"]
        )
        if code:
            sys.exit(code)
