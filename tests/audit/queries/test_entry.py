from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import models
from pytest_django import DjangoAssertNumQueries

from patenwerk.audit.domain.record import record
from patenwerk.audit.queries.entry import entries_for
from patenwerk.core.policy import Actor
from patenwerk.jobs.models import Job, ScheduledJob

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


def note(action: str, *things: models.Model, minutes: int = 0) -> None:
    record(by=Actor(user_id=1), at=AT + timedelta(minutes=minutes), action=action, things=things)


@pytest.mark.django_db
def test_a_thing_is_found_alone_and_in_batches_newest_first() -> None:
    note("jobs.one", Job(pk=1))
    note("jobs.batch", Job(pk=2), Job(pk=1), minutes=1)
    note("jobs.other", Job(pk=2))
    note("jobs.longer", Job(pk=11), Job(pk=21))
    note("jobs.type", ScheduledJob(pk=1))
    note("jobs.types", ScheduledJob(pk=1), ScheduledJob(pk=2))

    assert [entry.action for entry in entries_for("jobs.job", 1)] == ["jobs.batch", "jobs.one"]


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_one_query(
    rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _row in range(rows):
        note("jobs.one", Job(pk=1))

    with django_assert_num_queries(1):
        assert len(entries_for("jobs.job", 1)) == rows
