"""A replay: start it, calculate it, write it down. Nobody is matched by it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from patenwerk.audit.domain.record import record
from patenwerk.core.clock import day_of
from patenwerk.core.policy import Actor, Level
from patenwerk.core.refusal import Reason, Refusal
from patenwerk.jobs.domain.enqueue import enqueue
from patenwerk.jobs.domain.handlers import job_name
from patenwerk.matching.domain.round import Watch
from patenwerk.matching.enums import RoundState
from patenwerk.matching.kernel.replay import RHYTHMS, Figures
from patenwerk.matching.kernel.replay_people import replay_people, stage_of
from patenwerk.matching.models import Replay
from patenwerk.matching.queries.replay import came, people_who_came, replay_state
from patenwerk.matching.queries.settings import rules_at
from patenwerk.organisations.models import Carrier, Site
from patenwerk.places.queries.place import locator

REPLAY = job_name("matching.replay")
LONGEST_DAYS = 5 * 366
LOOKING, PLAYING = "limits", "replay"
"""The steps a watcher is told."""


class CannotReplay(Refusal):
    """The replay was not started."""


def start_replay(
    *, organisation: Carrier | Site, first: date, last: date, by: Actor, at: datetime
) -> Replay:
    """Have the arrivals of a site or a whole carrier played again, in the background.

    It takes the place of the organisation's earlier replay. Raises :class:`CannotReplay`.
    """
    with transaction.atomic():
        # The row of the carrier is the lock: of two who start at once the second one reads why.
        carrier = Carrier.objects.select_for_update().get(pk=organisation.scope_ids[Level.CARRIER])
        site = organisation if isinstance(organisation, Site) else None
        sites = _sites(carrier, site)
        earlier = Replay.objects.filter(carrier=carrier, site=site).select_related("job").first()
        reasons = list(_against_days(first, last, day_of(at)))
        if not reasons:
            reasons = list(_against_starting(sites, earlier, first, last))
        if reasons:
            raise CannotReplay(reasons)
        if earlier is not None:
            earlier.delete()
        started = Replay.objects.create(
            programme_id=carrier.programme_id,
            carrier=carrier,
            site=site,
            first_day=first,
            last_day=last,
            created_at=at,
            created_by_id=by.user_id,
        )
        started.job = enqueue(
            name=REPLAY, payload={"replay": started.pk}, by=by, at=at, scope=organisation
        )
        started.save(update_fields=["job"])
        record(by=by, at=at, action="matching.replay", things=[started])
    return started


def _sites(carrier: Carrier, site: Site | None) -> list[Site]:
    return [site] if site else list(carrier.sites.all())


def _against_days(first: date, last: date, today: date) -> Iterator[Reason]:
    if last < first:
        yield Reason("order", _("The last day lies before the first one."), "last")
    elif (last - first).days >= LONGEST_DAYS:
        yield Reason("too_long", _("At most five years can be played again."), "first")
    if last > today:
        yield Reason("future", _("The last day has not come yet."), "last")


def _against_starting(
    sites: Collection[Site], earlier: Replay | None, first: date, last: date
) -> Iterator[Reason]:
    if earlier is not None and replay_state(earlier) is RoundState.RUNNING:
        yield Reason("running", _("A replay is being calculated here already."))
    if not people_who_came(sites, first, last).exists():
        yield Reason("nobody_came", _("Nobody began to wait here in this time."))


def planned_replay(*, replay_id: int, watch: Watch) -> list[dict[str, Any]]:
    """Calculate a replay; writes nothing. Everybody is seen as of its last day.

    ``watch`` is told where it is and may raise to stop it. Raises
    :class:`~patenwerk.matching.kernel.rounds.RoundTooLarge`.
    """
    planned = Replay.objects.select_related("site", "carrier").get(pk=replay_id)
    people = came(_sites(planned.carrier, planned.site), planned.first_day, planned.last_day)
    rules = rules_at(planned.site or planned.carrier)
    stage = stage_of(
        people.mentors,
        people.mentees,
        on=planned.last_day,
        locate=locator(),
        weights=rules.weights,
        limits=rules.limits,
        mentors_left=people.left,
        mentees_left=people.left,
        watch=lambda done, total: watch(done, total, LOOKING),
    )
    found = replay_people(
        stage,
        on=planned.last_day,
        rhythms=RHYTHMS,
        watch=lambda done, total: watch(done, total, PLAYING),
    )
    return stored_figures(found)


def stored_figures(found: Sequence[Figures]) -> list[dict[str, Any]]:
    """The figures as they are kept: numbers by the names of ``kernel.replay``, runs as a count."""
    return [
        {
            "every": one.every,
            "runs": len(one.runs),
            "pairs": one.pairs,
            "mentees": asdict(one.mentees),
            "mentors": asdict(one.mentors),
            "fit": one.fit._asdict(),
            "km": one.km._asdict(),
        }
        for one in found
    ]


def store_replay(*, replay_id: int, figures: list[dict[str, Any]]) -> int:
    """Write a calculated replay down; answers how many rhythms. Needs an open transaction.

    One that was replaced meanwhile is gone and stays so.
    """
    Replay.objects.filter(pk=replay_id, state=RoundState.RUNNING).update(
        figures=figures, state=RoundState.READY
    )
    return len(figures)


def fail_replay(*, replay_id: int) -> None:
    """Say that a replay could not be calculated. Needs an open transaction."""
    Replay.objects.filter(pk=replay_id, state=RoundState.RUNNING).update(state=RoundState.FAILED)
