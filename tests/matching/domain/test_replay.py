"""Start a replay, calculate it, keep it: and nobody is matched."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from patenwerk.audit.models import AuditEntry
from patenwerk.core.refusal import Refusal
from patenwerk.jobs.enums import JobState
from patenwerk.jobs.models import Job
from patenwerk.matching.domain import replay as domain
from patenwerk.matching.domain.replay import (
    CannotReplay,
    fail_replay,
    planned_replay,
    start_replay,
    store_replay,
)
from patenwerk.matching.enums import RoundState
from patenwerk.matching.kernel.defaults import POINTS_PER_WAITING_DAY
from patenwerk.matching.kernel.replay import RHYTHMS, Figures
from patenwerk.matching.models import Replay, Suggestion
from patenwerk.matching.queries.replay import came, replay_state
from patenwerk.organisations.models import Carrier, Site
from patenwerk.people.enums import Level
from patenwerk.tandems.models import Tandem
from tests.factories.jobs import do_open_jobs
from tests.factories.matching import AT, MatchingSettingsFactory, NeverAgainFactory
from tests.factories.organisations import CarrierFactory, SiteFactory, actor, coordinator
from tests.factories.people import MenteeFactory, MentorFactory
from tests.factories.tandems import tandem_of

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 9, 1), date(2026, 9, 30)


def started(organisation: Carrier | Site, first: date = FIRST, last: date = LAST) -> Replay:
    site = organisation if isinstance(organisation, Site) else organisation.sites.get()
    return start_replay(
        organisation=organisation, first=first, last=last, by=actor(coordinator(site)), at=AT
    )


def watch(done: int, total: int, step: str) -> None:
    """Nobody watches."""


def codes(refused: Refusal) -> list[str]:
    return [reason.code for reason in refused.reasons]


def test_from_the_start_to_the_figures() -> None:
    site = SiteFactory.create()
    mentee = MenteeFactory.create(site=site, waiting_since=date(2026, 9, 10))
    mentor = MentorFactory.create(site=site, waiting_since=date(2026, 9, 12))
    # Who has somebody by now came all the same; who came before or works elsewhere did not.
    tandem_of(mentor, mentee)
    MenteeFactory.create(site=site, waiting_since=date(2026, 8, 31))
    MenteeFactory.create(site=SiteFactory.create(carrier=site.carrier), waiting_since=FIRST)
    found = started(site)
    assert found.state == RoundState.RUNNING
    assert AuditEntry.objects.filter(action="matching.replay").count() == 1
    do_open_jobs(lambda: AT)
    found.refresh_from_db()
    assert found.state == RoundState.READY
    assert [one["every"] for one in found.figures] == list(RHYTHMS)
    daily, once = found.figures[0], found.figures[-1]
    assert (daily["pairs"], daily["mentees"]["mean"], daily["mentors"]["mean"]) == (1, 2, 0)
    assert (daily["mentees"]["came"], daily["mentors"]["came"]) == (1, 1)
    assert (once["pairs"], once["mentees"]["mean"]) == (1, 20)
    assert daily["km"] == {"value": 0.0, "of": 1}
    assert Tandem.objects.count() == 1
    assert not Suggestion.objects.exists()


def test_a_carrier_plays_all_its_sites_and_an_archived_person_until_that_day() -> None:
    carrier = CarrierFactory.create()
    site = SiteFactory.create(carrier=carrier)
    gone = MenteeFactory.create(site=site, waiting_since=FIRST, archived_at=AT - timedelta(days=80))
    kept_apart = MenteeFactory.create(site=site, waiting_since=FIRST)
    mentor = MentorFactory.create(site=site, waiting_since=date(2026, 9, 20), capacity=3)
    NeverAgainFactory.create(mentor=mentor, mentee=kept_apart)
    found = started(carrier)
    assert found.site is None
    (daily, *_rest) = planned_replay(replay_id=found.pk, watch=watch)
    assert daily["pairs"] == 0
    mentees = daily["mentees"]
    assert (mentees["gone"], mentees["still"], mentees["came"]) == (1, 1, 2)
    people = came([site], FIRST, LAST)
    assert people.left == {str(gone.pk): date(2026, 9, 4)}
    assert [one.open_places for one in people.mentors] == [3]


def test_a_new_replay_takes_the_place_of_the_old_one_of_the_same_organisation() -> None:
    site = MenteeFactory.create(waiting_since=FIRST).site
    old = started(site)
    store_replay(replay_id=old.pk, figures=[])
    whole = started(site.carrier)
    new = started(site)
    assert set(Replay.objects.all()) == {whole, new}
    # The work on what was replaced changes nothing any more.
    store_replay(replay_id=old.pk, figures=[{"every": 1}])
    assert all(one.figures == [] for one in Replay.objects.all())


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        (LAST, FIRST, "order"),
        (date(2020, 1, 1), LAST, "too_long"),
        (FIRST, date(2026, 11, 24), "future"),
        (date(2026, 1, 1), date(2026, 1, 31), "nobody_came"),
    ],
)
def test_days_that_cannot_be_played(first: date, last: date, code: str) -> None:
    site = MenteeFactory.create(waiting_since=date(2026, 9, 10)).site
    with pytest.raises(CannotReplay) as refused:
        started(site, first, last)
    assert codes(refused.value) == [code]
    assert not Replay.objects.exists()


def test_the_longest_time_is_five_years() -> None:
    site = MenteeFactory.create(waiting_since=date(2026, 9, 10)).site
    longest = timedelta(days=domain.LONGEST_DAYS - 1)
    with pytest.raises(CannotReplay) as refused:
        started(site, LAST - longest - timedelta(days=1), LAST)
    assert codes(refused.value) == ["too_long"]
    assert started(site, LAST - longest, LAST).pk


def test_the_carriers_limits_and_weights_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    site = MenteeFactory.create(waiting_since=FIRST, languages={"de": Level.B1}).site
    MentorFactory.create(site=site, waiting_since=FIRST)
    MatchingSettingsFactory.create(carrier=site.carrier, minimum_level=Level.C1, waiting=7)
    found = started(site)
    assert planned_replay(replay_id=found.pk, watch=watch)[0]["pairs"] == 0
    seen: list[Any] = []

    def nothing(stage: Any, **_: Any) -> list[Figures]:
        seen.append(stage)
        return []

    monkeypatch.setattr(domain, "replay_people", nothing)
    assert planned_replay(replay_id=found.pk, watch=watch) == []
    assert seen[0].mentees.day_points == 7 * POINTS_PER_WAITING_DAY


def test_one_replay_runs_at_a_time_and_a_lost_one_makes_room() -> None:
    site = MenteeFactory.create(waiting_since=FIRST).site
    running = started(site)
    with pytest.raises(CannotReplay) as refused:
        started(site)
    assert codes(refused.value) == ["running"]
    Job.objects.update(state=JobState.FAILED, finished_at=AT, lease_until=None, problem="lost")
    running = Replay.objects.select_related("job").get()
    assert replay_state(running) is RoundState.FAILED
    assert started(site).pk != running.pk


def test_what_is_too_large_fails_once_and_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    from patenwerk.matching import tasks
    from patenwerk.matching.kernel.rounds import RoundTooLarge

    def too_large(**_: Any) -> None:
        raise RoundTooLarge

    site = MenteeFactory.create(waiting_since=FIRST).site
    found = started(site)
    monkeypatch.setattr(tasks, "planned_replay", too_large)
    do_open_jobs(lambda: AT)
    found.refresh_from_db()
    assert found.state == RoundState.FAILED


def test_what_is_ready_does_not_fail_any_more() -> None:
    found = started(MenteeFactory.create(waiting_since=FIRST).site)
    store_replay(replay_id=found.pk, figures=[])
    fail_replay(replay_id=found.pk)
    store_replay(replay_id=found.pk, figures=[{"every": 1}])
    found.refresh_from_db()
    assert (found.state, found.figures) == (RoundState.READY, [])
