"""How many places are taken, and how many are free: a person's own and those of running groups."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from patenwerk.people.enums import Side
from patenwerk.people.models import Person
from patenwerk.tandems.enums import JOINABLE_STATES, OPEN_STATES
from patenwerk.tandems.models import Participant, Tandem


@dataclass(frozen=True, slots=True)
class FreeGroup:
    """A running group with ``free`` places for mentees."""

    tandem: Tandem
    free: int


_HERE = Q(left_on__isnull=True, is_substitute=False)


def places_taken(person_ids: Collection[int] | None = None) -> dict[int, int]:
    """Person id → open tandems the person takes part in; persons without one are left out.

    Who only stands in takes no place. ``None`` asks for everybody: one query, for whole rounds.
    """
    rows = Participant.objects.filter(_HERE, tandem__state__in=OPEN_STATES)
    if person_ids is not None:
        rows = rows.filter(person_id__in=person_ids)
    counted = rows.values_list("person_id").annotate(taken=Count("pk")).order_by()
    return dict(counted)


def seats_taken() -> Count:
    """How many places a person has taken, to annotate people with."""
    return Count(
        "participations",
        filter=Q(
            participations__tandem__state__in=OPEN_STATES,
            participations__left_on__isnull=True,
            participations__is_substitute=False,
        ),
    )


def groups_with_places(mentor_ids: Collection[int] | None = None) -> dict[int, list[FreeGroup]]:
    """Mentor id → running groups that take further mentees, oldest first.

    Of several mentors of one group it stands with the one who came first, so that no place is
    offered twice. ``None`` asks for every group: two queries, one where there is none.
    """
    mentees = Q(participants__side=Side.MENTEE, participants__left_on__isnull=True)
    rows: QuerySet[Any] = (
        Tandem.objects.filter(state__in=JOINABLE_STATES, places__gt=1)
        .annotate(free=F("places") - Count("participants", filter=mentees))
        .filter(free__gt=0)
        .order_by("pk")
    )
    if mentor_ids is not None:
        theirs = Participant.objects.filter(_HERE, person_id__in=mentor_ids)
        rows = rows.filter(pk__in=theirs.values("tandem"))
    groups = list(rows)
    if not groups:
        return {}
    seats = Participant.objects.filter(_HERE, side=Side.MENTOR, tandem__in=groups)
    leads: dict[int, int] = {}
    for tandem, person in seats.order_by("pk").values_list("tandem_id", "person_id"):
        leads.setdefault(tandem, person)
    found: dict[int, list[FreeGroup]] = {}
    for group in groups:
        lead = leads.get(group.pk)
        if lead is not None and (mentor_ids is None or lead in mentor_ids):
            found.setdefault(lead, []).append(FreeGroup(group, group.free))
    return found


def free_places(capacities: Mapping[int, int]) -> Counter[int]:
    """Person id → places for further partners, given each one's capacity.

    A mentor's are those for tandems of their own and those of the running groups: whoever is
    matched with the mentor joins a group first (``place_for``).
    """
    taken = places_taken()
    free = Counter({pk: max(0, capacity - taken.get(pk, 0)) for pk, capacity in capacities.items()})
    for mentor, groups in groups_with_places().items():
        if mentor in capacities:
            free[mentor] += sum(group.free for group in groups)
    return free


def place_for(mentor: Person) -> Tandem | None:
    """The running group that whoever is matched with the mentor joins; the oldest comes first.

    None where no group has a place: then the two become a tandem of their own.
    """
    groups = groups_with_places([mentor.pk]).get(mentor.pk, [])
    return groups[0].tandem if groups else None
