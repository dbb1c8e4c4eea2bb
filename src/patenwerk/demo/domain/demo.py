"""Making the demo programme as of a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from patenwerk.core.clock import BERLIN
from patenwerk.core.refusal import Reason, Refusal
from patenwerk.demo.domain.organisations import PasswordOf, build_stage
from patenwerk.demo.domain.play import OPENS, Play
from patenwerk.demo.kernel.plan import plan_of
from patenwerk.demo.kernel.stories import HORIZON
from patenwerk.organisations.models import Account, Programme

PEOPLE = 1500
FEWEST, MOST = 100, 10_000
EARLIEST = date(2022, 3, 1) + HORIZON + timedelta(days=200)
"""Before, one of the focuses would not have been in force when the first tandems began."""

Watch = Callable[[str, int, int], None]
"""Told (what, done, total)."""


class CannotMakeDemo(Refusal):
    """The demo programme was not made."""


def is_empty() -> bool:
    """Whether nobody works here yet: no programme, no account."""
    return not Programme.objects.exists() and not Account.objects.exists()


@transaction.atomic
def make_demo(*, on: date, people: int, password_of: PasswordOf, watch: Watch) -> Programme:
    """Fill an empty database with the demo programme as of the day ``on``.

    The same day and number of people give the same programme, but for the passwords. All of it
    or nothing. Raises :class:`CannotMakeDemo`.
    """
    reasons = list(_against(on, people))
    if reasons:
        raise CannotMakeDemo(reasons)
    plan = plan_of(on, people)
    began = min(event.day for event in plan.events) - timedelta(days=30)
    stage = build_stage(password_of=password_of, at=datetime.combine(began, OPENS, BERLIN))
    Play(stage).all(plan.events, watch=lambda done, total: watch("events", done, total))
    return stage.programme


def _against(on: date, people: int) -> list[Reason]:
    found = []
    if not is_empty():
        found.append(
            Reason("not_empty", _("The demo programme needs an empty database; this one is not."))
        )
    if on < EARLIEST:
        sentence = _("The demo programme can be made for days from %(day)s on.")
        found.append(Reason("too_early", sentence % {"day": EARLIEST.isoformat()}))
    if not FEWEST <= people <= MOST:
        sentence = _("The demo programme has %(fewest)s to %(most)s people.")
        found.append(Reason("people", sentence % {"fewest": FEWEST, "most": MOST}))
    return found
