"""Runs: who sees them, which have a file, what they cost."""

from __future__ import annotations

import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries

from patenwerk.jobs.domain.enqueue import cancel, enqueue
from patenwerk.letters.domain.run import MAKE
from patenwerk.letters.models import LetterRun
from patenwerk.letters.queries.run import (
    file_of,
    is_being_made,
    job_of,
    letters_of,
    mailed_count,
    runs,
)
from tests.factories.letters import made, run_for
from tests.factories.organisations import CREATED, SiteFactory, actor, coordinator, manager
from tests.factories.people import MenteeFactory
from tests.factories.tandems import tandem_of

pytestmark = pytest.mark.django_db


def test_only_runs_of_the_own_sites_that_were_begun_are_listed() -> None:
    site = SiteFactory.create()
    ready = made(run_for(MenteeFactory.create(site=site)))
    working = run_for(MenteeFactory.create(site=site), job_id=5)
    run_for(MenteeFactory.create(site=site))
    made(run_for(MenteeFactory.create(site__carrier=site.carrier)))
    assert set(runs(actor(coordinator(site)))) == {ready, working}
    assert not runs(actor(manager(site.carrier)))


def test_a_file_is_there_until_it_is_erased() -> None:
    run = run_for(MenteeFactory.create())
    assert file_of(run) is None
    assert file_of(made(run, b"bytes")) == b"bytes"


def test_a_run_knows_its_job() -> None:
    run = run_for(MenteeFactory.create())
    assert job_of(run) is None
    assert not is_being_made(run)
    by = actor(coordinator(run.site))
    with transaction.atomic():
        job = enqueue(name=MAKE, payload={"run": run.pk}, by=by, at=CREATED, scope=run.site)
    LetterRun.objects.filter(pk=run.pk).update(job_id=job.pk)
    run.refresh_from_db()
    assert job_of(run) == job
    assert is_being_made(run)
    cancel(job=job, by=by, at=CREATED)
    assert not is_being_made(run)


def test_mails_are_counted() -> None:
    site = SiteFactory.create()
    run = run_for(*(MenteeFactory.create(site=site) for _ in range(3)))
    first, second, _third = run.letters.all()
    run.letters.filter(pk=first.pk).update(mailed_at=CREATED)
    run.letters.filter(pk=second.pk).update(left_out="address")
    assert mailed_count(run) == (1, 2)


@pytest.mark.parametrize("count", [1, 3])
def test_letters_cost_the_same_for_few_and_many(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    site = SiteFactory.create()
    run = run_for(*(tandem_of(site=site) for _ in range(count)))
    with django_assert_num_queries(3):
        for letter in letters_of(run):
            assert letter.tandem is not None
            str(letter.tandem.kind)
            str(letter.tandem.field)
            people = [one.person for one in letter.tandem.participants.all()]
            assert [[*person.guardians.all()] for person in people] == [[], []]
