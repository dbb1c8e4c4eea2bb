"""The actor of an account on a day: its grants as permissions over organisations."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q

from patenwerk.core.clock import day_of
from patenwerk.core.policy import Actor, Grant, Level, permissions_of
from patenwerk.organisations.models import Account, RoleGrant

NOBODY = Actor(user_id=None)


def grants_in_force(account: Account, on: date) -> list[RoleGrant]:
    """The role grants of an account that hold on a day, with their organisations: one query."""
    return list(
        RoleGrant.objects.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=on), account=account, valid_from__lte=on
        ).select_related("programme", "carrier", "site")
    )


def actor_from(account_id: int, grants: list[RoleGrant]) -> Actor:
    """The actor that these role grants make."""
    held: set[Grant] = set()
    for grant in grants:
        level, organisation_id = _narrowest(grant)
        held |= {Grant(name, level, organisation_id) for name in permissions_of(grant.role)}
    return Actor(user_id=account_id, grants=frozenset(held))


def actor_for(account: Account, on: date) -> Actor:
    """The actor of an account on a day. A closed account holds nothing."""
    if not account.is_active:
        return Actor(user_id=account.pk)
    return actor_from(account.pk, grants_in_force(account, on))


def actor_at(user_id: int, at: datetime) -> Actor:
    """The actor a background job works for, with what it may at that moment."""
    account = Account.objects.filter(pk=user_id).first()
    return Actor(user_id=user_id) if account is None else actor_for(account, day_of(at))


def _narrowest(grant: RoleGrant) -> tuple[Level, int]:
    if grant.site_id is not None:
        return Level.SITE, grant.site_id
    if grant.carrier_id is not None:
        return Level.CARRIER, grant.carrier_id
    return Level.PROGRAMME, grant.programme_id
