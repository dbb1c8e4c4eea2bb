"""Taking over who joined tandems later, left before the end or said no, as lists tell it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from patenwerk.audit.domain.record import record
from patenwerk.core.batches import BATCH, batches
from patenwerk.core.clock import day_of
from patenwerk.core.policy import Actor
from patenwerk.organisations.models import Site
from patenwerk.people.domain.person import locked_at
from patenwerk.people.enums import Side
from patenwerk.tandems.domain.history import locked_tandems, scope_at
from patenwerk.tandems.enums import Acceptance
from patenwerk.tandems.models import Meeting, Participant
from patenwerk.tandems.queries.participant import took_part_on


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberHistory:
    """Since when and until when somebody took part in a tandem that came from a list.

    ``participant_id`` is the stored row that this is said of; None: another time, not known yet.
    """

    tandem_id: int
    person_id: int
    side: Side
    is_substitute: bool
    acceptance: Acceptance
    joined_on: date
    left_on: date | None
    why: str = ""
    participant_id: int | None = None


@transaction.atomic
def take_members(
    *, site: Site, told: Sequence[MemberHistory], by: Actor, at: datetime
) -> list[Participant]:
    """Take over who joined tandems later, left before the end or said no: all or none.

    What lists said of meetings counts whoever took part on the day: so it does of these, too.
    Locks the tandems in the order of their ids. Raises ``LookupError`` for a tandem that is not of
    this site or was not taken over, for people of others, and for a row that is not the person's.
    """
    people = locked_at(site, [row.person_id for row in told])
    tandems = locked_tandems(site, {row.tandem_id for row in told})
    ids = [row.participant_id for row in told if row.participant_id is not None]
    stored: dict[int, Participant] = {}
    for part in batches(sorted(ids)):
        stored |= Participant.objects.in_bulk(part)
    new: list[Participant] = []
    for row in told:
        if row.participant_id is None:
            participant = Participant(**scope_at(site), tandem_id=row.tandem_id)
            participant.person_id = row.person_id
            new.append(participant)
        else:
            participant = stored[row.participant_id]
            if (participant.tandem_id, participant.person_id) != (row.tandem_id, row.person_id):
                raise LookupError(f"Participant {participant.pk} is somebody else.")
        _write_member(participant, row)
    Participant.objects.bulk_create(new, batch_size=BATCH)
    Participant.objects.bulk_create(
        stored.values(),
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["joined_on", "left_on", "acceptance", "answered_on", "why"],
        batch_size=BATCH,
    )
    # The last day of which lists tell; later meetings are logged on the tandem's page.
    until = {pk: day_of(row.taken_over_at) for pk, row in tandems.items() if row.taken_over_at}
    _came_while_there(until, [*new, *stored.values()])
    _absent_otherwise(until, stored.values())
    if told:
        record(
            by=by,
            at=at,
            action="tandems.take_members",
            things=list(tandems.values()),
            scope=site,
            details={"new": len(new), "changed": len(stored), "people": len(people)},
        )
    return [*new, *stored.values()]


def _write_member(participant: Participant, row: MemberHistory) -> None:
    participant.side, participant.is_substitute = row.side.value, row.is_substitute
    participant.joined_on, participant.left_on, participant.why = (
        row.joined_on,
        row.left_on,
        row.why,
    )
    participant.acceptance = row.acceptance.value
    # Who said no did so at the end of being asked; a list knows no other day.
    answered = {Acceptance.OPEN: None, Acceptance.DECLINED: row.left_on or row.joined_on}
    participant.answered_on = answered.get(row.acceptance, row.joined_on)


def _came_while_there(until: Mapping[int, date], members: Iterable[Participant]) -> None:
    """Of meetings that lists brought whoever was there has come."""
    through = Meeting.came.through
    of_tandem: dict[int, list[Participant]] = {}
    for member in members:
        if member.acceptance == Acceptance.ACCEPTED:
            of_tandem.setdefault(member.tandem_id, []).append(member)
    for part in batches(sorted(of_tandem)):
        meetings = Meeting.objects.filter(tandem_id__in=part).order_by("pk")
        through.objects.bulk_create(
            [
                through(meeting_id=pk, participant_id=member.pk)
                for pk, tandem_id, held_on in meetings.values_list("pk", "tandem_id", "held_on")
                for member in of_tandem[tandem_id]
                if held_on <= until[tandem_id] and took_part_on(member, held_on)
            ],
            ignore_conflicts=True,
            batch_size=BATCH,
        )


def _absent_otherwise(until: Mapping[int, date], members: Iterable[Participant]) -> None:
    """Nobody has come to such a meeting before joining or after leaving, or having said no."""
    through = Meeting.came.through
    for member in members:
        told = Q(meeting__held_on__lte=until[member.tandem_id])
        came = through.objects.filter(told, participant_id=member.pk)
        if member.acceptance == Acceptance.ACCEPTED:
            absent = Q(meeting__held_on__lt=member.joined_on)
            if member.left_on is not None:
                absent |= Q(meeting__held_on__gt=member.left_on)
            came = came.filter(absent)
        came.delete()
