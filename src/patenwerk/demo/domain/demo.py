"""Making the demo programme as of a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from patenwerk.core.clock import BERLIN
from patenwerk.core.refusal import Reason, Refusal
from patenwerk.demo.domain.across import ask_who_waits, match_over_all_carriers, newcomers_arrive
from patenwerk.demo.domain.circle import Circle
from patenwerk.demo.domain.families import enter_families, families_consent
from patenwerk.demo.domain.figures import (
    import_history,
    last_quarter_end,
    release,
    say_what_counts,
)
from patenwerk.demo.domain.groups import a_group_reads
from patenwerk.demo.domain.moves import somebody_moves
from patenwerk.demo.domain.organisations import STARTED_ON, PasswordOf, Stage, build_stage
from patenwerk.demo.domain.play import OPENS, Play
from patenwerk.demo.kernel.plan import plan_of
from patenwerk.demo.kernel.stories import HORIZON
from patenwerk.jobs.domain.run import run
from patenwerk.matching.domain.round import start_round
from patenwerk.organisations.models import Account, Programme

PEOPLE = 1500
FEWEST, MOST = 100, 10_000
EARLIEST = date(2022, 3, 1) + HORIZON + timedelta(days=200)
"""Before, one of the focuses would not have been in force when the first tandems began."""

CLOSES = time(18)
NOTES = "Erfundene Zahlen einer erfundenen Welt, zum Ausprobieren."

Watch = Callable[[int, int], None]
"""Told (done, total)."""


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
    total = len(plan.events)
    stage = build_stage(password_of=password_of, at=_at(plan.events[0].day, -30))
    say_what_counts(stage, at=_at(plan.events[0].day, -29))
    shown = last_quarter_end(on)
    published_on = shown + timedelta(days=12)
    play = Play(stage)
    before = [event for event in plan.events if event.day < published_on]
    play.all(before, watch=lambda done: watch(done, total))
    import_history(stage, last=plan.events[0].day.year, at=_at(published_on))
    release(stage, as_of=shown, public=True, notes=NOTES, at=_at(published_on))
    after = plan.events[len(before) :]
    play.all(after, watch=lambda done: watch(len(before) + done, total))
    yesterday = on - timedelta(days=1)
    release(stage, as_of=yesterday, public=False, notes="", at=_at(on, -1, CLOSES))
    a_group_reads(stage, on, _at(on, -1, CLOSES))
    somebody_moves(stage, _at(on, -1, CLOSES))
    _propose_pairs(stage, _at(on, -1, CLOSES))
    if people >= PEOPLE:
        newcomers_arrive(stage, on, _at(on, -1, CLOSES))
    enter_families(stage, _at(on, -1, CLOSES))
    families_consent(stage, _at(on, -1, CLOSES))
    ask_who_waits(stage, _at(on, -1, CLOSES))
    match_over_all_carriers(stage, _at(on, -1, CLOSES))
    # A smaller world has met for two years only: it is made often, by tests.
    Circle(stage, on, STARTED_ON.year if people >= PEOPLE else on.year - 2).play()
    return stage.programme


def _propose_pairs(stage: Stage, at: datetime) -> None:
    """A round of the first site, waiting for its coordinator."""
    started = start_round(organisation=stage.sites[0], by=stage.coordinators[0], at=at)
    if started.job_id is not None:
        run(job_id=started.job_id, clock=lambda: at)


def _at(day: date, later: int = 0, hour: time = OPENS) -> datetime:
    return datetime.combine(day + timedelta(days=later), hour, BERLIN)


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
