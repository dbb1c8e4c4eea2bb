from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from patenwerk.core.policy import Actor
from patenwerk.jobs.models import Job
from patenwerk.jobs.queries.job import jobs_started_by

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


def job(user_id: int | None, minutes: int = 0) -> Job:
    at = AT + timedelta(minutes=minutes)
    return Job.objects.create(name="tests.work", for_user_id=user_id, lease_until=at, created_at=at)


@pytest.mark.django_db
def test_everybody_finds_the_jobs_they_started_newest_first() -> None:
    old, new = job(7), job(7, minutes=1)
    job(8)
    job(None)

    assert list(jobs_started_by(Actor(user_id=7))) == [new, old]
    assert list(jobs_started_by(Actor(user_id=None))) == []


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_one_query(
    rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _row in range(rows):
        job(7)

    with django_assert_num_queries(1):
        assert len(jobs_started_by(Actor(user_id=7))) == rows
