"""Commands that work on an installation: they start Django with its settings and its database."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import django
from django.core.management import CommandError, call_command
from django.db.utils import DatabaseError
from django.utils.translation import gettext as _

from patenwerk.cli.problem import CannotDo

SETTINGS = "patenwerk.config.settings"


def start() -> None:
    """Open the installation that the environment names."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    django.setup()


@contextmanager
def in_words() -> Iterator[None]:
    """Say in one line what a database has against it."""
    try:
        yield
    except DatabaseError as error:
        sentence = _("The database cannot be used: %(reason)s. Has it been migrated?")
        raise CannotDo(sentence % {"reason": error}) from error


def manage(*arguments: str) -> int:
    """Run one management command with the installation."""
    start()
    try:
        with in_words():
            call_command(*arguments)
    except CommandError as error:
        print(error, file=sys.stderr)
        return error.returncode
    return 0
