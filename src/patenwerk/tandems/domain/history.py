"""Taking over what happened before: running and ended tandems, and their meetings, from lists.

What a list says of the time before stands as it is said there: nobody is asked again, no step is
invented. The tandem has one step, ``take_over``, into the state it was in, and says since when it
came from a list. From then on it lives like every other.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import product
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Min
from django.utils.translation import gettext_lazy as _

from patenwerk.audit.domain.record import record
from patenwerk.core.batches import BATCH, batches
from patenwerk.core.clock import noon_of
from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Reason, Refusal
from patenwerk.organisations.models import Site
from patenwerk.people.enums import Side
from patenwerk.people.models import Person
from patenwerk.tandems.enums import OPEN_STATES, Acceptance, State
from patenwerk.tandems.models import Meeting, Participant, Tandem, TandemStep
from patenwerk.tandems.queries.participant import took_part_on

TAKE_OVER = "take_over"
"""The step of a tandem that came from a list."""


class CannotTakeHistory(Refusal):
    """Nothing of the lists' history was taken over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TandemHistory:
    """A tandem as a list tells it. People and words by id; ``state`` ended has day and reason."""

    file_id: str
    mentor_ids: tuple[int, ...]
    mentee_ids: tuple[int, ...]
    kind_id: int
    focus_id: int
    field_id: int
    state: State
    began_on: date
    expected_end_on: date | None = None
    ended_on: date | None = None
    end_reason: str = ""
    why: str = ""
    name: str = ""
    places: int = 1
    substitute_ids: tuple[int, ...] = ()

    @property
    def pairs(self) -> Iterable[tuple[int, int]]:
        """Every mentor with every mentee."""
        return product(self.mentor_ids, self.mentee_ids)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingHistory:
    """A meeting as a list tells it, of a tandem that came from a list.

    ``came_ids``: which people came; None where the list does not say.
    """

    tandem_id: int
    held_on: date
    minutes: int
    place: str
    topic: str = ""
    came_ids: Collection[int] | None = None


@transaction.atomic
def take_tandems(
    *,
    site: Site,
    new: Sequence[TandemHistory],
    changed: Mapping[int, Mapping[str, Any]],
    by: Actor,
    at: datetime,
) -> list[Tandem]:
    """Take over tandems of a site's people, and corrections of earlier ones: all or none.

    ``changed`` maps ids of tandems to the columns that are said otherwise now (``file_id``,
    ``kind_id``, ``focus_id``, ``field_id``, ``name``, ``places``, ``why``, ``expected_end_on``).
    Locks the people in the order of their ids, as deciding about a tandem does. Raises
    :class:`CannotTakeHistory` where two people are a running tandem already; ``LookupError`` for
    people or tandems of others.
    """
    people = _locked_people(site, new)
    together = _together(people)
    for row in new:
        for pair in row.pairs:
            if row.state in OPEN_STATES and pair in together:
                raise CannotTakeHistory(already_together(*(people[pk].full_name for pk in pair)))
    made = [_tandem(site, row, at) for row in new]
    Tandem.objects.bulk_create(made, batch_size=BATCH)
    Participant.objects.bulk_create(
        (
            participant
            for tandem, row in zip(made, new, strict=True)
            for participant in _participants(tandem, row)
        ),
        batch_size=BATCH,
    )
    TandemStep.objects.bulk_create(
        (step for tandem, row in zip(made, new, strict=True) for step in _steps(tandem, row, by)),
        batch_size=BATCH,
    )
    corrected = _correct(site, changed)
    if made or corrected:
        record(
            by=by,
            at=at,
            action="tandems.take_over",
            things=[*made, *corrected],
            scope=site,
            details={"new": len(made), "changed": len(corrected)},
        )
    return made


@transaction.atomic
def take_meetings(
    *,
    site: Site,
    new: Sequence[MeetingHistory],
    changed: Mapping[int, MeetingHistory],
    by: Actor,
    at: datetime,
) -> list[Meeting]:
    """Take over meetings of tandems that came from a list, and corrections: all or none.

    Where a new one does not say who came, everybody who took part on the day counts as having come.
    ``changed`` maps ids of meetings to what is said about them now; the day stays, and so does who
    came where nothing is said of it. Locks the tandems in the order of their ids. Raises
    ``LookupError`` for a tandem that is not of this site or was not taken over.
    """
    ids = sorted({row.tandem_id for row in (*new, *changed.values())})
    tandems = locked_tandems(site, ids)
    made = Meeting.objects.bulk_create(
        (
            Meeting(
                tandem_id=row.tandem_id,
                **scope_at(site),
                held_on=row.held_on,
                minutes=row.minutes,
                place=row.place,
                topic=row.topic,
                form_key=uuid.uuid4(),
                logged_by_id=by.user_id,
                created_at=at,
            )
            for row in new
        ),
        batch_size=BATCH,
    )
    for pk, row in changed.items():
        Meeting.objects.filter(pk=pk, tandem_id=row.tandem_id).update(
            minutes=row.minutes, place=row.place, topic=row.topic
        )
    told = {pk: row for pk, row in changed.items() if row.came_ids is not None}
    told |= {meeting.pk: row for meeting, row in zip(made, new, strict=True)}
    _say_who_came(told, ids, anew=changed.keys() & told.keys())
    _count(tandems)
    if tandems:
        record(
            by=by,
            at=at,
            action="tandems.take_meetings",
            things=list(tandems.values()),
            scope=site,
            details={"new": len(made), "changed": len(changed)},
        )
    return made


@transaction.atomic
def take_end_notes(*, site: Site, notes: Mapping[int, str], by: Actor, at: datetime) -> None:
    """Take over what lists note at the end of tandems that came from one, by their ids.

    One row in the record. Raises ``LookupError`` for a tandem that is not of this site, was not
    taken over or has not ended.
    """
    tandems = locked_tandems(site, notes)
    for pk, note in notes.items():
        end = TandemStep.objects.filter(tandem_id=pk, step="end").order_by("-pk").first()
        if end is None:
            raise LookupError(f"Tandem {pk} has not ended.")
        end.note = note
        end.save(update_fields=["note"])
    if tandems:
        things = list(tandems.values())
        record(by=by, at=at, action="tandems.take_end_notes", things=things, scope=site)


def _say_who_came(
    told: Mapping[int, MeetingHistory], tandem_ids: Collection[int], *, anew: Collection[int]
) -> None:
    """Who came to each meeting, by its id; ``anew``: those of which something is stored."""
    through = Meeting.came.through
    for part in batches(sorted(anew)):
        through.objects.filter(meeting_id__in=part).delete()
    takes_part = _participants_of(tandem_ids)
    through.objects.bulk_create(
        (
            through(meeting_id=pk, participant_id=participant.pk)
            for pk, row in told.items()
            for participant in takes_part[row.tandem_id]
            if took_part_on(participant, row.held_on)
            and (row.came_ids is None or participant.person_id in row.came_ids)
        ),
        batch_size=BATCH,
    )


def already_together(mentor: str, mentee: str) -> Reason:
    """Two people are one running tandem, not two."""
    return Reason(
        "together",
        _("%(mentor)s and %(mentee)s are a running tandem already.")
        % {"mentor": mentor, "mentee": mentee},
    )


def scope_at(site: Site) -> dict[str, int]:
    """The columns that tie a row to a site."""
    return {
        "programme_id": site.programme_id,
        "carrier_id": site.carrier_id,
        "site_id": site.pk,
    }


def _locked_people(site: Site, rows: Iterable[TandemHistory]) -> dict[int, Person]:
    ids = sorted(
        {pk for row in rows for pk in (*row.mentor_ids, *row.mentee_ids, *row.substitute_ids)}
    )
    found: dict[int, Person] = {}
    for part in batches(ids):
        # Who was merged since the list was compared is missing, and the list is compared anew.
        people = Person.objects.select_for_update(of=("self",)).filter(
            site=site, pk__in=part, merged_into__isnull=True
        )
        found |= {person.pk: person for person in people.order_by("pk")}
    if found.keys() != set(ids):
        raise LookupError(f"No people of site {site.pk}: {sorted(set(ids) - found.keys())}")
    return found


def _together(people: Collection[int]) -> set[tuple[int, int]]:
    """Mentor and mentee of every running tandem among these people."""
    found: dict[int, dict[str, list[int]]] = {}
    for part in batches(sorted(people)):
        rows = Participant.objects.filter(
            person_id__in=part, left_on__isnull=True, tandem__state__in=OPEN_STATES
        )
        for tandem, side, person in rows.values_list("tandem_id", "side", "person_id"):
            found.setdefault(tandem, {}).setdefault(side, []).append(person)
    return {
        (mentor, mentee)
        for sides in found.values()
        for mentor in sides.get(Side.MENTOR, ())
        for mentee in sides.get(Side.MENTEE, ())
    }


def _tandem(site: Site, row: TandemHistory, at: datetime) -> Tandem:
    return Tandem(
        **scope_at(site),
        file_id=row.file_id,
        kind_id=row.kind_id,
        focus_id=row.focus_id,
        field_id=row.field_id,
        state=row.state,
        why=row.why,
        name=row.name,
        places=row.places,
        expected_end_on=row.expected_end_on,
        ended_on=row.ended_on,
        end_reason=row.end_reason,
        created_at=noon_of(row.began_on),
        taken_over_at=at,
    )


def _participants(tandem: Tandem, row: TandemHistory) -> Iterable[Participant]:
    asked = row.state is State.PROPOSED
    people = (
        *((pk, Side.MENTOR, False) for pk in row.mentor_ids),
        *((pk, Side.MENTEE, False) for pk in row.mentee_ids),
        *((pk, Side.MENTOR, True) for pk in row.substitute_ids),
    )
    for person_id, side, stands_in in people:
        yield Participant(
            tandem=tandem,
            person_id=person_id,
            side=side,
            is_substitute=stands_in,
            programme_id=tandem.programme_id,
            carrier_id=tandem.carrier_id,
            site_id=tandem.site_id,
            acceptance=Acceptance.OPEN if asked else Acceptance.ACCEPTED,
            answered_on=None if asked else row.began_on,
            joined_on=row.began_on,
            left_on=row.ended_on,
        )


def _steps(tandem: Tandem, row: TandemHistory, by: Actor) -> Iterable[TandemStep]:
    begun = State.ACTIVE if row.state is State.ENDED else row.state
    shared: dict[str, Any] = {
        "tandem": tandem,
        "programme_id": tandem.programme_id,
        "carrier_id": tandem.carrier_id,
        "site_id": tandem.site_id,
        "by_id": by.user_id,
    }
    yield TandemStep(
        **shared, step=TAKE_OVER, from_state="", to_state=begun, at=noon_of(row.began_on)
    )
    if row.ended_on is not None:
        yield TandemStep(
            **shared,
            step="end",
            from_state=begun,
            to_state=State.ENDED,
            at=noon_of(row.ended_on),
            reason=row.end_reason,
        )


def locked_tandems(site: Site, ids: Collection[int]) -> dict[int, Tandem]:
    """Tandems of a site that came from lists, by id, locked in the order of the ids.

    Raises ``LookupError`` for others.
    """
    found: dict[int, Tandem] = {}
    for part in batches(sorted(ids)):
        rows = Tandem.objects.select_for_update(of=("self",)).filter(
            site=site, taken_over_at__isnull=False, pk__in=part
        )
        found |= {tandem.pk: tandem for tandem in rows.order_by("pk")}
    if found.keys() != set(ids):
        raise LookupError(f"Not taken over at site {site.pk}: {sorted(set(ids) - found.keys())}")
    return found


def _correct(site: Site, changed: Mapping[int, Mapping[str, Any]]) -> list[Tandem]:
    tandems = locked_tandems(site, changed)
    for pk, columns in changed.items():
        for name, value in columns.items():
            setattr(tandems[pk], name, value)
    corrected = list(tandems.values())
    names = {name for columns in changed.values() for name in columns}
    _write(corrected, sorted(names))
    return corrected


def _write(tandems: Iterable[Tandem], columns: Sequence[str]) -> None:
    """Write columns of many tandems; an upsert by id is many times faster than an UPDATE."""
    if columns:
        Tandem.objects.bulk_create(
            tandems,
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=columns,
            batch_size=BATCH,
        )


def _participants_of(ids: Collection[int]) -> dict[int, list[Participant]]:
    """Who has ever said yes to taking part, by tandem."""
    found: dict[int, list[Participant]] = {pk: [] for pk in ids}
    for part in batches(sorted(ids)):
        rows = Participant.objects.filter(tandem_id__in=part, acceptance=Acceptance.ACCEPTED)
        for row in rows.order_by("pk"):
            found[row.tandem_id].append(row)
    return found


def _count(tandems: Mapping[int, Tandem]) -> None:
    """Count the meetings of many tandems anew."""
    for part in batches(sorted(tandems)):
        counted = (
            Meeting.objects.filter(tandem_id__in=part)
            .order_by()
            .values_list("tandem_id")
            .annotate(Count("pk"), Min("held_on"), Max("held_on"))
        )
        for pk, count, first, last in counted:
            tandem = tandems[pk]
            tandem.meeting_count, tandem.founded_on, tandem.last_meeting_on = count, first, last
    _write(tandems.values(), ["meeting_count", "founded_on", "last_meeting_on"])
