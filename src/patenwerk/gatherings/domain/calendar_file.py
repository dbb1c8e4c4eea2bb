"""The calendar file that goes with a mail about a registration."""

from __future__ import annotations

from django.conf import settings

from patenwerk.gatherings.enums import Seat, State
from patenwerk.gatherings.kernel.calendar import Method, Organiser, calendar
from patenwerk.gatherings.models import Registration
from patenwerk.gatherings.queries.calendar import entry_of
from patenwerk.mail.domain.send import Attachment


def calendar_file(registration: Registration, *, url: str, language: str) -> Attachment:
    """The gathering as an .ics for somebody who registered; ``url`` leads to the registration.

    With a seat it puts the gathering into the calendar, with the link to join. When the gathering
    is cancelled, or the seat was given up, it takes it out again: the same entry, cancelled.
    """
    gathering = registration.gathering
    is_over = gathering.state == State.CANCELLED or registration.state == Seat.DECLINED
    entry = entry_of(
        gathering,
        url=url,
        joins=registration.state == Seat.SEATED,
        language=language,
        is_cancelled=is_over,
    )
    method = Method.CANCEL if is_over else Method.PUBLISH
    carrier = gathering.carrier
    content = calendar(
        [entry],
        name=gathering.title,
        method=method,
        organiser=Organiser(
            name=carrier.name if carrier is not None else gathering.programme.name,
            email=settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].rstrip(">"),
        ),
    )
    return Attachment(
        name=f"treffen-{gathering.pk}.ics",
        media_type=f"text/calendar; method={method.value}; charset=utf-8",
        content=content,
    )
