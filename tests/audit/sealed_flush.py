"""Lets Django's flush after a transactional test empty the record, whose triggers refuse that.

The triggers know no exception, so production has none. Only here, for the statements of the
flush, they are taken off and put back inside its transaction.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import pytest
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.operations import BaseDatabaseOperations

TRIGGERS: dict[str, str] = import_module("patenwerk.audit.migrations.0002_append_only").SQLITE


@contextmanager
def unsealed(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """The record without its triggers, inside one transaction."""
    if connection.vendor == "sqlite":
        off = [f"DROP TRIGGER {name}" for name in TRIGGERS]
        on = list(TRIGGERS.values())
    else:
        off = ["ALTER TABLE audit_auditentry DISABLE TRIGGER USER"]
        on = ["ALTER TABLE audit_auditentry ENABLE TRIGGER USER"]
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for statement in off:
            cursor.execute(statement)
        yield
        for statement in on:
            cursor.execute(statement)


@pytest.fixture(scope="session", autouse=True)
def flush_past_the_seal() -> Iterator[None]:
    original = BaseDatabaseOperations.execute_sql_flush

    def flush(self: Any, sql_list: list[str]) -> None:
        if not any("audit_auditentry" in statement for statement in sql_list):
            original(self, sql_list)
            return
        with unsealed(self.connection):
            original(self, sql_list)

    patch = pytest.MonkeyPatch()
    patch.setattr(BaseDatabaseOperations, "execute_sql_flush", flush)
    yield
    patch.undo()
