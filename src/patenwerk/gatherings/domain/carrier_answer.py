"""Reminding the carriers that have not said whether they come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from patenwerk.audit.domain.record import record
from patenwerk.core.clock import day_of
from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Reason, Refusal
from patenwerk.gatherings.domain.seats import lock_gathering, still_ahead
from patenwerk.gatherings.enums import State
from patenwerk.gatherings.models import CarrierShare, Gathering
from patenwerk.gatherings.queries.contact import contacts_of
from patenwerk.gatherings.queries.registration import carriers_without_answer
from patenwerk.mail.domain.send import queue_mail

PAUSE = timedelta(days=1)
"""So soon no carrier is reminded again."""


class CannotRemind(Refusal):
    """Nobody was written to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminded:
    """How many carriers were written to, and how many have nobody to write to."""

    carriers: int
    without_contact: int


def remind_carriers(*, gathering: Gathering, link: str, by: Actor, at: datetime) -> Reminded:
    """Write to the contacts of all carriers that have not answered, at most once a day each.

    ``link`` is the address of the gathering. Locks the gathering. Raises :class:`CannotRemind`
    while registration is not open, or when there is nobody to remind now.
    """
    locked = lock_gathering(gathering.pk)
    if locked.state != State.OPEN or not still_ahead(locked, at):
        raise CannotRemind(Reason("not_open", _("Registration is not open.")))
    silent = [
        carrier
        for carrier in carriers_without_answer(locked)
        if carrier.reminded_at is None or carrier.reminded_at <= at - PAUSE
    ]
    if not silent:
        sentence = _("Everybody has answered or was reminded within the last day.")
        raise CannotRemind(Reason("nobody", sentence))
    contacts = contacts_of([carrier.pk for carrier in silent], day_of(at))
    reached = [carrier for carrier in silent if contacts[carrier.pk]]
    for carrier in reached:
        CarrierShare.objects.update_or_create(
            gathering=locked,
            of_carrier=carrier,
            defaults={"reminded_at": at},
            create_defaults={**locked.organiser_columns, "reminded_at": at},
        )
        for contact in contacts[carrier.pk]:
            queue_mail(
                to=contact.email,
                template="gathering_reminder",
                context={
                    "name": contact.name,
                    "carrier": carrier.name,
                    "title": locked.title,
                    "starts_at": locked.starts_at,
                    "closes_at": locked.closes_at,
                    "link": link,
                },
                language=contact.language,
                by=by,
                at=at,
            )
    record(
        by=by,
        at=at,
        action="gatherings.remind_carriers",
        things=[locked],
        details={"carriers": [carrier.pk for carrier in reached]},
    )
    return Reminded(carriers=len(reached), without_contact=len(silent) - len(reached))
