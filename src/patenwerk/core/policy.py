"""Who may: one mechanism for lists, pages, exports, jobs and creation.

An :class:`Actor` carries what its grants allow as (permission, level, organisation). A rule is a
builder of ``Q``: a list filters with :func:`visible`, an object is the same query with its pk, so
the two cannot drift apart. Creation asks :func:`may_in`. Which role holds which permission is
declared by each app with :func:`declare`; core knows neither apps nor roles by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from django.db.models import Model, Q


class Level(StrEnum):
    """What a grant names and a row belongs to, from wide to narrow."""

    PROGRAMME = "programme"
    CARRIER = "carrier"
    SITE = "site"


@dataclass(frozen=True, slots=True)
class Grant:
    """One permission over everything that belongs to one organisation."""

    permission: str
    level: Level
    organisation_id: int


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an account's id and its grants on a day. Without grants it sees no rows."""

    user_id: int | None
    grants: frozenset[Grant] = field(default_factory=frozenset)

    def organisations(self, permission: str, level: Level) -> frozenset[int]:
        """Ids of the organisations of this level that the permission was granted for."""
        return frozenset(
            grant.organisation_id
            for grant in self.grants
            if grant.permission == permission and grant.level == level
        )

    def has(self, permission: str) -> bool:
        """Whether the permission was granted anywhere: decides on menus, never on rows."""
        return any(grant.permission == permission for grant in self.grants)


class Organisation(Protocol):
    """A programme, carrier or site, known by the ids above it and its own."""

    @property
    def scope_ids(self) -> Mapping[Level, int]:
        """The id at each level it belongs to; levels below it are missing."""


#: Names of the columns that say whom a row belongs to. Organisations themselves differ: a
#: carrier *is* its carrier column. Models say so in ``scope_columns``.
DEFAULT_COLUMNS: Mapping[Level, str] = {
    Level.PROGRAMME: "programme_id",
    Level.CARRIER: "carrier_id",
    Level.SITE: "site_id",
}


def columns_of(model: type[Model]) -> Mapping[Level, str]:
    """The scope columns a model has; a table without any belongs to nobody and is refused."""
    declared: Mapping[Level, str] | None = getattr(model, "scope_columns", None)
    if declared is not None:
        return declared
    names = {column.attname for column in model._meta.concrete_fields}
    found = {level: name for level, name in DEFAULT_COLUMNS.items() if name in names}
    if not found:
        raise TypeError(f"{model.__name__} has no scope columns: nobody can be granted its rows.")
    return found


def visible(actor: Actor, permission: str, model: type[Model], *, prefix: str = "") -> Q:
    """The rows of ``model`` that the permission reaches, as a filter.

    ``prefix`` is the join to the model from the filtered one (``"tandem__"``). Without a grant
    the filter matches nothing.
    """
    reach = Q(pk__in=())
    for level, column in columns_of(model).items():
        ids = actor.organisations(permission, level)
        if ids:
            reach |= Q(**{f"{prefix}{column}__in": sorted(ids)})
    for reached in _widened.get((permission, model), ()):
        for level in Level:
            ids = actor.organisations(permission, level)
            if ids:
                # A subquery instead of a join: no row appears twice.
                rows = model._default_manager.filter(reached(level, ids)).values("pk")
                reach |= Q(**{f"{prefix}pk__in": rows})
    return reach


Reached = Callable[[Level, frozenset[int]], Q]
_widened: dict[tuple[str, type[Model]], list[Reached]] = {}


def widen(permission: str, model: type[Model], reached: Reached) -> None:
    """Let a permission reach rows that belong to several organisations.

    ``reached(level, ids)`` is the filter on ``model`` for further rows that those organisations
    take part in. Said once, in an app's policy, for each permission by itself: seeing does not
    include doing. Saying the same twice says it once.
    """
    known = _widened.setdefault((permission, model), [])
    if reached not in known:
        known.append(reached)


def may_in(actor: Actor, permission: str, organisation: Organisation) -> bool:
    """Whether the permission was granted for the organisation or one above it."""
    scope = organisation.scope_ids
    return any(
        grant.permission == permission and scope.get(grant.level) == grant.organisation_id
        for grant in actor.grants
    )


_roles_of: dict[str, frozenset[str]] = {}


def declare(permission: str, *, roles: Iterable[str]) -> str:
    """Say once, in an app's policy, which roles hold a permission.

    Raises ``ValueError`` when the permission was declared before with other roles.
    """
    holders = frozenset(str(role) for role in roles)
    name = str(permission)
    if _roles_of.setdefault(name, holders) != holders:
        raise ValueError(f"The permission {name} is declared twice with different roles.")
    return name


def permissions_of(role: str) -> frozenset[str]:
    """Everything a role may, over all apps."""
    return frozenset(name for name, roles in _roles_of.items() if str(role) in roles)


def declared_permissions() -> Mapping[str, frozenset[str]]:
    """Every permission with its roles, for the reference page and the tests."""
    return dict(_roles_of)
