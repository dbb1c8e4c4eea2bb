"""Inviting experts to contribute, their answer, and whether it took place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from patenwerk.audit.domain.record import record
from patenwerk.core.clock import day_of
from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Reason, Refusal
from patenwerk.gatherings.domain.answer_mail import tell_inviter_of_expert
from patenwerk.gatherings.enums import AHEAD, ContributionState
from patenwerk.gatherings.models import Contribution, Expert, Gathering
from patenwerk.gatherings.queries.expert import contribution_token
from patenwerk.mail.domain.send import queue_mail


class CannotInviteExpert(Refusal):
    """The invitation was not sent."""


class CannotSettle(Refusal):
    """The answer came too late or too early."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """What an expert is invited to contribute, and in whose words.

    ``link`` is the address of an invitation with ``{token}`` in it.
    """

    title: str
    words: str
    inviter: str
    link: str


@transaction.atomic
def invite_expert(
    *, expert: Expert, gathering: Gathering, invitation: Invitation, by: Actor, at: datetime
) -> Contribution:
    """Invite an expert to a gathering by mail, with a link to say yes or no.

    Raises :class:`CannotInviteExpert`: not in the directory (any more), no address, another
    programme, a gathering that is over or cancelled, invited to the same already.
    """
    locked = Expert.objects.select_for_update(of=("self",)).get(pk=expert.pk)
    refusal = _against(locked, gathering, invitation.title)
    if refusal is not None:
        raise CannotInviteExpert(refusal)
    contribution = Contribution.objects.create(
        programme_id=locked.programme_id,
        expert=locked,
        gathering=gathering,
        title=invitation.title,
        held_on=day_of(gathering.starts_at),
        state=ContributionState.INVITED.value,
        invited_by_id=by.user_id,
    )
    queue_mail(
        to=locked.email,
        template="contribution_invited",
        context={
            "name": locked.name,
            "title": invitation.title,
            "words": invitation.words,
            "inviter": invitation.inviter,
            "gathering": gathering.title,
            "starts_at": gathering.starts_at,
            "place": gathering.place_name,
            "link": invitation.link.replace("{token}", contribution_token(contribution)),
        },
        language=locked.language,
        by=by,
        at=at,
        is_secret=True,
    )
    record(by=by, at=at, action="gatherings.invite_expert", things=[contribution])
    return contribution


@transaction.atomic
def answer_invitation(
    *, contribution: Contribution, accepts: bool, by: Actor, at: datetime
) -> None:
    """Say yes or no to an invitation; until the gathering this can change.

    Whoever invited is told by mail, each time it is another answer. Raises :class:`CannotSettle`
    once the gathering is over or cancelled.
    """
    _lock(contribution)
    gathering = contribution.gathering
    if (
        gathering is None
        or gathering.state not in AHEAD
        or gathering.starts_at <= at
        or contribution.state == ContributionState.HELD
    ):
        raise CannotSettle(Reason("over", _("The gathering has begun, is over or was cancelled.")))
    state = ContributionState.ACCEPTED if accepts else ContributionState.DECLINED
    is_news = contribution.state != state
    _settle(contribution, state)
    action = "gatherings.accept_contribution" if accepts else "gatherings.decline_contribution"
    record(by=by, at=at, action=action, things=[contribution])
    if is_news:
        tell_inviter_of_expert(contribution, gathering, accepts=accepts, by=by, at=at)


@transaction.atomic
def note_held(*, contribution: Contribution, took_place: bool, by: Actor, at: datetime) -> None:
    """Note after the gathering whether the contribution took place.

    Raises :class:`CannotSettle` before the gathering has begun, and for one nobody agreed to.
    """
    _lock(contribution)
    gathering = contribution.gathering
    if gathering is None or gathering.starts_at > at:
        raise CannotSettle(Reason("early", _("The gathering has not begun yet.")))
    if contribution.state not in {ContributionState.ACCEPTED, ContributionState.INVITED}:
        raise CannotSettle(Reason("settled", _("This is settled already.")))
    _settle(contribution, ContributionState.HELD if took_place else ContributionState.DECLINED)
    details = {"held": took_place}
    record(by=by, at=at, action="gatherings.note_held", things=[contribution], details=details)


def _against(expert: Expert, gathering: Gathering, title: str) -> Reason | None:
    if expert.consented_on is None or expert.withdrawn_on is not None:
        return Reason("not_there", _("This person is not in the directory."))
    if not expert.email:
        return Reason("address", _("There is no e-mail address of this person. Please call."))
    if gathering.programme_id != expert.programme_id or gathering.state not in AHEAD:
        sentence = _("Please choose a gathering that is still to come.")
        return Reason("gathering", sentence, "gathering")
    if Contribution.objects.filter(expert=expert, gathering=gathering, title=title).exists():
        return Reason("invited", _("This person was invited to this already."), "title")
    return None


def _lock(contribution: Contribution) -> None:
    locked = (
        Contribution.objects.select_for_update(of=("self",))
        .select_related("gathering")
        .get(pk=contribution.pk)
    )
    contribution.state, contribution.gathering = locked.state, locked.gathering


def _settle(contribution: Contribution, state: ContributionState) -> None:
    contribution.state = state.value
    contribution.save(update_fields=["state"])
