"""Documents to gatherings, for exactly those who may open them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from patenwerk.core.clock import day_of
from patenwerk.core.policy import Actor, visible
from patenwerk.gatherings.enums import KNOWN, Access, Audience, ContributionState, Seat
from patenwerk.gatherings.models import Contribution, Gathering, Material, Registration
from patenwerk.gatherings.policy import ORGANISE, SEE_EXPERT, SEE_GATHERING, SEND_PEOPLE

_FOR_REGISTERED = (Access.EVERYBODY, Access.REGISTERED)
#: What others than the organisers learn of contributions: who said yes.
_CERTAIN = (ContributionState.ACCEPTED, ContributionState.HELD)
#: Whether the contribution took place is still to be said.
_OPEN = (ContributionState.ACCEPTED, ContributionState.INVITED)


def materials(actor: Actor) -> QuerySet[Material]:
    """The documents the actor may open, with gathering and agenda item.

    »Those registered« are the actor with a seat, and whoever sends somebody with one. Organisers
    open everything of theirs.
    """
    seated = Registration.objects.filter(
        Q(account__isnull=False, account=actor.user_id) | visible(actor, SEND_PEOPLE, Registration),
        state=Seat.SEATED,
    )
    opened = (
        Q(access__in=[Access.EVERYBODY, Access.CIRCLE])
        | Q(access=Access.REGISTERED, gathering__in=seated.values("gathering_id"))
        | visible(actor, ORGANISE, Material)
    )
    return Material.objects.filter(opened, visible(actor, SEE_GATHERING, Material)).select_related(
        "gathering", "item"
    )


def public_materials() -> QuerySet[Material]:
    """The documents everybody may open: of gatherings open to everybody, once announced."""
    return Material.objects.filter(
        access=Access.EVERYBODY, gathering__audience=Audience.PUBLIC, gathering__state__in=KNOWN
    ).select_related("gathering", "item")


def materials_for(registration: Registration) -> QuerySet[Material]:
    """The documents of a gathering for somebody who has a seat there, with or without login."""
    if registration.state != Seat.SEATED:
        return Material.objects.none()
    circle = [Access.CIRCLE] if registration.carrier_id is not None else []
    return Material.objects.filter(
        gathering_id=registration.gathering_id,
        gathering__state__in=KNOWN,
        access__in=[*_FOR_REGISTERED, *circle],
    ).select_related("item")


def materials_for_expert(contribution: Contribution) -> QuerySet[Material]:
    """The documents for an expert invited to a gathering; a yes opens those of participants."""
    is_coming = contribution.state in _CERTAIN
    return Material.objects.filter(
        gathering__isnull=False,
        gathering=contribution.gathering_id,
        gathering__state__in=KNOWN,
        access__in=_FOR_REGISTERED if is_coming else [Access.EVERYBODY],
    ).select_related("item")


def materials_panel(
    actor: Actor,
    ids: Sequence[int],
    on: date,
) -> Mapping[int, Mapping[str, Any]]:
    """Documents and experts' contributions of gatherings; without any only for organisers."""
    known = Gathering.objects.filter(visible(actor, SEE_GATHERING, Gathering), pk__in=ids)
    own = visible(actor, ORGANISE, Gathering)
    organised = set(Gathering.objects.filter(own, pk__in=ids).values_list("pk", flat=True))
    panels: dict[int, dict[str, Any]] = {
        gathering.pk: {
            "gathering": gathering,
            "materials": [],
            "contributions": [],
            "organises": gathering.pk in organised,
            "asks_experts": gathering.pk in organised and actor.has(SEE_EXPERT),
            "has_begun": day_of(gathering.starts_at) <= on,
            "open_states": _OPEN,
        }
        for gathering in known
    }
    for material in materials(actor).filter(gathering__in=panels):
        panels[material.gathering_id]["materials"].append(material)
    for contribution in _contributions(actor, organised).filter(gathering__in=panels):
        panels[contribution.gathering_id or 0]["contributions"].append(contribution)
    return {
        pk: panel
        for pk, panel in panels.items()
        if panel["materials"] or panel["contributions"] or panel["organises"]
    }


def _contributions(actor: Actor, organised: set[int]) -> QuerySet[Contribution]:
    told = Q(state__in=_CERTAIN) | Q(gathering__in=organised)
    return Contribution.objects.filter(
        told, visible(actor, SEE_EXPERT, Contribution)
    ).select_related("expert")
