"""Organisations and roles, as far as the actor's grants reach."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Q, QuerySet

from patenwerk.core.policy import Actor, visible
from patenwerk.organisations.models import Carrier, Invitation, Programme, RoleGrant, Site
from patenwerk.organisations.policy import SEE_CARRIER, SEE_GRANTS, SEE_PROGRAMME, SEE_SITE


def programmes(actor: Actor) -> QuerySet[Programme]:
    """The programmes whose settings the actor sees."""
    return Programme.objects.filter(visible(actor, SEE_PROGRAMME, Programme))


def carriers(actor: Actor) -> QuerySet[Carrier]:
    """The carriers the actor sees, each with ``site_count``."""
    return Carrier.objects.filter(visible(actor, SEE_CARRIER, Carrier)).annotate(
        site_count=Count("sites")
    )


def sites(actor: Actor, permission: str = SEE_SITE) -> QuerySet[Site]:
    """The sites the actor's permission reaches, with their carrier."""
    return Site.objects.filter(visible(actor, permission, Site)).select_related("carrier")


def grants(actor: Actor, on: date) -> QuerySet[RoleGrant]:
    """The roles in force on a day that the actor sees."""
    return RoleGrant.objects.filter(
        visible(actor, SEE_GRANTS, RoleGrant),
        Q(valid_to__isnull=True) | Q(valid_to__gte=on),
        valid_from__lte=on,
    ).select_related("account", "programme", "carrier", "site")


def open_invitations(actor: Actor) -> QuerySet[Invitation]:
    """Invitations nobody has accepted or withdrawn yet."""
    return Invitation.objects.filter(
        visible(actor, SEE_GRANTS, Invitation),
        accepted_at__isnull=True,
        withdrawn_at__isnull=True,
    ).select_related("programme", "carrier", "site")
