"""``patenwerk demo``: fill an empty installation with the fictional demo programme."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from django.utils.translation import gettext as _

from patenwerk.cli.installation import manage

NAME = "demo"
NEEDS_INSTALLATION = True


def about() -> str:
    return _("Fill an empty database with the fictional demo programme, and show its logins.")


def configure(parser: ArgumentParser) -> None:
    parser.add_argument("--date", metavar="DAY", help=_("as of this day; without it today"))
    parser.add_argument("--people", metavar="N", type=int, help=_("so many people, else 1500"))
    parser.add_argument(
        "--logins", action="store_true", help=_("show the logins again, make nothing")
    )


def run(given: Namespace) -> int:
    words = [NAME]
    words += ["--date", given.date] if given.date else []
    words += ["--people", str(given.people)] if given.people is not None else []
    words += ["--logins"] if given.logins else []
    return manage(*words)
