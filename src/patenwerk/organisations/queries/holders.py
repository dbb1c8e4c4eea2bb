"""Whose role it is: the accounts that hold one on a day, to write to."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from patenwerk.organisations.enums import Role
from patenwerk.organisations.models import Account, RoleGrant, Site


def holders_of(role: Role, on: date) -> QuerySet[RoleGrant]:
    """The grants of a role in force on a day of accounts that can log in, by name."""
    return (
        RoleGrant.objects.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=on),
            role=role,
            valid_from__lte=on,
            account__is_active=True,
        )
        .select_related("account")
        .order_by("account__last_name", "account__first_name", "pk")
    )


def coordinators_of(site: Site, on: date) -> list[Account]:
    """Who coordinates a site on a day, each once: one query."""
    grants = holders_of(Role.COORDINATOR, on).filter(site=site)
    # Two grants of one account may overlap: everybody is written to once.
    return list(dict.fromkeys(grant.account for grant in grants))
