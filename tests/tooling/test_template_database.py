"""The copy of the migrated database: complete, fresh after every test that commits."""

from pathlib import Path

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from tests import template_database


@pytest.mark.django_db
def test_is_migrated() -> None:
    assert {"django_migrations", "shared_cache"} <= set(connection.introspection.table_names())


@pytest.mark.parametrize("turn", [1, 2])
@pytest.mark.django_db(transaction=True)
def test_what_is_committed_is_gone_in_the_next_test(turn: int) -> None:
    assert not ContentType.objects.filter(app_label="left_behind").exists()
    ContentType.objects.create(app_label="left_behind", model=f"turn{turn}")


@pytest.mark.postgres
@pytest.mark.django_db
def test_a_run_on_postgres_is_one() -> None:
    assert connection.vendor == "postgresql"


def made(template: str | Path) -> int:
    """A number that is another one for a template that is made anew."""
    if isinstance(template, Path):
        return template.stat().st_mtime_ns
    with connection.cursor() as cursor:
        cursor.execute("SELECT oid FROM pg_database WHERE datname = %s", [template])
        (number,) = cursor.fetchone()
    return int(number)


@pytest.mark.django_db
def test_a_template_that_is_there_is_not_made_again() -> None:
    template = template_database.database().template
    before = made(template)
    assert template_database.begin().wait(timeout=60) == 0
    assert made(template) == before
