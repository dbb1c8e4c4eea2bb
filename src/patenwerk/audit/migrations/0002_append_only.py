"""Triggers refuse to change or remove a row of the record, on both databases.

Both answer with an integrity error. Rebuilding the table in a later migration loses SQLite's
triggers: such a migration has to run this module's functions again (a test looks for them).
"""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SENTENCE = "The record is append-only."

# REPLACE removes rows without firing the delete trigger, hence the third one.
SQLITE = {
    "audit_no_update": f"""
        CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit_auditentry
        BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END""",
    "audit_no_delete": f"""
        CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit_auditentry
        BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END""",
    "audit_no_replace": f"""
        CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit_auditentry
        WHEN EXISTS (SELECT 1 FROM audit_auditentry WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END""",
}

POSTGRESQL = (
    f"""
    CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'integrity_constraint_violation';
    END $$""",
    """
    CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit_auditentry
    FOR EACH ROW EXECUTE FUNCTION audit_refuse()""",
    """
    CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()""",
)


def seal(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Create the triggers."""
    if schema_editor.connection.vendor == "sqlite":
        statements = tuple(SQLITE.values())
    else:
        statements = POSTGRESQL
    for statement in statements:
        schema_editor.execute(statement)


def unseal(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Drop the triggers."""
    if schema_editor.connection.vendor == "sqlite":
        for name in SQLITE:
            schema_editor.execute(f"DROP TRIGGER {name}")
        return
    schema_editor.execute("DROP TRIGGER audit_no_change ON audit_auditentry")
    schema_editor.execute("DROP TRIGGER audit_no_truncate ON audit_auditentry")
    schema_editor.execute("DROP FUNCTION audit_refuse()")


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunPython(seal, unseal)]
