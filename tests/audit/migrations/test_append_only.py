from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from patenwerk.audit.domain.record import record
from patenwerk.audit.models import AuditEntry
from patenwerk.core.policy import Actor
from patenwerk.jobs.models import Job


@pytest.fixture
def entry(db: None) -> AuditEntry:
    return record(
        by=Actor(user_id=7),
        at=datetime(2026, 3, 1, tzinfo=UTC),
        action="tandems.end",
        things=[Job(pk=5)],
    )


def refused(statement: str, *values: object) -> None:
    """The statement is refused, and the record is as it was."""
    before = list(AuditEntry.objects.values())
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, values)
    assert list(AuditEntry.objects.values()) == before


def test_no_row_is_changed(entry: AuditEntry) -> None:
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        AuditEntry.objects.filter(pk=entry.pk).update(actor_id=8)
    refused("UPDATE audit_auditentry SET actor_id = 8")


def test_no_row_is_removed(entry: AuditEntry) -> None:
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        entry.delete()
    refused("DELETE FROM audit_auditentry WHERE id = %s", entry.pk)


def test_no_row_is_replaced_by_one_of_its_id(entry: AuditEntry) -> None:
    columns = [field.column for field in AuditEntry._meta.concrete_fields]
    names = ", ".join(columns)
    changed = ", ".join("8" if name == "actor_id" else name for name in columns)
    copy = f"audit_auditentry ({names}) SELECT {changed} FROM audit_auditentry"  # noqa: S608
    if connection.vendor == "sqlite":
        refused(f"INSERT OR REPLACE INTO {copy}")
    else:
        refused(f"INSERT INTO {copy} ON CONFLICT (id) DO UPDATE SET actor_id = 8")


def test_the_table_is_not_truncated(entry: AuditEntry) -> None:
    statement = "TRUNCATE audit_auditentry" if connection.vendor == "postgresql" else None
    refused(statement or "DELETE FROM audit_auditentry")


def test_not_even_a_flush_of_the_database_removes_it(entry: AuditEntry) -> None:
    with pytest.raises(CommandError), transaction.atomic():
        call_command("flush", interactive=False, verbosity=0, inhibit_post_migrate=True)

    assert AuditEntry.objects.get() == entry
