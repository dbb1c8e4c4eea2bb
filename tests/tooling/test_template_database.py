"""The copy of the migrated database: complete, fresh after every test that commits."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection


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
