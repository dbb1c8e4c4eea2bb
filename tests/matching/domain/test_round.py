"""A round from its start to its suggestions."""

from __future__ import annotations

import pytest

from patenwerk.core.policy import Actor
from patenwerk.matching.domain.decision import take_suggestion
from patenwerk.matching.domain.round import start_round
from patenwerk.matching.models import Round
from patenwerk.organisations.models import Site
from tests.factories.jobs import do_open_jobs
from tests.factories.matching import AT, decision, pair_at
from tests.factories.organisations import SiteFactory

pytestmark = pytest.mark.django_db

BY = Actor(user_id=5)


@pytest.fixture
def site() -> Site:
    return SiteFactory.create()


def calculated(site: Site) -> Round:
    started = start_round(organisation=site, by=BY, at=AT)
    (job,) = do_open_jobs(lambda: AT)
    assert job.state == "done", job.problem
    started.refresh_from_db()
    return started


def test_a_round_suggests_who_fits_and_a_person_decides(site: Site) -> None:
    mentor, mentee = pair_at(site)
    pair_at(SiteFactory.create(carrier=site.carrier))
    done = calculated(site)
    (suggestion,) = done.suggestions.all()
    assert (suggestion.mentor, suggestion.mentee) == (mentor, mentee)
    assert (done.state, done.matched, done.missing, done.gap) == ("ready", 1, 0, 0)
    tandem = take_suggestion(suggestion=suggestion, values=decision(site), by=BY, at=AT)
    assert {row.person for row in tandem.participants.all()} == {mentor, mentee}
    done.refresh_from_db()
    assert done.state == "closed"
