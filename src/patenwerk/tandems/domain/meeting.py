"""Logging meetings."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, Min
from django.utils.translation import gettext_lazy as _

from patenwerk.audit.domain.record import record
from patenwerk.core.clock import day_of
from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Reason, Refusal
from patenwerk.people.models import Person
from patenwerk.tandems.domain.lifecycle import needs_record_check
from patenwerk.tandems.enums import MEETING_STATES, MeetingPlace
from patenwerk.tandems.kernel.rows import LONGEST, SHORTEST
from patenwerk.tandems.models import Meeting, Participant, Tandem
from patenwerk.tandems.queries.participant import took_part_on
from patenwerk.tandems.queries.protection import minors_without_valid_check_by_day


class CannotLogMeeting(Refusal):
    """The meeting was not logged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingValues:
    """A meeting as said on the phone: day, minutes, where, what, who came."""

    held_on: date
    minutes: int
    place: str = MeetingPlace.IN_PERSON
    topic: str = ""
    came: Collection[Participant] = ()


def log_meeting(
    *,
    tandem: Tandem,
    values: MeetingValues,
    by: Actor,
    at: datetime,
    form_key: uuid.UUID | None = None,
) -> Meeting:
    """Log a meeting. The first one founds the tandem.

    ``form_key`` names the form that was filled in: sending it twice logs one meeting. Locks the
    tandem. Raises :class:`CannotLogMeeting` with all reasons.
    """
    tandem = Tandem.objects.select_for_update().get(pk=tandem.pk)
    key = form_key or uuid.uuid4()
    logged = Meeting.objects.filter(form_key=key, tandem=tandem).first()
    if logged is not None:
        return logged
    return _log(tandem, {key: values}, by, at)[0]


def log_meetings(
    *, tandem: Tandem, meetings: Sequence[MeetingValues], by: Actor, at: datetime
) -> list[Meeting]:
    """Log several meetings of a tandem at once, as they stand on one sheet: all or none.

    Locks the tandem. Raises :class:`CannotLogMeeting` with the reasons against the first meeting
    that cannot be logged. As many queries as for one meeting.
    """
    tandem = Tandem.objects.select_for_update().get(pk=tandem.pk)
    return _log(tandem, {uuid.uuid4(): values for values in meetings}, by, at)


def _log(
    tandem: Tandem, meetings: Mapping[uuid.UUID, MeetingValues], by: Actor, at: datetime
) -> list[Meeting]:
    rows = list(tandem.participants.select_related("person"))
    days = {values.held_on for values in meetings.values()}
    stayed = [row for row in rows if row.left_on is None or row.left_on >= min(days)]
    unprotected = minors_without_valid_check_by_day([row.person for row in stayed], days=days)
    for values in meetings.values():
        mentors = unprotected[values.held_on]
        known = {row.pk for row in stayed if took_part_on(row, values.held_on)}
        reasons = [*_not_now(tandem), *_not_like_this(tandem, values, at, known, mentors)]
        if reasons:
            raise CannotLogMeeting(reasons)
    logged = Meeting.objects.bulk_create(
        Meeting(
            tandem=tandem,
            programme_id=tandem.programme_id,
            carrier_id=tandem.carrier_id,
            site_id=tandem.site_id,
            held_on=values.held_on,
            minutes=values.minutes,
            place=values.place,
            topic=values.topic,
            form_key=key,
            logged_by_id=by.user_id,
            created_at=at,
        )
        for key, values in meetings.items()
    )
    through = Meeting.came.through
    through.objects.bulk_create(
        through(meeting_id=meeting.pk, participant_id=row.pk)
        for meeting in logged
        for row in meetings[meeting.form_key].came
    )
    _count(tandem)
    if logged:
        record(
            by=by, at=at, action="tandems.log_meeting", things=logged, details={"tandem": tandem.pk}
        )
    return logged


def remove_meeting(*, meeting: Meeting, by: Actor, at: datetime) -> None:
    """Take back a meeting that was logged by mistake.

    Raises :class:`CannotLogMeeting` when the tandem has ended: its figures stand.
    """
    tandem = Tandem.objects.select_for_update().get(pk=meeting.tandem_id)
    if tandem.state not in MEETING_STATES:
        raise CannotLogMeeting(
            Reason("state", _("Meetings of this tandem stand: it is paused or has ended."))
        )
    record(
        by=by,
        at=at,
        action="tandems.remove_meeting",
        things=[meeting],
        details={"tandem": tandem.pk},
    )
    meeting.delete()
    _count(tandem)


def _not_now(tandem: Tandem) -> Iterable[Reason]:
    if tandem.state not in MEETING_STATES:
        yield Reason(
            "state", _("Meetings are logged in the trial and in active tandems. Please look again.")
        )


def _not_like_this(
    tandem: Tandem,
    values: MeetingValues,
    at: datetime,
    known: Collection[int],
    unprotected: Iterable[Person],
) -> Iterable[Reason]:
    if values.held_on > day_of(at):
        yield Reason("future", _("This day lies in the future."), "held_on")
    elif values.held_on < day_of(tandem.created_at):
        yield Reason("before", _("The tandem was proposed after this day."), "held_on")
    elif not {row.pk for row in values.came} <= set(known):
        yield Reason("came", _("Please choose who took part on that day."), "came")
    if not SHORTEST <= values.minutes <= LONGEST:
        yield Reason("minutes", _("A meeting lasts between 5 minutes and 24 hours."), "minutes")
    for mentor in unprotected:
        yield needs_record_check(mentor)


def _count(tandem: Tandem) -> None:
    counted = tandem.meetings.aggregate(
        count=Count("pk"), first=Min("held_on"), last=Max("held_on")
    )
    tandem.meeting_count = counted["count"]
    tandem.founded_on, tandem.last_meeting_on = counted["first"], counted["last"]
    tandem.save(update_fields=["meeting_count", "founded_on", "last_meeting_on"])
