"""Reading the record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.db.models.expressions import Func

from patenwerk.audit.models import AuditEntry

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.sql.compiler import SQLCompiler


class _Names(Func):
    """Whether a JSON list of numbers holds one: SQLite and PostgreSQL ask it in different words."""

    output_field = models.BooleanField()

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any
    ) -> tuple[str, Any]:
        """The question in SQLite's words: the list is taken apart row by row."""
        return super().as_sql(
            compiler,
            connection,
            template="EXISTS (SELECT 1 FROM json_each(%(expressions)s)"
            " WHERE json_each.value = %(wanted)s)",
            wanted=self.extra["wanted"],
        )

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any
    ) -> tuple[str, Any]:
        """The question in PostgreSQL's words: containment of ``jsonb``."""
        return super().as_sql(
            compiler,
            connection,
            template="%(expressions)s @> to_jsonb(%(wanted)s)",
            wanted=self.extra["wanted"],
        )


def entries_for(object_type: str, object_id: int) -> models.QuerySet[AuditEntry]:
    """Every row that names the thing, alone or among others, newest first.

    ``object_type`` as in ``record``: ``"tandems.tandem"``. The caller's policy decides who may
    see the thing; this asks nobody.
    """
    alone = Q(object_id=object_id)
    among_others = Q(object_id=None) & Q(_Names("object_ids", wanted=int(object_id)))
    return AuditEntry.objects.filter(alone | among_others, object_type=object_type)
