from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from patenwerk.core.clock import today
from patenwerk.core.refusal import Refusal
from patenwerk.demo.domain.demo import PEOPLE, is_empty, make_demo
from patenwerk.demo.kernel.logins import LOGINS

SYLLABLES = "ba be bi bo bu da de di do du fa fe fi fo ga ge gi go ka ke ki ko la le li lo".split()


def password_of(email: str) -> str | None:
    """The password of a demo account: made from the installation's own key, so it can be shown
    again without being stored; None for accounts that log in by mailed code only.
    """
    if email not in {colleague.email for colleague in LOGINS}:
        return None
    digest = salted_hmac("patenwerk.demo", email, algorithm="sha256").digest()
    letters = "".join(SYLLABLES[byte % len(SYLLABLES)] for byte in digest[:6])
    return f"{letters[:6]}-{letters[6:]}-{digest[6] % 90 + 10}"


class Command(BaseCommand):
    help = "Fill an empty database with the fictional demo programme."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--date", type=date.fromisoformat, metavar="DAY")
        parser.add_argument("--people", type=int, default=PEOPLE, metavar="N")
        parser.add_argument("--if-empty", action="store_true")
        parser.add_argument("--logins", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["if_empty"] and not is_empty():
            return
        try:
            make_demo(
                on=options["date"] or today(),
                people=options["people"],
                password_of=password_of,
                watch=lambda done, total: None,
            )
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
