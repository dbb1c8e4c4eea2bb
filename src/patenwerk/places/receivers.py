"""After migrating, the table of towns that is part of the product is there."""

from __future__ import annotations

from typing import Any

from django.db import connections

from patenwerk.core.clock import now
from patenwerk.places.domain.place import load_default_places
from patenwerk.places.models import Place, PlaceList


def fill_places(using: str, **_kwargs: Any) -> None:
    """Fill an empty or outdated table. Migrating is a command, so the clock is read here."""
    tables = connections[using].introspection.table_names()
    # Migrating backwards ends with the same signal, without the tables.
    if {Place._meta.db_table, PlaceList._meta.db_table} <= set(tables):
        load_default_places(at=now(), using=using)
