"""Logging meetings."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, Min
from django.utils.translation import gettext_lazy as _

from patenwerk.audit.domain.record import record
from patenwerk.core.clock import day_of
from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Reason, Refusal
from patenwerk.tandems.enums import MEETING_STATES, MeetingPlace
from patenwerk.tandems.models import Meeting, Participant, Tandem
from patenwerk.tandems.queries.protection import minors_without_valid_check

SHORTEST, LONGEST = 5, 1440
"""Minutes a meeting can last."""


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
    reasons = [*_not_now(tandem), *_not_like_this(tandem, values, at)]
    if reasons:
        raise CannotLogMeeting(reasons)
    meeting = Meeting.objects.create(
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
    meeting.came.set(values.came)
    _count(tandem)
    record(
        by=by, at=at, action="tandems.log_meeting", things=[meeting], details={"tandem": tandem.pk}
    )
    return meeting


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


def _not_like_this(tandem: Tandem, values: MeetingValues, at: datetime) -> Iterable[Reason]:
    if values.held_on > day_of(at):
        yield Reason("future", _("This day lies in the future."), "held_on")
    elif values.held_on < day_of(tandem.created_at):
        yield Reason("before", _("The tandem was proposed after this day."), "held_on")
    if not SHORTEST <= values.minutes <= LONGEST:
        yield Reason("minutes", _("A meeting lasts between 5 minutes and 24 hours."), "minutes")
    participants = list(tandem.participants.select_related("person"))
    known = {row.pk for row in participants}
    if not {row.pk for row in values.came} <= known:
        yield Reason("came", _("Please choose from those shown."), "came")
    people = [row.person for row in participants]
    for mentor in minors_without_valid_check(people, on=values.held_on):
        yield Reason(
            "record_check",
            _("The record check of %(name)s is missing or too old. Please inspect it first.")
            % {"name": mentor.full_name},
        )


def _count(tandem: Tandem) -> None:
    counted = tandem.meetings.aggregate(
        count=Count("pk"), first=Min("held_on"), last=Max("held_on")
    )
    tandem.meeting_count = counted["count"]
    tandem.founded_on, tandem.last_meeting_on = counted["first"], counted["last"]
    tandem.save(update_fields=["meeting_count", "founded_on", "last_meeting_on"])
