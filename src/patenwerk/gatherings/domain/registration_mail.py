"""What people are told about their registration, each time with the link to it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from django.utils import translation

from patenwerk.core.clock import day_of
from patenwerk.core.policy import Actor
from patenwerk.gatherings.domain.calendar_file import calendar_file
from patenwerk.gatherings.enums import Seat
from patenwerk.gatherings.models import Registration
from patenwerk.gatherings.queries.contact import contacts_of
from patenwerk.gatherings.queries.registration import token_of
from patenwerk.mail.domain.send import queue_mail


class Outcome(StrEnum):
    """What happened to a registration; names the mail that tells of it."""

    SEATED = "registration_seated"
    WAITING = "registration_waiting"
    SUBSTITUTE = "registration_substitute"
    OFFER = "registration_offer"
    INVITED = "registration_invited"
    STEPPED_IN = "registration_stepped_in"
    LAPSED = "registration_lapsed"
    LET_GO = "registration_let_go"
    DECLINED = "registration_declined"
    CANCELLED = "registration_cancelled"
    MOVED = "registration_moved"


BEGUN = {
    Seat.SEATED: Outcome.SEATED,
    Seat.WAITING: Outcome.WAITING,
    Seat.SUBSTITUTE: Outcome.SUBSTITUTE,
    Seat.OFFERED: Outcome.OFFER,
}
"""What is told of a registration that stands in a state."""

CALENDAR = frozenset({Outcome.SEATED, Outcome.STEPPED_IN, Outcome.DECLINED, Outcome.CANCELLED})
"""What puts the gathering into somebody's calendar, or takes it out of it."""


def tell(
    registration: Registration, outcome: Outcome, *, link: str, by: Actor, at: datetime
) -> None:
    """Mail what happened; ``link`` is the address of a registration with ``{token}`` in it.

    To the registration's own address, else its account's, else the first contact of its carrier;
    where there is none nobody is written to: the carrier's page shows the same.
    """
    receiver = _receiver(registration, at)
    if receiver is None:
        return
    address, language = receiver
    gathering = registration.gathering
    is_seated = registration.state == Seat.SEATED
    url = link.replace("{token}", token_of(registration))
    files = []
    if outcome in CALENDAR or (outcome is Outcome.MOVED and is_seated):
        with translation.override(language):
            files = [calendar_file(registration, url=url, language=language)]
    queue_mail(
        to=address,
        template=outcome.value,
        context={
            "name": registration.name,
            "title": gathering.title,
            "starts_at": gathering.starts_at,
            "place": ", ".join(part for part in (gathering.place_name, gathering.address) if part),
            "join_link": gathering.join_link if is_seated else "",
            "until": registration.offered_until,
            "reason": gathering.cancel_reason,
            "link": url,
        },
        language=language,
        by=by,
        at=at,
        is_secret=True,
        attachments=files,
    )


def _receiver(registration: Registration, at: datetime) -> tuple[str, str] | None:
    if registration.email:
        return registration.email, registration.language
    if registration.account is not None:
        return registration.account.email, registration.account.language
    carriers = [] if registration.carrier_id is None else [registration.carrier_id]
    contacts = [each for found in contacts_of(carriers, day_of(at)).values() for each in found]
    return (contacts[0].email, contacts[0].language) if contacts else None
