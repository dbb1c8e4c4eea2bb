"""A round is brought up to date without a new one; what was decided stays."""

from __future__ import annotations

import pytest

from patenwerk.audit.models import AuditEntry
from patenwerk.core.policy import Actor
from patenwerk.matching.domain import refresh
from patenwerk.matching.domain.decision import decline_suggestion, take_suggestion
from patenwerk.matching.domain.refresh import CannotRefresh, Refreshed, refresh_round
from patenwerk.matching.domain.round import planned_round, start_round
from patenwerk.matching.kernel.rounds import RoundTooLarge, UnfitProfile
from patenwerk.matching.models import Round, Suggestion
from patenwerk.matching.queries.changes import Since, since_round
from patenwerk.organisations.models import Site
from patenwerk.people.enums import Side
from patenwerk.people.models import Person
from tests.factories.jobs import do_open_jobs
from tests.factories.matching import (
    AT,
    LeftOverFactory,
    MatchingSettingsFactory,
    NeverAgainFactory,
    RoundFactory,
    SuggestionFactory,
    decision,
    pair_at,
    suggestion_across,
)
from tests.factories.organisations import NetworkFactory, SiteFactory
from tests.factories.people import MenteeFactory, MentorFactory
from tests.factories.tandems import group_of, tandem_of

pytestmark = pytest.mark.django_db

BY = Actor(user_id=5)


@pytest.fixture
def site() -> Site:
    return SiteFactory.create()


def calculated(site: Site) -> Round:
    started = start_round(organisation=site, by=BY, at=AT)
    do_open_jobs(lambda: AT)
    started.refresh_from_db()
    return started


def states(found: Round) -> dict[tuple[int, int], str]:
    rows = found.suggestions.values_list("mentor_id", "mentee_id", "state")
    return {(mentor, mentee): state for mentor, mentee, state in rows}


def told(found: Round) -> list[tuple[int, int | None, int | None, str]]:
    rows = found.changes.values_list("mentee_id", "before_id", "now_id", "why")
    return [(mentee, before, now, why) for mentee, before, now, why in rows]


def refreshed(found: Round) -> Refreshed:
    done = refresh_round(round=found, by=BY, at=AT)
    found.refresh_from_db()
    return done


def test_a_mentor_whose_own_place_is_a_group_with_room_is_still_there(site: Site) -> None:
    """The group has the place that matching fills; when it is full there is none any more."""
    mentor, mentee = pair_at(site)
    group = group_of(site, 2, places=3, mentor=mentor)
    found = calculated(site)
    assert states(found) == {(mentor.pk, mentee.pk): "open"}
    assert since_round(found) == Since(0, 0, 0)
    group.places = 2
    group.save()
    assert since_round(found) == Since(0, 1, 0)


def test_who_comes_is_suggested_and_who_left_is_replaced(site: Site) -> None:
    mentor, stays = pair_at(site)
    found = calculated(site)
    assert since_round(found) == Since(0, 0, 0)
    other, new = pair_at(site)
    assert since_round(found) == Since(2, 0, 0)
    assert refreshed(found) == Refreshed(added=1, withdrawn=0, kept=1)
    assert states(found) == {(mentor.pk, stays.pk): "open", (other.pk, new.pk): "open"}
    assert told(found) == [(new.pk, None, other.pk, "new")]
    assert (found.kept, found.matched, found.missing, found.gap) == (1, 2, 0, 0)
    assert found.refreshed_at == AT
    assert since_round(found) == Since(0, 0, 0)
    Person.objects.filter(pk=mentor.pk).update(archived_at=AT)
    assert since_round(found) == Since(0, 1, 0)
    assert refreshed(found) == Refreshed(added=0, withdrawn=1, kept=1)
    assert states(found)[mentor.pk, stays.pk] == "withdrawn"
    assert told(found) == [(stays.pk, mentor.pk, None, "mentor_gone")]
    (left,) = found.left_over.all()
    assert (left.person_id, left.why) == (stays.pk, "all_taken")
    assert since_round(found) == Since(0, 0, 0)
    entry = AuditEntry.objects.filter(action="matching.refresh").last()
    assert entry is not None


def test_it_finds_what_a_new_round_finds(site: Site) -> None:
    for _pair in range(6):
        pair_at(site)
    found = calculated(site)
    MatchingSettingsFactory.create(carrier=site.carrier, keep=0)
    gone = found.suggestions.first()
    assert gone is not None
    Person.objects.filter(pk=gone.mentor_id).update(archived_at=AT)
    for number in range(3):
        MenteeFactory.create(site=site, postcode="10115")
        MentorFactory.create(site=site, interests=[f"i{number}"])
    refreshed(found)
    again = start_round(organisation=site, by=BY, at=AT)
    fresh = planned_round(round_id=again.pk, at=AT, watch=lambda *_told: None).result
    open_ones = {key for key, state in states(found).items() if state == "open"}
    assert open_ones == {(int(pair.mentor), int(pair.mentee)) for pair in fresh.pairs}
    assert (found.total, found.bound, found.missing) == (fresh.total, fresh.bound, 0)


def test_what_was_decided_is_not_touched_and_not_suggested_again(site: Site) -> None:
    for _pair in range(2):
        pair_at(site)
    found = calculated(site)
    taken, declined = found.suggestions.all()
    tandem = take_suggestion(suggestion=taken, values=decision(site), by=BY, at=AT)
    decline_suggestion(suggestion=declined, why="Heute nicht.", by=BY, at=AT)
    Round.objects.filter(pk=found.pk).update(state="ready")
    assert since_round(found) == Since(0, 0, 0)
    assert refreshed(found) == Refreshed(added=0, withdrawn=0, kept=0)
    assert states(found) == {
        (taken.mentor_id, taken.mentee_id): "taken",
        (declined.mentor_id, declined.mentee_id): "declined",
    }
    declined.refresh_from_db()
    assert (declined.why, declined.decided_by_id) == ("Heute nicht.", 5)
    assert tandem.state == "proposed"
    why = {left.person_id: left.limits for left in found.left_over.all()}
    assert why == {declined.mentee_id: ["mentor_full"]}
    mentor = MentorFactory.create(site=site)
    assert refreshed(found) == Refreshed(added=1, withdrawn=0, kept=0)
    assert states(found)[mentor.pk, declined.mentee_id] == "open"


def test_of_who_was_left_aside_the_decision_is_told_and_nothing_else(site: Site) -> None:
    pair_at(site)
    found = calculated(site)
    suggestion = found.suggestions.get()
    decline_suggestion(suggestion=suggestion, why="Heute nicht.", by=BY, at=AT)
    Round.objects.filter(pk=found.pk).update(state="ready")
    refreshed(found)
    assert not found.left_over.exists()
    assert found.state == "closed"
    assert since_round(found) == Since(0, 0, 0)


def test_a_suggestion_that_fell_away_is_taken_up_again(site: Site) -> None:
    mentor, mentee = pair_at(site)
    found = calculated(site)
    tandem = tandem_of(mentor, MenteeFactory.create(site=site))
    refreshed(found)
    assert states(found) == {(mentor.pk, mentee.pk): "withdrawn"}
    tandem.participants.all().delete()
    Person.objects.exclude(pk__in=[mentor.pk, mentee.pk]).update(archived_at=AT)
    assert refreshed(found) == Refreshed(added=1, withdrawn=0, kept=0)
    assert states(found) == {(mentor.pk, mentee.pk): "open"}


def test_who_lost_the_suggestion_by_a_decision_waits_again(site: Site) -> None:
    mentor, mentee = pair_at(site)
    SuggestionFactory.create(mentor=mentor, mentee=mentee)
    found = Round.objects.get()
    LeftOverFactory.create(round=found, person__site=site)
    assert since_round(found) == Since(0, 0, 0)
    Suggestion.objects.update(state="withdrawn", decided_at=AT)
    assert since_round(found) == Since(0, 0, 1)
    SuggestionFactory.create(mentor=mentor, mentee=mentee, round=RoundFactory.create(site=site))
    assert since_round(found) == Since(0, 0, 0)


def test_only_a_larger_gain_takes_a_partner_away(site: Site) -> None:
    mentor = MentorFactory.create(site=site, interests=[])
    mentee = MenteeFactory.create(site=site, interests=["kochen"])
    found = calculated(site)
    better = MentorFactory.create(site=site, interests=["kochen"])
    settings = MatchingSettingsFactory.create(carrier=site.carrier, keep=100)
    assert refreshed(found) == Refreshed(added=0, withdrawn=0, kept=1)
    assert (found.gap, found.missing, told(found)) == (0, 0, [])
    assert found.weights["keep"] == 100
    settings.keep = 0
    settings.save()
    assert refreshed(found) == Refreshed(added=1, withdrawn=1, kept=0)
    assert told(found) == [(mentee.pk, mentor.pk, better.pk, "better")]


def test_two_who_were_kept_apart_part(site: Site) -> None:
    mentor, mentee = pair_at(site)
    found = calculated(site)
    NeverAgainFactory.create(mentor=mentor, mentee=mentee)
    refreshed(found)
    (change,) = found.changes.all()
    assert (change.why, change.limits) == ("fits_no_more", ["never_again"])
    assert (change.site_id, change.before_id, change.now_id) == (site.pk, mentor.pk, None)


def test_a_place_that_another_round_waits_for_is_taken(site: Site) -> None:
    mentor, mentee = pair_at(site)
    found = calculated(site)
    Suggestion.objects.all().delete()
    elsewhere = SuggestionFactory.create(mentor=mentor, mentee__site=site)
    assert refreshed(found) == Refreshed(added=0, withdrawn=0, kept=0)
    assert [left.person_id for left in found.left_over.all()] == [mentee.pk]
    elsewhere.refresh_from_db()
    assert elsewhere.state == "open"


def test_mentors_of_the_network_are_taken_along_but_not_told_of() -> None:
    network = NetworkFactory.create()
    first, second = (
        SiteFactory.create(network=network, carrier__programme=network.programme)
        for _one in range(2)
    )
    mentee = MenteeFactory.create(site=first)
    found = calculated(first)
    mentor = MentorFactory.create(site=second)
    spare = MentorFactory.create(site=second, interests=[])
    assert since_round(found) == Since(0, 0, 0)
    refreshed(found)
    assert {key[1] for key in states(found)} == {mentee.pk}
    assert {key[0] for key in states(found)} <= {mentor.pk, spare.pk}
    assert not found.left_over.exists()


def test_a_round_without_anything_left_closes(site: Site) -> None:
    pair_at(site)
    found = calculated(site)
    Person.objects.update(archived_at=AT)
    assert refreshed(found) == Refreshed(added=0, withdrawn=1, kept=0)
    assert found.state == "closed"


def test_a_round_from_before_certificates_is_brought_up_to_date(site: Site) -> None:
    suggestion = SuggestionFactory.create(mentee__site=site)
    pair_at(site)
    found = suggestion.round
    done = refreshed(found)
    assert (done.added + done.kept, found.missing, found.gap) == (2, 0, 0)
    assert found.bonus != 0


@pytest.mark.parametrize("state", ["running", "closed", "failed"])
def test_a_round_that_is_not_ready_is_refused(state: str) -> None:
    found = RoundFactory.create(state=state)
    with pytest.raises(CannotRefresh) as refused:
        refresh_round(round=found, by=BY, at=AT)
    assert [reason.code for reason in refused.value.reasons] == ["not_ready"]


def test_a_part_of_a_round_over_all_carriers_is_refused(site: Site) -> None:
    part = suggestion_across(site.programme).round
    with pytest.raises(CannotRefresh) as refused:
        refresh_round(round=part, by=BY, at=AT)
    assert [reason.code for reason in refused.value.reasons] == ["part"]


def test_too_many_people_are_refused(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refresh, "MOST_WAITING", 2)
    pair_at(site)
    found = calculated(site)
    refreshed(found)
    MenteeFactory.create(site=site)
    with pytest.raises(CannotRefresh) as refused:
        refresh_round(round=found, by=BY, at=AT)
    assert [reason.code for reason in refused.value.reasons] == ["too_many"]


@pytest.mark.parametrize(
    "error",
    [
        RoundTooLarge(),
        UnfitProfile(side=Side.MENTEE, person_id="1", problem="duplicate_id"),
    ],
)
def test_what_cannot_be_calculated_is_refused_and_nothing_changes(
    site: Site, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fails(*_given: object, **_more: object) -> None:
        raise error

    pair_at(site)
    found = calculated(site)
    monkeypatch.setattr("patenwerk.matching.kernel.rounds.match_pool", fails)
    with pytest.raises(CannotRefresh) as refused:
        refresh_round(round=found, by=BY, at=AT)
    assert [reason.code for reason in refused.value.reasons] == ["unfit"]
    assert set(states(found).values()) == {"open"}
