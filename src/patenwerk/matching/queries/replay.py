"""Replays as far as the actor's grants reach, and whose arrivals are played again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import QuerySet

from patenwerk.core.clock import day_of
from patenwerk.core.policy import Actor, visible
from patenwerk.jobs.enums import JobState
from patenwerk.matching.enums import RoundState
from patenwerk.matching.models import Replay
from patenwerk.matching.policy import SEE_MATCHING
from patenwerk.matching.queries.pool import known
from patenwerk.organisations.models import Site
from patenwerk.people.enums import Side
from patenwerk.people.kernel.profile import Profile
from patenwerk.people.models import Person


@dataclass(frozen=True, slots=True)
class Came:
    """Who began to wait within a time, with all their places, and who was archived when."""

    mentors: list[Profile]
    mentees: list[Profile]
    left: dict[str, date]


def replays(actor: Actor) -> QuerySet[Replay]:
    """The replays the actor sees, latest first."""
    seen = visible(actor, SEE_MATCHING, Replay)
    return Replay.objects.filter(seen).select_related("site", "carrier", "job")


def replay_state(found: Replay) -> RoundState:
    """Where a replay stands: one whose work was given up has failed, even if nobody wrote it."""
    state = RoundState(found.state)
    if state is RoundState.RUNNING and (
        found.job is None or found.job.state in {JobState.FAILED, JobState.CANCELLED}
    ):
        return RoundState.FAILED
    return state


def people_who_came(sites: Collection[Site], first: date, last: date) -> QuerySet[Person]:
    """The people of these sites who began to wait within these days, whatever became of them.

    Who was entered twice and merged is one of them.
    """
    return Person.objects.filter(
        site__in=sites, waiting_since__range=(first, last), merged_into__isnull=True
    )


def came(sites: Collection[Site], first: date, last: date) -> Came:
    """Everybody who came, as if nobody had anybody yet: thirteen queries for any number."""
    everybody = people_who_came(sites, first, last)
    capacity = dict(everybody.values_list("pk", "capacity"))
    gone = everybody.filter(archived_at__isnull=False).values_list("pk", "archived_at")
    sides = {
        side: [
            replace(profile, open_places=capacity[int(profile.id)])
            for profile in known(everybody.filter(side=side))
        ]
        for side in Side
    }
    return Came(
        mentors=sides[Side.MENTOR],
        mentees=sides[Side.MENTEE],
        left={str(pk): day_of(at) for pk, at in gone if at is not None},
    )
