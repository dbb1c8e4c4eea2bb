"""Writing the record: one row per domain call, in the same transaction."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import models, router, transaction

from patenwerk.audit.models import AuditEntry
from patenwerk.core.policy import DEFAULT_COLUMNS, Actor, Level, Organisation

ACTION = re.compile(r"[a-z_]+\.[a-z_]+")
CODE = re.compile(r"[a-z0-9_.:-]*|[A-Z]{2,3}")
"""Ids, codes, ISO days and Land codes fit; sentences and names do not."""


def record(
    *,
    by: Actor,
    at: datetime,
    action: str,
    things: Iterable[models.Model],
    scope: Organisation | None = None,
    details: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Append one row: ``by`` did ``action`` (``"tandems.end"``) to ``things`` of one model.

    Bulk work makes one row per batch with all ids. The row belongs to ``scope``; without it to
    what the things have in common: each of programme, carrier and site that is the same for all.
    ``details`` takes ids, codes, figures and ISO days, nested as wanted.

    Raises ``RuntimeError`` outside a transaction (the row must vanish with the work it tells of),
    ``ValueError`` for no things, things of several models or without an id, a time without a
    zone, an action without its app, or details that look like something a person wrote.
    """
    if not transaction.get_connection(router.db_for_write(AuditEntry)).in_atomic_block:
        raise RuntimeError("The record is written inside a transaction only.")
    if at.tzinfo is None:
        raise ValueError("The record needs a time with its zone.")
    if not ACTION.fullmatch(action):
        raise ValueError(f"{action!r} is no action: app and verb, such as 'tandems.end'.")
    meant = list(things)
    object_type = _type_of(meant)
    ids = [thing.pk for thing in meant]
    belongs = dict(scope.scope_ids) if scope is not None else _common_scope(meant)
    return AuditEntry.objects.create(
        at=at,
        actor_id=by.user_id,
        action=action,
        object_type=object_type,
        object_id=ids[0] if len(ids) == 1 else None,
        object_ids=ids,
        programme_id=belongs.get(Level.PROGRAMME),
        carrier_id=belongs.get(Level.CARRIER),
        site_id=belongs.get(Level.SITE),
        details=_only_codes(details or {}),
    )


def object_type_of(model: type[models.Model]) -> str:
    """How the record names a model: ``"tandems.tandem"``."""
    return model._meta.label_lower


def _type_of(things: list[models.Model]) -> str:
    types = {object_type_of(thing._meta.model) for thing in things}
    if len(types) != 1:
        raise ValueError(f"One row names things of one model, not {sorted(types) or 'none'}.")
    if any(not isinstance(thing.pk, int) for thing in things):
        raise ValueError("The record names stored things with a number as id only.")
    return types.pop()


def _scope_of(thing: models.Model) -> Mapping[Level, int | None]:
    """Whom one thing belongs to: its own answer where it is an organisation, else its columns."""
    own: Mapping[Level, int] | None = getattr(thing, "scope_ids", None)
    if own is not None:
        return own
    columns = getattr(thing, "scope_columns", DEFAULT_COLUMNS)
    return {level: getattr(thing, column, None) for level, column in columns.items()}


def _common_scope(things: list[models.Model]) -> dict[Level, int]:
    """The levels at which all things name the same organisation."""
    scopes = [_scope_of(thing) for thing in things]
    common = {}
    for level in Level:
        ids = {scope.get(level) for scope in scopes}
        only = ids.pop()
        if only is not None and not ids:
            common[level] = only
    return common


def _only_codes(value: Any) -> Any:
    """The value as JSON, refused where it could hold a person's words."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        if not CODE.fullmatch(value):
            raise ValueError("The record's details hold ids and codes, never values.")
        return str(value)
    if isinstance(value, Mapping):
        return {_only_codes(str(key)): _only_codes(item) for key, item in value.items()}
    if isinstance(value, Iterable):
        return [_only_codes(item) for item in value]
    raise ValueError(f"The record's details cannot hold a {type(value).__name__}.")
