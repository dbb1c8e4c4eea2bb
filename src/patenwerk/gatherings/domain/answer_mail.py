"""Mails that tell people what became of what they had asked: of carriers, and of whom they invited.

To whom they go is decided in ``queries/addressee.py``. Nobody is told what they did themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from patenwerk.core.clock import day_of
from patenwerk.core.links import page_address
from patenwerk.core.policy import Actor
from patenwerk.gatherings.enums import ObjectionState
from patenwerk.gatherings.models import (
    AgendaItem,
    Contribution,
    Gathering,
    Objection,
    Registration,
)
from patenwerk.gatherings.queries.addressee import who_invited, who_spoke_for
from patenwerk.gatherings.queries.contact import Addressee
from patenwerk.gatherings.queries.registration import INVITE
from patenwerk.mail.domain.send import queue_mail


class ProposalOutcome(StrEnum):
    """What became of a carrier's proposal for an agenda."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    REMOVED = "removed"


def tell_objector(objection: Objection, *, by: Actor, at: datetime) -> None:
    """Tell who objected to minutes what the organisers answered."""
    gathering = objection.minutes.gathering
    _tell(
        who_spoke_for(objection.of_carrier_id, objection.raised_by_id, day_of(at)),
        "objection_answered",
        {
            "gathering": gathering.title,
            "starts_at": gathering.starts_at,
            "section": objection.section.heading if objection.section is not None else "",
            "objection": objection.text,
            "is_accepted": objection.state == ObjectionState.ACCEPTED,
            "answer": objection.answer,
            "link": page_address("gatherings:minutes", objection.minutes_id),
        },
        by=by,
        at=at,
    )


def tell_proposer(item: AgendaItem, outcome: ProposalOutcome, *, by: Actor, at: datetime) -> None:
    """Tell the carrier that proposed an item what became of it; the organisers know of theirs."""
    gathering = item.gathering
    _tell(
        who_spoke_for(item.proposed_by_id, item.created_by_id, day_of(at)),
        "proposal_answered",
        {
            "gathering": gathering.title,
            "starts_at": gathering.starts_at,
            "title": item.title,
            "outcome": outcome.value,
            "reason": item.decline_reason,
            "link": page_address("gatherings:agenda", gathering.pk),
        },
        by=by,
        at=at,
    )


def tell_inviter_of_expert(
    contribution: Contribution, gathering: Gathering, *, accepts: bool, by: Actor, at: datetime
) -> None:
    """Tell the organisers what an expert said to their invitation.

    Whoever has left the directory is not named any more.
    """
    _tell(
        who_invited(gathering, contribution.invited_by_id, day_of(at)),
        "invitation_answered",
        {
            **_invited_to(gathering),
            "guest": contribution.expert.name,
            "contribution": contribution.title,
            "accepts": accepts,
            "note": "",
            "link": page_address("gatherings:gathering", gathering.pk),
        },
        by=by,
        at=at,
    )


def tell_inviter_of_guest(
    registration: Registration, *, accepts: bool, note: str = "", by: Actor, at: datetime
) -> None:
    """Tell the organisers what somebody whom they invited by name said.

    Everybody else's coming and going is read on the list alone.
    """
    invitation = registration.steps_taken.filter(step=INVITE).first()
    if invitation is None:
        return
    gathering = registration.gathering
    _tell(
        who_invited(gathering, invitation.by_id, day_of(at)),
        "invitation_answered",
        {
            **_invited_to(gathering),
            "guest": registration.name,
            "contribution": "",
            "accepts": accepts,
            "note": note,
            "link": page_address("gatherings:registrations", gathering.pk),
        },
        by=by,
        at=at,
    )


def _invited_to(gathering: Gathering) -> dict[str, Any]:
    return {"gathering": gathering.title, "starts_at": gathering.starts_at}


def _tell(
    readers: Iterable[Addressee],
    template: str,
    context: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
) -> None:
    for reader in readers:
        if reader.account_id is not None and reader.account_id == by.user_id:
            continue
        queue_mail(
            to=reader.email,
            template=template,
            context={"name": reader.name, **context},
            language=reader.language,
            by=by,
            at=at,
        )
