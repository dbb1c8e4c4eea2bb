"""A round from its start to its suggestions."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import transaction

from patenwerk.audit.models import AuditEntry
from patenwerk.core.policy import Actor
from patenwerk.jobs.models import Job
from patenwerk.matching.domain.decision import take_suggestion
from patenwerk.matching.domain.round import (
    CannotClose,
    CannotStart,
    Plan,
    close_round,
    fail_round,
    planned_round,
    start_round,
    store_round,
)
from patenwerk.matching.kernel.rounds import RoundTooLarge
from patenwerk.matching.models import LeftOverPerson, Round, Suggestion
from patenwerk.organisations.models import Carrier, Site
from patenwerk.people.models import Person
from tests.factories.jobs import do_open_jobs
from tests.factories.matching import (
    AT,
    LeftOverFactory,
    MatchingSettingsFactory,
    NeverAgainFactory,
    ProgrammeRoundFactory,
    RoundFactory,
    SuggestionFactory,
    decision,
    pair_at,
)
from tests.factories.organisations import CarrierFactory, NetworkFactory, SiteFactory
from tests.factories.people import MenteeFactory, MentorFactory
from tests.factories.tandems import tandem_of

pytestmark = pytest.mark.django_db

BY = Actor(user_id=5)


@pytest.fixture
def site() -> Site:
    return SiteFactory.create()


def calculated(organisation: Site | Carrier) -> Round:
    started = start_round(organisation=organisation, by=BY, at=AT)
    (job,) = do_open_jobs(lambda: AT)
    assert job.state == "done", job.problem
    started.refresh_from_db()
    return started


def planned(site: Site) -> Plan:
    started = start_round(organisation=site, by=BY, at=AT)
    return planned_round(round_id=started.pk, at=AT, watch=lambda *_told: None)


def stored(plan: Plan) -> Round:
    with transaction.atomic():
        store_round(plan=plan, by=BY, at=AT)
    return Round.objects.get(pk=plan.round_id)


def pairs(found: Round) -> set[tuple[int, int]]:
    return set(found.suggestions.values_list("mentor_id", "mentee_id"))


def codes(refused: pytest.ExceptionInfo[CannotStart]) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def test_a_round_suggests_who_fits_and_a_person_decides(site: Site) -> None:
    mentor, mentee = pair_at(site)
    pair_at(SiteFactory.create(carrier=site.carrier))
    done = calculated(site)
    (suggestion,) = done.suggestions.all()
    assert (suggestion.mentor, suggestion.mentee) == (mentor, mentee)
    assert (suggestion.site, suggestion.carrier) == (mentee.site, mentee.carrier)
    assert (done.state, done.matched, done.considered) == ("ready", 1, 1)
    assert (done.missing, done.gap, done.bound) == (0, 0, done.total)
    said = {reason["code"]: reason["value"] for reason in suggestion.reasons}
    assert said["distance"] == ["same_place", 0]
    assert said["languages"] == [["de", 5]]
    tandem = take_suggestion(suggestion=suggestion, values=decision(site), by=BY, at=AT)
    assert {row.person for row in tandem.participants.all()} == {mentor, mentee}
    done.refresh_from_db()
    assert done.state == "closed"
    actions = AuditEntry.objects.filter(action__startswith="matching.")
    assert list(actions.order_by("pk").values_list("action", flat=True)) == [
        "matching.start",
        "matching.ready",
        "matching.take",
    ]


def test_the_mentees_of_the_site_and_mentors_of_its_network_and_nobody_else() -> None:
    network = NetworkFactory.create()
    first = SiteFactory.create(
        network=network, carrier=CarrierFactory.create(programme=network.programme)
    )
    second = SiteFactory.create(
        network=network, carrier=CarrierFactory.create(programme=network.programme)
    )
    mentee = MenteeFactory.create(site=first)
    mentor = MentorFactory.create(site=second)
    MenteeFactory.create(site=second)
    MentorFactory.create(site=SiteFactory.create(carrier=first.carrier))
    gone = SiteFactory.create(network=network, carrier=second.carrier, archived_at=AT)
    MentorFactory.create(site=gone)
    done = calculated(first)
    assert pairs(done) == {(mentor.pk, mentee.pk)}
    assert not done.left_over.exists()


def test_a_carriers_round_matches_within_each_site_unless_they_share_a_network() -> None:
    carrier = CarrierFactory.create()
    first, second = SiteFactory.create(carrier=carrier), SiteFactory.create(carrier=carrier)
    SiteFactory.create(carrier=carrier, archived_at=AT)
    mentor, mentee = pair_at(first)
    alone = MenteeFactory.create(site=second)
    done = calculated(carrier)
    assert set(done.sites.all()) == {first, second}
    assert pairs(done) == {(mentor.pk, mentee.pk)}
    (left,) = done.left_over.all()
    assert (left.person, left.why, left.limits) == (alone, "none_feasible", ["network"])


def test_who_is_left_over_belongs_to_the_own_site_only() -> None:
    network = NetworkFactory.create()
    first, second = (
        SiteFactory.create(
            network=network, carrier=CarrierFactory.create(programme=network.programme)
        )
        for _one in range(2)
    )
    mentee = MenteeFactory.create(site=first, free_times=0)
    own = MentorFactory.create(site=first)
    MentorFactory.create(site=second)
    done = calculated(first)
    assert set(done.left_over.values_list("person_id", flat=True)) == {mentee.pk, own.pk}
    left = LeftOverPerson.objects.get(person=mentee)
    assert (left.why, left.limits, left.opens) == ("none_feasible", ["free_time"], 2)
    assert (left.excluded, left.site) == ({"free_time": 2}, first)


def test_mentors_without_a_place_tell_all_taken_from_nobody_fits(site: Site) -> None:
    mentor = MentorFactory.create(site=site)
    tandem_of(mentor)
    MenteeFactory.create(site=site)
    done = calculated(site)
    (left,) = done.left_over.all()
    assert (left.why, left.opens) == ("all_taken", 1)


def test_nobody_waiting_is_refused(site: Site) -> None:
    MentorFactory.create(site=site)
    tandem_of(mentee=MenteeFactory.create(site=site))
    MenteeFactory.create(site=site, archived_at=AT)
    with pytest.raises(CannotStart) as refused:
        start_round(organisation=site, by=BY, at=AT)
    assert codes(refused) == ["nobody_waits"]
    assert not Round.objects.exists()


def test_an_archived_site_is_refused() -> None:
    site = SiteFactory.create(archived_at=AT)
    pair_at(site)
    with pytest.raises(CannotStart) as refused:
        start_round(organisation=site, by=BY, at=AT)
    assert codes(refused) == ["archived"]


def test_one_round_of_an_organisation_runs_at_a_time(site: Site) -> None:
    pair_at(site)
    start_round(organisation=site, by=BY, at=AT)
    with pytest.raises(CannotStart) as refused:
        start_round(organisation=site, by=BY, at=AT)
    assert codes(refused) == ["running"]
    start_round(organisation=site.carrier, by=BY, at=AT)
    sibling = SiteFactory.create(carrier=site.carrier)
    pair_at(sibling)
    start_round(organisation=sibling, by=BY, at=AT)


@pytest.mark.parametrize("state", ["failed", "cancelled", None])
def test_a_round_whose_work_was_given_up_makes_room(site: Site, state: str | None) -> None:
    pair_at(site)
    lost = start_round(organisation=site, by=BY, at=AT)
    if state is None:
        Round.objects.filter(pk=lost.pk).update(job=None)
    else:
        Job.objects.update(
            state=state,
            lease_until=None,
            finished_at=AT,
            problem="crashed" if state == "failed" else "",
        )
    start_round(organisation=site, by=BY, at=AT)
    lost.refresh_from_db()
    assert lost.state == "failed"


def test_who_left_or_was_taken_or_kept_apart_meanwhile_is_left_out(site: Site) -> None:
    people = [pair_at(site) for _pair in range(5)]
    plan = planned(site)
    found = {int(pair.mentor): int(pair.mentee) for pair in plan.result.pairs}
    mentors = sorted(found)
    type(people[0][0]).objects.filter(pk=mentors[0]).update(archived_at=AT)
    type(people[0][0]).objects.filter(pk=found[mentors[1]]).update(archived_at=AT)
    by_id = {person.pk: person for pair in people for person in pair}
    tandem_of(by_id[mentors[2]], MenteeFactory.create(site=site))
    NeverAgainFactory.create(mentor=by_id[mentors[3]], mentee=by_id[found[mentors[3]]])
    done = stored(plan)
    assert pairs(done) == {(mentors[4], found[mentors[4]])}


def test_of_a_mentor_with_several_places_only_those_left_are_used(site: Site) -> None:
    mentor = MentorFactory.create(site=site, capacity=2)
    MenteeFactory.create_batch(2, site=site)
    plan = planned(site)
    assert len(plan.result.pairs) == 2
    tandem_of(mentor, MenteeFactory.create(site=site))
    assert len(pairs(stored(plan))) == 1


def test_writing_twice_writes_once(site: Site) -> None:
    pair_at(site)
    plan = planned(site)
    assert stored(plan).suggestions.count() == 1
    assert stored(plan).suggestions.count() == 1


def test_a_newer_round_takes_over_for_its_people_only(site: Site) -> None:
    _mentor, mentee = pair_at(site)
    old = SuggestionFactory.create(mentee=mentee)
    decided = SuggestionFactory.create(
        mentee__site=site, round=old.round, state="declined", why="Nein.", decided_at=AT
    )
    other = SuggestionFactory.create(
        mentee__site=SiteFactory.create(carrier=site.carrier), round=old.round
    )
    only_left = LeftOverFactory.create(person__site=site).round
    elsewhere = RoundFactory.create()
    done = calculated(site)
    states = {row.pk: row.state for row in Suggestion.objects.exclude(round=done)}
    assert states == {old.pk: "withdrawn", decided.pk: "declined", other.pk: "open"}
    found = {row.pk: row.state for row in Round.objects.all()}
    assert (found[only_left.pk], found[elsewhere.pk]) == ("closed", "ready")
    assert mentee.pk in {pair[1] for pair in pairs(done)}


def test_settings_of_the_organisation_are_used_and_kept(site: Site) -> None:
    MentorFactory.create(site=site, languages={"de": 3})
    MenteeFactory.create(site=site, languages={"de": 3})
    MatchingSettingsFactory.create(carrier=site.carrier, minimum_level=5, waiting=77)
    done = calculated(site)
    assert (done.weights["minimum_level"], done.weights["waiting"]) == (5, 77)
    assert not done.suggestions.exists()
    assert {left.limits[0] for left in done.left_over.all()} == {"language"}


def test_progress_is_told_and_a_cancelled_job_writes_nothing(site: Site) -> None:
    pair_at(site)
    told = []
    started = start_round(organisation=site, by=BY, at=AT)
    planned_round(round_id=started.pk, at=AT, watch=lambda *step: told.append(step[2]))
    assert set(told) == {"limits", "pairs", "proof", "reasons"}


def test_what_cannot_be_calculated_fails_in_words(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_large(**_arguments: object) -> None:
        raise RoundTooLarge

    pair_at(site)
    monkeypatch.setattr("patenwerk.matching.tasks.planned_round", too_large)
    done = calculated(site)
    assert done.state == "failed"
    with transaction.atomic():
        fail_round(round_id=done.pk, by=BY, at=AT)
    assert AuditEntry.objects.filter(action="matching.fail").count() == 1


def test_a_round_without_anybody_left_is_closed_at_once(site: Site) -> None:
    _mentor, mentee = pair_at(site)
    plan = planned(site)
    type(mentee).objects.all().update(archived_at=AT)
    assert stored(plan).state == "closed"


def test_closing_withdraws_what_is_open() -> None:
    suggestion = SuggestionFactory.create()
    close_round(round=suggestion.round, by=BY, at=AT)
    suggestion.refresh_from_db()
    assert (suggestion.state, suggestion.decided_at) == ("withdrawn", AT)
    with pytest.raises(CannotClose):
        close_round(round=suggestion.round, by=BY, at=AT)


def test_the_day_is_berlins(site: Site) -> None:
    MentorFactory.create(site=site, waiting_since=date(2026, 11, 1))
    MenteeFactory.create(site=site, waiting_since=date(2026, 11, 1))
    started = start_round(organisation=site, by=BY, at=AT)
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    plan = planned_round(round_id=started.pk, at=late, watch=lambda *_told: None)
    (reasons,) = plan.reasons
    assert reasons[-1] == {"code": "waiting", "value": (23, 23)}


def test_the_certificate_is_kept(site: Site) -> None:
    pair_at(site)
    MenteeFactory.create(site=site)
    plan = planned(site)
    done = stored(plan)
    assert (done.prices, done.bonus, done.shift) == (
        plan.result.prices,
        plan.result.bonus,
        plan.result.shift,
    )
    assert done.prices
    assert done.shift > 0
    assert (done.kept, done.changes.count()) == (None, 0)


def better_for(mentee: Person) -> Person:
    found: Person = MentorFactory.create(site=mentee.site, interests=mentee.interests)
    return found


def told_pair(site: Site) -> tuple[Person, Person]:
    """A mentor and a mentee whom a round has suggested to each other, and nobody decided."""
    mentor = MentorFactory.create(site=site, interests=[])
    mentee = MenteeFactory.create(site=site, interests=["kochen"])
    assert pairs(calculated(site)) == {(mentor.pk, mentee.pk)}
    return mentor, mentee


@pytest.mark.parametrize("keep", [None, 4, 3])
def test_who_was_told_of_somebody_keeps_them_unless_the_gain_is_larger(
    site: Site, keep: int | None
) -> None:
    """One shared interest is 8 x 400 points: a weight of 4 keeps the partner, 3 does not."""
    mentor, mentee = told_pair(site)
    better = better_for(mentee)
    MatchingSettingsFactory.create(carrier=site.carrier, keep=keep)
    done = calculated(site)
    stays = keep != 3
    assert pairs(done) == {((mentor if stays else better).pk, mentee.pk)}
    assert (done.kept, done.missing, done.gap) == (int(stays), 0, 0)
    assert done.weights["keep"] == (5 if keep is None else keep)
    told = list(done.changes.values_list("mentee_id", "before_id", "now_id", "why"))
    assert told == ([] if stays else [(mentee.pk, mentor.pk, better.pk, "better")])


def test_more_people_come_before_staying(site: Site) -> None:
    mentor, mentee = told_pair(site)
    spare = MentorFactory.create(site=site, gender="female", interests=[])
    type(mentor).objects.filter(pk=mentor.pk).update(gender="male")
    picky = MenteeFactory.create(site=site, wished_genders=["male"])
    MatchingSettingsFactory.create(carrier=site.carrier, keep=100)
    done = calculated(site)
    assert pairs(done) == {(mentor.pk, picky.pk), (spare.pk, mentee.pk)}
    assert done.kept == 0
    assert set(done.changes.values_list("mentee_id", "why")) == {
        (mentee.pk, "for_others"),
        (picky.pk, "new"),
    }


def test_what_nobody_was_told_of_is_not_kept(site: Site) -> None:
    """Decided, withdrawn, or another organisation's: no reason to stay with it."""
    mentor, mentee = told_pair(site)
    better = better_for(mentee)
    MatchingSettingsFactory.create(carrier=site.carrier, keep=100)
    Suggestion.objects.update(state="withdrawn", decided_at=AT)
    done = calculated(site)
    assert pairs(done) == {(better.pk, mentee.pk)}
    assert done.kept is None
    of_all = calculated(site.carrier)
    assert of_all.kept is None
    assert mentor.pk != better.pk


def test_changes_are_told_of_those_who_are_there_and_newcomers_last(site: Site) -> None:
    mentor, mentee = told_pair(site)
    type(mentor).objects.filter(pk=mentor.pk).update(archived_at=AT)
    others = [MentorFactory.create(site=site) for _one in range(2)]
    new = MenteeFactory.create(site=site)
    plan = planned(site)
    assert {change.why for change in plan.changes} == {"mentor_gone", "new"}
    done = stored(plan)
    assert [(one.mentee, one.why) for one in done.changes.all()] == [
        (mentee, "mentor_gone"),
        (new, "new"),
    ]
    assert {one.now for one in done.changes.all()} == set(others)


def test_a_change_that_did_not_come_about_is_not_told(site: Site) -> None:
    _mentor, mentee = told_pair(site)
    new = MenteeFactory.create(site=site)
    other = MentorFactory.create(site=site)
    plan = planned(site)
    assert [change.mentee for change in plan.changes] == [str(new.pk)]
    tandem_of(other, new)
    done = stored(plan)
    assert not done.changes.exists()
    assert {pair[1] for pair in pairs(done)} == {mentee.pk}
    assert done.kept == 1


def test_who_was_erased_meanwhile_is_told_nowhere(site: Site) -> None:
    mentor, mentee = told_pair(site)
    type(mentor).objects.filter(pk=mentor.pk).update(archived_at=AT)
    plan = planned(site)
    type(mentor).objects.filter(pk=mentor.pk).delete()
    done = stored(plan)
    assert not done.changes.exists()
    assert [left.person for left in done.left_over.all()] == [mentee]


def test_what_a_round_over_all_carriers_suggests_was_not_told_by_this_site(site: Site) -> None:
    mentor, mentee = pair_at(site)
    over_all = ProgrammeRoundFactory.create(programme=site.programme)
    part = RoundFactory.create(site=site, programme_round=over_all)
    SuggestionFactory.create(mentor=mentor, mentee=mentee, round=part)
    assert calculated(site).kept is None
