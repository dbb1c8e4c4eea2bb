"""``patenwerk places``: replace all places by those of a postcode file."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from django.utils.translation import gettext as _

from patenwerk.cli.installation import manage

NAME = "places"
NEEDS_INSTALLATION = True


def about() -> str:
    return _("Replace all places by those of a postcode file in GeoNames format.")


def configure(parser: ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help=_("tab-separated text in UTF-8"))


def run(given: Namespace) -> int:
    return manage(NAME, given.file)
