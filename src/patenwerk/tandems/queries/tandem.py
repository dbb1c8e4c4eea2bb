"""Tandems, as far as the actor's grants reach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Prefetch, Q, QuerySet

from patenwerk.core.policy import Actor, visible
from patenwerk.core.sheets.words import fold
from patenwerk.people.enums import Side
from patenwerk.people.queries.activity import Activity
from patenwerk.tandems.enums import MEETING_STATES, OPEN_STATES, State
from patenwerk.tandems.models import Meeting, Participant, Tandem
from patenwerk.tandems.policy import SEE_TANDEM

SILENT_AFTER = timedelta(weeks=4)
"""Silence raises a task: contact twice in the first month, then monthly (DOMAIN's evidence)."""


def with_people(tandems: QuerySet[Tandem]) -> QuerySet[Tandem]:
    """Tandems with their participants and words: two queries for any number of them."""
    people = Participant.objects.select_related("person")
    return tandems.select_related("site", "carrier", "kind", "focus", "field").prefetch_related(
        Prefetch("participants", queryset=people)
    )


def tandems(actor: Actor) -> QuerySet[Tandem]:
    """The tandems the actor sees."""
    return Tandem.objects.filter(visible(actor, SEE_TANDEM, Tandem))


def silent(on: date) -> Q:
    """Running tandems without a meeting for four weeks, or none since the trial began."""
    quiet_since = on - SILENT_AFTER
    never_met = Q(last_meeting_on__isnull=True, created_at__date__lt=quiet_since)
    return Q(state__in=MEETING_STATES) & (Q(last_meeting_on__lt=quiet_since) | never_met)


def found_by_name(rows: QuerySet[Tandem], text: str) -> QuerySet[Tandem]:
    """Tandems with somebody whose folded name holds every word of the text."""
    for word in fold(text).split():
        rows = rows.filter(participants__person__search_text__contains=word)
    return rows.distinct()


def silent_tandems(actor: Actor, on: date) -> list[Tandem]:
    """The silent tandems the actor sees, longest silence first."""
    rows = with_people(tandems(actor).filter(silent(on)))
    return sorted(rows, key=lambda row: (row.last_meeting_on or date.min, row.pk))


def open_proposals(actor: Actor) -> list[Tandem]:
    """Proposals that wait for an answer, and agreed tandems that wait for the trial."""
    waiting = {State.PROPOSED, State.AGREED}
    return list(with_people(tandems(actor).filter(state__in=waiting)).order_by("created_at", "pk"))


def counts_by_state(actor: Actor, on: date) -> dict[str, int]:
    """How many tandems stand where; silent ones are counted as ``silent`` instead."""
    rows = tandems(actor).filter(state__in=OPEN_STATES)
    counted = dict(rows.values_list("state").annotate(count=Count("pk")).order_by())
    quiet = dict(
        rows.filter(silent(on)).values_list("state").annotate(count=Count("pk")).order_by()
    )
    for state, count in quiet.items():
        counted[state] -= count
    counted["silent"] = sum(quiet.values())
    return counted


@dataclass(frozen=True, slots=True)
class Pair:
    """The two people of a tandem."""

    mentor: Participant
    mentee: Participant

    @property
    def names(self) -> str:
        """Both first names, mentee first."""
        return f"{self.mentee.person.first_name} & {self.mentor.person.first_name}"


def pair_of(tandem: Tandem) -> Pair:
    """Mentor and mentee of a tandem, from its prefetched participants."""
    by_side = {row.side: row for row in tandem.participants.all()}
    return Pair(mentor=by_side[Side.MENTOR], mentee=by_side[Side.MENTEE])


def meetings_of(tandem: Tandem) -> QuerySet[Meeting]:
    """The meetings of a tandem, latest first, with who came."""
    return tandem.meetings.prefetch_related("came__person")


def activity_of(ids: Sequence[int]) -> Mapping[int, Activity]:
    """What people do in tandems: for the register that clears record checks."""
    found: dict[int, Activity] = {}
    rows = Participant.objects.filter(person_id__in=ids).values_list(
        "person_id", "tandem__state", "tandem__ended_on", "left_on"
    )
    for person_id, state, ended_on, left_on in rows:
        running = state in OPEN_STATES and left_on is None
        here = Activity(running=running, ended_on=None if running else left_on or ended_on)
        found[person_id] = found.get(person_id, Activity()).joined(here)
    return found


def in_an_open_tandem() -> Q:
    """The people with whom a tandem runs, as a filter on Person."""
    rows = Participant.objects.filter(tandem__state__in=OPEN_STATES, left_on__isnull=True)
    return Q(pk__in=rows.values("person_id"))
