from __future__ import annotations

import sys
import time
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from patenwerk.core.clock import today
from patenwerk.core.refusal import Refusal
from patenwerk.demo.domain.demo import PEOPLE, is_empty, make_demo
from patenwerk.demo.kernel.logins import (
    COORDINATOR,
    LOGINS,
    MANAGER,
    NETWORK,
    OFFICE,
    SECOND_COORDINATOR,
)
from patenwerk.demo.kernel.scene import CARRIERS
from patenwerk.demo.queries.comparison import comparison, table_in_markdown
from patenwerk.organisations.models import Account, Programme

SYLLABLES = [begin + end for begin in "bdfgklmnprstwz" for end in "aeio"]
BETWEEN = 0.2
"""Seconds between two pictures of the progress."""


def password_of(email: str) -> str | None:
    """The password of a demo account: made from the installation's own key, so that it can be
    shown again without being stored. None for accounts that log in by mailed code only.
    """
    if email not in {colleague.email for colleague in LOGINS}:
        return None
    digest = salted_hmac("patenwerk.demo", email, algorithm="sha256").digest()
    said = [SYLLABLES[byte % len(SYLLABLES)] for byte in digest[:8]]
    return f"{''.join(said[:4])}-{''.join(said[4:])}-{digest[8] % 90 + 10}"


class Command(BaseCommand):
    help = "Fill an empty database with the fictional demo programme."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--date", type=date.fromisoformat, metavar="DAY", help="default: today")
        parser.add_argument("--people", type=int, default=PEOPLE, metavar="N")
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing where something is stored already"
        )
        parser.add_argument("--logins", action="store_true", help="show the logins, make nothing")
        parser.add_argument(
            "--table", action="store_true", help="compare the stored demo with reported figures"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        on = options["date"] or today()
        if options["logins"]:
            self._show_logins()
        elif options["table"]:
            self._show_table(on)
        elif is_empty() or not options["if_empty"]:
            self._make(on, options["people"])
            if not options["if_empty"]:  # whoever only wants it to be there asks for them later
                self._show_logins()

    def _make(self, on: date, people: int) -> None:
        begun = time.monotonic()
        try:
            make_demo(on=on, people=people, password_of=password_of, watch=self._watch(begun))
        except Refusal as refusal:
            raise CommandError(str(refusal), returncode=2) from refusal
        seconds = f"{time.monotonic() - begun:.0f}"
        self.stdout.write(_("The demo programme is there (%(seconds)s s).") % {"seconds": seconds})

    def _watch(self, begun: float) -> Any:
        """Draws on a terminal, else says each tenth once."""
        live = sys.stdout.isatty()
        shown = [0.0, 0]
        words = _("making the demo programme")

        def watch(done: int, total: int) -> None:
            now = time.monotonic()
            tenth = 10 * done // total
            if live and (now - shown[0] > BETWEEN or done == total):
                shown[0] = now
                end = "\n" if done == total else ""
                line = f"\r\033[K  {words} … {100 * done // total} % {now - begun:.0f} s{end}"
                self.stdout.write(line, ending="")
                self.stdout.flush()
            elif not live and tenth > shown[1]:
                shown[1] = tenth
                if now - begun > 2 * tenth / 10:
                    self.stdout.write(f"  {words} … {10 * tenth} %")

        return watch

    def _show_logins(self) -> None:
        """Only accounts whose password is still the demo's."""
        first = CARRIERS[0]
        does = {
            COORDINATOR: _("coordinator, %(name)s") % {"name": first.sites[0].name},
            SECOND_COORDINATOR: _("coordinator, %(name)s") % {"name": first.sites[1].name},
            MANAGER: _("carrier management, %(name)s") % {"name": first.name},
            OFFICE: _("programme office"),
            NETWORK: _("network office"),
        }
        rows = []
        for colleague in LOGINS:
            account = Account.objects.filter(email=colleague.email).first()
            password = password_of(colleague.email)
            if account is not None and password and account.check_password(password):
                rows.append((colleague.email, password, does[colleague]))
        if not rows or not Programme.objects.filter(is_demo=True).exists():
            return
        self.stdout.write(_("Logins of the demo programme; everybody in it is invented:"))
        for email, password, what in rows:
            self.stdout.write(f"  {email:<32} {password:<24} {what}")

    def _show_table(self, on: date) -> None:
        programme = Programme.objects.filter(is_demo=True).first()
        if programme is None:
            raise CommandError(_("There is no demo programme here."), returncode=2)
        self.stdout.write(table_in_markdown(comparison(programme, on)), ending="")
