from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from patenwerk.core.clock import now
from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Refusal
from patenwerk.places.domain.place import import_places


class Command(BaseCommand):
    help = "Replace all places by those of a postcode file in GeoNames format."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="tab-separated text, UTF-8")

    def handle(self, *_args: Any, file: Path, verbosity: int, **_options: Any) -> None:
        progress = self._tell if verbosity else None
        try:
            with file.open("rb") as opened:
                loaded = import_places(
                    file=opened, name=file.name, by=Actor(None), at=now(), progress=progress
                )
        except OSError as error:
            sentence = _("%(file)s cannot be read.") % {"file": file}
            raise CommandError(sentence, returncode=2) from error
        except Refusal as refusal:
            raise CommandError(str(refusal), returncode=2) from refusal
        if verbosity:
            self.stdout.write(_("%(count)s places stored.") % {"count": loaded.rows})

    def _tell(self, lines: int) -> None:
        self.stderr.write(_("%(count)s lines read") % {"count": lines})
