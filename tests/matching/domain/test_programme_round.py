"""A round over all carriers from its start to the suggestions at two sites."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction

from patenwerk.audit.models import AuditEntry
from patenwerk.core.policy import Actor
from patenwerk.jobs.domain.enqueue import cancel
from patenwerk.jobs.models import Job
from patenwerk.matching.domain import programme_round as domain
from patenwerk.matching.domain.decision import CannotDecide, choose_partner, take_suggestion
from patenwerk.matching.domain.programme_round import (
    CannotStartProgrammeRound,
    ProgrammePlan,
    fail_programme_round,
    needs_of,
    planned_programme_round,
    start_programme_round,
    store_programme_round,
    withdraw_without_consent,
)
from patenwerk.matching.domain.round import start_round
from patenwerk.matching.kernel.rounds import (
    LeftOver,
    Limit,
    Limits,
    RoundTooLarge,
    Why,
    match_round,
)
from patenwerk.matching.models import LeftOverPerson, ProgrammeRound, Round, Suggestion
from patenwerk.matching.queries.programme_round import sides_beyond
from patenwerk.matching.queries.settings import rules_at
from patenwerk.organisations.models import Programme
from patenwerk.people.domain.consent import withdraw_consent
from patenwerk.people.enums import ConsentPurpose, Level, Side
from patenwerk.people.models import Consent, Person
from patenwerk.places.queries.place import locator
from patenwerk.reporting.domain.rule import set_minimum_cell
from patenwerk.tandems.domain.tandem import record_answer
from patenwerk.tandems.enums import Acceptance
from tests.factories.jobs import do_open_jobs
from tests.factories.matching import (
    AT,
    NeverAgainFactory,
    ProgrammeRoundFactory,
    SuggestionFactory,
    decision,
    pair_across,
    suggestion_across,
)
from tests.factories.organisations import (
    CarrierFactory,
    NetworkFactory,
    ProgrammeFactory,
    SiteFactory,
)
from tests.factories.people import ConsentFactory, MenteeFactory, MentorFactory
from tests.factories.tandems import tandem_of
from tests.matching.kernel.profiles import mentee
from tests.people.refusals import said

pytestmark = pytest.mark.django_db

BY = Actor(user_id=5)
CARRIERS = ConsentPurpose.OTHER_CARRIERS


@pytest.fixture
def programme() -> Programme:
    return ProgrammeFactory.create()


def calculated(programme: Programme) -> ProgrammeRound:
    started = start_programme_round(programme=programme, by=BY, at=AT)
    (job,) = do_open_jobs(lambda: AT)
    assert job.state == "done", job.problem
    started.refresh_from_db()
    return started


def planned(programme: Programme) -> ProgrammePlan:
    started = start_programme_round(programme=programme, by=BY, at=AT)
    return planned_programme_round(round_id=started.pk, at=AT, watch=lambda *_told: None)


def stored(plan: ProgrammePlan) -> ProgrammeRound:
    with transaction.atomic():
        store_programme_round(plan=plan, by=BY, at=AT)
    return ProgrammeRound.objects.get(pk=plan.round_id)


def pairs(found: ProgrammeRound) -> set[tuple[int, int]]:
    rows = Suggestion.objects.filter(round__programme_round=found)
    return set(rows.values_list("mentor_id", "mentee_id"))


def consents(*people: Person) -> None:
    for person in people:
        ConsentFactory.create(person=person)


def test_a_pair_of_two_carriers_goes_to_the_mentees_site(programme: Programme) -> None:
    mentor, mentee = pair_across(programme)
    done = calculated(programme)
    (suggestion,) = Suggestion.objects.all()
    assert (suggestion.mentor, suggestion.mentee) == (mentor, mentee)
    assert (suggestion.site, suggestion.carrier) == (mentee.site, mentee.carrier)
    assert {reason["code"] for reason in suggestion.reasons} >= {"distance", "languages"}
    part = suggestion.round
    assert (part.site, part.carrier, part.programme_round) == (mentee.site, mentee.carrier, done)
    assert (part.state, part.matched, list(part.sites.all())) == ("ready", 1, [mentee.site])
    assert (done.state, done.missing, done.gap, done.bound) == ("ready", 0, 0, done.total)
    assert done.weights == rules_at(programme).snapshot()
    actions = AuditEntry.objects.filter(action__startswith="matching.").order_by("pk")
    assert list(actions.values_list("action", "programme_id", "carrier_id")) == [
        ("matching.start_programme_round", programme.pk, None),
        ("matching.programme_round_ready", programme.pk, None),
    ]
    assert list(Job.objects.values_list("result", flat=True)) == [{}]


def test_only_who_has_consented_waits_and_belongs_to_the_programme(programme: Programme) -> None:
    mentor, mentee = pair_across(programme)
    site = SiteFactory.create(carrier=CarrierFactory.create(programme=programme))
    gone = SiteFactory.create(carrier=site.carrier, archived_at=AT)
    silent = [MentorFactory.create(site=site), MenteeFactory.create(site=site)]
    withdrawn = [MentorFactory.create(site=site), MenteeFactory.create(site=site)]
    for person in withdrawn:
        ConsentFactory.create(person=person, withdrawn_on=date(2026, 11, 10))
    left = [
        MentorFactory.create(site=site, archived_at=AT),
        MenteeFactory.create(site=site, archived_at=AT),
        MentorFactory.create(site=gone),
        MenteeFactory.create(site=gone),
    ]
    consents(*left)
    pair_across(ProgrammeFactory.create())
    busy = MenteeFactory.create(site=site)
    consents(busy)
    tandem_of(silent[0], busy)
    people = sides_beyond(programme)
    assert [one.id for one in people.mentors] == [str(mentor.pk)]
    assert [one.id for one in people.mentees] == [str(mentee.pk)]
    assert pairs(calculated(programme)) == {(mentor.pk, mentee.pk)}


def test_what_sites_suggest_themselves_stays_and_takes_its_places(programme: Programme) -> None:
    mentor, mentee = pair_across(programme)
    at_home = SuggestionFactory.create(mentee=mentee)
    other = MenteeFactory.create(site=mentee.site)
    consents(other)
    done = calculated(programme)
    at_home.refresh_from_db()
    assert at_home.state == "open"
    assert pairs(done) == {(mentor.pk, other.pk)}
    decided = SuggestionFactory.create(mentor=mentor, state="withdrawn", decided_at=AT)
    assert decided.mentee.programme != programme
    assert {one.id: one.open_places for one in sides_beyond(programme).mentors} == {
        str(mentor.pk): 1  # what a round over all carriers suggests takes no place from the next
    }


def test_a_mentor_who_is_asked_at_home_keeps_the_other_places(programme: Programme) -> None:
    mentor, mentee = pair_across(programme)
    Person.objects.filter(pk=mentor.pk).update(capacity=2)
    SuggestionFactory.create(mentor=mentor, mentee=MenteeFactory.create(site=mentor.site))
    assert [one.open_places for one in sides_beyond(programme).mentors] == [1]
    assert pairs(calculated(programme)) == {(mentor.pk, mentee.pk)}


def test_the_next_round_takes_the_place_of_the_last_one(programme: Programme) -> None:
    mentor, mentee = pair_across(programme)
    first = calculated(programme)
    second = calculated(programme)
    assert pairs(first) == pairs(second) == {(mentor.pk, mentee.pk)}
    states = Suggestion.objects.order_by("pk").values_list("state", "round__state")
    assert list(states) == [("withdrawn", "closed"), ("open", "ready")]


def test_a_round_elsewhere_is_left_alone(programme: Programme) -> None:
    elsewhere = suggestion_across(ProgrammeFactory.create())
    own = SuggestionFactory.create(
        mentee__site=SiteFactory.create(carrier=CarrierFactory.create(programme=programme))
    )
    pair_across(programme)
    calculated(programme)
    assert set(
        Suggestion.objects.filter(pk__in=[elsewhere.pk, own.pk]).values_list(
            "state", "round__state"
        )
    ) == {("open", "ready")}


def test_one_runs_at_a_time_and_a_lost_one_makes_room(programme: Programme) -> None:
    first = start_programme_round(programme=programme, by=BY, at=AT)
    start_programme_round(programme=ProgrammeFactory.create(), by=BY, at=AT)
    with pytest.raises(CannotStartProgrammeRound, check=said("running")):
        start_programme_round(programme=programme, by=BY, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        ProgrammeRoundFactory.create(programme=programme, state="running")
    assert first.job is not None
    cancel(job=first.job, by=BY, at=AT)
    second = start_programme_round(programme=programme, by=BY, at=AT)
    first.refresh_from_db()
    assert (first.state, second.state) == ("failed", "running")
    Job.objects.filter(pk=second.job_id).delete()
    third = start_programme_round(programme=programme, by=BY, at=AT)
    assert set(ProgrammeRound.objects.filter(programme=programme).values_list("pk", "state")) == {
        (first.pk, "failed"),
        (second.pk, "failed"),
        (third.pk, "running"),
    }


def test_a_finished_round_always_has_its_minimum(programme: Programme) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ProgrammeRoundFactory.create(programme=programme, minimum_cell=None)


@pytest.mark.parametrize("what", ["archived", "taken", "apart", "withdrawn", "asked", "moved"])
def test_what_changed_since_the_calculation_is_seen(programme: Programme, what: str) -> None:
    mentor, mentee = pair_across(programme)
    plan = planned(programme)
    assert [(pair.mentor, pair.mentee) for pair in plan.result.pairs] == [
        (str(mentor.pk), str(mentee.pk))
    ]
    if what == "archived":
        Person.objects.filter(pk=mentor.pk).update(archived_at=AT)
    elif what == "taken":
        tandem_of(mentor, MenteeFactory.create(site=mentor.site))
    elif what == "apart":
        NeverAgainFactory.create(mentor=mentor, mentee=mentee)
    elif what == "withdrawn":
        withdraw_consent(person=mentee, purpose=CARRIERS, by=BY, at=AT)
    elif what == "asked":
        SuggestionFactory.create(mentee=mentee)
    else:
        Consent.objects.filter(person=mentor).delete()
    done = stored(plan)
    assert pairs(done) == set()
    assert done.state == "ready"


def test_writing_twice_writes_once(programme: Programme) -> None:
    pair_across(programme)
    plan = planned(programme)
    with transaction.atomic():
        assert store_programme_round(plan=plan, by=BY, at=AT) == 1
        assert store_programme_round(plan=plan, by=BY, at=AT) == 1
    assert Suggestion.objects.count() == Round.objects.count() == 1


def test_who_is_left_over_is_explained_at_the_own_site(programme: Programme) -> None:
    mentor, mentee = pair_across(programme)
    far = MenteeFactory.create(site=mentee.site, postcode="80331")
    alone = MenteeFactory.create(
        site=SiteFactory.create(carrier=mentor.carrier), languages={"ar": 7}
    )
    waiting_mentor = MentorFactory.create(site=mentor.site, postcode="20095")
    consents(far, alone, waiting_mentor)
    done = calculated(programme)
    rows = LeftOverPerson.objects.filter(round__programme_round=done)
    assert {(row.person_id, row.round.site_id, tuple(row.limits)) for row in rows} == {
        (far.pk, mentee.site_id, ("mentee_distance", "mentor_distance")),
        (alone.pk, alone.site_id, ("language",)),
    }
    assert set(Round.objects.values_list("site_id", "matched")) == {
        (mentee.site_id, 1),
        (alone.site_id, 0),
    }


def test_a_round_that_cannot_be_calculated_fails_and_changes_nothing(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair_across(programme)

    def too_large(*_people: object, **_more: object) -> None:
        raise RoundTooLarge("too large")

    monkeypatch.setattr(domain.kernel, "match_round", too_large)
    done = calculated(programme)
    assert (done.state, done.published) == ("failed", {})
    assert not Suggestion.objects.exists()
    assert AuditEntry.objects.filter(action="matching.programme_round_fail").count() == 1
    with transaction.atomic():
        fail_programme_round(round_id=done.pk, by=BY, at=AT)
    assert AuditEntry.objects.filter(action="matching.programme_round_fail").count() == 1


def test_progress_is_told_in_hundredths_and_never_in_people(programme: Programme) -> None:
    for _one in range(3):
        pair_across(programme)
    started = start_programme_round(programme=programme, by=BY, at=AT)
    told: list[tuple[int, int, str]] = []
    planned_programme_round(round_id=started.pk, at=AT, watch=lambda *what: told.append(what))
    assert told
    assert {total for _done, total, _step in told} == {100}
    assert all(0 <= done <= 100 for done, _total, _step in told)


def test_following_it_makes_a_tandem_of_two_carriers(programme: Programme) -> None:
    suggestion = suggestion_across(programme)
    mentor, mentee = suggestion.mentor, suggestion.mentee
    tandem = take_suggestion(suggestion=suggestion, values=decision(mentee.site), by=BY, at=AT)
    assert (tandem.site, tandem.carrier) == (mentee.site, mentee.carrier)
    rows = {row.person: row for row in tandem.participants.all()}
    assert {person: (row.site, row.carrier) for person, row in rows.items()} == {
        mentor: (mentor.site, mentor.carrier),
        mentee: (mentee.site, mentee.carrier),
    }
    for row in rows.values():
        record_answer(participant=row, acceptance=Acceptance.ACCEPTED, by=BY, at=AT)
    tandem.refresh_from_db()
    assert tandem.state == "agreed"


@pytest.mark.parametrize("side", ["mentor", "mentee"])
def test_without_consent_it_cannot_be_followed(programme: Programme, side: str) -> None:
    suggestion = suggestion_across(programme)
    Consent.objects.filter(person=getattr(suggestion, side)).delete()
    with pytest.raises(CannotDecide, check=said("network")):
        take_suggestion(suggestion=suggestion, values=decision(suggestion.site), by=BY, at=AT)
    assert suggestion.mentee.participations.count() == 0


def test_two_who_consented_may_be_chosen_and_others_of_two_carriers_not(
    programme: Programme,
) -> None:
    mentor, mentee = pair_across(programme)
    silent = MentorFactory.create(site=mentor.site)
    values = decision(mentee.site, why="Beide kommen vom Meer.")
    with pytest.raises(CannotDecide, check=said("network")):
        choose_partner(mentee=mentee, mentor=silent, values=values, by=BY, at=AT)
    tandem = choose_partner(mentee=mentee, mentor=mentor, values=values, by=BY, at=AT)
    assert tandem.site == mentee.site


@pytest.mark.parametrize("side", ["mentor", "mentee"])
def test_taking_consent_back_takes_open_suggestions_back(programme: Programme, side: str) -> None:
    suggestion = suggestion_across(programme)
    other = suggestion_across(programme)
    at_home = SuggestionFactory.create(mentee=suggestion.mentee)
    taken = suggestion_across(programme, state="taken", decided_at=AT)
    withdraw_consent(person=getattr(suggestion, side), purpose=CARRIERS, by=BY, at=AT)
    withdraw_consent(person=getattr(taken, side), purpose=CARRIERS, by=BY, at=AT)
    states = {
        one.pk: (one.state, one.round.state) for one in Suggestion.objects.select_related("round")
    }
    assert states == {
        suggestion.pk: ("withdrawn", "closed"),
        other.pk: ("open", "ready"),
        at_home.pk: ("open", "ready"),
        taken.pk: ("taken", "ready"),
    }
    (entry,) = AuditEntry.objects.filter(action="matching.withdraw")
    assert entry.object_id == suggestion.pk


def test_within_a_network_nobody_needs_the_consent(programme: Programme) -> None:
    network = NetworkFactory.create(programme=programme)
    mentor_site, mentee_site = (
        SiteFactory.create(network=network, carrier=CarrierFactory.create(programme=programme))
        for _two in range(2)
    )
    mentee = MenteeFactory.create(site=mentee_site)
    suggestion = SuggestionFactory.create(
        mentee=mentee, mentor=MentorFactory.create(site=mentor_site)
    )
    consents(mentee)
    withdraw_consent(person=mentee, purpose=CARRIERS, by=BY, at=AT)
    suggestion.refresh_from_db()
    assert suggestion.state == "open"


def test_another_purpose_changes_nothing(programme: Programme) -> None:
    suggestion = suggestion_across(programme)
    withdraw_without_consent(suggestion.mentee, "another", BY, AT)  # type: ignore[arg-type]
    suggestion.refresh_from_db()
    assert suggestion.state == "open"


def test_a_sites_own_round_takes_over_what_was_suggested_from_afar(programme: Programme) -> None:
    suggestion = suggestion_across(programme)
    MentorFactory.create(site=suggestion.site)
    start_round(organisation=suggestion.site, by=BY, at=AT)
    do_open_jobs(lambda: AT)
    suggestion.refresh_from_db()
    assert suggestion.state == "withdrawn"


def crowd(programme: Programme, mentees: int, mentors: int, **mentee: object) -> None:
    """People of three carriers in Leipzig who have consented."""
    sites = [
        SiteFactory.create(carrier=CarrierFactory.create(programme=programme)) for _ in range(3)
    ]
    for index in range(mentees):
        site = sites[index % 3]
        consents(MenteeFactory.create(site=site, postcode="04109", **mentee))
    for index in range(mentors):
        consents(MentorFactory.create(site=sites[index % 3], postcode="04109"))


def test_the_office_reads_figures_after_disclosure_control(programme: Programme) -> None:
    crowd(programme, 33, 18)
    done = calculated(programme)
    assert done.minimum_cell == 5
    assert done.published == {
        "held_back": False,
        "totals": {"sought": 33, "kept": 15, "placed": 18, "offered": 18, "free": 0},
        "lands": {"SN": {"sought": 33, "kept": 15, "offered": 18, "free": 0}},
        "flows": [["SN", "SN", 18]],
        "helps": [{"land": "SN", "area": "04", "language": "de", "count": 15}],
    }


def test_the_programmes_own_minimum_counts(programme: Programme) -> None:
    set_minimum_cell(programme=programme, minimum=20, by=BY, at=AT)
    crowd(programme, 33, 18)
    done = calculated(programme)
    assert done.minimum_cell == 20
    assert done.published["totals"]["placed"] is None
    assert done.published["helps"] == []


def test_so_many_mentors_with_that_language_would_really_help(programme: Programme) -> None:
    """The sentence is tried out: with so many more mentors, so many more are placed."""
    crowd(programme, 18, 9)
    crowd(programme, 24, 0, languages={"ar": 7, "de": 1})
    done = calculated(programme)
    helps = {(told["area"], told["language"]): told["count"] for told in done.published["helps"]}
    assert helps == {("04", "ar"): 24, ("04", "de"): 9}
    people, rules = sides_beyond(programme), rules_at(programme)
    before = len(people.mentees)
    like = people.mentors[0]
    more = [
        replace(like, id=f"new-{index}", languages={"ar": 7}, open_places=1)  # type: ignore[dict-item]
        for index in range(24)
    ]
    result = match_round(
        [*people.mentors, *more],
        people.mentees,
        on=AT.date(),
        locate=locator(),
        weights=rules.weights,
        limits=rules.limits,
    )
    assert before == 42
    assert result.matched == 9 + 24
    placed = Counter(pair.mentor.startswith("new-") for pair in result.pairs)
    assert placed[True] == 24


def test_no_name_and_no_id_is_in_what_is_kept_for_the_office(programme: Programme) -> None:
    crowd(programme, 33, 18)
    done = calculated(programme)
    said_of_it = repr(done.published)
    for person in Person.objects.all():
        assert person.first_name not in said_of_it
        assert person.last_name not in said_of_it


def left_over(side: Side, why: Why, *limits: Limit) -> LeftOver:
    return LeftOver(
        side=side,
        id=f"{side}-{why}-{len(limits)}",
        why=why,
        feasible=0,
        limits=limits,
        opens=0,
        partner=None,
        excluded={},
    )


def test_only_mentees_whom_mentors_alone_would_help_need_mentors() -> None:
    helped = [
        left_over(Side.MENTEE, Why.NONE_FEASIBLE, Limit.LANGUAGE),
        left_over(Side.MENTEE, Why.ALL_TAKEN),
    ]
    others = [
        left_over(Side.MENTOR, Why.ALL_TAKEN),
        left_over(Side.MENTEE, Why.NOBODY_THERE),
        left_over(Side.MENTEE, Why.NONE_FEASIBLE, Limit.LANGUAGE, Limit.FREE_TIME),
    ]
    people = [
        mentee(one.id, languages={"de": Level.B1, "ar": Level.NATIVE, "en": Level.A1})
        for one in (*helped, *others)
    ]
    result = SimpleNamespace(unmatched=[*helped, *others])
    found = needs_of(people, result, SimpleNamespace(limits=Limits()))  # type: ignore[arg-type]
    assert [need.mentee for need in found] == [one.id for one in helped]
    assert {need.languages for need in found} == {("ar", "de")}
